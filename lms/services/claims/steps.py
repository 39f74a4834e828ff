"""From draft to owed: each step is one act of one human, checked against the one table of states, and chained."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms import clock
from lms.domain import workdays
from lms.domain.claims import lines as rules
from lms.domain.claims.states import COUNTED, DECIDED, Act, ClaimState, LineState, after, line_after
from lms.domain.errors import Conflict, Forbidden, Refused
from lms.domain.roles import Role
from lms.domain.subsidies import ReasonCode
from lms.domain.words import check_words
from lms.models.claims import Claim, ClaimLine, ClaimPlace
from lms.services import humans, subsidies
from lms.services.claims import calls, making, notice_seam, places, rivals
from lms.services.claims.assembling import to_atom
from lms.services.scopes import Actor

COMMITMENT = "truthful-1"
"""Which words the institution commits itself to when it files (真实性承诺); worded in web."""
WORDS = 4
ON_LINES = (Act.RETURN_LINE, Act.REFUSE_LINE, Act.ADMIT_LINE)


def file(session: Session, actor: Actor, claim_id: uuid.UUID, *, version: int, committed: bool, now: datetime) -> None:
    """A second human of the institution commits to its truth and hands it in; from now on it is closed to changes.

    Refused: claim_commitment, claim_closed, claim_stale (facts changed since it was assembled), claim_empty. Refusals
    of `places.hold`.
    """
    claim = places.hold(session, actor, claim_id, Act.FILE, Role.INSTITUTION, version)
    if not committed:
        raise Refused("claim_commitment")
    if claim.filed_at is None:  # one that came back for correction is not new
        making.check_open(session, claim.organisation_id, clock.civil_day(now))
    rows = places.lines_of(session, claim)
    if any(LineState(place.state) in DECIDED for _line, place in rows):
        raise Refused("claim_stale")
    asked = [line for line, place in rows if place.state == LineState.ASKED]
    if not asked:
        raise Refused("claim_empty")
    today = clock.civil_day(now)
    fresh = {each.candidate.enrollment_id: each for each in making.fresh_lines(session, claim, today=today)}
    if {line.enrollment_id for line in asked} != set(fresh) or any(not _agrees(claim, line, fresh) for line in asked):
        raise Refused("claim_stale")
    claim.filed_by, claim.filed_at, claim.first_by, claim.first_at = actor.account_id, now, None, None
    policy = subsidies.policies_of(session, [claim.cohort_id]).get(claim.cohort_id)
    days = policy.terms.review_working_days.value if policy else None
    claim.review_by = workdays.after_working_days(today, days) if days else None
    facts = {"commitment": COMMITMENT, "lines": len(asked), "amount_fen": _total(asked)}
    places.record(session, actor, claim, Act.FILE, facts=facts, now=now)


def _agrees(claim: Claim, line: ClaimLine, fresh: Mapping[uuid.UUID, rules.Line]) -> bool:
    today = fresh[line.enrollment_id]
    certificate = (line.certificate_number, line.certificate_on)
    told = (line.enrollment_id, line.class_hour_hundredths, certificate, line.first_on, line.last_on)
    known = (rules.atom_key(to_atom(line)), *told, line.standard_fen, line.amount_fen, claim.policy_digest)
    return known == rules.essence(today)


def _total(found: Iterable[ClaimLine]) -> int:
    return rules.total_fen(each.amount_fen for each in found)


def withdraw(session: Session, actor: Actor, claim_id: uuid.UUID, *, version: int, words: str, now: datetime) -> None:
    """The institution takes it back, before a review began to decide. Refused: claim_reason, words_personal."""
    why = _why(words)
    claim = places.hold(session, actor, claim_id, Act.WITHDRAW, Role.INSTITUTION, version)
    _move_all(session, claim, Act.WITHDRAW, now)
    places.record(session, actor, claim, Act.WITHDRAW, note=why, now=now)


def send_back(session: Session, actor: Actor, claim_id: uuid.UUID, *, version: int, words: str, now: datetime) -> None:
    """Whoever reviews returns the whole claim for correction; words by line were said before with `decide_line`."""
    why = _why(words)
    claim = places.hold(session, actor, claim_id, Act.RETURN, Role.OFFICER, version)
    claim.first_by = claim.first_at = None
    places.record(session, actor, claim, Act.RETURN, note=why, now=now)


def decide_line(
    session: Session,
    actor: Actor,
    claim_id: uuid.UUID,
    line_id: uuid.UUID,
    act: Act,
    *,
    version: int,
    reason: str = "",
    words: str = "",
    now: datetime,
) -> None:
    """A reviewer takes one line out (refused, or returned for correction) or lets it in again; the rest goes on.

    `reason`: a code of domain.subsidies.ReasonCode. Refused: claim_reason_code, claim_reason, words_personal.
    Conflict: claim_line_step; Forbidden: claim_line_first.
    """
    if act not in ON_LINES:
        raise Conflict("claim_line_step")
    code = "" if act is Act.ADMIT_LINE else _code(reason)
    why = _why(words)
    claim = places.hold(session, actor, claim_id, act, Role.OFFICER, version)
    ((line, place),) = places.lines_of(session, claim, [line_id])
    if act is Act.ADMIT_LINE:
        _check_first(session, actor, claim, line.id)
    places.move(place, line_after(LineState(place.state), act), ClaimState(claim.state), now)
    place.reason, place.words = code, "" if act is Act.ADMIT_LINE else why
    facts = {"line": str(line.id), "digest": line.digest, "reason": code}
    places.record(session, actor, claim, act, note=why, facts=facts, now=now)


def _check_first(session: Session, actor: Actor, claim: Claim, line_id: uuid.UUID) -> None:
    """What the first review took out only its own human lets in again; else one human alone would have approved it.

    Forbidden: claim_line_first.
    """
    if claim.state != ClaimState.FIRST.value:
        return
    if humans.is_same(session, claim.first_by, actor.account_id):
        return
    taken = places.read_chain(session, claim.id)
    passed = next(each for each in reversed(taken) if each.act is Act.PASS_FIRST)
    admitted = [each for each in taken[passed.number :] if each.act is Act.ADMIT_LINE]
    again = [each for each in admitted if each.facts["line"] == str(line_id)]
    was_in = passed.facts["lines"][str(line_id)][1] == LineState.ASKED.value
    if not was_in and not any(humans.is_same(session, claim.first_by, each.account_id) for each in again):
        raise Forbidden("claim_line_first")


def pass_first(
    session: Session, actor: Actor, claim_id: uuid.UUID, *, version: int, words: str = "", now: datetime
) -> None:
    """The first review is done (初审): what was said of lines goes to a second human.

    Conflict: claim_calls_open, claim_rival.
    """
    claim = places.hold(session, actor, claim_id, Act.PASS_FIRST, Role.OFFICER, version)
    rows = _checked(session, claim)
    claim.first_by, claim.first_at = actor.account_id, now
    _pass(session, actor, claim, Act.PASS_FIRST, rows, words, now)


def pass_second(
    session: Session, actor: Actor, claim_id: uuid.UUID, *, version: int, words: str = "", now: datetime
) -> None:
    """The second review is done (复审): lines still asked for are approved and go to the public notice.

    With none left the claim is refused. Conflict: claim_calls_open, claim_rival.
    """
    claim = places.hold(session, actor, claim_id, Act.PASS_SECOND, Role.OFFICER, version)
    rows = _checked(session, claim)
    claim.second_by, claim.second_at = actor.account_id, now
    approved = [place for _line, place in rows if place.state == LineState.ASKED]
    goal = ClaimState.NOTICE if approved else ClaimState.REFUSED
    for _line, place in rows:
        state = LineState(place.state)
        if state is LineState.ASKED:
            state = line_after(state, Act.PASS_SECOND)
        places.move(place, state, goal, now)
    _pass(session, actor, claim, Act.PASS_SECOND, rows, words, now)


def _checked(session: Session, claim: Claim) -> list[tuple[ClaimLine, ClaimPlace]]:
    rows = places.lines_of(session, claim)
    asked = [line for line, place in rows if place.state == LineState.ASKED]
    calls.check(session, claim, {line.id for line in asked})
    if rivals.of_lines(session, asked):
        raise Conflict("claim_rival")
    return rows


def _pass(
    session: Session,
    actor: Actor,
    claim: Claim,
    act: Act,
    rows: Sequence[tuple[ClaimLine, ClaimPlace]],
    words: str,
    now: datetime,
) -> None:
    """The step holds what was decided of every line, with the hash of what was read."""
    kept = [line for line, place in rows if LineState(place.state) in COUNTED]
    facts = {
        "lines": {str(line.id): [line.digest, place.state, place.reason] for line, place in rows},
        "approved": len(kept),
        "amount_fen": _total(kept),
    }
    note = check_words(words, shortest=2) if words.strip() else ""
    places.record(session, actor, claim, act, note=note, facts=facts, now=now)


def refuse(
    session: Session, actor: Actor, claim_id: uuid.UUID, *, version: int, reason: str, words: str, now: datetime
) -> None:
    """The second reviewer refuses the whole claim, after a first one read it."""
    code, why = _code(reason), _why(words)
    claim = places.hold(session, actor, claim_id, Act.REFUSE, Role.OFFICER, version)
    claim.second_by, claim.second_at = actor.account_id, now
    for place in _move_all(session, claim, Act.REFUSE, now):
        place.reason, place.words = code, why
    places.record(session, actor, claim, Act.REFUSE, note=why, facts={"reason": code}, now=now)


def owe(session: Session, actor: Actor, claim_id: uuid.UUID, *, version: int, now: datetime) -> None:
    """The notice is over: approved lines are owed from now on. Conflict: claim_notice_open."""
    claim = places.hold(session, actor, claim_id, Act.OWE, Role.OFFICER, version)
    if not notice_seam.notice_is_over(session, claim.id, clock.civil_day(now)):
        raise Conflict("claim_notice_open")
    moved = _move_all(session, claim, Act.OWE, now)
    places.record(session, actor, claim, Act.OWE, facts={"lines": len(moved)}, now=now)


def strike(
    session: Session,
    actor: Actor,
    claim_id: uuid.UUID,
    line_ids: Sequence[uuid.UUID],
    *,
    reason: str,
    words: str,
    now: datetime,
) -> None:
    """Takes approved lines out before they are paid: an objection was upheld by the notice's own two people."""
    code, why = _code(reason), _why(words)
    claim = session.scalar(select(Claim).where(Claim.id == claim_id).with_for_update(of=Claim))
    if claim is None:
        raise Conflict("claim_step")
    goal = after(ClaimState(claim.state), Act.STRIKE)
    rows = places.lines_of(session, claim, line_ids)
    for _line, place in rows:
        places.move(place, line_after(LineState(place.state), Act.STRIKE), goal, now)
        place.reason, place.words = code, why
    facts = {"lines": {str(line.id): line.digest for line, _place in rows}, "reason": code}
    places.record(session, actor, claim, Act.STRIKE, note=why, facts=facts, now=now)


def _move_all(session: Session, claim: Claim, act: Act, now: datetime) -> list[ClaimPlace]:
    """Moves every line of the present round that the act moves; the others stay, and let go where the claim is over."""
    goal, moved = after(ClaimState(claim.state), act), []
    for _line, place in places.lines_of(session, claim):
        try:
            state = line_after(LineState(place.state), act)
        except Conflict:
            places.let_go(place, goal)
            continue
        places.move(place, state, goal, now)
        moved.append(place)
    return moved


def _code(text: str) -> str:
    if text not in {each.value for each in ReasonCode}:
        raise Refused("claim_reason_code")
    return text


def _why(text: str) -> str:
    return check_words(text, shortest=WORDS, code="claim_reason")
