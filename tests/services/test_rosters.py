"""A roster becomes enrollments, once, and can be taken back; what is personal in it does not stay."""

import json
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms import clock
from lms.domain.errors import Conflict, NotFound, Refused
from lms.domain.identity import DocumentType
from lms.domain.roster_columns import Field
from lms.models.accounts import Account
from lms.models.audit import AuditEvent
from lms.models.enrollments import Enrollment
from lms.models.jobs import Job
from lms.models.people import Person
from lms.models.rosters import RosterImport
from lms.models.study import LessonProgress
from lms.parts import Parts
from lms.services import people, rosters
from lms.services.rosters.states import BAD, CHECKED, DROPPED, IMPORTED, READ, REFUSED, UNDONE
from lms.services.scopes import Actor
from tests.support.cast import Cast
from tests.support.roster_acts import at, bring, checked, choose, codes, confirm, count, imported, row_of, rows_of
from tests.support.rosters import (
    MESSY_BAD,
    MESSY_GOOD,
    comma,
    messy,
    name,
    number,
    phone,
    plain,
    work,
    workbook,
)


def test_a_messy_roster_becomes_a_class(parts: Parts, cast: Cast) -> None:
    import_id = bring(parts, cast, messy())
    work(parts)
    found = row_of(parts, import_id)
    guessed = {"name": 1, "gender": 2, "document_type": 3, "number": 4, "phone": 5}
    guessed |= {"category": 6, "education": 7, "birth": 8, "employer": 9}
    assert (found.state, found.columns) == (READ, guessed)
    before = count(parts, Enrollment)
    found = choose(parts, cast, import_id)
    assert count(parts, Enrollment) == before
    rows = rows_of(parts, import_id)
    assert {place: codes(rows[at(place)])[0] for place in MESSY_BAD} == MESSY_BAD
    assert sorted(row for row, each in rows.items() if each.state == BAD) == [at(place) for place in MESSY_BAD]
    assert codes(rows[at(220)]) == ["roster_twin"]
    assert codes(rows[at(240)]) == ["roster_phone_shared"]
    assert codes(rows[at(260)]) == ["roster_young"]
    assert codes(rows[at(280)]) == ["roster_gender_differs"]
    assert (found.counts["good"], found.counts["twin"], found.counts["bad"]) == (MESSY_GOOD, 1, len(MESSY_BAD))
    assert (found.counts["warned"], found.counts["skipped"]) == (3, 7)

    confirm(parts, cast, import_id)
    work(parts)
    found = row_of(parts, import_id)
    assert (found.state, found.counts["done"]) == (IMPORTED, MESSY_GOOD)
    assert count(parts, Enrollment) == before + MESSY_GOOD
    with parts.database.transaction(write=False) as session:
        names = set(session.scalars(select(Person.name)))
        done = rows_of(parts, import_id)[at(0)].enrollment_id
        assert done is not None
        details = rosters.find_details(session, parts.keyring, [done])[done]
    assert {"王芳", "古丽•测试", "㐂\U00020bb7翀·测试"} <= names
    assert details[Field.EMPLOYER] == "康宁护理院"
    assert count(parts, Account) == 9 + MESSY_GOOD - 1  # the cast, and all but the one who shares a phone


def test_nothing_personal_stays_or_lies_open(parts: Parts, cast: Cast) -> None:
    """Canaries: a number, a phone and a name in no row, no job, no audit entry and no object of the store."""
    rows = plain(3)
    rows[2][4] = "not a phone"
    import_id = bring(parts, cast, workbook(rows))
    [key] = parts.store.list("rosters/")
    with parts.store.open(key) as body:
        assert number(0).encode() not in body.read()
    work(parts)
    assert list(parts.store.list("rosters/")) == []
    choose(parts, cast, import_id)
    confirm(parts, cast, import_id)
    work(parts)
    kept = rows_of(parts, import_id)
    assert [row for row, each in kept.items() if each.cells_sealed] == [3]
    with parts.database.transaction(write=False) as session:
        told = [each.payload for each in session.scalars(select(Job))]
        told += [each.detail for each in session.scalars(select(AuditEvent))]
        told += [[each.remarks, each.cells_sealed] for each in kept.values()]
        told += [[each.columns, each.counts, each.heading_sealed] for each in session.scalars(select(RosterImport))]
    text = json.dumps(told, ensure_ascii=False)
    for canary in (number(0), number(1), phone(0), name(0), name(1), "not a phone"):
        assert canary not in text


