"""Statements, reconciliation and internal control at a paymaster's desk."""

import html
import io
import re
import zipfile
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from lms.domain.roles import Role
from lms.models.accounts import Membership
from lms.models.audit import AuditEvent
from lms.models.base import new_id
from lms.models.funds import FundPayment
from lms.models.reconciliation import BankStatementRow
from tests.support.browser import csrf_token, errors_at, post, session_for
from tests.support.cast import NOON
from tests.support.funds import treasury

DESK = "/authority/funds"
HEAD = "交易日期,摘要,收入,支出,余额,对方户名,对方账号,流水号,回单号"
IN = "2026-11-23,拨入,100000.00,,100000.00,云川市财政局,,S0,IN1"
OUT = "2026-11-23,补贴,,1000.00,99000.00,康宁养老服务中心,6222000000000001,S1,R1"
AFTER = NOON + timedelta(days=10)


@pytest.fixture
def money(parts, cast, monkeypatch):
    with time_machine.travel(NOON):
        made = treasury(parts, cast, monkeypatch)
        made.fill()
        batch = made.sent([made.line()])
        with parts.database.transaction() as session:
            reference = session.scalars(select(FundPayment.reference)).one()
            for who in (made.qian, made.he):  # officers too, whose home page is there already
                place = made.places.city
                session.add(
                    Membership(id=new_id(), account_id=who.account_id, organisation_id=place, role=Role.OFFICER)
                )
        made.book_answer(batch, f"{reference},1000.00,成功,R1,2026-11-23,")
        yield made


@pytest.fixture
def after():
    with time_machine.travel(AFTER):
        yield


@pytest.fixture
def browser(client, parts, money, after):
    session_for(client, parts, money.qian)
    return client


def words_of(answer):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def send(browser, money, act, *rows, name="流水.csv"):
    url = f"{DESK}/statements/books/{money.book}"
    data = "\r\n".join([HEAD, *rows]).encode("gb18030")
    told = {"csrf_token": csrf_token(browser, url), "act": act, "file": (io.BytesIO(data), name)}
    return browser.post(url, data=told, content_type="multipart/form-data")


def month(money, rest=""):
    return f"{DESK}/reconciliations/books/{money.book}/2026-11{rest}"


def keep(browser, money, *rows):
    answer = send(browser, money, "bring", *rows)
    assert answer.status_code == 303, words_of(answer)
    return answer.location


def test_her_books_lead_to_their_statements(browser, money):
    answer = browser.get(f"{DESK}/statements/")
    assert f"{DESK}/statements/books/{money.book}" in answer.text
    assert "就业补助资金" in answer.text


def test_a_look_through_a_file_keeps_nothing(browser, money, parts):
    assert "可以导入" in words_of(send(browser, money, "check", IN, OUT))
    with parts.database.transaction() as session:
        assert session.scalars(select(BankStatementRow)).all() == []


def test_a_bad_cell_is_named(browser, money):
    told = words_of(send(browser, money, "check", IN, OUT.replace("1000.00", "一千", 1)))
    assert "第 3 行 D 支出（借方） 没有认出金额" in told


def test_a_file_with_a_bad_cell_is_not_brought(browser, money):
    answer = send(browser, money, "bring", IN, OUT.replace("1000.00", "一千", 1))
    assert answer.status_code == 422
    assert "一行也没有导入" in words_of(answer)


def test_no_file_is_told(browser, money):
    url = f"{DESK}/statements/books/{money.book}"
    assert post(browser, url, act="bring").status_code == 422


def test_a_gap_and_the_rows_of_a_statement_are_shown(browser, money):
    told = words_of(browser.get(keep(browser, money, IN, OUT.replace("99000.00", "98000.00"))))
    assert "余额接不上" in told
    assert "康宁养老服务中心（尾号 0001）" in told
    assert "6222000000000001" not in told


