"""Personal data goes where it belongs and nowhere else (ASVS 14.2.1, 14.2.4, 16.2.5): canaries through every flow."""

import io
import logging
import tempfile
import uuid
from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from lms import worker
from lms.adapters.sms import ConsoleGateway
from lms.db import IntegrityError
from lms.domain.corrections import Decision
from lms.domain.roles import Role
from lms.domain.study import EvidenceClass
from lms.models.accounts import Account
from lms.models.attendance import AttendanceLeave
from lms.models.corrections import Correction
from lms.models.enrollments import Enrollment
from lms.models.jobs import Job
from lms.models.people import Person
from lms.parts import Parts
from lms.services import accounts, attendance, corrections, practice
from lms.services.corrections import Attachment, Claim
from lms.services.scopes import Actor
from tests.support.browser import csrf_token, session_for
from tests.support.canaries import (
    ENGLISH,
    FILE,
    HERS,
    NAME,
    NUMBER,
    PASSWORD,
    PHONE,
    SECRET,
    WORDS,
    Watch,
    Watched,
    cells,
    everything,
    left_behind,
)  # fmt: skip
from tests.support.canary_desks import (
    STAYS,
    Receiver,
    assert_only_ids,
    erase,
    listening,
    officers_look,
    pull_reports,
    read_statement,
    send_messages,
)  # fmt: skip
from tests.support.canary_faults import break_down, go_wrong
from tests.support.canary_flows import bring_roster, call_the_api, change_identity, claim_rights, file_class
from tests.support.cast import NOON, Cast
from tests.support.classes import PAPER, Bell, School, bell, plan
from tests.support.practicals import GOOD, open_class, photo, signing
from tests.support.study import Phone, now

LOUD = f"{WORDS} {ENGLISH}"


@pytest.fixture
def noon(parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bell]:
    with bell(parts, monkeypatch) as made:
        yield made


@pytest.fixture
def watch() -> Iterator[Watch]:
    """All loggers write all they have into it, as when somebody looks for a fault."""
    made, root = Watch(), logging.getLogger()
    before = root.level
    root.addHandler(made)
    root.setLevel(logging.DEBUG)
    yield made
    root.removeHandler(made)
    root.setLevel(before)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files lie during the test."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Where webhooks are sent."""
    with listening() as made:
        yield made


