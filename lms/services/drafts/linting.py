"""The author lint of a draft: its text, its uploaded videos and the exam bank, weighed together."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.authoring.reader import facts_of, measure_course
from lms.domain.courses import Course, Topic
from lms.domain.lint import Finding, LintFacts, MediaFacts, coverage, lint
from lms.models.drafts import Draft
from lms.models.media import Media
from lms.services import media


@dataclass(frozen=True)
class Linted:
    """What to look at before release, and by module how many lessons speak of each topic."""

    findings: tuple[Finding, ...]
    matrix: dict[str, dict[Topic, int]]

    @property
    def blocking(self) -> int:
        """How many findings keep the course from release."""
        return sum(finding.blocks for finding in self.findings)


def lint_course(session: Session, draft: Draft, course: Course) -> Linted:
    """The lint of a draft that is a course already."""
    readings = {slug: facts_of(reading) for slug, reading in measure_course(course).items()}
    facts = LintFacts(media=_media(session, course), reading=readings, variants=_variants(session, draft, course))
    return Linted(tuple(lint(course, facts)), coverage(course))


def _media(session: Session, course: Course) -> dict[str, MediaFacts]:
    wanted = [lesson.upload for lesson in course.lessons if lesson.upload]
    rows = session.scalars(select(Media).where(Media.source_hash.in_(wanted)))
    return {row.source_hash: MediaFacts(row.state == media.READY, row.duration_ms or 0, has_sound=True) for row in rows}


def _variants(_session: Session, _draft: Draft, _course: Course) -> dict[str, int]:
    return {}
