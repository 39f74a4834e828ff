"""course.yaml: the course, its modules and the files they list."""

from collections.abc import Collection
from dataclasses import dataclass

from lms.authoring.fields import Fields, Said, Shape, note_repeats, read_mapping
from lms.authoring.lessons import Known
from lms.authoring.problems import Notes
from lms.authoring.prose import is_http
from lms.domain.courses import Course, Exam, ExamPart, Module, Objective, Source

FILE = "course.yaml"
LANGUAGES = ("zh-Hans",)
MOST_CLASS_HOURS = 100
MOST_QUESTIONS = 50
MOST_EXAM_MINUTES = 240

_COURSE = Shape.of("format slug title title_en summary summary_en language licence sources modules", "includes exam")
_EXAM = Shape.of("minutes pass_percent parts")
_EXAM_PART = Shape.of("objective questions")
_SOURCE = Shape.of("id title", "url")
_MODULE = Shape.of("slug title title_en class_hours_online objectives lessons")
_OBJECTIVE = Shape.of("id text text_en")


@dataclass(frozen=True, slots=True)
class Part:
    """A module before its lessons are read, the files it lists, and the rows it was read from."""

    module: Module
    files: tuple[Said, ...]
    row: Fields
    objective_rows: tuple[Fields, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """A course before its lessons are read: `course` has no modules yet, `includes` names courses that go before."""

    course: Course
    parts: tuple[Part, ...]
    includes: tuple[Said, ...]
    fields: Fields

    @property
    def known(self) -> Known:
        """The ids that lessons and quizzes may refer to."""
        objectives = (objective.id for part in self.parts for objective in part.module.objectives)
        return Known(tuple(objectives), tuple(source.id for source in self.course.sources))


def read_manifest(text: str, notes: Notes) -> Manifest | None:
    """The manifest; None if its YAML is no mapping. What is wrong is noted."""
    fields = read_mapping(text, 1, _COURSE, notes)
    if not fields:
        return None
    fields.choice("format", ("1",))
    parts = tuple(map(_part, fields.rows("modules", _MODULE)))
    includes = fields.entries("includes") if fields.has("includes") else ()
    manifest = Manifest(_course(fields), parts, includes, fields)
    note_repeats((part.row for part in parts), (part.module.slug for part in parts), "slug")
    rows = (row for part in parts for row in part.objective_rows)
    note_repeats(rows, manifest.known.objectives, "id")
    return manifest


def _course(fields: Fields) -> Course:
    rows = fields.rows("sources", _SOURCE)
    sources = tuple(map(_source, rows))
    note_repeats(rows, (source.id for source in sources), "id")
    return Course(
        slug=fields.slug("slug"),
        title=fields.text("title", most=60),
        title_en=fields.text("title_en"),
        summary=fields.text("summary", most=500),
        summary_en=fields.text("summary_en", most=1000),
        language=fields.choice("language", LANGUAGES),
        licence=fields.text("licence"),
        sources=sources,
        modules=(),
    )


def read_exam(fields: Fields, objectives: Collection[str] | None = None) -> Exam | None:
    """The blueprint of the gating exam; None if the course has none. What is wrong is noted.

    Where the `objectives` of the whole course are given, the exam may ask for no others.
    """
    row = fields.row("exam", _EXAM)
    if not row:
        return None
    rows = row.rows("parts", _EXAM_PART)
    parts = tuple(
        ExamPart(_objective_of(part, objectives), part.number("questions", 1, MOST_QUESTIONS)) for part in rows
    )
    note_repeats(rows, (part.objective for part in parts), "objective")
    return Exam(row.number("minutes", 5, MOST_EXAM_MINUTES), row.number("pass_percent", 1, 100), parts)


def _objective_of(row: Fields, objectives: Collection[str] | None) -> str:
    return row.slug("objective") if objectives is None else row.choice("objective", objectives, "exam_objective")


def _source(row: Fields) -> Source:
    url = row.text("url", most=500)
    if url and not is_http(url):
        row.note("url", "link_not_http", link=url)
    return Source(row.slug("id"), row.text("title"), url or None)


def _part(row: Fields) -> Part:
    objective_rows = row.rows("objectives", _OBJECTIVE)
    module = Module(
        slug=row.slug("slug"),
        title=row.text("title", most=60),
        title_en=row.text("title_en"),
        class_hours_online=row.number("class_hours_online", 0, MOST_CLASS_HOURS),
        objectives=tuple(map(_objective, objective_rows)),
        lessons=(),
    )
    return Part(module, row.entries("lessons"), row, objective_rows)


def _objective(row: Fields) -> Objective:
    return Objective(row.slug("id"), row.text("text"), row.text("text_en"))
