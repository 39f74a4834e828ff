"""What happens to the canary where she is counted, told of and looked at: reports, messages, officers, statements."""

import json
import re
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import time_machine
from sqlalchemy import update

from lms import worker
from lms.domain.rights import Asked
from lms.domain.roles import Role
from lms.models.exports import SavedView
from lms.parts import Parts
from lms.services import exports, jobs, rights
from lms.services.exports import files
from lms.worker.handlers import OUTWARD
from lms.worker.sweeping import place_changes
from tests.support.canaries import NAME, NUMBER, PHONE
from tests.support.canary_flows import LOUD, Teller, work
from tests.support.cast import NOON
from tests.support.identity import REASON
from tests.support.places import place
from tests.support.study import now

REPORTS = "/institution/reports"
KINDS = ("hours", "progress", "overdue", "scores", "attendance", "certificates", "rollup")
AFTER = NOON + timedelta(days=100 * 366)  # the class of the cast closes in 2099
PURPOSE = "向区人社局申报"
UUID = "[0-9a-f-]{36}"


class Receiver(ThreadingHTTPServer):
    """The other side of webhooks: keeps all it hears, and at first answers with an error that quotes her."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Ear)
        self.heard: list[str] = []

    @property
    def address(self) -> str:
        """Where to send."""
        return f"http://127.0.0.1:{self.server_port}/hook"


class Ear(BaseHTTPRequestHandler):
    """One message."""

    server: Receiver

    def do_POST(self) -> None:
        """Head and body are kept."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.heard.append(f"{self.requestline}\n{self.headers}\n{body}")
        with suppress(OSError):  # the sender has read what it wanted
            self.send_response(500 if len(self.server.heard) == 1 else 200, f"{NUMBER} {PHONE}")
            self.end_headers()
            self.wfile.write(f"{NAME} {NUMBER} {PHONE} {LOUD}".encode())

    def log_message(self, *_told: Any) -> None:
        """Says nothing."""


