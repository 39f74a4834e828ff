"""What she was paid before: counts, the same again, a lower level after a higher, the other fund.

Counted are lines that are paid or approved; a pending one reserves its place; whether a clawed-back one counts is an
officer's decision; what is known only from an imported list sends to a person and never refuses (domain.md 4).
"""

from collections.abc import Iterable, Sequence

from lms.domain.eligibility.facts import CertificateFact, Facts, Known, plain
from lms.domain.eligibility.findings import Evidence, Finding
from lms.domain.eligibility.telling import by, met, silent, unmet, unsure
from lms.domain.subsidies import (
    Atom,
    CountLimit,
    CountScope,
    PastClaim,
    PastState,
    ReasonCode,
    SubsidyKind,
    SubsidyPolicy,
)

LIVE = frozenset({PastState.PENDING, PastState.APPROVED, PastState.PAID})
Splits = tuple[list[PastClaim], list[PastClaim]]
"""Lines that count for sure, and those about which a person decides."""


def earlier(facts: Facts) -> list[PastClaim]:
    """Her lines but for those of this very enrollment, which a claim must not hold against itself."""
    return [each for each in facts.past if each.enrollment_id is None or each.enrollment_id != facts.enrollment_id]


def _split(lines: Iterable[PastClaim]) -> Splits:
    told = [each for each in lines if each.state is not PastState.REFUSED]
    sure = [each for each in told if each.state in LIVE and not each.is_outside]
    return sure, [each for each in told if each not in sure]


def _same(one: PastClaim, atom: Atom) -> bool:
    return plain(one.atom.occupation) == plain(atom.occupation)


def claimed(facts: Facts, kind: SubsidyKind) -> Finding:
    """What became of a claim of this very enrollment: told, and no obstacle here (a line is paid at most once).

    E90: what was paid for it and had back is asked for again only with a person's eyes on it.
    """
    own = [each for each in facts.past if each.enrollment_id == facts.enrollment_id and each.atom.kind is kind]
    own = [each for each in own if each.state is not PastState.REFUSED]
    if not own:
        return silent("claimed", "not_claimed_yet")
    back = [each for each in own if each.state is PastState.CLAWED_BACK]
    if back:
        day = back[-1].on.isoformat()
        return unsure("claimed", "claimed_clawed_back", ReasonCode.UNDER_INVESTIGATION, "", day=day)
    return silent("claimed", "claimed_already", state=own[-1].state.value, day=own[-1].on.isoformat())


def twin(facts: Facts) -> Finding:
    """E70: one human in one class twice is one learner."""
    if facts.is_twin:
        return unmet("twin", "twin_in_class", ReasonCode.DUPLICATE_IN_BATCH)
    return met("twin", "once_in_class")


def count(facts: Facts, policy: SubsidyPolicy, kind: SubsidyKind) -> Finding:
    """E20: at most so many subsidies, in a life or in a civil year (the year of the claim)."""
    term = policy.terms.count_limit
    if term.value is None:
        before = [each for each in earlier(facts) if each.atom.kind is kind and each.state is not PastState.REFUSED]
        if before:
            return unsure("count", "count_rule_unknown", ReasonCode.COUNT_LIMIT, "", n=len(before))
        return silent("count", "count_silent")
    limit = term.value
    if kind not in limit.kinds:
        return silent("count", "count_other_kinds", term.clause)
    sure, open_ = _split(_counted(facts, limit))
    values = {"n": len(sure), "most": limit.n, "scope": limit.scope.value}
    if len(sure) >= limit.n:
        pending = sum(each.state is PastState.PENDING for each in sure)
        code = "count_reserved" if len(sure) - pending < limit.n else "count_reached"
        return by(term, unmet("count", code, ReasonCode.COUNT_LIMIT, pending=pending, **values))
    if len(sure) + len(open_) >= limit.n:
        told = {**values, "open": len(open_)}
        return unsure("count", "count_maybe_reached", ReasonCode.COUNT_LIMIT, term.clause, **told)
    return met("count", "count_within", term.clause, **values)


