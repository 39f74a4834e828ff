"""Corrections at the browser: proposed by 周敏, decided by somebody else; strangers find nothing."""

import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms import clock
from lms.domain.roles import Role
from lms.models.accounts import Membership
from lms.models.corrections import Correction, CorrectionDecision, StudyVoid
from lms.models.records import Record
from lms.models.study import LessonProgress, StudyLease
from lms.parts import Parts
from lms.services import study_clock
from tests.support.browser import csrf_token, post, session_for
from tests.support.cast import NOON, Cast
from tests.support.scribe import Scribe

DESK = "/institution/corrections/"
REASON = "这一段是别人用她的手机播放的"
NOTE = "看过录像，确实不是本人"
PNG = b"\x89PNG\r\n\x1a\n and the rest"
CREDIT = {
    "evidence_class": "attended",
    "from_at": "0:00",
    "to_at": "1:00",
    "day": "2026-11-22",
    "starts": "09:00",
    "ends": "09:30",
}


@pytest.fixture
def segments(parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> list[uuid.UUID]:
    """李芳 has two segments in the first lesson."""
    monkeypatch.setattr(clock, "boot_counter_ms", lambda: 3_600_000)
    with parts.database.transaction() as session:
        now_ms = study_clock.read_ms(session)
        on = Scribe(session, cast.enrollment, cast.lessons["say-hello"], now=NOON, clock_ms=now_ms)
        source, at = on.open(600_000), now_ms - 500_000
        made = [
            on.interval(source, 1, (0, 20_000), at, wall=(at - 20_000, at)),
            on.interval(source, 2, (20_000, 40_000), at + 20_000, wall=(at, at + 20_000)),
        ]
        on.progress(40_000, {"online": 40_000})
        session.add(StudyLease(person_id=on.person_id, entries=on.entry))
    return made


@pytest.fixture
def colleague(client: FlaskClient, parts: Parts, cast: Cast) -> FlaskClient:
    """王磊 works at 康宁's desk as well, at a browser of his own."""
    with parts.database.transaction() as session:
        place = {"account_id": cast.wanglei.account_id, "organisation_id": cast.kangning}
        session.add(Membership(**place, role=Role.INSTITUTION.value))
    other = client.application.test_client()
    session_for(other, parts, cast.wanglei)
    return other


def new(cast: Cast, kind: str = "void", lesson: bool = True) -> str:
    place = f"&lesson={cast.lessons['say-hello']}" if lesson else ""
    return f"{DESK}new?enrollment={cast.enrollment}{place}&kind={kind}"


def multipart(fields: dict[str, object], content: bytes | None) -> dict[str, object]:
    """A form with a file as a browser sends it; werkzeug's own test client leaves large ones open."""
    pieces = []
    for name, value in fields.items():
        for each in value if isinstance(value, list) else [value]:
            pieces.append(f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{each}\r\n'.encode())
    if content is not None:
        head = '--b\r\nContent-Disposition: form-data; name="file"; filename="签到表.png"\r\n\r\n'
        pieces.append(head.encode() + content + b"\r\n")
    return {"data": b"".join([*pieces, b"--b--\r\n"]), "content_type": "multipart/form-data; boundary=b"}


def propose(client: FlaskClient, cast: Cast, kind: str, content: bytes | None = PNG, **fields: object) -> str:
    """Sends the form; the address of the correction, or the page that says what is wrong."""
    url = new(cast, kind)
    data = {"csrf_token": csrf_token(client, url), "reason": REASON, **fields}
    answer = client.post(url, **multipart(data, content))  # type: ignore[arg-type]
    if answer.status_code == 303:
        return str(answer.location)
    assert answer.status_code == 422, answer.status_code
    return answer.text


def credited(parts: Parts, cast: Cast) -> int:
    with parts.database.transaction(write=False) as session:
        return session.get_one(LessonProgress, (cast.enrollment, cast.lessons["say-hello"])).credited_ms


def decide(client: FlaskClient, url: str, **fields: str) -> int:
    wanted = {"decision": "approved", "note": NOTE, "sure": "1", **fields}
    return post(client, f"{url}/decision", at=url, **wanted).status_code


def test_a_void_from_the_learners_page_to_the_second_persons_yes(
    zhoumin: FlaskClient, colleague: FlaskClient, parts: Parts, cast: Cast, segments: list[uuid.UUID]
) -> None:
    assert "没有更正" in zhoumin.get(DESK).text
    assert new(cast, lesson=False).partition("&kind")[0] in zhoumin.get(f"/institution/learners/{cast.enrollment}").text
    assert "怎么问好" in zhoumin.get(new(cast, lesson=False)).text
    form = zhoumin.get(new(cast))
    assert str(segments[0]) in form.text
    url = propose(zhoumin, cast, "void", segments=[str(segments[0])])
    assert credited(parts, cast) == 40_000
    assert "请让另一位工作人员来" in zhoumin.get(url).text
    seen = colleague.get(url).text
    assert "40 秒" in seen
    assert "20 秒" in seen
    assert REASON in seen
    assert decide(colleague, url) == 303
    assert credited(parts, cast) == 20_000
    with parts.database.transaction(write=False) as session:
        assert session.scalars(select(StudyVoid.segment_id)).all() == [segments[0]]
    assert "40 秒 → 20 秒" in zhoumin.get(DESK).text
    assert NOTE in zhoumin.get(url).text


def test_time_by_hand_from_the_form_to_the_ledger(
    zhoumin: FlaskClient, colleague: FlaskClient, parts: Parts, cast: Cast, segments: list[uuid.UUID]
) -> None:
    url = propose(zhoumin, cast, "credit", **CREDIT)
    assert "2026年11月22日 09:00" in colleague.get(url).text
    assert decide(colleague, url) == 303
    assert credited(parts, cast) == 60_000
    file = colleague.get(f"{url}/attachment")
    assert file.data == PNG
    assert file.headers["Content-Disposition"].startswith("attachment;")
    assert file.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"reason": "太短"}, "请写 10 到 500 个字"),
        ({"reason": "学员的手机号是 13800000001，请核对"}, "不要写手机号"),
        ({"to_at": "十分钟"}, "请写成“分:秒”"),
        ({"to_at": "99:00"}, "内容的起止要在这一节里面"),
        ({"to_at": "2:00", "ends": "09:01"}, "一分钟的内容至少要一分钟"),
        ({"day": "2026-10-01"}, "上课的日子要在班期里"),
        ({"day": "2027-10-01"}, "上课的时间还没有过去"),
        ({"day": ""}, "请选择上课的日期"),
        ({"evidence_class": "online"}, "请选择是面授还是导入"),
    ],
)
def test_time_by_hand_that_is_refused_at_the_field(
    zhoumin: FlaskClient, cast: Cast, segments: list[uuid.UUID], fields: dict[str, str], told: str
) -> None:
    assert told in propose(zhoumin, cast, "credit", **{**CREDIT, **fields})


