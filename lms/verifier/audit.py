"""The audit: the chains, the tree, the anchors; then the replay, compared with every table, column by column."""

import gc
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from lms.verifier import bodies, tree
from lms.verifier.anchors import Anchor, BadAnchor, Key, read_note
from lms.verifier.columns import COLUMNS
from lms.verifier.reading import Reader
from lms.verifier.replay import Replay, Row

MISSING = "(nothing)"


@dataclass(frozen=True)
class Finding:
    """One thing that is not as the evidence says: where, what the evidence says, what the table holds."""

    table: str
    key: str
    column: str
    evidence: object
    holds: object

    def __str__(self) -> str:
        return f"{self.table} {self.key} {self.column}: the evidence says {self.evidence!r}, found {self.holds!r}"


@dataclass
class Report:
    """What an audit found, and how much it looked at."""

    entries: int = 0
    persons: int = 0
    leaves: int = 0
    anchors: int = 0
    findings: list[Finding] = field(default_factory=list)


def verify(reader: Reader, anchors: Sequence[Anchor] = (), keys: Sequence[Key] = ()) -> Report:
    """Audits a database against its own evidence and against checkpoints kept elsewhere."""
    was_on = gc.isenabled()
    gc.disable()  # millions of small values that all stay: looking through them for rings takes a third of the time
    try:
        return _verified(reader, anchors, keys)
    finally:
        if was_on:
            gc.enable()


def _verified(reader: Reader, anchors: Sequence[Anchor], keys: Sequence[Key]) -> Report:
    report = Report()
    leaves: dict[tuple[str, int], str] = {}
    replay = Replay()
    for finding in _replayed(reader, replay, leaves, report):
        report.findings.append(finding)
    report.findings += _log(reader, leaves, report, anchors, keys)
    for table in COLUMNS:
        report.findings += _compared(reader, table, replay.tables[table], _columns(table))
    report.findings += bodies.compare(reader, replay, Finding)
    return report


def _columns(table: str) -> tuple[str, ...]:
    key, rest = COLUMNS[table]
    return (*key, *rest)


ENTRY = ("person_id", "number", "kind", "body", "leaf", "recorded_ms", "recorded_at")


def _replayed(reader: Reader, replay: Replay, leaves: dict[tuple[str, int], str], report: Report) -> Iterator[Finding]:
    """Walks each person's chain, and takes what its entries tell."""
    person, number, last = "", 0, ""
    for row in reader.rows("evidence_entries", ENTRY, "person_id, number"):
        if row[0] != person:
            person, number, last = row[0], 0, ""
            report.persons += 1
        report.entries += 1
        leaves[row[0], row[1]] = row[4]
        key = f"{row[0]} {row[1]}"
        if row[1] != number + 1:
            yield Finding("evidence_entries", key, "number", number + 1, row[1])
        facts, faults = bodies.check_entry(dict(zip(ENTRY, row, strict=True)), last)
        yield from (Finding("evidence_entries", key, *fault) for fault in faults)
        number, last = row[1], row[4]
        try:
            replay.take(facts, row[4])
        except (KeyError, TypeError, IndexError, AttributeError, ValueError) as error:
            yield Finding("evidence_entries", key, "body", "an entry of its kind", f"{type(error).__name__}: {error}")
    replay.finish()


def _compared(
    reader: Reader, table: str, expected: dict[tuple[Any, ...], Row], columns: Sequence[str]
) -> Iterator[Finding]:
    """Both ways: what the evidence tells and the table lacks or holds otherwise, and what only the table holds."""
    width = len(COLUMNS[table][0])
    seen = set()
    for values in reader.rows(table, columns):
        key = values[:width]
        seen.add(key)
        shown = " ".join(map(str, key))
        told = expected.get(key)
        if told is None:
            if _needs_evidence(table, dict(zip(columns, values, strict=True))):
                yield Finding(table, shown, "row", MISSING, "a row")
            continue
        for column, value in zip(columns, values, strict=True):
            if told[column] != value:
                yield Finding(table, shown, column, told[column], value)
    yield from (Finding(table, " ".join(map(str, key)), "row", "a row", MISSING) for key in expected.keys() - seen)


def _needs_evidence(table: str, row: Row) -> bool:
    """A lease that was made and never used has told no evidence yet."""
    return table != "study_leases" or bool(row["entries"] or row["last_leaf"])


def _log(
    reader: Reader,
    entries: dict[tuple[str, int], str],
    report: Report,
    anchors: Sequence[Anchor],
    keys: Sequence[Key],
) -> Iterator[Finding]:
    """The tree: each leaf an entry, in its place; each checkpoint the root of what stood there then."""
    leaves: list[str] = []
    known: set[tuple[str, int]] = set()
    for position, person, number, leaf in reader.rows(
        "log_leaves", ("position", "person_id", "number", "leaf"), "position"
    ):
        if position != len(leaves):
            yield Finding("log_leaves", str(position), "position", len(leaves), position)
        if (person, number) in known or entries.get((person, number)) != leaf:
            told = MISSING if (person, number) in known else entries.get((person, number), MISSING)
            yield Finding("log_leaves", str(position), "leaf", told, leaf)
        known.add((person, number))
        leaves.append(leaf if bodies.is_hash(leaf) else "00" * 32)
    report.leaves = len(leaves)
    stored = list(_stored(reader, keys))
    told_anchors = [*anchors, *(each for each in stored if isinstance(each, Anchor))]
    yield from (each for each in stored if isinstance(each, Finding))
    report.anchors = len(told_anchors)
    roots = tree.roots_at(leaves, [anchor.size for anchor in told_anchors])
    for anchor in told_anchors:
        holds = roots.get(anchor.size, f"only {len(leaves)} leaves")
        if holds != anchor.root:
            yield Finding("log_leaves", f"checkpoint {anchor.name} size {anchor.size}", "root", anchor.root, holds)
        if keys and not anchor.signed:
            yield Finding("log_checkpoints", anchor.name, "signature", "the signer's", "none that verifies")


def _stored(reader: Reader, keys: Sequence[Key]) -> Iterator[Anchor | Finding]:
    for size, root, note in reader.rows("log_checkpoints", ("size", "root", "note"), "size"):
        name = f"stored-{size}"
        try:
            anchor = read_note(name, note, keys)
        except BadAnchor as error:
            yield Finding("log_checkpoints", str(size), "note", "a checkpoint", str(error))
            continue
        if (anchor.size, anchor.root) != (size, root):
            yield Finding("log_checkpoints", str(size), "root", f"{anchor.size} {anchor.root}", f"{size} {root}")
        yield anchor
