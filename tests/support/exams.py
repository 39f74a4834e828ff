"""A class of 康宁 with a gating exam: its course, its bank of all seven kinds, 李芳 in it, no study missing."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lms.domain import exam_papers
from lms.domain.bank import Entry, Item, ItemType
from lms.domain.courses import Course, Exam, ExamPart, LessonKind
from lms.domain.exam_papers import Slot
from lms.models.courses import Lesson
from lms.models.exams import ExamSitting
from lms.parts import Parts
from lms.services import exams
from lms.services.bank import Place, writing
from lms.services.exams import Delivery
from lms.services.exams.rows import in_order, items_of
from lms.services.scopes import Actor
from tests.domain.bank_entries import CASE, FILL, MATCHING, MULTIPLE, ORDERING, SINGLE, TRUE_FALSE
from tests.support.cast import NOON, Cast, Stage
from tests.support.study import now
from tests.support.texts import small_course

MINUTES = 30
QUESTIONS = 7
OBJECTIVE = "m1-greet"
SEED = "0123456789abcdef"
SLUG = "exam-course"
KINDS = (SINGLE, MULTIPLE, TRUE_FALSE, ORDERING, MATCHING, FILL, CASE)


@dataclass(frozen=True)
class Hall:
    """Where the exam is held."""

    cohort: uuid.UUID
    enrollment: uuid.UUID
    questions: tuple[uuid.UUID, ...]


def course(questions: int = QUESTIONS, pass_percent: int = 60) -> Course:
    """The small course with a blueprint."""
    exam = Exam(MINUTES, pass_percent, (ExamPart(OBJECTIVE, questions),))
    return replace(small_course(), slug=SLUG, title="考试课程", title_en="Exam course", exam=exam)


def stage(
    session: Session,
    cast: Cast,
    *,
    items: Sequence[Item] = KINDS,
    studied: bool = True,
    text: Course | None = None,
) -> Hall:
    """Puts the class, its bank and her study into the database."""
    on = Stage(session)
    version, _ = on.version(text or course())
    person = cast.lifang.person_id
    assert person is not None
    cohort, enrollment = on.cohort(cast.kangning, version, "考试班", person, "blended-2023")
    place = Place(cast.kangning, "康宁养老服务中心", SLUG, "考试课程")
    entries = [Entry(replace(item, stem=f"{item.stem}（{n}）"), OBJECTIVE) for n, item in enumerate(items)]
    ids = writing.add_all(session, cast.wanglei, place, entries, act="create", batch_id=None, now=NOON)
    if studied:
        study(session, version)
    return Hall(cohort, enrollment, tuple(ids))


def study(session: Session, version: uuid.UUID, length_ms: int = 0) -> None:
    """Gives the lessons a length; of none, no study is missing."""
    timed = (LessonKind.VIDEO.value, LessonKind.READING.value)
    lessons = update(Lesson).where(Lesson.course_version_id == version, Lesson.kind.in_(timed))
    session.execute(lessons.values(duration_ms=length_ms))


def fields_for(item: Item, slot: Slot, *, right: bool = True) -> dict[str, list[str]]:
    """What a form sends for the right answer, or for a wrong one."""
    parts = [
        (part, order, f"s{number}-") for number, (part, order) in enumerate(zip(item.parts, slot.parts, strict=True))
    ]
    told: dict[str, list[str]] = {}
    for each, order, prefix in parts or [(item, slot.order, "")]:
        told |= _fields(each, order, prefix, right=right)
    return told


def _fields(item: Item, order: tuple[int, ...], prefix: str, *, right: bool) -> dict[str, list[str]]:
    match item.type:
        case ItemType.ORDERING:
            ranks = [number + 1 if right else len(order) - number for number in order]
            return {f"{prefix}rank-{at}": [str(rank)] for at, rank in enumerate(ranks)}
        case ItemType.MATCHING:
            rights = [item.rights.index(pair.right) for pair in item.pairs if pair.left]
            told = rights if right else [(number + 1) % len(item.rights) for number in rights]
            return {f"{prefix}match-{left}": [str(order.index(number))] for left, number in enumerate(told)}
        case ItemType.FILL:
            return {f"{prefix}text-{n}": [words[0] if right else "不知道"] for n, words in enumerate(item.blanks)}
        case _:
            picked = [at for at, number in enumerate(order) if (number in item.correct_options) is right]
            return {f"{prefix}picked": [str(at) for at in (picked if right else picked[:1])]}


@dataclass
class Sitter:
    """Somebody who sits exams through the services."""

    parts: Parts
    actor: Actor
    enrollment: uuid.UUID
    seed: str = SEED
    keys: int = 0

    def open(self) -> uuid.UUID:
        """Opens a sitting, or goes on with the one that is open."""
        with self.parts.database.transaction() as session:
            return exams.open_sitting(session, self.actor, self.enrollment, seed=self.seed, now=now())

    def paper(self, sitting: uuid.UUID) -> list[tuple[Item, Slot]]:
        """The paper as only the database knows it."""
        with self.parts.database.transaction(write=False) as session:
            paper = exam_papers.from_json(session.get_one(ExamSitting, sitting).paper)
            return list(zip(in_order(items_of(session, [paper]), paper), paper, strict=True))

    def give(self, sitting: uuid.UUID, place: int, fields: dict[str, list[str]], **other: Any) -> exams.Receipt:
        """Saves one answer."""
        self.keys += 1
        told = Delivery(**{"place": place, "key": f"{self.seed}-{self.keys}", "fields": fields} | other)
        with self.parts.database.transaction() as session:
            (receipt,) = exams.save(session, self.actor, sitting, [told], now=now())
        return receipt

    def answer(self, sitting: uuid.UUID, right: int = QUESTIONS) -> None:
        """Answers so many of the places right, the others wrong."""
        for place, (item, slot) in enumerate(self.paper(sitting)):
            self.give(sitting, place, fields_for(item, slot, right=place < right))

    def hand_in(self, sitting: uuid.UUID) -> None:
        """Closes the sitting."""
        with self.parts.database.transaction() as session:
            exams.close(session, self.actor, sitting, now=now())

    def result(self, sitting: uuid.UUID) -> exams.Result | None:
        """What came of it."""
        with self.parts.database.transaction() as session:
            return exams.get_result(session, self.actor, sitting, now=now())

    def sit(self, right: int = QUESTIONS) -> uuid.UUID:
        """A whole exam."""
        sitting = self.open()
        self.answer(sitting, right)
        self.hand_in(sitting)
        return sitting


def newest(session: Session) -> ExamSitting:
    """The sitting opened last."""
    return session.scalars(select(ExamSitting).order_by(ExamSitting.id.desc()).limit(1)).one()
