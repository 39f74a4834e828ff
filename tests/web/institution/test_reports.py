"""The completion report at the browser: one row, three faces; every file leaves a trace."""

import csv
import io
import uuid
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from lms.models.audit import AuditEvent
from lms.models.people import Person
from lms.models.quizzes import QuizAttempt
from lms.models.records import Record
from lms.models.study import LessonProgress
from lms.parts import Parts
from lms.web.institution import columns
from tests.support.browser import post, session_for
from tests.support.cast import LESSON_MS, NOON, Cast

REPORT = "/institution/reports/completion"
FULL = "/institution/reports/completion/full"
NUMBER = "219999198501010026"
MASKED = "219999********0026"
PHONE = "19900000001"


@pytest.fixture
def studied(parts: Parts, cast: Cast) -> None:
    """李芳 has watched, read and passed, and carries a name that few fonts know."""
    with parts.database.transaction() as session:
        session.get_one(Person, cast.lifang.person_id).name = "=王翀龑𠮷"
        for slug in ("say-hello", "read-hello"):
            session.add(
                LessonProgress(
                    enrollment_id=cast.enrollment,
                    lesson_id=cast.lessons[slug],
                    covered=[[0, LESSON_MS]],
                    credited_ms=LESSON_MS,
                    by_class={"online": 90_000, "gap": LESSON_MS - 90_000},
                    confirmed_ms=60_000,
                    updated_at=NOON,
                )
            )
        session.add(
            QuizAttempt(
                enrollment_id=cast.enrollment,
                lesson_id=cast.lessons["quiz-hello"],
                answers={},
                score=75,
                passed=True,
                submitted_at=NOON,
            )
        )
        session.add(
            Record(
                enrollment_id=cast.enrollment,
                code="ABCDE-FGHJK-MNPQR-STVWX",
                facts={},
                facts_hash="",
                issued_at=NOON,
            )
        )


def as_csv(answer: TestResponse) -> list[dict[str, str]]:
    text = answer.data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def as_xlsx(answer: TestResponse) -> list[dict[str, object]]:
    sheet = load_workbook(io.BytesIO(answer.data)).worksheets[0]
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def acts(parts: Parts) -> list[AuditEvent]:
    with parts.database.transaction(write=False) as session:
        found = select(AuditEvent).where(AuditEvent.action == "report.export").order_by(AuditEvent.id)
        return list(session.scalars(found))


@pytest.mark.usefixtures("studied")
def test_the_page_shows_every_column_in_words(zhoumin: FlaskClient) -> None:
    page = zhoumin.get(REPORT)
    assert page.status_code == 200
    for told in (
        "=王翀龑𠮷",
        MASKED,
        "199****0001",
        "4.00",
        "0.08",
        "75",
        "已达到结业要求",
        "2026年11月23日",
        "2.00",
        "在线 3.00",
        "断网补记 1.00",
    ):
        assert told in page.text
    assert NUMBER not in page.text


def test_reasons_are_told_in_words(zhoumin: FlaskClient) -> None:
    page = zhoumin.get(REPORT).text
    assert "还没达到" in page
    assert "还没有作答" in page
    assert "还差 1 分 54 秒" in page


@pytest.mark.usefixtures("studied")
def test_csv_and_xlsx_hold_the_same_row(zhoumin: FlaskClient) -> None:
    (in_csv,), (in_xlsx,) = as_csv(zhoumin.get(f"{REPORT}.csv")), as_xlsx(zhoumin.get(f"{REPORT}.xlsx"))
    assert list(in_csv) == list(in_xlsx)
    assert in_csv == {
        "姓名": "'=王翀龑𠮷",
        "证件号码": MASKED,
        "手机号": "199****0001",
        "班期": "2026年冬季一班",
        "课程": in_xlsx["课程"],
        "课程版本": "1",
        "有效学习（分钟）": "4.00",
        "已确认（分钟）": "2.00",
        "学时": "0.08",
        "还差（分钟）": "0.00",
        "测验成绩": "75",
        "结论": "已达到结业要求",
        "还差什么": "",
        "结业记录编号": "ABCDE-FGHJK-MNPQR-STVWX",
        "发放日期": "2026-11-23",
        "学习方式": "在线；断网补记",
        "在线（分钟）": "3.00",
        "断网补记（分钟）": "1.00",
        "离线下载学习（分钟）": "0.00",
        "面授（分钟）": "0.00",
        "导入（分钟）": "0.00",
    }
    assert in_xlsx["姓名"] == "=王翀龑𠮷"
    assert (in_xlsx["证件号码"], in_xlsx["有效学习（分钟）"], in_xlsx["学时"]) == (MASKED, 4, 0.08)


