"""The reports at the browser: pages, official columns, whole numbers for a purpose, files in the background, views."""

import csv
import io
import uuid
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms import worker
from lms.models.audit import AuditEvent
from lms.models.evidence import EvidenceEntry, LogCheckpoint, LogLeaf
from lms.models.exports import Export
from lms.models.jobs import Job
from lms.models.records import Record
from lms.parts import Parts
from lms.services.exports import files
from lms.web.institution.report_kinds import REPORTS
from tests.support.browser import post, session_for
from tests.support.cast import NOON, Cast
from tests.support.paper import recorded

BASE = "/institution/reports"
KINDS = [kind.value for kind in REPORTS]
NUMBER, MASKED = "219999198501010026", "219999********0026"
HOURS = [
    "姓名", "身份证号", "班期", "课程/模块", "线上有效分钟", "其中已确认分钟", "线上学时", "线下学时", "合计学时",
    "要求学时", "线上占比", "出勤率", "抽验次数", "通过次数", "无效分钟", "无效原因", "证据哈希",
]  # fmt: skip
REGISTER = [
    "证书序列号", "证书种类", "姓名", "身份证号", "项目/职业", "等级", "开班日期", "结课日期", "发证机构", "发证日期",
    "领取签字", "状态", "查验码",
]  # fmt: skip


@pytest.fixture
def issued(parts: Parts, cast: Cast) -> None:
    """李芳 has a record."""
    facts = {"course": "小课", "opens_on": "2026-11-01", "closes_on": "2099-12-31", "institution": "康宁养老服务中心"}
    with parts.database.transaction() as session:
        code = "ABCDE-FGHJK-MNPQR-STVWX"
        made = Record(enrollment_id=cast.enrollment, code=code, facts=facts, facts_hash="", issued_at=NOON)
        session.add(made)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The words written on paper, in their order."""
    return recorded(monkeypatch)


@pytest.fixture
def background(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is too long for a request."""
    monkeypatch.setattr(files, "MOST_DIRECT", 0)


def as_csv(answer: TestResponse) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def acts(parts: Parts, action: str = "report.export") -> list[AuditEvent]:
    with parts.database.transaction(write=False) as session:
        return list(session.scalars(select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.id)))


def work(parts: Parts) -> None:
    with parts.database.transaction(write=False) as session:
        jobs = session.scalars(select(Job.id).where(Job.kind == "make_export", Job.state == "queued")).all()
    for job_id in jobs:
        worker.run(parts, job_id)


@pytest.mark.usefixtures("issued")
@pytest.mark.parametrize("kind", KINDS)
def test_each_report_has_a_page_files_and_paper(zhoumin: FlaskClient, parts: Parts, kind: str) -> None:
    assert str(REPORTS[kind].title) in zhoumin.get(BASE).text  # type: ignore[index]
    page = zhoumin.get(f"{BASE}/{kind}")
    assert page.status_code == 200
    assert NUMBER not in page.text
    for file_format, start in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("pdf", b"%PDF")):
        answer = zhoumin.get(f"{BASE}/{kind}.{file_format}")
        assert (answer.status_code, answer.data.startswith(start)) == (200, True), file_format
    assert [(act.subject, act.detail["format"], act.detail["masked"]) for act in acts(parts)] == [
        (kind, "csv", True),
        (kind, "xlsx", True),
        (kind, "pdf", True),
    ]


@pytest.mark.usefixtures("issued")
def test_the_official_columns(zhoumin: FlaskClient) -> None:
    heads, row = as_csv(zhoumin.get(f"{BASE}/hours.csv"))
    assert (heads, row[:2]) == (HOURS, ["李芳", MASKED])
    heads, row = as_csv(zhoumin.get(f"{BASE}/certificates.csv"))
    assert heads == REGISTER
    assert row == [
        "", "结业记录", "李芳", MASKED, "小课", "", "2026-11-01", "2099-12-31", "康宁养老服务中心", "2026-11-23", "",
        "有效", "ABCDE-FGHJK-MNPQR-STVWX",
    ]  # fmt: skip


def test_every_number_leads_to_its_evidence(zhoumin: FlaskClient, cast: Cast) -> None:
    page = zhoumin.get(f"{BASE}/hours").text
    for state in ("credited", "confirmed", "uncredited"):
        assert f"/institution/learners/{cast.enrollment}/intervals?state={state}" in page
    assert f"/institution/learners/{cast.enrollment}?by=lesson" in zhoumin.get(f"{BASE}/progress").text


