"""Notices from the officer's form to the public page and its end; objections, sanctions, the ageing report, files."""

import io
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from lms.models.publicity import NoticeObjection
from lms.models.sanctions import Sanction
from lms.parts import Parts
from tests.support.browser import errors_at, post, session_for
from tests.support.cast import NOON, Cast
from tests.support.noticed import PHONE, REASON, WORDS, Board, board

DESK, AGEING, CHECKS = "/inspect/subsidies/notices/", "/inspect/subsidies/ageing/", "/inspect/subsidies/inspections/"
SETTLED = "查了签到和学习记录，情况写在这里"


@pytest.fixture(autouse=True)
def in_winter() -> Iterator[Any]:
    """The views read the clock themselves."""
    with time_machine.travel(NOON) as clock:
        yield clock


@pytest.fixture
def hall(parts: Parts, cast: Cast) -> Board:
    return board(parts, cast)


def published(client: FlaskClient, parts: Parts, hall: Board) -> uuid.UUID:
    session_for(client, parts, hall.city.linlan)
    form = f"{DESK}claims/{hall.claim}"
    refused = post(client, form, reason=REASON, phone=PHONE)
    assert refused.status_code == 422
    assert "政策没有写公示几个工作日" in refused.text
    done = post(client, form, days="5", reason=REASON, phone=PHONE)
    assert done.status_code == 303
    return uuid.UUID(done.location.rpartition("/")[2])


def test_anybody_reads_a_notice_until_it_is_over(
    client: FlaskClient, parts: Parts, hall: Board, in_winter: Any
) -> None:
    session_for(client, parts, hall.city.linlan)
    assert "冬季一班" in client.get(DESK).text
    notice = published(client, parts, hall)
    client.get("/accounts/logout")
    public = f"/notices/{notice}"
    page = client.get(public)
    assert "李芳" in page.text
    assert "219999********0026" in page.text
    assert "1,000.00" in page.text
    assert "李芳" not in page.text.partition("</title>")[0]
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert public in client.get("/notices/").text
    in_winter.shift(timedelta(days=8))
    gone = client.get(public)
    assert gone.status_code == 410
    assert "李芳" not in gone.text
    assert "公示已经结束" in gone.text
    assert client.get(f"/notices/{uuid.uuid4()}").status_code == 404
    assert "现在没有公示" in client.get("/notices/").text


def test_an_objection_is_made_without_an_account_and_settled_by_two(
    client: FlaskClient, parts: Parts, hall: Board
) -> None:
    notice = published(client, parts, hall)
    form = f"/notices/{notice}/objections"
    refused = post(client, form, words="短", place="1")
    assert refused.status_code == 422
    assert errors_at(refused.text) == {"words"}
    assert errors_at(post(client, form, words=WORDS, contact="a" * 101).text) == {"contact"}
    assert post(client, form, words=WORDS, place="1", contact="王先生").status_code == 303
    with parts.database.transaction(write=False) as session:
        one = session.scalars(select(NoticeObjection.id)).one()
    page = settle = f"{DESK}{notice}/objections/{one}"
    session_for(client, parts, hall.city.linlan)
    assert WORDS in client.get(page).text
    assert "王先生" not in client.get(page).text
    assert "王先生" in post(client, f"{settle}/contact", at=page, reason="要问清楚是哪一天的课").text
    assert post(client, settle, at=page, act="doubt", words=SETTLED).status_code == 303
    assert post(client, settle, at=page, act="agree", words=SETTLED).status_code == 403
    session_for(client, parts, hall.city.gaoyuan)
    assert post(client, settle, at=page, act="agree", words=SETTLED).status_code == 303
    assert "不成立" in client.get(page).text
    assert post(client, settle, at=page, act="fly", words=SETTLED).status_code == 404
    session_for(client, parts, hall.city.weiguang)
    assert client.get(page).status_code == 404


