"""Presence checks: asked when due, answered once, missed ones made up for (study-time.md, Presence)."""

import uuid
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain import presence
from lms.domain.errors import Conflict, NotFound, Refused
from lms.domain.evidence import EvidenceKind, leaf_of
from lms.domain.ledger import tally
from lms.domain.presence import CheckKind, CheckOutcome, Question
from lms.domain.spans import Span
from lms.models.base import new_id
from lms.models.presence import PresenceCheck, PresenceOutcome
from lms.services import questions, study_clock, study_progress
from lms.services.evidence import Held, Pen
from lms.services.receipts import Answer, Draws, dumps
from lms.services.scopes import Actor


def expire(pen: Pen, held: Held, draws: Draws) -> None:
    """Closes the open check as missed once its time is over: no answer is never a pass."""
    if held.open_check_id is None:
        return
    check = pen.session.get_one(PresenceCheck, held.open_check_id)
    if pen.now_ms > check.due_ms:
        _close(pen, held, check, CheckOutcome.MISSED, None, body_hash="", answer="")
        held.check_in_ms = presence.next_check_ms(draws.check)


def ask_when_due(
    pen: Pen,
    held: Held,
    enrollment_id: uuid.UUID,
    lesson_id: uuid.UUID,
    position_ms: int,
    gained_ms: int,
    draws: Draws,
) -> dict[str, Any] | None:
    """Counts credited time towards the next check and draws it when due. Answers the challenge that is open."""
    if held.open_check_id is not None:
        return open_challenge(pen, held)
    left = presence.next_check_ms(draws.check) if held.check_in_ms is None else held.check_in_ms
    held.check_in_ms = max(0, left - gained_ms)
    if held.check_in_ms > 0:
        return None
    question = questions.about(pen.session, lesson_id, position_ms, Random(draws.dice))  # noqa: S311  # drawn at the edge
    if question is None:
        held.check_in_ms = presence.next_check_ms(draws.check)
        return None
    check = issue(pen, held, enrollment_id, lesson_id, question, CheckKind.STUDY, held.closed_entry, None)
    held.open_check_id = check.id
    return challenge(check, pen.now_ms)


def open_challenge(pen: Pen, held: Held) -> dict[str, Any] | None:
    """The challenge that waits for an answer, with the time that is left; None if there is none."""
    if held.open_check_id is None:
        return None
    return challenge(pen.session.get_one(PresenceCheck, held.open_check_id), pen.now_ms)


def challenge(check: PresenceCheck, now_ms: int) -> dict[str, Any]:
    """A check as the phone is told of it: without the right answer."""
    return {
        "id": str(check.id),
        "kind": check.kind,
        "stem": check.question["stem"],
        "stem_en": check.question["stem_en"],
        "options": check.question["options"],
        "respond_within_ms": max(0, check.due_ms - now_ms),
    }


def answer(
    session: Session, actor: Actor, check_id: uuid.UUID, picked: int | None, *, draws: Draws, now: datetime
) -> Answer | Refused:
    """Takes an answer, `picked` None meaning “I was called away”; the same one again is answered as before.

    NotFound for a stranger's check; Conflict("check_closed") when it was missed or answered otherwise;
    Refused("answer_unknown_option").
    """
    pen, held = hold(session, actor, now=now)
    check = _own(session, held, check_id)
    body_hash = leaf_of(f"{check_id}:{picked}")
    kept = session.get(PresenceOutcome, check_id)
    if kept is not None:
        return Answer(kept.answer) if kept.body_hash == body_hash else Conflict("check_closed")
    if picked is not None and not 0 <= picked < len(check.question["options"]):
        raise Refused("answer_unknown_option")
    outcome = presence.assess(check.right_option, picked, check.due_ms, pen.now_ms)
    text = dumps({"outcome": outcome.value, **_consequence(pen, held, check, outcome)})
    _close(pen, held, check, outcome, picked, body_hash=body_hash, answer=text)
    if check.kind == CheckKind.STUDY:
        busy = outcome is CheckOutcome.BUSY
        held.check_in_ms = presence.SHORTEST_MS if busy else presence.next_check_ms(draws.check)
    pen.write()
    if outcome is CheckOutcome.PASSED:
        study_progress.recompute_stretch(session, held.person_id, _stretch(held, check), now=now)
    return Answer(text)


