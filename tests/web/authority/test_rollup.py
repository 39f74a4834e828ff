"""The roll-up by tier: from the city down to the class, for officers and for an institution with its branches."""

import csv
import io
from collections.abc import Iterator

import pytest
import time_machine
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from lms.models.audit import AuditEvent
from lms.parts import Parts
from tests.support.browser import session_for
from tests.support.cast import NOON, Cast
from tests.support.places import Places, place

DESK, OWN = "/inspect/reports/", "/institution/reports/rollup"


@pytest.fixture(autouse=True)
def in_winter() -> Iterator[None]:
    """The views read the clock themselves."""
    with time_machine.travel(NOON):
        yield


@pytest.fixture
def places(parts: Parts, cast: Cast) -> Places:
    with parts.database.transaction() as session:
        return place(session, parts.keyring, cast)


def rows_of(client: FlaskClient, url: str) -> list[list[str]]:
    answer = client.get(url)
    assert answer.status_code == 200
    return [row[:6] for row in csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))][1:]


def acts(parts: Parts) -> list[tuple[str, str]]:
    with parts.database.transaction(write=False) as session:
        rows = session.scalars(select(AuditEvent).order_by(AuditEvent.id))
        return [(each.action, str(each.detail.get("page", each.detail.get("rows")))) for each in rows]


def test_a_city_is_told_from_the_top_to_the_class(
    client: FlaskClient, parts: Parts, cast: Cast, places: Places
) -> None:
    session_for(client, parts, places.linlan)
    found = rows_of(client, f"{DESK}rollup.csv")
    names = [(name, kind, above) for name, kind, above, *_ in found]
    east = names.index(("东湖区", "区县", "云川市"))
    assert names[0] == ("云川市", "市", "")
    assert names[east + 1][0].startswith("康宁养老服务中心")
    assert names[east + 2][1:] == ("班期", names[east + 1][0])
    assert ("康宁城南站", "分支机构", names[east + 1][0]) in names
    assert not [name for name, *_ in names if "民政局" in name]
    assert found[0][3:] == ["3", "2", "2"]
    assert acts(parts)[-1] == ("report.export", str(len(found)))
    sheet = load_workbook(io.BytesIO(client.get(f"{DESK}rollup.xlsx").data)).active
    assert sheet is not None
    assert sheet.max_row == len(found) + 1


def test_the_page_leads_down_and_is_on_record(client: FlaskClient, parts: Parts, cast: Cast, places: Places) -> None:
    session_for(client, parts, places.gaoyuan)
    page = client.get(DESK).text
    assert f"/inspect/institutions/{cast.kangning}" in page
    assert f"/inspect/cohorts/{cast.cohort}" in page
    assert "安和" not in page
    assert f"/inspect/learners/{cast.enrollment}" in client.get(f"/inspect/cohorts/{cast.cohort}").text
    below = client.get(f"{DESK}?organisation={places.branch}").text
    assert f"/inspect/cohorts/{cast.cohort}" not in below
    assert [page for action, page in acts(parts) if action == "inspector.look"] == ["rollup", "cohort", "rollup"]


def test_what_is_not_hers_is_not_found(client: FlaskClient, parts: Parts, cast: Cast, places: Places) -> None:
    session_for(client, parts, places.gaoyuan)
    before = acts(parts)
    for where in (places.city, places.west, cast.anhe, "x"):
        for url in (DESK, f"{DESK}rollup.csv", f"{DESK}rollup.xlsx"):
            assert client.get(f"{url}?organisation={where}").status_code == 404
    assert acts(parts) == before


@pytest.mark.parametrize("who", ["zhoumin", "wujian", "admin", "majing"])
def test_the_desk_is_the_officers_alone(
    client: FlaskClient, parts: Parts, cast: Cast, places: Places, who: str
) -> None:
    session_for(client, parts, getattr(cast, who, None) or places.majing)
    for url in (DESK, f"{DESK}rollup.csv"):
        assert client.get(url).status_code == 403


def test_an_institution_sees_itself_with_its_branches(
    client: FlaskClient, parts: Parts, cast: Cast, places: Places
) -> None:
    session_for(client, parts, cast.zhoumin)
    page = client.get(OWN).text
    assert f"organisation={places.branch}" in page
    assert f"/institution/cohorts/{cast.cohort}" in page
    assert "导出审核用完整名单" not in page
    assert [row[1] for row in rows_of(client, f"{OWN}.csv?organisation={places.branch}")] == ["分支机构"]
    assert [row[1] for row in rows_of(client, f"{OWN}.csv")] == ["机构（还没选类别）", "班期", "分支机构"]
    for where in (places.east, cast.anhe):
        assert client.get(f"{OWN}?organisation={where}").status_code == 404
    assert client.get(f"{OWN}?cohort={cast.cohort}").status_code == 404
    assert client.get(f"{OWN}/full").status_code == 404
    for kind in ("hours", "scores", "attendance"):
        assert client.get(f"/institution/reports/{kind}?organisation={places.branch}").status_code == 200
        assert client.get(f"/institution/reports/{kind}?organisation={cast.anhe}").status_code == 404
