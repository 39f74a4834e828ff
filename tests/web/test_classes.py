"""A class in person at the browser, from the timetable to the attendance book; strangers find nothing."""

import csv
import html
import io
import re
import uuid
from collections.abc import Iterator, Sequence
from datetime import time

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.domain.roles import Role
from lms.models.accounts import Membership
from lms.models.attendance import AttendanceDecision, AttendanceLeave, AttendanceList, AttendanceMark, ClassMeeting
from lms.models.audit import AuditEvent
from lms.models.study import LessonProgress
from lms.parts import Parts
from lms.services.scopes import Actor
from tests.support.browser import csrf_token, post, session_for
from tests.support.cast import Cast
from tests.support.classes import NOTE, PAPER, REASON, Bell, School, bell, plan, row

CODE = re.compile(r'data-class-code="([^"]+)"')
DIGITS = re.compile(r'class="class-digits">([^<]+)<')
HIDDEN = re.compile(r'name="(scanned|scan)" value="([^"]+)"')


@pytest.fixture
def noon(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bell]:
    with bell(parts, monkeypatch) as made:
        yield made


@pytest.fixture
def school(parts: Parts, cast: Cast, noon: Bell) -> School:
    return School(parts, cast)


class Desk:
    """Everybody at a browser of her own."""

    def __init__(self, client: FlaskClient, school: School) -> None:
        self.client, self.school = client, school

    def of(self, actor: Actor) -> FlaskClient:
        browser = self.client.application.test_client()
        session_for(browser, self.school.parts, actor)
        return browser

    def count(self, table: type) -> int:
        with self.school.parts.database.transaction(write=False) as session:
            return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def desk(client: FlaskClient, school: School) -> Desk:
    return Desk(client, school)


def form(cast: Cast, **changes: str) -> dict[str, str]:
    usual = {
        "title": "翻身与拍背",
        "content": "practice",
        "module_slug": "",
        "place": "三楼实训室",
        "teacher_id": str(cast.wanglei.account_id),
        "day": "2026-11-23",
        "starts": "13:00",
        "ends": "14:00",
        "makes_up_for": "",
    }
    return {**usual, **changes}


def only(desk: Desk, table: type) -> uuid.UUID:
    with desk.school.parts.database.transaction(write=False) as session:
        return session.scalars(select(table)).one().id  # type: ignore[attr-defined, no-any-return]


def code_on(browser: FlaskClient, meeting: uuid.UUID, kind: str) -> str:
    """The path that the teacher's phone shows as a code now."""
    told = browser.get(f"/trainer/classes/{meeting}/code/inside?kind={kind}").text
    found = CODE.search(told)
    assert found, told
    return "/learn/sign/" + html.unescape(found[1]).partition("/learn/sign/")[2]


def confirm(browser: FlaskClient, path: str) -> int:
    page = browser.get(path)
    assert page.status_code == 200
    return post(browser, path, **dict(HIDDEN.findall(page.text))).status_code


def test_a_class_is_put_into_the_timetable_and_cancelled(desk: Desk, cast: Cast) -> None:
    zhoumin, home = desk.of(cast.zhoumin), f"/institution/cohorts/{cast.cohort}/classes"
    assert "还没有线下课" in zhoumin.get(home).text
    wrong = post(zhoumin, f"{home}/new", **form(cast, ends="13:05"))
    assert (wrong.status_code, "一堂课要有 10 分钟到 8 小时" in wrong.text) == (422, True)
    assert post(zhoumin, f"{home}/new", **form(cast)).status_code == 303
    clash = post(zhoumin, f"{home}/new", **form(cast, starts="13:30"))
    assert (clash.status_code, "这个班这时有课" in clash.text) == (422, True)
    assert "翻身与拍背" in zhoumin.get(home).text
    place = f"/institution/classes/{only(desk, ClassMeeting)}"
    cancel = f"{place}/cancellation"
    assert post(zhoumin, cancel, at=place, reason="短").status_code == 422
    assert post(zhoumin, cancel, at=place, reason="老师生病，改到下周三").status_code == 303
    assert "老师生病" in desk.of(cast.lifang).get(f"/learn/classes/{only(desk, ClassMeeting)}").text


