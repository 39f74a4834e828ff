"""What goes wrong while her data are in a form: strangers, no token, a clash, a broken database, a silent gateway."""

import uuid
from typing import Any

import pytest
from sqlalchemy import text

from lms.domain.errors import Unavailable
from lms.services import accounts, audit, people
from tests.support.canaries import NAME, NUMBER, PHONE
from tests.support.canary_flows import HERS, LOUD, Teller, send_codes
from tests.support.identity import REASON

BROKEN = (500, 503)
"""A statement that the database does not understand: a bug on PostgreSQL, and `busy` on SQLite."""


def clash(session: Any, *_args: object, **_more: object) -> None:
    """The database refuses a row that holds all of her."""
    session.execute(
        text("INSERT INTO people (id, pid, name, document_type) VALUES (:id, :pid, :name, :number)"),
        {"id": uuid.uuid4().hex, "pid": PHONE, "name": NAME, "number": NUMBER},
    )


def nonsense(session: Any, *_args: object, **_more: object) -> None:
    """The database does not understand."""
    session.execute(text("SELECT nothing FROM nowhere WHERE name = :name"), {"name": NAME + NUMBER})


def down(*_args: object, **_more: object) -> None:
    """The gateway does not answer."""
    raise Unavailable("sms_unavailable")


def break_down(story: Teller, monkeypatch: pytest.MonkeyPatch) -> None:
    """A form and a job of which the database makes nothing; and the gateway is down."""
    story.desk(story.cast.zhoumin)
    for fault, statuses in ((clash, (409,)), (nonsense, BROKEN)):
        with monkeypatch.context() as patch:
            patch.setattr(people, "find_all", fault)
            answer = story.post(f"/institution/cohorts/{story.cast.cohort}/learners/new", **HERS)
        assert answer.status_code in statuses, answer.text
    story.browser.client.delete_cookie("kangxue")
    with monkeypatch.context() as patch:
        patch.setattr(accounts, "send_code", lambda session, *_args, **_more: clash(session))
        story.post("/accounts/login/code", phone=PHONE)
        send_codes(story.parts)
    with monkeypatch.context() as patch:
        patch.setattr(accounts, "send_code", down)
        send_codes(story.parts)


def go_wrong(story: Teller, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each form once without its token, once in a clash, once broken in the middle, once by somebody it is not for."""
    who, enrollment = story.herself()
    story.desk(who)
    _try(story, monkeypatch, "/learn/mine/requests/correction", {"words": LOUD})
    for url, fields in _forms(story, enrollment):
        story.desk(story.cast.zhoumin)
        _try(story, monkeypatch, url, fields)
        story.desk(story.cast.sunyue)
        assert story.post(url, at="/accounts/me", **fields).status_code == 404, url
    for typed in (NUMBER, PHONE, NAME):
        assert story.post("/v/", code=typed).status_code == 422


def _forms(story: Teller, enrollment: uuid.UUID) -> list[tuple[str, dict[str, str]]]:
    cohort, page = f"/institution/cohorts/{story.cast.cohort}", f"/institution/learners/{enrollment}/identity"
    reveal = {"field": "number", "purpose": "claim", "reason": REASON}
    changed = {"after": f"{NAME}乙", "reason": REASON}
    view = {"name": NAME, "every": "", "file_format": "csv"}
    whole = {"purpose": LOUD, "file_format": "csv"}
    return [
        (f"{page}/reveals", reveal),
        (f"{page}/changes?kind=name", changed),
        (f"/institution/reports/views/new?kind=hours&cohort={story.cast.cohort}", view),
        (f"/institution/reports/hours/full?cohort={story.cast.cohort}", whole),
        (f"{cohort}/scores/full", whole),
    ]


def _try(story: Teller, monkeypatch: pytest.MonkeyPatch, url: str, fields: dict[str, str]) -> None:
    assert story.browser.send("POST", url, data={**fields, "name": NAME, "number": NUMBER}).status_code == 400, url
    for fault, statuses in ((clash, (409,)), (nonsense, BROKEN)):
        with monkeypatch.context() as patch:
            patch.setattr(audit, "record", fault)
            answer = story.post(url, **fields)
        assert answer.status_code in statuses, (url, answer.status_code)