def test_a_day_later_everything_personal_is_gone(parts: Parts, cast: Cast) -> None:
    left, waiting = checked(parts, cast, workbook(plain(2))), bring(parts, cast, comma(plain(3, first=10)))
    later = clock.now() + timedelta(days=1, minutes=1)
    with parts.database.transaction() as session:
        rosters.sweep(session, now=later)
    assert row_of(parts, left).state == DROPPED
    assert row_of(parts, left).heading_sealed is None
    assert [each.cells_sealed for each in rows_of(parts, left).values()] == [None, None]
    assert row_of(parts, waiting).emptied_at is None  # its job is due, and a worker will come
    assert rosters.sweep_store(parts.store, now=clock.now()) == 0
    assert rosters.sweep_store(parts.store, now=later) == 1


def test_a_worker_that_is_killed_enrolls_nobody_twice(parts: Parts, cast: Cast) -> None:
    before = count(parts, Enrollment)
    import_id = checked(parts, cast, comma(plain(450), "utf-8-sig"))
    confirm(parts, cast, import_id)
    steps = rosters.steps("import_roster", parts.store, parts.keyring, import_id)
    with parts.database.transaction() as session:
        next(steps)(session, clock.now())
    half_way = count(parts, Enrollment) - before
    assert 0 < half_way < 450
    work(parts)
    assert count(parts, Enrollment) == before + 450
    with parts.database.transaction(write=False) as session:
        acts = select(func.count()).where(AuditEvent.action == "learner.enroll")
        assert session.scalar(acts) == 450
    assert row_of(parts, import_id).counts["done"] == 450


def test_all_or_none(parts: Parts, cast: Cast) -> None:
    before = count(parts, Enrollment)
    import_id = checked(parts, cast, workbook(plain(3)))
    with parts.database.transaction() as session:  # meanwhile another institution enters her under another name
        who = {"name": "另一个", "document_type": DocumentType.RESIDENT_ID, "number": number(2)}
        people.register(session, parts.keyring, now=clock.now(), **who)
    confirm(parts, cast, import_id, rosters.ALL)
    work(parts)
    found = row_of(parts, import_id)
    assert (found.state, found.problem, count(parts, Enrollment)) == (CHECKED, "roster_none_imported", before)
    assert (found.counts["good"], found.counts["bad"]) == (2, 1)
    with pytest.raises(Refused, match="roster_rows_bad"):
        confirm(parts, cast, import_id, rosters.ALL)
    confirm(parts, cast, import_id)
    work(parts)
    assert count(parts, Enrollment) == before + 2


def test_undo_takes_back_all_but_those_who_studied(parts: Parts, cast: Cast) -> None:
    before = [count(parts, table) for table in (Enrollment, Person)]
    import_id = imported(parts, cast, workbook(plain(5)))
    studious = rows_of(parts, import_id)[4].enrollment_id
    assert studious is not None
    with parts.database.transaction() as session:
        told = {"enrollment_id": studious, "lesson_id": cast.lessons["say-hello"], "covered": []}
        session.add(LessonProgress(**told, updated_at=clock.now()))
    with parts.database.transaction() as session:
        rosters.undo(session, cast.zhoumin, import_id, now=clock.now())
    work(parts)
    found = row_of(parts, import_id)
    assert (found.state, found.counts["undone"], found.counts["kept"]) == (UNDONE, 4, 1)
    assert [count(parts, table) for table in (Enrollment, Person)] == [each + 1 for each in before]
    with parts.database.transaction(write=False) as session:
        view = rosters.look(session, parts.keyring, cast.zhoumin, import_id)
        kept = rosters.list_rows(session, parts.keyring, view, "kept", 1).rows
    assert [(each.number, each.name) for each in kept] == [(4, name(2))]
    assert imported(parts, cast, workbook(plain(5))) != import_id


