"""The reader's measure of a whole course, lesson by lesson: what authors see, and what the lint weighs."""

from lms.authoring.markdown import to_plain
from lms.authoring.plain_language import Reading, measure
from lms.domain.courses import TIMED, Course, Lesson
from lms.domain.lint import ReadingFacts

MOST_WORDS = 12


def measure_course(course: Course) -> dict[str, Reading]:
    """By slug: how the text of each video and reading lesson reads. Points on slides are no sentences."""
    return {lesson.slug: measure(text_of(lesson)) for lesson in course.lessons if lesson.kind in TIMED}


def facts_of(reading: Reading) -> ReadingFacts:
    """What the lint weighs of a measure."""
    share = reading.long_sentences / reading.sentences if reading.sentences else 0.0
    words = tuple(word for word, _ in reading.outside.most_common(MOST_WORDS))
    return ReadingFacts(share, reading.longest, reading.outside_share, words)


def text_of(lesson: Lesson) -> str:
    """What is read or heard of a lesson, without marks."""
    if lesson.slides:
        return "\n".join(paragraph for slide in lesson.slides for paragraph in slide.narration)
    return to_plain(lesson.body)