def test_the_official_list_as_a_file(client: FlaskClient, parts: Parts, hall: Board) -> None:
    notice = published(client, parts, hall)
    sheet = client.get(f"{DESK}{notice}/notice.xlsx")
    rows = list(load_workbook(io.BytesIO(sheet.data)).active.iter_rows(values_only=True))
    assert rows[0][:5] == ("序号", "单位", "姓名", "证件号（脱敏）", "项目")
    assert rows[1][2:4] == ("李芳", "219999********0026")
    assert rows[1][7:] == ("1000.00", "2026-11-24", "2026-11-30", PHONE)
    assert client.get(f"{DESK}{notice}/notice.pdf").data.startswith(b"%PDF")
    session_for(client, parts, hall.city.weiguang)
    assert client.get(f"{DESK}{notice}/notice.xlsx").status_code == 404


def test_a_notice_is_taken_down_with_words(client: FlaskClient, parts: Parts, hall: Board) -> None:
    notice = published(client, parts, hall)
    page = f"{DESK}{notice}"
    assert post(client, f"{page}/end", at=page, words="短").status_code == 422
    assert post(client, f"{page}/end", at=page, words="监督电话写错了，重新公示").status_code == 303
    assert client.get(f"/notices/{notice}").status_code == 410


def test_the_ageing_report(client: FlaskClient, parts: Parts, cast: Cast, hall: Board) -> None:
    session_for(client, parts, hall.city.linlan)
    page = client.get(AGEING)
    assert "康宁养老服务中心" in page.text
    assert "公示" in page.text
    assert "康宁养老服务中心" in client.get(f"{AGEING}ageing.csv").data.decode("utf-8-sig")
    assert client.get(f"{AGEING}ageing.xlsx").status_code == 200
    session_for(client, parts, hall.city.weiguang)
    assert "还没有补贴申请" in client.get(AGEING).text
    assert client.get(f"{AGEING}?organisation={cast.kangning}").status_code == 404


def test_a_sanction_from_the_check_to_the_answer(client: FlaskClient, parts: Parts, cast: Cast, hall: Board) -> None:
    session_for(client, parts, hall.city.linlan)
    assert "还没有检查" in client.get(CHECKS).text
    check = {"organisation": str(cast.kangning), "checked_on": "2026-11-20", "way": "onsite", "second": "赵检"}
    assert post(client, f"{CHECKS}new", **check, expected="10", present="20").status_code == 422
    assert post(client, f"{CHECKS}new", **check, expected="30", present="20").status_code == 303
    wanted = {"organisation": str(cast.kangning), "rung": "rectify", "words": WORDS, "closed_until": "2027-05-23"}
    assert post(client, f"{CHECKS}sanctions/new", **wanted | {"rung": "talk"}).status_code == 422
    assert post(client, f"{CHECKS}sanctions/new", **wanted).status_code == 303
    with parts.database.transaction(write=False) as session:
        one = session.scalars(select(Sanction.id)).one()
    page, own = f"{CHECKS}sanctions/{one}", f"/institution/sanctions/{one}"
    assert "现在没有您要做的事" in client.get(page).text
    session_for(client, parts, cast.zhoumin)
    assert client.get(own).status_code == 404
    session_for(client, parts, hall.city.gaoyuan)
    assert post(client, f"{page}/acts", at=page, act="impose", words=SETTLED).status_code == 303
    session_for(client, parts, cast.zhoumin)
    assert "整改函" in client.get("/institution/sanctions/").text
    assert post(client, f"{own}/answers", at=own, words="短").status_code == 422
    assert post(client, f"{own}/answers", at=own, words="设备坏了一天，材料已经补交").status_code == 303
    session_for(client, parts, cast.sunyue)
    assert client.get(own).status_code == 404
    session_for(client, parts, hall.city.linlan)
    told = client.get(f"{CHECKS}inspections.csv").data.decode("utf-8-sig")
    assert "整改函" in told
    assert "赵检" in told
    assert client.get(f"{CHECKS}inspections.xlsx").status_code == 200


