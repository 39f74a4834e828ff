"""The keys of sealed fields change: every row is sealed anew under the current key, in small steps that can stop.

A row says by which key it was sealed, so nothing else need be remembered: whoever begins again goes on with what is
left. A row that changes meanwhile is left to the next look. The key of the index stays (decision 0073).
"""

import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from lms.crypto import Keyring
from lms.models.accounts import Account, LoginCode
from lms.models.filings import Filing, RosterChange
from lms.models.exchange import WebhookSubscription
from lms.models.people import IdentityChange, Person, PersonDocument

BATCH = 500


@dataclass(frozen=True)
class Field:
    """A column of sealed values and the place each is bound to, by the row's id."""

    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None]
    place: str

    @property
    def table(self) -> Table:
        """Its table."""
        found: Table = self.column.class_.__table__
        return found

    @property
    def key(self) -> Column[Any]:
        """What tells its rows apart, and what `place` calls id."""
        (found,) = self.table.primary_key
        return found

    @property
    def name(self) -> str:
        """table.column."""
        return f"{self.table.name}.{self.column.key}"


FIELDS = (
    Field(Account.phone_sealed, "accounts:{id}:phone"),
    Field(LoginCode.message_sealed, "login_codes:{id}:message"),
    Field(Person.document_sealed, "people:{id}:document"),
    Field(PersonDocument.number_sealed, "people:{id}:document"),
    Field(IdentityChange.before_sealed, "identity_changes:{id}:before"),
    Field(IdentityChange.after_sealed, "identity_changes:{id}:after"),
    Field(Filing.phone_sealed, "filings:{id}:phone"),
    Field(RosterChange.person_sealed, "roster_changes:{id}:person"),
    Field(WebhookSubscription.secret_sealed, "webhook_subscriptions:{id}:secret"),
    Field(WebhookSubscription.old_secret_sealed, "webhook_subscriptions:{id}:secret"),
)


@dataclass(frozen=True)
class Step:
    """How far one field is: rows sealed anew by this run, and rows it had to do when it began."""

    field: str
    done: int
    total: int


def count(session: Session) -> dict[str, Counter[str]]:
    """By field: how many rows are sealed under each key."""
    found = {}
    for field in FIELDS:
        key = func.substr(field.column, 1, func.coalesce(_colon(session, field.column), 1) - 1)
        rows = select(key, func.count()).where(field.column != "").group_by(key)  # "" and NULL hold nothing
        found[field.name] = Counter({str(name): number for name, number in session.execute(rows)})
    return found


def _colon(session: Session, column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None]) -> Any:
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return func.instr(column, ":") if is_sqlite else func.strpos(column, ":")


def rotate(
    transaction: Callable[[], AbstractContextManager[Session]], keyring: Keyring, *, batch: int = BATCH
) -> Iterator[Step]:
    """Seals every field anew under the current key, a batch a transaction, and tells after each how far it is.

    Raises KeyError for a value whose key is not among the keys any more, InvalidTag for one that was tampered with.
    """
    for field in FIELDS:
        with transaction() as session:
            total = _left(session, keyring, field)
        done, last = 0, uuid.UUID(int=0)
        while True:
            with transaction() as session:
                moved, last_of_batch = _batch(session, keyring, field, last, batch)
            if last_of_batch is None:
                break
            done, last = done + moved, last_of_batch
            yield Step(field.name, done, total)


def _others(keyring: Keyring, field: Field) -> ColumnElement[bool]:
    begins = f"{keyring.field_keys[0][0]}:"
    return (field.column != "") & (func.substr(field.column, 1, len(begins)) != begins)


def _left(session: Session, keyring: Keyring, field: Field) -> int:
    return session.scalar(select(func.count()).select_from(field.table).where(_others(keyring, field))) or 0


def _batch(
    session: Session, keyring: Keyring, field: Field, last: uuid.UUID, batch: int
) -> tuple[int, uuid.UUID | None]:
    """(rows sealed anew, the last id looked at); None when there was nothing left."""
    key, moved = field.key, 0
    rows = session.execute(
        select(key, field.column).where(_others(keyring, field), key > last).order_by(key).limit(batch)
    ).all()
    for row_id, held in rows:
        place = field.place.format(id=row_id)
        fresh = keyring.seal(keyring.open(held, place), place)
        same = (key == row_id) & (field.column == held)  # unless it has changed since it was read
        done = session.execute(update(field.table).where(same).values({field.column.key: fresh}).returning(key))
        moved += len(done.all())
    return moved, rows[-1][0] if rows else None
