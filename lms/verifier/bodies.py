"""What entries name by a hash only: the entry itself, reports, questions, parts, free words, seeds."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from lms.verifier import exams
from lms.verifier.hashes import sha256
from lms.verifier.reading import Reader, moment
from lms.verifier.replay import Replay, Row

HASH = re.compile(r"[0-9a-f]{64}")
Fault = tuple[str, object, object]
Maker = Callable[..., Any]
OPENED = ("id", "person_id", "enrollment_id", "lesson_id", "epoch", "opened_ms", "opened_at", "last_seq", "answered_ms")
PART = ("source_id", "after_seq", "number", "lesson_id", "from_ms", "to_ms", "mono_from_ms", "mono_to_ms", "leaf")


def is_hash(text: object) -> bool:
    """Whether it is a SHA-256 in hexadecimal."""
    return isinstance(text, str) and HASH.fullmatch(text) is not None


def check_entry(row: Row, previous: str) -> tuple[dict[str, Any], list[Fault]]:
    """What an entry tells, and what in its row does not agree with its body or with the entry before it."""
    faults: list[Fault] = []
    if sha256(row["body"]) != row["leaf"]:
        faults.append(("leaf", sha256(row["body"]), row["leaf"]))
    try:
        facts: dict[str, Any] = json.loads(row["body"])
        wanted = {
            "person_id": facts["person"],
            "number": facts["entry"],
            "kind": facts["kind"],
            "recorded_ms": facts["clock_ms"],
            "recorded_at": moment(facts["at"]),
        }
        if facts["previous"] != previous:
            faults.append(("previous", previous, facts["previous"]))
    except (ValueError, KeyError, TypeError) as error:
        return {}, [*faults, ("body", "canonical JSON", f"{type(error).__name__}: {error}")]
    return facts, [*faults, *((name, told, row[name]) for name, told in wanted.items() if row[name] != told)]


def compare(reader: Reader, replay: Replay, finding: Maker) -> Iterator[Any]:
    """Everything that entries name by a hash or that only they can tell, against the tables."""
    yield from _sessions(reader, replay, finding)
    yield from _parts(reader, replay, finding)
    yield from _questions(reader, replay, finding)
    yield from _texts(reader, replay, finding)
    yield from _reports(reader, replay, finding)
    yield from _lease_clocks(reader, replay, finding)
    yield from _meetings(reader, replay, finding)
    yield from _lists(reader, replay, finding)
    yield from exams.compare(reader, replay, finding)


def _sessions(reader: Reader, replay: Replay, finding: Maker) -> Iterator[Any]:
    """Sessions that opened before there was evidence of openings are in no entry."""
    seen = set()
    for values in reader.rows("study_sessions", OPENED):
        told = replay.sessions.get(values[:1])
        seen.add(values[:1])
        for column, value in zip(OPENED, values, strict=True) if told else ():
            if told and told[column] != value:
                yield finding("study_sessions", values[0], column, told[column], value)
    yield from (finding("study_sessions", key[0], "row", "a row", "(nothing)") for key in replay.sessions.keys() - seen)


def _parts(reader: Reader, replay: Replay, finding: Maker) -> Iterator[Any]:
    """Settled parts; those that still wait for one before them have no entry yet."""
    seen = set()
    leaves = {key[:2]: row["seed_hash"] for key, row in replay.tables["study_chains"].items()}
    for values in reader.rows("study_parts", PART, "source_id, after_seq, number"):
        told, shown = replay.parts.get(values[:3]), " ".join(map(str, values[:3]))
        seen.add(values[:3])
        if told is None:
            continue
        for column, value in zip(PART, values, strict=True):
            if told[column] != value:
                yield finding("study_parts", shown, column, told[column], value)
        source, after_seq, *said = values
        bound = sha256(":".join((leaves.get((source, after_seq), ""), *map(str, said[:-1]))))
        if bound != told["leaf"]:
            yield finding("study_parts", shown, "leaf", told["leaf"], bound)
        leaves[source, after_seq] = told["leaf"]
    for key in replay.parts.keys() - seen:
        yield finding("study_parts", " ".join(map(str, key)), "row", "a row", "(nothing)")


def _questions(reader: Reader, replay: Replay, finding: Maker) -> Iterator[Any]:
    for check, question, right in reader.rows("presence_checks", ("id", "question", "right_option")):
        try:
            asked = {name: question[name] for name in ("stem", "stem_en", "options")}
            extra = set(question) - set(asked)
        except (KeyError, TypeError):
            asked, extra = {}, {"question"}
        shown = json.dumps(asked, ensure_ascii=False, separators=(",", ":"))
        found = sha256(f"{check}:{shown}:{right}")
        if check in replay.questions and (found != replay.questions[check] or extra):
            yield finding("presence_checks", check, "question", replay.questions[check], found)


TEXTS = (
    ("study_passes", "id", "seed"),
    ("exam_sittings", "id", "seed"),
    ("corrections", "id", "reason"),
    ("correction_decisions", "correction_id", "note"),
    ("practice_sheets", "id", "note"),
)


def _texts(reader: Reader, replay: Replay, finding: Maker) -> Iterator[Any]:
    for table, key, column in TEXTS:
        for row_id, text in reader.rows(table, (key, column)):
            told, salt = replay.texts.get(f"{table} {row_id} {column}", ("", ""))
            if told and sha256(salt + text) != told:
                yield finding(table, row_id, column, told, sha256(salt + text))


BEAT = ("session_id", "seq", "body_hash", "advisory", "answer")


def _reports(reader: Reader, replay: Replay, finding: Maker) -> Iterator[Any]:
    """What the phone said besides, and what it was told, as far as the entries and the next heartbeat bind them."""
    claims = _claims(replay)
    nonces = {row_id: _nonce(text) for row_id, text in reader.rows("study_sessions", ("id", "opened_answer"))}
    for session, seq, body_hash, advisory, text in reader.rows("study_heartbeats", BEAT, "session_id, seq"):
        shown = f"{session} {seq}"
        span = claims.get((session, seq))
        if span is not None:
            beat = {"seq": seq, "nonce": nonces.get(session), "from_ms": span[0], "to_ms": span[1]}
            said = {"beat": beat, "advisory": advisory}
            found = sha256(json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")))
            if found != body_hash:
                yield finding("study_heartbeats", shown, "advisory", body_hash, found)
        nonces[session] = _nonce(text)
        yield from _answer(shown, (session, seq), text, nonces[session], finding)


def _claims(replay: Replay) -> dict[tuple[str, int], tuple[int, int]]:
    """By session and number: the content an accepted heartbeat claimed."""
    claims: dict[tuple[str, int], tuple[int, int]] = {}
    beats = replay.tables["study_heartbeats"]
    for row in replay.tables["study_intervals"].values():
        key = (row["source_id"], row["number"])
        accepted = beats.get(key, {}).get("received_ms") == row["recorded_ms"]
        if row["evidence_class"] == "online" and accepted:
            start, end = claims.get(key, (row["from_ms"], row["to_ms"]))
            claims[key] = (min(start, row["from_ms"]), max(end, row["to_ms"]))
    return claims


def _nonce(text: object) -> object:
    try:
        return json.loads(str(text))["nonce"]
    except (ValueError, KeyError, TypeError):
        return None


def _answer(shown: str, key: tuple[str, int], text: str, nonce: object, finding: Maker) -> Iterator[Any]:
    """Compact JSON that begins with the session and the number it answers, and tells a nonce."""
    if nonce is None or not text.startswith(f'{{"session":"{key[0]}","seq":{key[1]},'):
        yield finding("study_heartbeats", shown, "answer", "the answer that was given", "something else")


def _lease_clocks(reader: Reader, replay: Replay, finding: Maker) -> Iterator[Any]:
    for person, epoch, high_water in reader.rows("study_leases", ("person_id", "epoch", "high_water_ms")):
        told = replay.lease_clock(person)
        for column, wanted, holds in (("epoch", told[0], epoch), ("high_water_ms", told[1], high_water)):
            if wanted is not None and wanted != holds:
                yield finding("study_leases", person, column, wanted, holds)


SLOT = ("cohort_id", "lesson_id", "held_on", "starts_at", "ends_at", "makes_up_for", "cancelled_at")


def _meetings(reader: Reader, replay: Replay, finding: Maker) -> Iterator[Any]:
    """A class that anybody signed into stays when it was, as long as it was, and is never cancelled; others are in
    no entry."""
    seen = set()
    for meeting, *values in reader.rows("class_meetings", ("id", *SLOT)):
        seen.add(meeting)
        for column, value in zip(SLOT, values, strict=True):
            for told in {each[column] for each in replay.meetings.get(meeting, ())} - {value}:
                yield finding("class_meetings", meeting, column, told, value)
    yield from (finding("class_meetings", each, "row", "a row", "(nothing)") for each in replay.meetings.keys() - seen)
    for lesson, duration_ms in reader.rows("lessons", ("id", "duration_ms")):
        if replay.slots.get(lesson, duration_ms) != duration_ms:
            yield finding("lessons", lesson, "duration_ms", replay.slots[lesson], duration_ms)


PAPER = (
    ("attendance_lists", "id", ("meeting_id", "entered_by", "attachment_hash")),
    ("attendance_decisions", "list_id", ("decision", "decided_by")),
)


def _lists(reader: Reader, replay: Replay, finding: Maker) -> Iterator[Any]:
    """The two people and the photo that an approved paper list rests on; others post nothing."""
    for table, key, columns in PAPER:
        seen = set()
        for row_id, *values in reader.rows(table, (key, *columns)):
            seen.add(row_id)
            told = replay.lists.get(row_id, dict(zip(columns, values, strict=True)))
            for column, value in zip(columns, values, strict=True):
                if told[column] != value:
                    yield finding(table, row_id, column, told[column], value)
        yield from (finding(table, each, "row", "a row", "(nothing)") for each in replay.lists.keys() - seen)
