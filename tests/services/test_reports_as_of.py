"""A report of a day that is over is the same bytes whatever happens later, and tells what was known as it ended."""

import random
from datetime import date, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from lms import clock
from lms.domain.corrections import Decision
from lms.domain.documents import DocumentType
from lms.domain.identity import GONE
from lms.domain.organisations import Kind
from lms.domain.reporting import SETTLED_AFTER, Pace
from lms.domain.roles import Role
from lms.models.attendance import AttendanceLeave
from lms.models.courses import Lesson
from lms.models.enrollments import Enrollment
from lms.models.media import Media
from lms.models.pasts import EnrollmentDeparture
from lms.models.people import Person
from lms.parts import Parts
from lms.services import attendance, enrollments, progress, reporting, reports, tree
from lms.services.rights import erasing
from lms.services.selections import Selection
from tests.support import rosters
from tests.support.cast import LESSON_MS, NOON, Cast
from tests.support.classes import School, plan, row
from tests.support.days import KINDS, Days, file_of
from tests.support.study import WoundClock, now
from tests.support.training import stage

TODAY, DAY = NOON.date(), timedelta(days=1)
PAST = Selection(as_of=TODAY)
HOUR = 3_600_000
LATER = NOON + 9 * DAY


@pytest.mark.parametrize("seed", [1, 2])
def test_a_day_that_is_over_reads_the_same_whatever_happens_later(
    parts: Parts, cast: Cast, wound: WoundClock, app: Flask, seed: int
) -> None:
    days = Days(parts, cast, wound, app, random.Random(seed))
    for _ in range(2):
        days.live(30)
        days.check()
    days.idle()
    days.check()
    assert len({day for _, day in days.kept}) >= 5
    for kind in KINDS:  # something happened: not every day reads alike
        assert len({told for (each, _), told in days.kept.items() if each == kind}) > 1, kind


@pytest.mark.parametrize("kind", ["hours", "scores", "attendance", "certificates", "rollup"])
def test_a_day_reads_as_it_stood_when_it_ended(
    parts: Parts, cast: Cast, wound: WoundClock, app: Flask, kind: str
) -> None:
    days = Days(parts, cast, wound, app, random.Random(7))
    days.live(25)
    end = clock.end_of_day(clock.civil_day(now()))
    wound.forward(round((end + SETTLED_AFTER - now()).total_seconds() * 1000))
    last = clock.civil_day(end) - DAY
    assert file_of(app, parts, cast.zhoumin, kind, last, now()) == file_of(app, parts, cast.zhoumin, kind, None, now())


def enter(parts: Parts, cast: Cast, place: int = 1) -> EnrollmentDeparture:
    """Somebody enters 李芳's class and is taken out the day after, before she has studied."""
    told = {"name": rosters.name(place), "number": rosters.number(place), "phone": rosters.phone(place)}
    with parts.database.transaction() as session:
        where = (session, parts.keyring, cast.zhoumin, cast.cohort)
        made = enrollments.enroll(*where, document_type=DocumentType.RESIDENT_ID, **told, now=NOON)
        enrollment_id = made.id
    with parts.database.transaction() as session:
        enrollments.remove(session, cast.zhoumin, cast.cohort, enrollment_id, now=NOON + DAY)
        return session.scalars(select(EnrollmentDeparture)).one()


def test_who_was_taken_out_later_is_still_on_the_roster_of_the_day(parts: Parts, cast: Cast) -> None:
    gone = enter(parts, cast)
    with parts.database.transaction(write=False) as session:
        assert session.get(Person, gone.person_id) is None  # she is forgotten, as always
        rows = list(reports.completion_rows(session, parts.keyring, cast.zhoumin, selection=PAST, now=LATER))
        page = reports.completion_page(session, parts.keyring, cast.zhoumin, selection=PAST, now=LATER)
        after = Selection(as_of=TODAY + DAY)
        (still,) = reports.completion_rows(session, parts.keyring, cast.zhoumin, selection=after, now=LATER)
        plans = list(reporting.plan_rows(session, parts.keyring, cast.zhoumin, PAST, start=1, now=LATER))
        strange = list(reporting.plan_rows(session, parts.keyring, cast.sunyue, PAST, now=LATER))
        sums = next(iter(reporting.tier_rows(session, parts.keyring, cast.zhoumin, PAST, now=LATER)))
    masked = rosters.number(1)[:6] + "*" * 8 + rosters.number(1)[-4:]
    assert [(each.name, each.number) for each in rows][1:] == [(rosters.name(1), masked)]
    assert (page.total, len(page.rows), still.name, len(plans)) == (2, 2, "李芳", 1)
    assert (sums.figures.enrollments, sums.figures.people) == (2, 2)
    assert [each.learner.name for each in strange] == ["陈默"]


def test_who_is_erased_is_gone_from_the_days_before_as_well(parts: Parts, cast: Cast) -> None:
    enter(parts, cast)
    told = {"name": rosters.name(1), "number": rosters.number(1), "phone": rosters.phone(1)}
    with parts.database.transaction() as session:
        where = (session, parts.keyring, cast.zhoumin, cast.cohort)
        again = enrollments.enroll(*where, document_type=DocumentType.RESIDENT_ID, **told, now=NOON + 2 * DAY)
        erasing.overwrite(session, parts.keyring, again.person_id, NOON + 3 * DAY)
    with parts.database.transaction(write=False) as session:
        rows = list(reports.completion_rows(session, parts.keyring, cast.zhoumin, selection=PAST, now=LATER))
    assert [(each.name, each.number) for each in rows[1:]] == [(GONE, "")]


