"""Learners are enrolled once, whole or not at all, and leave only while there is nothing to lose."""

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from lms.domain.errors import Conflict, NotFound, Refused
from lms.domain.identity import DocumentType
from lms.models.accounts import Account
from lms.models.audit import AuditEvent
from lms.models.base import Base, new_id
from lms.models.enrollments import Cohort, Enrollment
from lms.models.people import Person
from lms.models.quizzes import QuizAttempt
from lms.models.study import LessonProgress
from lms.parts import Parts
from lms.services import enrollments, placing, practice, rights, scopes
from lms.services.scopes import Actor
from tests.support import identity
from tests.support.cast import NOON, Cast
from tests.support.practicals import open_class

WANGHONG = {
    "name": "王红",
    "document_type": DocumentType.RESIDENT_ID,
    "number": "509999199006150033",
    "phone": "13800000001",
}
LIFANG = {
    "name": "李芳",
    "document_type": DocumentType.RESIDENT_ID,
    "number": "219999198501010026",
    "phone": "19900000001",
}


def enroll(parts: Parts, actor: Actor, cohort_id: uuid.UUID, now: datetime = NOON, **told: Any) -> Enrollment:
    with parts.database.transaction() as session:
        return enrollments.enroll(session, parts.keyring, actor, cohort_id, now=now, **WANGHONG | told)


def count(parts: Parts, table: type[Base]) -> int:
    with parts.database.transaction(write=False) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_new_learner_gets_person_account_and_place(parts: Parts, cast: Cast) -> None:
    typed = {"number": " 509999 19900615 0033 ", "phone": "+86 138 0000 0001"}
    made = enroll(parts, cast.zhoumin, cast.cohort, **typed)
    with parts.database.transaction(write=False) as session:
        person = session.get_one(Person, made.person_id)
        account = session.scalars(select(Account).where(Account.person_id == person.id)).one()
        learner = Actor(account.id, person.id, person.name)
        own = session.scalars(scopes.enrollments_of(learner)).one()
        hers = (parts.keyring, cast.cohort, made.id)
        assert enrollments.masked_phone(session, cast.zhoumin, *hers) == "138****0001"
        with pytest.raises(NotFound):
            enrollments.masked_phone(session, cast.sunyue, *hers)
    assert (person.name, own.id, own.cohort_id) == ("王红", made.id, cast.cohort)
    assert own.course_version_id == cast.version


def test_the_audit_row_holds_no_personal_data(parts: Parts, cast: Cast) -> None:
    made = enroll(parts, cast.zhoumin, cast.cohort)
    with parts.database.transaction(write=False) as session:
        act = session.scalars(select(AuditEvent).where(AuditEvent.action == "learner.enroll")).one()
    assert (act.subject, act.detail) == (str(made.id), {"cohort": str(cast.cohort)})
    assert (act.account_id, act.organisation_id) == (cast.zhoumin.account_id, cast.kangning)


def test_twice_is_once(parts: Parts, cast: Cast) -> None:
    before = count(parts, Enrollment)
    with pytest.raises(Conflict, match="already_enrolled"):
        enroll(parts, cast.zhoumin, cast.cohort, **LIFANG)
    assert count(parts, Enrollment) == before


def test_one_person_may_learn_in_two_institutions(parts: Parts, cast: Cast) -> None:
    people = count(parts, Person)
    made = enroll(parts, cast.sunyue, cast.foreign_cohort, **LIFANG)
    assert made.person_id == cast.lifang.person_id
    assert count(parts, Person) == people


def test_a_known_person_is_entered_with_the_phone_she_is_known_by(parts: Parts, cast: Cast) -> None:
    with pytest.raises(Refused, match="person_has_other_phone"):
        enroll(parts, cast.sunyue, cast.foreign_cohort, **LIFANG | {"phone": "13800000009"})


