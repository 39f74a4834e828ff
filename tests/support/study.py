"""A phone that studies through the service, and a study clock that tests wind by hand."""

import json
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from lms import clock
from lms.domain.errors import Refused
from lms.domain.study import Heartbeat
from lms.parts import Parts
from lms.services import study
from lms.services.receipts import Draws, Report
from lms.services.scopes import Actor
from tests.support.cast import NOON


class WoundClock:
    """Stands in for the machine's boot counter; starts at an hour and moves only when told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ms = 3_600_000
        monkeypatch.setattr(clock, "boot_counter_ms", lambda: self.ms)

    def forward(self, milliseconds: int) -> None:
        """Lets time pass."""
        self.ms += milliseconds


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
    check: float = 0.9

    def open(self, key: str | None = None) -> dict[str, Any]:
        """Opens a study session."""
        with self.parts.database.transaction() as session:
            answer = study.open_session(
                session,
                self.actor,
                enrollment_id=self.enrollment,
                lesson_id=self.lesson,
                idempotency_key=key,
                draws=Draws(nonce=uuid.uuid4().hex, beat=0.5),
                now=NOON,
            )
        told: dict[str, Any] = json.loads(answer.text)
        self.session, self.nonce, self.seq = uuid.UUID(told["session"]), told["nonce"], 0
        return told

    def report(self, a: int, b: int) -> Report:
        """What the next heartbeat would say."""
        return Report(self.session, Heartbeat(self.seq + 1, self.nonce, a, b), {"rate": 1.0})

    def send(self, report: Report) -> str:
        """Sends a heartbeat and returns the answer's text; raises what was refused, after it was recorded."""
        draws = Draws(nonce=uuid.uuid4().hex, beat=0.5, check=self.check)
        asked = study.Asked(self.actor.person_id, self.actor.account_id, report, draws)
        with self.parts.database.transaction() as session:
            (answer,) = study.record_heartbeats(session, self.parts.signer, [asked], now=NOON + timedelta(minutes=1))
        if isinstance(answer, Refused):
            raise answer
        return answer.text

    def beat(self, a: int, b: int) -> dict[str, Any]:
        """Reports [a, b) and takes in the answer."""
        told: dict[str, Any] = json.loads(self.send(self.report(a, b)))
        self.seq, self.nonce = told["seq"], told["nonce"]
        return told
