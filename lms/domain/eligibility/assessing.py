"""The assessment: each criterion asked once, in the order in which an officer reads them."""

from collections.abc import Iterator

from lms.domain.eligibility import counts, learning, money, papers, persons
from lms.domain.eligibility.facts import Facts, plain
from lms.domain.eligibility.findings import Assessment, Evidence, Finding
from lms.domain.eligibility.telling import met, unsure
from lms.domain.subsidies import Atom, ReasonCode, SubsidyKind, SubsidyPolicy


def assess(facts: Facts, policy: SubsidyPolicy, kind: SubsidyKind) -> Assessment:
    """What the system proposes for one kind of subsidy: an officer decides."""
    atom = atom_of(facts, policy, kind)
    asked = {
        SubsidyKind.TRAINING: _training,
        SubsidyKind.LIVING: _living,
        SubsidyKind.APPRAISAL: _appraisal,
    }[kind]
    return Assessment(
        kind=kind,
        atom=atom,
        policy_code=policy.code,
        policy_digest=policy.digest,
        training=(persons.open_to_all(facts, policy), persons.real_name(facts, policy)),
        funding=(*_everybody(facts, policy, atom), *asked(facts, policy, atom), *_last(facts, policy, atom)),
        amount_fen=money.standard(facts, policy, atom)[0],
    )


def atom_of(facts: Facts, policy: SubsidyPolicy, kind: SubsidyKind) -> Atom:
    """What would be paid once: her living person, the occupation as it is compared, and its level where it has any."""
    item = learning.item_of(facts, policy)
    level = None if item is not None and learning.knows_no_levels(item) else facts.training.level
    return Atom(facts.person_id, kind, plain(facts.training.occupation), level)


def _everybody(facts: Facts, policy: SubsidyPolicy, atom: Atom) -> Iterator[Finding]:
    yield counts.claimed(facts, atom.kind)
    yield persons.identity(facts, policy)
    yield counts.twin(facts)
    yield learning.catalogue(facts, policy)
    yield persons.group(facts, policy, atom.kind)
    yield persons.exclusion(facts, policy)
    yield counts.count(facts, policy, atom.kind)
    yield counts.same_level(facts, policy, atom)
    yield counts.other_fund(facts, policy, atom)


def _training(facts: Facts, policy: SubsidyPolicy, atom: Atom) -> Iterator[Finding]:
    yield counts.higher_level(facts, policy, atom)
    yield from _studied(facts, policy, atom)
    yield learning.exam(facts, policy)
    yield papers.certificate(facts, policy, atom)


def _living(facts: Facts, policy: SubsidyPolicy, atom: Atom) -> Iterator[Finding]:
    yield from _studied(facts, policy, atom)


def _studied(facts: Facts, policy: SubsidyPolicy, atom: Atom) -> Iterator[Finding]:
    yield learning.filed(facts, policy)
    yield learning.completion(facts, policy, atom.kind)
    yield learning.hours(facts, policy)
    yield learning.online_share(facts, policy)
    yield learning.platform(facts, policy)
    yield learning.order(facts, policy)
    yield learning.attendance(facts, policy)
    yield learning.sessions(facts, policy)


def _appraisal(facts: Facts, policy: SubsidyPolicy, atom: Atom) -> Iterator[Finding]:
    yield counts.higher_level(facts, policy, atom)
    yield papers.certificate(facts, policy, atom)
    yield papers.first_certificate(facts, policy, atom)


def _last(facts: Facts, policy: SubsidyPolicy, atom: Atom) -> Iterator[Finding]:
    yield papers.late(facts, policy, atom)
    yield money.amount(facts, policy, atom)
    yield from investigation(facts)


def investigation(facts: Facts) -> Iterator[Finding]:
    """E90, or the reason a doubt names: somebody looks into it first. A suspicion refuses nobody."""
    for case in facts.cases:
        told = (Evidence("case", case),)
        yield unsure("investigation", "case_open", ReasonCode.UNDER_INVESTIGATION, "", told)
    for doubt in facts.doubts:
        yield unsure("investigation", doubt.code, doubt.reason, "", (), **dict(doubt.values))
    if not facts.cases and not facts.doubts:
        yield met("investigation", "nothing_open")
