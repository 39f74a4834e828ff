"""Two paymasters at their desk: from money that came in to a clawback; strangers find nothing."""

import io
import re
import uuid
from collections.abc import Iterator

import pytest
import time_machine
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from lms.domain.funds.paid_list import COLUMNS
from lms.models.audit import AuditEvent
from lms.models.funds import FundAnswer, FundAppropriation, FundClawback, FundPayment
from lms.parts import Parts
from lms.services.scopes import Actor
from tests.support.browser import csrf_token, session_for
from tests.support.cast import NOON, Cast
from tests.support.funds import Treasury, file, treasury

ROOT = "/authority/funds/"


@pytest.fixture(autouse=True)
def in_winter() -> Iterator[None]:
    """The views read the clock themselves."""
    with time_machine.travel(NOON):
        yield


@pytest.fixture
def money(parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Treasury:
    return treasury(parts, cast, monkeypatch)


class Hand:
    """Somebody at the desk."""

    def __init__(self, client: FlaskClient, parts: Parts, who: Actor) -> None:
        self.client, self.parts, self.who = client, parts, who

    def get(self, url: str) -> str:
        session_for(self.client, self.parts, self.who)
        page = self.client.get(url)
        assert page.status_code == 200, (url, page.status_code)
        return page.text

    def post(self, url: str, **form: object) -> str:
        """Posts, and answers with the page it leads to."""
        session_for(self.client, self.parts, self.who)
        token = csrf_token(self.client, ROOT)
        answer = self.client.post(url, data={**form, "csrf_token": token})
        assert answer.status_code == 303, (url, answer.status_code)
        page = self.client.get(answer.location)  # in the same session, which holds what is said about it
        assert page.status_code == 200, (answer.location, page.status_code)
        return page.text


def one(money: Treasury, table: type) -> uuid.UUID:
    with money.parts.database.transaction(write=False) as session:
        return session.scalars(select(table.id).order_by(table.id.desc())).first()  # type: ignore[attr-defined,no-any-return]


def test_money_goes_out_by_two_and_comes_back(client: FlaskClient, parts: Parts, money: Treasury) -> None:
    qian, he = Hand(client, parts, money.qian), Hand(client, parts, money.he)
    book = f"{ROOT}{money.book}"
    assert "就业补助资金" in qian.get(ROOT)
    said = {"amount": "5,000.00", "received_on": "2026-11-23", "document": "云财社〔2026〕1号", "receipt": "IN1"}
    assert "请另一位资金经办" in qian.post(f"{book}/money", **said)
    deciding = f"{book}/money/{one(money, FundAppropriation)}"
    assert "要是两个人" in qian.post(deciding, answer="yes")
    assert "5,000.00" in he.post(deciding, answer="yes")
    assert "没有要付的款项" in qian.get(f"{book}/owed")
    lines = [money.line(), money.line(50_000)]
    assert "1,000.00" in qian.get(f"{book}/owed")
    assert "至少勾选一笔" in qian.post(f"{book}/batches")
    page = qian.post(f"{book}/batches", line=[str(each.line_id) for each in lines])
    batch = re.search(r"batches/([0-9a-f-]{36})/drop", page)[1]  # type: ignore[index]
    where = f"{ROOT}batches/{batch}"
    assert "要是两个人" in qian.post(f"{where}/check")
    assert "复核通过" in he.post(f"{where}/check")
    qian.post(f"{where}/send")
    rows = ["BE2026-01-0001,1000.00,成功,R1,2026-11-23,", "BE2026-01-0002,500.00,退票,R2,2026-11-23,户名不符"]
    wrong = qian.post(f"{where}/answers", file=(io.BytesIO(file(rows[0].replace("1000", "999"))), "a.csv"))
    assert "金额不一致" in wrong
    shown = qian.post(f"{where}/answers", file=(io.BytesIO(file(*rows)), "a.csv"))
    assert "将记为已付" in shown
    answer = f"{ROOT}answers/{one(money, FundAnswer)}"
    assert "请另一位资金经办入账" in qian.get(answer)
    assert "例如复核这个批次的何对" in qian.post(answer)
    assert "确认入账" in he.get(answer)
    assert "已入账" in he.post(answer)
    ledger = qian.get(f"{book}/ledger?as_of=2026-11-23")
    assert "L0003" in ledger
    assert "退票" in ledger
    assert "L0003" not in qian.get(f"{book}/ledger?as_of=2026-11-22")
    assert "户名不符" in qian.get(f"{book}/owed")


def test_what_was_typed_of_money_stays_and_each_error_stands_at_its_field(
    client: FlaskClient, parts: Parts, money: Treasury
) -> None:
    session_for(client, parts, money.qian)
    said = {"amount": "五千", "received_on": "2026-11-24", "document": "云财社〔2026〕1号", "receipt": " "}
    answer = client.post(f"{ROOT}{money.book}/money", data={**said, "csrf_token": csrf_token(client, ROOT)})
    assert answer.status_code == 422
    for name, words in (("amount", "看不懂这个金额"), ("received_on", "日期在今天以后"), ("receipt", "填写银行回单号")):
        told = re.search(rf'id="f-{name}-error">(.*?)</p>', answer.text, re.DOTALL)
        assert told, name
        assert words in told[1]
    assert 'id="f-document-error"' not in answer.text
    for typed in ("五千", "2026-11-24", "云财社〔2026〕1号"):
        assert f'value="{typed}"' in answer.text
    with parts.database.transaction(write=False) as session:
        assert session.scalar(select(FundAppropriation.id)) is None


def test_files_are_text_counted_summed_and_on_record(client: FlaskClient, parts: Parts, money: Treasury) -> None:
    money.fill()
    batch = money.sent([money.line()])
    hand, where = Hand(client, parts, money.he), f"{ROOT}batches/{batch}/bank-file."
    session_for(client, parts, hand.who)
    old = client.get(f"{where}csv?for=gbk").data.decode("gb18030")
    new = client.get(f"{where}csv").data
    assert new.decode("utf-8-sig") == old
    assert "6222000000000001" in old
    assert old.endswith("总笔数,1,,,,,\r\n总金额(元),1000.00,,,,,\r\n")
    cells = list(load_workbook(io.BytesIO(client.get(f"{where}xlsx").data)).active.iter_rows(values_only=True))
    assert cells[1][3] == "6222000000000001"
    money.book_answer(batch, "BE2026-01-0001,1000.00,成功,R1,2026-11-23,")
    for file_format in ("csv", "xlsx", "pdf"):
        url = f"{ROOT}{money.book}/ledger.{file_format}?as_of=2026-11-23"
        first = client.get(url).data
        assert len(first) > 100
        assert client.get(url).data == first
    assert client.get(f"{ROOT}{money.book}/ledger.csv").data.decode("utf-8-sig").startswith(",".join(COLUMNS))
    with parts.database.transaction(write=False) as session:
        told = session.scalars(select(AuditEvent.detail).where(AuditEvent.action == "report.export")).all()
    assert [each["masked"] for each in told] == [False] * 3 + [True] * 7
    assert "6222000000000001" not in str(told)


def test_a_clawback(client: FlaskClient, parts: Parts, money: Treasury) -> None:
    qian, he = Hand(client, parts, money.qian), Hand(client, parts, money.he)
    money.fill()
    batch = money.sent([money.line()])
    money.book_answer(batch, "BE2026-01-0001,1000.00,成功,R1,2026-11-23,")
    book = f"{ROOT}{money.book}"
    assert "没有找到" in qian.get(f"{book}/clawbacks?reference=X")
    assert "康宁" in qian.get(f"{book}/clawbacks?reference=be2026-01-0001")
    qian.post(f"{book}/payments/{one(money, FundPayment)}/clawback", reason="重复享受")
    where = f"{book}/clawbacks/{one(money, FundClawback)}"
    assert "要是两个人" in qian.post(f"{where}/decision", answer="yes")
    he.post(f"{where}/decision", answer="yes")
    assert "请填写日期" in qian.post(f"{where}/receipt", receipt="C1")
    assert "已到账" in qian.post(f"{where}/receipt", receipt="C1", on="2026-11-23")


def test_a_batch_can_be_given_up(client: FlaskClient, parts: Parts, money: Treasury) -> None:
    money.fill()
    batch = money.plan([money.line()])
    hand = Hand(client, parts, money.qian)
    assert "请写明为什么作废" in hand.post(f"{ROOT}batches/{batch}/drop")
    assert "作废" in hand.post(f"{ROOT}batches/{batch}/drop", note="选错了")
    made = hand.post(f"{ROOT}books", organisation=str(money.places.city), fund="unemployment")
    assert "失业保险基金" in made


def test_a_fetched_batch_is_given_up_by_two(client: FlaskClient, parts: Parts, money: Treasury) -> None:
    money.fill()
    batch = money.fetched([money.line()])
    qian, he, where = Hand(client, parts, money.qian), Hand(client, parts, money.he), f"{ROOT}batches/{batch}"
    assert "一个人不能作废" in qian.post(f"{where}/drop", note="选错了")
    assert "下载过 1 次" in qian.get(where)
    asked = qian.post(f"{where}/drop-request", note="银行没有收到文件")
    assert "您提出的" in asked
    assert "同意作废" not in asked
    assert "bank-file" not in asked
    assert "等送银行" not in asked
    assert "要是两个人" in qian.post(f"{where}/drop-decision", answer="yes")
    assert "有人请求作废" in he.get(f"{ROOT}{money.book}")
    seen = he.get(where)
    for words in ("钱进", "银行没有收到文件", "已向银行核实，同意作废"):
        assert words in seen
    assert "批次照旧" in he.post(f"{where}/drop-decision", answer="no")
    he.post(f"{where}/drop-request", note="银行没有收到文件")
    assert "回到待付清单" in qian.post(f"{where}/drop-decision", answer="yes")


def test_a_stranger_finds_nothing(client: FlaskClient, parts: Parts, cast: Cast, money: Treasury) -> None:
    money.fill()
    batch = money.sent([money.line()])
    urls = [f"{ROOT}{money.book}", f"{ROOT}{money.book}/owed", f"{ROOT}{money.book}/ledger", f"{ROOT}batches/{batch}"]
    urls += [f"{ROOT}{money.book}/ledger.csv", f"{ROOT}batches/{batch}/bank-file.csv", f"{ROOT}{money.book}/clawbacks"]
    for who, status in ((money.neighbour, 404), (cast.zhoumin, 403), (money.places.linlan, 403)):
        session_for(client, parts, who)
        answers = [client.get(url) for url in urls]
        assert {each.status_code for each in answers} == {status}
