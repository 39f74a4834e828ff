"""Idempotency keys: a write is done once, and told again in the same bytes for a day."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.db import insert_if_absent
from lms.domain.errors import Conflict
from lms.models.exchange import KeptAnswer
from lms.services.scopes import Actor

KEPT = timedelta(hours=24)
OPEN = 0  # the status of a key that is taken while its write is being done


@dataclass(frozen=True)
class Kept:
    """An answer as it was given: the bytes of its body, and its status."""

    status: int
    body: str


def take(session: Session, keyring: Keyring, actor: Actor, key: str, request: bytes, *, now: datetime) -> Kept | None:
    """The answer already given under this key, or None: the key is now this transaction's, whose end others await.

    Conflict: idempotency_key_reused, when the request is another one. If the transaction is rolled back, the key is
    free again: what is refused is not kept, since nothing was done.
    """
    owner = owner_of(actor)
    asked = keyring.index("request", hashlib.sha256(request).hexdigest())  # keyed: a plain hash of a number is guessed
    old = (KeptAnswer.owner_id == owner) & (KeptAnswer.key == key) & (KeptAnswer.created_at <= now - KEPT)
    session.execute(delete(KeptAnswer).where(old))
    fresh = {"request_hash": asked, "status": OPEN, "body": "", "created_at": now}
    insert_if_absent(session, KeptAnswer, owner_id=owner, key=key, **fresh)
    mine = (KeptAnswer.owner_id == owner) & (KeptAnswer.key == key)
    row = session.scalars(select(KeptAnswer).where(mine).with_for_update()).one()
    if row.request_hash != asked:
        raise Conflict("idempotency_key_reused")
    return None if row.status == OPEN else Kept(row.status, row.body)


def keep(session: Session, actor: Actor, key: str, answer: Kept) -> None:
    """Keeps the answer of the write that took the key."""
    row = session.get_one(KeptAnswer, (owner_of(actor), key))
    row.status, row.body = answer.status, answer.body


def owner_of(actor: Actor) -> uuid.UUID:
    """Whose keys these are: the program's, else the person's."""
    return actor.service_id or actor.account_id


def forget(session: Session, *, now: datetime) -> None:
    """Forgets answers that are older than a day."""
    session.execute(delete(KeptAnswer).where(KeptAnswer.created_at <= now - KEPT))
