"""Papers that people hand in: a signed list, a photograph. They lie in the object store under random keys."""

import hashlib
import unicodedata
from dataclasses import dataclass

from lms.adapters import magic
from lms.adapters.objects import Body, Store, new_key
from lms.domain.corrections import LONGEST_FILE
from lms.domain.errors import Refused

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


def keep(store: Store, folder: str, attachment: Attachment | None) -> Kept:
    """Stores it. Whatever the transaction comes to, a file that no row names is never shown."""
    if attachment is None:
        return Kept()
    paper = check(attachment)
    key = new_key(folder, paper.ending)
    store.put_bytes(key, attachment.content, paper.content_type)
    return Kept(key, _plain(attachment.name), hashlib.sha256(attachment.content).hexdigest())


def _plain(name: str) -> str:
    shown = "".join(sign for sign in name if unicodedata.category(sign)[0] != "C")
    return shown[-LONGEST_NAME:]


def open_kept(store: Store, key: str, name: str) -> Sent:
    """A stored file for sending."""
    kinds = {ending: content_type for _, ending, content_type in magic.PAPERS}
    return Sent(name, kinds[key.rpartition(".")[2]], store.open(key))
