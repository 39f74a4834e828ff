"""What happens to the canary at the newer desks: rosters, identity, filing, programs, her own rights."""

import io
import json
import re
import uuid
from collections.abc import Mapping
from typing import Any, Protocol

from sqlalchemy import select

from lms import clock, worker
from lms.domain.roles import Role
from lms.domain.webhooks import CHOSEN
from lms.models.jobs import Job
from lms.models.rosters import RosterImport
from lms.parts import Parts
from lms.services import filings, jobs
from lms.services.scopes import Actor
from lms.worker.handlers import QUICK, SLOW, STEADY, WRITTEN
from lms.worker.sweeping import place_changes
from tests.support.browser import csrf_token
from tests.support.canaries import ENGLISH, NAME, NUMBER, PHONE, WORDS, Watch, Watched
from tests.support.cast import Cast
from tests.support.filing import REASON, Office
from tests.support.identity import Office as Colleagues
from tests.support.rosters import PLAIN_TITLES, comma, workbook
from tests.support.services import token_for
from tests.support.study import now

LOUD = f"{WORDS} {ENGLISH}"
WRONG = NUMBER[:-1] + "7"
HERS = {"name": NAME, "document_type": "resident_id", "number": NUMBER, "phone": PHONE}


class Teller(Protocol):
    """Who tells the story, and with what."""

    browser: Watched
    parts: Parts
    cast: Cast
    watch: Watch
    hook: str

    def post(self, url: str, at: str | None = None, **fields: Any) -> Any:
        """A form."""

    def desk(self, who: Actor) -> None:
        """Somebody else sits down."""

    def herself(self) -> tuple[Actor, uuid.UUID]:
        """Who she became, and her place in the class."""


def work(parts: Parts) -> None:
    """The worker does all that waits, and what that brings, but writes to nobody outside."""
    kinds = (*STEADY, *SLOW, *WRITTEN)
    for _ in range(9):
        with parts.database.transaction(write=False) as session:
            due = jobs.list_due(session, kinds, now=clock.now())
        for job_id in due:
            worker.run(parts, job_id)


def send_codes(parts: Parts) -> None:
    """The worker does what is quick: codes by SMS."""
    with parts.database.transaction(write=False) as session:
        due = session.scalars(select(Job.id).where(Job.kind.in_(QUICK), Job.state == "queued")).all()
    for job_id in due:
        worker.run(parts, job_id)


def bring_roster(story: Teller) -> None:
    """She stands in files in every wrong way and once rightly: read, checked, imported, mended, taken back."""
    story.desk(story.cast.zhoumin)
    usual = ["1", NAME, "女", NUMBER, PHONE, "企业在职职工", "初中"]
    rows = [
        [*PLAIN_TITLES], usual, [*usual[:3], WRONG, *usual[4:]], [*usual[:3], PHONE, NUMBER, *usual[5:]],
        ["4", NUMBER, "女", NAME, WORDS, PHONE, LOUD], ["5", WORDS, *usual[2:]],
    ]  # fmt: skip
    for data, name in ((comma(rows), f"{NAME}.csv"), (workbook(rows), f"{ENGLISH}.xlsx")):
        url = _upload(story, data, name)
        work(story.parts)
        story.post(f"{url}/columns", **_columns(story.parts, url), document_type="resident_id")
        work(story.parts)
        story.browser.get(url)
        story.browser.get(f"{url}/progress")
        story.post(f"{url}/imports", at=url, mode="all")
        story.post(f"{url}/imports", at=url, mode="good")
        work(story.parts)
        assert story.browser.get(f"{url}/failed.xlsx").status_code == 200
        story.post(f"{url}/undos", at=f"{url}/undo")
        work(story.parts)
    _upload(story, NAME.encode() + b"\x00" + NUMBER.encode(), f"{NAME}.pdf")


def _upload(story: Teller, data: bytes, name: str) -> str:
    home = f"/institution/cohorts/{story.cast.cohort}/rosters/"
    told = {"csrf_token": csrf_token(story.browser.client, home), "file": (io.BytesIO(data), name)}
    return story.browser.send("POST", home, data=told, content_type="multipart/form-data").location or home


def _columns(parts: Parts, url: str) -> dict[str, str]:
    with parts.database.transaction(write=False) as session:
        found = session.get_one(RosterImport, uuid.UUID(url.rpartition("/")[2]))
        return {f"column-{column}": field for field, column in found.columns.items()}