def _stretch(held: Held, check: PresenceCheck) -> Span:
    """The entries (from, to] that a check decides on; one asked in mid-lesson decides on all up to now."""
    return check.from_entry, held.entries if check.to_entry is None else check.to_entry


def _consequence(pen: Pen, held: Held, check: PresenceCheck, outcome: CheckOutcome) -> dict[str, Any]:
    """What is told of an answer: her confirmed time in this lesson, and until when a miss can be made up for."""
    place, passed = (check.enrollment_id, check.lesson_id), study_progress.passed_stretches(pen.session, held.person_id)
    if outcome is CheckOutcome.PASSED:
        passed.append(_stretch(held, check))
    until = pen.now + timedelta(milliseconds=presence.RECOVERY_MS) if outcome in presence.UNCONFIRMED else None
    return {
        "confirmed_total_ms": tally(study_progress.postings(pen.session, place), passed).confirmed_ms,
        "recover_until": until and until.isoformat(),
    }


def hold(session: Session, actor: Actor, *, now: datetime) -> tuple[Pen, Held]:
    """The actor's own lease, locked, and the pen for what happens to it; NotFound for an account without a person."""
    if actor.person_id is None:
        raise NotFound
    return study_clock.hold_one(session, actor.person_id, now=now)


def _own(session: Session, held: Held, check_id: uuid.UUID) -> PresenceCheck:
    mine = select(PresenceCheck).where(PresenceCheck.person_id == held.person_id)
    found = session.scalar(mine.where(PresenceCheck.id == check_id))
    if found is None:
        raise NotFound
    return found


def issue(
    pen: Pen,
    held: Held,
    enrollment_id: uuid.UUID,
    lesson_id: uuid.UUID,
    question: Question,
    kind: CheckKind,
    from_entry: int,
    to_entry: int | None,
) -> PresenceCheck:
    """Puts a check and its evidence on record; the caller hands it to the phone."""
    shown = {"stem": question.stem, "stem_en": question.stem_en, "options": list(question.options)}
    check_id = new_id()
    facts = {
        "check": str(check_id),
        "check_kind": kind.value,
        "enrollment": str(enrollment_id),
        "lesson": str(lesson_id),
        "question_hash": leaf_of(f"{check_id}:{dumps(shown)}:{question.right}"),
        "due_ms": pen.now_ms + presence.ANSWER_MS,
        "from_entry": from_entry,
        "to_entry": to_entry,
    }
    entry = pen.append(held, EvidenceKind.CHECK, facts)
    made = PresenceCheck(
        id=check_id,
        person_id=held.person_id,
        enrollment_id=enrollment_id,
        lesson_id=lesson_id,
        kind=kind.value,
        from_entry=from_entry,
        to_entry=to_entry,
        question=shown,
        right_option=question.right,
        issued_ms=pen.now_ms,
        issued_at=pen.now,
        due_ms=pen.now_ms + presence.ANSWER_MS,
        entry=entry.number,
    )
    pen.session.add(made)
    return made


def _close(
    pen: Pen,
    held: Held,
    check: PresenceCheck,
    outcome: CheckOutcome,
    picked: int | None,
    *,
    body_hash: str,
    answer: str,
) -> None:
    from_entry, to_entry = _stretch(held, check)
    facts = {
        "check": str(check.id),
        "outcome": outcome.value,
        "picked": picked,
        "from_entry": from_entry,
        "to_entry": to_entry,
    }
    entry = pen.append(held, EvidenceKind.OUTCOME, facts)
    pen.session.add(
        PresenceOutcome(
            check_id=check.id,
            person_id=held.person_id,
            outcome=outcome.value,
            picked=picked,
            from_entry=from_entry,
            to_entry=to_entry,
            body_hash=body_hash,
            answer=answer,
            recorded_ms=pen.now_ms,
            recorded_at=pen.now,
            entry=entry.number,
        )
    )
    if held.open_check_id == check.id:
        held.open_check_id = None
    if outcome is CheckOutcome.PASSED or (check.kind == CheckKind.STUDY and outcome is not CheckOutcome.BUSY):
        held.closed_entry = max(held.closed_entry, to_entry)
