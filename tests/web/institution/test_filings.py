"""A filing at the browser: a few steps kept one by one, handed in, printed; a stranger finds none of it."""

import io
import uuid

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from lms.domain.filing_checks import Mode
from lms.domain.roles import Role
from lms.models.enrollments import Cohort
from lms.parts import Parts
from lms.services import enrollments, filings
from tests.support.browser import csrf_token, post, session_for
from tests.support.cast import NOON, Cast
from tests.support.filing import NEW, REASON, SAID, Office, colleague
from tests.web.institution.test_cohorts import COHORT, WANGHONG

BASICS = {
    "name": "补贴一班",
    "opens_on": "2099-12-01",
    "closes_on": "2099-12-31",
    "size": "30",
    "place": "康宁路 12 号",
    "manager": "周敏",
    "phone": "19900000044",
}
TRAINING = {"kind": "LN-2021:upgrade", "occupation": "养老护理员", "level": "5", "certificate": "skill_level"}
LATER = {"opens_on": NOON.date().replace(year=2099), "closes_on": NOON.date().replace(year=2100)}
MEANS = {"materials": "课本", "resources": "教室一间", "exam_plan": "理论和实操"}


def steps(cohort: uuid.UUID) -> str:
    return f"/institution/cohorts/{cohort}/filing"


@pytest.fixture
def office(parts: Parts, cast: Cast) -> Office:
    return Office(parts, cast).approved()


def test_a_class_that_shall_be_filed_begins_as_a_draft(zhoumin: FlaskClient, parts: Parts, cast: Cast) -> None:
    place = {"organisation_id": str(cast.kangning), "course_version_id": str(cast.version)}
    answer = post(zhoumin, "/institution/cohorts/new", **COHORT, **place, filed="yes")
    assert answer.status_code == 303
    basics = answer.location
    assert basics.endswith("/filing/basics")
    overview = basics.removesuffix("/basics")
    teacher = {"teacher_id": str(cast.wanglei.account_id), "place": "三楼", "held_on": "2099-12-05"}
    line = {"subject": "翻身", "content": "practice", "mode": "in_person", "hours": "8"}
    for step, said, at in (
        ("basics", BASICS, "/filing/training"),
        ("training", TRAINING, "/filing/plan"),
        ("plan", line | teacher, "/filing/plan"),
        ("means", MEANS, "/filing"),
    ):
        answer = post(zhoumin, f"{overview}/{step}", **said)
        assert (answer.status_code, answer.location.endswith(at)) == (303, True), step
    page = zhoumin.get(overview).text
    assert "还差 1 处" in page  # the roster
    assert "岗位技能提升培训" in page
    assert "199****0044" in page
    assert "19900000044" not in page
    cohort = uuid.UUID(overview.split("/")[3])
    answer = post(zhoumin, f"{overview}/submissions", at=f"{overview}/means")
    assert answer.status_code == 422
    assert "还有 1 处没有填好" in answer.text
    who = {**NEW, "document_type": "residence_permit"}
    assert post(zhoumin, f"/institution/cohorts/{cohort}/learners/new", **who).status_code == 303
    assert post(zhoumin, f"{overview}/submissions", at=overview).status_code == 303
    assert "已申报，等审核" in zhoumin.get(overview).text
    assert "已经提交的申报不能改" in zhoumin.get(f"{overview}/basics").text
    answer = post(zhoumin, f"/institution/cohorts/{cohort}/learners/new", **WANGHONG)
    assert answer.status_code == 422
    assert "申报正在审核" in answer.text


@pytest.mark.parametrize(
    ("step", "said", "sentence"),
    [
        ("basics", BASICS | {"phone": "12"}, "手机号是 11 位数字"),
        ("basics", BASICS | {"closes_on": "2099-11-01"}, "结课日期不能早于开班日期"),
        ("training", TRAINING | {"kind": "LN-2021:rotation"}, "请选择"),
        ("means", MEANS | {"materials": "找 13800000001"}, "不要写手机号"),
        ("plan", {"subject": "翻身", "content": "practice", "mode": "online", "hours": "0"}, "课时是 1 到"),
    ],
)
def test_what_a_step_refuses(
    zhoumin: FlaskClient, parts: Parts, cast: Cast, step: str, said: dict[str, str], sentence: str
) -> None:
    cohort = Office(parts, cast).start(**LATER)
    answer = post(zhoumin, f"{steps(cohort)}/{step}", **said)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_a_step_that_was_returned_is_not_done_before_it_is_changed(
    zhoumin: FlaskClient, parts: Parts, cast: Cast
) -> None:
    office = Office(parts, cast)
    cohort = office.start(**LATER)
    with parts.database.transaction() as session:
        filings.describe(session, parts.keyring, cast.zhoumin, cohort, SAID, now=NOON)
        enrollments.enroll(session, parts.keyring, cast.zhoumin, cohort, **NEW, now=NOON)
    office.add_item(mode=Mode.ONLINE)
    office.file()
    office.send_back(remarks={"place": "请写门牌号和楼层"}, note="")
    assert "退回的 1 处还没有改" in zhoumin.get(steps(cohort)).text
    assert post(zhoumin, f"{steps(cohort)}/basics", **BASICS | {"place": "康宁路 12 号 3 楼"}).status_code == 303
    assert "还没有改" not in zhoumin.get(steps(cohort)).text


def test_a_line_of_the_plan_is_taken_out(zhoumin: FlaskClient, parts: Parts, cast: Cast) -> None:
    office = Office(parts, cast)
    cohort = office.start(**LATER)
    item = office.add_item()
    assert post(zhoumin, f"{steps(cohort)}/plan/{item}/removal", at=f"{steps(cohort)}/plan").status_code == 303
    assert office.read().plan == ()


