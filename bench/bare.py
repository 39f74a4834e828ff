"""The bare limit: the rows of a heartbeat by the database's own driver, and nothing else, with the same durability."""

import json
import secrets
import sqlite3
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

STATEMENTS = (
    "INSERT INTO study_heartbeats (session_id, seq, body_hash, advisory, received_ms, received_at, answer)"
    " VALUES (%(session)s, %(seq)s, %(hash)s, %(advisory)s, %(ms)s, %(at)s, %(answer)s)",
    "INSERT INTO study_intervals (id, person_id, enrollment_id, lesson_id, evidence_class, source_id, number, part,"
    " from_ms, to_ms, studied_on, verdict, rule, policy_code, credited_ms, entry, recorded_ms, recorded_at)"
    " VALUES (%(interval)s, %(person)s, %(enrollment)s, %(lesson)s, 'online', %(session)s, %(seq)s, 0,"
    " %(a)s, %(b)s, %(day)s, 'credited', 'online-2', 'base-2023', 8, %(entry)s, %(ms)s, %(at)s)",
    "INSERT INTO study_segments (id, person_id, enrollment_id, lesson_id, interval_id, from_ms, to_ms, wall_from_ms,"
    " wall_to_ms, evidence_class, studied_on, entry, recorded_at)"
    " VALUES (%(segment)s, %(person)s, %(enrollment)s, %(lesson)s, %(interval)s, %(a)s, %(b)s, %(wa)s, %(wb)s,"
    " 'online', %(day)s, %(entry)s, %(at)s)",
    "INSERT INTO evidence_entries (person_id, number, kind, body, leaf, recorded_ms, recorded_at)"
    " VALUES (%(person)s, %(entry)s, 'heartbeat', %(body)s, %(hash)s, %(ms)s, %(at)s)",
    "UPDATE study_sessions SET last_seq = %(seq)s, nonce = %(hash)s, answered_ms = %(ms)s WHERE id = %(session)s",
    "UPDATE lesson_progress SET covered = %(covered)s, credited_ms = %(b)s, position_ms = %(b)s, updated_at = %(at)s"
    " WHERE enrollment_id = %(enrollment)s AND lesson_id = %(lesson)s",
    "UPDATE study_leases SET high_water_ms = %(wb)s, entries = %(entry)s, last_leaf = %(hash)s"
    " WHERE person_id = %(person)s",
)
BODY, ANSWER = "x" * 700, "y" * 900  # as long as the real ones


def run(name: str, url: str, folder: Path, size: int, *, seconds: float) -> float:
    """Heartbeats a second when `size` of them, of as many persons, share a commit."""
    place = Sqlite(folder) if name == "sqlite" else Postgres(url)
    people = place.people()
    done, until = 0, time.perf_counter() + seconds
    begun = time.perf_counter()
    while time.perf_counter() < until:
        group = [people[(done + each) % len(people)] for each in range(size)]
        place.commit([next_rows(person) for person in group])
        done += size
    took = time.perf_counter() - begun
    place.close()
    return done / took


def next_rows(person: dict[str, Any]) -> dict[str, Any]:
    """What the next heartbeat of this person writes; advances her."""
    person["seq"] += 1
    person["entry"] += 1
    person["wa"], person["wb"] = person["wb"], person["wb"] + 20
    person["a"], person["b"] = person["b"], person["b"] + 8
    now = datetime.now(UTC)
    return {
        **person,
        "hash": secrets.token_hex(32),
        "advisory": json.dumps({"rate": 1.0, "visible": True, "muted": False}),
        "covered": json.dumps([[0, person["b"]]]),
        "ms": person["wb"],
        "at": now,
        "day": now.date(),
        "interval": uuid.uuid4(),
        "segment": uuid.uuid4(),
        "body": BODY,
        "answer": ANSWER,
    }


PEOPLE = (
    "SELECT s.id, s.person_id, s.enrollment_id, s.lesson_id, s.last_seq, l.entries, l.high_water_ms"
    " FROM study_sessions s JOIN study_leases l ON l.person_id = s.person_id"
)


def _person(row: Any) -> dict[str, Any]:
    names = ("session", "person", "enrollment", "lesson", "seq", "entry", "wb")
    return {**dict(zip(names, row, strict=True)), "b": 0}


class Postgres:
    """psycopg, one connection, one pipeline a group."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url)

    def people(self) -> list[dict[str, Any]]:
        return [_person(row) for row in self.connection.execute(PEOPLE).fetchall()]

    def commit(self, rows: list[dict[str, Any]]) -> None:
        with self.connection.pipeline(), self.connection.cursor() as cursor:
            for statement in STATEMENTS:
                cursor.executemany(statement, rows)
            self.connection.commit()

    def close(self) -> None:
        self.connection.close()


class Sqlite:
    """The standard library's driver, WAL and full sync."""

    def __init__(self, folder: Path) -> None:
        self.connection = sqlite3.connect(folder / "bench.db", isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            self.connection.execute(f"PRAGMA {pragma}")
        names = (
            "session",
            "seq",
            "hash",
            "advisory",
            "ms",
            "at",
            "answer",
            "interval",
            "person",
            "enrollment",
            "lesson",
        )
        names += ("a", "b", "day", "entry", "segment", "wa", "wb", "body", "covered")
        self.statements = list(STATEMENTS)
        for name in names:
            self.statements = [each.replace(f"%({name})s", f":{name}") for each in self.statements]

    def people(self) -> list[dict[str, Any]]:
        return [_person(row) for row in self.connection.execute(PEOPLE).fetchall()]

    def commit(self, rows: list[dict[str, Any]]) -> None:
        plain = [{name: _plain(value) for name, value in row.items()} for row in rows]
        self.connection.execute("BEGIN IMMEDIATE")
        for statement in self.statements:
            self.connection.executemany(statement, plain)
        self.connection.execute("COMMIT")

    def close(self) -> None:
        self.connection.close()


def _plain(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return value.hex
    return value.isoformat() if hasattr(value, "isoformat") else value
