"""The signer: the one process that holds the log's key, with a memory of its own of what it has signed.

Whoever changes the database cannot make it sign another past: its memory lies in its own folder, and each round
builds the tree anew from its leaves (study-time.md, Evidence log).
"""

import json
import os
from datetime import datetime
from pathlib import Path

from lms.config import Config
from lms.crypto import NoteSigner
from lms.db import Database
from lms.services import log, signing
from lms.services.log import Checkpoint
from lms.services.signing import HEX, Head, LogRefused

STATE = "state.json"


def folder_of(config: Config) -> Path:
    """Where the signer keeps its memory."""
    return config.data_dir / "signer"


def run_round(database: Database, key: NoteSigner, folder: Path, *, now: datetime) -> Checkpoint | None:
    """Signs the tree as it stands, if it goes on from what was signed before; None for an empty one.

    LogRefused, after it was put on record, for any other tree.
    """
    while _sequence(database):
        pass
    try:
        trusted = read_state(folder)
        with database.transaction(write=False) as session:
            head = signing.survey(session, trusted)
        return _sign(database, key, folder, (trusted, head), now) if head.size else None
    except LogRefused as refusal:
        with database.transaction() as session:
            signing.refuse(session, refusal, now=now)
        raise


def _sequence(database: Database) -> int:
    with database.transaction() as session:
        return log.sequence(session)


def _sign(
    database: Database, key: NoteSigner, folder: Path, heads: tuple[Head, Head], now: datetime
) -> Checkpoint | None:
    trusted, head = heads
    with database.transaction() as session:
        log.hold(session)
        if read_state(folder) != trusted:
            return log.latest(session)  # another signer was at work meanwhile
        write_state(folder, head)  # before the commit: what was signed is never forgotten
        return signing.record(session, head, key.name, key.sign, now=now)


def read_state(folder: Path) -> Head:
    """The tree signed last; the empty tree before the first."""
    place = folder / STATE
    if not place.exists():
        return Head()
    try:
        kept = json.loads(place.read_text())
        size, root = kept["size"], kept["root"]
    except (ValueError, KeyError, TypeError):
        raise LogRefused("state_unreadable", 0) from None
    if type(size) is not int or size < 0 or not isinstance(root, str) or not HEX.fullmatch(root):
        raise LogRefused("state_unreadable", 0)
    return Head(size, root)


def write_state(folder: Path, head: Head) -> None:
    """Replaces the memory whole, on the disk before this returns."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = folder / f"{STATE}.{os.getpid()}"
    with fresh.open("w") as out:
        json.dump({"size": head.size, "root": head.root}, out)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(folder / STATE)
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
