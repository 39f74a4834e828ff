"""A roster that is handed in or approved: no file changes it, no key loses it, nobody slips in meanwhile."""

import uuid
from typing import Any

import pytest
from sqlalchemy import select, text

from lms.crypto import Keyring
from lms.db import OperationalError
from lms.domain.documents import DocumentType, Sex
from lms.domain.errors import Conflict, Refused
from lms.domain.roles import Role
from lms.models.enrollments import Cohort, Enrollment
from lms.models.rights import Restriction
from lms.parts import Parts
from lms.services import enrollments, filings, resealing, rosters
from lms.services.filings import books
from lms.services.rosters.states import CHECKED, IMPORTED
from tests.support.cast import NOON, Cast
from tests.support.filing import NEW, REASON, WANGHONG, ZHANGLI, Office
from tests.support.roster_acts import bring, checked, confirm, count, imported, row_of
from tests.support.rosters import plain, work, workbook
from tests.support.site import ON_POSTGRESQL

FRESH = bytes(range(32))
PASSPORT = {"document_type": DocumentType.PASSPORT, "number": "KOR/M12345678"}
OLD_CARD = {"document_type": DocumentType.PERMANENT_RESIDENT, "number": "CAN110081010100"}


@pytest.fixture
def office(parts: Parts, cast: Cast) -> Office:
    return Office(parts, cast)


def put(parts: Parts, cast: Cast, state: str) -> None:
    """The class of the cast, as if its filing stood there."""
    with parts.database.transaction() as session:
        session.get_one(Cohort, cast.cohort).filing = state


def undo(parts: Parts, cast: Cast, import_id: uuid.UUID) -> None:
    with parts.database.transaction() as session:
        rosters.undo(session, cast.zhoumin, import_id, now=NOON)


def enter(office: Office, *told: dict[str, Any]) -> None:
    with office.parts.database.transaction() as session:
        for each in told:
            who = (session, office.parts.keyring, office.cast.zhoumin, office.cohort)
            enrollments.enroll(*who, **ZHANGLI | each, now=office.now)


def test_no_file_is_taken_imported_or_taken_back(parts: Parts, cast: Cast) -> None:
    there, ready = imported(parts, cast, workbook(plain(3))), checked(parts, cast, workbook(plain(5)))
    before = count(parts, Enrollment)
    for state, code in (("filed", "filing_in_review"), ("approved", "filing_roster_frozen"), ("closed", "filing_over")):
        put(parts, cast, state)
        with pytest.raises(Refused, match=code):
            bring(parts, cast, workbook(plain(2)))
        with pytest.raises(Refused, match=code):
            confirm(parts, cast, ready)
        with pytest.raises(Refused, match=code):
            undo(parts, cast, there)
    assert (row_of(parts, there).state, row_of(parts, ready).state) == (IMPORTED, CHECKED)
    assert count(parts, Enrollment) == before


def test_what_was_asked_before_the_filing_stops_and_says_so(parts: Parts, cast: Cast) -> None:
    there, ready = imported(parts, cast, workbook(plain(3))), checked(parts, cast, workbook(plain(5)))
    before = count(parts, Enrollment)
    undo(parts, cast, there)
    confirm(parts, cast, ready)
    put(parts, cast, "approved")
    work(parts)
    for import_id, state in ((there, IMPORTED), (ready, CHECKED)):
        found = row_of(parts, import_id)
        assert (found.state, found.problem) == (state, "filing_roster_frozen")
    assert (count(parts, Enrollment), row_of(parts, there).counts["done"]) == (before, 3)
    put(parts, cast, "returned")
    undo(parts, cast, there)
    work(parts)
    assert (count(parts, Enrollment), row_of(parts, there).problem) == (before - 3, None)


def file_at_once(office: Office) -> None:
    with office.parts.database.transaction() as session:
        session.execute(text("SET LOCAL lock_timeout = '1ms'"))
        filings.file(session, office.parts.keyring, office.cast.zhoumin, office.cohort, now=office.now)


