"""Lists from outside and strange patterns at the authority's desk, and what the learner sees of them."""

import html
import io
import re
import uuid
from collections.abc import Iterator

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.models.accounts import LoginSession
from lms.models.crosschecks import OutsideList, OutsideMatch, PatternFlag, PatternPerson
from lms.models.enrollments import Enrollment
from lms.parts import Parts
from lms.services.scopes import Actor
from tests.support.browser import csrf_token, errors_at, post, session_for, sign_in
from tests.support.cast import NOON, Cast
from tests.support.places import Places, place

OUTSIDE = "/inspect/outside/"
CHECKS = "/inspect/checks/"
MINE = "/learn/outside/"
OWN = "219999198501010026"
WORDS = "打电话问过本人，看了退休证原件。"


@pytest.fixture(autouse=True)
def in_winter() -> Iterator[None]:
    """The views read the clock themselves."""
    with time_machine.travel(NOON):
        yield


@pytest.fixture
def places(parts: Parts, cast: Cast) -> Places:
    with parts.database.transaction() as session:
        return place(session, parts.keyring, cast)


def enter(client: FlaskClient, parts: Parts, who: Actor) -> FlaskClient:
    session_for(client, parts, who)
    return client


def words_of(client: FlaskClient, url: str) -> str:
    page = client.get(url)
    assert page.status_code == 200, url
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def bring(client: FlaskClient, places: Places, text: str, **changes: str) -> tuple[int, str]:
    told = {"organisation": str(places.city), "kind": "pensioner", "source": "市社保中心", "as_of_on": "2026-11-01"}
    told |= {"basis": "与社保中心的数据比对协议", "kept_until": "2027-05-01", **changes}
    told["csrf_token"] = csrf_token(client, f"{OUTSIDE}new")
    data = {**told, "file": (io.BytesIO(text.encode()), "名单.csv")}
    answer = client.post(f"{OUTSIDE}new", data=data, content_type="multipart/form-data")
    return answer.status_code, answer.text


@pytest.fixture
def match(client: FlaskClient, parts: Parts, cast: Cast, places: Places) -> uuid.UUID:
    status, _ = bring(enter(client, parts, places.linlan), places, f"姓名,证件号码\n李芳,{OWN}\n张三,123\n")
    assert status == 303
    with parts.database.transaction(write=False) as session:
        return session.scalars(select(OutsideMatch.id)).one()


@pytest.fixture
def flag(parts: Parts, cast: Cast, places: Places) -> uuid.UUID:
    told = {"cohort_id": cast.cohort, "organisation_id": cast.kangning, "raised_at": NOON, "subject": ""}
    made = PatternFlag(key="k", pattern="ghost_cohort", evidence=[], **told)
    made.detail = {"persons": 9, "members": 10, "days": 2}
    with parts.database.transaction() as session:
        session.add(made)
        session.flush()
        session.add(PatternPerson(flag_id=made.id, person_id=cast.lifang.person_id, is_suspect=True))
        return made.id


def test_an_officer_brings_a_list_and_sees_whom_it_matched(
    client: FlaskClient, parts: Parts, places: Places, match: uuid.UUID
) -> None:
    with parts.database.transaction(write=False) as session:
        made = session.scalars(select(OutsideList.id)).one()
    told = words_of(client, f"{OUTSIDE}{made}")
    assert "李芳 219999********0026" in told
    assert "第 3 行（证件号码）" in told
    assert OWN not in told
    assert "市社保中心，2026年11月1日，1 人，对上 1 人" in words_of(client, OUTSIDE)


@pytest.mark.parametrize(
    ("text", "changes", "words"),
    [
        ("编号,金额\n1,2\n", {}, "表里找不到姓名和证件号码两列"),
        ("姓名,证件号码\n李芳,12345678\n", {}, "表里没有一行可以用"),
        (f"姓名,证件号码\n李芳,{OWN}\n", {"basis": ""}, "请填写依据"),
        (f"姓名,证件号码\n李芳,{OWN}\n", {"kept_until": "2036-01-01"}, "最多 24 个月"),
    ],
)
def test_what_is_wrong_with_a_list_is_said_at_its_place(
    client: FlaskClient, parts: Parts, places: Places, text: str, changes: dict[str, str], words: str
) -> None:
    status, page = bring(enter(client, parts, places.linlan), places, text, **changes)
    assert (status, words in page) == (422, True)
    with parts.database.transaction(write=False) as session:
        assert session.scalar(select(OutsideList)) is None


