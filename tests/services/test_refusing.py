"""Who does not agree that her identity number is used: no list, book, dossier or page shows it whole."""

import csv
import io
import uuid
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lms.domain.documents import DocumentType
from lms.domain.errors import Refused
from lms.domain.notices import Purpose
from lms.domain.reveals import Purpose as Use
from lms.domain.reveals import RevealField
from lms.domain.roles import Role
from lms.models.certificates import Certificate
from lms.parts import Parts
from lms.services import attendance, consents, dossiers, enrollments, reporting, reports, reveals, scorebook
from lms.services.dossiers import Wanted, words
from lms.services.filings import books
from lms.services.scopes import Actor
from lms.services.selections import EVERYBODY, Selection
from tests.support import filing, identity
from tests.support.cast import NOON, Cast
from tests.support.training import stage

WHOLE, MASKED = "219999198501010026", "219999********0026"
SHOWN = "509999199006150033"  # 王红 was entered by her institution and has never signed in


def say(parts: Parts, who: Actor, *, given: bool, minutes: int = 0) -> None:
    with parts.database.transaction() as session:
        assert who.person_id
        at = NOON + timedelta(minutes=minutes)
        consents.record(session, who, who.person_id, Purpose.IDENTITY, given=given, now=at)


def enter(parts: Parts, cast: Cast, cohort: uuid.UUID) -> None:
    with parts.database.transaction() as session:
        told = {"name": "王红", "number": SHOWN, "phone": "13800000001", "document_type": DocumentType.RESIDENT_ID}
        enrollments.enroll(session, parts.keyring, cast.zhoumin, cohort, **told, now=NOON)  # type: ignore[arg-type]


@pytest.fixture
def cohort(parts: Parts, cast: Cast) -> uuid.UUID:
    """李芳, who says no, and 王红, who was never asked, in one class with exams and lessons in person."""
    with parts.database.transaction() as session:
        made = stage(session, cast)
        made.meet(-1, came=False)
    enter(parts, cast, made.cohort)
    say(parts, cast.lifang, given=False)
    return made.cohort


def test_the_completion_list(parts: Parts, cast: Cast, cohort: uuid.UUID) -> None:
    with parts.database.transaction(write=False) as session:
        told = (session, parts.keyring, cast.zhoumin)
        rows = list(reports.completion_rows(*told, selection=Selection(cohort), unmasked=True, now=NOON))
    assert {(row.name, row.number) for row in rows} == {("李芳", MASKED), ("王红", SHOWN)}


@pytest.mark.parametrize("read", [reporting.hours_rows, reporting.plan_rows])
def test_the_reports_of_hours_and_plans(parts: Parts, cast: Cast, cohort: uuid.UUID, read: Any) -> None:
    with parts.database.transaction(write=False) as session:
        told = (session, parts.keyring, cast.zhoumin, Selection(cohort))
        found = {(row.learner.name, row.learner.number) for row in read(*told, unmasked=True, now=NOON)}
    assert found == {("李芳", MASKED), ("王红", SHOWN)}


def test_the_register_of_records(parts: Parts, cast: Cast) -> None:
    say(parts, cast.lifang, given=False)
    with parts.database.transaction() as session:
        session.add(Certificate(enrollment_id=cast.enrollment, code="KX-1", issued_at=NOON, facts={}, facts_hash=""))
    with parts.database.transaction(write=False) as session:
        told = (session, parts.keyring, cast.zhoumin, EVERYBODY)
        found = [row.number for row in reporting.register_rows(*told, unmasked=True, now=NOON)]
    assert found == [MASKED]


def test_the_score_book(parts: Parts, cast: Cast, cohort: uuid.UUID) -> None:
    with parts.database.transaction(write=False) as session:
        found = scorebook.read(session, parts.keyring, cast.zhoumin, cohort, unmasked=True, now=NOON)
    assert {(row.name, row.number) for row in found.rows} == {("李芳", MASKED), ("王红", SHOWN)}


