"""What a phone is told about its study: the answer, and the signed receipt in it."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lms.crypto import Signer
from lms.domain import study
from lms.domain.certificates import facts_hash
from lms.domain.evidence import Entry
from lms.domain.study import Credit, Heartbeat, Interval

ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))  # json.dumps would make one each time


@dataclass(frozen=True)
class Draws:
    """Randomness of one answer, drawn at the edge.

    `nonce`: of the next heartbeat; `beat`: when that is due, `check`: when the next presence check is,
    both in [0, 1); `dice`: what such a check asks.
    """

    nonce: str
    beat: float
    check: float = 0.5
    dice: int = 0


@dataclass(frozen=True)
class Report:
    """A heartbeat as a phone reported it. `advisory` is kept as evidence and never changes credit."""

    session_id: uuid.UUID
    beat: Heartbeat
    advisory: dict[str, Any]

    @cached_property
    def body_hash(self) -> str:
        """Tells a redelivery from another claim under the same number; its nonce keeps it from being guessed."""
        return facts_hash({"beat": vars(self.beat), "advisory": self.advisory})


@dataclass(frozen=True)
class Answer:
    """What the phone is told: JSON text, the same bytes each time it asks again."""

    text: str


@dataclass(frozen=True)
class Standing:
    """Where a lesson stands for one enrollment after what was just recorded. All in ms."""

    credited_ms: int
    confirmed_ms: int
    required_ms: int
    duration_ms: int
    position_ms: int

    def told(self) -> dict[str, Any]:
        """As every answer of the study API tells it."""
        return {
            "credited_total_ms": self.credited_ms,
            "confirmed_total_ms": self.confirmed_ms,
            "required_ms": self.required_ms,
            "duration_ms": self.duration_ms,
            "position_ms": self.position_ms,
            "lesson_done": self.credited_ms >= self.required_ms,
        }


def heartbeat_answer(
    signer: Signer,
    report: Report,
    earned: Credit,
    standing: Standing,
    challenge: dict[str, Any] | None,
    draws: Draws,
    entry: Entry,
    at: str,
) -> str:
    """The answer to an accepted heartbeat, with a receipt that binds it to its entry of evidence."""
    named = {"session": str(report.session_id), "seq": report.beat.seq, "verdict": earned.verdict.value}
    told = standing.told()
    signed = {**named, "credited_total_ms": told["credited_total_ms"], "leaf": entry.leaf, "at": at}
    return dumps(
        {
            **named,
            **told,
            "nonce": draws.nonce,
            "next_beat_ms": study.next_beat_ms(draws.beat),
            "challenge": challenge,
            "leaf": entry.leaf,
            "receipt": signer.sign(signed),
        }
    )


def interval_facts(interval: Interval, interval_id: uuid.UUID, segment_ids: list[uuid.UUID]) -> dict[str, Any]:
    """An interval as its entry of evidence tells it; `number` is added by whoever knows it."""
    return {
        "id": str(interval_id),
        "part": interval.part,
        "from_ms": interval.from_ms,
        "to_ms": interval.to_ms,
        "day": interval.day.isoformat(),
        "verdict": interval.verdict.value,
        "credited_ms": interval.credited_ms,
        "segments": [
            {
                "id": str(segment_id),
                "from_ms": segment.from_ms,
                "to_ms": segment.to_ms,
                "wall_from_ms": segment.wall_from_ms,
                "wall_to_ms": segment.wall_to_ms,
            }
            for segment, segment_id in zip(interval.segments, segment_ids, strict=True)
        ],
    }


def dumps(value: Mapping[str, Any]) -> str:
    """Compact JSON in the order given, Chinese as it is."""
    return ENCODER.encode(value)
