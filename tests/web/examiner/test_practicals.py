"""Practicals in the browser without script: the examiner's sheet, pictures, the mentor's signature, what others see."""

import io
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.models.accounts import Membership
from lms.models.audit import AuditEvent
from lms.models.practice import PracticeSheet
from lms.parts import Parts
from lms.services import practice
from lms.services.scopes import Actor
from tests.support.browser import post, session_for
from tests.support.cast import NOON, Cast
from tests.support.practicals import BAD, GOOD, Practicals, open_class, photo, signing

DONE = {"step-1": "1", "step-2": "1", "step-3": "0", "note": "动作轻"}


@pytest.fixture
def place(parts: Parts, cast: Cast, password_hash: str) -> Practicals:
    with parts.database.transaction() as session:
        return open_class(session, parts.keyring, cast, password_hash)


class Desk:
    """Somebody at the browser, signed in as whom the test says."""

    def __init__(self, client: FlaskClient, parts: Parts, place: Practicals) -> None:
        self.client, self.parts, self.place = client, parts, place

    def be(self, actor: Actor) -> FlaskClient:
        session_for(self.client, self.parts, actor)
        return self.client

    @property
    def skill(self) -> str:
        return f"/examine/practicals/learners/{self.place.enrollment}/skills/{self.place.wash}"

    @property
    def lesson(self) -> str:
        return f"/learn/courses/{self.place.enrollment}/lessons/{self.place.wash}"

    @property
    def task(self) -> str:
        return f"/mentor/learners/{self.place.enrollment}/tasks/{self.place.wash}"

    def open(self, actor: Actor) -> str:
        """Opens the sitting and comes to its page."""
        answer = post(self.be(actor), f"{self.skill}/sittings", at=self.skill)
        assert answer.status_code == 303
        return answer.location

    def sign(self, actor: Actor, sitting: str, **fields: str):
        return post(self.be(actor), f"{sitting}/sheets", at=sitting, **{"client_key": "key-1", **fields})

    def pages(self, sitting: str) -> list[str]:
        """What examiners and mentors read of a learner."""
        return [
            f"/examine/practicals/cohorts/{self.place.cohort}",
            f"/examine/practicals/learners/{self.place.enrollment}",
            self.skill,
            sitting,
            f"{sitting}/pictures",
            f"/mentor/cohorts/{self.place.cohort}",
            f"/mentor/learners/{self.place.enrollment}",
            self.task,
        ]

    def acts(self, sitting: str, at: str) -> set[int]:
        """What comes of all that they can do, done by whoever is signed in."""
        posts = {
            f"{self.skill}/sittings": {},
            f"{sitting}/sheets": {**DONE, "sure": "1"},
            f"{sitting}/consents": {"agreed": "1"},
            f"{sitting}/pictures": {"file": (io.BytesIO(photo()), "a.jpg")},
            f"{self.task}/signatures": {"sure": "1", "minutes": "5", "client_key": "k"},
        }
        return {post(self.client, url, at=at, **fields).status_code for url, fields in posts.items()}

    def count(self) -> int:
        with self.parts.database.transaction(write=False) as session:
            return session.scalar(select(func.count()).select_from(PracticeSheet)) or 0

    def settle(self, marks: tuple[bool, ...]) -> None:
        """Both examiners sign the same."""
        judges = self.place.examiners
        with self.parts.database.transaction() as session:
            sitting = practice.open_sitting(session, judges.heping, self.place.enrollment, self.place.wash, now=NOON)
            for actor in (judges.heping, judges.hanmei):
                practice.submit_sheet(session, actor, sitting, signing(marks, note="水温没试"), now=NOON)


@pytest.fixture
def desk(client: FlaskClient, parts: Parts, place: Practicals) -> Desk:
    return Desk(client, parts, place)


def test_from_the_class_to_the_signed_sheet(desk: Desk) -> None:
    heping = desk.place.examiners.heping
    client = desk.be(heping)
    cohort = f"/examine/practicals/cohorts/{desk.place.cohort}"
    assert cohort in client.get("/examine/").text
    assert "李芳" in client.get(cohort).text
    assert "给老人洗脸" in client.get(f"/examine/practicals/learners/{desk.place.enrollment}").text
    sitting = desk.open(heping)
    assert "等您打分" in client.get(cohort).text
    page = client.get(sitting).text
    assert "关键步骤" in page
    assert page.count('type="radio"') == 6
    looked = desk.sign(heping, sitting, **DONE)
    assert "60 分" in looked.text
    assert "从内眼角向外擦" in looked.text
    assert desk.count() == 0
    signed = desk.sign(heping, sitting, **DONE, sure="1")
    assert (signed.status_code, signed.location, desk.count()) == (303, sitting, 1)
    again = desk.sign(heping, sitting, **DONE, sure="1")
    assert (again.status_code, desk.count()) == (303, 1)
    assert "等您打分" not in client.get(cohort).text
    assert "我的打分" in client.get(sitting).text
    assert "动作轻" in client.get(desk.skill).text