def test_a_class_day_on_two_phones(desk: Desk, cast: Cast, school: School, noon: Bell) -> None:
    meeting = school.add()
    wanglei, lifang = desk.of(cast.wanglei), desk.of(cast.lifang)
    assert "现在没有码" in wanglei.get(f"/trainer/classes/{meeting}/code?kind=out").text
    assert "翻身与拍背" in wanglei.get("/trainer/classes").text
    noon.forward(50)
    wanglei, lifang = desk.of(cast.wanglei), desk.of(cast.lifang)
    path = code_on(wanglei, meeting, "in")
    assert confirm(lifang, path) == 303
    assert lifang.get(path).status_code == 303  # again: she is in already
    page = lifang.get(f"/learn/classes/{meeting}").text
    assert "在上课，还没签退" in page
    assert "李芳" in wanglei.get(f"/trainer/classes/{meeting}/code/inside?kind=in").text
    noon.forward(71)
    lifang = desk.of(cast.lifang)
    assert confirm(lifang, code_on(desk.of(cast.wanglei), meeting, "out")) == 303
    assert "出勤" in lifang.get("/learn/classes").text
    hours = f"/learn/time/{cast.enrollment}"
    assert "线下课：翻身与拍背" in lifang.get(f"{hours}?by=lesson").text
    assert "线下课：翻身与拍背" in lifang.get(f"{hours}/intervals").text
    desk_page = desk.of(cast.zhoumin).get(f"/institution/learners/{cast.enrollment}/intervals")
    assert (desk_page.status_code, "线下课：翻身与拍背" in desk_page.text) == (200, True)


def test_an_old_code_and_a_strangers_phone(desk: Desk, cast: Cast, school: School, noon: Bell) -> None:
    meeting = school.add()
    noon.forward(60)
    path = code_on(desk.of(cast.wanglei), meeting, "in")
    nobody = desk.client.application.test_client().get(path)
    assert (nobody.status_code, "/accounts/login" in nobody.headers["Location"]) == (302, True)
    assert desk.of(cast.chenmo).get(path).status_code == 404
    noon.forward(0.5)
    late = desk.of(cast.lifang).get(path)
    assert (late.status_code, "这个码过期了" in late.text) == (422, True)
    made_up = path[:-4] + "0000"
    assert "这个码不对" in desk.of(cast.lifang).get(made_up).text
    assert desk.count(AttendanceMark) == 0


def test_eight_digits_for_who_cannot_scan(desk: Desk, cast: Cast, school: School, noon: Bell) -> None:
    meeting = school.add()
    noon.forward(60)
    place, lifang = f"/learn/classes/{meeting}", desk.of(cast.lifang)
    shown = DIGITS.search(desk.of(cast.wanglei).get(f"/trainer/classes/{meeting}/code?kind=in").text)
    assert shown
    assert post(lifang, f"{place}/digits", at=place, digits="1234 5678").status_code == 422
    with school.parts.database.transaction(write=False) as session:
        assert session.scalar(select(func.count()).where(AuditEvent.action == "class.digits")) == 1
    answer = post(lifang, f"{place}/digits", at=place, digits=shown[1])
    assert confirm(lifang, answer.headers["Location"]) == 303


def paper_list(cast: Cast) -> dict[str, object]:
    me = str(cast.enrollment)
    photo = (io.BytesIO(PAPER.content), PAPER.name)
    return {"row": me, f"from-{me}": "13:00", f"to-{me}": "14:00", "reason": REASON, "file": photo}


