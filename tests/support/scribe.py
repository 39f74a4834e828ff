"""Study written straight into the tables, for tests of what looks at it afterwards."""

import secrets
import uuid
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from lms.clock import civil_day
from lms.domain.presence import CheckOutcome
from lms.models.audit import AuditEvent
from lms.models.base import first_id, new_id
from lms.models.enrollments import Enrollment
from lms.models.offline import StudyChain, StudyPart, StudyPass
from lms.models.people import Person
from lms.models.presence import PresenceCheck, PresenceOutcome
from lms.models.study import LessonProgress, StudyInterval, StudySegment, StudySession
from tests.support.cast import Stage


def id_at(moment: datetime) -> uuid.UUID:
    """The id that a row made at this moment would have."""
    return uuid.UUID(int=first_id(moment).int | 7 << 76 | 2 << 62 | secrets.randbits(62))


class Scribe:
    """Writes one learner's study of one lesson. `clock_ms` is the study clock at `now`."""

    def __init__(
        self,
        session: Session,
        enrollment_id: uuid.UUID,
        lesson_id: uuid.UUID,
        *,
        now: datetime,
        clock_ms: int = 10_000_000_000,
    ) -> None:
        self.session, self.now, self.clock_ms = session, now, clock_ms
        self.enrollment_id, self.lesson_id = enrollment_id, lesson_id
        self.person_id = session.get_one(Enrollment, enrollment_id).person_id
        self.entry = 0

    def _at(self, clock_ms: int) -> datetime:
        return self.now + timedelta(milliseconds=clock_ms - self.clock_ms)

    @property
    def _place(self) -> dict[str, uuid.UUID]:
        return {"person_id": self.person_id, "enrollment_id": self.enrollment_id, "lesson_id": self.lesson_id}

    def open(self, before_ms: int) -> uuid.UUID:
        """A study session that was opened so long before now."""
        at_ms = self.clock_ms - before_ms
        made = id_at(self._at(at_ms))
        self.session.add(
            StudySession(
                **self._place,
                id=made,
                idempotency_key=None,
                epoch=1,
                nonce="",
                opened_answer="",
                opened_ms=at_ms,
                opened_at=self._at(at_ms),
                answered_ms=at_ms,
            )
        )
        self.session.flush()
        return made

    def interval(
        self,
        source_id: uuid.UUID,
        number: int,
        span: tuple[int, int],
        at_ms: int,
        *,
        wall: tuple[int, int] | None = None,
        evidence_class: str = "online",
        verdict: str = "credited",
    ) -> uuid.UUID:
        """An interval reported at study clock `at_ms`; with `wall` it earned a segment, whose id is returned."""
        self.entry += 1
        interval_id, segment_id = id_at(self._at(at_ms)), id_at(self._at(at_ms))
        shared = {**self._place, "evidence_class": evidence_class, "entry": self.entry}
        shared |= {"studied_on": civil_day(self._at(at_ms)), "recorded_at": self._at(at_ms)}
        self.session.add(
            StudyInterval(
                **shared,
                id=interval_id,
                source_id=source_id,
                number=number,
                from_ms=span[0],
                to_ms=span[1],
                verdict=verdict,
                rule="online-2",
                policy_code="base-2023",
                credited_ms=span[1] - span[0] if wall else 0,
                recorded_ms=at_ms,
            )
        )
        self.session.flush()
        if wall:
            self.session.add(
                StudySegment(
                    **shared,
                    id=segment_id,
                    interval_id=interval_id,
                    from_ms=span[0],
                    to_ms=span[1],
                    wall_from_ms=wall[0],
                    wall_to_ms=wall[1],
                )
            )
            self.session.flush()
        return segment_id

    def beats(self, source_id: uuid.UUID, times_ms: list[int], claimed_ms: int) -> None:
        """Accepted reports at these times before now, each of as much content."""
        for number, before_ms in enumerate(times_ms, 1):
            self.interval(source_id, number, (0, claimed_ms), self.clock_ms - before_ms, verdict="already_credited")

    def check(self, before_ms: int, latency_ms: int, outcome: CheckOutcome) -> None:
        """A presence check issued so long before now, and what became of it."""
        issued_ms = self.clock_ms - before_ms
        made = id_at(self._at(issued_ms))
        self.session.add(
            PresenceCheck(
                **self._place,
                id=made,
                kind="study",
                from_entry=0,
                to_entry=None,
                question={},
                right_option=0,
                issued_ms=issued_ms,
                issued_at=self._at(issued_ms),
                due_ms=issued_ms + 120_000,
                entry=0,
            )
        )
        self.session.flush()
        self.session.add(
            PresenceOutcome(
                check_id=made,
                person_id=self.person_id,
                outcome=outcome.value,
                picked=0,
                from_entry=0,
                to_entry=self.entry,
                body_hash="",
                answer="",
                recorded_ms=issued_ms + latency_ms,
                recorded_at=self._at(issued_ms + latency_ms),
                entry=0,
            )
        )
        self.session.flush()

    def chain(self, ends_ms: list[int]) -> None:
        """An offline pass issued an hour ago, and its chain: each part ends so long after it by the phone's counter."""
        issued_ms = self.clock_ms - 3_600_000
        made = id_at(self._at(issued_ms))
        self.session.add(
            StudyPass(
                id=made,
                person_id=self.person_id,
                enrollment_id=self.enrollment_id,
                lesson_ids=[self.lesson_id.hex],
                seed="",
                idempotency_key=None,
                issued_ms=issued_ms,
                issued_at=self._at(issued_ms),
                expires_ms=issued_ms + 72 * 3_600_000,
                answer="",
            )
        )
        self.session.add(
            StudyChain(
                source_id=made,
                after_seq=0,
                evidence_class="offline",
                person_id=self.person_id,
                enrollment_id=self.enrollment_id,
                seed_hash="",
                head="",
                count=len(ends_ms),
                anchor_ms=issued_ms,
                window_from_ms=issued_ms,
                window_to_ms=self.clock_ms,
                committed_ms=self.clock_ms,
                committed_at=self.now,
                settled_leaf="",
                cursor_ms=issued_ms,
            )
        )
        for number, end in enumerate(ends_ms, 1):
            self.session.add(
                StudyPart(
                    source_id=made,
                    after_seq=0,
                    number=number,
                    lesson_id=self.lesson_id,
                    from_ms=0,
                    to_ms=20_000,
                    mono_from_ms=end - 20_000,
                    mono_to_ms=end,
                    leaf="",
                    received_at=self.now,
                )
            )
        self.session.flush()

    def act(self, action: str, subject: uuid.UUID) -> None:
        """An act on record."""
        self.session.add(AuditEvent(id=id_at(self.now), at=self.now, action=action, subject=str(subject), detail={}))
        self.session.flush()

    def progress(self, credited_ms: int, by_class: dict[str, int]) -> None:
        """What is credited for the lesson."""
        self.session.add(
            LessonProgress(
                enrollment_id=self.enrollment_id,
                lesson_id=self.lesson_id,
                covered=[[0, credited_ms]],
                credited_ms=credited_ms,
                by_class=by_class,
                updated_at=self.now,
            )
        )
        self.session.flush()


def classmate(session: Session, cohort_id: uuid.UUID, number: int, *, now: datetime) -> uuid.UUID:
    """One more learner in a cohort, without a document; returns the enrollment."""
    person_id = new_id()
    session.add(
        Person(
            id=person_id,
            pid=f"classmate {number}",
            name=f"同学{number}",
            document_type="resident_id",
            document_sealed="",
            created_at=now,
        )
    )
    session.flush()
    return Stage(session).enroll(cohort_id, person_id, now)
