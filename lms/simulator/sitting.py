"""One study session of one phone: the numbers that its next report must carry, and what came back."""

import time
from typing import Any

from lms.simulator.chain import Played, linked
from lms.simulator.client import Answer, Client
from lms.simulator.person import Lesson, Person

MOST_PARTS = 100


class Sitting:
    """A session in one lesson. `nonces` and `heard_at` are kept for each answer: a chain may hang on any of them."""

    def __init__(self, person: Person, lesson: Lesson, client: Client | None = None) -> None:
        self.person, self.lesson, self.client = person, lesson, client or person.client
        self.session, self.seq = "", 0
        self.nonces: dict[int, str] = {}
        self.heard_at: dict[int, float] = {}
        self.credited_ms = 0
        self.next_beat_ms = 20_000

    @property
    def nonce(self) -> str:
        """What the next report must carry."""
        return self.nonces.get(self.seq, "")

    def open(self, key: str = "") -> Answer:
        """Takes the lease."""
        body = {"enrollment": self.lesson.enrollment, "lesson": self.lesson.lesson}
        answer = self.person.post("sessions", body, key, self.client)
        if answer.is_good:
            self.session, self.seq = answer.body["session"], 0
            self._hear(answer.body)
        return answer

    def report(self, a: int, b: int, **lies: Any) -> dict[str, Any]:
        """The body of the next heartbeat; `lies` replace what it would say."""
        said = {"session": self.session, "seq": self.seq + 1, "nonce": self.nonce, "a": a, "b": b}
        return said | {"advisory": {"rate": 1.0, "visible": True, "muted": False}} | lies

    def beat(self, a: int, b: int, **lies: Any) -> Answer:
        """Claims [a, b) and takes in the answer."""
        self.person.claim(max(0, b - a))
        return self.send(self.report(a, b, **lies))

    def send(self, report: dict[str, Any]) -> Answer:
        """Sends a heartbeat, for the first time or again."""
        answer = self.person.post("heartbeats", report, client=self.client)
        if answer.is_good and answer.body["seq"] == self.seq + 1:
            self.seq += 1
            self._hear(answer.body)
        return answer

    def _hear(self, told: dict[str, Any]) -> None:
        self.nonces[self.seq], self.heard_at[self.seq] = told["nonce"], time.monotonic()
        self.credited_ms, self.next_beat_ms = told["credited_total_ms"], told["next_beat_ms"]

    def batches(self, parts: list[Played], after_seq: int | None = None) -> list[dict[str, Any]]:
        """The uploads that tell what was played after an answer, the last one if none is named."""
        after = self.seq if after_seq is None else after_seq
        source = {"session": self.session, "after_seq": after}
        return uploads(source, self.nonces.get(after, ""), parts)


def uploads(source: dict[str, Any], seed: str, parts: list[Played], size: int = MOST_PARTS) -> list[dict[str, Any]]:
    """A whole chain as bodies of `size` parts each, for a session's gap or a pass."""
    made = linked(seed, parts)
    if not made:
        return []
    common = source | {"head": made[-1]["hash"], "count": len(made)}
    return [common | {"parts": made[at : at + size]} for at in range(0, len(made), size)]