def test_a_paper_list_is_typed_by_the_teacher_and_approved_by_the_desk(
    desk: Desk, cast: Cast, school: School, noon: Bell
) -> None:
    meeting = school.add()
    noon.forward(180)
    wanglei, zhoumin = desk.of(cast.wanglei), desk.of(cast.zhoumin)
    new = f"/trainer/classes/{meeting}/lists/new"
    empty = post(wanglei, new, reason=REASON)
    assert (empty.status_code, "请至少勾选一位学员" in empty.text) == (422, True)
    assert post(wanglei, new, **paper_list(cast)).status_code == 303
    made = only(desk, AttendanceList)
    assert "要请另一位工作人员来核对" in wanglei.get(f"/trainer/class-lists/{made}").text
    place = f"/institution/class-lists/{made}"
    assert zhoumin.get(f"{place}/paper").data == PAPER.content
    assert post(zhoumin, f"{place}/decision", at=place, decision="approved", note=NOTE).status_code == 422
    decided = post(zhoumin, f"{place}/decision", at=place, decision="approved", note=NOTE, sure="y")
    assert decided.status_code == 303
    with school.parts.database.transaction(write=False) as session:
        (made_of,) = session.scalars(select(LessonProgress)).all()
        assert (made_of.credited_ms, made_of.confirmed_ms) == (3_600_000, 3_600_000)
        assert session.scalar(select(func.count()).where(AuditEvent.action == "class.list_paper")) == 1
    assert "补录，课后 60 分钟" in zhoumin.get(f"/institution/classes/{meeting}").text


def test_a_leave_is_asked_on_the_phone_and_answered_at_the_desk(desk: Desk, cast: Cast, school: School) -> None:
    meeting = school.add()
    lifang, zhoumin = desk.of(cast.lifang), desk.of(cast.zhoumin)
    place = f"/learn/classes/{meeting}"
    assert post(lifang, f"{place}/leave", at=place, reason="病").status_code == 422
    assert post(lifang, f"{place}/leave", at=place, reason="孩子发烧").status_code == 303
    at, leave = f"/institution/classes/{meeting}", only(desk, AttendanceLeave)
    assert "孩子发烧" in zhoumin.get(at).text
    answer = {"meeting": str(meeting), "decision": "approved"}
    assert post(zhoumin, f"/institution/class-leaves/{leave}/decision", at=at, **answer).status_code == 303
    assert "准假" in lifang.get(place).text


def test_a_leave_is_taken_back_on_the_phone(desk: Desk, cast: Cast, school: School) -> None:
    meeting = school.add()
    lifang, place = desk.of(cast.lifang), f"/learn/classes/{meeting}"
    back = f"{place}/leave/withdrawal"
    assert lifang.get(back).status_code == 404
    post(lifang, f"{place}/leave", at=place, reason="孩子发烧")
    chenmo = desk.of(cast.chenmo)
    assert chenmo.get(back).status_code == 404
    assert post(chenmo, back, at="/learn/").status_code == 404
    assert back in lifang.get(place).text
    assert "收回这堂课的请假" in lifang.get(back).text
    assert post(lifang, back).status_code == 303
    assert desk.count(AttendanceLeave) == 0
    assert "来不了，要请假" in lifang.get(place).text
    assert "孩子发烧" not in desk.of(cast.zhoumin).get(f"/institution/classes/{meeting}").text


def test_staff_enters_a_leave_that_was_asked_by_word(desk: Desk, cast: Cast, school: School) -> None:
    meeting = school.add()
    at, wanglei = f"/trainer/classes/{meeting}", desk.of(cast.wanglei)
    told = {"enrollment": str(cast.enrollment), "reason": "孩子发烧"}
    assert post(wanglei, f"{at}/leaves", at=at, **told).status_code == 303
    assert desk.count(AttendanceLeave) == 1