def test_a_grade_changed_later_is_not_the_days(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        training = stage(session, cast)
        sitting = training.sit(1, 82)
        training.grade(sitting, 2, 40, at=NOON + DAY)
    with parts.database.transaction(write=False) as session:
        (then,) = reporting.score_rows(session, parts.keyring, cast.zhoumin, PAST, now=LATER)
        (present,) = reporting.score_rows(session, parts.keyring, cast.zhoumin, Selection(), now=LATER)
    assert (then.row.theory, then.row.is_regraded) == (82, False)
    assert (present.row.theory, present.row.is_regraded) == (40, True)


def test_a_class_called_off_later_and_a_leave_granted_later_are_not_the_days(
    parts: Parts, cast: Cast, wound: WoundClock
) -> None:
    school = School(parts, cast)
    kept, off = school.add(plan(cast, time(13), time(14))), school.add(plan(cast, time(15), time(16)))
    wound.forward(3 * HOUR)
    with parts.database.transaction() as session:
        attendance.enter_leave(session, cast.zhoumin, Role.INSTITUTION, kept, cast.enrollment, "打来电话", now=now())
    wound.forward(24 * HOUR)
    with parts.database.transaction() as session:
        attendance.cancel(session, cast.zhoumin, off, "讲师临时有事，今天来不了", now=now())
        leave = session.scalars(select(AttendanceLeave)).one()
        attendance.decide_leave(session, cast.zhoumin, Role.INSTITUTION, leave.id, Decision.APPROVED, now=now())
    states = []
    for day in (TODAY, TODAY + DAY):
        with parts.database.transaction(write=False) as session:
            chosen = Selection(as_of=day)
            entries = list(reporting.attendance_rows(session, parts.keyring, cast.zhoumin, chosen, now=LATER))
            assert reporting.most_attendance(session, cast.zhoumin, chosen, now=LATER) == len(entries)
            states.append([entry.row.standing.state.value for entry in entries])
    assert states == [["absent", "absent"], ["leave"]]


def test_paper_typed_in_later_is_not_the_days(parts: Parts, cast: Cast, wound: WoundClock) -> None:
    school = School(parts, cast)
    made = school.add(plan(cast, time(13), time(14)))
    wound.forward(24 * HOUR)
    school.decide(school.type_in(made, [row(cast, time(13), time(14))]))
    found = []
    for day in (TODAY, TODAY + DAY):
        with parts.database.transaction(write=False) as session:
            chosen = {"selection": Selection(as_of=day), "now": LATER}
            (each,) = reports.completion_rows(session, parts.keyring, cast.zhoumin, **chosen)
            found.append((each.credited_ms, each.by_class))
    assert found == [(0, {}), (HOUR, {"attended": HOUR})]


def test_who_was_overdue_then_is_told_by_the_days_of_the_class_then(
    parts: Parts, cast: Cast, wound: WoundClock, app: Flask
) -> None:
    days = Days(parts, cast, wound, app, random.Random(1))
    days.rosters = (days.draft,)
    days.enter()
    wound.forward(4 * 24 * HOUR)
    overdue = Selection(cohort_id=days.draft, as_of=TODAY + 4 * DAY)
    for _ in range(2):
        wound.forward(24 * HOUR)
        with parts.database.transaction(write=False) as session:
            (late,) = reporting.overdue_rows(session, parts.keyring, cast.zhoumin, overdue, now=LATER)
            assert reporting.count_overdue(session, cast.zhoumin, overdue, now=LATER) == 1
        assert (late.plan.pace, late.days_over, late.learner.cohort.closes_on) == (Pace.OVERDUE, 1, date(2026, 11, 26))
        days.redraft()


def test_the_length_of_a_video_counts_from_when_it_was_made(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        film = Media(source_hash="f", title="", state="ready", created_at=NOON, measured_at=NOON + DAY)
        session.add(film)
        session.flush()
        session.execute(update(Lesson).where(Lesson.id == cast.lessons["say-hello"]).values(media_id=film.id))
    with parts.database.transaction(write=False) as session:
        mine = session.scalars(select(Enrollment).where(Enrollment.id == cast.enrollment)).all()
        lengths = [
            progress.facts(session, mine, before)[cast.enrollment][0].duration_ms
            for before in (NOON + DAY, NOON + 2 * DAY, None)
        ]
    assert lengths == [None, LESSON_MS, LESSON_MS]


def test_a_branch_that_moved_on_still_counts_where_it_stood(
    parts: Parts, cast: Cast, wound: WoundClock, app: Flask
) -> None:
    days = Days(parts, cast, wound, app, random.Random(1))
    wound.forward(24 * HOUR)
    with parts.database.transaction() as session:
        desk = (session, cast.admin, Role.PLATFORM, days.places.branch)
        tree.move(*desk, parent_id=cast.anhe, reason="区划调整", now=now())
        tree.rename(*desk, name="安和城南站", kind=Kind.BRANCH, now=now())
    told = []
    for actor, role in ((cast.zhoumin, Role.INSTITUTION), (days.places.linlan, Role.OFFICER)):
        for day in (TODAY, TODAY + DAY):
            with parts.database.transaction(write=False) as session:
                chosen = Selection(as_of=day)
                rows = list(reporting.tier_rows(session, parts.keyring, actor, chosen, role=role, now=LATER))
                assert reporting.count_tiers(session, actor, chosen, role=role, now=LATER) == len(rows)
            told.append([(each.name, each.above) for each in rows if each.kind is Kind.BRANCH])
    then, after = [("康宁城南站", "康宁养老服务中心")], [("安和城南站", "安和护理院")]
    assert told == [then, [], then, after]