def test_the_papers_have_the_official_columns(zhoumin: FlaskClient, office: Office) -> None:
    page = zhoumin.get(f"{steps(office.cohort)}/papers")
    assert "KX-20261123-0001" in page.text
    assert "509999********0033" in page.text
    answer = zhoumin.get(f"{steps(office.cohort)}/roster.xlsx")
    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    rows = list(sheet.values)
    assert rows[0][:5] == ("序号", "姓名", "性别", "证件类型", "身份证号")
    assert len(rows[0]) == 16
    assert rows[1][:6] == (1, "王红", "男", "居民身份证", "509999********0033", 36)
    lines = zhoumin.get(f"{steps(office.cohort)}/application.csv").data.decode("utf-8-sig").splitlines()
    assert lines[0].split(",")[:2] == ["班期名称", "班期备案号"]
    assert len(lines[0].split(",")) == 21
    full = f"{steps(office.cohort)}/roster/full"
    assert post(zhoumin, full, purpose="", file_format="csv").status_code == 422
    assert post(zhoumin, full, purpose="送区人社局备案", file_format="pdf").status_code == 422
    answer = post(zhoumin, full, purpose="送区人社局备案", file_format="csv")
    assert "509999199006150033" in answer.data.decode("utf-8-sig")


def test_a_frozen_roster_changes_by_two_people(
    zhoumin: FlaskClient, client: FlaskClient, parts: Parts, cast: Cast, office: Office
) -> None:
    roster = f"/institution/cohorts/{office.cohort}/roster"
    who = {**NEW, "document_type": "residence_permit"}
    assert post(zhoumin, f"{roster}/additions", **who, reason="短").status_code == 422
    assert post(zhoumin, f"{roster}/additions", **who, reason=REASON).status_code == 303
    page = zhoumin.get(roster).text
    assert "赵*" in page
    assert "等另一位工作人员核对" in page
    second = zhoumin.application.test_client()
    session_for(second, parts, colleague(parts, cast))
    with parts.database.transaction(write=False) as session:
        change = filings.list_changes(session, cast.zhoumin, office.cohort, Role.INSTITUTION).pop().id
    token = csrf_token(second, roster)
    answer = second.post(
        f"{roster}/changes/{change}/decisions", data={"csrf_token": token, "decision": "approved", "note": ""}
    )
    assert answer.status_code == 303
    assert "第 2 版：2 人" in second.get(roster).text
    with parts.database.transaction(write=False) as session:
        rows = filings.list_versions(session, cast.zhoumin, office.cohort, Role.INSTITUTION)[0].rows
    fields = {"enrollment_id": rows[0]["enrollment"], "reason": REASON}
    assert post(zhoumin, f"{roster}/removals", at=roster, **fields).status_code == 303
    answer = post(zhoumin, f"{roster}/removals", at=roster, enrollment_id="", reason=REASON)
    assert (answer.status_code, "请选择要移出的学员" in answer.text, REASON in answer.text) == (422, True, True)


def test_closing_says_what_is_left(zhoumin: FlaskClient, office: Office) -> None:
    page = zhoumin.get(steps(office.cohort)).text
    assert "还没有过去" in page
    answer = post(zhoumin, f"{steps(office.cohort)}/closings", at=f"/institution/cohorts/{office.cohort}/learners/new")
    assert answer.status_code == 422
    assert "没有办完" in answer.text
    answer = post(
        zhoumin, f"{steps(office.cohort)}/archivings", at=f"/institution/cohorts/{office.cohort}/learners/new"
    )
    assert answer.status_code == 422


def test_learners_see_number_and_days(client: FlaskClient, parts: Parts, cast: Cast, office: Office) -> None:
    with parts.database.transaction() as session:
        mine, filed = session.get_one(Cohort, cast.cohort), session.get_one(Cohort, office.cohort)
        filed.filing_number = None
        session.flush()
        mine.filing, mine.filing_number = "approved", "KX-20261123-0001"
    session_for(client, parts, cast.lifang)
    page = client.get(f"/learn/courses/{cast.enrollment}").text
    assert "班期备案号 KX-20261123-0001" in page
    assert "2026年11月1日" in page


GETS = ("filing", "filing/basics", "filing/training", "filing/plan", "filing/means", "filing/papers", "roster")
GETS += ("filing/roster.csv", "filing/application.xlsx", "filing/roster/full", "roster/additions")
POSTS = ("filing/basics", "filing/training", "filing/plan", "filing/means", "filing/submissions", "filing/closings")
POSTS += ("filing/archivings", "filing/plan/{item}/removal", "filing/roster/full", "roster/additions")
POSTS += ("roster/removals", "roster/changes/{change}/decisions")


def test_a_stranger_finds_no_filing(client: FlaskClient, parts: Parts, cast: Cast, office: Office) -> None:
    with parts.database.transaction() as session:
        who = (session, parts.keyring, cast.zhoumin, office.cohort)
        change = filings.propose_addition(*who, **NEW, reason=REASON, now=NOON)
    item = office.read().plan[0][0].id
    session_for(client, parts, cast.sunyue)
    token = csrf_token(client, "/institution/cohorts/new")
    for place in GETS:
        assert client.get(f"/institution/cohorts/{office.cohort}/{place}").status_code == 404, place
    person = {**NEW, "document_type": "residence_permit", "enrollment_id": str(uuid.uuid4()), "reason": REASON}
    line = {"subject": "翻身", "content": "practice", "mode": "online", "hours": "8"}
    said = {**BASICS, **TRAINING, **MEANS, **line, **person, "purpose": "送审", "file_format": "csv"}
    for place in POSTS:
        url = f"/institution/cohorts/{office.cohort}/{place}".format(item=item, change=change)
        assert client.post(url, data={**said, "csrf_token": token}).status_code == 404, place