def test_what_is_refused_of_a_void(zhoumin: FlaskClient, cast: Cast, segments: list[uuid.UUID]) -> None:
    assert "请至少选一段" in propose(zhoumin, cast, "void")
    assert "刷新页面" in propose(zhoumin, cast, "void", segments=[str(uuid.uuid4())])
    assert "只能是 PDF" in propose(zhoumin, cast, "void", b"MZ not a paper", segments=[str(segments[0])])


def test_files_up_to_five_megabytes_are_taken_here_and_nowhere_else(
    zhoumin: FlaskClient, cast: Cast, segments: list[uuid.UUID]
) -> None:
    large = PNG + bytes(4 * 1024 * 1024)
    assert "/institution/corrections/" in propose(zhoumin, cast, "void", large, segments=[str(segments[0])])
    over = PNG + bytes(5 * 1024 * 1024)
    assert "不能超过 5 MB" in propose(zhoumin, cast, "void", over, segments=[str(segments[0])])
    token = csrf_token(zhoumin, new(cast))
    other = f"/institution/cohorts/{cast.cohort}/learners/new"
    for url, size in ((new(cast), 6), (other, 4)):
        much = multipart({"csrf_token": token}, bytes(size * 1024 * 1024))
        assert zhoumin.post(url, **much).status_code == 413  # type: ignore[arg-type]


