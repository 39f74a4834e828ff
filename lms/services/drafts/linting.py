"""The author lint of a draft: its text, its uploaded videos and the exam bank, weighed together."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from lms.authoring.reader import facts_of, measure_course
from lms.domain.courses import Course, Topic
from lms.domain.lint import Finding, LintFacts, coverage, lint
from lms.models.drafts import Draft
from lms.services import bank
from lms.services.drafts import films


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
    known = films.facts(session, draft.organisation_id, course)
    facts = LintFacts(
        media=known, reading=readings, variants=bank.variants(session, draft.organisation_id, course.slug)
    )
    return Linted(tuple(lint(course, facts)), coverage(course))