def test_a_month_goes_from_difference_to_signature(browser, money, client, parts):
    keep(browser, money, IN)
    shown = browser.get(month(money))
    assert "账上有，银行没有" in shown.text
    assert "都说明了，才能编制对账表" in shown.text
    assert "/preparations" not in shown.text
    assert post(browser, month(money, "/preparations"), at=month(money)).status_code == 422
    key = re.search(r'name="key" value="([^"]+)"', shown.text)[1]
    said = {"key": key, "words": "银行次日入账"}
    assert post(browser, month(money, "/words"), at=month(money), **said).status_code == 303
    assert post(browser, month(money, "/preparations"), at=month(money)).status_code == 303
    assert "要由另一位来签认" in browser.get(month(money)).text
    session_for(client, parts, money.he)
    shown = client.get(month(money)).text
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', shown)[1]
    url = re.search(r'action="([^"]+/signings)"', shown)[1]
    assert post(client, url, at=month(money), digest=digest).status_code == 303
    assert "何对 于" in words_of(client.get(month(money)))
    exported = re.findall(r'href="([^"]+/(?:xlsx|pdf))"', client.get(month(money)).text)
    book, paper = (client.get(each).data for each in exported)
    assert "银行次日入账" in zipfile.ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml").decode()
    assert paper.startswith(b"%PDF")
    assert paper == client.get(exported[1]).data


def test_who_prepared_does_not_sign(browser, money):
    keep(browser, money, IN, OUT)
    post(browser, month(money, "/preparations"), at=month(money))
    url = re.search(r'href="([^"]+)/xlsx"', browser.get(month(money)).text)[1] + "/signings"
    assert post(browser, url, at=month(money), digest="").status_code == 422


def test_words_with_a_number_in_them_are_refused(browser, money):
    keep(browser, money, IN)
    key = re.search(r'name="key" value="([^"]+)"', browser.get(month(money)).text)[1]
    answer = post(browser, month(money, "/words"), at=month(money), key=key, words="找 19900000001")
    assert answer.status_code == 422
    assert "不要写证件号码" in words_of(answer)
    assert errors_at(answer.text) == {"words-1"}
    assert "找 19900000001</textarea>" in answer.text


@pytest.mark.parametrize("text", ["2026-13", "2026-1", "x", "2026-11-01"])
def test_what_is_no_month_is_not_found(browser, money, text):
    assert browser.get(f"{DESK}/reconciliations/books/{money.book}/{text}").status_code == 404


def test_the_months_of_her_books(browser, money):
    told = words_of(browser.get(f"{DESK}/reconciliations/"))
    assert told.count("还没有对账") == 2


def test_control_says_when_there_is_nothing(browser):
    assert "没有发现要核实的地方" in words_of(browser.get(f"{DESK}/controls/"))


def test_control_tells_a_burst_and_its_file_is_on_record(browser, parts):
    asked = "?from=2026-11-01&acts=2&minutes=1440"
    told = words_of(browser.get(f"{DESK}/controls/{asked}"))
    assert "短时间内大量审批" in told
    assert "何对" in told
    file = browser.get(f"{DESK}/controls/export.xlsx{asked}").data
    assert "短时间内大量审批" in zipfile.ZipFile(io.BytesIO(file)).read("xl/worksheets/sheet1.xml").decode()
    with parts.database.transaction() as session:
        assert session.scalars(select(AuditEvent).where(AuditEvent.action == "funds.controls")).one()


@pytest.mark.parametrize("rest", ["statements/books/{}", "reconciliations/books/{}/2026-11"])
def test_another_paymaster_finds_nothing(client, parts, money, after, rest):
    session_for(client, parts, money.neighbour)
    assert client.get(f"{DESK}/{rest.format(money.book)}").status_code == 404


@pytest.mark.parametrize("rest", ["statements/", "reconciliations/", "controls/", "controls/export.xlsx"])
def test_the_desk_is_for_paymasters(client, parts, cast, rest):
    session_for(client, parts, cast.zhoumin)
    assert client.get(f"{DESK}/{rest}").status_code == 403


@pytest.mark.parametrize(
    "rest", ["reconciliations/books/{}/9999-12", "reconciliations/books/{}/0001-01", "controls/?from=0001-01-01"]
)
def test_years_that_no_calendar_knows_lead_nowhere(browser, money, rest):
    assert browser.get(f"{DESK}/{rest.format(money.book)}").status_code == 404
