"""What a learner sees of her courses: where she stands, what comes next, the lesson itself."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from lms.domain import completion
from lms.domain.completion import LessonFacts
from lms.domain.courses import COUNTED, Asset, LessonKind, Source
from lms.domain.courses import Course as CourseText
from lms.domain.courses import Lesson as LessonText
from lms.domain.errors import NotFound
from lms.domain.filings import may_study
from lms.domain.policies import Policy
from lms.models.courses import Lesson
from lms.models.enrollments import Enrollment
from lms.models.media import Media
from lms.models.study import LessonProgress
from lms.services import courses, records, scopes
from lms.services.completion import Standing, standing
from lms.services.scopes import Actor


@dataclass(frozen=True)
class LessonRow:
    """One lesson in an outline, with where the learner stands in it."""

    lesson_id: uuid.UUID
    slug: str
    kind: LessonKind
    title: str
    title_en: str
    minutes: int
    facts: LessonFacts
    policy: Policy

    @property
    def is_counted(self) -> bool:
        """Whether completion asks for it; practice and papers are there to be looked at."""
        return self.kind in COUNTED

    @property
    def is_done(self) -> bool:
        """Nothing is missing in this lesson."""
        return completion.is_done(self.facts, self.policy)

    @property
    def required_ms(self) -> int:
        """Credited time the lesson needs."""
        return completion.required_ms(self.facts, self.policy)

    @property
    def missing_ms(self) -> int:
        """Credited time still missing."""
        return completion.missing_ms(self.facts, self.policy)

    @property
    def is_being_made(self) -> bool:
        """A video that nobody can play yet."""
        return self.facts.duration_ms is None


@dataclass(frozen=True)
class ModuleRows:
    """A module of an outline."""

    title: str
    title_en: str
    lessons: tuple[LessonRow, ...]


@dataclass(frozen=True)
class CourseCard:
    """One enrollment as its learner sees it."""

    enrollment_id: uuid.UUID
    title: str
    title_en: str
    summary: str
    summary_en: str
    institution: str
    cohort: str
    opens_on: date
    closes_on: date
    standing: Standing
    modules: tuple[ModuleRows, ...]
    code: str | None
    filing_number: str | None = None
    is_approved: bool = True

    @property
    def lessons(self) -> tuple[LessonRow, ...]:
        """All lessons in order of study."""
        return tuple(row for module in self.modules for row in module.lessons)

    @property
    def counted(self) -> tuple[LessonRow, ...]:
        """The lessons that completion asks for."""
        return tuple(row for row in self.lessons if row.is_counted)

    @property
    def making_count(self) -> int:
        """How many videos are still being made; their time is not yet part of what is missing."""
        return sum(row.is_being_made for row in self.lessons)

    @property
    def next_lesson(self) -> LessonRow | None:
        """The first lesson that is not done and can be opened."""
        return next((row for row in self.lessons if not row.is_done and not row.is_being_made), None)


@dataclass(frozen=True)
class LessonPage:
    """One lesson, opened."""

    card: CourseCard
    row: LessonRow
    text: LessonText
    sources: tuple[Source, ...]
    media: Media | None
    position_ms: int

    @property
    def next_row(self) -> LessonRow | None:
        """The lesson after this one."""
        rows = self.card.lessons
        place = rows.index(self.row) + 1
        return rows[place] if place < len(rows) else None


def list_courses(session: Session, actor: Actor, *, now: datetime) -> list[CourseCard]:
    """A learner's enrollments, the newest first, finished courses last."""
    rows = scopes.enrollments_of(actor).order_by(Enrollment.created_at.desc(), Enrollment.id.desc())
    cards = [_card(session, enrollment, now) for enrollment in session.scalars(rows)]
    return sorted(cards, key=lambda card: card.standing.verdict.is_yes)


def get_course(session: Session, actor: Actor, enrollment_id: uuid.UUID, *, now: datetime) -> CourseCard:
    """One own enrollment."""
    enrollment = session.scalar(scopes.enrollments_of(actor).where(Enrollment.id == enrollment_id))
    if enrollment is None:
        raise NotFound
    return _card(session, enrollment, now)


def get_lesson(
    session: Session, actor: Actor, enrollment_id: uuid.UUID, lesson_id: uuid.UUID, *, now: datetime
) -> LessonPage:
    """One lesson of an own enrollment's pinned course version."""
    card = get_course(session, actor, enrollment_id, now=now)
    row = next((row for row in card.lessons if row.lesson_id == lesson_id), None)
    if row is None:
        raise NotFound
    lesson = session.get_one(Lesson, lesson_id)
    if lesson.course_version is None:
        raise NotFound
    progress = session.get(LessonProgress, (enrollment_id, lesson_id))
    course = courses.text_of(lesson.course_version)
    text = courses.lesson_text(session, lesson_id)
    return LessonPage(
        card=card,
        row=row,
        text=text,
        sources=tuple(source for source in course.sources if source.id in text.sources),
        media=session.get(Media, lesson.media_id) if lesson.media_id else None,
        position_ms=progress.position_ms if progress else 0,
    )


def get_asset(session: Session, actor: Actor, enrollment_id: uuid.UUID, lesson_id: uuid.UUID, name: str) -> Asset:
    """A picture or paper of a lesson of an own enrollment. NotFound."""
    found = session.execute(scopes.lessons_of(actor, enrollment_id).where(Lesson.id == lesson_id)).one_or_none()
    asset = found and courses.lesson_text(session, lesson_id).find_asset(name)
    if not asset:
        raise NotFound
    return asset


def _uncounted(lesson_id: uuid.UUID, lesson: LessonText) -> LessonFacts:
    return LessonFacts(str(lesson_id), lesson.title, lesson.kind, 0)


def _card(session: Session, enrollment: Enrollment, now: datetime) -> CourseCard:
    cohort, version = enrollment.cohort, enrollment.cohort.course_version
    text = courses.text_of(version)
    where = standing(session, enrollment, now=now)
    return CourseCard(
        enrollment_id=enrollment.id,
        title=text.title,
        title_en=text.title_en,
        summary=text.summary,
        summary_en=text.summary_en,
        institution=cohort.organisation.name,
        cohort=cohort.name,
        opens_on=cohort.opens_on,
        closes_on=cohort.closes_on,
        standing=where,
        modules=_modules(text, version.lessons, where),
        code=records.find_code(session, enrollment.id),
        filing_number=cohort.filing_number,
        is_approved=may_study(cohort.filing),
    )


def _modules(text: CourseText, lessons: list[Lesson], where: Standing) -> tuple[ModuleRows, ...]:
    ids = {lesson.slug: lesson.id for lesson in lessons}
    facts = {fact.lesson_id: fact for fact in where.lessons}
    return tuple(
        ModuleRows(
            title=module.title,
            title_en=module.title_en,
            lessons=tuple(
                LessonRow(
                    lesson_id=ids[lesson.slug],
                    slug=lesson.slug,
                    kind=lesson.kind,
                    title=lesson.title,
                    title_en=lesson.title_en,
                    minutes=lesson.minutes,
                    facts=facts.get(str(ids[lesson.slug])) or _uncounted(ids[lesson.slug], lesson),
                    policy=where.policy,
                )
                for lesson in module.lessons
            ),
        )
        for module in text.modules
    )