def test_errors_of_a_notice_stand_at_their_fields(client: FlaskClient, parts: Parts, hall: Board) -> None:
    session_for(client, parts, hall.city.linlan)
    form = f"{DESK}claims/{hall.claim}"
    for wrong, name in (({"days": "五"}, "days"), ({"reason": "短"}, "reason"), ({"phone": "一二三"}, "phone")):
        page = post(client, form, **{"days": "5", "reason": REASON, "phone": PHONE} | wrong)
        assert page.status_code == 422
        assert name in errors_at(page.text)
    notice = published(client, parts, hall)
    page = post(client, f"{DESK}{notice}/end", at=f"{DESK}{notice}", words="短了")
    assert "words" in errors_at(page.text)
    assert "短了</textarea>" in page.text
    assert '<details class="card" open' in page.text


def test_an_objection_without_a_conclusion_is_told_and_keeps_its_words(
    client: FlaskClient, parts: Parts, hall: Board
) -> None:
    notice = published(client, parts, hall)
    post(client, f"/notices/{notice}/objections", words=WORDS, place="1", contact="王先生")
    with parts.database.transaction(write=False) as session:
        one = session.scalars(select(NoticeObjection.id)).one()
    session_for(client, parts, hall.city.linlan)
    at = f"{DESK}{notice}/objections/{one}"
    page = post(client, at, at=at, words=SETTLED)
    assert page.status_code == 422
    assert "act" in errors_at(page.text)
    assert SETTLED in page.text
    assert "words" in errors_at(post(client, at, at=at, act="doubt", words="短").text)
    assert "reason" in errors_at(post(client, f"{at}/contact", at=at, reason="短").text)


def test_what_a_check_and_a_sanction_lack_is_told_at_its_field(
    client: FlaskClient, parts: Parts, cast: Cast, hall: Board
) -> None:
    session_for(client, parts, hall.city.linlan)
    shown = client.get(f"{CHECKS}new").text
    assert '<option value="" selected>请选择' in shown
    assert 'value="2026-11-23"' in shown
    page = post(client, f"{CHECKS}new", checked_on="", way="onsite", second="赵检")
    assert page.status_code == 422
    assert "organisation" in errors_at(page.text)
    assert "checked_on" in errors_at(page.text)
    check = {"organisation": str(cast.kangning), "checked_on": "2026-11-20", "way": "onsite", "second": "赵检"}
    for wrong, name in (
        ({"checked_on": "2026-12-20"}, "checked_on"),
        ({"expected": "1", "present": "2"}, "present"),
        ({"second": ""}, "second"),
        ({"second": hall.city.linlan.name}, "second"),
        ({"problems": "短"}, "problems"),
    ):
        assert name in errors_at(post(client, f"{CHECKS}new", **check | wrong).text)
    page = post(client, f"{CHECKS}sanctions/new", organisation="", words=WORDS)
    assert page.status_code == 422
    assert "organisation" in errors_at(page.text)
    assert "rung" in errors_at(page.text)
    assert WORDS in page.text
    talk = {"organisation": str(cast.kangning), "rung": "talk", "words": WORDS, "closed_until": "2027-05-23"}
    assert "closed_until" in errors_at(post(client, f"{CHECKS}sanctions/new", **talk).text)
    assert post(client, f"{CHECKS}sanctions/new", **talk | {"closed_until": ""}).status_code == 303
    with parts.database.transaction(write=False) as session:
        one = f"{CHECKS}sanctions/{session.scalars(select(Sanction.id)).one()}"
    session_for(client, parts, hall.city.gaoyuan)
    page = post(client, f"{one}/acts", at=one, words=SETTLED)
    assert page.status_code == 422
    assert "act" in errors_at(page.text)
    assert SETTLED in page.text
    assert post(client, f"{one}/acts", at=one, act="fly", words=SETTLED).status_code == 404