def change_identity(story: Teller) -> None:
    """Her number and phone are looked at; another name and number are proposed, and refused; with wrong words too."""
    _who, enrollment = story.herself()
    story.desk(story.cast.zhoumin)
    page = f"/institution/learners/{enrollment}/identity"
    for field, reason in (("number", NUMBER), ("number", REASON), ("phone", REASON)):
        story.post(f"{page}/reveals", field=field, purpose="claim", reason=reason)
    for asked, after in (("kind=name", f"{NAME}甲"), ("kind=document", WRONG), ("kind=document", "509999199006150033")):
        form = f"{page}/changes?{asked}"
        story.post(form, after=after, document_type="resident_id", reason=PHONE)
        made = story.post(form, after=after, document_type="resident_id", reason=REASON)
    story.desk(story.cast.admin)
    place = made.location.replace("/institution/", "/platform/")
    story.post(f"{place}/decision", at=place, decision="rejected", note=REASON, sure="1")


def file_class(story: Teller) -> None:
    """She leads a class that is filed, and is added to its frozen roster by two people; the papers go out whole."""
    office = Office(story.parts, story.cast, now()).approved()
    draft = Office(story.parts, story.cast, now()).start("补贴二班")
    story.desk(story.cast.zhoumin)
    basics = f"/institution/cohorts/{draft}/filing/basics"
    said = {"name": "补贴二班", "opens_on": "2027-02-01", "closes_on": "2027-03-01", "size": "9", "place": "康宁路"}
    assert story.post(basics, **said, manager=NAME, phone=PHONE).status_code == 303
    story.post(basics, **said, manager=NUMBER, phone=NUMBER)
    home = f"/institution/cohorts/{office.cohort}"
    story.post(f"{home}/roster/additions", at=f"{home}/roster", **{**HERS, "number": WRONG}, reason=REASON)
    story.post(f"{home}/roster/additions", at=f"{home}/roster", **HERS, reason=NUMBER)
    made = story.post(f"{home}/roster/additions", at=f"{home}/roster", **HERS, reason=REASON)
    assert made.status_code == 303, made.text
    with story.parts.database.transaction(write=False) as session:
        change = filings.list_changes(session, story.cast.zhoumin, office.cohort, Role.INSTITUTION)[0].id
    story.desk(Colleagues(story.parts, story.cast).colleague())
    said_yes = story.post(
        f"{home}/roster/changes/{change}/decisions", at=f"{home}/roster", decision="approved", note=REASON
    )
    assert said_yes.status_code == 303, said_yes.text
    whole = story.post(f"{home}/filing/roster/full", purpose="送区人社局备案", file_format="csv")
    assert NUMBER in whole.data.decode("utf-8-sig")
    story.post(f"{home}/dossiers")
    place_changes(story.parts)


def call_the_api(story: Teller) -> None:
    """A program enters her, rightly, wrongly and as nonsense; from now on there are messages about her."""
    token = token_for(story.parts, story.cast, story.cast.zhoumin)
    story.watch.codes.add(token)
    story.desk(story.cast.zhoumin)
    hook = {"organisation_id": str(story.cast.kangning), "address": story.hook}
    made = story.post("/institution/webhooks/", **hook, events=[each.value for each in CHOSEN])
    story.watch.codes.add(re.findall(r"whsec_[\w+/=]+", made.text)[0])
    story.browser.client.delete_cookie("kangxue")
    for body in (HERS, {**HERS, "number": WRONG}, {**HERS, "name": WORDS}, {**HERS, "cohort": NUMBER}, {NAME: PHONE}):
        _send(story, token, json.dumps({"cohort": str(story.cast.cohort), **body}))
    _send(story, token, f'{{"number": "{NUMBER}"')
    _send(story, f"{token}x", json.dumps(HERS))
    for name in ("learners", "enrollments", "completion", "scores"):
        story.browser.get(f"/api/v1/{name}", headers={"Authorization": f"Bearer {token}"})


def _send(story: Teller, token: str, body: str) -> None:
    headers: Mapping[str, str] = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid.uuid4().hex}
    story.browser.send("POST", "/api/v1/enrollments", data=body, headers=headers, content_type="application/json")


def claim_rights(story: Teller) -> None:
    """She asks for all her data, and that something be put right; her institution answers."""
    who, _enrollment = story.herself()
    story.desk(who)
    export = story.post("/learn/mine/exports", at="/learn/mine/").location
    work(story.parts)
    assert story.browser.get(f"{export}/file").status_code == 200
    for words in (NUMBER, LOUD):
        story.post("/learn/mine/requests/correction", words=words)
    story.post("/learn/welcome/disputes", at="/learn/mine/", what="name", words=LOUD)
    story.desk(story.cast.zhoumin)
    desk = "/institution/requests/"
    (place,) = re.findall(rf'href="({desk}[0-9a-f-]{{36}})"', story.browser.get(desk).text)
    story.post(f"{place}/answers", at=place, done="1", note=NUMBER)
    story.post(f"{place}/answers", at=place, done="1", note=LOUD)
