"""The log over everybody's evidence, and the signer that puts its name to nothing else (security.md, C9)."""

import base64
import json
import threading
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import func, select

from lms import worker
from lms.crypto import NoteSigner, public_of_vkey
from lms.db import Database
from lms.domain import merkle
from lms.models.audit import AuditEvent
from lms.models.evidence import LogCheckpoint, LogLeaf
from lms.parts import Parts
from lms.services import log, signing, study_clock
from lms.services.log import Checkpoint
from lms.services.signing import Head, LogRefused
from lms.signer import STATE, folder_of, read_state, run_round, write_state
from lms.verifier.anchors import Anchor, read_key, read_note
from tests.support.cast import NOON
from tests.support.chains import FALSE_LEAF, PEOPLE, append, tamper, write

ANNA, BAO, CHEN, *_ = PEOPLE
HOUR_MS = 3_600_000


def sequence(database: Database, limit: int = log.BATCH) -> int:
    with database.transaction() as session:
        return log.sequence(session, limit=limit)


def order(database: Database) -> list[tuple[uuid.UUID, int]]:
    """Who stands where; the places have no hole."""
    with database.transaction(write=False) as session:
        rows = session.scalars(select(LogLeaf).order_by(LogLeaf.position)).all()
        assert [row.position for row in rows] == list(range(len(rows)))
        return [(row.person_id, row.number) for row in rows]


def test_entries_are_placed_as_the_study_clock_saw_them(database: Database) -> None:
    write(database, BAO, at_ms=1_000)
    write(database, ANNA, at_ms=2_000, entries=2)
    write(database, BAO, at_ms=2_000)
    assert sequence(database) == 4
    assert order(database) == [(BAO, 1), (ANNA, 1), (ANNA, 2), (BAO, 2)]
    assert sequence(database) == 0


def test_who_commits_late_is_placed_behind(database: Database) -> None:
    write(database, ANNA, at_ms=HOUR_MS)
    sequence(database)
    write(database, BAO, at_ms=HOUR_MS - 5_000)  # read the clock first, committed last
    assert sequence(database) == 1
    assert order(database) == [(ANNA, 1), (BAO, 1)]


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)  # SQLite has one writer at a time
def test_a_late_commit_is_waited_for_nowhere(database: Database) -> None:
    with database.transaction() as session:
        append(session, BAO, 1_000)
        write(database, ANNA, at_ms=2_000)
        assert sequence(database) == 1
    assert sequence(database) == 1
    assert order(database) == [(ANNA, 1), (BAO, 1)]


def test_a_night_without_a_sequencer_loses_nothing(database: Database) -> None:
    write(database, ANNA, at_ms=0)
    sequence(database)
    for hours in (2, 4, 9):
        write(database, BAO, at_ms=hours * HOUR_MS)
    assert [sequence(database, limit=2), sequence(database, limit=2)] == [2, 1]
    assert order(database) == [(ANNA, 1), (BAO, 1), (BAO, 2), (BAO, 3)]