def test_the_attendance_book(parts: Parts, cast: Cast, cohort: uuid.UUID) -> None:
    later = NOON + timedelta(days=2)
    with parts.database.transaction(write=False) as session:
        found = attendance.book.read(session, parts.keyring, cast.zhoumin, cohort, None, unmasked=True, now=later)
    assert {(row.name, row.number) for row in found.rows} == {("李芳", MASKED), ("王红", SHOWN)}


def test_the_dossier(parts: Parts, cast: Cast, tmp_path: Path) -> None:
    enter(parts, cast, cast.cohort)
    say(parts, cast.lifang, given=False)
    wanted = Wanted(
        uuid.uuid4(),
        cast.cohort,
        NOON + timedelta(minutes=1),
        Role.INSTITUTION,
        masked=False,
        object_key="dossiers/x.zip",
    )
    with parts.database.transaction(write=False) as session:
        made = (session, parts.keyring, parts.store, wanted, tmp_path / "d.zip")
        dossiers.write(*made, on_progress=lambda _share: None)
    with zipfile.ZipFile(tmp_path / "d.zip") as archive:
        text = archive.read(words.ROSTER).decode("utf-8-sig")
        everything = "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
    people = {row["姓名"]: row["证件号码"] for row in csv.DictReader(io.StringIO(text, newline=""))}
    assert people == {"李芳": MASKED, "王红": SHOWN}
    assert WHOLE not in everything


def test_a_page_that_reveals_one_number(parts: Parts, cast: Cast) -> None:
    say(parts, cast.lifang, given=False)

    def seen(field: RevealField) -> str:
        with parts.database.transaction() as session:
            told = (cast.enrollment, field, Use.CERTIFICATE, identity.REASON)
            return reveals.reveal(session, parts.keyring, cast.zhoumin, *told, now=NOON).value

    assert seen(RevealField.PHONE) == cast.phones["lifang"]
    with pytest.raises(Refused, match="reveal_withheld"):
        seen(RevealField.NUMBER)
    say(parts, cast.lifang, given=True, minutes=1)
    assert seen(RevealField.NUMBER) == WHOLE


def test_the_papers_of_a_filing_which_take_any_document(parts: Parts, cast: Cast) -> None:
    office = filing.Office(parts, cast)
    office.start()
    office.fill()
    passport = {
        "document_type": DocumentType.PASSPORT,
        "number": "KOR/M12345678",
        "name": "Kim",
        "phone": "13800000009",
    }
    hers = {"document_type": DocumentType.RESIDENT_ID, "number": WHOLE, "name": "李芳", "phone": cast.phones["lifang"]}
    with parts.database.transaction() as session:
        who = (session, parts.keyring, cast.zhoumin, office.cohort)
        for told in (passport, hers):
            enrollments.enroll(*who, **told, now=NOON)  # type: ignore[arg-type]
    say(parts, cast.lifang, given=False)
    with parts.database.transaction(write=False) as session:
        papers = books.read(session, parts.keyring, cast.zhoumin, office.cohort, unmasked=True)
    numbers = {line.name: (line.number, line.born_on is None, line.sex is None) for line in papers.lines}
    assert numbers["李芳"] == (MASKED, False, False)
    assert numbers["Kim"] == ("KOR/M12345678", True, True)


def test_the_last_word_of_one_human_on_record_as_two(parts: Parts, cast: Cast) -> None:
    identity.Office(parts, cast).join()

    def refusing() -> set[uuid.UUID]:
        with parts.database.transaction(write=False) as session:
            return consents.refusing(session, [cast.lifang.person_id])  # type: ignore[list-item]

    say(parts, cast.chenmo, given=False)
    assert refusing() == {cast.lifang.person_id}
    say(parts, cast.lifang, given=True, minutes=1)
    assert refusing() == set()
