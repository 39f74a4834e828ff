"""Marks enter the evidence, and the time between in and out enters the ledger, on wall time nothing else used."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain import attendance, study
from lms.domain.attendance import MarkKind, Method, Slot
from lms.domain.evidence import EvidenceKind
from lms.domain.spans import Span
from lms.domain.study import Credit, EvidenceClass, StudyVerdict
from lms.models.attendance import AttendanceMark, ClassMeeting
from lms.models.base import new_id
from lms.models.enrollments import Enrollment
from lms.models.study import StudySegment
from lms.services import completion, study_progress
from lms.services.evidence import Held, Pen
from lms.services.facts.attendance import slot_of
from lms.services.study import sittings
from lms.services.study.ledger import Ledger, Source
from lms.services.study.sittings import Course, Progress


@dataclass(frozen=True)
class Sign:
    """A mark about to be made: when it stands for on the study clock, and how late a paper entry was."""

    kind: MarkKind
    stands_ms: int
    late_ms: int = 0


@dataclass(frozen=True)
class Ground:
    """What marks rest on: the code that was shown, or the paper list; and whose account made them.

    `approved_by`, `paper_hash`: the second person who stands for a paper list, and the SHA-256 of its photo.
    """

    method: Method
    by: uuid.UUID
    ticket: str = ""
    list_id: uuid.UUID | None = None
    approved_by: uuid.UUID | None = None
    paper_hash: str = ""


class Register:
    """The marks of one class, taken down while the persons' leases are held, and written at the end."""

    def __init__(self, pen: Pen, meeting: ClassMeeting, ground: Ground) -> None:
        self.pen, self.meeting, self.ground = pen, meeting, ground
        self.session: Session = pen.session
        self.ledger = Ledger(pen)
        self._marks: list[AttendanceMark] = []
        self._places: list[tuple[uuid.UUID, study_progress.Place]] = []

    @property
    def slot(self) -> Slot:
        """The class on the study clock."""
        return slot_of(self.meeting, self.pen.now, self.pen.now_ms)

    def enter(self, held: Held, enrollment_id: uuid.UUID, signs: Sequence[Sign], known: dict[MarkKind, int]) -> None:
        """One person's new marks. `known`: the moments of those she has; with a sign-out her time is posted."""
        ids = [new_id() for _ in signs]
        stands = {**known, **{sign.kind: sign.stands_ms for sign in signs}}
        facts = self._facts(signs, ids)
        place = {"enrollment": str(enrollment_id), "lesson": str(self.meeting.lesson_id)}
        if MarkKind.OUT in stands:
            entry = self._post(held, enrollment_id, facts, stands[MarkKind.IN], stands[MarkKind.OUT])
        else:
            entry = self.pen.append(held, EvidenceKind.ATTENDANCE, {**facts, **place}).number
        self._marks += [self._mark(enrollment_id, sign, made, entry) for sign, made in zip(signs, ids, strict=True)]

    def write(self) -> None:
        """Puts it all into the database; what was attended is confirmed by how it was signed."""
        self.ledger.write()
        self.session.add_all(self._marks)
        self.session.flush()
        for person_id, place in self._places:
            study_progress.recompute(self.session, person_id, place, now=self.pen.now)
            completion.refresh(self.session, self.session.get_one(Enrollment, place[0]), now=self.pen.now)

    def _facts(self, signs: Sequence[Sign], ids: Sequence[uuid.UUID]) -> dict[str, Any]:
        meeting, ground = self.meeting, self.ground
        marks = [
            {"id": str(made), "kind": sign.kind.value, "stands_ms": sign.stands_ms, "late_ms": sign.late_ms}
            for sign, made in zip(signs, ids, strict=True)
        ]
        return {
            "meeting": str(meeting.id),
            "cohort": str(meeting.cohort_id),
            "held_on": meeting.held_on.isoformat(),
            "starts_at": meeting.starts_at.isoformat(),
            "ends_at": meeting.ends_at.isoformat(),
            "slot_ms": self.slot.length_ms,
            "makes_up_for": str(meeting.makes_up_for) if meeting.makes_up_for else None,
            "method": ground.method.value,
            "ticket": ground.ticket,
            "list": str(ground.list_id) if ground.list_id else "",
            "by": str(ground.by),
            "approved_by": str(ground.approved_by) if ground.approved_by else "",
            "paper_hash": ground.paper_hash,
            "marks": marks,
        }

    def _mark(self, enrollment_id: uuid.UUID, sign: Sign, made: uuid.UUID, entry: int) -> AttendanceMark:
        return AttendanceMark(
            id=made,
            meeting_id=self.meeting.id,
            enrollment_id=enrollment_id,
            kind=sign.kind.value,
            method=self.ground.method.value,
            stands_from_ms=sign.stands_ms,
            ticket=self.ground.ticket,
            list_id=self.ground.list_id,
            late_ms=sign.late_ms,
            recorded_by=self.ground.by,
            recorded_ms=self.pen.now_ms,
            recorded_at=self.pen.now,
            entry=entry,
        )

    def _post(self, held: Held, enrollment_id: uuid.UUID, facts: dict[str, Any], in_ms: int, out_ms: int) -> int:
        lesson_id = self.meeting.lesson_id
        course = sittings.load_courses(self.session, enrollment_id, [lesson_id])[lesson_id]
        progress = sittings.load_progress(self.session, enrollment_id, lesson_id)
        span = attendance.attended(self.slot, in_ms, out_ms)
        earned = self._earned(course, progress, span)
        held.high_water_ms = max(held.high_water_ms, min(span[1], self.pen.now_ms))  # no heartbeat reaches back into it
        facts = {**facts, "high_water_ms": held.high_water_ms}
        source = Source(self.meeting.id, 1, EvidenceClass.ATTENDED, attendance.RULE)
        self._places.append((held.person_id, progress.place))
        entry = self.ledger.post(
            held, course, progress, source, earned, EvidenceKind.ATTENDANCE, facts, position_ms=progress.position_ms
        )
        return entry.number

    def _earned(self, course: Course, progress: Progress, span: Span) -> Credit:
        days, starts = self.ledger.calendar(course), self.slot.starts_ms
        return study.settle(
            (span[0] - starts, span[1] - starts),
            attendance.pair(self.slot, span, used(self.session, course.person_id, span), days),
            progress.covered,
            self.ledger.allowance(course, EvidenceClass.ATTENDED, span[0]),
            today=days.day_of(span[0]),
            short=StudyVerdict.WALL_TIME_USED,
            capped=StudyVerdict.DAILY_CAP,
        )


def used(session: Session, person_id: uuid.UUID, span: Span) -> list[Span]:
    """The wall time of a person that something else used already, voided or not, wherever it touches the span."""
    rows = select(StudySegment.wall_from_ms, StudySegment.wall_to_ms).where(
        StudySegment.person_id == person_id,
        StudySegment.wall_from_ms < span[1],
        StudySegment.wall_to_ms > span[0],
    )
    return [(start, end) for start, end in session.execute(rows)]


def marks_of(session: Session, meeting_id: uuid.UUID, enrollment_id: uuid.UUID) -> dict[MarkKind, int]:
    """When a person signed in and out of a class, as far as she did. Read it while her lease is held."""
    rows = select(AttendanceMark.kind, AttendanceMark.stands_from_ms).where(
        AttendanceMark.meeting_id == meeting_id, AttendanceMark.enrollment_id == enrollment_id
    )
    return {MarkKind(kind): stands_ms for kind, stands_ms in session.execute(rows)}