class Story:
    """What happens to her, by the desk at which it happens."""

    def __init__(self, client: FlaskClient, parts: Parts, cast: Cast, watch: Watch, hook: str) -> None:
        self.browser, self.parts, self.cast, self.watch = Watched(client, watch), parts, cast, watch
        self.hook = hook
        self.sms = ConsoleGateway(out=io.StringIO())  # a demo prints codes by design

    def post(self, url: str, at: str | None = None, **fields: Any) -> Any:
        """A form, with the token of the page it stands on."""
        token = csrf_token(self.browser.client, at or url)
        return self.browser.send("POST", url, data={"csrf_token": token, **fields})

    def desk(self, who: Actor) -> None:
        """Somebody else sits down."""
        session_for(self.browser.client, self.parts, who)

    def work(self, *kinds: str) -> None:
        """The worker does what waits."""
        with self.parts.database.transaction(write=False) as session:
            due = session.scalars(select(Job.id).where(Job.kind.in_(kinds), Job.state == "queued")).all()
        for job_id in due:
            worker.run(self.parts, job_id)

    def herself(self) -> tuple[Actor, uuid.UUID]:
        """Who she became, and her place in the class."""
        with self.parts.database.transaction(write=False) as session:
            person = session.scalars(select(Person).where(Person.name == NAME)).one()
            account = session.scalars(select(Account).where(Account.person_id == person.id)).one()
            mine = (Enrollment.person_id == person.id) & (Enrollment.cohort_id == self.cast.cohort)
            enrollment = session.scalars(select(Enrollment.id).where(mine)).one()
            return Actor(account.id, person.id, NAME), enrollment

    def enrol(self) -> None:
        """Typed wrong, typed right, typed twice."""
        self.desk(self.cast.zhoumin)
        place = f"/institution/cohorts/{self.cast.cohort}/learners/new"
        hers = {"name": NAME, "document_type": "resident_id", "number": NUMBER, "phone": PHONE}
        assert self.post(place, **{**hers, "number": NUMBER[:-1] + "7"}).status_code == 422
        assert self.post(place, **hers).status_code == 303
        self.post(place, **hers)
        self.browser.get(f"/institution/cohorts/{self.cast.cohort}")

    def come_in(self) -> None:
        """By a code, wrong and right; then by a password, wrong and right; and as a tool."""
        self.browser.client.delete_cookie("kangxue")
        self.post("/accounts/login", phone=PHONE, password="wrong-" + PASSWORD)
        asked = self.post("/accounts/login/code", phone=PHONE)
        entry = asked.location
        with self.parts.database.transaction(write=False) as session:
            for job in session.scalars(select(Job).where(Job.kind == accounts.SEND_SMS)):
                accounts.send_code(session, self.parts.keyring, self.sms, job.payload, now=now())
        code = next(told for to, told in self.sms.sent if to == PHONE)
        self.watch.codes.add(code)
        self.post(entry, code=f"{(int(code) + 1) % 1_000_000:06d}")
        assert self.post(entry, code=code).status_code == 303
        self.post("/accounts/password", current="", new=PASSWORD)
        wrong = {"phone": PHONE, "password": PASSWORD + "x", "name": NAME}
        self.browser.send("POST", "/api/v1/tokens", json=wrong)
        self.browser.send("POST", "/api/v1/tokens", json={"phone": PHONE, "password": PASSWORD + "x"})
        self.browser.send("POST", "/api/v1/tokens", data=f'{{"phone": "{PHONE}"', content_type="application/json")

    def study(self) -> None:
        """Heartbeats, and nonsense sent to the API with her words in it."""
        who, enrollment = self.herself()
        phone = Phone(self.parts, who, enrollment, self.cast.lessons["say-hello"])
        phone.open()
        phone.beat(0, 1_000)
        self.desk(who)
        token = csrf_token(self.browser.client, "/accounts/me")
        for body in ({"seq": LOUD, "name": NAME}, {"enrollment": NUMBER, "lesson": PHONE}):
            for place in ("/api/v1/study/sessions", "/api/v1/study/heartbeats"):
                self.browser.send("POST", place, json=body, headers={"X-CSRFToken": token})
        for page in ("/learn/", "/learn/time", "/accounts/me", "/learn/records", "/no/such/page"):
            self.browser.get(page)

    def correct(self) -> None:
        """Time by hand, with a paper that bears her name; the platform says no."""
        _who, enrollment = self.herself()
        self.desk(self.cast.zhoumin)
        lesson = self.cast.lessons["read-hello"]
        place = f"/institution/corrections/new?learner={enrollment}&lesson={lesson}&kind=credit"
        paper = Attachment(FILE, PAPER.content)
        self.browser.get(place)
        claim = Claim(EvidenceClass.ATTENDED, 0, 60_000, NOON.date(), time(10), time(10, 30))
        with self.parts.database.transaction() as session:
            corrections.propose_credit(
                session, self.parts.store, self.cast.zhoumin, enrollment, lesson, claim, LOUD, paper, now=now()
            )
        with self.parts.database.transaction(write=False) as session:
            made = session.scalars(select(Correction.id)).one()
        self.desk(self.cast.admin)
        at = f"/platform/corrections/{made}"
        self.post(f"{at}/decision", at=at, decision="rejected", note=LOUD, sure="1")
        self.browser.get(f"{at}/attachment")

    def attend(self) -> None:
        """A class: her leave in her words, and a paper list."""
        who, _enrollment = self.herself()
        school = School(self.parts, self.cast)
        meeting = school.add(plan(self.cast))
        with self.parts.database.transaction() as session:
            attendance.ask_leave(session, who, meeting, LOUD, now=now())
        with self.parts.database.transaction() as session:
            leave = session.scalars(select(AttendanceLeave.id)).one()
            attendance.decide_leave(session, self.cast.zhoumin, Role.INSTITUTION, leave, Decision.APPROVED, now=now())

    def practise(self, password_hash: str) -> None:
        """A sheet with words, and a picture with consent."""
        with self.parts.database.transaction() as session:
            place = open_class(session, self.parts.keyring, self.cast, password_hash)
            heping = place.examiners.heping
            sitting = practice.open_sitting(session, heping, place.enrollment, place.wash, now=now())
            practice.record_given(session, heping, sitting, now=now())
            practice.submit_sheet(session, heping, sitting, signing(GOOD, note=LOUD), now=now())
            ready = practice.Ready(photo(), "jpeg", "image/jpeg")
            practice.keep(session, self.parts.store, heping, sitting, ready, now=now())

    def take_files(self) -> None:
        """Every export there is, masked and whole, and the dossiers of both desks."""
        self.desk(self.cast.zhoumin)
        cohort = f"/institution/cohorts/{self.cast.cohort}"
        for ending in ("csv", "xlsx"):
            for kind in (f"{cohort}/scores", f"{cohort}/attendance", "/institution/reports/completion"):
                assert self.browser.get(f"{kind}.{ending}").status_code == 200
        for place in (f"{cohort}/scores/full", f"{cohort}/attendance/full", "/institution/reports/completion/full"):
            assert self.post(place, purpose="向区人社局申报", file_format="xlsx").status_code == 200
            self.post(place, purpose=NUMBER, file_format="csv")
        self.post(f"{cohort}/dossiers")
        self.post(f"{cohort}/dossiers", unmasked="y", purpose="向区人社局申报")
        self.work("make_dossier")
        self.browser.get(f"{cohort}/dossiers")
        self.desk(self.cast.wujian)
        self.post(f"/inspect/cohorts/{self.cast.cohort}/dossiers")
        drawn = self.post(f"/inspect/samples/new?cohort={self.cast.cohort}", kind="learners", wanted="9")
        self.post(f"{drawn.location}/items/1", finding="problem", words=LOUD)

    def upload(self) -> None:
        """A film whose name tells whose it is; and names that are refused."""
        self.desk(self.cast.wanglei)
        token = {"X-CSRFToken": csrf_token(self.browser.client, "/accounts/me")}
        asked = {"name": f"{NAME}{ENGLISH}.mp4", "size": 8, "client_key": "k" * 20}
        made = self.browser.send("POST", "/api/v1/uploads", json=asked, headers=token)
        assert made.status_code in (200, 201), made.text
        upload = made.json["upload"]
        self.browser.send("PUT", f"/api/v1/uploads/{upload}/parts/1", data=b"not film", headers=token)
        self.browser.send("POST", f"/api/v1/uploads/{upload}/completion", headers=token)
        self.work("receive_upload", "make_media")
        self.browser.send("POST", "/api/v1/uploads", json={**asked, "size": LOUD}, headers=token)