def test_what_is_missing_is_told_and_what_was_marked_is_kept(desk: Desk) -> None:
    heping = desk.place.examiners.heping
    sitting = desk.open(heping)
    told = desk.sign(heping, sitting, **{**DONE, "step-2": ""})
    assert (told.status_code, "第 2 步还没有打分" in told.text) == (422, True)
    assert len(re.findall(r"checked", told.text)) == 2
    assert "动作轻" in told.text
    assert 'value="key-1"' in told.text
    private = desk.sign(heping, sitting, **{**DONE, "note": "打 19900000001"}, sure="1")
    assert (private.status_code, desk.count()) == (422, 0)
    desk.sign(heping, sitting, **DONE, sure="1")
    twice = desk.sign(heping, sitting, **DONE, sure="1", client_key="another")
    assert (twice.status_code, "已经打过分" in twice.text, desk.count()) == (422, True, 1)


def test_the_second_examiner_signs_blind(desk: Desk) -> None:
    heping, hanmei, _ = vars(desk.place.examiners).values()
    sitting = desk.open(heping)
    desk.sign(heping, sitting, **DONE, sure="1")
    cohort = desk.be(hanmei).get(f"/examine/practicals/cohorts/{desk.place.cohort}").text
    assert "已有 1 位打分" in cohort
    page = desk.client.get(sitting).text
    assert "动作轻" not in page
    assert "checked" not in page
    desk.sign(hanmei, sitting, **DONE, sure="1", client_key="key-2")
    assert "合格 60 分" in desk.client.get(sitting).text


def test_who_teaches_the_class_is_told_so_and_cannot_open(desk: Desk, parts: Parts, cast: Cast) -> None:
    heping = desk.place.examiners.heping
    with parts.database.transaction() as session:
        session.add(Membership(account_id=heping.account_id, organisation_id=cast.kangning, role="trainer"))
    client = desk.be(heping)
    assert "您给这个班上课" in client.get(desk.skill).text
    assert post(client, f"{desk.skill}/sittings", at=desk.skill).status_code == 403


def test_pictures_want_her_yes_first(desk: Desk, parts: Parts, cast: Cast) -> None:
    heping, hanmei, _ = vars(desk.place.examiners).values()
    sitting = desk.open(heping)
    pictures = f"{sitting}/pictures"
    asked = desk.client.get(pictures).text
    assert "我是 李芳，我同意" in asked
    assert "不影响成绩" in asked

    def send(content: bytes):
        return post(desk.client, pictures, at=pictures, file=(io.BytesIO(content), "a.jpg"))

    refused = send(photo())
    assert (refused.status_code, "没有同意" in refused.text) == (422, True)
    assert post(desk.client, f"{sitting}/consents", at=pictures).status_code == 422
    assert post(desk.client, f"{sitting}/consents", at=pictures, agreed="1").status_code == 303
    assert send(b"no picture").status_code == 422
    assert send(photo()).status_code == 303
    source = re.findall(r'src="(/examine/practicals/pictures/[^"]+)"', desk.client.get(pictures).text)[0]
    got = desk.client.get(source)
    assert (got.status_code, got.content_type) == (200, "image/jpeg")
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert got.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    part = desk.client.get(source, headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.data) == (206, got.data[:10])
    for stranger in (hanmei, cast.sunyue, cast.zhaoqin, cast.chenmo):
        assert desk.be(stranger).get(source).status_code in (403, 404)
    with parts.database.transaction(write=False) as session:
        acts = session.scalars(select(AuditEvent.action).where(AuditEvent.action.like("practice.picture%"))).all()
    assert sorted(acts) == ["practice.picture", "practice.picture_look", "practice.picture_look"]
    for actor, stranger, own in (
        (cast.lifang, cast.chenmo, "/learn/practicals/pictures/"),
        (cast.zhoumin, cast.sunyue, "/institution/practicals/pictures/"),
    ):
        hers = own + source.rpartition("/")[2]
        assert desk.be(actor).get(hers).status_code == 200
        assert desk.be(stranger).get(hers).status_code == 404


def test_the_learner_takes_her_yes_back_on_her_own_phone(desk: Desk, cast: Cast) -> None:
    client = desk.be(cast.lifang)
    assert "我没有同意" in client.get(desk.lesson).text
    for given, words in (("1", "我已同意"), ("0", "我没有同意")):
        assert post(client, f"{desk.lesson}/consents", at=desk.lesson, given=given).status_code == 303
        assert words in client.get(desk.lesson).text
    stranger = desk.be(cast.chenmo)
    assert post(stranger, f"{desk.lesson}/consents", at="/learn/", given="1").status_code == 404


