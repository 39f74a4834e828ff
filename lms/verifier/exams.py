"""Papers, answers and rulings of exams, which entries name by a hash."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from lms.verifier.hashes import canonical, sha256
from lms.verifier.reading import Reader
from lms.verifier.replay import Replay

Maker = Callable[..., Any]
ANSWER = ("sitting_id", "number", "place", "client_key", "answer", "held_ms", "received_ms")
RULING = ("id", "question_id", "revision", "ruling", "reason", "decided_by")


def compare(reader: Reader, replay: Replay, finding: Maker) -> Iterator[Any]:
    """Answers are bound when their sitting closes, a ruling when a grade rests on it."""
    yield from _papers(reader, replay, finding)
    yield from _answers(reader, replay, finding)
    yield from _rulings(reader, replay, finding)


def _papers(reader: Reader, replay: Replay, finding: Maker) -> Iterator[Any]:
    for sitting, paper in reader.rows("exam_sittings", ("id", "paper")):
        told, found = replay.tables["exam_sittings"].get((sitting,)), sha256(canonical({"paper": paper}))
        if told is not None and told["paper_hash"] != found:
            yield finding("exam_sittings", sitting, "paper", told["paper_hash"], found)


def _answers(reader: Reader, replay: Replay, finding: Maker) -> Iterator[Any]:
    saved: dict[str, list[list[Any]]] = defaultdict(list)
    for sitting, *row in reader.rows("exam_answers", ANSWER, "sitting_id, number"):
        row[3] = _json(row[3])
        saved[sitting].append(row)
        if (sitting,) not in replay.tables["exam_sittings"]:
            yield finding("exam_answers", f"{sitting} {row[0]}", "sitting_id", "a sitting", "none of this id")
    for (sitting,), told in replay.tables["exam_closings"].items():
        found = sha256(canonical({"answers": saved[sitting]}))
        if found != told["answers_hash"]:
            yield finding("exam_answers", sitting, "answers", told["answers_hash"], found)


def _json(value: Any) -> Any:
    """JSON as a value; SQLite gives text, and an edit may be none."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _rulings(reader: Reader, replay: Replay, finding: Maker) -> Iterator[Any]:
    seen = set()
    for row in reader.rows("exam_rulings", RULING):
        seen.add(row[0])
        told, found = replay.rulings.get(row[0]), sha256(canonical(dict(zip(RULING, map(str, row), strict=True))))
        if told is not None and told != found:
            yield finding("exam_rulings", row[0], "reason", told, found)
    yield from (finding("exam_rulings", each, "row", "a row", "(nothing)") for each in replay.rulings.keys() - seen)
