"""A crowd of learners that report heartbeats as fast as they are answered: one thread, cheap enough to share the
machine with the server it loads."""

import re
import selectors
import socket
import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from lms.cli.rig import Address, Learner

STEP_MS = 8  # of content a heartbeat: less than the time between two of them, so that each earns a segment
HEADERS_END = b"\r\n\r\n"
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
NONCE, VERDICT = b'"nonce":"', b'"verdict":"'
RETRY_SECONDS = 0.1


@dataclass
class Kept:
    """An acknowledged heartbeat: what a phone would hold in its hands after the server died."""

    session: uuid.UUID
    seq: int
    answer: bytes


@dataclass
class Tally:
    """What the crowd was told: answers by verdict, refusals by status line, milliseconds from question to answer."""

    verdicts: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    latencies_ms: list[float] = field(default_factory=list)
    broken_lines: int = 0

    @property
    def accepted(self) -> int:
        """Heartbeats answered with 201."""
        return sum(self.verdicts.values())

    def percentile_ms(self, share: float) -> float:
        """The latency that this share of the answers did not exceed."""
        ordered = sorted(self.latencies_ms)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


class Rider:
    """One phone on one connection, with one request on its way at a time."""

    def __init__(self, learner: Learner, address: Address) -> None:
        self.learner = learner
        self.address = address
        self.seq = learner.seq
        self.nonce = learner.nonce.encode()
        self.at_ms = 0
        self.sock: socket.socket | None = None
        self.buffer = b""
        self.asked_at = 0.0
        self.retry_at = 0.0
        self._request = b""
        self._head = (
            f"POST /api/v1/study/heartbeats HTTP/1.1\r\nHost: {address.host}:{address.port}\r\n"
            f"{learner.credentials}Content-Type: application/json\r\nContent-Length: "
        ).encode()
        self._body = b'{"session":"' + str(learner.session).encode() + b'","seq":%d,"nonce":"%s","a":%d,"b":%d}'

    def connect(self) -> bool:
        """A fresh connection; False while nobody listens."""
        try:
            self.sock = socket.create_connection((self.address.host, self.address.port), timeout=5)
        except OSError:
            return False
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.setblocking(False)
        self.buffer = b""
        return True

    def ask(self) -> None:
        """Sends the next heartbeat, or the same one again if it was never answered."""
        if not self._request:
            body = self._body % (self.seq + 1, self.nonce, self.at_ms, self.at_ms + STEP_MS)
            self._request = b"%s%d\r\n\r\n%s" % (self._head, len(body), body)
        self.asked_at = time.perf_counter()
        if self.sock is not None:
            self.sock.send(self._request)

    def hear(self) -> bytes | None:
        """The whole answer once it is there; OSError when the line breaks."""
        if self.sock is None:
            raise ConnectionError
        received = self.sock.recv(65536)
        if not received:
            raise ConnectionError
        self.buffer += received
        end = self.buffer.find(HEADERS_END)
        length = LENGTH.search(self.buffer, 0, end) if end >= 0 else None
        if length is None or len(self.buffer) < end + 4 + int(length[1]):
            return None
        answer, self.buffer = self.buffer, b""
        return answer

    def take_in(self, answer: bytes) -> str:
        """Goes on after an accepted heartbeat; returns its verdict."""
        start = answer.rindex(NONCE) + len(NONCE)
        self.nonce = answer[start : answer.index(b'"', start)]
        self.seq += 1
        self.at_ms += STEP_MS
        self._request = b""
        start = answer.index(VERDICT) + len(VERDICT)
        return answer[start : answer.index(b'"', start)].decode()

    def hang_up(self) -> None:
        """Closes the connection."""
        if self.sock is not None:
            self.sock.close()
        self.sock = None


class Crowd:
    """All riders in one loop. A broken line is tried again, with the same heartbeat, as a phone does."""

    def __init__(
        self, learners: Sequence[Learner], address: Address, keep: Callable[[Kept], None] | None = None
    ) -> None:
        self.tally = Tally()
        self._riders = [Rider(each, address) for each in learners]
        self._keep = keep
        self._selector = selectors.DefaultSelector()
        self._waiting: list[Rider] = list(self._riders)

    def ride(self, seconds: float, stop: Callable[[], bool] = lambda: False) -> None:
        """Drives until the time is over, then lets the answers on their way come in."""
        until = time.perf_counter() + seconds
        while time.perf_counter() < until and not stop():
            self._turn(asking=True)
        patience = time.perf_counter() + 5
        while self._selector.get_map() and time.perf_counter() < patience:
            self._turn(asking=False)
        for rider in self._riders:
            self._drop(rider)
        self._waiting = list(self._riders)

    def _turn(self, *, asking: bool) -> None:
        now = time.perf_counter()
        for rider in [each for each in self._waiting if asking and each.retry_at <= now]:
            self._begin(rider, now)
        for key, _ in self._selector.select(0.05):
            self._listen(key.data, asking=asking)

    def _begin(self, rider: Rider, now: float) -> None:
        if not rider.connect() or rider.sock is None:
            rider.retry_at = now + RETRY_SECONDS
            return
        self._waiting.remove(rider)
        self._selector.register(rider.sock, selectors.EVENT_READ, rider)
        self._ask(rider)

    def _ask(self, rider: Rider) -> None:
        try:
            rider.ask()
        except OSError:
            self._lose(rider)

    def _listen(self, rider: Rider, *, asking: bool) -> None:
        try:
            answer = rider.hear()
        except BlockingIOError:
            return
        except OSError:
            self._lose(rider)
            return
        if answer is None:
            return
        self.tally.latencies_ms.append((time.perf_counter() - rider.asked_at) * 1000)
        if not self._judge(rider, answer) or not asking:
            self._drop(rider)
            rider.retry_at = time.perf_counter() + RETRY_SECONDS
            self._waiting.append(rider)
        else:
            self._ask(rider)

    def _judge(self, rider: Rider, answer: bytes) -> bool:
        if not answer.startswith(b"HTTP/1.1 201"):
            said = answer[answer.index(HEADERS_END) + 4 :][:60].decode(errors="replace")
            self.tally.refusals[f"{answer[9:12].decode()} {said}"] += 1
            return False
        seq = rider.seq + 1
        self.tally.verdicts[rider.take_in(answer)] += 1
        if self._keep:
            self._keep(Kept(rider.learner.session, seq, answer[answer.index(HEADERS_END) + 4 :]))
        return True

    def _lose(self, rider: Rider) -> None:
        self.tally.broken_lines += 1
        self._drop(rider)
        rider.retry_at = time.perf_counter() + RETRY_SECONDS
        self._waiting.append(rider)

    def _drop(self, rider: Rider) -> None:
        if rider.sock is not None:
            self._selector.unregister(rider.sock)
            rider.hang_up()