def test_the_learner_reads_how_it_went(desk: Desk, cast: Cast) -> None:
    outline = f"/learn/courses/{desk.place.enrollment}"
    client = desk.be(cast.lifang)
    assert "还没有考核" in client.get(outline).text
    assert "两位没有给您上课的考评员" in client.get(desk.lesson).text
    desk.settle(BAD)
    assert "考核不合格，70 分" in client.get(outline).text
    page = client.get(desk.lesson).text
    for words in ("不合格 70 分", "可以再考，还有 2 次", "没做到", "漏了 1 个关键步骤", "水温没试"):
        assert words in page, words
    assert "何平" not in page
    desk.settle(GOOD)
    assert "考核合格，100 分" in client.get(outline).text
    assert "合格 100 分" in client.get(desk.lesson).text
    hers = f"/examine/practicals/cohorts/{desk.place.cohort}"
    assert "2 项实操，合格 1 项" in desk.be(desk.place.examiners.heping).get(hers).text


def test_a_mentor_signs_a_task(desk: Desk, cast: Cast) -> None:
    client = desk.be(desk.place.examiners.fengyan)
    cohort = f"/mentor/cohorts/{desk.place.cohort}"
    assert cohort in client.get("/mentor/").text
    assert "已签 0 项" in client.get(cohort).text
    assert "还没有签字" in client.get(f"/mentor/learners/{desk.place.enrollment}").text

    def sign(**fields: str):
        return post(client, f"{desk.task}/signatures", at=desk.task, client_key="k", **fields)

    assert "打勾" in sign(minutes="40").text
    assert "多少分钟" in sign(sure="1", minutes="x").text
    assert sign(sure="1", minutes="40", note="很细心").status_code == 303
    assert sign(sure="1", minutes="40", note="很细心").status_code == 303
    assert desk.count() == 1
    shown = client.get(desk.task).text
    assert "冯燕 签字：做了 40 分钟" in shown
    assert "signatures" not in shown
    assert "冯燕 签字" in desk.be(cast.lifang).get(desk.lesson).text


def test_the_institution_sees_who_passed_waits_and_is_disputed(desk: Desk, cast: Cast) -> None:
    heping, hanmei, _ = vars(desk.place.examiners).values()
    cohort = f"/institution/cohorts/{desk.place.cohort}/practicals"
    client = desk.be(cast.zhoumin)
    assert cohort in client.get(f"/institution/cohorts/{desk.place.cohort}").text
    sitting = desk.open(heping)
    desk.sign(heping, sitting, **DONE, sure="1")
    assert "等考评员打分" in desk.be(cast.zhoumin).get(cohort).text
    desk.sign(hanmei, sitting, **{**DONE, "step-1": "0"}, sure="1", client_key="key-2")
    page = desk.be(cast.zhoumin).get(cohort).text
    assert "要请第三位考评员" in page
    assert [int(words) for words in re.findall(r"<td[^>]*>(?:<[^>]*>)*\s*(\d+)", page)] == [0, 0, 1, 1, 0]
    hers = f"/institution/practicals/{desk.place.enrollment}"
    assert "给老人翻身" in client.get(hers).text
    skill = client.get(f"{hers}/skills/{desk.place.wash}").text
    assert "何平" in skill
    assert "韩梅" in skill


def test_strangers_find_nothing(desk: Desk, cast: Cast) -> None:
    sitting = desk.open(desk.place.examiners.heping)
    where = f"{desk.place.enrollment}/skills/{desk.place.wash}"
    pages = [
        *desk.pages(sitting),
        f"/institution/cohorts/{desk.place.cohort}/practicals",
        f"/institution/practicals/{desk.place.enrollment}",
        f"/institution/practicals/{where}",
        desk.lesson,
    ]
    for stranger in (cast.chenmo, cast.sunyue, cast.zhaoqin):
        client = desk.be(stranger)
        assert {client.get(page).status_code for page in pages} <= {403, 404}
    assert desk.acts(sitting, at="/learn/") <= {403, 404}
    assert desk.count() == 0


def test_judges_of_another_institution_find_nothing(desk: Desk, parts: Parts, cast: Cast) -> None:
    sitting = desk.open(desk.place.examiners.heping)
    with parts.database.transaction() as session:
        for role in ("examiner", "mentor"):
            session.add(Membership(account_id=cast.sunyue.account_id, organisation_id=cast.anhe, role=role))
    client = desk.be(cast.sunyue)
    for page in desk.pages(sitting):
        assert client.get(page).status_code == 404, page
    assert desk.acts(sitting, at="/examine/") == {404}