def _counted(facts: Facts, limit: CountLimit) -> list[PastClaim]:
    lines = [each for each in earlier(facts) if each.atom.kind in limit.kinds]
    if limit.scope is CountScope.CALENDAR_YEAR:
        lines = [each for each in lines if each.on.year == facts.today.year]
    return lines


def same_level(facts: Facts, policy: SubsidyPolicy, atom: Atom) -> Finding:
    """E21: one human's occupation and level is subsidised once, whoever asks and under whichever document."""
    term = policy.terms.same_occupation_level_once
    lines = [each for each in earlier(facts) if each.atom.kind is atom.kind and _same(each, atom)]
    sure, open_ = _split(each for each in lines if each.atom.level == atom.level)
    reason = ReasonCode.SAME_OCCUPATION_LEVEL
    if term.value is False:
        return met("same_level", "same_level_allowed", term.clause)
    if sure and term.value:
        return by(term, unmet("same_level", "same_level_claimed", reason, state=sure[-1].state.value))
    if sure or open_:
        code = "same_level_maybe" if term.value else "same_level_rule_unknown"
        return unsure("same_level", code, reason, term.clause)
    held = [each for each in facts.certificates if _held(each, facts, atom) and each.level == atom.level]
    if held and atom.kind is SubsidyKind.TRAINING and atom.level is not None:
        return unsure("same_level", "same_level_held", reason, term.clause, _papers(held))
    known = term.is_known
    return met("same_level", "same_level_first", term.clause) if known else silent("same_level", "same_level_silent")


def higher_level(facts: Facts, policy: SubsidyPolicy, atom: Atom) -> Finding:
    """E22: no lower level after a higher one, held by certificate before the class or subsidised."""
    term, reason = policy.terms.higher_blocks_lower, ReasonCode.HIGHER_LEVEL_HELD
    if atom.level is None or term.value is False:
        return silent("higher_level", "higher_not_asked", term.clause)
    level = atom.level
    lines = [each for each in earlier(facts) if _same(each, atom) and each.atom.level is not None]
    sure, open_ = _split(each for each in lines if each.atom.level is not None and each.atom.level > level)
    held = [each for each in facts.certificates if _held(each, facts, atom) and (each.level or 0) > level]
    proved = [each for each in held if each.known is Known.VERIFIED and each.carries_level]
    if term.value and (sure or proved):
        return by(term, unmet("higher_level", "higher_held", reason, "", _papers(proved)))
    if sure or open_ or held:
        code = "higher_maybe" if term.value else "higher_rule_unknown"
        return unsure("higher_level", code, reason, term.clause, _papers(held))
    known = term.is_known
    return met("higher_level", "higher_none", term.clause) if known else silent("higher_level", "higher_silent")


def _held(each: CertificateFact, facts: Facts, atom: Atom) -> bool:
    return plain(each.occupation) == plain(atom.occupation) and each.issued_on < facts.training.opens_on


def _papers(found: Sequence[CertificateFact]) -> tuple[Evidence, ...]:
    return tuple(Evidence("qualification", each.id) for each in found)


def other_fund(facts: Facts, policy: SubsidyPolicy, atom: Atom) -> Finding:
    """E23: the same occupation and level was paid for by a fund that excludes this one (181号 第四条, 失业保险)."""
    term, reason = policy.terms.exclusive_funds, ReasonCode.OTHER_FUND
    lines = [each for each in earlier(facts) if _same(each, atom) and each.atom.level == atom.level]
    foreign = [each for each in lines if each.fund is None or each.fund is not policy.terms.fund.value]
    if term.value is None:
        told = [each for each in foreign if each.state is not PastState.REFUSED and each.fund is not None]
        if told:
            return unsure("other_fund", "fund_rule_unknown", reason, "")
        return silent("other_fund", "fund_silent")
    sure, open_ = _split(each for each in lines if each.fund in term.value)
    unknown = [each for each in lines if each.fund is None and each.state is not PastState.REFUSED]
    if sure:
        return by(term, unmet("other_fund", "fund_excludes", reason, fund=str(sure[-1].fund)))
    if open_ or unknown:
        return unsure("other_fund", "fund_maybe", reason, term.clause)
    return met("other_fund", "fund_free", term.clause)