def test_twice_the_same_file_is_told_and_enrolls_nobody_again(parts: Parts, cast: Cast) -> None:
    data = workbook(plain(3))
    imported(parts, cast, data)
    before = count(parts, Enrollment)
    again = checked(parts, cast, data)
    with parts.database.transaction(write=False) as session:
        view = rosters.look(session, parts.keyring, cast.zhoumin, again)
    assert view.twin is not None
    assert view.twin.cohort == "2026年冬季一班"
    assert row_of(parts, again).counts["there"] == 3
    with pytest.raises(Refused, match="roster_nothing_good"):
        confirm(parts, cast, again)
    assert count(parts, Enrollment) == before


def test_a_phone_that_came_later_is_added(parts: Parts, cast: Cast) -> None:
    rows = plain(2)
    rows[2][4] = rows[1][4]
    imported(parts, cast, workbook(rows))
    before = count(parts, Account)
    imported(parts, cast, workbook(plain(2)))
    assert count(parts, Account) == before + 1


def test_columns_chosen_by_hand_are_remembered_for_such_sheets(parts: Parts, cast: Cast) -> None:
    rows = [["甲", "乙", "丙", "丁"], *([each[1], each[4], each[3], each[6]] for each in plain(4)[1:])]
    import_id = bring(parts, cast, workbook(rows))
    work(parts)
    columns = {"name": 0, "phone": 1, "number": 2, "education": 3}
    assert choose(parts, cast, import_id, columns).counts["good"] == 4
    again = bring(parts, cast, workbook(rows[:3]))
    work(parts)
    assert row_of(parts, again).columns == columns


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ([("name", 1), ("number", 3)], "roster_column_missing"),
        ([("name", 1), ("number", 3), ("phone", 3)], "roster_column_twice"),
        ([("name", 1), ("number", 3), ("phone", 4), ("phone", 5)], "roster_column_twice"),
        ([("name", 1), ("number", 3), ("phone", 4), ("salary", 5)], "roster_column_twice"),
    ],
)
def test_columns_that_cannot_be_are_refused(
    parts: Parts, cast: Cast, columns: Sequence[tuple[str, int]], code: str
) -> None:
    import_id = bring(parts, cast, workbook(plain(2)))
    work(parts)
    with parts.database.transaction() as session, pytest.raises(Refused, match=code):
        rosters.choose(session, cast.zhoumin, import_id, columns, DocumentType.RESIDENT_ID, now=clock.now())


def test_a_file_that_cannot_be_read_says_why_and_goes(parts: Parts, cast: Cast) -> None:
    import_id = bring(parts, cast, b"\xff\xfe\x00\xd8")
    work(parts)
    found = row_of(parts, import_id)
    assert (found.state, found.problem) == (REFUSED, "file_encoding")
    assert list(parts.store.list("rosters/")) == []
    with pytest.raises(Refused, match="table_kind"):
        bring(parts, cast, b"%PDF-1.7")


@pytest.mark.parametrize("who", ["sunyue", "lifang", "wanglei", "admin"])
def test_a_stranger_finds_no_roster(parts: Parts, cast: Cast, who: str) -> None:
    import_id = checked(parts, cast, workbook(plain(2)))
    actor: Actor = getattr(cast, who)
    with parts.database.transaction() as session:
        asked = (session, actor, import_id)
        for act in (rosters.drop, rosters.undo, rosters.retry):
            with pytest.raises(NotFound):
                act(*asked, now=clock.now())
        with pytest.raises(NotFound):
            rosters.confirm(*asked, rosters.ONLY_GOOD, now=clock.now())
        with pytest.raises(NotFound):
            rosters.look(session, parts.keyring, actor, import_id)
        told = {"file_name": "a.csv", "data": b"a", "now": clock.now()}
        with pytest.raises(NotFound):
            rosters.bring(session, parts.store, parts.keyring, actor, cast.cohort, **told)
        assert rosters.list_of(session, actor, cast.cohort) == []


def test_what_moved_on_is_not_done_again(parts: Parts, cast: Cast) -> None:
    import_id = imported(parts, cast, workbook(plain(2)))
    for act in (rosters.drop, rosters.retry):
        with parts.database.transaction() as session, pytest.raises(Conflict, match="roster_moved_on"):
            act(session, cast.zhoumin, import_id, now=clock.now())