def test_a_masked_file_is_named_in_chinese_and_leaves_a_trace(zhoumin: FlaskClient, parts: Parts, cast: Cast) -> None:
    answer = zhoumin.get(f"{REPORT}.csv?cohort={cast.cohort}")
    assert answer.content_type == "text/csv; charset=utf-8"
    plain, _, readable = answer.headers["Content-Disposition"].partition("; filename*=UTF-8''")
    assert plain == 'attachment; filename="completion-2026-11-23.csv"'
    assert unquote(readable) == "结业报表_2026年冬季一班_2026年11月23日.csv"
    assert readable.isascii()
    assert answer.headers["Cache-Control"] == "no-store"
    (act,) = acts(parts)
    assert act.detail == {
        "cohort": str(cast.cohort),
        "course": None,
        "format": "csv",
        "masked": True,
        "purpose": "",
        "rows": 1,
    }


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_whole_numbers_for_a_purpose(zhoumin: FlaskClient, parts: Parts, file_format: str) -> None:
    answer = post(zhoumin, FULL, purpose="向区人社局申报", file_format=file_format)
    assert answer.status_code == 200
    (row,) = as_csv(answer) if file_format == "csv" else as_xlsx(answer)
    assert (row["证件号码"], row["手机号"]) == (NUMBER, PHONE)
    assert "completion-full-2026-11-23" in answer.headers["Content-Disposition"]
    (act,) = acts(parts)
    assert (act.detail["masked"], act.detail["purpose"], act.detail["rows"]) == (False, "向区人社局申报", 1)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"purpose": " ", "file_format": "csv"}, "请写明这份完整名单的用途"),
        ({"purpose": f"给{PHONE}", "file_format": "csv"}, "不要写手机号或证件号码"),
        ({"purpose": "申报", "file_format": "exe"}, 'id="f-file_format-error"'),
    ],
)
def test_no_purpose_no_whole_numbers(zhoumin: FlaskClient, parts: Parts, asked: dict[str, str], told: str) -> None:
    answer = post(zhoumin, FULL, **asked)
    assert answer.status_code == 422
    assert told in answer.text
    assert acts(parts) == []


def test_whole_numbers_are_never_a_link(zhoumin: FlaskClient, parts: Parts) -> None:
    assert zhoumin.get(f"{FULL}?purpose=x&file_format=csv").mimetype == "text/html"
    assert zhoumin.post(FULL, data={"purpose": "x", "file_format": "csv"}).status_code == 400
    assert acts(parts) == []


def test_the_full_list_says_which_cohort_it_is_about(zhoumin: FlaskClient, cast: Cast) -> None:
    assert "2026年冬季一班" in zhoumin.get(f"{FULL}?cohort={cast.cohort}").text
    answer = post(zhoumin, f"{FULL}?cohort={cast.cohort}", purpose="申报", file_format="csv")
    assert "%E5%86%AC%E5%AD%A3" in answer.headers["Content-Disposition"]


def test_a_filter_narrows_page_and_links(zhoumin: FlaskClient, cast: Cast) -> None:
    page = zhoumin.get(f"{REPORT}?cohort={cast.cohort}&course=").text
    assert f'value="{cast.cohort}" selected' in page
    assert f"completion.csv?cohort={cast.cohort}" in page
    assert "还没有学员" in zhoumin.get(f"{REPORT}?course={uuid.uuid4()}").text


@pytest.mark.parametrize("query", ["page=0", "page=99", "page=x", "page=-1", "page=99999999999999999999"])
def test_a_strange_page_number_still_shows_a_page(zhoumin: FlaskClient, query: str) -> None:
    assert MASKED in zhoumin.get(f"{REPORT}?{query}").text


@pytest.mark.parametrize("suffix", ["", ".csv", ".xlsx", "/full"])
def test_a_strangers_cohort_is_not_found(client: FlaskClient, parts: Parts, cast: Cast, suffix: str) -> None:
    session_for(client, parts, cast.sunyue)
    assert client.get(f"{REPORT}{suffix}?cohort={cast.cohort}").status_code == 404
    assert client.get(f"{REPORT}{suffix}?cohort=x").status_code == 404
    assert acts(parts) == []


def test_a_strangers_report_holds_only_her_own(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    session_for(client, parts, cast.sunyue)
    assert "李芳" not in client.get(REPORT).text
    assert [row["姓名"] for row in as_csv(client.get(f"{REPORT}.csv"))] == ["陈默"]
    answer = post(client, f"{FULL}?cohort={cast.cohort}", at=FULL, purpose="申报", file_format="csv")
    assert answer.status_code == 404


@pytest.mark.parametrize("suffix", ["", ".csv", ".xlsx", "/full"])
def test_learners_and_visitors_get_no_report(client: FlaskClient, parts: Parts, cast: Cast, suffix: str) -> None:
    assert client.get(REPORT + suffix).status_code == 302
    session_for(client, parts, cast.lifang)
    assert client.get(REPORT + suffix).status_code == 403
    assert acts(parts) == []


def test_an_english_reader_gets_english_columns(zhoumin: FlaskClient) -> None:
    with zhoumin.session_transaction() as cookie:
        cookie["language"] = "en"
    (row,) = as_csv(zhoumin.get(f"{REPORT}.csv"))
    assert len(row) == len(columns.COLUMNS)
    assert "A small course" in row.values()


def test_a_file_that_cannot_be_made_is_not_sent_as_a_short_one(
    zhoumin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_row: object) -> list[str]:
        raise RuntimeError("half-way")

    monkeypatch.setattr(columns, "cells", breaks)
    with pytest.raises(RuntimeError, match="half-way"):
        zhoumin.get(f"{REPORT}.csv")


def test_the_request_has_let_go_of_the_database_before_the_file_is_made(zhoumin: FlaskClient, parts: Parts) -> None:
    answer = zhoumin.get(f"{REPORT}.csv", buffered=False)
    with parts.database.transaction() as session:  # SQLite would make this wait for the request's own
        session.scalar(select(func.count()).select_from(AuditEvent))
    assert MASKED in answer.data.decode("utf-8-sig")
