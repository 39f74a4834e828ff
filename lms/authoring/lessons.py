"""One lesson file: front matter and Markdown become a Lesson."""

import re
from dataclasses import dataclass, replace

from lms.authoring.fields import Fields, Said, Shape, read_mapping
from lms.authoring.front_matter import Parted, part
from lms.authoring.markdown import to_plain
from lms.authoring.problems import Notes
from lms.authoring.prose import check_prose, pictures
from lms.authoring.slides import read_slides
from lms.domain.courses import READING_CHARACTERS_A_MINUTE, TIMED, Lesson, LessonKind, Topic, count_characters

LEAST_MINUTES, MOST_MINUTES = 3, 8
MOST_UPLOAD_MINUTES = 60
MOST_BODY_CHARACTERS = 20_000
SPOKEN_CHARACTERS_A_MINUTE = 200

_SHAPE = Shape.of("kind title title_en objectives topics sources", "minutes upload file expert_review")
_KINDS = (LessonKind.VIDEO, LessonKind.READING, LessonKind.FILE)
_HASH = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Known:
    """The ids course.yaml declares, which lessons and quizzes may refer to."""

    objectives: tuple[str, ...]
    sources: tuple[str, ...]


def read_lesson(text: str, slug: str, known: Known, notes: Notes) -> Lesson | None:
    """A video, reading or file lesson; None if it has no readable front matter. What is wrong is noted."""
    parted = part(text, notes)
    fields = parted and read_mapping(parted.front, 2, _SHAPE, notes)
    if not parted or not fields:
        return None
    kind = LessonKind(fields.choice("kind", _KINDS) or LessonKind.READING)
    lesson = replace(read_heading(fields, slug, kind, known), minutes=_minutes(kind, fields))
    lesson = _with_upload(lesson, fields)
    if kind is LessonKind.FILE and not fields.has("file"):
        notes.add(fields.line, "key_missing", key="file")
    if (kind is LessonKind.FILE and not parted.body.strip()) or not _body_is_usable(parted, notes):
        return lesson
    lesson = _with_body(lesson, parted, notes)
    _check_minutes(lesson, fields)
    return lesson


def assets_named(text: str, notes: Notes) -> list[Said]:
    """The pictures a lesson file shows and the paper it hands out, each with the line it is named on."""
    parted = part(text, Notes(notes.path, []))
    if not parted:
        return []
    fields = read_mapping(parted.front, 2, _SHAPE, Notes(notes.path, []))
    paper = [Said(fields.text("file"), fields.line_of("file"))] if fields and fields.has("file") else []
    return paper + [Said(source, line) for source, line in pictures(parted.body, parted.body_line)]


def _minutes(kind: LessonKind, fields: Fields) -> int:
    if fields.has("minutes"):
        return fields.number(
            "minutes", LEAST_MINUTES, MOST_MINUTES if not fields.has("upload") else MOST_UPLOAD_MINUTES
        )
    if kind in TIMED:
        fields.notes.add(fields.line, "key_missing", key="minutes")
    return 0


def _with_upload(lesson: Lesson, fields: Fields) -> Lesson:
    """A video that was filmed is named by the SHA-256 of its file, so that it is the same on every platform."""
    if not fields.has("upload"):
        return lesson
    digest = fields.text("upload")
    if lesson.kind is not LessonKind.VIDEO or not _HASH.fullmatch(digest):
        fields.note("upload", "upload_shape")
        return lesson
    return replace(lesson, upload=digest)


def read_heading(fields: Fields, slug: str, kind: LessonKind, known: Known) -> Lesson:
    """What lessons and quizzes have in common."""
    return Lesson(
        slug=slug,
        kind=kind,
        title=fields.text("title", most=60),
        title_en=fields.text("title_en"),
        objectives=fields.chosen("objectives", known.objectives, "reference_unknown"),
        topics=tuple(map(Topic, fields.chosen("topics", tuple(Topic)))),
        sources=fields.chosen("sources", known.sources, "reference_unknown"),
        needs_expert_review=fields.choice("expert_review", ("pending",)) == "pending",
    )


def _body_is_usable(parted: Parted, notes: Notes) -> bool:
    if not parted.body.strip():
        notes.add(parted.body_line, "body_empty")
    elif len(parted.body) > MOST_BODY_CHARACTERS:
        notes.add(parted.body_line, "body_too_long", most=MOST_BODY_CHARACTERS)
    else:
        return True
    return False


def _with_body(lesson: Lesson, parted: Parted, notes: Notes) -> Lesson:
    is_made = lesson.kind is LessonKind.VIDEO and lesson.upload is None
    check_prose(parted.body, parted.body_line, notes, may_show=not is_made)
    slides = read_slides(parted.body, parted.body_line, notes) if is_made else ()
    return replace(lesson, body=parted.body.strip(), slides=slides)


def _check_minutes(lesson: Lesson, fields: Fields) -> None:
    if lesson.upload or lesson.kind not in TIMED:
        return
    characters, speed = _measure(lesson)
    if lesson.minutes and 5 * abs(lesson.minutes * speed - characters) > 2 * characters:
        measured = f"{characters / speed:.1f}"
        fields.note("minutes", "minutes_far_from_text", minutes=lesson.minutes, measured=measured)


def _measure(lesson: Lesson) -> tuple[int, int]:
    """How many characters take the learner's time, and how many of them make a minute."""
    if lesson.kind == LessonKind.READING:
        return count_characters(to_plain(lesson.body)), READING_CHARACTERS_A_MINUTE
    spoken = (paragraph for slide in lesson.slides for paragraph in slide.narration)
    return sum(map(count_characters, spoken)), SPOKEN_CHARACTERS_A_MINUTE
