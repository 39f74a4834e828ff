"""What an author should look at before release: what blocks it, and what a second person must weigh."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lms.domain.courses import TIMED, Course, Lesson, LessonKind, Module, Topic
from lms.domain.policies import POLICIES

LEAST_VARIANTS = 3
MOST_LONG_SENTENCES = 0.15
MOST_OUTSIDE_WORDS = 0.10
LEAST_MEDICAL_WORDS = 2
MEDICAL = (
    "急救", "心肺复苏", "胸外按压", "人工呼吸", "拍背", "冲击", "止血", "包扎", "烫伤", "烧伤", "中毒", "抽搐", "昏迷",
    "噎", "骨折", "脱水", "中风", "疫苗", "血糖", "血压", "用药", "吃药", "喂药", "药量", "剂量", "退烧药", "安眠药",
    "胰岛素",
)  # fmt: skip
"""Words of medicine and first aid: a lesson that says several of them wants an expert's eye. Our own list."""


@dataclass(frozen=True)
class Finding:
    """One thing to look at: its code, the lesson or module it is about ("" for the course), values for its sentence."""

    code: str
    blocks: bool
    lesson: str = ""
    module: str = ""
    values: Mapping[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class MediaFacts:
    """What is known of an uploaded video; times in ms."""

    is_ready: bool
    duration_ms: int
    has_sound: bool


@dataclass(frozen=True)
class ReadingFacts:
    """How a lesson's text reads: shares from 0 to 1, and the words to explain or replace, the most frequent first."""

    long_sentences: float
    longest: str
    outside: float
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class LintFacts:
    """What the course's text alone does not say. `variants`: active questions of the exam bank by objective."""

    media: Mapping[str, MediaFacts] = field(default_factory=dict)
    reading: Mapping[str, ReadingFacts] = field(default_factory=dict)
    variants: Mapping[str, int] = field(default_factory=dict)


def lint(course: Course, facts: LintFacts) -> list[Finding]:
    """Everything to look at, what blocks the release first; the course itself passed the check of its package."""
    found = [*_course(course, facts)]
    for module in course.modules:
        found += _module(module, course, facts)
        for lesson in module.lessons:
            found += _lesson(lesson, facts)
    return sorted(found, key=lambda finding: not finding.blocks)


def coverage(course: Course) -> dict[str, dict[Topic, int]]:
    """By module slug: how many lessons speak of each of the eight topics."""
    return {
        module.slug: {topic: sum(topic in lesson.topics for lesson in module.lessons) for topic in Topic}
        for module in course.modules
    }


def minutes_of(lesson: Lesson, facts: LintFacts) -> float:
    """What a lesson takes: the length of an uploaded video, the plan of everything else."""
    known = facts.media.get(lesson.upload or "")
    return known.duration_ms / 60_000 if known else lesson.minutes


def _course(course: Course, facts: LintFacts) -> Iterator[Finding]:
    for topic in course.missing_topics():
        yield Finding("topic_missing", True, values={"topic": topic.value})
    for part in course.exam.parts if course.exam else ():
        have, need = facts.variants.get(part.objective, 0), LEAST_VARIANTS * part.questions
        if have < need:
            yield Finding("few_variants", False, values={"objective": part.objective, "have": have, "need": need})


def _module(module: Module, course: Course, facts: LintFacts) -> Iterator[Finding]:
    minutes = sum(minutes_of(lesson, facts) for lesson in module.lessons if lesson.kind in TIMED)
    claimed = module.class_hours_online * POLICIES[-1].minutes_per_class_hour
    if minutes < claimed:
        values = {"hours": module.class_hours_online, "claimed": claimed, "minutes": int(minutes)}
        yield Finding("hours_over_material", True, module=module.slug, values=values)
    for objective in module.objectives:
        if not any(objective.id in lesson.objectives for lesson in course.lessons if lesson.kind in TIMED):
            yield Finding("objective_not_taught", True, module=module.slug, values={"objective": objective.text})


def _lesson(lesson: Lesson, facts: LintFacts) -> Iterator[Finding]:
    if lesson.upload:
        yield from _upload(lesson, facts.media.get(lesson.upload))
    if lesson.needs_expert_review:
        yield Finding("expert_review_pending", False, lesson=lesson.slug)
    elif medical := _medical_words(lesson):
        yield Finding("medical_unmarked", False, lesson=lesson.slug, values={"words": "、".join(medical)})
    reading = facts.reading.get(lesson.slug)
    if reading and reading.long_sentences > MOST_LONG_SENTENCES:
        values = {"percent": round(100 * reading.long_sentences), "sentence": reading.longest}
        yield Finding("sentences_long", False, lesson=lesson.slug, values=values)
    if reading and reading.outside > MOST_OUTSIDE_WORDS:
        values = {"percent": round(100 * reading.outside), "words": "、".join(reading.words[:8])}
        yield Finding("words_hard", False, lesson=lesson.slug, values=values)


def _upload(lesson: Lesson, media: MediaFacts | None) -> Iterator[Finding]:
    if media is None or not media.is_ready:
        yield Finding("upload_not_playable", True, lesson=lesson.slug)
    elif not media.has_sound:
        yield Finding("upload_silent", False, lesson=lesson.slug)
    if not lesson.captions:
        yield Finding("captions_missing", True, lesson=lesson.slug)


def _medical_words(lesson: Lesson) -> list[str]:
    """The medical words of a lesson that nobody marked, if it says at least two different ones."""
    if lesson.kind is LessonKind.FILE:
        return []
    said = [word for word in MEDICAL if word in lesson.body]
    return said if len(said) >= LEAST_MEDICAL_WORDS else []
