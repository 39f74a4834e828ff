"""Lists from outside: brought without names and numbers, matched by any document, settled by people, and gone."""

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from lms.domain.crosschecks.lists import ListKind, Outcome
from lms.domain.errors import Conflict, Forbidden, NotFound, Refused
from lms.domain.roles import Role
from lms.domain.subsidies import Doubt, ReasonCode
from lms.models.audit import AuditEvent
from lms.models.crosschecks import OutsideEntry, OutsideList, OutsideMatch
from lms.models.people import PersonLink
from lms.parts import Parts
from lms.services import crosschecks, outside, rights
from lms.services.crosschecks import ListTold, MatchView
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast, Stage
from tests.support.identity import FREE, Office
from tests.support.places import Places, place

TODAY = date(2026, 11, 23)
OWN = "219999198501010026"
OTHER = "509999196003030016"
WORDS = "打电话问过本人，看了退休证原件。"
TOLD = ListTold(ListKind.PENSIONER, "云川市社保中心", date(2026, 11, 1), "与社保中心的数据比对协议", date(2027, 5, 1))


@pytest.fixture
def places(parts: Parts, cast: Cast) -> Places:
    with parts.database.transaction() as session:
        return place(session, parts.keyring, cast)


def bring(parts: Parts, places: Places, csv: str, told: ListTold = TOLD, actor: Actor | None = None) -> uuid.UUID:
    with parts.database.transaction() as session:
        who, at = actor or places.linlan, places.city
        return crosschecks.bring(session, parts.keyring, who, at, told, csv.encode(), now=NOON)


def doubts(parts: Parts, person_id: uuid.UUID | None, day: date = TODAY) -> list[Doubt]:
    assert person_id
    with parts.database.transaction(write=False) as session:
        return outside.doubts(session, [person_id], day).get(person_id, [])


def matches(parts: Parts, actor: Actor) -> list[MatchView]:
    with parts.database.transaction(write=False) as session:
        return crosschecks.list_matches(session, parts.keyring, actor)


def settle(parts: Parts, actor: Actor, match: uuid.UUID, outcome: Outcome, over_on: date | None = None) -> None:
    with parts.database.transaction() as session:
        crosschecks.settle(session, actor, match, outcome, WORDS, over_on=over_on, now=NOON)


@pytest.mark.parametrize(
    "number", [OWN, "２１９９９９１９８５０１０１００２６", "219999 19850101 0026", "219999850101002"], ids=str
)
def test_a_number_finds_her_however_it_is_written(parts: Parts, cast: Cast, places: Places, number: str) -> None:
    bring(parts, places, f"姓名,证件类型,证件号码\n李 芳,身份证,{number}\n")
    (doubt,) = doubts(parts, cast.lifang.person_id)
    assert (doubt.code, doubt.reason) == ("outside_listed", ReasonCode.GROUP_EXCLUDED)
    (match,) = matches(parts, places.linlan)
    assert (match.name, match.number, match.name_fits) == ("李芳", "219999********0026", True)


def test_nothing_of_the_file_is_kept_but_fingerprints(parts: Parts, cast: Cast, places: Places) -> None:
    made = bring(parts, places, f"姓名,证件号码\n张三,{OWN}\n李四,123\n")
    with parts.database.transaction(write=False) as session:
        entry = session.scalars(select(OutsideEntry)).one()
        kept = session.get_one(OutsideList, made)
        assert kept.problems == [[3, "document_shape", "number"]]
        rows = [session.execute(text(f"SELECT * FROM {table}")).all() for table in ("outside_entries", "outside_lists")]  # noqa: S608
        assert "张三" not in str(rows)
        assert OWN not in str(rows)
        assert len(entry.pid) == len(entry.name_index) == 64
        act = session.scalars(select(AuditEvent).where(AuditEvent.action == "outside.bring")).one()
        assert act.detail == {"kind": "pensioner", "entries": 1, "problems": 1}
    (match,) = matches(parts, places.linlan)
    assert not match.name_fits