def test_a_match_is_settled_in_words_and_she_may_object(
    client: FlaskClient, parts: Parts, cast: Cast, places: Places, match: uuid.UUID
) -> None:
    address = f"{OUTSIDE}matches/{match}"
    assert post(client, address, outcome="true", words="短").status_code == 422
    told = {"outcome": "over", "words": WORDS}
    assert post(client, address, **told).status_code == 422
    assert post(client, address, outcome="true", words=WORDS).status_code == 303
    enter(client, parts, cast.lifang)
    assert "名单核对" in words_of(client, "/learn/mine/")
    assert "属实" in words_of(client, MINE)
    own = f"{MINE}{match}"
    refused = post(client, own, words="短")
    assert refused.status_code == 422
    assert errors_at(refused.text) == {"words"}
    assert post(client, own, words="我还没有退休，仍在上班。").status_code == 303
    assert "等人核实" in words_of(client, MINE)
    enter(client, parts, places.linlan)
    assert "我还没有退休，仍在上班。" in words_of(client, address)


def test_a_list_goes_after_a_second_question(
    client: FlaskClient, parts: Parts, places: Places, match: uuid.UUID
) -> None:
    with parts.database.transaction(write=False) as session:
        made = session.scalars(select(OutsideList.id)).one()
    address = f"{OUTSIDE}{made}/removal"
    assert "删除这份名单吗" in words_of(client, address)
    assert post(client, address).status_code == 303
    assert "已删除" in words_of(client, OUTSIDE)


def test_a_flag_is_settled_in_words(
    client: FlaskClient, parts: Parts, cast: Cast, places: Places, flag: uuid.UUID
) -> None:
    enter(client, parts, places.linlan)
    assert "全班几乎没有人露面" in words_of(client, CHECKS)
    address = f"{CHECKS}{flag}"
    assert "10 人里有 9 人" in words_of(client, address)
    assert post(client, address, outcome="founded", words="").status_code == 422
    assert post(client, address, outcome="explained", words=WORDS).status_code == 303
    assert "有合理的原因" in words_of(client, address)
    enter(client, parts, cast.lifang)
    assert "全班几乎没有人露面" in words_of(client, MINE)


def test_a_class_is_looked_at_by_hand(client: FlaskClient, parts: Parts, cast: Cast, places: Places) -> None:
    enter(client, parts, places.linlan)
    at = f"/inspect/cohorts/{cast.cohort}"
    assert "找反常情况" in words_of(client, at)
    assert post(client, f"{CHECKS}classes/{cast.cohort}", at=at).status_code == 303
    assert "看过了，新发现 0 条" in words_of(client, CHECKS)


def test_an_inspector_looks_and_settles_nothing(
    client: FlaskClient, parts: Parts, cast: Cast, places: Places, flag: uuid.UUID
) -> None:
    enter(client, parts, cast.wujian)
    assert "记下结论" not in words_of(client, f"{CHECKS}{flag}")
    assert "传一份名单" not in words_of(client, OUTSIDE)
    assert client.get(f"{OUTSIDE}new").status_code == 403
    told = {"outcome": "founded", "words": WORDS}
    assert post(client, f"{CHECKS}{flag}", at=f"{CHECKS}{flag}", **told).status_code == 404


def test_strangers_find_nothing(
    client: FlaskClient, parts: Parts, cast: Cast, places: Places, match: uuid.UUID, flag: uuid.UUID
) -> None:
    with parts.database.transaction(write=False) as session:
        made = session.scalars(select(OutsideList.id)).one()
        assert session.scalars(select(Enrollment.id)).first()
    enter(client, parts, places.weiguang)
    for url in (f"{OUTSIDE}{made}", f"{OUTSIDE}{made}/removal", f"{OUTSIDE}matches/{match}", f"{CHECKS}{flag}"):
        assert client.get(url).status_code == 404, url
    enter(client, parts, cast.chenmo)
    assert client.get(f"{MINE}{match}").status_code == 404
    assert "没有和您有关的" in words_of(client, MINE)


def test_a_browser_is_known_again_whoever_signs_in_with_it(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    for who in ("lifang", "wanglei"):
        sign_in(client, cast, who)
        post(client, "/accounts/logout", at="/accounts/me")
    with parts.database.transaction(write=False) as session:
        marks = session.scalars(select(LoginSession.device_mark)).all()
    assert len(marks) == 2
    assert len(set(marks)) == 1
    assert len(marks[0]) == 64
