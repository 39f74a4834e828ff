"""Credits come by the table of the day, and follow the records they rest on; the export says all of it."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from lms.domain.errors import Conflict, NotFound, Refused
from lms.domain.records import RecordState, StateReason
from lms.models.audit import AuditEvent
from lms.models.courses import Course
from lms.models.records import Record
from lms.parts import Parts
from lms.services import skills
from lms.services.records import chain
from lms.services.skills import exporting
from tests.support.cast import NOON, Cast
from tests.support.skills import PAPER, ROWS, Desk, listed

NUMBER = PAPER.number


@pytest.fixture
def desk(parts: Parts, cast: Cast) -> Desk:
    return Desk(parts, cast)


def record(desk: Desk, **more: Any) -> uuid.UUID:
    facts = {"course": "失智老人照护", "class_hour_hundredths": 450}
    told = {"code": "A", "facts": facts, "facts_hash": "", "issued_at": NOON, **more}
    with desk.parts.database.transaction() as session:
        made = Record(id=uuid.uuid4(), enrollment_id=desk.cast.enrollment, **told)
        session.add(made)
        return made.id


def end(desk: Desk, one: uuid.UUID, state: RecordState, reason: StateReason) -> None:
    with desk.parts.database.transaction() as session:
        chain.enter(session, session.get_one(Record, one), state, reason, now=NOON + timedelta(days=9))


def slug(desk: Desk) -> str:
    with desk.parts.database.transaction(write=False) as session:
        return session.scalars(select(Course.slug)).one()


def test_credits_come_by_the_table_of_the_day(desk: Desk) -> None:
    listed(desk)
    desk.say(desk.enter())
    record(desk)
    assert desk.own().entries == ()
    rows = ROWS.replace("{slug}", slug(desk)).replace("0.01", "2")
    desk.publish(rows=rows)
    (entry, course) = desk.own().entries
    assert (entry.achievement.title, entry.credits, course.achievement.title, course.credits) == (
        "养老护理员", 300, "失智老人照护", 100,
    )  # fmt: skip
    (counted,) = desk.own().sums
    assert (counted.scheme, counted.confirmed, counted.unconfirmed) == ("某职业学院", 400, 0)
    with pytest.raises(Refused, match="credit_past"):
        desk.publish(code="CQ-2026-2", from_on=date(2026, 11, 1))
    desk.publish(code="CQ-2026-2", from_on=NOON.date() + timedelta(days=1), rows="等级,养老护理员,初级工,9,,别的")
    assert [each.credits for each in desk.own().entries] == [300, 100]
    with pytest.raises(Conflict, match="credit_taken"):
        desk.publish(scheme="另一所学院")


def test_credits_of_a_course_follow_its_record(desk: Desk) -> None:
    desk.publish(rows=ROWS.replace("{slug}", slug(desk)))
    old = record(desk)
    end(desk, old, RecordState.EXPIRED, StateReason.LAPSED)
    assert [each.achievement.source for each in desk.own().entries] == [old]
    new = record(desk, code="B", number=2, replaces_id=old, issued_at=NOON + timedelta(days=9))
    end(desk, old, RecordState.SUPERSEDED, StateReason.CORRECTED)
    (entry,) = desk.own().entries
    assert (entry.achievement.source, entry.achievement.on, desk.own().codes) == (new, NOON.date(), {new: "B"})
    end(desk, new, RecordState.REVOKED, StateReason.FRAUD)
    assert desk.own().entries == ()
    record(desk, code="C", number=3, replaces_id=new, issued_at=NOON + timedelta(days=10))
    assert [each.achievement.on for each in desk.own().entries] == [NOON.date() + timedelta(days=10)]


def test_what_was_taken_again_counts_once(desk: Desk) -> None:
    desk.publish(rows=ROWS.replace("{slug}", slug(desk)))
    old = record(desk)
    record(desk, code="B", number=2, issued_at=NOON + timedelta(days=9))
    assert [(each.achievement.source == old, each.is_repeat) for each in desk.own().entries] == [
        (True, False), (False, True),
    ]  # fmt: skip


def test_the_export_says_all_and_hides_numbers(desk: Desk, parts: Parts, cast: Cast) -> None:
    listed(desk)
    one = desk.enter()
    desk.say(one)
    record(desk)
    desk.publish(rows=ROWS.replace("{slug}", slug(desk)), confirmed=False)
    with parts.database.transaction() as session:
        told = skills.export_own(session, parts.keyring, cast.lifang, now=NOON)
        theirs = skills.export_of_learner(session, parts.keyring, cast.zhoumin, cast.enrollment, now=NOON)
        with pytest.raises(NotFound):
            skills.export_of_learner(session, parts.keyring, cast.sunyue, cast.enrollment, now=NOON)
        acts = session.scalars(select(AuditEvent).where(AuditEvent.action == exporting.ACTION)).all()
    assert len(acts) == 2
    assert NUMBER not in str(told)
    (level,) = told["levels"]
    assert (level["level"], level["level_name"], level["grade"], level["is_current"]) == (1, "初级工", "五级", True)
    assert (level["certificate"], told["certificates"][0]["bears_level"]) == (str(one), True)
    assert told["sums"] == [{"scheme": "某职业学院", "confirmed": "0.00", "unconfirmed": "228.00"}]
    assert exporting.digest({name: value for name, value in told.items() if name != "sha256"}) == told["sha256"]
    assert theirs["levels"] == told["levels"]
    assert [each["record_code"] for each in told["credits"]] == [None, "A"]
