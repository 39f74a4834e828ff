"""What a presence check asks: a sentence of the stretch that was just played, among sentences of other lessons."""

import re
import uuid
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from random import Random

from sqlalchemy.orm import Session

from lms.authoring.reader import text_of
from lms.domain.courses import TIMED
from lms.domain.courses import Lesson as LessonText
from lms.domain.presence import Question, ask
from lms.models.courses import Lesson
from lms.services import courses

SENTENCES = re.compile(r"[^。！？；\n]+[。！？]")
MOST_OTHERS = 12
MOST_KEPT = 2_000
SHORTEST, LONGEST = 8, 36  # signs: long enough to mean something, short enough for a button
LOOK_BACK_MS = 60_000


def about(session: Session, lesson_id: uuid.UUID, position_ms: int, dice: Random) -> Question | None:
    """A question about what was played just before `position_ms`; None where the course has too little text."""
    lesson = session.get_one(Lesson, lesson_id)
    if lesson.course_version is None:  # a class in person: nothing was played
        return None
    course = courses.text_of(lesson.course_version)
    lessons = [each for module in course.modules for each in module.lessons if each.kind in TIMED]
    here = next(each for each in lessons if each.slug == lesson.slug)
    others = [each for each in lessons if each.slug != lesson.slug]
    others = dice.sample(others, min(MOST_OTHERS, len(others)))  # a long course has hundreds
    played = _played(here, position_ms, lesson.duration_ms or 1)
    elsewhere = [sentence for each in others for sentence in _sentences(each)]
    own = set(_sentences(here))
    elsewhere = [sentence for sentence in elsewhere if sentence not in own]
    return ask(_fitting(played), _fitting(elsewhere), [here.title, *(each.title for each in others)], dice)


def _played(text: LessonText, position_ms: int, duration_ms: int) -> list[str]:
    """The sentences of the last minute: text is taken to be spoken or read evenly over the lesson's length."""
    sentences = _sentences(text)
    ends = list(accumulate(len(sentence) for sentence in sentences))
    if not ends:
        return []
    start = max(0, position_ms - LOOK_BACK_MS) * ends[-1] // duration_ms
    end = position_ms * ends[-1] // duration_ms
    return [each for each, at in zip(sentences, ends, strict=True) if start < at <= end]


@lru_cache(maxsize=MOST_KEPT)
def _sentences(text: LessonText) -> tuple[str, ...]:
    return tuple(found.strip() for found in SENTENCES.findall(text_of(text)))


def _fitting(sentences: Sequence[str]) -> list[str]:
    return [each for each in sentences if SHORTEST <= len(each) <= LONGEST]
