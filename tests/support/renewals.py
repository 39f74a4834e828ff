"""康宁's small course, which holds for a time: rules, completions by hand, classes of newer versions, years passing."""

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import func, select

from lms.authoring.frozen import content_hash, freeze
from lms.domain.courses import LessonKind
from lms.domain.renewals import Span
from lms.domain.roles import Role
from lms.models.base import new_id
from lms.models.courses import CourseVersion, Lesson
from lms.models.enrollments import Cohort, Enrollment
from lms.models.renewals import Validity
from lms.parts import Parts
from lms.services import renewals
from lms.services.renewals import Figures
from lms.services.renewals.fixing import days_of
from tests.support.cast import LESSON_MS, NOON, Cast
from tests.support.texts import small_course

SOURCE = "某人社发〔2026〕1号"
FIGURES = Figures(24, 90, 30, SOURCE, NOON.date())
ISSUED, OPENS, DUE = NOON.date(), date(2028, 8, 25), date(2028, 10, 24)
LAST, OVER = date(2028, 11, 23), date(2028, 11, 24)


def noon_of(day: date) -> datetime:
    """Noon in China on a day."""
    return NOON.replace(year=day.year, month=day.month, day=day.day)


@dataclass(frozen=True)
class Years:
    """What happens to the course over years."""

    parts: Parts
    cast: Cast

    @property
    def course(self) -> uuid.UUID:
        with self.parts.database.transaction(write=False) as session:
            return session.get_one(CourseVersion, self.cast.version).course_id

    def rule(self, figures: Figures = FIGURES, *, now: datetime = NOON) -> uuid.UUID:
        """The platform says how long completions hold."""
        with self.parts.database.transaction() as session:
            return renewals.set_rule(session, self.cast.admin, Role.PLATFORM, self.course, figures, now=now)

    def complete(self, enrollment: uuid.UUID | None = None, *, at: datetime = NOON) -> uuid.UUID:
        """李芳 has completed a class."""
        made = enrollment or self.cast.enrollment
        with self.parts.database.transaction() as session:
            renewals.fix(session, session.get_one(Enrollment, made), issued_at=at)
        return made

    def version(self) -> uuid.UUID:
        """The next version of the course."""
        with self.parts.database.transaction() as session:
            last = session.scalar(select(func.max(CourseVersion.number)).where(CourseVersion.course_id == self.course))
            text = replace(small_course(), summary=f"第{last}次修订")
            made = CourseVersion(
                id=new_id(), course_id=self.course, number=(last or 0) + 1, title=text.title, title_en=text.title_en,
                content_hash=content_hash(freeze(text)), frozen=freeze(text), published_at=NOON,
            )  # fmt: skip
            session.add(made)
            for position, lesson in enumerate((one for module in text.modules for one in module.lessons), start=1):
                session.add(
                    Lesson(
                        id=new_id(), course_version_id=made.id, module_slug=text.modules[0].slug, slug=lesson.slug,
                        position=position, kind=lesson.kind.value, title=lesson.title, title_en=lesson.title_en,
                        duration_ms=0 if lesson.kind is LessonKind.QUIZ else LESSON_MS,
                    )
                )  # fmt: skip
        return made.id

    def open_class(
        self,
        version: uuid.UUID | None = None,
        *,
        at: uuid.UUID | None = None,
        opens: date = OPENS,
        name: str = "复训班",
        filing: str = "",
    ) -> uuid.UUID:
        """A class without anybody in it."""
        with self.parts.database.transaction() as session:
            made = Cohort(
                id=new_id(), organisation_id=at or self.cast.kangning, course_version_id=version or self.cast.version,
                name=name, opens_on=opens, closes_on=date(2099, 12, 31), policy_code="base-2023", filing=filing,
                created_at=NOON,
            )  # fmt: skip
            session.add(made)
        return made.id

    def enrollment_in(self, cohort: uuid.UUID) -> uuid.UUID:
        """李芳's place in a class."""
        mine = select(Enrollment.id).where(
            Enrollment.cohort_id == cohort, Enrollment.person_id == self.cast.lifang.person_id
        )
        with self.parts.database.transaction(write=False) as session:
            return session.scalars(mine).one()

    def held(self, enrollment: uuid.UUID | None = None) -> Span | None:
        """The days of a completion."""
        with self.parts.database.transaction(write=False) as session:
            return days_of(session.get_one(Validity, enrollment or self.cast.enrollment))
