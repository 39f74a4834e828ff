"""The score book at the browser: official columns, the same row for page, CSV and XLSX, every file on record."""

import csv
import io

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms.models.audit import AuditEvent
from lms.parts import Parts
from tests.support.browser import post, session_for
from tests.support.cast import Cast
from tests.support.training import Training, stage

HEADS = [
    "序号", "准考证号", "姓名", "身份证号", "理论成绩", "实操成绩", "综合结论", "补考", "考试日期", "地点",
    "考评员 1", "考评员 2", "监考", "备注",
]  # fmt: skip
NUMBER, MASKED = "219999198501010026", "219999********0026"


@pytest.fixture
def training(parts: Parts, cast: Cast) -> Training:
    """李芳 passed theory at the second try, orally, and washed her hands before two examiners."""
    with parts.database.transaction() as session:
        made = stage(session, cast)
        made.sit(1, 40)
        made.sit(2, 82, examiner=cast.zhaoqin.account_id)
        made.show(1, [80, 71], [cast.wanglei.account_id, cast.liuyang.account_id])
    return made


def url(training: Training, ending: str = "") -> str:
    return f"/institution/cohorts/{training.cohort}/scores{ending}"


def as_csv(answer: TestResponse) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def acts(parts: Parts) -> list[AuditEvent]:
    with parts.database.transaction(write=False) as session:
        found = select(AuditEvent).where(AuditEvent.action == "report.export").order_by(AuditEvent.id)
        return list(session.scalars(found))


def test_the_page_shows_what_was_judged(zhoumin: FlaskClient, training: Training) -> None:
    page = zhoumin.get(url(training))
    assert page.status_code == 200
    for told in ("李芳", MASKED, "82", "75", "合格", "1 次", "2026年11月23日", "王磊、刘洋", "口试"):
        assert told in page.text, told
    assert NUMBER not in page.text
    assert "结业考核成绩册" in zhoumin.get(f"/institution/cohorts/{training.cohort}").text


def test_the_csv_has_the_official_columns(zhoumin: FlaskClient, training: Training, parts: Parts, cast: Cast) -> None:
    heads, row = as_csv(zhoumin.get(url(training, ".csv")))
    assert heads == HEADS
    assert row == ["1", "", "李芳", MASKED, "82", "75", "合格", "1", "2026-11-23", "", "王磊", "刘洋", "赵琴", "口试"]
    (act,) = acts(parts)
    assert (act.subject, act.account_id, act.organisation_id) == ("scorebook", cast.zhoumin.account_id, cast.kangning)
    assert act.detail == {
        "cohort": str(training.cohort), "format": "csv", "masked": True, "purpose": "", "rows": 1,
    }  # fmt: skip


def test_a_grade_changed_by_a_ruling_is_told(zhoumin: FlaskClient, cast: Cast, parts: Parts) -> None:
    """Whoever rules on every question of a paper lets everybody pass: an inspector sees it."""
    with parts.database.transaction() as session:
        made = stage(session, cast)
        made.grade(made.sit(1, 40), 2, 90)
    row = as_csv(zhoumin.get(url(made, ".csv")))[1]
    assert (row[4], row[-1]) == ("90", "理论成绩改判过")


def test_the_sheet_keeps_numbers_as_text(zhoumin: FlaskClient, training: Training) -> None:
    sheet = load_workbook(io.BytesIO(zhoumin.get(url(training, ".xlsx")).data)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == HEADS
    assert (sheet["D2"].value, sheet["D2"].data_type, sheet["E2"].value) == (MASKED, "s", 82)


def test_whole_numbers_need_a_purpose(zhoumin: FlaskClient, training: Training, parts: Parts) -> None:
    refused = post(zhoumin, url(training, "/full"), purpose=" ", file_format="csv")
    assert refused.status_code == 422
    assert acts(parts) == []
    sent = post(zhoumin, url(training, "/full"), purpose="向区人社局申报", file_format="csv")
    assert as_csv(sent)[1][3] == NUMBER
    (act,) = acts(parts)
    assert (act.detail["masked"], act.detail["purpose"]) == (False, "向区人社局申报")


def test_who_has_not_been_examined_stands_there_all_the_same(zhoumin: FlaskClient, cast: Cast, parts: Parts) -> None:
    with parts.database.transaction() as session:
        made = stage(session, cast)
    _heads, row = as_csv(zhoumin.get(url(made, ".csv")))
    assert row == ["1", "", "李芳", MASKED, "", "", "还没有考完", "0", "", "", "", "", "", ""]


def test_the_place_of_an_exam_online_is_known(zhoumin: FlaskClient, cast: Cast, parts: Parts) -> None:
    with parts.database.transaction() as session:
        made = stage(session, cast)
        made.sit(1, 82)
    heads, row = as_csv(zhoumin.get(url(made, ".csv")))
    told = dict(zip(heads, row, strict=True))
    assert (told["地点"], told["准考证号"], told["监考"]) == ("理论：线上", "", "")
    assert "准考证号、实操和口试的地点，系统里没有" in zhoumin.get(url(made)).text


def test_a_class_online_has_no_link_to_it(zhoumin: FlaskClient, cast: Cast) -> None:
    assert "结业考核成绩册" not in zhoumin.get(f"/institution/cohorts/{cast.cohort}").text
    assert "不要求理论考试和实操考核" in zhoumin.get(f"/institution/cohorts/{cast.cohort}/scores").text


def test_the_stranger_finds_nothing(client: FlaskClient, parts: Parts, cast: Cast, training: Training) -> None:
    for stranger, status in ((cast.sunyue, 404), (cast.lifang, 403)):
        session_for(client, parts, stranger)
        assert {client.get(url(training, each)).status_code for each in ("", ".csv", ".xlsx", "/full")} == {status}
    assert acts(parts) == []


def test_an_inspector_reads_it_and_that_is_on_record(
    client: FlaskClient, parts: Parts, cast: Cast, training: Training
) -> None:
    session_for(client, parts, cast.wujian)
    place = f"/inspect/cohorts/{training.cohort}/scores"
    assert "结业考核成绩册" in client.get(f"/inspect/cohorts/{training.cohort}").text
    assert "82" in client.get(place).text
    assert as_csv(client.get(f"{place}.csv"))[1][3] == MASKED
    (act,) = acts(parts)
    assert act.account_id == cast.wujian.account_id
    with parts.database.transaction(write=False) as session:
        looks = session.scalars(select(AuditEvent).where(AuditEvent.action == "inspector.look")).all()
    assert [look.detail["page"] for look in looks if look.subject == str(training.cohort)] == [
        "cohort",
        "scores",
        "scores",
    ]


def test_an_inspector_of_another_place_finds_nothing(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    session_for(client, parts, cast.wujian)
    place = f"/inspect/cohorts/{cast.foreign_cohort}/scores"
    assert {client.get(place + ending).status_code for ending in ("", ".csv", ".xlsx")} == {404}
