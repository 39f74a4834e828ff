"""Single questions of an exam are told once the class has closed, to her and to who examined her, and not before."""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event

from lms.domain.courses import Asset
from lms.domain.errors import NotFound
from lms.domain.exam_reveal import Outcome
from lms.domain.exams import GRACE_MS, Reveal, RulingKind
from lms.models.enrollments import Cohort
from lms.parts import Parts
from lms.services import exams
from lms.services.exams import Telling
from lms.services.scopes import Actor
from tests.domain.bank_entries import SINGLE
from tests.support import examiners
from tests.support.cast import Cast, Stage
from tests.support.exams import KINDS, MINUTES, QUESTIONS, SEED, Hall, Sitter, stage
from tests.support.study import WoundClock, now

LAST = date(2026, 12, 31)
MIDNIGHT = datetime(2026, 12, 31, 16, tzinfo=UTC)  # in China, where the class's days are counted
BEFORE, AFTER = MIDNIGHT - timedelta(minutes=1), MIDNIGHT
PICTURE = Asset("assets/picture.png", "0" * 64, "image/png", 10)


@pytest.fixture
def hall(parts: Parts, cast: Cast, wound: WoundClock) -> Hall:
    with parts.database.transaction() as session:
        made = stage(session, cast)
        session.get_one(Cohort, made.cohort).closes_on = LAST
    return made


@pytest.fixture
def lifang(parts: Parts, cast: Cast, hall: Hall) -> Sitter:
    return Sitter(parts, cast.lifang, hall.enrollment)


def told(sitter: Sitter, sitting: uuid.UUID, at: datetime = AFTER) -> Telling:
    with sitter.parts.database.transaction() as session:
        found = exams.get_result(session, sitter.actor, sitting, now=at)
    assert found is not None
    return found.telling


def statements(sitter: Sitter, sitting: uuid.UUID, at: datetime) -> list[str]:
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    event.listen(sitter.parts.database.engine, "before_cursor_execute", note)
    try:
        told(sitter, sitting, at)
    finally:
        event.remove(sitter.parts.database.engine, "before_cursor_execute", note)
    return said


def test_one_minute_parts_nothing_from_everything(lifang: Sitter) -> None:
    sitting = lifang.sit(right=QUESTIONS - 1)
    before, after = told(lifang, sitting, BEFORE), told(lifang, sitting, AFTER)
    assert (before.state, before.from_on, before.questions) == (Reveal.LATER, date(2027, 1, 1), ())
    assert after.state is Reveal.TOLD
    assert [row.place for row in after.questions] == list(range(QUESTIONS))
    assert [row.outcome for row in after.questions[:-1]] == [Outcome.FULL] * (QUESTIONS - 1)
    assert after.questions[-1].outcome is not Outcome.FULL
    assert {row.revealed.item.type for row in after.questions} == {item.type for item in KINDS}
    assert all(row.is_answered and row.before is None for row in after.questions)


def test_no_key_is_read_before_and_one_query_a_kind_after(lifang: Sitter) -> None:
    sitting = lifang.sit()
    before, after = statements(lifang, sitting, BEFORE), statements(lifang, sitting, AFTER)
    for table, said in (("bank_revisions", 1), ("exam_answers", 1)):
        assert sum(f"FROM {table}" in each for each in before) == 0
        assert sum(f"FROM {table}" in each for each in after) == said
    assert len(after) == len(before) + 2


def test_what_was_not_answered_is_told_too(lifang: Sitter) -> None:
    sitting = lifang.open()
    lifang.hand_in(sitting)
    rows = told(lifang, sitting).questions
    assert [(row.is_answered, row.outcome) for row in rows] == [(False, Outcome.WRONG)] * QUESTIONS


@pytest.mark.parametrize(
    ("kind", "after", "before"),
    [
        (RulingKind.LEAVE_OUT, Outcome.NOT_COUNTED, Outcome.WRONG),
        (RulingKind.ACCEPT_ALL, Outcome.FULL, Outcome.WRONG),
        (RulingKind.AS_WRITTEN, Outcome.WRONG, None),
    ],
)
def test_what_a_ruling_changed_is_told(
    lifang: Sitter, parts: Parts, cast: Cast, hall: Hall, kind: RulingKind, after: Outcome, before: Outcome | None
) -> None:
    sitting = lifang.sit(right=0)
    single = str(hall.questions[0])
    with parts.database.transaction() as session:
        exams.rule(session, cast.zhoumin, uuid.UUID(single), 1, kind, "题目印错了", now=now())
    slots = [slot.question for _, slot in lifang.paper(sitting)]
    row = told(lifang, sitting).questions[slots.index(single)]
    assert (row.outcome, row.before) == (after, before)
    others = [each for each in told(lifang, sitting).questions if each.place != row.place]
    assert {each.before for each in others} == {None}


def classmate(parts: Parts, cast: Cast, cohort: uuid.UUID) -> Sitter:
    assert cast.chenmo.person_id is not None
    with parts.database.transaction() as session:
        return Sitter(parts, cast.chenmo, Stage(session).enroll(cohort, cast.chenmo.person_id), seed="abcd" * 4)


