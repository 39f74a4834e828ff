"""Study as it stands in the tables: intervals, segments, checks and voids that fit together, written by hand."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lms import clock
from lms.domain.ledger import Posting, tally
from lms.models.base import new_id
from lms.models.corrections import Correction, StudyVoid
from lms.models.presence import PresenceCheck, PresenceOutcome
from lms.models.study import LessonProgress, StudyInterval, StudySegment
from lms.parts import Parts
from tests.support.cast import NOON, Cast

EPOCH = NOON - timedelta(days=30)  # where the study clock of these tests stands at zero
MS = timedelta(milliseconds=1)


def clock_ms(at: datetime) -> int:
    """The study clock at a moment."""
    return (at - EPOCH) // MS


@dataclass
class Scribe:
    """Writes 李芳's ledger, entry after entry."""

    parts: Parts
    cast: Cast
    source: uuid.UUID = field(default_factory=new_id)
    entry: int = 0
    checks: int = 0
    segments: list[tuple[uuid.UUID, uuid.UUID]] = field(default_factory=list)

    def study(
        self,
        slug: str,
        span: tuple[int, int],
        began: datetime,
        *,
        verdict: str = "credited",
        credited_ms: int | None = None,
        kept: tuple[int, int] | None = None,
        evidence_class: str = "online",
    ) -> uuid.UUID:
        """One interval that earned a segment, played from `began` on; split where midnight of China lies."""
        self.entry += 1
        start, end = kept or span
        ended = began + (end - start) * MS
        cut = _midnight_after(began)
        made = None
        if cut < ended:
            half = start + (cut - began) // MS
            made = self._interval(slug, (span[0], half), (start, half), began, ended, 0, verdict, None, evidence_class)
            span, start, began, credited_ms = (half, span[1]), half, cut, None
        part = 0 if made is None else 1
        last = self._interval(slug, span, (start, end), began, ended, part, verdict, credited_ms, evidence_class)
        return made or last

    def refuse(self, slug: str, span: tuple[int, int], at: datetime, verdict: str) -> uuid.UUID:
        """One interval that earned nothing."""
        self.entry += 1
        return self._interval(slug, span, None, at, at, 0, verdict, 0, "online")

    def _interval(
        self,
        slug: str,
        span: tuple[int, int],
        kept: tuple[int, int] | None,
        began: datetime,
        recorded: datetime,
        part: int,
        verdict: str,
        credited_ms: int | None,
        evidence_class: str,
    ) -> uuid.UUID:
        made = new_id()
        known = {
            "person_id": self.cast.lifang.person_id,
            "enrollment_id": self.cast.enrollment,
            "lesson_id": self.cast.lessons[slug],
            "evidence_class": evidence_class,
            "studied_on": clock.civil_day(began),
            "entry": self.entry,
            "recorded_at": recorded,
        }
        with self.parts.database.transaction() as session:
            session.add(
                StudyInterval(
                    id=made,
                    source_id=self.source,
                    number=self.entry,
                    part=part,
                    from_ms=span[0],
                    to_ms=span[1],
                    verdict=verdict,
                    rule="online-2",
                    policy_code="base-2023",
                    credited_ms=kept[1] - kept[0] if credited_ms is None and kept else credited_ms or 0,
                    recorded_ms=clock_ms(recorded),
                    **known,
                )
            )
            session.flush()
            if kept:
                wall = clock_ms(began)
                segment = StudySegment(
                    id=new_id(),
                    interval_id=made,
                    from_ms=kept[0],
                    to_ms=kept[1],
                    wall_from_ms=wall,
                    wall_to_ms=wall + kept[1] - kept[0],
                    **known,
                )
                session.add(segment)
                self.segments.append((made, segment.id))
        return made

    def check(self, outcome: str, from_entry: int, to_entry: int, at: datetime, kind: str = "study") -> None:
        """A presence check over the entries (from, to], and what became of it."""
        self.entry += 1
        self.checks += 1
        check_id = new_id()
        person_id = self.cast.lifang.person_id
        with self.parts.database.transaction() as session:
            session.add(
                PresenceCheck(
                    id=check_id,
                    person_id=person_id,
                    enrollment_id=self.cast.enrollment,
                    lesson_id=self.cast.lessons["say-hello"],
                    kind=kind,
                    from_entry=from_entry,
                    to_entry=None,
                    question={"stem": "?", "options": ["a", "b"]},
                    right_option=0,
                    issued_ms=clock_ms(at),
                    issued_at=at,
                    due_ms=clock_ms(at) + 120_000,
                    entry=self.entry,
                )
            )
            session.flush()
            session.add(
                PresenceOutcome(
                    check_id=check_id,
                    person_id=person_id,
                    outcome=outcome,
                    picked=0,
                    from_entry=from_entry,
                    to_entry=to_entry,
                    body_hash="",
                    answer="",
                    recorded_ms=clock_ms(at),
                    recorded_at=at,
                    entry=self.entry,
                )
            )

    def void(self, interval_ids: Sequence[uuid.UUID], at: datetime) -> None:
        """A correction that two people agreed on: the segments of these intervals no longer count."""
        self.entry += 1
        mine = [segment for interval, segment in self.segments if interval in interval_ids]
        with self.parts.database.transaction() as session:
            made = Correction(
                id=new_id(),
                organisation_id=self.cast.kangning,
                person_id=self.cast.lifang.person_id,
                enrollment_id=self.cast.enrollment,
                lesson_id=self.cast.lessons["say-hello"],
                kind="void",
                evidence_class="",
                segment_ids=[each.hex for each in mine],
                from_ms=0,
                to_ms=0,
                wall_from_ms=0,
                wall_to_ms=0,
                reason="",
                attachment_key="",
                attachment_name="",
                attachment_hash="",
                proposed_by=self.cast.zhoumin.account_id,
                proposed_at=at,
            )
            session.add(made)
            session.flush()
            for segment in mine:
                session.add(StudyVoid(segment_id=segment, correction_id=made.id, entry=self.entry, recorded_at=at))

    def settle(self) -> None:
        """Keeps the sums of all lessons, as the services do."""
        with self.parts.database.transaction() as session:
            passed = [
                (each.from_entry, each.to_entry) for each in session.query(PresenceOutcome).filter_by(outcome="passed")
            ]
            voided = {each.segment_id for each in session.query(StudyVoid)}
            session.query(LessonProgress).delete()
            for lesson_id in self.cast.lessons.values():
                segments = session.query(StudySegment).filter_by(lesson_id=lesson_id)
                counted = [each for each in segments if each.id not in voided]
                if not counted:
                    continue
                found = tally(
                    [Posting(each.entry, each.from_ms, each.to_ms, each.evidence_class) for each in counted], passed
                )
                session.add(
                    LessonProgress(
                        enrollment_id=self.cast.enrollment,
                        lesson_id=lesson_id,
                        covered=[list(span) for span in found.covered],
                        credited_ms=found.credited_ms,
                        by_class=found.by_class,
                        confirmed_ms=found.confirmed_ms,
                        updated_at=NOON,
                    )
                )


def _midnight_after(moment: datetime) -> datetime:
    local = moment.astimezone(clock.CHINA)
    return (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