def test_what_is_refused_of_a_decision(
    zhoumin: FlaskClient, colleague: FlaskClient, parts: Parts, cast: Cast, segments: list[uuid.UUID]
) -> None:
    url = propose(zhoumin, cast, "void", segments=[str(each) for each in segments])
    assert decide(zhoumin, url) == 403
    assert decide(colleague, url, sure="") == 422
    assert decide(colleague, url, note="短") == 422
    assert decide(colleague, url, decision="maybe") == 422
    assert decide(colleague, url, decision="rejected") == 303
    token = csrf_token(colleague, "/institution/")
    again = {"csrf_token": token, "decision": "approved", "note": NOTE, "sure": "1"}
    assert colleague.post(f"{url}/decision", data=again).status_code == 409
    assert credited(parts, cast) == 40_000


def test_a_record_that_stands_is_said_before_the_decision(
    zhoumin: FlaskClient, parts: Parts, cast: Cast, segments: list[uuid.UUID]
) -> None:
    url = propose(zhoumin, cast, "void", segments=[str(segments[0])])
    assert "已经有结业记录" not in zhoumin.get(url).text
    with parts.database.transaction() as session:
        told = {"facts": {}, "facts_hash": "", "issued_at": NOON}
        session.add(Record(enrollment_id=cast.enrollment, code="ABCDE-FGHJK-MNPQR-STVWX", **told))
    assert "已经有结业记录" in zhoumin.get(url).text


def test_strangers_find_nothing(zhoumin: FlaskClient, parts: Parts, cast: Cast, segments: list[uuid.UUID]) -> None:
    url = propose(zhoumin, cast, "void", segments=[str(segments[0])])
    stranger = zhoumin.application.test_client()
    session_for(stranger, parts, cast.sunyue)
    for address in (url, f"{url}/attachment", new(cast), new(cast, lesson=False), f"{DESK}new", f"{DESK}new?lesson=x"):
        assert stranger.get(address).status_code == 404, address
    token = csrf_token(stranger, "/institution/")
    assert stranger.post(new(cast), data={"csrf_token": token}).status_code == 404
    answer = {"csrf_token": token, "decision": "approved", "note": NOTE, "sure": "1"}
    assert stranger.post(f"{url}/decision", data=answer).status_code == 404
    assert "李芳" not in stranger.get(DESK).text
    session_for(stranger, parts, cast.lifang)
    assert stranger.get(url).status_code == 403


def test_the_platform_is_the_second_person_where_there_is_no_other(
    zhoumin: FlaskClient, parts: Parts, cast: Cast, segments: list[uuid.UUID]
) -> None:
    url = propose(zhoumin, cast, "credit", **CREDIT).replace("/institution/", "/platform/")
    admin = zhoumin.application.test_client()
    session_for(admin, parts, cast.admin)
    assert "康宁养老服务中心" in admin.get("/platform/corrections/").text
    assert admin.get(f"{url}/attachment").data == PNG
    assert decide(admin, url, sure="") == 422
    assert decide(admin, url) == 303
    assert credited(parts, cast) == 60_000
    with parts.database.transaction(write=False) as session:
        assert session.scalars(select(CorrectionDecision.decided_by)).all() == [cast.admin.account_id]
        assert session.scalars(select(Correction.proposed_by)).all() == [cast.zhoumin.account_id]
    for address in ("/platform/corrections/", url, f"{url}/attachment"):
        assert zhoumin.get(address).status_code == 403
    assert admin.get(f"/platform/corrections/{uuid.uuid4()}").status_code == 404


def test_the_learner_reads_why_and_by_whom(
    zhoumin: FlaskClient, colleague: FlaskClient, parts: Parts, cast: Cast, segments: list[uuid.UUID]
) -> None:
    mine = "/learn/time/corrections"
    her = zhoumin.application.test_client()
    session_for(her, parts, cast.lifang)
    assert "没有更正" in her.get(mine).text
    assert "您的学时有更正" not in her.get("/learn/time").text
    url = propose(zhoumin, cast, "void", segments=[str(segments[0])])
    assert "现在没有变" in her.get(mine).text
    decide(colleague, url)
    page = her.get(mine).text
    assert REASON in page
    assert "40 秒 → 20 秒" in page
    assert "康宁养老服务中心" in page
    assert "周敏" not in page
    assert "您的学时有更正" in her.get("/learn/time").text
    session_for(her, parts, cast.chenmo)
    assert REASON not in her.get(mine).text