def test_a_person_entered_by_mistake_leaves_nothing_in_the_true_ones_way(parts: Parts, cast: Cast) -> None:
    wrong = enroll(parts, cast.sunyue, cast.foreign_cohort, name="王洪")
    with parts.database.transaction() as session:
        enrollments.remove(session, cast.sunyue, cast.foreign_cohort, wrong.id, now=NOON)
    made = enroll(parts, cast.zhoumin, cast.cohort)
    with parts.database.transaction(write=False) as session:
        assert session.get_one(Person, made.person_id).name == "王红"


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"name": " "}, "name_missing"),
        ({"number": "509999199006150034"}, "document_check_digit"),
        ({"number": "12345"}, "document_shape"),
        ({"document_type": DocumentType.RESIDENCE_PERMIT}, "document_wrong_type"),
        ({"phone": "12345678901"}, "mobile_shape"),
        ({"number": LIFANG["number"], "name": "李方"}, "person_name_differs"),
        ({"phone": "19900000002"}, "phone_of_another_person"),
    ],
)
def test_a_refused_learner_leaves_nothing_behind(parts: Parts, cast: Cast, told: dict[str, Any], code: str) -> None:
    tables = (Person, Account, Enrollment, AuditEvent)
    before = [count(parts, table) for table in tables]
    # The transaction commits, as it does when the form is shown again.
    with parts.database.transaction() as session, pytest.raises(Refused, match=code):
        enrollments.enroll(session, parts.keyring, cast.zhoumin, cast.cohort, now=NOON, **WANGHONG | told)
    assert [count(parts, table) for table in tables] == before


def test_nobody_joins_after_the_last_day(parts: Parts, cast: Cast) -> None:
    last_evening = datetime(2099, 12, 31, 15, 59, tzinfo=UTC)
    enroll(parts, cast.zhoumin, cast.cohort, now=last_evening)
    with pytest.raises(Refused, match="cohort_closed"):
        enroll(parts, cast.zhoumin, cast.cohort, now=datetime(2099, 12, 31, 16, 0, tzinfo=UTC), **LIFANG)


@pytest.mark.parametrize("who", ["sunyue", "lifang", "wanglei", "admin"])
def test_a_stranger_enrolls_nobody_in_kangning(parts: Parts, cast: Cast, who: str) -> None:
    with pytest.raises(NotFound):
        enroll(parts, getattr(cast, who), cast.cohort)
    assert count(parts, Person) == 2


