"""A learner in two institutions, or on her way from one to another: one person, one record, and neither hears of the
other."""

import uuid
from datetime import date, timedelta

import pytest

from lms.domain.errors import NotFound
from lms.domain.identity import DocumentType
from lms.domain.roles import Role
from lms.models.enrollments import Cohort
from lms.models.people import Person
from lms.parts import Parts
from lms.services import cohorts, enrollments, ledger, looks, reports
from tests.support.cast import NOON, Cast
from tests.support.ledger import Scribe

HERS = {"name": "李芳", "document_type": DocumentType.RESIDENT_ID, "number": "219999198501010026"}


@pytest.fixture
def moved(parts: Parts, cast: Cast) -> uuid.UUID:
    """李芳 is entered by 安和 as well, after 康宁 did; her place there."""
    with parts.database.transaction() as session:
        told = {**HERS, "phone": cast.phones["lifang"], "now": NOON}
        return enrollments.enroll(session, parts.keyring, cast.sunyue, cast.foreign_cohort, **told).id


def test_she_stays_one_person_with_one_record(parts: Parts, cast: Cast, moved: uuid.UUID) -> None:
    with parts.database.transaction(write=False) as session:
        assert session.query(Person).filter(Person.name == "李芳").count() == 1
        for place in (cast.enrollment, moved):
            assert ledger.read(session, parts.keyring, cast.lifang, place, role=Role.LEARNER).enrollment_id == place


def test_what_she_did_before_follows_her_and_stays_with_whom_she_left(
    parts: Parts, cast: Cast, moved: uuid.UUID
) -> None:
    """Her study at 康宁 stays hers to read after that class is over, and 康宁's; 安和's begins with nothing."""
    scribe = Scribe(parts, cast)
    scribe.study("say-hello", (0, 60_000), NOON - timedelta(hours=2))
    scribe.settle()
    with parts.database.transaction() as session:
        session.get_one(Cohort, cast.cohort).closes_on = date(2026, 11, 22)
    with parts.database.transaction(write=False) as session:
        before = reports.completion_row(session, parts.keyring, cast.zhoumin, cast.enrollment, now=NOON)
        after = reports.completion_row(session, parts.keyring, cast.sunyue, moved, now=NOON)
        hers = ledger.read(session, parts.keyring, cast.lifang, cast.enrollment, role=Role.LEARNER)
        theirs = ledger.read(session, parts.keyring, cast.zhoumin, cast.enrollment, role=Role.INSTITUTION)
    assert (before.credited_ms, after.credited_ms) == (60_000, 0)
    assert hers == theirs


def test_no_institution_learns_of_another(parts: Parts, cast: Cast, moved: uuid.UUID) -> None:
    sides = (
        (cast.zhoumin, cast.enrollment, moved, "安和"),
        (cast.sunyue, moved, cast.enrollment, "康宁"),
    )
    with parts.database.transaction(write=False) as session:
        for office, own, other, name in sides:
            rows = list(reports.completion_rows(session, parts.keyring, office, now=NOON))
            hers = [row for row in rows if row.name == "李芳"]
            assert [row.enrollment_id for row in hers] == [own]
            told = repr((hers, ledger.read(session, parts.keyring, office, own, role=Role.INSTITUTION)))
            told += repr((cohorts.list_own(session, office), looks.list_of_institution(session, office)))
            assert name not in told
            assert str(other) not in told
            with pytest.raises(NotFound):
                ledger.read(session, parts.keyring, office, other, role=Role.INSTITUTION)
            with pytest.raises(NotFound):
                reports.completion_row(session, parts.keyring, office, other, now=NOON)