@ON_POSTGRESQL
def test_nobody_files_between_the_look_at_the_roster_and_the_entry(office: Office) -> None:
    """On SQLite writers take turns anyhow."""
    office.start()
    office.fill()
    with office.parts.database.transaction() as session:
        enrollments.get_open_cohort(session, office.cast.zhoumin, office.cohort, now=office.now)
        with pytest.raises(OperationalError):
            file_at_once(office)


def test_the_papers_take_every_kind_of_document(office: Office) -> None:
    office.start()
    enter(office, PASSPORT, OLD_CARD | {"phone": "13800000004", "name": "金恩地"})
    enter(office, WANGHONG)
    with office.parts.database.transaction(write=False) as session:
        lines = books.read(session, office.parts.keyring, office.cast.zhoumin, office.cohort).lines
    assert [(each.number, each.born_on is None, each.sex) for each in lines] == [
        ("KO*********78", True, None),
        ("CAN110*****0100", True, None),
        ("509999********0033", False, Sex.MALE),
    ]


@pytest.mark.parametrize(
    "told", [PASSPORT, OLD_CARD, {"document_type": DocumentType.TAIWAN_PERMIT, "number": "12345678"}]
)
def test_a_change_takes_every_kind_of_document(office: Office, told: dict[str, Any]) -> None:
    office.approved()
    with office.parts.database.transaction() as session:
        who = (session, office.parts.keyring, office.cast.zhoumin, office.cohort)
        change = filings.propose_addition(*who, **NEW | told, reason=REASON, now=office.now)
    decide(office, office.parts.keyring, change)
    with office.parts.database.transaction(write=False) as session:
        newest = filings.list_versions(session, office.cast.zhoumin, office.cohort, Role.INSTITUTION)[0]
    assert newest.rows[1]["document_type"] == told["document_type"].value


def decide(office: Office, keyring: Keyring, change: uuid.UUID) -> None:
    with office.parts.database.transaction() as session:
        more: dict[str, Any] = {"role": Role.PLATFORM, "approved": True, "now": office.now}
        filings.decide_change(session, keyring, office.cast.admin, change, **more)


def test_whose_records_are_archive_only_stands_in_no_paper(office: Office) -> None:
    office.start()
    enter(office, WANGHONG)
    with office.parts.database.transaction() as session:
        who = (session, office.parts.keyring, office.cast.zhoumin, office.cohort)
        hers = session.scalars(select(Enrollment.person_id).where(Enrollment.cohort_id == office.cohort)).one()
        session.add(Restriction(person_id=hers, since=office.now))
        session.flush()
        assert (books.read(*who).lines, filings.list_people(*who)) == ((), [])
        assert len(office.read().facts["roster"]) == 1


def test_one_removal_of_one_learner_waits_at_a_time(office: Office) -> None:
    office.approved()
    with office.parts.database.transaction() as session:
        who = (session, office.parts.keyring, office.cast.zhoumin, office.cohort)
        (mine, label), *others = filings.list_people(*who)
        asked: dict[str, Any] = {"reason": REASON, "now": office.now}
        filings.propose_removal(session, office.cast.zhoumin, office.cohort, mine, **asked)
        with pytest.raises(Conflict, match="filing_change_waiting"):
            filings.propose_removal(session, office.cast.zhoumin, office.cohort, mine, **asked)
    assert (label, others) == ("王红 509999********0033", [])


def test_a_new_key_reads_what_is_filed_and_asked(office: Office) -> None:
    office.approved()
    with office.parts.database.transaction() as session:
        who = (session, office.parts.keyring, office.cast.zhoumin, office.cohort)
        change = filings.propose_addition(*who, **NEW, reason=REASON, now=office.now)
    old = office.parts.keyring
    ring = Keyring((("k2", FRESH), *old.field_keys), old.index_key)
    done = {step.field: step.done for step in resealing.rotate(office.parts.database.transaction, ring)}
    assert (done["filings.phone_sealed"], done["roster_changes.person_sealed"]) == (1, 1)
    only = Keyring((("k2", FRESH),), old.index_key)
    decide(office, only, change)
    with office.parts.database.transaction(write=False) as session:
        papers = books.read(session, only, office.cast.zhoumin, office.cohort, unmasked=True)
    assert (papers.facts["phone"], papers.lines[1].number) == ("19900000044", NEW["number"])