def test_nothing_is_told_while_a_classmate_still_sits(
    lifang: Sitter, parts: Parts, cast: Cast, hall: Hall, wound: WoundClock
) -> None:
    """She opened hers at 23:59 of the last day, and may go on past midnight."""
    sitting = lifang.sit()
    other = classmate(parts, cast, hall.cohort)
    other.open()
    assert told(lifang, sitting).state is Reveal.BUSY
    wound.forward(MINUTES * 60_000 + GRACE_MS)
    assert told(lifang, sitting).state is Reveal.BUSY
    wound.forward(1)
    assert told(lifang, sitting).state is Reveal.TOLD


def class_still_open(parts: Parts, hall: Hall) -> uuid.UUID:
    """Another class of the same course, and so of the same bank."""
    with parts.database.transaction() as session:
        first = session.get_one(Cohort, hall.cohort)
        names = ("organisation_id", "course_version_id", "opens_on", "policy_code", "created_at")
        facts = {name: getattr(first, name) for name in names}
        second = Cohort(name="二班", closes_on=date(2099, 12, 31), **facts)
        session.add(second)
        session.flush()
        return second.id


def test_nothing_is_told_while_she_sits_for_another_class(lifang: Sitter, parts: Parts, hall: Hall) -> None:
    sitting = lifang.sit()
    second, person = class_still_open(parts, hall), lifang.actor.person_id
    assert person is not None
    with parts.database.transaction() as session:
        again = replace(lifang, enrollment=Stage(session).enroll(second, person), seed="f" * 16)
    running = again.open()
    assert told(lifang, sitting).state is Reveal.BUSY
    again.hand_in(running)
    assert told(lifang, sitting).state is Reveal.TOLD
    assert told(again, running).state is Reveal.LATER


def test_those_who_sit_in_other_classes_hold_nobody_up(lifang: Sitter, parts: Parts, cast: Cast, hall: Hall) -> None:
    sitting = lifang.sit()
    classmate(parts, cast, class_still_open(parts, hall)).open()
    assert told(lifang, sitting).state is Reveal.TOLD


def test_a_policy_may_say_never(parts: Parts, cast: Cast, wound: WoundClock) -> None:
    with parts.database.transaction() as session:
        hall = stage(session, cast)
        cohort = session.get_one(Cohort, hall.cohort)
        cohort.policy_code, cohort.closes_on = "blended-untold-2023", LAST
    sitter = Sitter(parts, cast.lifang, hall.enrollment)
    sitting = sitter.sit()
    for at in (BEFORE, AFTER, AFTER + timedelta(days=400)):
        assert (told(sitter, sitting, at).state, told(sitter, sitting, at).questions) == (Reveal.NEVER, ())
    with parts.database.transaction(write=False) as session:
        door = exams.find_door(session, cast.lifang, hall.enrollment, now=now())
    assert door is not None
    assert door.reveal_on is None


@pytest.fixture
def heping(parts: Parts, cast: Cast, password_hash: str) -> Actor:
    with parts.database.transaction() as session:
        return examiners.stage(session, parts.keyring, cast, password_hash).heping


def picture(parts: Parts, actor: Actor, sitting: uuid.UUID, at: datetime) -> Asset:
    with parts.database.transaction(write=False) as session:
        return exams.get_picture(session, actor, sitting, 0, now=at)


def test_an_oral_sitting_is_told_to_both_with_its_pictures(
    parts: Parts, cast: Cast, heping: Actor, wound: WoundClock
) -> None:
    with parts.database.transaction() as session:
        hall = stage(session, cast, items=[replace(SINGLE, picture=PICTURE)] * QUESTIONS)
        session.get_one(Cohort, hall.cohort).closes_on = LAST
        sitting = exams.open_oral(session, heping, hall.enrollment, seed=SEED, now=now())
    examiner = Sitter(parts, heping, hall.enrollment)
    examiner.answer(sitting, right=3)
    assert picture(parts, heping, sitting, BEFORE) == PICTURE
    with pytest.raises(NotFound):
        picture(parts, cast.lifang, sitting, AFTER)  # it still runs
    examiner.hand_in(sitting)
    with pytest.raises(NotFound):
        picture(parts, cast.lifang, sitting, BEFORE)
    assert picture(parts, cast.lifang, sitting, AFTER) == PICTURE
    hers = replace(examiner, actor=cast.lifang)
    assert told(hers, sitting, BEFORE).state is told(examiner, sitting, BEFORE).state is Reveal.LATER
    assert told(hers, sitting) == told(examiner, sitting)
    outcomes = [row.outcome for row in told(hers, sitting).questions]
    assert outcomes == [Outcome.FULL] * 3 + [Outcome.WRONG] * (QUESTIONS - 3)


def test_strangers_are_told_nothing_after_the_closing_either(lifang: Sitter, parts: Parts, cast: Cast) -> None:
    sitting = lifang.sit()
    for stranger in (cast.chenmo, cast.sunyue, cast.zhaoqin, cast.zhoumin, cast.wanglei):
        with pytest.raises(NotFound):
            told(replace(lifang, actor=stranger), sitting)
        with pytest.raises(NotFound):
            picture(parts, stranger, sitting, AFTER)
