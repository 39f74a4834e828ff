"""Evidence: what happened to a person's study time, one entry after the other, each bound to the one before.

A leaf is the SHA-256 of an entry's canonical JSON (RFC 8785), which names the leaf before it (study-time.md,
Evidence log). Entries hold pseudonyms, ids, ranges and fingerprints only: no name, number or phone.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

VERSION = 1
CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class EvidenceKind(StrEnum):
    """What an entry tells of."""

    SESSION = "session"
    HEARTBEAT = "heartbeat"
    REFUSED = "refused"
    OFFLINE_PASS = "pass"  # noqa: S105
    CHAIN = "chain"
    PART = "part"
    CHECK = "check"
    OUTCOME = "outcome"
    CORRECTION = "correction"
    DECISION = "decision"
    EXAM = "exam"
    ANSWERS = "answers"
    GRADE = "grade"
    PRACTICE = "practice"
    SHEET = "sheet"
    ATTENDANCE = "attendance"
    LINK = "link"


@dataclass(frozen=True)
class Chain:
    """The end of a person's chain: how many entries it has, and the leaf of the last ("" before the first)."""

    person: str
    entries: int
    last_leaf: str


@dataclass(frozen=True)
class Entry:
    """One entry: its number (from 1), what it tells of, its canonical JSON, the SHA-256 of that."""

    number: int
    kind: EvidenceKind
    body: str
    leaf: str


def canonical(facts: Mapping[str, object]) -> str:
    """Canonical JSON (RFC 8785) of facts made of strings, integers, booleans, None, lists and mappings.

    With ASCII keys and without fractions that is what sorted, compact JSON is; callers give no fractions.
    """
    return CANONICAL.encode(facts)


def leaf_of(body: str) -> str:
    """SHA-256 of an entry's body, in hexadecimal."""
    return hashlib.sha256(body.encode()).hexdigest()


def link(chain: Chain, kind: EvidenceKind, facts: Mapping[str, object], clock_ms: int, at: datetime) -> Entry:
    """The next entry of the chain. `clock_ms`: the study clock; `at`: the same moment in UTC."""
    number = chain.entries + 1
    body = canonical(
        {
            **facts,
            "v": VERSION,
            "kind": kind.value,
            "person": chain.person,
            "entry": number,
            "previous": chain.last_leaf,
            "clock_ms": clock_ms,
            "at": at.isoformat(),
        }
    )
    return Entry(number, kind, body, leaf_of(body))


def after(chain: Chain, entry: Entry) -> Chain:
    """The chain with this entry at its end."""
    return Chain(chain.person, entry.number, entry.leaf)
