"""The keys of sealed fields change: every row is sealed anew under the current key, in small steps that can stop.

A row says by which key it was sealed, so nothing else need be remembered: whoever begins again goes on with what is
left. A row that changes meanwhile is left to the next look. The key of the index stays (decision 0073). What waits in
the object store for a day at most, and places in feeds, are not sealed anew (decision 0102).
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, and_, func, literal, select, tuple_, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from lms.crypto import Keyring
from lms.models.accounts import Account, LoginCode
from lms.models.credentials import CredentialKey
from lms.models.eligibility import GroupEvidence
from lms.models.exchange import WebhookSubscription
from lms.models.filings import Filing, RosterChange
from lms.models.funds import FundPayment
from lms.models.pasts import EnrollmentDeparture, PersonNumberPast
from lms.models.payees import PayeeAccount
from lms.models.people import IdentityChange, Person, PersonDocument
from lms.models.publicity import NoticeObjection
from lms.models.reconciliation import BankStatementRow
from lms.models.records import RecordHolder
from lms.models.rosters import EnrollmentDetail, RosterImport, RosterRow
from lms.models.skills import Qualification
from lms.services.rosters.states import READING, REFUSED

BATCH = 500


@dataclass(frozen=True)
class Field:
    """A column of sealed values and the place each is bound to, by the columns of the row's key."""

    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None]
    place: str

    @property
    def table(self) -> Table:
        """Its table."""
        found: Table = self.column.class_.__table__
        return found

    @property
    def keys(self) -> tuple[Column[Any], ...]:
        """The columns of its table's key, in order."""
        return tuple(self.table.primary_key.columns)

    def place_of(self, key: Sequence[Any]) -> str:
        """The place of the row with this key."""
        return self.place.format(**{column.name: value for column, value in zip(self.keys, key, strict=True)})

    @property
    def name(self) -> str:
        """table.column."""
        return f"{self.table.name}.{self.column.key}"


FIELDS = (
    Field(Account.phone_sealed, "accounts:{id}:phone"),
    Field(LoginCode.message_sealed, "login_codes:{id}:message"),
    Field(Person.document_sealed, "people:{id}:document"),
    Field(RecordHolder.document_sealed, "people:{person_id}:document"),
    Field(PersonDocument.number_sealed, "people:{id}:document"),
    Field(IdentityChange.before_sealed, "identity_changes:{id}:before"),
    Field(IdentityChange.after_sealed, "identity_changes:{id}:after"),
    Field(EnrollmentDeparture.document_sealed, "people:{person_id}:document"),
    Field(PersonNumberPast.document_sealed, "people:{person_id}:document"),
    Field(EnrollmentDetail.details_sealed, "enrollment_details:{enrollment_id}:details"),
    Field(RosterImport.heading_sealed, "roster_imports:{id}:heading"),
    Field(RosterRow.cells_sealed, "roster_rows:{import_id}:{number}:cells"),
    Field(Filing.phone_sealed, "filings:{cohort_id}:phone"),
    Field(RosterChange.person_sealed, "roster_changes:{id}:person"),
    Field(Qualification.number_sealed, "qualifications:{id}:number"),
    Field(GroupEvidence.number_sealed, "group_evidence:{id}:number"),
    Field(PayeeAccount.account_sealed, "payee_accounts:{id}:account"),
    Field(NoticeObjection.contact_sealed, "notice_objections:{id}:contact"),
    Field(FundPayment.account_sealed, "fund_payments:{id}:account"),
    Field(WebhookSubscription.secret_sealed, "webhook_subscriptions:{id}:secret"),
    Field(WebhookSubscription.old_secret_sealed, "webhook_subscriptions:{id}:secret"),
    Field(CredentialKey.private_sealed, "credential_keys:{id}:private"),
    Field(BankStatementRow.told_sealed, "bank_statement_rows:{id}:told"),
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


def count_files(session: Session) -> int:
    """How many files of rosters still wait in the object store, under the key of the day they came (decision 0102)."""
    waiting = RosterImport.state.in_((READING, REFUSED)) & RosterImport.emptied_at.is_(None)
    return session.scalar(select(func.count()).select_from(RosterImport).where(waiting)) or 0


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
        done, last = 0, None
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
    session: Session, keyring: Keyring, field: Field, last: Sequence[Any] | None, batch: int
) -> tuple[int, Sequence[Any] | None]:
    """(rows sealed anew, the key of the last row looked at); None when there was nothing left."""
    moved = 0
    query = select(*field.keys, field.column).where(_others(keyring, field))
    if last is not None:
        query = query.where(_after(field, last))
    rows = session.execute(query.order_by(*field.keys).limit(batch)).all()
    for *key, held in rows:
        place = field.place_of(key)
        fresh = keyring.seal(keyring.open(held, place), place)
        mine = and_(*(column == value for column, value in zip(field.keys, key, strict=True)))
        same = mine & (field.column == held)  # unless it has changed since it was read
        done = session.execute(update(field.table).where(same).values({field.column.key: fresh}).returning(*field.keys))
        moved += len(done.all())
    return moved, rows[-1][:-1] if rows else None


def _after(field: Field, last: Sequence[Any]) -> ColumnElement[bool]:
    values = (literal(value, column.type) for column, value in zip(field.keys, last, strict=True))
    return tuple_(*field.keys) > tuple_(*values)
