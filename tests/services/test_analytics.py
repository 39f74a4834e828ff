"""How a course is studied: counted from the tables, of the trainer's own learners only, and never of too few."""

import uuid
from collections.abc import Callable

import pytest

from lms.domain.analytics import FEWEST, Counts
from lms.domain.errors import NotFound
from lms.domain.items import Trouble
from lms.models.courses import Course, CourseVersion
from lms.models.enrollments import Cohort
from lms.parts import Parts
from lms.services import analytics, courses
from lms.services.analytics import CourseStudy, LessonStudy, Tries
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast
from tests.support.classroom import Classroom, Learner
from tests.support.statements import statements

VIDEO, READING, QUIZ = "say-hello", "read-hello", "quiz-hello"
ALL_RIGHT = {"q1": [0], "q2": [0, 1], "q3": [0]}


def lesson_of(parts: Parts, who: Actor, cast: Cast, slug: str = VIDEO) -> LessonStudy:
    with parts.database.transaction(write=False) as session:
        return analytics.lesson(session, who, cast.version, slug)


def course_of(parts: Parts, who: Actor, cast: Cast) -> CourseStudy:
    with parts.database.transaction(write=False) as session:
        return analytics.course(session, who, cast.version)


Act = Callable[[Classroom, Learner], None]


def write(parts: Parts, cast: Cast, *acts: Act, cohort: uuid.UUID | None = None) -> list[Learner]:
    """A learner for each act; the lesson takes 120 s."""
    with parts.database.transaction() as session:
        room = Classroom(session, cast, cohort)
        everybody = room.learners(len(acts))
        for who, act in zip(everybody, acts, strict=True):
            room.anew(who, VIDEO)
            act(room, who)
        room.settle(everybody)
    return everybody


def watch(until: int) -> Act:
    return lambda room, who: room.play(who, VIDEO, 0, until)


def counts(found: LessonStudy) -> list[Counts | None]:
    assert found.strip is not None
    return [each.counts for each in found.strip.buckets]


def test_a_lesson_in_buckets(parts: Parts, cast: Cast) -> None:
    def rewinds(room: Classroom, who: Learner) -> None:
        room.play(who, VIDEO, 0, 40)
        room.play(who, VIDEO, 20, 40, verdict="already_credited", credited=0)
        room.check(who, VIDEO, "wrong")
        room.anew(who, VIDEO)
        room.play(who, VIDEO, 40, 120)

    write(parts, cast, rewinds, *[watch(120)] * 4, *[watch(35)] * 2)
    found = counts(lesson_of(parts, cast.wanglei, cast))
    assert found[:5] == [
        Counts(7, 7, 0, 0, 0, 0),
        Counts(7, 7, 0, 0, 0, 0),
        Counts(7, 7, 1, 0, 0, 0),
        Counts(7, 7, 1, 3, 1, 1),
        Counts(5, 5, 0, 0, 0, 0),
    ]
    assert len(found) == 12


def test_what_was_refused_or_heard_in_class_is_not_played(parts: Parts, cast: Cast) -> None:
    def refused(room: Classroom, who: Learner) -> None:
        room.play(who, VIDEO, 0, 10)
        room.play(who, VIDEO, 60, 80, verdict="lease_lost", credited=0)

    def attended(room: Classroom, who: Learner) -> None:
        room.play(who, VIDEO, 0, 120, evidence_class="attended")
        room.play(who, VIDEO, 0, 10, verdict="already_credited", credited=0)

    def capped(room: Classroom, who: Learner) -> None:
        room.play(who, VIDEO, 0, 10, verdict="daily_cap", credited=0)

    write(parts, cast, refused, attended, capped, *[watch(10)] * 2)
    assert counts(lesson_of(parts, cast.wanglei, cast)) == [Counts(5, 5, 0, 4, 0, 0)] + [Counts(0, 0, 0, 0, 0, 0)] * 11