def test_a_learner_without_study_can_be_taken_out_and_come_back(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        seen = enrollments.get(session, cast.zhoumin, cast.cohort, cast.enrollment)
        assert (seen.name, seen.cohort, seen.has_study) == ("李芳", "2026年冬季一班", False)
        enrollments.remove(session, cast.zhoumin, cast.cohort, cast.enrollment, now=NOON)
    with parts.database.transaction(write=False) as session:
        act = session.scalars(select(AuditEvent).where(AuditEvent.action == "learner.remove")).one()
        assert session.get(Enrollment, cast.enrollment) is None
    assert (act.subject, act.organisation_id) == (str(cast.enrollment), cast.kangning)
    enroll(parts, cast.zhoumin, cast.cohort, **LIFANG)


@pytest.mark.parametrize("kind", ["progress", "attempt"])
def test_a_learner_who_has_studied_stays(parts: Parts, cast: Cast, kind: str) -> None:
    with parts.database.transaction() as session:
        session.add(_study(cast, kind))
    with parts.database.transaction() as session:
        assert enrollments.get(session, cast.zhoumin, cast.cohort, cast.enrollment).has_study
        with pytest.raises(Refused, match="learner_has_study"):
            enrollments.remove(session, cast.zhoumin, cast.cohort, cast.enrollment, now=NOON)
    assert count(parts, Enrollment) == 2


def test_a_practical_and_a_word_on_pictures_outlive_a_removal(parts: Parts, cast: Cast, password_hash: str) -> None:
    with parts.database.transaction() as session:
        place = open_class(session, parts.keyring, cast, password_hash)
    with parts.database.transaction() as session:
        practice.say_own(session, cast.lifang, place.enrollment, place.wash, given=True, now=NOON)
        practice.open_sitting(session, place.examiners.heping, place.enrollment, place.wash, now=NOON)
    with parts.database.transaction() as session, pytest.raises(Refused, match="learner_has_study"):
        enrollments.remove(session, cast.zhoumin, place.cohort, place.enrollment, now=NOON)


def test_who_spoke_for_herself_stays_known_when_she_leaves_her_only_class(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        practice.say(session, cast.lifang, cast.lifang.person_id, given=True, now=NOON)
        enrollments.remove(session, cast.zhoumin, cast.cohort, cast.enrollment, now=NOON)
    with parts.database.transaction(write=False) as session:
        assert session.get(Person, cast.lifang.person_id) is not None
    enroll(parts, cast.zhoumin, cast.cohort, **LIFANG)


def test_one_human_on_record_as_two_joins_a_class_once(parts: Parts, cast: Cast) -> None:
    """By either of her numbers, and with a phone she has: a number gets nobody a second account."""
    identity.Office(parts, cast).join()
    kind = DocumentType.RESIDENT_ID
    with parts.database.transaction() as session:
        account = session.scalars(select(Account).where(Account.person_id == cast.lifang.person_id)).one()
        account.person_id = None  # her living self signs in with no phone
        names = ("organisation_id", "course_version_id", "opens_on", "closes_on", "policy_code", "created_at")
        like = session.get_one(Cohort, cast.cohort)
        cohort = Cohort(id=new_id(), name="又一班", **{name: getattr(like, name) for name in names})
        session.add(cohort)
    with parts.database.transaction() as session:

        def entry(name: str, number: str, phone: str) -> placing.Entry:
            told = {"name": name, "number": number, "phone": phone, "document_type": kind, "now": NOON}
            return placing.entry(parts.keyring, **told)  # type: ignore[arg-type]

        def enter(*entries: placing.Entry) -> list[str | None]:
            told = (session, parts.keyring, cast.zhoumin, cohort)
            return [each.refusal for each in enrollments.enroll_all(*told, entries, now=NOON)]

        hers, elsewhere = cast.phones["chenmo"], "19900000077"
        assert enter(entry("李芳", identity.LIFANG, elsewhere)) == ["person_has_other_phone"]
        both = [entry("李芳", identity.LIFANG, hers), entry("陈默", identity.CHENMO, hers)]
        assert enter(*both) == [None, "already_enrolled"]
        assert enter(entry("陈默", identity.LIFANG, hers)) == ["already_enrolled"]
        bodies = (cast.lifang.person_id, cast.chenmo.person_id)
        mine = (Enrollment.cohort_id == cohort.id) & Enrollment.person_id.in_(bodies)
        assert session.scalars(select(Enrollment.person_id).where(mine)).all() == [cast.chenmo.person_id]


def test_who_asked_for_her_data_is_kept_when_she_leaves_her_only_class(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        rights.exporting.ask(session, cast.lifang, now=NOON)
        enrollments.remove(session, cast.zhoumin, cast.cohort, cast.enrollment, now=NOON)
    with parts.database.transaction(write=False) as session:
        assert session.get_one(Person, cast.lifang.person_id).name == "李芳"


def _study(cast: Cast, kind: str) -> LessonProgress | QuizAttempt:
    if kind == "progress":
        return LessonProgress(
            enrollment_id=cast.enrollment, lesson_id=cast.lessons["say-hello"], covered=[], updated_at=NOON
        )
    return QuizAttempt(
        enrollment_id=cast.enrollment,
        lesson_id=cast.lessons["quiz-hello"],
        answers={},
        score=0,
        passed=False,
        submitted_at=NOON,
    )


def test_a_stranger_sees_and_removes_nobody(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        for cohort in (cast.cohort, cast.foreign_cohort):
            with pytest.raises(NotFound):
                enrollments.get(session, cast.sunyue, cohort, cast.enrollment)
            with pytest.raises(NotFound):
                enrollments.remove(session, cast.sunyue, cohort, cast.enrollment, now=NOON)
    assert count(parts, Enrollment) == 2