@pytest.fixture
def told(
    client: FlaskClient,
    parts: Parts,
    cast: Cast,
    noon: Bell,
    watch: Watch,
    temporary: Path,
    password_hash: str,
    monkeypatch: pytest.MonkeyPatch,
    receiver: Receiver,
) -> Story:
    """The whole story."""
    story = Story(client, parts, cast, watch, receiver.address)
    story.enrol()
    story.come_in()
    story.study()
    story.correct()
    story.attend()
    story.practise(password_hash)
    for flow in (bring_roster, change_identity, call_the_api, claim_rights, file_class):
        flow(story)
        noon.forward(2)
    noon.forward(2)  # a dossier tells what was on record by the last whole minute
    story.take_files()
    story.upload()
    pull_reports(story, monkeypatch)
    read_statement(story)
    officers_look(story)
    send_messages(story)
    break_down(story, monkeypatch)
    go_wrong(story, monkeypatch)
    return story


def test_no_canary_sings_where_it_should_not(told: Story, temporary: Path, receiver: Receiver) -> None:
    """In what is written beside the database and in what browsers keep; and numbers and secrets stand in clear in no
    column of it. After she is erased, not even her name does."""
    watch, parts = told.watch, told.parts
    hits = watch.hits("log", watch.logged)
    hits += watch.hits("request line", watch.lines)
    hits += watch.hits("error page", watch.pages)
    hits += watch.hits("cookie", watch.cookies)
    hits += watch.hits("title in the history", watch.titles)
    hits += watch.hits("temporary file", left_behind(temporary))
    hits += watch.hits("job", cells(parts, "jobs", "kind", "key", "payload", "problem"))
    hits += watch.hits("message", receiver.heard)
    hits += watch.hits("message at rest", cells(parts, "webhook_deliveries", "body", "problem"))
    hits += watch.hits("kept answer", cells(parts, "kept_answers", "body"))
    hits += watch.hits("evidence", cells(parts, "evidence_entries", "body"))
    hits += watch.hits("audit", cells(parts, "audit_events", "action", "subject", "detail"))
    assert hits == []
    assert [each for each in watch.kept if not each.startswith("/static/")] == []
    in_clear = (*SECRET, *watch.codes)
    assert [f"{at}: {each}" for at, value in everything(parts) for each in in_clear if _holds(value, each)] == []
    assert_only_ids(receiver.heard)
    loud = {"lms.worker.running ERROR"} | ({"lms.app ERROR"} if parts.database.engine.name == "postgresql" else set())
    assert loud <= {" ".join(each.split()[:2]) for each in watch.logged}  # SQLite is only busy then
    assert len(watch.lines) > 300
    assert {400, 401, 404, 409, 422} <= watch.statuses
    assert watch.statuses & {500, 503}
    assert len(watch.pages) > 40
    assert len(watch.codes) == 3  # hers, a program's token, a webhook's secret
    erase(told)
    assert {at for at, value in everything(parts) if any(each in value for each in (NAME, *SECRET))} == set(STAYS)
    assert watch.hits("message at rest", cells(parts, "webhook_deliveries", "body", "problem")) == []
    assert watch.hits("kept answer", cells(parts, "kept_answers", "body")) == []


def _holds(value: str, each: str) -> bool:
    return value == each if len(each) == 6 else each in value


def test_the_watch_sees_what_it_is_there_for(watch: Watch, parts: Parts, temporary: Path) -> None:
    """Each place that is looked at would show a canary."""
    logging.getLogger("somewhere").debug("said %s", NAME)
    (temporary / "file").write_text(NUMBER)
    watch.codes.add("123456")
    assert len(watch.hits("log", watch.logged)) == 1
    assert len(watch.hits("file", left_behind(temporary))) == 1
    assert len(watch.hits("page", ["code 123456, he said", "id 51234567", f"{WORDS}"])) == 2
    assert all(watch.hits("x", [each]) for each in HERS)


def test_an_error_of_the_database_quotes_no_row(parts: Parts, cast: Cast) -> None:
    with pytest.raises(IntegrityError) as caught, parts.database.transaction() as session:
        session.execute(
            text("UPDATE accounts SET phone_index = (SELECT max(phone_index) FROM accounts), name = :name"),
            {"name": NAME},
        )
    shown = f"{caught.value} {caught.value.orig} {caught.value.args}"
    assert NAME not in shown
    assert "DETAIL" not in shown
