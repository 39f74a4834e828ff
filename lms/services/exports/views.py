"""Saved views: a report with its filters under a name of one's own, made as a file each week or month if so asked."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms import clock
from lms.domain.errors import Conflict, NotFound, Refused
from lms.domain.identity import holds_number
from lms.domain.reporting import SETTLED_AFTER, last_period
from lms.models.base import new_id
from lms.models.exports import SavedView
from lms.services import accounts, audit, scopes
from lms.services.exports import records
from lms.services.exports.files import Order, order
from lms.services.scopes import Actor

EVERY = {"weekly": timedelta(days=14), "monthly": timedelta(days=45)}  # how long each file is offered
LONGEST_NAME = 60
MOST_VIEWS = 30
BATCH = 20


@dataclass(frozen=True)
class SavedViewView:
    """A saved view as pages show it."""

    id: uuid.UUID
    name: str
    kind: str
    asked: Mapping[str, Any]
    every: str
    file_format: str
    made_through: date | None


def save_view(
    session: Session,
    actor: Actor,
    *,
    name: str,
    kind: str,
    asked: Mapping[str, object],
    every: str,
    file_format: str,
    language: str,
    now: datetime,
) -> uuid.UUID:
    """Keeps a view. The first file of a regular one is of the first whole week or month after today.

    Refused: view_name_length, view_name_personal, view_too_many, view_every_unknown; Conflict: view_name_taken.
    """
    name = " ".join(name.split())
    _check(session, actor, name, every)
    made = SavedView(
        id=new_id(),
        account_id=actor.account_id,
        name=name,
        kind=kind,
        asked=dict(asked),
        every=every,
        file_format=file_format,
        language=language,
        made_through=last_period(every, clock.civil_day(now))[1] if every else None,
        created_at=now,
    )
    session.add(made)
    session.flush()
    detail = {"kind": kind, "every": every, **asked}
    audit.record(session, "report.view.save", made.id, now=now, account_id=actor.account_id, detail=detail)
    return made.id


def _check(session: Session, actor: Actor, name: str, every: str) -> None:
    if not 0 < len(name) <= LONGEST_NAME:
        raise Refused("view_name_length", longest=LONGEST_NAME)
    if holds_number(name):
        raise Refused("view_name_personal")
    if every and every not in EVERY:
        raise Refused("view_every_unknown")
    mine = select(func.count()).select_from(SavedView).where(SavedView.account_id == actor.account_id)
    if (session.scalar(mine) or 0) >= MOST_VIEWS:
        raise Refused("view_too_many", most=MOST_VIEWS)
    if session.scalar(scopes.views_of(actor).where(SavedView.name == name)) is not None:
        raise Conflict("view_name_taken", name=name)


def list_views(session: Session, actor: Actor) -> list[SavedViewView]:
    """The actor's own views, by name."""
    return [_view(row) for row in session.scalars(scopes.views_of(actor).order_by(SavedView.name))]


def get_view(session: Session, actor: Actor, view_id: uuid.UUID) -> SavedViewView:
    """One of them; NotFound for anybody else's."""
    return _view(_get(session, actor, view_id))


def forget_view(session: Session, actor: Actor, view_id: uuid.UUID, *, now: datetime) -> None:
    """Forgets a view; files made by it stay for their time. NotFound for anybody else's."""
    row = _get(session, actor, view_id)
    session.delete(row)
    audit.record(session, "report.view.forget", view_id, now=now, account_id=actor.account_id)


def order_due(session: Session, *, now: datetime) -> int:
    """Orders the file of each regular view whose week or month is over; answers with how many.

    Once a period: `made_through` moves in the same transaction. Numbers are always masked. It tells of the period's
    last day. Whoever has no role any more gets none.
    """
    today, ordered = clock.civil_day(now - SETTLED_AFTER), 0
    for every in EVERY:
        period = last_period(every, today)
        due = select(SavedView).where(SavedView.every == every, SavedView.made_through < period[1])
        for row in session.scalars(due.order_by(SavedView.id).limit(BATCH).with_for_update(skip_locked=True)).all():
            row.made_through = period[1]
            ordered += _order(session, row, period, now)
    return ordered


def _order(session: Session, row: SavedView, period: tuple[date, date], now: datetime) -> int:
    actor = accounts.actor_of(session, row.account_id, now=now)
    if actor is None or not actor.roles:
        return 0
    last = period[1].isoformat()
    asked = {**row.asked, "as_of": last}
    records.record(
        session,
        actor,
        row.kind,
        {**asked, "view": str(row.id)},
        file_format=row.file_format,
        rows=0,
        organisation_id=None,
        now=now,
    )
    wanted = Order(
        kind=row.kind,
        asked=asked,
        file_format=row.file_format,
        rows=0,
        name=f"{row.name}_{last}.{row.file_format}",
        plain_name=f"{row.kind}-{last}.{row.file_format}",
        language=row.language,
        view_id=row.id,
        offered=EVERY[row.every],
    )
    order(session, actor, wanted, now=now)
    return 1


def _get(session: Session, actor: Actor, view_id: uuid.UUID) -> SavedView:
    row = session.scalar(scopes.views_of(actor).where(SavedView.id == view_id))
    if row is None:
        raise NotFound
    return row


def _view(row: SavedView) -> SavedViewView:
    return SavedViewView(row.id, row.name, row.kind, row.asked, row.every, row.file_format, row.made_through)