def test_the_attendance_book_has_the_official_columns_and_leaves_a_trace(
    desk: Desk, cast: Cast, school: School, noon: Bell
) -> None:
    meeting = school.add()
    zhoumin, book = desk.of(cast.zhoumin), f"/institution/cohorts/{cast.cohort}/attendance"
    assert "还没有上过线下课" in zhoumin.get(book).text
    noon.forward(70)
    wanglei, lifang = desk.of(cast.wanglei), desk.of(cast.lifang)
    confirm(lifang, code_on(wanglei, meeting, "in"))
    noon.forward(50)
    confirm(lifang, code_on(desk.of(cast.wanglei), meeting, "out"))
    zhoumin = desk.of(cast.zhoumin)
    page = zhoumin.get(f"{book}?day=2026-11-23").text
    assert ("应到 1 人，实到 1 人，出勤率 100%" in page, "219999198501010026" in page) == (True, False)
    sent = zhoumin.get(f"{book}.csv?day=2026-11-23")
    head, line = csv.reader(io.StringIO(sent.get_data(as_text=True).lstrip("\ufeff")))
    assert head[:9] == ["日期", "时段", "姓名", "身份证号", "签到时间", "签退时间", "方式", "状态", "教师签字"]
    assert line[:3] == ["2026-11-23", "13:00–14:00", "李芳"]
    assert line[4:] == ["13:10", "14:00", "扫码", "迟", "", "翻身与拍背", "王磊", ""]
    assert "*" in line[3]
    xlsx = zhoumin.get(f"{book}.xlsx")
    assert xlsx.get_data()[:2] == b"PK"
    with school.parts.database.transaction(write=False) as session:
        rows = session.scalars(select(AuditEvent).where(AuditEvent.action == "report.export")).all()
    told = [(each.subject, each.detail["day"], each.detail["format"], each.detail["masked"]) for each in rows]
    assert told == [("attendance", "2026-11-23", "csv", True), ("attendance", None, "xlsx", True)]
    assert zhoumin.get(f"{book}?day=nonsense").status_code == 404


def test_the_official_form_of_the_book_needs_a_purpose(desk: Desk, cast: Cast, school: School, noon: Bell) -> None:
    school.add()
    noon.forward(61)
    zhoumin, book = desk.of(cast.zhoumin), f"/institution/cohorts/{cast.cohort}/attendance"
    full = f"{book}/full?day=2026-11-23"
    assert full in html.unescape(zhoumin.get(f"{book}?day=2026-11-23").text)
    for purpose, told in ((" ", "请写明这份完整名单的用途"), ("给 19900000001 看", "不要写手机号或证件号码")):
        refused = post(zhoumin, full, purpose=purpose, file_format="csv")
        assert (refused.status_code, told in refused.text) == (422, True)
    assert exports(school) == []
    sent = post(zhoumin, full, purpose="区人社局抽查出勤", file_format="csv")
    head, line = csv.reader(io.StringIO(sent.get_data(as_text=True).lstrip("\ufeff")))
    assert head[:9] == ["日期", "时段", "姓名", "身份证号", "签到时间", "签退时间", "方式", "状态", "教师签字"]
    assert line[:4] == ["2026-11-23", "13:00–14:00", "李芳", "219999198501010026"]
    (act,) = exports(school)
    assert (act.account_id, act.organisation_id) == (cast.zhoumin.account_id, cast.kangning)
    assert act.detail == {
        "cohort": str(cast.cohort),
        "day": "2026-11-23",
        "format": "csv",
        "masked": False,
        "purpose": "区人社局抽查出勤",
        "rows": 1,
    }


def test_an_inspector_reads_the_book_and_that_is_on_record(desk: Desk, cast: Cast, school: School, noon: Bell) -> None:
    school.add()
    noon.forward(125)
    wujian, home = desk.of(cast.wujian), f"/inspect/cohorts/{cast.cohort}"
    assert f"{home}/attendance" in wujian.get(home).text
    page = wujian.get(f"{home}/attendance?day=2026-11-23").text
    for told in ("李芳", "219999********0026", "旷", "应到 1 人，实到 0 人，出勤率 0%"):
        assert told in page, told
    assert "219999198501010026" not in page
    sent = wujian.get(f"{home}/attendance.csv")
    _head, line = csv.reader(io.StringIO(sent.get_data(as_text=True).lstrip("\ufeff")))
    assert line[:4] == ["2026-11-23", "13:00–14:00", "李芳", "219999********0026"]
    (act,) = exports(school)
    assert (act.account_id, act.detail["masked"]) == (cast.wujian.account_id, True)
    with school.parts.database.transaction(write=False) as session:
        looks = session.scalars(select(AuditEvent).where(AuditEvent.action == "inspector.look")).all()
    assert [look.detail["page"] for look in looks] == ["cohort", "attendance", "attendance"]
    assert "出勤簿" in desk.of(cast.zhoumin).get("/institution/looks").text
    for ending in ("", ".csv", ".xlsx"):
        assert wujian.get(f"/inspect/cohorts/{cast.foreign_cohort}/attendance{ending}").status_code == 404
        assert desk.of(cast.sunyue).get(f"{home}/attendance{ending}").status_code == 403
    assert wujian.get(f"/institution/cohorts/{cast.cohort}/attendance/full").status_code == 403


