"""The paper as it is answered: each question as it is shown, what was saved, the time that is left; never a key."""

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from lms.domain import exam_papers, exams
from lms.domain.bank import Item
from lms.domain.exam_papers import Given
from lms.models.enrollments import Enrollment
from lms.models.exams import ExamSitting
from lms.models.people import Person
from lms.services import courses, study_clock
from lms.services.exams import rows
from lms.services.scopes import Actor


@dataclass(frozen=True)
class SheetQuestion:
    """One place of a paper, from 0: the question in the order shown and without its key, and what was answered."""

    place: int
    item: Item
    given: Given

    @property
    def is_answered(self) -> bool:
        """Whether nothing of it is left open."""
        return exam_papers.is_answered(self.item, self.given)


@dataclass(frozen=True)
class Sheet:
    """A paper on somebody's screen. `saved`: the number of the last answer that the server has."""

    sitting_id: uuid.UUID
    enrollment_id: uuid.UUID
    cohort_id: uuid.UUID
    mode: str
    learner: str
    title: str
    title_en: str
    watermark: str
    left_ms: int
    saved: int
    questions: tuple[SheetQuestion, ...]
    is_open: bool

    @property
    def open_places(self) -> tuple[int, ...]:
        """The places that are not answered yet."""
        return tuple(each.place for each in self.questions if not each.is_answered)


def get_sheet(session: Session, actor: Actor, sitting_id: uuid.UUID) -> Sheet:
    """The paper of a sitting that the actor answers. NotFound for anybody else's."""
    sitting = rows.find(session, actor, sitting_id)
    enrollment = session.get_one(Enrollment, sitting.enrollment_id)
    course = courses.text_of(enrollment.cohort.course_version)
    now_ms = study_clock.peek_ms(session)
    kept = [rows.as_saved(row) for row in rows.saved(session, sitting_id)]
    return Sheet(
        sitting_id=sitting_id,
        enrollment_id=enrollment.id,
        cohort_id=enrollment.cohort_id,
        mode=sitting.mode,
        learner=session.get_one(Person, sitting.person_id).name,
        title=course.title,
        title_en=course.title_en,
        watermark=sitting.watermark,
        left_ms=exams.left_ms(sitting.due_ms, now_ms),
        saved=max((each.number for each in kept), default=0),
        questions=_questions(session, sitting, exams.counting(kept, sitting.due_ms)),
        is_open=not rows.is_closed(session, sitting_id) and not exams.is_over(sitting.due_ms, now_ms),
    )


def _questions(session: Session, sitting: ExamSitting, answers: dict[int, Given]) -> tuple[SheetQuestion, ...]:
    paper = exam_papers.from_json(sitting.paper)
    items = rows.in_order(rows.items_of(session, [paper]), paper)
    shown = (exam_papers.as_shown(item, slot) for item, slot in zip(items, paper, strict=True))
    return tuple(SheetQuestion(place, item, answers.get(place, {})) for place, item in enumerate(shown))
