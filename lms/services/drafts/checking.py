"""What a draft would be as a course, or everything that still keeps it from being one."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from lms.adapters.objects import Store
from lms.authoring.package import read_files
from lms.authoring.problems import Problem
from lms.domain.courses import Course
from lms.domain.errors import NotFound
from lms.models.drafts import Draft
from lms.services import courses
from lms.services.drafts import films
from lms.services.drafts.reading import DraftFiles


@dataclass(frozen=True)
class Checked:
    """The course a draft is, or None and all its problems by file and line."""

    course: Course | None
    problems: tuple[Problem, ...]

    def about(self, path: str) -> tuple[Problem, ...]:
        """The problems of one file."""
        return tuple(problem for problem in self.problems if problem.path == path)


def check(session: Session, store: Store, draft: Draft) -> Checked:
    """Reads the draft as a package; included courses as last released, uploads with their library's captions."""
    course, problems = read_files(DraftFiles(draft, store), library(session))
    whole = films.with_captions(session, draft.organisation_id, course) if course else None
    return Checked(whole, tuple(problems))


def library(session: Session) -> Callable[[str], Course | None]:
    """The newest version of each released course."""

    def find(slug: str) -> Course | None:
        try:
            return courses.text_of(courses.latest(session, slug))
        except NotFound:
            return None

    return find
