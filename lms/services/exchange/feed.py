"""Pages of what a program may read: all of it in order of entry, or what changed since, in the one order of changes."""

import re
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import ColumnElement, Select, not_, select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain.errors import NotFound, Refused
from lms.domain.exchange import ChangeKind
from lms.domain.roles import Role
from lms.models.certificates import Certificate
from lms.models.enrollments import Cohort, Enrollment
from lms.models.exchange import Change
from lms.models.organisations import Organisation
from lms.services import scopes
from lms.services.exchange import clerk
from lms.services.scopes import Actor

USUAL, MOST = 100, 200
PLACE = "exchange:cursor"
LISTING = re.compile(r"l:([0-9a-f]{32}):(\d{1,18})")
CHANGES = re.compile(r"c:(\d{1,18})")


@dataclass(frozen=True)
class Listing:
    """Everything, after the entry `last`; `since`: the last change when the first page was read."""

    last: uuid.UUID | None = None
    since: int | None = None


@dataclass(frozen=True)
class Since:
    """What changed after a number of the order, or from a moment on."""

    number: int = 0
    moment: datetime | None = None


@dataclass(frozen=True)
class Asked:
    """Which page: from where on, of all cohorts or one, how many entries at most."""

    start: Listing | Since = Listing()
    cohort_id: uuid.UUID | None = None
    limit: int = USUAL


@dataclass(frozen=True)
class Cut:
    """A page of ids: those that are there, those that are gone, where it goes on, and from where changes are to be
    pulled once the end is reached."""

    ids: tuple[uuid.UUID, ...]
    gone: tuple[uuid.UUID, ...]
    following: Listing | Since | None
    since: Since


def cut(session: Session, actor: Actor, role: Role, kind: ChangeKind, asked: Asked) -> Cut:
    """The page of cohorts or enrollments asked for.

    NotFound for a stranger's cohort; Refused: cursor_unknown for a number that was never given out.
    """
    if asked.cohort_id is not None:
        _check_cohort(session, actor, role, asked.cohort_id)
    if isinstance(asked.start, Listing):
        return _listed(session, actor, role, kind, asked, asked.start)
    return _changed(session, actor, role, kind, asked, asked.start)


def _check_cohort(session: Session, actor: Actor, role: Role, cohort_id: uuid.UUID) -> None:
    if session.scalar(scopes.cohorts_of(actor, role).where(Cohort.id == cohort_id)) is None:
        raise NotFound


def _listed(session: Session, actor: Actor, role: Role, kind: ChangeKind, asked: Asked, start: Listing) -> Cut:
    since = clerk.last_number(session) if start.since is None else start.since  # before the rows are read
    query, column = _everything(actor, role, kind)
    if asked.cohort_id is not None:
        query = query.where(Cohort.id == asked.cohort_id)
    if start.last is not None:
        query = query.where(column > start.last)
    found = session.scalars(query.with_only_columns(column).order_by(column).limit(asked.limit + 1)).all()
    ids = tuple(found[: asked.limit])
    following = Listing(ids[-1], since) if len(found) > asked.limit else None
    return Cut(ids, (), following, Since(since))


def _everything(actor: Actor, role: Role, kind: ChangeKind) -> tuple[Select[Any], Any]:
    if kind is ChangeKind.COHORT:
        return scopes.cohorts_of(actor, role), Cohort.id
    query = scopes.learners_of(actor, role)
    if kind is ChangeKind.CERTIFICATE:
        query = query.join(Certificate, Certificate.enrollment_id == Enrollment.id)
    return query, Enrollment.id


def _changed(session: Session, actor: Actor, role: Role, kind: ChangeKind, asked: Asked, start: Since) -> Cut:
    newest = clerk.last_number(session)  # before the rows are read: all up to it can be seen
    if start.number > newest:
        raise Refused("cursor_unknown", where="changed_since")
    places = scopes.organisations_of(actor, role).with_only_columns(Organisation.id)
    query = select(Change).where(Change.kind == kind.value, _after(start), Change.organisation_id.in_(places))
    if asked.cohort_id is not None:
        query = query.where(Change.cohort_id == asked.cohort_id)
    rows = session.scalars(query.order_by(Change.number).limit(asked.limit)).all()
    is_full = len(rows) == asked.limit
    since = Since(rows[-1].number if is_full else max(newest, rows[-1].number if rows else 0))
    there = among(session, actor, role, kind, [row.subject_id for row in rows if not row.gone])
    hidden = _hidden(session, role, {row.subject_id for row in rows} - set(there))
    gone = tuple(row.subject_id for row in rows if row.gone or row.subject_id in hidden)
    return Cut(there, gone, since if is_full else None, since)


def _hidden(session: Session, role: Role, ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the enrollments whose records are archive only, and nobody's to read in this role."""
    return set(session.scalars(select(Enrollment.id).where(Enrollment.id.in_(ids), not_(scopes.may_show(role)))))


def _after(start: Since) -> ColumnElement[bool]:
    if start.moment is not None:
        return Change.placed_at >= start.moment
    return Change.number > start.number


def among(
    session: Session, actor: Actor, role: Role, kind: ChangeKind, ids: Sequence[uuid.UUID]
) -> tuple[uuid.UUID, ...]:
    """Those of the ids that the actor may read now, in their order; what went meanwhile is told once that is placed."""
    query, column = _everything(actor, role, kind)
    known = set(session.scalars(query.with_only_columns(column).where(column.in_(ids))))
    return tuple(each for each in ids if each in known)


def write(keyring: Keyring, kind: ChangeKind, start: Listing | Since) -> str:
    """A place in a feed as outsiders carry it: sealed, so that nobody reads or makes one."""
    if isinstance(start, Listing):
        text = f"l:{start.last.hex if start.last else ''}:{start.since or 0}"
    else:
        text = f"c:{start.number}"
    return keyring.seal(text, f"{PLACE}:{kind}")


def read(keyring: Keyring, kind: ChangeKind, text: str, *, where: str) -> Listing | Since:
    """The place that was written so. Refused: cursor_unknown for anything else."""
    try:
        plain = keyring.open(text, f"{PLACE}:{kind}")
    except (InvalidTag, KeyError, ValueError):
        raise Refused("cursor_unknown", where=where) from None
    if found := LISTING.fullmatch(plain):
        return Listing(uuid.UUID(found[1]), int(found[2]))
    if found := CHANGES.fullmatch(plain):
        return Since(int(found[1]))
    raise Refused("cursor_unknown", where=where)


def read_since(keyring: Keyring, kind: ChangeKind, text: str) -> Since:
    """`changed_since`: what an earlier answer said, or a moment with its zone (ISO 8601). Refused: cursor_unknown."""
    moment = _moment(text)
    if moment is not None:
        return Since(moment=moment)
    found = read(keyring, kind, text, where="changed_since")
    if isinstance(found, Listing):
        raise Refused("cursor_unknown", where="changed_since")
    return found


def _moment(text: str) -> datetime | None:
    """A moment with its zone; a plus sign may have become a space on its way through an address."""
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))
        return found.astimezone(UTC) if found.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
