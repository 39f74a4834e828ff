"""A blended class of 康宁 with a theory exam and one skill, 李芳 in it; what she did, written by hand."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from lms.domain.courses import Course, Exam, ExamPart, Lesson, LessonKind, Practice, Step
from lms.models.attendance import AttendanceMark, ClassMeeting
from lms.models.base import new_id
from lms.models.courses import Lesson as LessonRow
from lms.models.enrollments import Enrollment
from lms.models.exams import ExamAnswer, ExamClosing, ExamGrade, ExamSitting
from lms.models.practice import PracticeSheet, PracticeSitting
from lms.models.quizzes import QuizAttempt
from lms.models.study import LessonProgress
from lms.services import study_clock
from tests.support.cast import LESSON_MS, NOON, Cast, Stage
from tests.support.scribe import id_at
from tests.support.texts import small_course

HOUR = timedelta(hours=1)
SKILL = "wash-hands"
STEPS = (Step("打湿双手", 40), Step("搓洗二十秒", 60, critical=True))


def whole_course() -> Course:
    """The small course with a blueprint and a practice list."""
    small = small_course()
    practice = Practice(("水池",), STEPS, pass_points=60)
    skill = Lesson(SKILL, LessonKind.PRACTICE, "七步洗手", "Washing hands", practice=practice)
    module = replace(small.modules[0], lessons=(*small.modules[0].lessons, skill))
    exam = Exam(30, 60, (ExamPart("m1-greet", 1),))
    return replace(small, slug="whole-course", title="完整课程", modules=(module,), exam=exam)


@dataclass
class Training:
    """The class, and 李芳's place in it. Study clock times are ms since NOON."""

    session: Session
    cast: Cast
    version: uuid.UUID
    cohort: uuid.UUID
    enrollment: uuid.UUID
    lessons: dict[str, uuid.UUID]

    def study(self) -> None:
        """She has studied every lesson and passed the quiz."""
        for slug in ("say-hello", "read-hello"):
            self._credit(self.lessons[slug], LESSON_MS, "online")
        attempt = {"answers": {}, "score": 80, "passed": True, "submitted_at": NOON}
        self.session.add(QuizAttempt(enrollment_id=self.enrollment, lesson_id=self.lessons["quiz-hello"], **attempt))
        self.session.flush()

    def sit(
        self,
        number: int,
        score: int | None,
        *,
        enrollment: uuid.UUID | None = None,
        person: uuid.UUID | None = None,
        paper: Sequence[dict[str, object]] = (),
        scores: Sequence[int] = (),
        examiner: uuid.UUID | None = None,
        closed_ms: int = 600_000,
        closed_at: datetime = NOON,
        cause: str = "handed_in",
        opened_at: datetime = NOON,
    ) -> uuid.UUID:
        """A sitting, closed and graded unless `score` is None; oral with an examiner."""
        made, who = id_at(NOON), person or self.cast.lifang.person_id
        self.session.add(
            ExamSitting(
                id=made,
                enrollment_id=enrollment or self.enrollment,
                person_id=who,
                number=number,
                mode="oral" if examiner else "online",
                examiner_id=examiner,
                seed="",
                paper=list(paper),
                paper_hash="",
                watermark="",
                policy_code="blended-2023",
                pass_percent=60,
                opened_ms=0,
                opened_at=opened_at,
                due_ms=1_800_000,
                entry=number,
            )
        )
        self.session.flush()
        if score is not None:
            self.session.add(
                ExamClosing(
                    sitting_id=made, cause=cause, answers_hash="", closed_ms=closed_ms, closed_at=closed_at, entry=0
                )
            )
            self.grade(made, 1, score, scores)
        return made

    def grade(
        self, sitting: uuid.UUID, number: int, score: int, scores: Sequence[int] = (), at: datetime = NOON
    ) -> None:
        """A grading, the first or a later one."""
        known = {"score_percent": score, "passed": score >= 60, "graded_at": at, "entry": number}
        self.session.add(ExamGrade(sitting_id=sitting, number=number, scores=list(scores), **known))
        self.session.flush()

    def answer(self, sitting: uuid.UUID, place: int, picked: Sequence[int], at_ms: int, held_ms: int = 0) -> None:
        """An answer saved."""
        key = f"{place}.{at_ms}"
        told = {"answer": {"picked": list(picked)}, "held_ms": held_ms, "received_ms": at_ms, "received_at": NOON}
        self.session.add(ExamAnswer(sitting_id=sitting, place=place, number=place, client_key=key, **told))

    def show(self, number: int, points: Sequence[int], signers: Sequence[uuid.UUID], examiners: int = 2) -> uuid.UUID:
        """A sitting at the skill, with the sheets signed so far."""
        made = new_id()
        place = {"enrollment_id": self.enrollment, "lesson_id": self.lessons[SKILL], "opened_by": signers[0]}
        clock = {"opened_ms": 0, "opened_at": NOON, "entry": 0, "policy_code": "blended-2023"}
        self.session.add(PracticeSitting(id=made, kind="exam", number=number, examiners=examiners, **place, **clock))
        self.session.flush()
        for count, (point, signer) in enumerate(zip(points, signers, strict=True)):
            told = {"marks": [], "points": point, "critical_missed": 0, "note": "", "minutes": 5, "submitted_ms": 0}
            sheet = {"sitting_id": made, "account_id": signer, "client_key": str(count), "entry": 0}
            self.session.add(PracticeSheet(id=new_id(), submitted_at=NOON + count * HOUR, **told, **sheet))
        self.session.flush()
        return made

    def meet(
        self, day: int, *, came: bool, minutes: int = 90, cancelled: bool = False, signs_out: bool = True
    ) -> uuid.UUID:
        """A class `day` days before NOON; when she came and signed out, all of it is credited."""
        starts = NOON - timedelta(days=day)
        slot, made = new_id(), new_id()
        named = {"module_slug": "m1", "slug": f"class-{slot.hex}", "title": "面授", "title_en": ""}
        self.session.add(LessonRow(id=slot, position=1, kind="class", duration_ms=minutes * 60_000, **named))
        self.session.flush()
        self.session.add(
            ClassMeeting(
                id=made,
                cohort_id=self.cohort,
                lesson_id=slot,
                title="面授",
                module_slug="m1",
                content="practice",
                place="一楼教室",
                teacher_id=self.cast.wanglei.account_id,
                held_on=starts.date(),
                starts_at=starts,
                ends_at=starts + timedelta(minutes=minutes),
                created_by=self.cast.zhoumin.account_id,
                created_at=NOON,
                cancelled_at=NOON if cancelled else None,
                cancel_reason="",
            )
        )
        self.session.flush()
        now_ms = study_clock.peek_ms(self.session)
        signs = (("in", starts), ("out", starts + timedelta(minutes=minutes)))[: 1 + signs_out]
        for kind, at in signs if came else ():
            stands_ms = now_ms + (at - NOON) // timedelta(milliseconds=1)
            mark = {"meeting_id": made, "enrollment_id": self.enrollment, "method": "qr", "ticket": "", "late_ms": 0}
            known = {"recorded_by": self.cast.lifang.account_id, "recorded_ms": 0, "recorded_at": NOON, "entry": 0}
            self.session.add(AttendanceMark(id=new_id(), kind=kind, stands_from_ms=stands_ms, **mark, **known))
        if came and signs_out:
            self._credit(slot, minutes * 60_000, "attended")
        self.session.flush()
        return made

    def _credit(self, lesson: uuid.UUID, credited_ms: int, evidence_class: str) -> None:
        known = {"covered": [[0, credited_ms]], "confirmed_ms": credited_ms, "updated_at": NOON}
        place = {"enrollment_id": self.enrollment, "lesson_id": lesson, "by_class": {evidence_class: credited_ms}}
        self.session.add(LessonProgress(credited_ms=credited_ms, **place, **known))


def stage(session: Session, cast: Cast) -> Training:
    """Puts the class into the database."""
    on = Stage(session)
    version, lessons = on.version(whole_course())
    assert cast.lifang.person_id
    cohort, enrollment = on.cohort(cast.kangning, version, "线上线下一班", cast.lifang.person_id, "blended-2023")
    session.get_one(Enrollment, enrollment).created_at = NOON - timedelta(days=20)
    session.flush()
    return Training(session, cast, version, cohort, enrollment, lessons)


def finish(training: Training, signers: Sequence[uuid.UUID]) -> None:
    """Everything that the class asks for."""
    training.study()
    training.meet(3, came=True)
    training.sit(1, 82)
    training.show(1, [80, 70], signers)
