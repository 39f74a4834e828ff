"""Patterns of classes: read from evidence that is there, raised once, settled by people, and told to who waits."""

import uuid
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from lms.domain.attendance import MarkKind
from lms.domain.crosschecks.patterns import Outcome, Pattern
from lms.domain.errors import Conflict, Forbidden, NotFound
from lms.domain.roles import Role
from lms.domain.subsidies import Doubt, ReasonCode
from lms.models.accounts import Account, LoginSession
from lms.models.attendance import AttendanceMark, ClassMeeting
from lms.models.base import new_id
from lms.models.courses import Lesson
from lms.models.crosschecks import PatternFlag
from lms.models.enrollments import Enrollment
from lms.models.quizzes import QuizAttempt
from lms.parts import Parts
from lms.services import crosschecks, outside
from lms.services.crosschecks import FlagView, gathering
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast, Stage
from tests.support.ledger import Scribe, clock_ms
from tests.support.places import Places, place

TODAY = date(2026, 11, 23)
WORDS = "去现场看过，两个班的签到表都调来核对了。"


@pytest.fixture
def places(parts: Parts, cast: Cast) -> Places:
    with parts.database.transaction() as session:
        return place(session, parts.keyring, cast)


def meet(parts: Parts, cast: Cast, cohort: uuid.UUID, at: datetime, room: str) -> uuid.UUID:
    """王磊 holds a class of two hours in this room, and everybody of the cohort signs in on paper."""
    with parts.database.transaction() as session:
        slot = Lesson(
            id=new_id(),
            module_slug="m1",
            slug=f"s{new_id().hex[:8]}",
            position=0,
            kind="class",
            title="课",
            title_en="",
            duration_ms=7_200_000,
        )
        session.add(slot)
        session.flush()
        end = at + timedelta(hours=2)
        made = ClassMeeting(
            id=new_id(),
            cohort_id=cohort,
            lesson_id=slot.id,
            title="课",
            module_slug="m1",
            content="theory",
            place=room,
            teacher_id=cast.wanglei.account_id,
            held_on=at.date(),
            starts_at=at,
            ends_at=end,
            created_by=cast.zhoumin.account_id,
            created_at=NOON,
            cancel_reason="",
        )
        session.add(made)
        session.flush()
        for enrollment in session.scalars(select(Enrollment.id).where(Enrollment.cohort_id == cohort)):
            for kind, moment in ((MarkKind.IN, at), (MarkKind.OUT, end)):
                session.add(
                    AttendanceMark(
                        id=new_id(),
                        meeting_id=made.id,
                        enrollment_id=enrollment,
                        kind=kind.value,
                        method="paper",
                        ticket="",
                        late_ms=0,
                        recorded_by=cast.zhoumin.account_id,
                        recorded_ms=0,
                        recorded_at=NOON,
                        entry=1,
                        stands_from_ms=clock_ms(moment),
                    )
                )
        return made.id


@pytest.fixture
def clash(parts: Parts, cast: Cast, places: Places) -> list[uuid.UUID]:
    """王磊 stands in 康宁 and in a second class of 康宁's at once; 李芳 is in both."""
    with parts.database.transaction() as session:
        assert cast.lifang.person_id
        other, _ = Stage(session).cohort(cast.kangning, cast.version, "第二班", cast.lifang.person_id)
    return [
        meet(parts, cast, cast.cohort, NOON, "一号教室"),
        meet(parts, cast, other, NOON + timedelta(minutes=30), "二号教室"),
    ]


def look(parts: Parts, actor: Actor, cohort: uuid.UUID) -> int:
    with parts.database.transaction() as session:
        return crosschecks.look_at(session, actor, cohort, now=NOON)


def flags(parts: Parts, actor: Actor) -> list[FlagView]:
    with parts.database.transaction(write=False) as session:
        return crosschecks.list_flags(session, actor)


def doubts(parts: Parts, person_id: uuid.UUID | None) -> list[Doubt]:
    assert person_id
    with parts.database.transaction(write=False) as session:
        return outside.doubts(session, [person_id], TODAY).get(person_id, [])


def test_a_trainer_and_a_learner_in_two_rooms_are_flagged_once(
    parts: Parts, cast: Cast, places: Places, clash: list[uuid.UUID]
) -> None:
    assert look(parts, places.linlan, cast.cohort) == 4
    assert look(parts, places.linlan, cast.cohort) == 0
    found = flags(parts, places.linlan)
    assert {each.pattern for each in found} == {Pattern.TRAINER_TWO_ROOMS, Pattern.ATTENDANCE_DENSE}
    assert {key for each in found for _, key in each.evidence} == set(clash)
    told = doubts(parts, cast.lifang.person_id)
    assert {(each.code, each.reason) for each in told} == {("pattern_open", ReasonCode.UNDER_INVESTIGATION)}
    assert len(told) == 4


