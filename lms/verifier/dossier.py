"""Checks the archive of one class (一期一档) from the file alone: hashes, entries, proof, tables."""

import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lms.verifier import subsidies, tree
from lms.verifier.anchors import Anchor, BadAnchor, Key, read_note
from lms.verifier.hashes import canonical, sha256

SUMS, ROSTER = "SHA256SUMS", "01-花名册.csv"
CHECKPOINT, ENTRIES, PROOF = "20-证据/检查点.txt", "20-证据/条目.txt", "20-证据/证明.txt"
ACTS, VERSIONS, FILED = "00-开班备案/3-办理经过.csv", "00-开班备案/4-历版花名册.csv", "00-开班备案/申报内容"
INTERVALS, EXAMS, SHEETS = "08-学习明细", "11-理论考试.csv", "12-实操打分单.csv"
NEVER_MISSING = (SUMS, ROSTER, ENTRIES, "README.txt")
FROZEN = {
    "document_type": "证件类型代码",
    "enrollment": "报名编号",
    "name": "姓名",
    "number": "证件号码",
    "person": "学员编号",
}
CHUNK = 1 << 20
HASH = re.compile("[0-9a-f]{64}")
FAULTS = (ValueError, KeyError, TypeError, IndexError, AttributeError, UnicodeError)
Entry = dict[str, Any]
Known = dict[str, dict[int, Entry]]
"""By person and number."""


@dataclass
class Report:
    """What was looked at, and one sentence for each thing that is not as it was."""

    sha256: str = ""
    files: int = 0
    entries: int = 0
    proved: int = 0
    unplaced: int = 0
    intervals: int = 0
    size: int = 0
    signed: bool = False
    findings: list[str] = field(default_factory=list)


def check(path: Path, anchors: Sequence[Anchor] = (), keys: Sequence[Key] = ()) -> Report:
    """Everything that can be told from the file; `anchors` are checkpoints that somebody kept elsewhere."""
    report = Report(sha256=_digest_of(path))
    try:
        with zipfile.ZipFile(path) as archive:
            report.findings += _hashes(archive, report)
            names = set(archive.namelist())
            if set(NEVER_MISSING) <= names:
                report.findings += _contents(archive, names, report, anchors, keys)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError) as error:
        report.findings.append(f"the file is not a whole ZIP archive: {error}")
    return report


def _digest_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _hashes(archive: zipfile.ZipFile, report: Report) -> Iterator[str]:
    """Each member against SHA256SUMS, both ways."""
    names = archive.namelist()
    yield from (f"{name}: is missing" for name in NEVER_MISSING if name not in names)
    yield from (f"{name}: is in the archive twice" for name in sorted({n for n in names if names.count(n) > 1}))
    if SUMS not in names:
        return
    told: dict[str, str] = {}
    for line in archive.read(SUMS).decode(errors="replace").splitlines():
        digest, _, name = line.partition("  ")
        told[name] = digest
    for name in sorted({*names, *told} - {SUMS}):
        if name not in told:
            yield f"{name}: is not in {SUMS}"
        elif name not in names:
            yield f"{name}: is in {SUMS}, not in the archive"
        else:
            report.files += 1
            try:
                same = _digest(archive, name) == told[name]
            except zipfile.BadZipFile:
                same = False
            if not same:
                yield f"{name}: was changed after {SUMS} was written"


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with archive.open(name) as member:
        while chunk := member.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _contents(
    archive: zipfile.ZipFile, names: set[str], report: Report, anchors: Sequence[Anchor], keys: Sequence[Key]
) -> Iterator[str]:
    known: Known = {}
    leaves: dict[int, str] = {}
    try:
        yield from _entries(archive, report, known, leaves)
        if CHECKPOINT in names and PROOF in names:
            yield from _proof(archive, report, leaves, anchors, keys)
        elif leaves:
            yield f"{PROOF} or {CHECKPOINT}: is missing, although entries have their places"
        yield from _tables(archive, names, report, known)
    except FAULTS as error:
        yield f"the archive cannot be read as a dossier: {type(error).__name__}: {error}"


def _entries(archive: zipfile.ZipFile, report: Report, known: Known, leaves: dict[int, str]) -> Iterator[str]:
    """Each body against its leaf, each entry against the one before it in its chain."""
    last: tuple[str, int, str] = ("", 0, "")
    with archive.open(ENTRIES) as member:
        for count, line in enumerate(io.TextIOWrapper(member, "utf-8", newline="\n"), 1):
            place, leaf, body = line.rstrip("\n").split("\t", 2)
            facts = json.loads(body)
            person, number = facts["person"], facts["entry"]
            shown = f"{ENTRIES} line {count} (entry {number} of {person})"
            if sha256(body) != leaf or not HASH.fullmatch(leaf):
                yield f"{shown}: was changed: its words do not have the hash beside them"
            mine = known.setdefault(person, {})
            if number in mine:
                yield f"{shown}: stands here twice"
            if last[:2] == (person, number - 1) and facts["previous"] != last[2]:
                yield f"{shown}: the entry before it was changed, it names another hash"
            last = (person, number, leaf)
            mine[number] = _needed(facts)
            report.entries += 1
            if place == "-":
                report.unplaced += 1
            elif int(place) in leaves:
                yield f"{shown}: another entry has the same place"
            else:
                leaves[int(place)] = leaf


