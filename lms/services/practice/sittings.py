"""A sitting is opened, examiners sign their sheets, a mentor signs a task: each an entry of the learner's evidence."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from lms.domain import practice
from lms.domain.errors import Forbidden, Refused
from lms.domain.evidence import EvidenceKind
from lms.domain.practice import Sheet, SittingKind
from lms.domain.roles import Role
from lms.models.base import new_id
from lms.models.enrollments import Enrollment
from lms.models.practice import PracticeSheet, PracticeSitting
from lms.services import completion, humans, study_clock
from lms.services.evidence import Held, Pen
from lms.services.practice import places
from lms.services.scopes import Actor

LONGEST_KEY = 80


@dataclass(frozen=True)
class Signing:
    """What a phone sends: `marks` say of each step whether it was done, `client_key` names the sheet for a resend."""

    client_key: str
    marks: tuple[bool | None, ...] = ()
    note: str = ""
    minutes: int = 0


@dataclass
class _Chain:
    """The learner's chain, held, with the pen over it."""

    pen: Pen
    held: Held
    actor: Actor

    def write(self, kind: EvidenceKind, facts: dict[str, Any]) -> int:
        number = self.pen.append(self.held, kind, facts).number
        self.pen.write()
        return number


def open_sitting(
    session: Session, actor: Actor, enrollment_id: uuid.UUID, lesson_id: uuid.UUID, *, now: datetime
) -> uuid.UUID:
    """Opens a sitting at a skill, or finds the one that is open; returns its id.

    Forbidden: practice_own, practice_taught; Refused: practice_passed, practice_no_tries, theory_first,
    cohort_not_open, cohort_closed.
    """
    place = places.get_place(session, actor, Role.EXAMINER, enrollment_id, lesson_id)
    chain = _hold(session, actor, place.enrollment, now)
    record = places.record_of(session, place.enrollment, lesson_id)
    places.check_signer(session, actor, place.enrollment)
    if record.open_sat is not None:
        return record.open_sat.row.id
    places.check_day(place.enrollment, now=now)
    places.check_theory(session, place.enrollment)
    practice.check_opening(record.exam, place.rules.attempts)
    made = _open(chain, place.enrollment, lesson_id, SittingKind.EXAM, len(record.exams) + 1, place.rules.examiners)
    return made.id


def submit_sheet(session: Session, actor: Actor, sitting_id: uuid.UUID, signing: Signing, *, now: datetime) -> None:
    """Keeps an examiner's sheet; the same `client_key` again changes nothing.

    Forbidden: practice_own, practice_taught; Conflict: practice_signed, practice_settled; Refused:
    practice_step_unmarked, practice_other_steps, practice_note_long, words_personal, practice_key.
    """
    row = places.get_sitting(session, actor, Role.EXAMINER, sitting_id)
    enrollment = session.get_one(Enrollment, row.enrollment_id)
    chain = _hold(session, actor, enrollment, now)
    record = places.record_of(session, enrollment, row.lesson_id)
    sat = next(each for each in (*record.exams, *record.tasks) if each.row.id == row.id)
    mine = sat.sheet_of(actor.account_id)
    if mine is not None and mine.client_key == signing.client_key:
        return
    hers = humans.accounts_of(session, actor.account_id)
    has_signed = any(sheet.account_id in hers for sheet in sat.sheets)
    examiner = places.as_examiner(session, actor, enrollment, has_signed=has_signed)
    practice.check_examiner(examiner, sat.result)
    _sign(chain, row, signing, practice.score(record.skill.text, signing.marks))
    completion.refresh(session, enrollment, now=now)


def sign_task(
    session: Session, actor: Actor, enrollment_id: uuid.UUID, lesson_id: uuid.UUID, signing: Signing, *, now: datetime
) -> None:
    """A mentor signs that the learner did a task at work: sitting and sheet in one act; one signature is enough.

    The same `client_key` again changes nothing. Forbidden: practice_own; Refused: practice_passed, practice_minutes,
    practice_note_long, words_personal, practice_key, cohort_not_open, cohort_closed.
    """
    place = places.get_place(session, actor, Role.MENTOR, enrollment_id, lesson_id)
    chain = _hold(session, actor, place.enrollment, now)
    record = places.record_of(session, place.enrollment, lesson_id)
    signed = [sheet for sat in record.tasks for sheet in sat.sheets]
    if any((sheet.account_id, sheet.client_key) == (actor.account_id, signing.client_key) for sheet in signed):
        return
    if humans.is_own(session, place.enrollment.person_id, actor.account_id, actor.person_id):
        raise Forbidden("practice_own")
    places.check_day(place.enrollment, now=now)
    practice.check_opening(record.task, attempts=1)
    practice.check_minutes(signing.minutes)
    made = _open(chain, place.enrollment, lesson_id, SittingKind.WORKPLACE, 1, examiners=1)
    _sign(chain, made, signing, Sheet(0, 0))
    completion.refresh(session, place.enrollment, now=now)


def _hold(session: Session, actor: Actor, enrollment: Enrollment, now: datetime) -> _Chain:
    return _Chain(*study_clock.hold_one(session, enrollment.person_id, now=now), actor)


def _open(
    chain: _Chain, enrollment: Enrollment, lesson_id: uuid.UUID, kind: SittingKind, number: int, examiners: int
) -> PracticeSitting:
    made = PracticeSitting(
        id=new_id(),
        enrollment_id=enrollment.id,
        lesson_id=lesson_id,
        kind=kind.value,
        number=number,
        examiners=examiners,
        policy_code=enrollment.cohort.policy_code,
        opened_by=chain.actor.account_id,
        opened_ms=chain.pen.now_ms,
        opened_at=chain.pen.now,
    )
    facts = {
        "sitting": str(made.id),
        "enrollment": str(enrollment.id),
        "lesson": str(lesson_id),
        "sitting_kind": kind.value,
        "number": number,
        "examiners": examiners,
        "policy": made.policy_code,
        "opened_by": str(chain.actor.account_id),
    }
    made.entry = chain.write(EvidenceKind.PRACTICE, facts)
    chain.pen.session.add(made)
    chain.pen.session.flush()
    return made


def _sign(chain: _Chain, row: PracticeSitting, signing: Signing, sheet: Sheet) -> None:
    note = practice.check_note(signing.note)
    made = PracticeSheet(
        id=new_id(),
        sitting_id=row.id,
        account_id=chain.actor.account_id,
        client_key=_checked_key(signing.client_key),
        marks=[int(bool(mark)) for mark in signing.marks],
        points=sheet.points,
        critical_missed=sheet.critical_missed,
        note=note,
        minutes=signing.minutes,
        submitted_ms=chain.pen.now_ms,
        submitted_at=chain.pen.now,
    )
    facts = {
        "sheet": str(made.id),
        "sitting": str(row.id),
        "examiner": str(chain.actor.account_id),
        "marks": made.marks,
        "points": sheet.points,
        "critical_missed": sheet.critical_missed,
        "minutes": signing.minutes,
        "note_hash": hashlib.sha256((str(made.id) + note).encode()).hexdigest(),
    }
    made.entry = chain.write(EvidenceKind.SHEET, facts)
    chain.pen.session.add(made)
    chain.pen.session.flush()


def _checked_key(key: str) -> str:
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        raise Refused("practice_key")
    return key
