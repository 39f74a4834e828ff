"""How much the standard of the pinned policy comes to, in fen, rounded down; unknown figures stay unknown."""

from lms.domain.eligibility.facts import Facts
from lms.domain.eligibility.findings import Finding
from lms.domain.eligibility.learning import item_of
from lms.domain.eligibility.telling import FIRM, met, unsure
from lms.domain.subsidies import Atom, ReasonCode, SubsidyKind, SubsidyPolicy, Term


def standard(facts: Facts, policy: SubsidyPolicy, atom: Atom) -> tuple[int | None, bool, str]:
    """(fen, whether every figure used is confirmed, clauses). None: the policy knows no standard."""
    item = item_of(facts, policy)
    if atom.kind is SubsidyKind.LIVING and policy.terms.living_fen_per_day.value is not None:
        term = policy.terms.living_fen_per_day
        return (term.value or 0) * facts.study.offline_days, term.confidence in FIRM, term.clause
    found = item.amounts_fen.get((atom.kind, atom.level)) if item else None
    if item is None or found is None or found.value is None:
        return None, False, ""
    amount, used = found.value, [found]
    for term in _percents(facts, policy, atom, is_shortage=item.is_shortage):
        percent = term.value or 0
        amount = amount * percent // 100
        used.append(term)
    clauses = "；".join(dict.fromkeys(term.clause for term in used if term.clause))
    return amount, all(term.confidence in FIRM for term in used), clauses


def _percents(facts: Facts, policy: SubsidyPolicy, atom: Atom, *, is_shortage: bool) -> list[Term[int]]:
    """Percents of the standard that apply, where they are known."""
    terms = policy.terms
    found: list[Term[int]] = []
    if atom.kind is not SubsidyKind.TRAINING:
        return found
    blended = bool(facts.study.online_ms and facts.study.in_person_ms)
    if blended and terms.pay_percent_blended.value is not None:
        found.append(terms.pay_percent_blended)
    uplift = terms.shortage_uplift_percent
    if is_shortage and uplift.value is not None:
        found.append(Term(100 + uplift.value, uplift.clause, uplift.confidence))
    return found


def amount(facts: Facts, policy: SubsidyPolicy, atom: Atom) -> Finding:
    """E60: a standard that is not known, or that nobody confirmed, is set by a person."""
    fen, is_firm, clause = standard(facts, policy, atom)
    if fen is None:
        return unsure("amount", "amount_unknown", ReasonCode.AMOUNT_MISMATCH, policy.document_number)
    if not is_firm:
        return unsure("amount", "amount_unconfirmed", ReasonCode.AMOUNT_MISMATCH, clause, fen=fen)
    if fen == 0:
        return unsure("amount", "amount_nothing", ReasonCode.AMOUNT_MISMATCH, clause, fen=fen)
    return met("amount", "amount_standard", clause, fen=fen)