def test_several_sequencers_at_once_place_each_entry_once(database: Database) -> None:
    with database.transaction() as session:
        study_clock.store(session, now=NOON)
    for number, person in enumerate(PEOPLE):
        write(database, person, at_ms=1_000 + number, entries=20)
    faults: list[Exception] = []

    def work() -> None:
        try:
            while sequence(database, limit=7):
                pass
        except Exception as error:
            faults.append(error)

    crew = [threading.Thread(target=work) for _ in range(4)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    assert faults == []
    assert sorted(order(database)) == sorted((person, number) for person in PEOPLE for number in range(1, 21))


def test_the_sweep_sequences(parts: Parts) -> None:
    write(parts.database, ANNA, at_ms=1_000)
    worker.sweep(parts)
    assert order(parts.database) == [(ANNA, 1)]


class Desk:
    """A signer over a database: its key, its memory, its rounds."""

    def __init__(self, parts: Parts) -> None:
        self.database = parts.database
        self.folder: Path = folder_of(parts.config)
        assert parts.note_signer is not None
        self.key: NoteSigner = parts.note_signer
        self.now = NOON

    def round(self) -> Checkpoint | None:
        self.now += timedelta(minutes=1)
        return run_round(self.database, self.key, self.folder, now=self.now)

    def sign(self) -> Checkpoint:
        made = self.round()
        assert made is not None
        return made

    def refusal(self) -> str:
        """The code of the refusal; nothing was signed, the memory is as before, the act is on record."""
        known, state = self.count(LogCheckpoint), read_state_or_none(self.folder)
        with pytest.raises(LogRefused) as refused:
            self.round()
        assert (self.count(LogCheckpoint), read_state_or_none(self.folder)) == (known, state)
        with self.database.transaction(write=False) as session:
            told = session.scalars(select(AuditEvent).where(AuditEvent.action == signing.REFUSED)).all()
        assert [event.detail["code"] for event in told][-1] == refused.value.code
        return refused.value.code

    def count(self, table: type) -> int:
        with self.database.transaction(write=False) as session:
            return session.scalar(select(func.count()).select_from(table)) or 0


def read_state_or_none(folder: Path) -> str | None:
    place = folder / STATE
    return place.read_text() if place.exists() else None


@pytest.fixture
def desk(parts: Parts) -> Desk:
    made = Desk(parts)
    write(made.database, ANNA, at_ms=1_000, entries=3)
    return made


def data(database: Database) -> list[bytes]:
    with database.transaction(write=False) as session:
        return [bytes.fromhex(leaf) for leaf in session.scalars(select(LogLeaf.leaf).order_by(LogLeaf.position))]


def test_a_checkpoint_is_a_note_that_anybody_can_check(desk: Desk) -> None:
    made = desk.sign()
    root = merkle.root(data(desk.database))
    assert (made.size, made.root) == (3, root.hex())
    text, _, line = made.note.partition("\n\n")
    assert text == f"{desk.key.name}\n3\n{base64.b64encode(root).decode()}"
    dash, name, signature = line.rstrip("\n").split(" ")
    assert (dash, name) == ("—", "kangxue/127.0.0.1")
    raw = base64.b64decode(signature)
    assert raw[:4].hex() == desk.key.vkey.split("+")[1]
    public = Ed25519PublicKey.from_public_bytes(public_of_vkey(desk.key.vkey))
    public.verify(raw[4:], f"{text}\n".encode())


def test_the_verifier_reads_what_the_signer_writes(desk: Desk) -> None:
    made = desk.sign()
    assert read_note("kept", made.note, [read_key(desk.key.vkey)]) == Anchor("kept", 3, made.root, signed=True)
    assert not read_note("kept", made.note.replace("\n3\n", "\n4\n"), [read_key(desk.key.vkey)]).signed


def test_a_tree_that_did_not_grow_keeps_its_checkpoint(desk: Desk) -> None:
    assert desk.sign() == desk.sign()
    assert desk.count(LogCheckpoint) == 1


def test_an_empty_log_is_not_signed(parts: Parts) -> None:
    assert Desk(parts).round() is None


def test_a_tree_ten_times_as_large_is_signed_when_it_goes_on(desk: Desk) -> None:
    before = desk.sign()
    for number, person in enumerate(PEOPLE[:3]):
        write(desk.database, person, at_ms=5_000 + number, entries=9)
    after = desk.sign()
    assert after.size == 30
    leaves = data(desk.database)
    proof = merkle.consistency_proof(leaves, before.size)
    assert merkle.is_consistent(3, 30, proof, bytes.fromhex(before.root), bytes.fromhex(after.root))


def test_a_tree_ten_times_as_large_is_refused_when_it_does_not(desk: Desk) -> None:
    desk.sign()
    write(desk.database, BAO, at_ms=5_000, entries=27)
    tamper(desk.database, "log_leaves", "UPDATE log_leaves SET leaf = :leaf WHERE position = 1", leaf=FALSE_LEAF)
    assert desk.refusal() == "log_forked"


def test_a_fork_is_refused_however_small(desk: Desk) -> None:
    desk.sign()
    swap = "UPDATE log_leaves SET position = CASE position WHEN 1 THEN 11 WHEN 2 THEN 12 END WHERE position IN (1, 2)"
    tamper(desk.database, "log_leaves", swap)
    tamper(desk.database, "log_leaves", "UPDATE log_leaves SET position = 13 - position WHERE position > 9")
    assert desk.refusal() == "log_forked"


def test_an_older_tree_is_refused(desk: Desk) -> None:
    desk.sign()
    tamper(desk.database, "evidence_entries", "DELETE FROM evidence_entries WHERE number > 2")
    tamper(desk.database, "log_leaves", "DELETE FROM log_leaves WHERE number > 2")
    assert desk.refusal() == "log_shrunk"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE log_leaves SET leaf = 'no fingerprint' WHERE position = 4",
        "UPDATE log_leaves SET leaf = 'no fingerprint' WHERE position = 1",
        "UPDATE log_leaves SET leaf = :leaf WHERE position = 4",
        "UPDATE log_leaves SET number = 99 WHERE position = 4",
        "UPDATE log_leaves SET position = 9 WHERE position = 4",
    ],
    ids=["no leaf", "no old leaf", "a leaf of no entry", "the leaf of a missing entry", "a hole"],
)
def test_garbage_is_refused(desk: Desk, statement: str) -> None:
    desk.sign()
    write(desk.database, BAO, at_ms=5_000, entries=3)
    sequence(desk.database)
    tamper(desk.database, "log_leaves", statement, **({"leaf": FALSE_LEAF} if ":leaf" in statement else {}))
    assert desk.refusal() == "log_garbage"