def test_any_of_her_records_and_documents_is_she(parts: Parts, cast: Cast, places: Places) -> None:
    ground = Office(parts, cast).number(FREE)
    with parts.database.transaction() as session:
        second = Stage(session, parts.keyring).person("李芳", OTHER)
        assert cast.lifang.person_id
        session.add(PersonLink(person_id=second, living_id=cast.lifang.person_id, change_id=ground, linked_at=NOON))
    bring(parts, places, f"姓名,证件号码\n李芳,{OTHER}\n")
    assert len(doubts(parts, cast.lifang.person_id)) == 1
    (match,) = matches(parts, places.linlan)
    settle(parts, places.linlan, match.id, Outcome.NOT_HER)
    assert doubts(parts, cast.lifang.person_id) == []


def test_other_funds_are_another_reason_and_days_are_kept_to(parts: Parts, cast: Cast, places: Places) -> None:
    told = ListTold(ListKind.OTHER_FUND, "失业保险技能提升", TODAY, "市人社局比对通知", TODAY)
    bring(parts, places, f"姓名,证件号码,起始日期,截止日期\n李芳,{OWN},2026-03-01,2026-06-30\n", told)
    assert doubts(parts, cast.lifang.person_id) == []
    (doubt,) = doubts(parts, cast.lifang.person_id, date(2026, 6, 30))
    assert doubt.reason is ReasonCode.OTHER_FUND


def test_who_is_entered_later_is_found_before_the_night_too(parts: Parts, cast: Cast, places: Places) -> None:
    with parts.database.transaction() as session:
        session.execute(text("DELETE FROM enrollments"))
    bring(parts, places, f"姓名,证件号码\n李芳,{OWN}\n")
    assert doubts(parts, cast.lifang.person_id) == []  # out of reach: she is in no class below
    with parts.database.transaction() as session:
        assert cast.lifang.person_id
        Stage(session).cohort(cast.kangning, cast.version, "新班", cast.lifang.person_id)
    assert [each.values["match"] for each in doubts(parts, cast.lifang.person_id)] == [""]
    with parts.database.transaction() as session:
        assert crosschecks.sweep_lists(session, parts.keyring, now=NOON) == 1
        assert crosschecks.sweep_lists(session, parts.keyring, now=NOON) == 0
    assert [bool(each.values["match"]) for each in doubts(parts, cast.lifang.person_id)] == [True]


def test_only_a_persons_word_ends_a_doubt_and_her_objection_opens_it_again(
    parts: Parts, cast: Cast, places: Places
) -> None:
    bring(parts, places, f"姓名,证件号码\n李芳,{OWN}\n")
    (match,) = matches(parts, places.linlan)
    settle(parts, places.linlan, match.id, Outcome.TRUE)
    assert [each.code for each in doubts(parts, cast.lifang.person_id)] == ["outside_confirmed"]
    with pytest.raises(Conflict, match="outside_settled"):
        settle(parts, places.linlan, match.id, Outcome.TRUE)
    with parts.database.transaction() as session:
        crosschecks.object_to(session, cast.lifang, match.id, "我还没有退休，仍在上班。", now=NOON)
    assert [each.code for each in doubts(parts, cast.lifang.person_id)] == ["outside_listed"]
    settle(parts, places.linlan, match.id, Outcome.NOT_HER)
    assert doubts(parts, cast.lifang.person_id) == []
    settle(parts, places.linlan, match.id, Outcome.OVER, date(2026, 9, 30))
    assert doubts(parts, cast.lifang.person_id) == []
    assert len(doubts(parts, cast.lifang.person_id, date(2026, 9, 30))) == 1
    (mine,) = own(parts, cast.lifang)
    assert [each.outcome for each in mine.words] == [Outcome.TRUE, Outcome.OBJECTION, Outcome.NOT_HER, Outcome.OVER]


def own(parts: Parts, actor: Actor) -> list[MatchView]:
    with parts.database.transaction(write=False) as session:
        return crosschecks.list_own(session, parts.keyring, actor)