def test_whole_numbers_need_a_purpose(zhoumin: FlaskClient, parts: Parts) -> None:
    address = f"{BASE}/hours/full"
    assert post(zhoumin, address, purpose=" ", file_format="csv").status_code == 422
    assert acts(parts) == []
    sent = post(zhoumin, address, purpose="向区人社局申报", file_format="csv")
    assert as_csv(sent)[1][1] == NUMBER
    (act,) = acts(parts)
    assert (act.detail["masked"], act.detail["purpose"], act.detail["rows"]) == (False, "向区人社局申报", 1)


@pytest.mark.usefixtures("background")
def test_a_long_file_is_made_in_the_background_and_fetched(zhoumin: FlaskClient, parts: Parts, cast: Cast) -> None:
    answer = zhoumin.get(f"{BASE}/hours.csv")
    assert answer.status_code == 303
    place = answer.headers["Location"]
    assert "正在后台生成" in zhoumin.get(place).text
    assert zhoumin.get(f"{place}/file").status_code == 404
    work(parts)
    assert "data-poll-done" in zhoumin.get(f"{place}/state").text
    sent = zhoumin.get(f"{place}/file")
    assert as_csv(sent)[0] == HOURS
    assert as_csv(sent)[1][:2] == ["李芳", MASKED]
    assert "hours-2026-11-23.csv" in sent.headers["Content-Disposition"]
    assert len(acts(parts)) == len(acts(parts, "report.fetch")) == 1
    assert "学时统计表" in zhoumin.get("/institution/exports").text


@pytest.mark.usefixtures("background")
def test_the_books_and_the_completion_report_go_the_same_way(zhoumin: FlaskClient, parts: Parts, cast: Cast) -> None:
    for address in (f"{BASE}/completion.xlsx", f"/institution/cohorts/{cast.cohort}/scores.csv"):
        assert zhoumin.get(address).status_code == 303, address
    full = post(zhoumin, f"{BASE}/completion/full", purpose="申报", file_format="csv")
    work(parts)
    assert NUMBER in zhoumin.get(f"{full.headers['Location']}/file").data.decode()
    assert "用途：申报" in zhoumin.get(full.headers["Location"]).text
    with parts.database.transaction(write=False) as session:
        assert all(export.object_key for export in session.scalars(select(Export)))


@pytest.mark.usefixtures("background")
def test_a_file_speaks_the_language_it_was_asked_in(zhoumin: FlaskClient, parts: Parts) -> None:
    with zhoumin.session_transaction() as cookie:
        cookie["language"] = "en"
    place = zhoumin.get(f"{BASE}/completion.csv").headers["Location"]
    work(parts)
    heads, _row = as_csv(zhoumin.get(f"{place}/file"))
    assert "姓名" not in heads


