"""The sample world: in place once, and its blended class can be tried at once."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import func, select

from lms import clock, resources
from lms.authoring.package import read_package
from lms.domain import attendance as rules
from lms.domain import class_tickets
from lms.domain.attendance import MarkKind
from lms.domain.courses import LessonKind
from lms.domain.eligibility.findings import Outcome
from lms.domain.policies import policy_named
from lms.domain.roles import Role
from lms.domain.subsidies import SubsidyKind
from lms.models.accounts import Account, Membership
from lms.models.attendance import ClassMeeting
from lms.models.bank import BankBatch, BankQuestion
from lms.models.enrollments import Cohort, Enrollment
from lms.models.people import Person
from lms.parts import Parts
from lms.services import attendance, cohorts, courses, demo, eligibility, filings, practice, rollup, statistics
from lms.services.demo import authorities, blended, content, filed, people
from lms.services.exams import drawing
from lms.services.funds import books

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=clock.CHINA)
KEY = class_tickets.key_of("a secret of the tests")


@pytest.fixture(autouse=True)
def two_courses(monkeypatch: pytest.MonkeyPatch) -> None:
    """The short course as it ships, and in place of the longest a copy of it: all five take long to enter."""
    text, problems = read_package(resources.find("courses") / content.FIRST_COURSE)
    assert text, problems
    slugs = [content.FIRST_COURSE, content.MAIN_COURSE]
    monkeypatch.setattr(content, "shipped_courses", lambda: [text, replace(text, slug=slugs[1], title="失智老人照护")])
    monkeypatch.setattr(content, "_slugs", lambda: slugs)


def seed(parts: Parts, now: datetime = NOON) -> None:
    with parts.database.transaction() as session:
        demo.seed(session, parts.keyring, parts.store, now=now)


def count(parts: Parts) -> list[int]:
    tables = (Account, Membership, Person, Cohort, Enrollment, ClassMeeting, BankBatch, BankQuestion)
    with parts.database.transaction(write=False) as session:
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def test_seeding_again_changes_nothing_even_with_changed_courses(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    seed(parts)
    before = count(parts)
    seed(parts, NOON + timedelta(hours=2))
    assert count(parts) == before
    monkeypatch.setattr(content, "digest", lambda: "changed")
    seed(parts, NOON + timedelta(hours=3))
    assert count(parts) == before


def test_the_blended_class_has_an_exam_that_can_be_drawn_and_a_practical_for_both_examiners(parts: Parts) -> None:
    seed(parts)
    with parts.database.transaction(write=False) as session:
        cohort = session.scalars(select(Cohort).where(Cohort.name.endswith(demo.REMARK))).one()
        policy, text = policy_named(cohort.policy_code), courses.text_of(cohort.course_version)
        assert policy.blended is not None
        assert policy.blended.exam is not None
        assert text.exam is not None
        assert any(lesson.kind is LessonKind.PRACTICE for lesson in text.lessons)
        learners = session.scalars(select(Enrollment).where(Enrollment.cohort_id == cohort.id)).all()
        assert len(learners) == 2
        papers = [drawing.draw(session, each, text.exam, seed) for each in learners for seed in "abc"]
        asked = sum(part.questions for part in text.exam.parts)
        assert [len({slot.question for slot in paper}) for paper in papers] == [asked] * 6
        batch = session.scalars(select(BankBatch)).one()
        assert batch.counts["imported"] == batch.counts["all"] >= 3 * asked
        for login in people.of(demo.KANGNING, Role.EXAMINER):
            actor = demo.find_actor(session, parts.keyring, login)
            assert actor is not None
            found = practice.list_learners(session, actor, Role.EXAMINER, cohort.id)
            assert {each.name: len(each.rows) for each in found} == {"李芳": 1, "张强": 1}


def test_the_code_of_todays_class_can_be_shown_at_once(parts: Parts) -> None:
    now = clock.now()
    seed(parts, now)
    with parts.database.transaction(write=False) as session:
        first, second = session.scalars(select(ClassMeeting).order_by(ClassMeeting.starts_at)).all()
        trainer = demo.find_actor(session, parts.keyring, people.of(demo.KANGNING, Role.TRAINER)[0])
        assert trainer is not None
        shown = attendance.show(session, KEY, trainer, Role.TRAINER, first.id, MarkKind.IN, now=now)
    assert shown.ticket is not None or blended.slot(now)[1] == time(0, 5)
    assert second.held_on == clock.civil_day(now) + timedelta(days=2)


def test_another_day_brings_one_class_for_that_day(parts: Parts) -> None:
    seed(parts)
    before = count(parts)
    for hours in (24, 25):
        seed(parts, NOON + timedelta(hours=hours))
    assert count(parts) == [number + (place == 5) for place, number in enumerate(before)]
    seed(parts, NOON + timedelta(days=2))  # that day has its class already
    seed(parts, NOON + timedelta(days=200))  # and by then the class is over
    assert count(parts)[5] == before[5] + 1


def test_an_older_demo_gets_the_class_and_who_is_missing(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as older:
        fewer = tuple(login for login in people.LOGINS if login.role not in (Role.EXAMINER, Role.MENTOR))
        older.setattr(people, "LOGINS", fewer)
        older.setattr(blended, "open_class", lambda *_: None)
        older.setattr(content, "digest", lambda: "older")
        seed(parts)
        before = count(parts)
    seed(parts, NOON + timedelta(hours=1))
    gained = [now - was for now, was in zip(count(parts), before, strict=True)]
    assert gained[:6] == [3, 3, 0, 1, 2, 2]


def test_a_filed_class_runs_that_the_districts_officer_approved(parts: Parts) -> None:
    seed(parts)
    (login,) = people.of(people.EAST, Role.OFFICER)
    with parts.database.transaction(write=False) as session:
        officer = people.find_actor(session, parts.keyring, login)
        assert officer
        (row,) = filings.list_all(session, officer, Role.OFFICER, now=NOON)
        assert (row.state, row.name.endswith(filed.REMARK), row.number is not None) == ("running", True, True)
        events = filings.timeline(session, officer, row.cohort_id, Role.OFFICER)
        assert [(each.act, each.by) for each in events][:2] == [("approve", "高原"), ("file", "周敏")]
        (version,) = filings.list_versions(session, officer, row.cohort_id, Role.OFFICER)
        assert len(version.rows) == len(filed.ROSTER)


def test_a_dry_run_says_why_nobody_can_be_paid_for_yet_and_everybody_who_acts_has_a_login(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr(people, "LOGINS", tuple(each for each in people.LOGINS if each.role is not Role.PAYMASTER))
        seed(parts)
    seed(parts)
    office, colleague = people.of(demo.KANGNING, Role.INSTITUTION)
    with parts.database.transaction(write=False) as session:
        maker = people.find_actor(session, parts.keyring, office)
        assert maker
        (filed_id,) = [row.id for row in eligibility.list_classes(session, maker) if row.policy]
        found = eligibility.dry_run(session, maker, filed_id, SubsidyKind.TRAINING, today=NOON.date())
        assert len(found.candidates) == len(filed.ROSTER)
        for each in found.candidates:
            assert "not_complete" in {told.code for told in each.assessment.funding}
            assert each.assessment.may_be_funded is Outcome.UNMET
        assert people.find_actor(session, parts.keyring, colleague)
        payers = [people.find_actor(session, parts.keyring, each) for each in people.of(people.CITY, Role.PAYMASTER)]
        assert [books.list_books(session, each) for each in payers if each] == [[], []]


def test_the_institutions_stand_under_their_districts_in_an_older_demo_too(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr(authorities, "place", lambda *_: None)
        seed(parts)
    for hours in (1, 2):  # the second changes nothing
        seed(parts, NOON + timedelta(hours=hours))
    with parts.database.transaction(write=False) as session:
        officer, east, department = (
            demo.find_actor(session, parts.keyring, login)
            for login in people.LOGINS
            if login.role in (Role.OFFICER, Role.STATISTICS)
        )
        assert officer
        assert east
        assert department
        (city,) = rollup.tops(session, officer, Role.INSPECTOR)
        below = rollup.place(session, officer, city.id, Role.INSPECTOR)
        assert (city.name, [each.name for each in below.rows]) == (people.CITY, [people.EAST, people.WEST])
        assert [each.organisation for each in cohorts.list_own(session, east, role=Role.INSPECTOR)] == [
            demo.KANGNING
        ] * 3
        assert len(cohorts.list_own(session, officer, role=Role.INSPECTOR)) == 5
        assert [each.name for each in statistics.overview(session, department).cells] == [people.CITY]


@pytest.mark.parametrize(
    ("at", "starts", "ends", "is_today"),
    [
        (time(12, 0), time(12, 5), time(14, 5), True),
        (time(12, 4, 59), time(12, 5), time(14, 5), True),
        (time(22, 30), time(22, 35), time(23, 55), True),
        (time(23, 19), time(23, 20), time(23, 55), True),
        (time(23, 20), time(23, 25), time(23, 55), True),
        (time(23, 25), time(0, 5), time(2, 5), False),
        (time(23, 59), time(0, 5), time(2, 5), False),
        (time(0, 0), time(0, 5), time(2, 5), True),
    ],
)
def test_when_todays_class_is(at: time, starts: time, ends: time, is_today: bool) -> None:
    now = datetime.combine(NOON.date(), at, clock.CHINA)
    day, begins, over = blended.slot(now)
    assert (begins, over, day == NOON.date()) == (starts, ends, is_today)
    start, end = (datetime.combine(day, each, clock.CHINA) for each in (begins, over))
    rules.check_slot(rules.Slot(round(start.timestamp() * 1000), round(end.timestamp() * 1000)))
    assert now < start
