"""Files of questions: looked at first, taken in as one batch, taken back as one."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lms.adapters.banks.formats import Format, read, sniff
from lms.adapters.objects import Store
from lms.db import in_parts
from lms.domain.errors import Conflict, NotFound, Refused
from lms.models.accounts import Account
from lms.models.bank import BankAnswer, BankBatch, BankQuestion, BankRevision
from lms.models.base import new_id
from lms.services import audit, media, scopes
from lms.services.bank.checking import CheckedRow, Choices, judge, unknown_objectives
from lms.services.bank.places import Place, get_place
from lms.services.bank.writing import IMPORT, add_all
from lms.services.scopes import Actor

CHECKED, IMPORTED, UNDONE = "checked", "imported", "undone"
MOST_BATCHES_SHOWN = 100
SWEPT_AT_ONCE = 20
FORGOTTEN_AFTER = timedelta(days=30)


@dataclass(frozen=True)
class BatchRow:
    """One file in a list, the newest first."""

    batch_id: uuid.UUID
    file_name: str
    format: str
    state: str
    counts: dict[str, int]
    by: str
    at: datetime


@dataclass(frozen=True)
class BatchView:
    """One file with everything that would come, or came, of it."""

    batch: BankBatch
    place: Place
    rows: Sequence[CheckedRow]
    choices: Choices
    unknown: Sequence[str]
    skipped: int

    @property
    def failed(self) -> list[CheckedRow]:
        """The questions that cannot come in."""
        return [row for row in self.rows if row.faults]

    @property
    def coming(self) -> list[CheckedRow]:
        """The questions that come in."""
        return [row for row in self.rows if row.comes_in(self.choices)]

    @property
    def counts(self) -> dict[str, int]:
        """How many there are of each kind."""
        twins = [row.twin for row in self.rows if row.twin]
        return {
            "all": len(self.rows),
            "failed": len(self.failed),
            "exact": sum(twin.is_exact for twin in twins),
            "near": sum(not twin.is_exact for twin in twins),
            "coming": len(self.coming),
            "skipped": self.skipped,
        }


def bring(
    session: Session,
    store: Store,
    actor: Actor,
    place: Place,
    *,
    file_name: str,
    data: bytes,
    kind: Format | None,
    now: datetime,
) -> BatchView:
    """Takes a file to look at; nothing of it is in the bank yet. Refused: bank_file_*, office_*, xml_* …"""
    told = kind or sniff(data, file_name)
    choices = Choices(objective=place.objectives[0].id if len(place.objectives) == 1 else "")
    batch = BankBatch(
        id=new_id(),
        organisation_id=place.organisation_id,
        course_slug=place.course_slug,
        file_name=_file_name(file_name),
        format=told.value,
        sha256=hashlib.sha256(data).hexdigest(),
        state=CHECKED,
        choices=choices.to_json(),
        counts={},
        created_by=actor.account_id,
        created_at=now,
    )
    view = _looked_at(session, store, batch, place, data)
    batch.counts = view.counts
    store.put_bytes(_key(batch), data, "application/octet-stream")
    session.add(batch)
    session.flush()
    return view


def check(session: Session, store: Store, actor: Actor, batch_id: uuid.UUID) -> BatchView:
    """Looks at a file again, as the bank is now. NotFound."""
    batch = get_batch(session, actor, batch_id)
    place = get_place(session, actor, batch.organisation_id, batch.course_slug)
    return _looked_at(session, store, batch, place, _bytes(store, batch))


def recheck(session: Session, store: Store, actor: Actor, batch_id: uuid.UUID, choices: Choices) -> BatchView:
    """The same with other choices, which are kept. NotFound; Conflict("bank_batch_done"); Refused."""
    batch = _hold(session, actor, batch_id, CHECKED)
    place = get_place(session, actor, batch.organisation_id, batch.course_slug)
    chosen = {choices.objective, *choices.mapping.values()} - {""}
    if not chosen <= place.objective_ids:
        raise Refused("bank_objective_unknown", objective=min(chosen - place.objective_ids))
    batch.choices = choices.to_json()
    view = _looked_at(session, store, batch, place, _bytes(store, batch))
    batch.counts = view.counts
    return view


def take_in(session: Session, store: Store, actor: Actor, batch_id: uuid.UUID, *, now: datetime) -> int:
    """Writes what can come in as one batch, and tells how many. NotFound; Conflict("bank_batch_done")."""
    batch = _hold(session, actor, batch_id, CHECKED)
    place = get_place(session, actor, batch.organisation_id, batch.course_slug)
    view = _looked_at(session, store, batch, place, _bytes(store, batch))
    entries = [row.entry for row in view.coming if row.entry]
    add_all(session, actor, place, entries, act=IMPORT, batch_id=batch.id, now=now)
    batch.state, batch.imported_at = IMPORTED, now
    batch.counts = {**view.counts, "imported": len(entries)}
    _note(session, actor, "bank.import", batch, {"questions": len(entries)}, now)
    return len(entries)


def undo(session: Session, actor: Actor, batch_id: uuid.UUID, *, now: datetime) -> tuple[int, int]:
    """Takes a batch back: (how many went, how many stay because somebody answered or changed them since).

    NotFound; Conflict("bank_batch_done").
    """
    batch = _hold(session, actor, batch_id, IMPORTED)
    mine = scopes.bank_of(actor).where(BankQuestion.batch_id == batch.id).with_for_update()
    questions = session.scalars(mine).all()
    answered = set(
        session.scalars(
            select(BankAnswer.question_id)
            .join(BankQuestion, BankQuestion.id == BankAnswer.question_id)
            .where(BankQuestion.batch_id == batch.id)
        )
    )
    gone = [each.id for each in questions if each.revision == 1 and each.id not in answered]
    for some in in_parts(gone):
        session.execute(delete(BankRevision).where(BankRevision.question_id.in_(some)))
        session.execute(delete(BankQuestion).where(BankQuestion.id.in_(some)))
    kept = len(questions) - len(gone)
    batch.state, batch.undone_at = UNDONE, now
    batch.counts = {**batch.counts, "undone": len(gone), "kept": kept}
    _note(session, actor, "bank.undo", batch, {"questions": len(gone), "kept": kept}, now)
    return len(gone), kept


def sweep(session: Session, *, now: datetime) -> None:
    """Forgets files that were looked at and never taken in: a month later nobody is going to."""
    left = select(BankBatch).where(BankBatch.state == CHECKED, BankBatch.created_at < now - FORGOTTEN_AFTER)
    for batch in session.scalars(left.limit(SWEPT_AT_ONCE)).all():
        media.forget(session, keys=[_key(batch)], now=now)
        session.delete(batch)
    session.flush()


def list_batches(session: Session, actor: Actor, place: Place) -> list[BatchRow]:
    """The files brought for a bank, the newest first."""
    rows = (
        scopes.batches_of(actor)
        .where(BankBatch.organisation_id == place.organisation_id, BankBatch.course_slug == place.course_slug)
        .join(Account, Account.id == BankBatch.created_by)
        .add_columns(Account.name)
        .order_by(BankBatch.id.desc())
        .limit(MOST_BATCHES_SHOWN)
    )
    return [
        BatchRow(each.id, each.file_name, each.format, each.state, each.counts, name, each.created_at)
        for each, name in session.execute(rows)
    ]


def get_batch(session: Session, actor: Actor, batch_id: uuid.UUID) -> BankBatch:
    """One file. NotFound."""
    found = session.scalar(scopes.batches_of(actor).where(BankBatch.id == batch_id))
    if found is None:
        raise NotFound
    return found


def _hold(session: Session, actor: Actor, batch_id: uuid.UUID, state: str) -> BankBatch:
    found = session.scalar(scopes.batches_of(actor).where(BankBatch.id == batch_id).with_for_update())
    if found is None:
        raise NotFound
    if found.state != state:
        raise Conflict("bank_batch_done")
    return found


def _looked_at(session: Session, store: Store, batch: BankBatch, place: Place, data: bytes) -> BatchView:
    reading = read(data, Format(batch.format))
    choices = Choices(**batch.choices)
    rows = judge(session, store, place, reading.found, choices)
    return BatchView(batch, place, rows, choices, unknown_objectives(place, reading.found), reading.skipped)


def _key(batch: BankBatch) -> str:
    return f"bank/{batch.id}"


def _bytes(store: Store, batch: BankBatch) -> bytes:
    with store.open(_key(batch)) as body:
        return body.read()


def _file_name(told: str) -> str:
    name = "".join(sign for sign in told.replace("\\", "/").rpartition("/")[2] if sign.isprintable())
    return name[-200:] or "-"


def _note(session: Session, actor: Actor, act: str, batch: BankBatch, detail: dict[str, object], now: datetime) -> None:
    place = {"account_id": actor.account_id, "organisation_id": batch.organisation_id}
    audit.record(session, act, batch.id, now=now, detail=detail, **place)
