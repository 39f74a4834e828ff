"""A phone that studies through the services, and a study clock that tests wind by hand."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from lms import clock
from lms.domain.certificates import facts_hash
from lms.domain.errors import Refused
from lms.domain.offline import Part, leaf_after, seed_hash
from lms.domain.study import Heartbeat
from lms.models.presence import PresenceCheck
from lms.parts import Parts
from lms.services import presence, recovery, study
from lms.services.receipts import Answer, Draws, Report
from lms.services.scopes import Actor
from tests.support.cast import NOON

STARTED_MS = 3_600_000
NEVER, SOON = 0.9, 0.0  # draws of a presence check: after half an hour of credit, after a minute


class WoundClock:
    """Stands in for the machine's boot counter; starts at an hour and moves only when told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ms = STARTED_MS
        monkeypatch.setattr(clock, "boot_counter_ms", lambda: self.ms)

    def forward(self, milliseconds: int) -> None:
        """Lets time pass."""
        self.ms += milliseconds


def now() -> datetime:
    """UTC as it goes with the wound clock: noon in China when that was started."""
    return NOON + timedelta(milliseconds=clock.boot_counter_ms() - STARTED_MS)


def chain(seed: str, lesson: uuid.UUID, plays: Sequence[tuple[int, int, int, int]]) -> list[Part]:
    """A hash chain of (a, b, mono_start, mono_end), as a phone without a line keeps it."""
    leaf, made = seed_hash(seed), []
    for number, play in enumerate(plays, 1):
        bare = Part(number, str(lesson), *play, leaf="")
        leaf = leaf_after(leaf, bare)
        made.append(replace(bare, leaf=leaf))
    return made


@dataclass
class Phone:
    """One device of one learner in one lesson; keeps session, sequence and nonce as the page does."""

    parts: Parts
    actor: Actor
    enrollment: uuid.UUID
    lesson: uuid.UUID
    session: uuid.UUID = field(default_factory=uuid.uuid4)
    seq: int = 0
    nonce: str = ""
    check: float = NEVER

    def draws(self) -> Draws:
        """Randomness of an answer; `check` decides when the next presence check comes."""
        return Draws(nonce=uuid.uuid4().hex, beat=0.5, check=self.check, dice=7)

    def open(self, key: str | None = None) -> dict[str, Any]:
        """Opens a study session."""
        with self.parts.database.transaction() as session:
            answer = study.open_session(
                session,
                self.actor,
                enrollment_id=self.enrollment,
                lesson_id=self.lesson,
                idempotency_key=key,
                draws=self.draws(),
                now=now(),
            )
        told: dict[str, Any] = json.loads(answer.text)
        self.session, self.nonce, self.seq = uuid.UUID(told["session"]), told["nonce"], 0
        return told

    def report(self, a: int, b: int) -> Report:
        """What the next heartbeat would say."""
        return Report(self.session, Heartbeat(self.seq + 1, self.nonce, a, b), {"rate": 1.0})

    def send(self, report: Report) -> str:
        """Sends a heartbeat and returns the answer's text; raises what was refused, after it was recorded."""
        asked = study.Asked(self.actor.person_id, self.actor.account_id, report, self.draws())
        with self.parts.database.transaction() as session:
            (answer,) = study.record_heartbeats(session, self.parts.signer, [asked], now=now())
        return _text(answer)

    def beat(self, a: int, b: int) -> dict[str, Any]:
        """Reports [a, b) and takes in the answer."""
        told: dict[str, Any] = json.loads(self.send(self.report(a, b)))
        self.seq, self.nonce = told["seq"], told["nonce"]
        return told

    def gap(self, *plays: tuple[int, int, int, int]) -> list[Part]:
        """The chain this phone has kept since its last answer."""
        return chain(self.nonce, self.lesson, plays)

    def upload(self, parts: Sequence[Part], chosen: Sequence[Part] | None = None, **other: Any) -> str:
        """Uploads some parts of a gap's chain, or all of them."""
        said = {"source_id": self.session, "is_gap": True, "after_seq": self.seq, "head": parts[-1].leaf}
        return self.batch({**said, "count": len(parts), **other}, parts if chosen is None else chosen)

    def batch(self, said: dict[str, Any], parts: Sequence[Part]) -> str:
        """Uploads parts; returns the answer's text, raises what was refused."""
        body_hash = facts_hash({**{k: str(v) for k, v in said.items()}, "parts": [p.leaf for p in parts]})
        asked = study.Upload(**said, parts=tuple(parts), body_hash=body_hash)
        with self.parts.database.transaction() as session:
            answer = study.record_batch(session, self.actor, asked, draws=self.draws(), now=now())
        return _text(answer)

    def take_pass(self, *lessons: uuid.UUID, key: str | None = None) -> dict[str, Any]:
        """Downloads lessons for study without a line."""
        with self.parts.database.transaction() as session:
            answer = study.issue_pass(
                session,
                self.actor,
                enrollment_id=self.enrollment,
                lesson_ids=lessons or (self.lesson,),
                idempotency_key=key,
                draws=self.draws(),
                now=now(),
            )
        told: dict[str, Any] = json.loads(answer.text)
        return told

    def upload_pass(self, taken: dict[str, Any], parts: Sequence[Part], chosen: Sequence[Part] | None = None) -> str:
        """Uploads what was studied under a pass."""
        said = {"source_id": uuid.UUID(taken["pass"]), "is_gap": False, "after_seq": 0, "head": parts[-1].leaf}
        return self.batch({**said, "count": len(parts)}, parts if chosen is None else chosen)

    def reply(self, challenge: dict[str, Any], picked: int | None) -> dict[str, Any]:
        """Answers a presence check; None is “I was called away”."""
        with self.parts.database.transaction() as session:
            answer = presence.answer(
                session, self.actor, uuid.UUID(challenge["id"]), picked, draws=self.draws(), now=now()
            )
        told: dict[str, Any] = json.loads(_text(answer))
        return told

    def right(self, challenge: dict[str, Any]) -> int:
        """The right option, which only the database knows."""
        with self.parts.database.transaction(write=False) as session:
            found = select(PresenceCheck.right_option).where(PresenceCheck.id == uuid.UUID(challenge["id"]))
            return session.scalars(found).one()

    def recover(self) -> dict[str, Any]:
        """Asks for a check that makes up for what was missed."""
        with self.parts.database.transaction() as session:
            return recovery.start(session, self.actor, self.enrollment, draws=self.draws(), now=now())


def _text(answer: Answer | Refused) -> str:
    if isinstance(answer, Refused):
        raise answer
    return answer.text