@contextmanager
def listening() -> Iterator[Receiver]:
    """A receiver in a thread of its own."""
    receiver = Receiver()
    thread = threading.Thread(target=receiver.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.shutdown()
        thread.join()
        receiver.server_close()


def send_messages(story: Teller) -> None:
    """What is known of her changes goes out to a real receiver, which fails once; one message is sent again by hand."""
    place_changes(story.parts)
    story.desk(story.cast.zhoumin)
    home = "/institution/webhooks/"
    hook = re.findall(rf'href="({home}{UUID})"', story.browser.get(home).text)[0]
    assert story.post(f"{hook}/tests", at=hook).status_code == 303
    _send_out(story.parts)
    again = re.findall(rf'action="({hook}/deliveries/{UUID}/replays)"', story.browser.get(hook).text)[0]
    assert story.post(again, at=hook).status_code == 303
    _send_out(story.parts)
    story.browser.get(hook)


def _send_out(parts: Parts) -> None:
    with parts.database.transaction(write=False) as session:
        due = jobs.list_due(session, OUTWARD, now=now())
    for job_id in due:
        worker.run(parts, job_id)


def pull_reports(story: Teller, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every report as page and file; one with whole numbers, at once and by the worker; one kept under her name."""
    story.desk(story.cast.zhoumin)
    for kind in KINDS:
        for ending in ("", ".csv"):
            assert story.browser.get(f"{REPORTS}/{kind}{ending}").status_code == 200
    for ending in ("xlsx", "pdf"):
        assert story.browser.get(f"{REPORTS}/hours.{ending}").status_code == 200
    whole = f"{REPORTS}/hours/full"
    assert story.post(whole, purpose=f"{NAME} {PHONE}", file_format="csv").status_code == 422
    assert NUMBER in story.post(whole, purpose=PURPOSE, file_format="csv").data.decode("utf-8-sig")
    with monkeypatch.context() as patch:
        patch.setattr(files, "MOST_DIRECT", 0)
        for ending in ("csv", "pdf"):
            _fetch(story, story.post(whole, purpose=PURPOSE, file_format=ending).location)
    _keep_view(story)


def _fetch(story: Teller, export: str) -> None:
    """A file that the worker makes."""
    story.browser.get(export)
    work(story.parts)
    story.browser.get(f"{export}/state")
    assert story.browser.get(f"{export}/file").status_code == 200


def _keep_view(story: Teller) -> None:
    """A report that is made each week."""
    form = f"{REPORTS}/views/new?kind=hours&cohort={story.cast.cohort}"
    assert story.post(form, name=NUMBER, every="", file_format="csv").status_code == 422
    assert story.post(form, name=f"{NAME}的班", every="weekly", file_format="csv").status_code == 303
    with story.parts.database.transaction() as session:
        session.execute(update(SavedView).values(made_through=NOON.date().replace(month=1)))
        assert exports.order_due(session, now=now()) == 1
    story.browser.get(REPORTS)
    listed = story.browser.get("/institution/exports").text
    _fetch(story, re.findall(rf'href="(/institution/exports/{UUID})"', listed)[0])


def read_statement(story: Teller) -> None:
    """Her month in writing; she says that it is wrong, and her institution answers."""
    who, enrollment = story.herself()
    assert who.person_id
    with story.parts.database.transaction() as session:
        assert rights.statements.write(session, who.person_id, NOON.date().replace(day=1), now=now())
    story.desk(who)
    listed = story.browser.get("/learn/statements/").text
    statement = re.findall(rf'href="(/learn/statements/{UUID})"', listed)[0]
    story.browser.get(statement)
    form = f"{statement}/disputes/{enrollment}"
    assert story.post(form, words=f"{NUMBER}，{LOUD}").status_code == 422
    case = story.post(form, words=LOUD).location
    story.browser.get(case)
    story.browser.get("/learn/identity")
    story.desk(story.cast.zhoumin)
    desk = case.replace("/learn/", "/institution/")
    story.browser.get(desk)
    story.post(f"{desk}/decisions", at=desk, verdict="invalid", note=f"{PHONE}，{REASON}")


def officers_look(story: Teller) -> None:
    """A city's officer goes down to her; roll-ups and statistics know nobody."""
    with story.parts.database.transaction() as session:
        places = place(session, story.parts.keyring, story.cast)
    _who, enrollment = story.herself()
    cohort, home = f"/inspect/cohorts/{story.cast.cohort}", f"/inspect/institutions/{story.cast.kangning}"
    her = f"/inspect/learners/{enrollment}"
    story.desk(places.linlan)
    for page in ("/inspect/", home, f"{home}/reveals", cohort, her, f"{her}/intervals", "/inspect/filings/"):
        assert story.browser.get(page).status_code == 200, page
    for page in ("scores", "attendance", "scores.csv", "attendance.xlsx"):
        assert story.browser.get(f"{cohort}/{page}").status_code == 200, page
    sums = ["/inspect/reports/", "/inspect/reports/rollup.csv"]
    told = [story.browser.get(page).text for page in sums]
    story.desk(places.majing)
    told += [story.browser.get(page).text for page in ("/statistics/", f"/statistics/places/{places.east}")]
    assert story.watch.hits("sums", told) == []


def assert_only_ids(heard: Sequence[str]) -> None:
    """Messages hold an event, a moment, ids and a state: nothing else."""
    bodies = [json.loads(each.rpartition("\n")[2]) for each in heard]
    assert {each["type"] for each in bodies} >= {"test", "enrollment.created"}
    assert {frozenset(each) for each in bodies} == {frozenset(("type", "timestamp", "data"))}
    for each in bodies:
        ids = {name: told for name, told in each["data"].items() if name != "state"}
        assert ids.keys() <= {"organisation", "cohort", "enrollment"}
        assert all(uuid.UUID(told) for told in ids.values())


STAYS = {
    "exports.name": "a file of a report that staff named after her, forgotten after three months",
    "filings.manager": "whom an institution says answers for a class",
    "library_files.name": "a name that a trainer gave to a video",
    "media.title": "the same, where it is made",
    "roster_imports.file_name": "a name that staff gave to a file",
    "saved_views.name": "a name that staff gave to a report",
    "uploads.name": "a name that a trainer gave to a video",
}
"""Where her name may still stand right after she was erased, and why."""


def erase(story: Teller) -> None:
    """A century later: she asks for it, two people see to it, the worker notes it outside of the database."""
    who, _enrollment = story.herself()
    with story.parts.database.transaction() as session:
        source = "某市培训档案管理办法第三条"
        rights.set_period(session, story.cast.admin, "training_records", 1, source, "M", now=now())
        request = rights.ask(session, who, Asked.DELETION, "", now=now())
    with story.parts.database.transaction() as session:
        rights.propose(session, story.cast.zhoumin, Role.INSTITUTION, request, now=AFTER)
    with story.parts.database.transaction() as session:
        rights.approve(session, story.parts.keyring, story.cast.admin, request, now=AFTER)
        due = jobs.pending(session)
    with time_machine.travel(AFTER):
        for job_id in due:
            worker.run(story.parts, job_id)