def exports(school: School) -> Sequence[AuditEvent]:
    with school.parts.database.transaction(write=False) as session:
        return session.scalars(select(AuditEvent).where(AuditEvent.action == "report.export")).all()


@pytest.fixture
def typed(desk: Desk, cast: Cast, school: School, noon: Bell) -> dict[str, uuid.UUID]:
    """A class with a paper list, and another with a leave, that strangers may try."""
    meeting = school.add()
    other = school.add(plan(cast, time(16), time(17)))
    lifang, place = desk.of(cast.lifang), f"/learn/classes/{other}"
    post(lifang, f"{place}/leave", at=place, reason="孩子发烧")
    noon.forward(130)
    made = school.type_in(meeting, [row(cast)])
    return {"meeting": meeting, "list": made, "leave": only(desk, AttendanceLeave)}


def test_strangers_find_nothing(desk: Desk, cast: Cast, typed: dict[str, uuid.UUID]) -> None:
    m, made, leave = typed["meeting"], typed["list"], typed["leave"]
    for who, root in ((cast.sunyue, "/institution"), (cast.zhaoqin, "/trainer"), (cast.liuyang, "/trainer")):
        browser = desk.of(who)
        token = csrf_token(browser, f"{root}/")
        reads = [f"classes/{m}", f"classes/{m}/code", f"classes/{m}/code/inside", f"classes/{m}/lists/new"]
        reads += [f"class-lists/{made}", f"class-lists/{made}/paper"]
        assert {browser.get(f"{root}/{each}").status_code for each in reads} == {404}
        told = {"csrf_token": token, "enrollment": str(cast.enrollment), "reason": REASON, "meeting": str(m)}
        told |= {"decision": "approved", "note": NOTE, "sure": "y", "row": str(cast.enrollment)}
        writes = [f"classes/{m}/leaves", f"class-leaves/{leave}/decision", f"class-lists/{made}/decision"]
        writes += [f"classes/{m}/lists/new"]
        assert {browser.post(f"{root}/{each}", data=told).status_code for each in writes} == {404}
    sunyue = desk.of(cast.sunyue)
    home = f"/institution/cohorts/{cast.cohort}"
    reads = [f"{home}/classes", f"{home}/classes/new", f"{home}/attendance", f"{home}/attendance.csv"]
    reads += [f"{home}/attendance/full"]
    assert {sunyue.get(each).status_code for each in reads} == {404}
    token = csrf_token(sunyue, "/institution/")
    cancel = f"/institution/classes/{m}/cancellation"
    assert sunyue.post(cancel, data={"csrf_token": token, "reason": REASON}).status_code == 404
    chenmo = desk.of(cast.chenmo)
    assert chenmo.get(f"/learn/classes/{m}").status_code == 404
    assert "翻身与拍背" not in chenmo.get("/learn/classes").text
    token = csrf_token(chenmo, "/learn/")
    told = {"csrf_token": token, "reason": "孩子发烧", "digits": "12345678", "scanned": "1", "scan": "x"}
    for each in (f"classes/{m}/leave", f"classes/{m}/digits", f"sign/{m}/in/1/{'0' * 32}"):
        assert chenmo.post(f"/learn/{each}", data=told).status_code == 404
    assert (desk.count(AttendanceDecision), desk.count(AttendanceMark), desk.count(AttendanceList)) == (0, 0, 1)


def test_a_learner_on_the_list_cannot_approve_it(
    desk: Desk, cast: Cast, school: School, typed: dict[str, uuid.UUID]
) -> None:
    with school.parts.database.transaction() as session:
        place = {"account_id": cast.lifang.account_id, "organisation_id": cast.kangning}
        session.add(Membership(**place, role=Role.INSTITUTION.value))
    lifang, place = desk.of(cast.lifang), f"/institution/class-lists/{typed['list']}"
    assert "这份签到表里有您自己" in lifang.get(place).text
    told = {"decision": "approved", "note": NOTE, "sure": "y"}
    assert post(lifang, f"{place}/decision", at="/institution/", **told).status_code == 403
