"""What a lesson is called while it is being written, whatever else is still wrong with its file."""

from dataclasses import dataclass

from lms.authoring.fields import Shape, read_mapping
from lms.authoring.front_matter import part
from lms.authoring.problems import Notes
from lms.domain.courses import LessonKind

_HEAD = "kind title title_en minutes objectives topics sources expert_review"
_ALL = Shape.of("", f"{_HEAD} upload file questions prepare steps pass_points")
_BY_FOLDER = {"quizzes": LessonKind.QUIZ, "practices": LessonKind.PRACTICE}


@dataclass(frozen=True, slots=True)
class Heading:
    """A lesson in an outline; "" and 0 for what its file does not say yet."""

    kind: LessonKind
    title: str
    title_en: str
    minutes: int


def read_heading(path: str, text: str) -> Heading:
    """The heading of a lesson file; nothing is noted, and anything may be missing."""
    kind = _BY_FOLDER.get(path.partition("/")[0], LessonKind.READING)
    unheard = Notes(path, [])
    front = text if kind in _BY_FOLDER.values() else _front(text, unheard)
    fields = read_mapping(front, 1, _ALL, unheard) if front else None
    if fields is None:
        return Heading(kind, "", "", 0)
    told = fields.text("kind") if fields.has("kind") else ""
    if kind is LessonKind.READING and told in (LessonKind.VIDEO, LessonKind.FILE):
        kind = LessonKind(told)
    minutes = fields.number("minutes", 0, 999) if fields.has("minutes") else 0
    return Heading(kind, fields.text("title"), fields.text("title_en"), minutes)


def _front(text: str, unheard: Notes) -> str:
    parted = part(text, unheard)
    return parted.front if parted else ""
