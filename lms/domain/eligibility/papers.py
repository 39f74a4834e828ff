"""The certificate a subsidy rests on: its kind, its occupation and level, whether it is the first, whether in time."""

from collections.abc import Sequence
from datetime import date, timedelta

from lms.domain.eligibility.facts import CertificateFact, Facts, Known, plain
from lms.domain.eligibility.findings import Evidence, Finding
from lms.domain.eligibility.telling import APPRAISAL_RULE, FUNDS_RULE, by, met, silent, unmet, unsure
from lms.domain.subsidies import Atom, ReasonCode, SubsidyKind, SubsidyPolicy, Term

TRAINING = "training"
APPRAISED = frozenset({"skill_level", "vocational", "special_skill"})
"""Kinds that an appraisal ends with; a 培训合格证 is none (财社〔2023〕181号 第六条)."""


def kinds_of(policy: SubsidyPolicy, kind: SubsidyKind) -> Term[frozenset[str]]:
    """The kinds of certificate that a kind of subsidy may rest on."""
    terms = policy.terms
    return terms.appraisal_certificate_kinds if kind is SubsidyKind.APPRAISAL else terms.certificate_kinds


def recent(facts: Facts) -> list[CertificateFact]:
    """Certificates since the class opened, printed for this enrollment or issued elsewhere, the latest first."""
    mine = [each for each in facts.certificates if each.enrollment_id in (None, facts.enrollment_id)]
    since = [each for each in mine if facts.training.opens_on <= each.issued_on <= facts.today]
    return sorted(since, key=lambda each: (each.known is Known.VERIFIED, each.issued_on), reverse=True)


def _fits(each: CertificateFact, atom: Atom) -> bool:
    """Of this occupation and level; a 培训合格证 printed here is of the class, and carries no level."""
    if each.kind == TRAINING:
        return each.enrollment_id is not None or plain(each.occupation) == plain(atom.occupation)
    return plain(each.occupation) == plain(atom.occupation) and each.level == atom.level


def accepted(facts: Facts, policy: SubsidyPolicy, atom: Atom) -> CertificateFact | None:
    """The certificate that the subsidy rests on, verified ones first; None without one that fits."""
    return next(iter(_accepted(facts, policy, atom)), None)


def _accepted(facts: Facts, policy: SubsidyPolicy, atom: Atom) -> list[CertificateFact]:
    kinds = kinds_of(policy, atom.kind).value
    fitting = [each for each in recent(facts) if _fits(each, atom) and (kinds is None or each.kind in kinds)]
    return [each for each in fitting if atom.kind is not SubsidyKind.APPRAISAL or each.kind in APPRAISED]


def certificate(facts: Facts, policy: SubsidyPolicy, atom: Atom) -> Finding:
    """E41, E42: paid after a certificate of an accepted kind, in this occupation and level, that somebody verified."""
    term = kinds_of(policy, atom.kind)
    clause = term.clause or (APPRAISAL_RULE if atom.kind is SubsidyKind.APPRAISAL else FUNDS_RULE)
    found = accepted(facts, policy, atom)
    if found is None:
        return _none(facts, policy, atom, clause)
    where, values = _paper(found), {"kind": found.kind, "day": found.issued_on.isoformat()}
    if found.known is Known.PENDING:
        code = "certificate_unverified"
        return unsure("certificate", code, ReasonCode.NO_CERTIFICATE, clause, where, **values)
    if found.carries_level is None:
        code = "certificate_issuer_unclear"
        return unsure("certificate", code, ReasonCode.CERTIFICATE_MISMATCH, clause, where, **values)
    if not term.is_known:
        code = "certificate_kinds_unknown"
        return unsure("certificate", code, ReasonCode.CERTIFICATE_MISMATCH, clause, where, **values)
    return met("certificate", "certificate_held", clause, where, **values)


def _none(facts: Facts, policy: SubsidyPolicy, atom: Atom, clause: str) -> Finding:
    term, others = kinds_of(policy, atom.kind), recent(facts)
    fitting = [each for each in others if _fits(each, atom)]
    if fitting:
        told, where = {"kind": fitting[0].kind}, _paper(fitting[0])
        if atom.kind is SubsidyKind.APPRAISAL and fitting[0].kind == TRAINING:
            code = "certificate_training_only"
            return unmet("certificate", code, ReasonCode.CERTIFICATE_MISMATCH, APPRAISAL_RULE, where, **told)
        code = "certificate_kind_not_accepted"
        return by(term, unmet("certificate", code, ReasonCode.CERTIFICATE_MISMATCH, clause, where, **told))
    if others:
        code, told = "certificate_other_level", {"kind": others[0].kind}
        return by(term, unmet("certificate", code, ReasonCode.CERTIFICATE_MISMATCH, clause, _paper(others[0]), **told))
    if not term.is_known:
        return unsure("certificate", "certificate_missing", ReasonCode.NO_CERTIFICATE, clause)
    return by(term, unmet("certificate", "certificate_missing", ReasonCode.NO_CERTIFICATE, clause))


def _paper(each: CertificateFact) -> tuple[Evidence, ...]:
    return (Evidence("paper" if each.enrollment_id else "qualification", each.id),)


def first_certificate(facts: Facts, policy: SubsidyPolicy, atom: Atom) -> Finding:
    """E21: appraisal is paid for the first certificate; the same occupation is not repeated (181号 第六条).

    At another level of it the text can be read both ways, so a person looks.
    """
    found, reason = accepted(facts, policy, atom), ReasonCode.SAME_OCCUPATION_LEVEL
    if found is None:
        return silent("first_certificate", "first_not_judged", APPRAISAL_RULE)
    before = [each for each in facts.certificates if each.kind in APPRAISED and each.issued_on < found.issued_on]
    before = [each for each in before if plain(each.occupation) == plain(atom.occupation)]
    same = [each for each in before if each.level == atom.level and each.known is Known.VERIFIED]
    where = tuple(Evidence("qualification", each.id) for each in before)
    if same:
        return unmet("first_certificate", "first_repeated", reason, APPRAISAL_RULE, where)
    if before or _paid_before(facts, atom):
        return unsure("first_certificate", "first_other_level", reason, APPRAISAL_RULE, where)
    return met("first_certificate", "first", APPRAISAL_RULE, _paper(found))


def _paid_before(facts: Facts, atom: Atom) -> Sequence[object]:
    kinds = [each for each in facts.past if each.atom.kind is SubsidyKind.APPRAISAL]
    other = [each for each in kinds if each.enrollment_id is None or each.enrollment_id != facts.enrollment_id]
    return [each for each in other if plain(each.atom.occupation) == plain(atom.occupation)]


def last_day(facts: Facts, policy: SubsidyPolicy, atom: Atom) -> date | None:
    """The last day to claim, from the certificate or, without one, the last day of class; None where it is unknown."""
    days = policy.terms.claim_within_days.value
    found = accepted(facts, policy, atom) if atom.kind is not SubsidyKind.LIVING else None
    start = found.issued_on if found else facts.training.closes_on
    return None if days is None else start + timedelta(days=days)


def late(facts: Facts, policy: SubsidyPolicy, atom: Atom) -> Finding:
    """E50: claimed within so many days after the certificate, or the last day of class."""
    term, last = policy.terms.claim_within_days, last_day(facts, policy, atom)
    if last is None:
        return silent("late", "late_silent")
    if facts.today <= last:
        return met("late", "in_time", term.clause, day=last.isoformat())
    return by(term, unmet("late", "too_late", ReasonCode.LATE, day=last.isoformat()))