def test_strangers_find_nothing(parts: Parts, cast: Cast, places: Places) -> None:
    made = bring(parts, places, f"姓名,证件号码\n李芳,{OWN}\n")
    (match,) = matches(parts, places.linlan)
    assert matches(parts, places.weiguang) == []
    assert own(parts, cast.chenmo) == []
    with parts.database.transaction() as session:
        with pytest.raises(NotFound):
            crosschecks.settle(session, places.weiguang, match.id, Outcome.TRUE, WORDS, now=NOON)
        with pytest.raises(NotFound):
            crosschecks.object_to(session, cast.chenmo, match.id, WORDS, now=NOON)
        with pytest.raises(NotFound):
            crosschecks.remove(session, places.gaoyuan, made, now=NOON)
        with pytest.raises(Forbidden):
            crosschecks.bring(session, parts.keyring, cast.wujian, places.city, TOLD, b"x", now=NOON)
        with pytest.raises(NotFound):
            crosschecks.bring(session, parts.keyring, places.weiguang, places.city, TOLD, b"x", now=NOON)


def test_nobody_settles_what_is_about_herself(parts: Parts, cast: Cast, places: Places) -> None:
    bring(parts, places, f"姓名,证件号码\n李芳,{OWN}\n")
    (match,) = matches(parts, places.linlan)
    herself = Actor(cast.lifang.account_id, cast.lifang.person_id, "李芳", frozenset({(Role.OFFICER, places.city)}))
    with pytest.raises(Forbidden, match="outside_own"):
        settle(parts, herself, match.id, Outcome.NOT_HER)


def test_a_list_goes_after_its_last_day_and_its_matches_stay(parts: Parts, cast: Cast, places: Places) -> None:
    made = bring(parts, places, f"姓名,证件号码\n李芳,{OWN}\n")
    with parts.database.transaction() as session:
        crosschecks.sweep_lists(session, parts.keyring, now=NOON + timedelta(days=160))
        assert session.scalar(select(OutsideEntry)) is None
        assert session.get_one(OutsideList, made).removed_at
    assert len(doubts(parts, cast.lifang.person_id)) == 1


def test_an_erased_person_is_compared_with_nothing(parts: Parts, cast: Cast, places: Places) -> None:
    bring(parts, places, f"姓名,证件号码\n李芳,{OWN}\n")
    with parts.database.transaction() as session:
        assert cast.lifang.person_id
        rights.erasing.overwrite(session, parts.keyring, cast.lifang.person_id, NOON)
        assert session.scalar(select(OutsideEntry)) is None


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"source": "  "}, "outside_source"),
        ({"basis": "219999198501010026"}, "outside_basis"),
        ({"as_of_on": date(2026, 11, 24)}, "outside_as_of"),
        ({"kept_until": date(2026, 11, 22)}, "outside_kept_until"),
    ],
)
def test_a_list_says_where_it_is_from_and_until_when(
    parts: Parts, places: Places, told: dict[str, object], code: str
) -> None:
    with pytest.raises(Refused, match=code):
        bring(parts, places, f"姓名,证件号码\n李芳,{OWN}\n", ListTold(**{**vars(TOLD), **told}))  # type: ignore[arg-type]


def test_a_file_without_anybody_is_refused_whole(parts: Parts, places: Places) -> None:
    with pytest.raises(Refused, match="outside_nobody"):
        bring(parts, places, "姓名,证件号码\n李芳,12345678\n")
    with parts.database.transaction(write=False) as session:
        assert session.scalar(select(OutsideList)) is None


def test_matches_are_appended(parts: Parts, places: Places) -> None:
    bring(parts, places, f"姓名,证件号码\n李芳,{OWN}\n")
    for act in ("UPDATE outside_matches SET name_fits = name_fits", "DELETE FROM outside_matches"):
        with pytest.raises(DBAPIError), parts.database.transaction() as session:
            session.execute(text(act))
    with parts.database.transaction(write=False) as session:
        assert session.scalars(select(OutsideMatch)).one()
