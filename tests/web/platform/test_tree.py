"""The tree at the platform's desk: every kind of node is made, moved, renamed, closed, and each change stays."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.models.organisations import Organisation
from lms.parts import Parts
from tests.support.browser import post, session_for
from tests.support.cast import NOON, Cast
from tests.support.places import Places, place

NEW, TREE = "/platform/institutions/new", "/platform/tree/"


@pytest.fixture(autouse=True)
def in_winter() -> Iterator[None]:
    """The views read the clock themselves."""
    with time_machine.travel(NOON):
        yield


@pytest.fixture
def admin(client: FlaskClient, parts: Parts, cast: Cast) -> FlaskClient:
    session_for(client, parts, cast.admin)
    return client


@pytest.fixture
def places(parts: Parts, cast: Cast) -> Places:
    with parts.database.transaction() as session:
        return place(session, parts.keyring, cast)


def id_of(parts: Parts, name: str) -> str:
    with parts.database.transaction(write=False) as session:
        return str(session.scalars(select(Organisation.id).where(Organisation.name == name)).one())


def test_a_city_is_built_from_above(admin: FlaskClient, parts: Parts) -> None:
    for fields in (
        {"name": "云川市", "kind": "city", "staff_name": "林岚", "phone": "19900000031"},
        {"name": "东湖区", "kind": "district", "above": "云川市"},
        {"name": "财政局", "kind": "department", "department": "finance", "above": "云川市", "staff_name": "马静",
         "phone": "19900000033"},
        {"name": "松龄技校", "kind": "school", "above": "东湖区", "staff_name": "钱进", "phone": "19912345678"},
        {"name": "松龄分校", "kind": "branch", "above": "松龄技校"},
    ):  # fmt: skip
        above = fields.pop("above", None)
        parent = id_of(parts, above) if above else ""
        answer = post(admin, NEW, **{"staff_name": "", "phone": "", **fields, "parent_id": parent})
        assert answer.status_code == 303, answer.text
    page = admin.get(TREE).text
    assert re.search("　　　<a [^>]+>松龄分校", page)
    for name, post_there in (("云川市", "主管部门工作人员"), ("财政局", "部门统计员"), ("松龄技校", "机构管理员")):
        assert post_there in admin.get(f"/platform/institutions/{id_of(parts, name)}").text
    assert "部门：财政" in admin.get(f"{TREE}{id_of(parts, '财政局')}").text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"kind": "branch", "parent_id": "", "staff_name": "", "phone": ""}, "它不能放在这里"),
        ({"kind": "department", "department": ""}, "部门要选是六个部门里的哪一个"),
        ({"kind": "palace"}, "请选择类别"),
        ({"parent_id": "x"}, "请选择上级"),
        ({"staff_name": "", "phone": ""}, "请填写姓名"),
    ],
)
def test_what_is_refused_stands_at_its_field(
    admin: FlaskClient, places: Places, fields: dict[str, str], told: str
) -> None:
    good = {
        "name": "松龄",
        "kind": "school",
        "parent_id": str(places.east),
        "staff_name": "钱进",
        "phone": "19912345678",
    }
    answer = post(admin, NEW, **{**good, **fields})
    assert answer.status_code == 422
    assert told in answer.text


def test_a_node_is_renamed_moved_closed_and_opened_again(
    admin: FlaskClient, parts: Parts, cast: Cast, places: Places
) -> None:
    node = f"{TREE}{places.branch}"
    assert post(admin, f"{node}/name", name="康宁城北站", kind="branch").location == node
    for url, fields, told in (
        (f"{node}/name", {"name": "安和护理院", "kind": "branch"}, "已经有名叫"),
        (f"{node}/place", {"parent_id": str(places.east), "reason": "调整"}, "它不能放在这里"),
        (f"{node}/place", {"parent_id": str(cast.anhe), "reason": ""}, "请写清楚原因"),
        (f"{node}/closing", {"reason": "搬走了"}, "在这里打勾"),
        (f"{node}/opening", {"reason": "弄错了", "sure": "1"}, "没有停办"),
        (f"{TREE}{cast.kangning}/closing", {"reason": "不办了", "sure": "1"}, "下面还有 1 个没有停办"),
    ):
        answer = post(admin, url, **fields)
        assert (answer.status_code, told in answer.text) == (422, True), (url, fields)
    assert post(admin, f"{node}/place", parent_id=str(cast.anhe), reason="转给安和").location == node
    assert post(admin, f"{node}/closing", reason="搬走了", sure="1").location == node
    page = admin.get(node).text
    for words in ("康宁城北站", "转给安和", "康宁养老服务中心", "安和护理院", "搬走了", "已停办", "管理员"):
        assert words in page
    assert post(admin, f"{node}/opening", reason="又办了", sure="1").location == node
    assert "正常" in admin.get(node).text


@pytest.mark.parametrize("who", [None, "lifang", "zhoumin", "wujian"])
def test_it_is_closed_to_everybody_else(
    client: FlaskClient, parts: Parts, cast: Cast, places: Places, who: str | None
) -> None:
    if who:
        session_for(client, parts, getattr(cast, who))
    expected = 403 if who else 302
    for rest in ("", str(places.branch), f"{places.branch}/name", f"{places.branch}/closing"):
        assert client.get(f"{TREE}{rest}").status_code == expected
