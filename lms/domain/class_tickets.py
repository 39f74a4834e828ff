"""The rotating code of a class: what it says, how long it holds, and to whom a scan of it belongs.

The code changes every 15 seconds of the study clock and holds for its own step and the next, so that a photo sent on
is worth nothing after 30 seconds at most. Only a learner of the class who is signed in on her phone can use it. What
her phone gets in return is sealed for her alone, and leaves her the time that a slow line takes to say yes.
"""

import hashlib
import hmac
import uuid
from dataclasses import dataclass

from lms.domain.attendance import MarkKind
from lms.domain.errors import Refused

STEP_MS = 15_000
STEPS_BEHIND = 1
SCAN_MS = 180_000
SEAL_LENGTH = 32  # hexadecimal digits: 128 bits
DIGITS = 8


@dataclass(frozen=True)
class Ticket:
    """What the code says: which class, in or out, the step of the study clock, and the seal over all that."""

    meeting: uuid.UUID
    kind: MarkKind
    step: int
    seal: str

    @property
    def digest(self) -> str:
        """SHA-256: how evidence names it."""
        told = f"{self.meeting}:{self.kind.value}:{self.step}:{self.seal}"
        return hashlib.sha256(told.encode()).hexdigest()


def key_of(secret: str) -> bytes:
    """The key of these codes, derived from the secret key of the deployment."""
    return hmac.new(secret.encode(), b"class tickets 1", hashlib.sha256).digest()


def issue(key: bytes, meeting: uuid.UUID, kind: MarkKind, now_ms: int) -> Ticket:
    """The code that is shown at study clock `now_ms`."""
    return _ticket(key, meeting, kind, now_ms // STEP_MS)


def _ticket(key: bytes, meeting: uuid.UUID, kind: MarkKind, step: int) -> Ticket:
    return Ticket(meeting, kind, step, _seal(key, "ticket", meeting, kind.value, step))


def _seal(key: bytes, *told: object) -> str:
    text = ":".join(map(str, told))
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:SEAL_LENGTH]


def check(key: bytes, ticket: Ticket, now_ms: int) -> None:
    """Refused: ticket_false for one we never made, ticket_old for one that was shown too long ago."""
    true = _ticket(key, ticket.meeting, ticket.kind, ticket.step)
    if not hmac.compare_digest(true.seal.encode(), ticket.seal.encode()):
        raise Refused("ticket_false")
    if not 0 <= now_ms // STEP_MS - ticket.step <= STEPS_BEHIND:
        raise Refused("ticket_old")


def digits(key: bytes, ticket: Ticket) -> str:
    """The same code for whoever has no camera, as eight digits."""
    seal = _seal(key, "digits", ticket.meeting, ticket.kind.value, ticket.step)
    return str(int(seal, 16) % 10**DIGITS).zfill(DIGITS)


def find(key: bytes, meeting: uuid.UUID, typed: str, now_ms: int) -> Ticket:
    """The ticket whose digits were typed, if it still holds; Refused("ticket_digits")."""
    told = "".join(sign for sign in typed if sign.isdecimal() and sign.isascii())
    for step in range(now_ms // STEP_MS - STEPS_BEHIND, now_ms // STEP_MS + 1):
        for kind in MarkKind:
            ticket = _ticket(key, meeting, kind, step)
            if hmac.compare_digest(digits(key, ticket), told):
                return ticket
    raise Refused("ticket_digits")


def seal_scan(key: bytes, ticket: Ticket, enrollment: uuid.UUID, scanned_ms: int) -> str:
    """What a learner's phone holds after it scanned a code that held then: of use to her alone."""
    return _seal(key, "scan", ticket.digest, enrollment, scanned_ms)


def check_scan(key: bytes, ticket: Ticket, enrollment: uuid.UUID, scanned_ms: int, seal: str, now_ms: int) -> None:
    """Refused: ticket_false for a scan we did not seal for her, ticket_old for one she left too long."""
    if not hmac.compare_digest(seal_scan(key, ticket, enrollment, scanned_ms).encode(), seal.encode()):
        raise Refused("ticket_false")
    if not 0 <= now_ms - scanned_ms <= SCAN_MS:
        raise Refused("ticket_old")