def _needed(facts: Entry) -> Entry:
    """What the tables are compared with; the rest is let go of."""
    names = ("from_ms", "to_ms", "verdict", "credited_ms")
    kept = {each["id"]: tuple(each[name] for name in names) for each in facts.get("intervals") or ()}
    told = {name: facts.get(name) for name in ("kind", "score_percent", "sheet", "sitting", "points", "number")}
    return {"intervals": kept, **told}


def _proof(
    archive: zipfile.ZipFile, report: Report, leaves: dict[int, str], anchors: Sequence[Anchor], keys: Sequence[Key]
) -> Iterator[str]:
    """The root, from the entries and the nodes beside them, against the checkpoint and those kept elsewhere."""
    try:
        note = read_note(CHECKPOINT, archive.read(CHECKPOINT).decode(), keys)
    except BadAnchor as error:
        yield str(error)
        return
    report.size, report.signed = note.size, note.signed
    if keys and not note.signed:
        yield f"{CHECKPOINT}: bears no signature of the key that was given"
    for kept in anchors:
        if kept.size == note.size and kept.root != note.root:
            yield f"{CHECKPOINT}: {kept.name}, kept elsewhere, has another root for {note.size} entries"
    nodes = {}
    for line in archive.read(PROOF).decode().splitlines():
        low, high, node = line.split("\t")
        nodes[int(low), int(high)] = bytes.fromhex(node)
    try:
        root = tree.root_of(leaves, nodes, note.size).hex()
    except tree.Hole as hole:
        yield f"{PROOF}: {hole}: an entry or a node is missing"
        return
    if root != note.root:
        yield f"{PROOF}: the entries and the proof do not make the root of the checkpoint: one of them was changed"
    else:
        report.proved = len(leaves)


def _tables(archive: zipfile.ZipFile, names: set[str], report: Report, known: Known) -> Iterator[str]:
    people = {}
    for row in _rows(archive, ROSTER):
        people[row["序号"]] = row["学员编号"]
        name = f"{INTERVALS}/{row['学习明细文件']}"
        if name not in names:
            yield f"{name}: is missing, {ROSTER} names it"
            continue
        yield from _intervals(archive, name, row["学员编号"], report, known)
    for name, column, compare in ((EXAMS, "评分证据条目", _grade), (SHEETS, "证据条目", _sheet)):
        for count, row in enumerate(_rows(archive, name) if name in names else (), 2):
            if row[column]:
                entry = known.get(people.get(row["序号"], ""), {}).get(int(row[column]))
                if entry is None or not compare(entry, row):
                    yield f"{name} line {count}: is not what entry {row[column]} of {row['姓名']} tells"
    yield from _filing(archive, names)
    yield from subsidies.check(names, lambda name: _rows(archive, name), archive.read)


def _filing(archive: zipfile.ZipFile, names: set[str]) -> Iterator[str]:
    """All that was filed at each act, and each frozen roster, against the hash that was on record then."""
    for count, row in enumerate(_rows(archive, ACTS) if ACTS in names else (), 2):
        name = f"{FILED}/{row['申报内容文件']}"
        if name not in names or _digest(archive, name) != row["申报内容 SHA-256"]:
            yield f"{ACTS} line {count}: {name} is not what was filed then"
    versions: dict[tuple[str, str, str], list[dict[str, str]]] = {}
    for row in _rows(archive, VERSIONS) if VERSIONS in names else ():
        people = versions.setdefault((row["第几版"], row["人数"], row["名单 SHA-256"]), [])
        if row["序号"]:
            people.append({key: row[column] for key, column in FROZEN.items()})
    for (number, size, digest), people in versions.items():
        if len(people) != int(size) or sha256(canonical(people)) != digest:
            yield f"{VERSIONS}: version {number} is not the roster that was frozen"


def _intervals(archive: zipfile.ZipFile, name: str, person: str, report: Report, known: Known) -> Iterator[str]:
    """Each interval as its entry tells it, and none of those that entries tell left out."""
    seen, mine = set(), known.get(person, {})
    for count, row in enumerate(_rows(archive, name), 2):
        report.intervals += 1
        entry = mine.get(int(row["证据条目"]))
        told = entry["intervals"].get(row["段编号"]) if entry else None
        if told is None:
            yield f"{name} line {count}: no entry tells of this interval"
            continue
        seen.add(row["段编号"])
        columns = ("从（毫秒）", "到（毫秒）", "结论代码", "当时计入（毫秒）")
        for column, wanted in zip(columns, told, strict=True):
            if row[column] != str(wanted):
                yield f"{name} line {count} {column}: entry {row['证据条目']} says {wanted}, found {row[column]}"
    for number, entry in mine.items():
        missing = entry["intervals"].keys() - seen
        yield from (f"{name}: interval {each} of entry {number} is missing" for each in sorted(missing))


def _grade(entry: Entry, row: dict[str, str]) -> bool:
    told = (entry["kind"], entry["sitting"], str(entry["number"]), str(entry["score_percent"]))
    return told == ("grade", row["考试编号"], row["第几次评分"], row["得分"])


def _sheet(entry: Entry, row: dict[str, str]) -> bool:
    return (entry["kind"], entry["sheet"], str(entry["points"])) == ("sheet", row["打分单编号"], row["得分"])


def _rows(archive: zipfile.ZipFile, name: str) -> Iterator[dict[str, str]]:
    with archive.open(name) as member:
        yield from csv.DictReader(io.TextIOWrapper(member, "utf-8-sig", newline=""))