def test_paper_for_thousands_is_refused_in_words(zhoumin: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_SIGNED", 0)
    answer = zhoumin.get(f"{BASE}/hours.pdf")
    assert answer.status_code == 422
    assert "先用筛选缩小范围" in answer.text


@pytest.mark.parametrize("many", [0, 2_000])
def test_paper_says_what_it_is_of_who_signs_and_its_checkpoint(
    zhoumin: FlaskClient, parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch, drawn: list[str], many: int
) -> None:
    """In the request and in the background."""
    monkeypatch.setattr(files, "MOST_DIRECT", many)
    with parts.database.transaction() as session:
        session.add(LogCheckpoint(size=7, root="ab" * 32, signed_at=NOON, note="note"))
    answer = zhoumin.get(f"{BASE}/hours.pdf?cohort={cast.cohort}")
    if not many:
        assert answer.status_code == 303
        work(parts)
        answer = zhoumin.get(f"{answer.headers['Location']}/file")
    assert (answer.content_type, answer.data[:5]) == ("application/pdf", b"%PDF-")
    assert {"学时统计表", "李芳", "共 1 行", "第 1 页，共 1 页", "制表人（签字）", "机构（盖章）"} <= set(drawn)
    assert "检查点：7 条，指纹 abababababababab…" in drawn
    assert any("生成时间" in line for line in drawn)


def test_paper_as_of_a_day_stands_on_the_first_checkpoint_over_it(
    zhoumin: FlaskClient, parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch, drawn: list[str]
) -> None:
    address = f"{BASE}/certificates.pdf?as_of=2026-11-22"
    late = {"person_id": cast.lifang.person_id, "number": 1, "leaf": "ab" * 32}
    told = {"kind": "heartbeat", "body": "{}", "recorded_ms": 0, "recorded_at": NOON - timedelta(hours=13)}
    with parts.database.transaction() as session:
        session.add_all([EvidenceEntry(**late, **told), LogLeaf(position=5, **late)])
        for size, hours in ((5, -24), (7, 0)):
            session.add(LogCheckpoint(size=size, root="ab" * 32, signed_at=NOON + timedelta(hours=hours), note="note"))
    before = zhoumin.get(address).data
    with parts.database.transaction() as session:
        session.add(LogCheckpoint(size=9, root="cd" * 32, signed_at=NOON + timedelta(hours=1), note="note"))
    assert zhoumin.get(address).data == before
    assert "截至 2026年11月22日" in drawn
    assert not any("生成时间" in line for line in drawn)
    assert [line for line in drawn if "检查点：" in line] == ["检查点：7 条，指纹 abababababababab…"] * 2


@pytest.mark.parametrize("kind", [*KINDS, "completion"])
def test_every_report_offers_a_day_that_is_over(zhoumin: FlaskClient, kind: str) -> None:
    page = zhoumin.get(f"{BASE}/{kind}?as_of=2026-11-22")
    assert (page.status_code, 'name="as_of"' in page.text) == (200, True)
    refused = zhoumin.get(f"{BASE}/{kind}?as_of=2026-11-23")
    assert refused.status_code == 422
    assert "还没有过完" in refused.text


def test_a_view_is_kept_opened_and_forgotten(zhoumin: FlaskClient, cast: Cast) -> None:
    address = f"{BASE}/views/new?kind=hours&cohort={cast.cohort}&as_of=2026-11-01"
    assert post(zhoumin, address, name="", every="", file_format="csv").status_code == 422
    assert post(zhoumin, address, name="每月学时", every="monthly", file_format="csv").status_code == 303
    menu = zhoumin.get(BASE).text
    assert "每月学时" in menu
    assert "每月 1 日自动生成" in menu
    view_id = menu.split(f"{BASE}/views/")[1].split('"')[0]
    opened = zhoumin.get(f"{BASE}/views/{view_id}")
    assert opened.headers["Location"] == f"{BASE}/hours?cohort={cast.cohort}"
    post(zhoumin, f"{BASE}/views/{view_id}/removal", at=BASE)
    assert "每月学时" not in zhoumin.get(BASE).text


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ending", ["", ".csv", ".xlsx", ".pdf", "/full"])
def test_strangers_find_nothing(client: FlaskClient, parts: Parts, cast: Cast, kind: str, ending: str) -> None:
    address = f"{BASE}/{kind}{ending}"
    session_for(client, parts, cast.sunyue)
    for foreign in (f"cohort={cast.cohort}", f"organisation={cast.kangning}"):
        assert client.get(f"{address}?{foreign}").status_code == 404
    assert acts(parts) == []


@pytest.mark.usefixtures("background")
def test_strangers_find_no_file_and_no_view(zhoumin: FlaskClient, parts: Parts, cast: Cast) -> None:
    place = zhoumin.get(f"{BASE}/hours.csv").headers["Location"]
    post(zhoumin, f"{BASE}/views/new?kind=hours", name="学时", every="", file_format="csv")
    view_id = zhoumin.get(BASE).text.split(f"{BASE}/views/")[1].split('"')[0]
    work(parts)
    session_for(zhoumin, parts, cast.sunyue)
    for address in (place, f"{place}/state", f"{place}/file", f"{BASE}/views/{view_id}"):
        assert zhoumin.get(address).status_code == 404, address
    assert post(zhoumin, f"{BASE}/views/{view_id}/removal", at=BASE).status_code == 404
    assert zhoumin.get(f"{BASE}/views/new?kind=hours&cohort={cast.cohort}").status_code == 404
    assert zhoumin.get(f"{BASE}/views/new?kind=x").status_code == 404
    assert zhoumin.get(f"/institution/exports/{uuid.uuid4()}").status_code == 404


def test_learners_get_none_of_it(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    session_for(client, parts, cast.lifang)
    for address in (BASE, f"{BASE}/hours", "/institution/exports", f"{BASE}/views/new?kind=hours"):
        assert client.get(address).status_code == 403, address