def test_a_flag_holds_until_somebody_says_what_is_true(
    parts: Parts, cast: Cast, places: Places, clash: list[uuid.UUID]
) -> None:
    look(parts, places.linlan, cast.cohort)
    for each in flags(parts, places.linlan):
        with parts.database.transaction() as session:
            crosschecks.settle_flag(session, places.linlan, each.id, Outcome.EXPLAINED, WORDS, now=NOON)
    assert doubts(parts, cast.lifang.person_id) == []
    one = flags(parts, places.linlan)[0]
    with parts.database.transaction() as session:
        with pytest.raises(Conflict, match="pattern_settled"):
            crosschecks.settle_flag(session, places.linlan, one.id, Outcome.EXPLAINED, WORDS, now=NOON)
        crosschecks.settle_flag(session, places.linlan, one.id, Outcome.FOUNDED, WORDS, now=NOON)
    assert [each.code for each in doubts(parts, cast.lifang.person_id)] == ["pattern_founded"]
    with parts.database.transaction(write=False) as session:
        assert len(crosschecks.get_flag(session, places.linlan, one.id).words) == 2
        assert len(crosschecks.list_own_flags(session, cast.lifang)) == 4
        assert crosschecks.list_own_flags(session, cast.chenmo) == []


def test_strangers_see_no_flag_and_nobody_settles_her_own(
    parts: Parts, cast: Cast, places: Places, clash: list[uuid.UUID]
) -> None:
    look(parts, places.linlan, cast.cohort)
    (one, *_) = flags(parts, places.linlan)
    assert flags(parts, places.weiguang) == []
    herself = Actor(cast.lifang.account_id, cast.lifang.person_id, "李芳", frozenset({(Role.OFFICER, places.city)}))
    with parts.database.transaction() as session:
        with pytest.raises(NotFound):
            crosschecks.get_flag(session, places.weiguang, one.id)
        with pytest.raises(NotFound):
            crosschecks.settle_flag(session, places.weiguang, one.id, Outcome.FOUNDED, WORDS, now=NOON)
        with pytest.raises(NotFound):
            crosschecks.look_at(session, places.weiguang, cast.cohort, now=NOON)
        with pytest.raises(NotFound):
            crosschecks.look_at(session, cast.wujian, cast.cohort, now=NOON)
        with pytest.raises(Forbidden, match="pattern_own"):
            crosschecks.settle_flag(session, herself, one.id, Outcome.FOUNDED, WORDS, now=NOON)


def test_a_flag_is_raised_again_for_who_joined_it_only(
    parts: Parts, cast: Cast, places: Places, clash: list[uuid.UUID]
) -> None:
    look(parts, places.linlan, cast.cohort)
    with parts.database.transaction() as session:
        newcomer = Stage(session, parts.keyring).person("吴二", "509999196003030016")
        enrollment = Enrollment(
            id=new_id(), cohort_id=cast.cohort, person_id=newcomer, course_version_id=cast.version, created_at=NOON
        )
        session.add(enrollment)
        session.flush()
        session.add(
            AttendanceMark(
                id=new_id(),
                meeting_id=clash[0],
                enrollment_id=enrollment.id,
                kind="in",
                method="qr",
                ticket="",
                late_ms=0,
                recorded_by=cast.zhoumin.account_id,
                recorded_ms=0,
                recorded_at=NOON,
                entry=1,
                stands_from_ms=clock_ms(NOON),
            )
        )
    assert look(parts, places.linlan, cast.cohort) == 1
    with parts.database.transaction(write=False) as session:
        newest = session.scalars(select(PatternFlag.id).order_by(PatternFlag.id.desc()).limit(1)).one()
        assert [each.name for each in crosschecks.get_flag(session, places.linlan, newest).people] == ["吴二"]


def test_facts_say_who_did_what_on_which_device(parts: Parts, cast: Cast) -> None:
    Scribe(parts, cast).study("say-hello", (0, 10_000), NOON)
    with parts.database.transaction() as session:
        account = session.scalars(select(Account).where(Account.person_id == cast.lifang.person_id)).one()
        for hour, mark in ((-30, "old"), (-2, "one"), (3, "later")):
            at = NOON + timedelta(hours=hour)
            session.add(
                LoginSession(
                    account_id=account.id,
                    token_digest=f"d{hour}",
                    method="code",
                    device_mark=mark,
                    created_at=at,
                    expires_at=at,
                )
            )
        session.add(
            QuizAttempt(
                enrollment_id=cast.enrollment,
                lesson_id=cast.lessons["quiz-hello"],
                answers={"q1": [1]},
                score=0,
                passed=False,
                submitted_at=NOON,
            )
        )
    with parts.database.transaction(write=False) as session:
        (facts,) = gathering.gather(session, [cast.cohort])
    person = str(cast.lifang.person_id)
    assert facts.members == (person,)
    assert [(each.person, each.length_ms, each.is_own) for each in facts.stretches] == [(person, 10_000, True)]
    assert [(each.device, each.day) for each in facts.tries] == [("one", "2026-11-23")]
    assert facts.own_days == {person: 2}
    assert facts.planned_ms > 0