@pytest.mark.parametrize(
    ("outcome", "kind", "expected"),
    [
        ("passed", "study", (1, 0)),
        ("busy", "study", (1, 0)),
        ("wrong", "study", (1, 1)),
        ("late", "study", (1, 1)),
        ("missed", "study", (1, 1)),
        (None, "study", (1, 1)),
        ("wrong", "recovery", (0, 0)),
    ],
)
def test_checks_have_the_place_where_they_were_asked(
    parts: Parts, cast: Cast, outcome: str | None, kind: str, expected: tuple[int, int]
) -> None:
    def checked(room: Classroom, who: Learner) -> None:
        room.play(who, VIDEO, 0, 15)
        room.check(who, VIDEO, outcome, kind)
        room.play(who, VIDEO, 15, 40)

    write(parts, cast, checked, *[watch(40)] * 4)
    found = counts(lesson_of(parts, cast.wanglei, cast))
    assert [(each.asked, each.failed) for each in found if each] == [(0, 0), expected] + [(0, 0)] * 10


def test_a_check_that_may_still_be_answered_is_not_counted(parts: Parts, cast: Cast) -> None:
    everybody = write(parts, cast, *[watch(40)] * 5)
    with parts.database.transaction() as session:
        room = Classroom(session, cast)
        everybody[0].ms = 10**14
        room.check(everybody[0], VIDEO, None)
    found = counts(lesson_of(parts, cast.wanglei, cast))
    assert sum(each.asked for each in found if each) == 0


def test_other_organisations_are_never_counted(parts: Parts, cast: Cast) -> None:
    write(parts, cast, *[watch(30)] * 5)
    write(parts, cast, *[watch(120)] * 6, cohort=cast.foreign_cohort)
    assert {each.reached for each in counts(lesson_of(parts, cast.wanglei, cast)) if each} == {5, 0}
    assert {each.reached for each in counts(lesson_of(parts, cast.zhaoqin, cast)) if each} == {6}
    assert course_of(parts, cast.wanglei, cast).learners == 6, "the five and 李芳"
    assert course_of(parts, cast.zhaoqin, cast).learners == 7
    for nobody in (cast.zhoumin, cast.lifang, cast.admin):
        assert lesson_of(parts, nobody, cast).strip is None


@pytest.mark.parametrize("persons", [0, FEWEST - 1])
def test_too_few_are_withheld(parts: Parts, cast: Cast, persons: int) -> None:
    def all_of_it(room: Classroom, who: Learner) -> None:
        room.play(who, VIDEO, 0, 120)
        room.attempt(who, QUIZ, ALL_RIGHT, 100)

    write(parts, cast, *[all_of_it] * persons)
    assert lesson_of(parts, cast.wanglei, cast).strip is None
    assert lesson_of(parts, cast.wanglei, cast, QUIZ).items is None
    found = course_of(parts, cast.wanglei, cast)
    assert found.learners == (None if persons + 1 < FEWEST else persons + 1)
    assert all((each.times, each.tries, each.checks) == (None, None, None) for each in found.lessons)


def test_a_course_by_lessons(parts: Parts, cast: Cast) -> None:
    def all_of_it(room: Classroom, who: Learner) -> None:
        room.play(who, VIDEO, 0, 60)
        room.check(who, VIDEO, "missed")
        room.check(who, VIDEO, "passed")
        room.anew(who, VIDEO, 7200)
        room.play(who, VIDEO, 60, 120)
        room.attempt(who, QUIZ, {}, 0)
        room.attempt(who, QUIZ, ALL_RIGHT, 100, minute=5)

    def half_of_it(room: Classroom, who: Learner) -> None:
        room.play(who, VIDEO, 0, 40)
        room.check(who, VIDEO, "passed")
        room.attempt(who, QUIZ, ALL_RIGHT, 100)

    write(parts, cast, *[all_of_it] * 3, *[half_of_it] * 2)
    found = course_of(parts, cast.wanglei, cast)
    video, reading, quiz = found.lessons
    assert (found.learners, video.duration_ms, video.text.minutes) == (6, 120_000, 3)
    assert video.times is not None
    assert (video.times.persons, video.times.finished, video.times.credited_ms) == (5, 3, 120_000)
    assert video.times.elapsed_ms == 7_200_000 + 60_000 + 60_000
    assert video.checks == (5, 3)
    assert (reading.times, reading.checks, reading.tries) == (None, None, None)
    assert quiz.tries == Tries(persons=5, passed_first=2, passed=5, attempts=8)


