"""What people see of corrections: the queue of a desk, one of them with before and after, the learner's own."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session, aliased

from lms.domain.corrections import CorrectionKind, Decision
from lms.domain.errors import NotFound, Refused
from lms.domain.ledger import Tally
from lms.domain.roles import Role
from lms.models.accounts import Account
from lms.models.corrections import Correction, CorrectionDecision
from lms.models.courses import Lesson
from lms.models.organisations import Organisation
from lms.models.people import Person
from lms.models.records import Record
from lms.services import scopes, study_clock
from lms.services.corrections import places
from lms.services.corrections.decisions import outlook, place_of
from lms.services.corrections.places import SegmentRow
from lms.services.scopes import Actor

MOST = 200
Decider = aliased(Account)


@dataclass(frozen=True)
class CorrectionRow:
    """One correction in a list; `decision` is None while it waits. Times in ms."""

    id: uuid.UUID
    kind: CorrectionKind
    evidence_class: str
    name: str
    organisation: str
    lesson: str
    lesson_en: str
    reason: str
    proposed_at: datetime
    proposed_by: str
    decision: Decision | None
    note: str
    decided_at: datetime | None
    decided_by: str
    before_ms: int
    after_ms: int


@dataclass(frozen=True)
class CorrectionView:
    """One correction, opened.

    `before`, `after`: what the lesson adds up to now and would after it, while it waits. `why_not`: the code that
    forbids this actor to decide. `has_record`: a completion record was issued, which no correction takes back.
    """

    row: CorrectionRow
    enrollment_id: uuid.UUID
    lesson_id: uuid.UUID
    from_ms: int
    to_ms: int
    started_at: datetime | None
    ended_at: datetime | None
    segments: tuple[SegmentRow, ...]
    attachment: str
    before: Tally | None
    after: Tally | None
    why_not: str | None
    has_record: bool


def list_corrections(session: Session, actor: Actor, desk: Role) -> list[CorrectionRow]:
    """The corrections of a desk: those that wait first, then the newest."""
    return _rows(session, scopes.corrections_of(actor, desk))


def list_own(session: Session, actor: Actor) -> list[CorrectionRow]:
    """The corrections of the learner's own study time, the newest first."""
    return _rows(session, scopes.own_corrections_of(actor))


def get_correction(
    session: Session, actor: Actor, desk: Role, correction_id: uuid.UUID, *, now: datetime
) -> CorrectionView:
    """One correction of a desk."""
    found = session.execute(_told(scopes.corrections_of(actor, desk)).where(Correction.id == correction_id)).first()
    if found is None:
        raise NotFound
    row: Correction = found[0]
    before, after = outlook(session, row) if found[1] is None else (None, None)
    chosen = [uuid.UUID(each) for each in row.segment_ids]
    record = session.scalar(select(Record.id).where(Record.enrollment_id == row.enrollment_id))
    started_at, ended_at = _times(session, row, now)
    return CorrectionView(
        row=_row(found),
        enrollment_id=row.enrollment_id,
        lesson_id=row.lesson_id,
        from_ms=row.from_ms,
        to_ms=row.to_ms,
        started_at=started_at,
        ended_at=ended_at,
        segments=places.list_segments(session, place_of(row), chosen) if chosen else (),
        attachment=row.attachment_name,
        before=before,
        after=after,
        why_not=_why_not(session, actor, row),
        has_record=record is not None,
    )


def _times(session: Session, row: Correction, now: datetime) -> tuple[datetime | None, datetime | None]:
    if row.kind == CorrectionKind.VOID:
        return None, None
    ahead = now - timedelta(milliseconds=study_clock.peek_ms(session))
    return ahead + timedelta(milliseconds=row.wall_from_ms), ahead + timedelta(milliseconds=row.wall_to_ms)


def _why_not(session: Session, actor: Actor, row: Correction) -> str | None:
    try:
        places.check_decider(session, actor, row)
    except Refused as refused:
        return refused.code
    return None


def _told(scope: Select[Correction]) -> Select[Any]:
    return (
        scope.outerjoin(CorrectionDecision, CorrectionDecision.correction_id == Correction.id)
        .join(Person, Person.id == Correction.person_id)
        .join(Lesson, Lesson.id == Correction.lesson_id)
        .join(Organisation, Organisation.id == Correction.organisation_id)
        .join(Account, Account.id == Correction.proposed_by)
        .outerjoin(Decider, Decider.id == CorrectionDecision.decided_by)
        .add_columns(CorrectionDecision, Person.name, Organisation.name)
        .add_columns(Lesson.title, Lesson.title_en, Account.name, Decider.name)
    )


def _rows(session: Session, scope: Select[Correction]) -> list[CorrectionRow]:
    newest = _told(scope).order_by(Correction.proposed_at.desc(), Correction.id.desc()).limit(MOST)
    rows = [_row(found) for found in session.execute(newest)]
    return sorted(rows, key=lambda row: row.decision is not None)


def _row(found: Row[Any]) -> CorrectionRow:
    row, decided, name, organisation, title, title_en, proposer, decider = tuple(found)
    return CorrectionRow(
        id=row.id,
        kind=CorrectionKind(row.kind),
        evidence_class=row.evidence_class,
        name=name,
        organisation=organisation,
        lesson=title,
        lesson_en=title_en,
        reason=row.reason,
        proposed_at=row.proposed_at,
        proposed_by=proposer,
        decision=Decision(decided.decision) if decided else None,
        note=decided.note if decided else "",
        decided_at=decided.decided_at if decided else None,
        decided_by=decider or "",
        before_ms=decided.before_ms if decided else 0,
        after_ms=decided.after_ms if decided else 0,
    )
