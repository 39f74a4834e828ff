"""The wrong-answer notebook (错题本): what was missed comes back after growing pauses, until it is known.

Leitner's boxes. The figures are our own choice, not taken from a regulation. Nothing here earns study time or a grade.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from lms.domain.courses import TIMED, Course, Lesson, Question, QuestionType, Quiz
from lms.domain.quizzes import Answers, is_right

PAUSES_DAYS = (0, 1, 3, 7, 21)
"""Civil days from an answer until the question is asked again, by box: a miss comes back the same day."""

LEARNED = len(PAUSES_DAYS)
"""The box of what is known: so many right answers in a row, each after its pause."""

QUESTION_SECONDS = 40
MOST_A_SESSION = 5 * 60 // QUESTION_SECONDS
MOST_AFTER_A_LESSON = 3


@dataclass(frozen=True, slots=True)
class Given:
    """One answer to one question of a quiz lesson, in an attempt or in a review. `at`: UTC."""

    lesson: str
    question: str
    at: datetime
    right: bool


@dataclass(frozen=True, slots=True)
class Missed:
    """Where a question stands that was missed at least once.

    box: right answers in a row since the last miss, each given when it was due; LEARNED is out of the notebook.
    due_on: the first civil day on which it is asked again; None when it is learned.
    misses: how often it was missed. moved_at: when the answer was given that put it here, UTC.
    """

    lesson: str
    question: str
    box: int
    due_on: date | None
    misses: int
    moved_at: datetime

    def is_due(self, today: date) -> bool:
        """Whether it waits to be asked on this civil day."""
        return self.due_on is not None and self.due_on <= today

    @property
    def is_learned(self) -> bool:
        """Whether it has left the notebook, unless it is missed again."""
        return self.due_on is None


def answers_in(quiz: Quiz, lesson: str, picked: Answers, at: datetime) -> Iterator[Given]:
    """What an attempt says of each question of its quiz; a question without an answer was missed."""
    for question in quiz.questions:
        yield Given(lesson, question.id, at, is_right(question, picked.get(question.id, frozenset())))


def notebook(given: Iterable[Given], zone: ZoneInfo) -> tuple[Missed, ...]:
    """Every question that was ever missed, by lesson and question, from answers in any order.

    The same answer told twice is one answer. Of two at one moment the wrong one counts last. A right answer
    before the question is due changes nothing, so that a whole month is not got over in an afternoon.
    """
    histories: dict[tuple[str, str], set[tuple[datetime, bool]]] = defaultdict(set)
    for each in given:
        histories[each.lesson, each.question].add((each.at, each.right))
    found = (_follow(lesson, question, told, zone) for (lesson, question), told in sorted(histories.items()))
    return tuple(missed for missed in found if missed)


def _follow(lesson: str, question: str, told: set[tuple[datetime, bool]], zone: ZoneInfo) -> Missed | None:
    state = None
    for at, right in sorted(told, key=lambda each: (each[0], not each[1])):
        day = at.astimezone(zone).date()
        if not right:
            misses = state.misses + 1 if state else 1
            state = Missed(lesson, question, 0, _due_after(0, day), misses, at)
        elif state and state.is_due(day):
            state = replace(state, box=state.box + 1, due_on=_due_after(state.box + 1, day), moved_at=at)
    return state


def _due_after(box: int, day: date) -> date | None:
    return day + timedelta(days=PAUSES_DAYS[box]) if box < LEARNED else None


def pick(missed: Iterable[Missed], today: date, most: int = MOST_A_SESSION) -> tuple[Missed, ...]:
    """At most so many that are due, the oldest due first; of one day those that have rested longest."""
    due = [(each.due_on or today, each.moved_at, each.lesson, each.question, each) for each in missed]
    return tuple(row[-1] for row in sorted(row for row in due if row[-1].is_due(today)))[:most]


def minutes(questions: int) -> int:
    """About how long so many questions take, in whole minutes rounded up; 0 for none."""
    return -(-questions * QUESTION_SECONDS // 60)


def showing(enrollment: str, missed: Missed) -> str:
    """A name for asking this question of this learner this time: the same until an answer moved it on.

    It serves as the seed of the options' order, and as the key by which an answer sent twice is known.
    """
    told = (enrollment, missed.lesson, missed.question, str(missed.misses), str(missed.box))
    return sha256(":".join(told).encode()).hexdigest()[:40]


def order(question: Question, seed: str) -> tuple[int, ...]:
    """The numbers of the options in the order to show them, so that places are not learned by heart.

    The same seed gives the same order. 对 and 错 stay as people know them.
    """
    numbers = range(len(question.options))
    if question.type is QuestionType.TRUE_FALSE:
        return tuple(numbers)
    return tuple(sorted(numbers, key=lambda number: sha256(f"{seed}:{number}".encode()).digest()))


def teaching(course: Course, quiz: Lesson, question: Question) -> Lesson | None:
    """The lesson that teaches what a question asks: of those with its objective, the one that says most of its words.

    Lessons before the quiz go before those after it; of equals the last. None where no lesson has the objective.
    """
    lessons = course.lessons
    place = next((at for at, each in enumerate(lessons) if each.slug == quiz.slug), len(lessons))
    taught = [at for at, each in enumerate(lessons) if each.kind in TIMED and question.objective in each.objectives]
    pairs = _pairs(question)
    best = max(taught, key=lambda at: (at < place, _said(lessons[at], pairs), at), default=None)
    return None if best is None else lessons[best]


def _pairs(question: Question) -> set[str]:
    """Pairs of neighbouring characters: Chinese has no blanks between words."""
    texts = [question.stem, *(option.text + option.feedback for option in question.options if option.correct)]
    return {pair for text in texts for pair in _neighbours(text) if pair.isalnum()}


def _neighbours(text: str) -> Sequence[str]:
    return [text[at : at + 2] for at in range(len(text) - 1)]


def _said(lesson: Lesson, pairs: set[str]) -> int:
    return sum(pair in lesson.body or pair in lesson.title for pair in pairs)