def test_who_is_in_two_cohorts_is_one_person(parts: Parts, cast: Cast) -> None:
    everybody = write(parts, cast, *[watch(120)] * 5)
    with parts.database.transaction() as session:
        other = session.get_one(Cohort, cast.cohort)
        again = Cohort(
            id=uuid.uuid4(),
            organisation_id=other.organisation_id,
            course_version_id=other.course_version_id,
            name="二班",
            opens_on=other.opens_on,
            closes_on=other.closes_on,
            policy_code=other.policy_code,
            created_at=NOON,
        )
        session.add(again)
        session.flush()
        room = Classroom(session, cast, again.id)
        twin = room.learner(everybody[0].person)
        twin.entry = 100
        room.play(twin, VIDEO, 0, 20)
        room.settle([twin])
    found = course_of(parts, cast.wanglei, cast)
    assert found.learners == 6
    assert found.lessons[0].times is not None
    assert (found.lessons[0].times.persons, found.lessons[0].times.finished) == (5, 5)
    assert counts(lesson_of(parts, cast.wanglei, cast))[0] == Counts(5, 5, 1, 0, 0, 0)


def test_only_the_first_try_at_a_quiz_counts(parts: Parts, cast: Cast) -> None:
    def lured(room: Classroom, who: Learner) -> None:
        room.attempt(who, QUIZ, ALL_RIGHT, 100, minute=9)
        room.attempt(who, QUIZ, {"q1": [2], "q2": [0, 1], "q3": [0]}, 66)

    def right(room: Classroom, who: Learner) -> None:
        room.attempt(who, QUIZ, ALL_RIGHT, 100)

    write(parts, cast, *[lured] * 4, *[right] * 3)
    found = lesson_of(parts, cast.wanglei, cast, QUIZ).items
    assert found is not None
    assert [each.right for each in found] == [3, 7, 7]
    assert (found[0].picked, found[0].lure, found[0].troubles) == ((3, 0, 4), 2, (Trouble.LURE,))
    assert found[1].picked == (7, 7, 0)


def test_a_version_of_strangers_is_not_found(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        version = session.get_one(CourseVersion, cast.version)
        session.get_one(Course, version.course_id).organisation_id = cast.anhe
    assert course_of(parts, cast.wanglei, cast).lessons == (), "her cohort studies it"
    with parts.database.transaction() as session:
        session.get_one(Cohort, cast.cohort).organisation_id = cast.anhe
    for ask in (course_of, lesson_of):
        with pytest.raises(NotFound):
            ask(parts, cast.wanglei, cast)
        assert ask(parts, cast.zhaoqin, cast).version.id == cast.version
    with parts.database.transaction(write=False) as session:
        with pytest.raises(NotFound):
            courses.get_visible(session, cast.wanglei, cast.version)
        assert courses.get_visible(session, cast.zhaoqin, cast.version)


def test_what_does_not_exist_is_not_found(parts: Parts, cast: Cast) -> None:
    with pytest.raises(NotFound):
        lesson_of(parts, cast.wanglei, cast, "nothing")
    with parts.database.transaction(write=False) as session, pytest.raises(NotFound):
        analytics.course(session, cast.wanglei, uuid.uuid4())


def test_a_lesson_takes_two_queries_of_study_however_many_learn(parts: Parts, cast: Cast) -> None:
    write(parts, cast, *[watch(120)] * 9)
    with statements(parts.database.engine) as asked:
        assert lesson_of(parts, cast.wanglei, cast).strip is not None
    assert sum("study_intervals" in each for each in asked) == 1
    assert sum("presence_checks" in each for each in asked) == 1
