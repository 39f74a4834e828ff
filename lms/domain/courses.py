"""A course as frozen values: Course → Module → Lesson, with slides and the practice quiz."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

READING_CHARACTERS_A_MINUTE = 220
SHORTEST_READING_MS = 60_000


class LessonKind(StrEnum):
    """How a lesson is studied."""

    VIDEO = "video"
    READING = "reading"
    QUIZ = "quiz"
    PRACTICE = "practice"
    FILE = "file"
    CLASS = "class"


TIMED = frozenset({LessonKind.VIDEO, LessonKind.READING})
"""The kinds that study time is credited for: practice is assessed by people, a file is for keeping."""

COUNTED = TIMED | {LessonKind.QUIZ}
"""The kinds that stand between a learner and her completion."""


class Topic(StrEnum):
    """The eight contents that run through all training (职业技能提升, 贯穿全过程)."""

    LAW = "law"
    ETHICS = "ethics"
    CONDUCT = "conduct"
    SAFETY = "safety"
    HEALTH = "health"
    EPIDEMIC = "epidemic"
    PSYCHOLOGY = "psychology"
    NUTRITION = "nutrition"


class QuestionType(StrEnum):
    """What kind of answer a question takes."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"


@dataclass(frozen=True, slots=True)
class Source:
    """A publication the lessons rest on; `url` is None for what exists on paper only."""

    id: str
    title: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Objective:
    """What a learner can do afterwards; `id` is unique in the course."""

    id: str
    text: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Slide:
    """One picture of a video lesson: what is drawn, and the paragraphs spoken over it (plain text)."""

    title: str
    points: tuple[str, ...]
    narration: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One answer on offer and the sentence told to whoever picks it."""

    text: str
    feedback: str
    correct: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question about one objective; options are numbered from 0 in this order."""

    id: str
    type: QuestionType
    objective: str
    stem: str
    options: tuple[Option, ...]

    @property
    def correct_options(self) -> frozenset[int]:
        """The numbers of the right options."""
        return frozenset(number for number, option in enumerate(self.options) if option.correct)


@dataclass(frozen=True, slots=True)
class Quiz:
    """A practice quiz: it travels with the course, unlike the bank of gating exams."""

    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing an assessor watches: what it is worth, and whether missing it fails the whole."""

    text: str
    points: int
    critical: bool = False


@dataclass(frozen=True, slots=True)
class Practice:
    """A practical skill as a checklist: what to get ready, steps whose points sum to 100, the points to pass."""

    prepare: tuple[str, ...]
    steps: tuple[Step, ...]
    pass_points: int


@dataclass(frozen=True, slots=True)
class Asset:
    """A picture or a paper of a course: `name` as lessons call it, `sha256` of its bytes, `size` in bytes."""

    name: str
    sha256: str
    content_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Lesson:
    """One step of study. `slug` is its identity in the course; `minutes` is the plan (0 if it is not timed).

    `body` is Markdown ("" for quiz and practice). A video is made from `slides`, or is the uploaded file whose
    SHA-256 is `upload`, with `captions` as WebVTT. `assets` are what the lesson shows or hands out.
    """

    slug: str
    kind: LessonKind
    title: str
    title_en: str
    minutes: int = 0
    objectives: tuple[str, ...] = ()
    topics: tuple[Topic, ...] = ()
    sources: tuple[str, ...] = ()
    body: str = ""
    slides: tuple[Slide, ...] = ()
    quiz: Quiz | None = None
    needs_expert_review: bool = False
    practice: Practice | None = None
    upload: str | None = None
    captions: str = ""
    assets: tuple[Asset, ...] = ()

    def find_asset(self, name: str) -> Asset | None:
        """The picture or paper of that name."""
        return next((asset for asset in self.assets if asset.name == name), None)


@dataclass(frozen=True, slots=True)
class Module:
    """A part of a course; `class_hours_online` is its planned online 学时."""

    slug: str
    title: str
    title_en: str
    class_hours_online: int
    objectives: tuple[Objective, ...]
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True, slots=True)
class ExamPart:
    """How many questions a paper draws for one objective."""

    objective: str
    questions: int


@dataclass(frozen=True, slots=True)
class Exam:
    """The blueprint of a gating exam: its papers are drawn from a bank that never travels with the course."""

    minutes: int
    pass_percent: int
    parts: tuple[ExamPart, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """A whole course, its modules in order of study."""

    slug: str
    title: str
    title_en: str
    summary: str
    summary_en: str
    language: str
    licence: str
    sources: tuple[Source, ...]
    modules: tuple[Module, ...]
    exam: Exam | None = None

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        """All lessons and quizzes in order of study."""
        return tuple(lesson for module in self.modules for lesson in module.lessons)

    @property
    def objectives(self) -> tuple[Objective, ...]:
        """All objectives in the order of their modules."""
        return tuple(objective for module in self.modules for objective in module.objectives)

    def find_lesson(self, slug: str) -> Lesson | None:
        """The lesson of that slug."""
        return next((lesson for lesson in self.lessons if lesson.slug == slug), None)

    def find_module_of(self, slug: str) -> Module | None:
        """The module that holds the lesson of that slug."""
        return next((module for module in self.modules if slug in _slugs(module.lessons)), None)

    def find_next(self, slug: str) -> Lesson | None:
        """The lesson after the one of that slug; None after the last, or when there is no such lesson."""
        ahead = iter(self.lessons)
        return next(ahead, None) if slug in _slugs(ahead) else None

    def find_source(self, source_id: str) -> Source | None:
        """The source of that id."""
        return next((source for source in self.sources if source.id == source_id), None)

    def lessons_about(self, topic: Topic) -> tuple[Lesson, ...]:
        """The lessons tagged with a topic: one row of the coverage matrix."""
        return tuple(lesson for lesson in self.lessons if topic in lesson.topics)

    def missing_topics(self) -> tuple[Topic, ...]:
        """The topics no lesson is tagged with; a course should miss none."""
        return tuple(topic for topic in Topic if not self.lessons_about(topic))


def count_characters(text: str) -> int:
    """Letters and digits of a plain text: punctuation and blanks take no reading of their own."""
    return sum(map(str.isalnum, text))


def reading_budget_ms(text: str) -> int:
    """The server's own measure of a reading lesson, in ms, for its plain text.

    220 characters a minute in whole seconds, never under one minute. The speed is our own parameter
    (slower than a practised reader's 300 and more), not taken from a regulation.
    """
    seconds = count_characters(text) * 60 // READING_CHARACTERS_A_MINUTE
    return max(SHORTEST_READING_MS, seconds * 1000)


def _slugs(lessons: Iterator[Lesson] | tuple[Lesson, ...]) -> Iterator[str]:
    return (lesson.slug for lesson in lessons)
