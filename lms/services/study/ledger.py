"""The ledger's pages of one transaction: intervals, segments and progress, written together at its end."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Table, func, select

from lms.domain.days import Calendar, calendar
from lms.domain.evidence import Entry, EvidenceKind
from lms.domain.study import Allowance, Credit, EvidenceClass, Interval, Segment
from lms.models.base import new_id
from lms.models.enrollments import Enrollment
from lms.models.study import LessonProgress, StudyInterval, StudySegment
from lms.services import completion
from lms.services.evidence import Held, Pen
from lms.services.receipts import interval_facts
from lms.services.study.sittings import Course, Progress
from lms.services.study_progress import Place

INTERVALS: Table = StudyInterval.metadata.tables[StudyInterval.__tablename__]
SEGMENTS: Table = StudySegment.metadata.tables[StudySegment.__tablename__]
PROGRESS: Table = LessonProgress.metadata.tables[LessonProgress.__tablename__]


@dataclass(frozen=True)
class Source:
    """Where a report came by: a session, a pass or a correction, its number there, its class, its rule."""

    id: uuid.UUID
    number: int
    evidence_class: EvidenceClass
    rule: str


class Ledger:
    """Takes down what was decided, and writes it in few statements however many persons it was about."""

    def __init__(self, pen: Pen) -> None:
        self.pen = pen
        self._intervals: list[dict[str, Any]] = []
        self._segments: list[dict[str, Any]] = []
        self._progress: dict[Place, Progress] = {}
        self._finished: list[Course] = []

    def calendar(self, course: Course) -> Calendar:
        """The civil days of the course's policy."""
        return calendar(course.policy.zone, self.pen.now, self.pen.now_ms)

    def allowance(self, course: Course, evidence_class: EvidenceClass, from_ms: int) -> Allowance:
        """What may still be credited on each civil day since study clock `from_ms`; nothing where there is no cap."""
        caps = [(course.policy.daily_cap_ms, tuple(EvidenceClass))]
        if evidence_class is EvidenceClass.OFFLINE:
            caps.append((course.policy.offline_daily_cap_ms, (EvidenceClass.OFFLINE,)))
        days = self.calendar(course)
        left: dict[date, int] = {}
        day = days.day_of(from_ms)
        while any(cap is not None for cap, _ in caps) and day <= days.day_of(self.pen.now_ms):
            rooms = [cap - self._credited(course, day, classes) for cap, classes in caps if cap is not None]
            left[day] = max(0, min(rooms))
            day += timedelta(days=1)
        return left

    def _credited(self, course: Course, day: date, classes: tuple[EvidenceClass, ...]) -> int:
        bodies = self.pen.bodies(course.person_id)
        mine = INTERVALS.c.person_id.in_(bodies) & (INTERVALS.c.studied_on == day)
        mine &= INTERVALS.c.evidence_class.in_([each.value for each in classes])
        stored = self.pen.session.scalar(select(func.coalesce(func.sum(INTERVALS.c.credited_ms), 0)).where(mine)) or 0
        wanted = {each.value for each in classes}
        return int(stored) + sum(
            int(row["credited_ms"])
            for row in self._intervals
            if row["person_id"] in bodies and row["studied_on"] == day and row["evidence_class"] in wanted
        )

    def post(
        self,
        held: Held,
        course: Course,
        progress: Progress,
        source: Source,
        earned: Credit,
        kind: EvidenceKind,
        facts: dict[str, Any],
        *,
        position_ms: int,
    ) -> Entry:
        """Enters what a report earned: evidence, intervals, segments, progress."""
        was, required = progress.credited_ms, course.policy.required_ms(course.duration_ms)
        progress.covered, progress.position_ms = earned.covered, position_ms
        progress.credited_ms += earned.gained_ms
        if earned.gained_ms:
            name = source.evidence_class.value
            progress.by_class[name] = progress.by_class.get(name, 0) + earned.gained_ms
        self._progress[progress.place] = progress
        if was < required <= progress.credited_ms:
            self._finished.append(course)
        facts = {**facts, "position_ms": position_ms}
        return self._enter(held, course, source, earned.intervals, kind, facts)

    def refuse(self, held: Held, course: Course, source: Source, interval: Interval, facts: dict[str, Any]) -> Entry:
        """Enters a report that was refused as a whole: a verdict, and nothing else changes."""
        return self._enter(held, course, source, (interval,), EvidenceKind.REFUSED, facts)

    def _enter(
        self,
        held: Held,
        course: Course,
        source: Source,
        intervals: tuple[Interval, ...],
        kind: EvidenceKind,
        facts: dict[str, Any],
    ) -> Entry:
        named = [(each, new_id(), [new_id() for _ in each.segments]) for each in intervals]
        told = [{**interval_facts(*each), "number": source.number} for each in named]
        entry = self.pen.append(
            held,
            kind,
            {
                **facts,
                "source": str(source.id),
                "enrollment": str(course.enrollment_id),
                "lesson": str(course.lesson_id),
                "class": source.evidence_class.value,
                "policy": course.policy.code,
                "rule": source.rule,
                "intervals": told,
            },
        )
        for interval, interval_id, segment_ids in named:
            shared = self._shared(course, source, interval, entry)
            self._intervals.append(self._interval_row(shared, course, source, interval, interval_id))
            self._segments += [
                {**shared, "id": segment_id, "interval_id": interval_id, **_spans(segment)}
                for segment, segment_id in zip(interval.segments, segment_ids, strict=True)
            ]
        return entry

    def _shared(self, course: Course, source: Source, interval: Interval, entry: Entry) -> dict[str, Any]:
        return {
            "person_id": course.person_id,
            "enrollment_id": course.enrollment_id,
            "lesson_id": course.lesson_id,
            "evidence_class": source.evidence_class.value,
            "studied_on": interval.day,
            "entry": entry.number,
            "recorded_at": self.pen.now,
        }

    def _interval_row(
        self, shared: dict[str, Any], course: Course, source: Source, interval: Interval, interval_id: uuid.UUID
    ) -> dict[str, Any]:
        return {
            **shared,
            "id": interval_id,
            "source_id": source.id,
            "number": source.number,
            "part": interval.part,
            "from_ms": interval.from_ms,
            "to_ms": interval.to_ms,
            "verdict": interval.verdict.value,
            "rule": source.rule,
            "policy_code": course.policy.code,
            "credited_ms": interval.credited_ms,
            "recorded_ms": self.pen.now_ms,
        }

    def write(self) -> None:
        """Puts everything into the database, evidence and leases too; then looks whether a course is finished."""
        session = self.pen.session
        batch = self.pen.batch
        batch.insert(INTERVALS, self._intervals)
        batch.insert(SEGMENTS, self._segments)
        changed = self._progress.values()
        batch.insert(PROGRESS, [_row(each, self.pen) for each in changed if not each.is_stored])
        batch.update(PROGRESS, [_row(each, self.pen) for each in changed if each.is_stored])
        self.pen.write()
        for each in changed:
            each.is_stored = True
        for course in self._finished:
            completion.refresh(session, session.get_one(Enrollment, course.enrollment_id), now=self.pen.now)


def _spans(segment: Segment) -> dict[str, int]:
    return {
        "from_ms": segment.from_ms,
        "to_ms": segment.to_ms,
        "wall_from_ms": segment.wall_from_ms,
        "wall_to_ms": segment.wall_to_ms,
    }


def _row(progress: Progress, pen: Pen) -> dict[str, Any]:
    return {
        "enrollment_id": progress.enrollment_id,
        "lesson_id": progress.lesson_id,
        "covered": progress.covered,
        "credited_ms": progress.credited_ms,
        "by_class": progress.by_class,
        "confirmed_ms": progress.confirmed_ms,
        "position_ms": progress.position_ms,
        "updated_at": pen.now,
    }