def test_a_changed_entry_is_refused_before_it_is_ever_signed(desk: Desk) -> None:
    tamper(desk.database, "evidence_entries", "UPDATE evidence_entries SET body = '{}' WHERE number = 2")
    assert desk.refusal() == "log_garbage"


def test_a_changed_checkpoint_is_refused(desk: Desk) -> None:
    desk.sign()
    tamper(desk.database, "log_checkpoints", "UPDATE log_checkpoints SET root = :leaf", leaf=FALSE_LEAF)
    assert desk.refusal() == "checkpoint_changed"


def test_a_refusal_is_put_on_record_once(desk: Desk) -> None:
    desk.sign()
    write(desk.database, BAO, at_ms=5_000)
    tamper(desk.database, "log_leaves", "UPDATE log_leaves SET leaf = :leaf WHERE position = 1", leaf=FALSE_LEAF)
    desk.refusal()
    known = desk.count(AuditEvent)
    desk.refusal()
    assert desk.count(AuditEvent) == known


def test_the_memory_outlives_the_process(desk: Desk, parts: Parts) -> None:
    made = desk.sign()
    assert json.loads((desk.folder / STATE).read_text()) == {"size": 3, "root": made.root}
    assert read_state(Desk(parts).folder) == Head(3, made.root)
    write(desk.database, BAO, at_ms=5_000)
    assert Desk(parts).sign().size == 4


def test_a_lost_or_older_memory_signs_nothing(desk: Desk) -> None:
    first = desk.sign()
    write(desk.database, BAO, at_ms=5_000)
    desk.sign()
    write_state(desk.folder, Head(first.size, first.root))
    assert desk.refusal() == "state_behind"
    (desk.folder / STATE).unlink()
    assert desk.refusal() == "state_behind"


@pytest.mark.parametrize("text", ["", "[]", '{"size": 3}', '{"size": -1, "root": ""}', '{"size": true, "root": "00"}'])
def test_an_unreadable_memory_signs_nothing(desk: Desk, text: str) -> None:
    desk.folder.mkdir(parents=True, exist_ok=True)
    (desk.folder / STATE).write_text(text)
    assert desk.refusal() == "state_unreadable"


def test_a_crash_between_memory_and_commit_is_made_up_for(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(signing, "record", crash)
        with pytest.raises(KeyboardInterrupt):
            desk.round()
    assert (desk.count(LogCheckpoint), read_state(desk.folder).size) == (0, 3)
    assert desk.sign().size == 3


def is_due(desk: Desk, hours: int) -> bool:
    with desk.database.transaction(write=False) as session:
        return signing.is_due(session, now=NOON + timedelta(hours=hours))


def test_one_checkpoint_a_day_of_china(desk: Desk) -> None:
    assert not is_due(desk, 0)  # nothing has its place yet
    sequence(desk.database)
    assert is_due(desk, 0)
    desk.sign()
    assert not is_due(desk, 24)  # nothing new
    write(desk.database, BAO, at_ms=5_000)
    sequence(desk.database)
    assert [is_due(desk, hours) for hours in (1, 11, 12, 24)] == [False, False, True, True]


def test_a_moment_is_covered_by_the_first_checkpoint_over_what_was_recorded_before(desk: Desk) -> None:
    def covered(minutes: int) -> int | None:
        with desk.database.transaction(write=False) as session:
            found = log.covering(session, NOON + timedelta(minutes=minutes))
            return found and found.size

    assert covered(1) is None
    desk.now = NOON - timedelta(hours=1)
    desk.sign()
    assert (covered(-60), covered(-30)) == (3, 3)  # nothing was recorded in between: no need to wait for the next
    write(desk.database, BAO, at_ms=5_000)  # recorded at noon
    assert (covered(-30), covered(1)) == (3, None)
    sequence(desk.database)
    assert covered(1) is None
    desk.now = NOON + timedelta(hours=1)
    desk.sign()
    assert (covered(-30), covered(1), covered(90)) == (3, 4, 4)
