"""The paper behind a correction: a signed list, a photograph. It lies in the object store under a random key."""

import hashlib
import unicodedata
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from lms import crypto
from lms.adapters import magic
from lms.adapters.objects import Body, Store
from lms.domain.corrections import LONGEST_FILE
from lms.domain.errors import NotFound, Refused
from lms.domain.roles import Role
from lms.models.corrections import Correction
from lms.services import audit, scopes
from lms.services.scopes import Actor

LONGEST_NAME = 100


@dataclass(frozen=True)
class Attachment:
    """An uploaded file, whole."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Kept:
    """Where it lies, what it was called, and the SHA-256 of what is in it; all empty for none."""

    key: str = ""
    name: str = ""
    digest: str = ""


@dataclass(frozen=True)
class Sent:
    """A stored file on its way out."""

    name: str
    content_type: str
    body: Body


def check(attachment: Attachment) -> magic.Paper:
    """What kind of paper it is. Refused: attachment_too_large, attachment_kind."""
    if len(attachment.content) > LONGEST_FILE:
        raise Refused("attachment_too_large", megabytes=LONGEST_FILE // 1024 // 1024)
    return magic.paper(attachment.content)


def keep(store: Store, attachment: Attachment | None) -> Kept:
    """Stores it. Whatever the transaction comes to, a file that no row names is never shown."""
    if attachment is None:
        return Kept()
    paper = check(attachment)
    key = f"corrections/{crypto.token().replace('-', '_')}.{paper.ending}"
    store.put_bytes(key, attachment.content, paper.content_type)
    return Kept(key, _plain(attachment.name), hashlib.sha256(attachment.content).hexdigest())


def _plain(name: str) -> str:
    shown = "".join(sign for sign in name if unicodedata.category(sign)[0] != "C")
    return shown[-LONGEST_NAME:]


def open_attachment(
    session: Session, store: Store, actor: Actor, desk: Role, correction_id: uuid.UUID, *, now: datetime
) -> Sent:
    """The file of a correction that the desk may look into; each look is on record."""
    row = session.scalar(scopes.corrections_of(actor, desk).where(Correction.id == correction_id))
    if row is None or not row.attachment_key:
        raise NotFound
    audit.record(
        session,
        "correction.attachment",
        row.id,
        now=now,
        account_id=actor.account_id,
        organisation_id=row.organisation_id,
    )
    kinds = {ending: content_type for _, ending, content_type in magic.PAPERS}
    content_type = kinds[row.attachment_key.rpartition(".")[2]]
    return Sent(row.attachment_name, content_type, store.open(row.attachment_key))
