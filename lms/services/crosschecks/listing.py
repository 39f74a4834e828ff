"""Lists from outside: brought from a file, shown, taken away. The file itself is not kept, nor any number or name."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from lms import clock
from lms.adapters import tables
from lms.crypto import Keyring
from lms.domain.crosschecks import lists
from lms.domain.crosschecks.lists import Listed, ListKind, Problem
from lms.domain.errors import NotFound, Refused
from lms.domain.labels import check_label
from lms.domain.roles import Role
from lms.models.accounts import Account
from lms.models.base import new_id
from lms.models.crosschecks import OutsideEntry, OutsideList, OutsideMatch
from lms.models.organisations import Organisation
from lms.services import audit, scopes, sealed
from lms.services.crosschecks import matching, places
from lms.services.scopes import Actor

LONGEST_SOURCE, LONGEST_BASIS = 120, 200
MOST_PROBLEMS = 200
MOST_LISTED = 200


@dataclass(frozen=True)
class ListTold:
    """What somebody says of a list she brings."""

    kind: ListKind
    source: str
    as_of_on: date
    basis: str
    kept_until: date


@dataclass(frozen=True)
class ListView:
    """A list as its authority sees it. `is_gone`: its numbers were taken away; `open`: matches nobody has settled."""

    id: uuid.UUID
    organisation: str
    kind: ListKind
    source: str
    as_of_on: date
    basis: str
    keeper: str
    kept_until: date
    entries: int
    problems: tuple[Problem, ...]
    brought_at: datetime
    removed_at: datetime | None
    matches: int


def list_authorities(session: Session, actor: Actor) -> list[tuple[uuid.UUID, str]]:
    """For which organisations an officer may bring lists: id and name."""
    scopes.require(actor, Role.OFFICER)
    own = places.authorities_of(actor).order_by(Organisation.name)
    return [(each.id, each.name) for each in session.scalars(own)]


def bring(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    organisation_id: uuid.UUID,
    told: ListTold,
    data: bytes,
    *,
    now: datetime,
) -> uuid.UUID:
    """Takes over the rows of a file that can be read, tells of the others, and compares with who is on record.

    Refused: outside_source, outside_basis, outside_as_of, outside_kept_until, outside_columns, outside_nobody, and
    what tables.read refuses; NotFound where the officer has no such authority.
    """
    scopes.require(actor, Role.OFFICER)
    if session.scalar(places.authorities_of(actor).where(Organisation.id == organisation_id)) is None:
        raise NotFound
    today = clock.civil_day(now)
    lists.check_as_of(told.as_of_on, today)
    lists.check_kept_until(told.kept_until, today)
    made = _described(told, actor, organisation_id, now)
    rows, problems = _read(data, today)
    made.entries = len(rows)
    made.problems = [[each.row, each.code, each.column] for each in problems[:MOST_PROBLEMS]]
    session.add(made)
    session.flush()
    session.execute(insert(OutsideEntry), [_entry(keyring, made.id, each) for each in rows])
    detail = {"kind": made.kind, "entries": len(rows), "problems": len(problems)}
    place = {"account_id": actor.account_id, "organisation_id": organisation_id}
    audit.record(session, "outside.bring", made.id, now=now, detail=detail, **place)
    matching.match(session, keyring, made, now=now)
    return made.id


def _described(told: ListTold, actor: Actor, organisation_id: uuid.UUID, now: datetime) -> OutsideList:
    return OutsideList(
        id=new_id(),
        organisation_id=organisation_id,
        kind=told.kind.value,
        source=check_label(told.source, LONGEST_SOURCE, "outside_source"),
        as_of_on=told.as_of_on,
        basis=check_label(told.basis, LONGEST_BASIS, "outside_basis"),
        keeper_id=actor.account_id,
        kept_until=told.kept_until,
        brought_at=now,
    )


def _read(data: bytes, today: date) -> tuple[list[Listed], list[Problem]]:
    """The sheet with the most rows; a workbook often has an empty one, or one of notes."""
    sheets = tables.read(data)
    grid = max((sheet.rows for sheet in sheets), key=len, default={})
    told = list(lists.read_rows(grid, lists.find_columns(grid), today))
    rows = [each for each in told if isinstance(each, Listed)]
    if not rows:
        raise Refused("outside_nobody", n=len(told))
    return rows, [each for each in told if isinstance(each, Problem)]


def _entry(keyring: Keyring, list_id: uuid.UUID, told: Listed) -> dict[str, object]:
    return {
        "list_id": list_id,
        "pid": sealed.pid(keyring, told.document_type, told.number),
        "name_index": matching.name_index(keyring, told.name),
        "from_on": told.from_on,
        "until_on": told.until_on,
    }


def list_lists(session: Session, actor: Actor) -> list[ListView]:
    """The lists of the authorities she reaches, the newest first."""
    rows = session.scalars(places.lists_of(actor).order_by(OutsideList.id.desc()).limit(MOST_LISTED)).all()
    return _shown(session, rows)


def get_list(session: Session, actor: Actor, list_id: uuid.UUID) -> ListView:
    """One list. NotFound."""
    found = session.scalar(places.lists_of(actor).where(OutsideList.id == list_id))
    if found is None:
        raise NotFound
    return _shown(session, [found])[0]


def remove(session: Session, actor: Actor, list_id: uuid.UUID, *, now: datetime) -> None:
    """An officer lets a list go before its last day. NotFound."""
    found = session.scalar(places.lists_of(actor, Role.OFFICER).where(OutsideList.id == list_id).with_for_update())
    if found is None:
        raise NotFound
    if found.removed_at is None:
        matching.forget(session, [found], by=actor.account_id, now=now)


def _shown(session: Session, rows: Sequence[OutsideList]) -> list[ListView]:
    ids = [row.id for row in rows]
    names = dict(
        session.execute(select(Account.id, Account.name).where(Account.id.in_({r.keeper_id for r in rows}))).all()
    )
    of = {row.organisation_id for row in rows}
    offices = dict(session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(of))).all())
    counted = select(OutsideMatch.list_id, func.count()).where(OutsideMatch.list_id.in_(ids))
    counts = dict(session.execute(counted.group_by(OutsideMatch.list_id)).all())
    return [
        ListView(
            id=row.id,
            organisation=offices.get(row.organisation_id, ""),
            kind=ListKind(row.kind),
            source=row.source,
            as_of_on=row.as_of_on,
            basis=row.basis,
            keeper=names.get(row.keeper_id, ""),
            kept_until=row.kept_until,
            entries=row.entries,
            problems=tuple(Problem(int(each[0]), str(each[1]), str(each[2])) for each in row.problems),
            brought_at=row.brought_at,
            removed_at=row.removed_at,
            matches=counts.get(row.id, 0),
        )
        for row in rows
    ]
