"""Webhooks: where they may go, what they tell, how often they are tried again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from lms.domain.errors import Refused

LONGEST_ADDRESS = 500
MOST_SUBSCRIPTIONS = 10
OVERLAP = timedelta(hours=24)
"""How long the old secret signs beside the new one; our own choice."""
PAUSES = tuple(timedelta(seconds=each) for each in (5, 300, 1_800, 7_200, 18_000, 36_000, 36_000))
"""Between the tries, as the Standard Webhooks specification suggests."""
PORTS = {"https": 443, "http": 80}

ODD = tuple(
    ip_network(each)
    for each in (
        "168.63.129.16/32",  # a cloud's inner service under an address that looks public
        "::/96",  # IPv4 written as IPv6, long given up
        "2001::/32",  # Teredo
        "2002::/16",  # 6to4
        "64:ff9b:1::/48",  # NAT64 of a local network
        "fec0::/10",  # site-local, given up
    )
)
NAT64 = ip_network("64:ff9b::/96")


class Event(StrEnum):
    """What a webhook can tell. Study time is not among them: it changes every few seconds, and is pulled."""

    COHORT_CHANGED = "cohort.changed"
    ENROLLMENT_CREATED = "enrollment.created"
    ENROLLMENT_CHANGED = "enrollment.changed"
    ENROLLMENT_REMOVED = "enrollment.removed"
    ATTENDANCE_CHANGED = "attendance.changed"
    SCORE_CHANGED = "score.changed"
    CERTIFICATE_ISSUED = "certificate.issued"
    CERTIFICATE_CHANGED = "certificate.changed"
    TEST = "test"


CHOSEN = tuple(each for each in Event if each is not Event.TEST)
"""What can be subscribed to; a test is sent by hand."""


class DeliveryState(StrEnum):
    """Where a delivery stands. WAITING: to be tried, or tried again; FAILED: given up."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True)
class Target:
    """An address taken apart: what is resolved, what is connected to, what is asked for."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def is_secure(self) -> bool:
        """Whether the line is encrypted."""
        return self.scheme == "https"

    @property
    def authority(self) -> str:
        """The Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def check_address(text: str, *, demo: bool) -> Target:
    """The address of a webhook, taken apart: https, and ports 80 or 443, except in a demo, which may also use http and
    any port. What its name resolves to is looked at anew with every delivery (`is_open`).

    Refused: webhook_address_shape, webhook_address_scheme, webhook_address_port.
    """
    parts = _split(text)
    if parts.scheme != "https" and not (demo and parts.scheme == "http"):
        raise Refused("webhook_address_scheme")
    try:
        port = parts.port if parts.port is not None else PORTS[parts.scheme]
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        raise Refused("webhook_address_shape") from None
    if port not in PORTS.values() and not demo:
        raise Refused("webhook_address_port")
    path = parts.path or "/"
    return Target(parts.scheme, host, port, f"{path}?{parts.query}" if parts.query else path)


def _split(text: str) -> SplitResult:
    """Refused unless it is an address in plain visible signs, with a host and without user, password and fragment."""
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        raise Refused("webhook_address_shape") from None
    rest = f"{parts.path}{parts.query}"
    plain = all(" " < sign < "\x7f" for sign in rest) and all(sign > " " for sign in text) and "\\" not in text
    if not host or "%" in host or "@" in parts.netloc or parts.fragment or not plain or len(text) > LONGEST_ADDRESS:
        raise Refused("webhook_address_shape")
    return parts


def is_open(address: str, *, demo: bool) -> bool:
    """Whether a resolved address may be spoken to: a public one; in a demo also this machine itself.

    Private, loopback, link-local (where clouds keep their metadata), shared, reserved and multicast addresses are not,
    in whatever form they are written; IPv4 inside IPv6 is judged as what it is.
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    found = _inner(found)
    if demo and found.is_loopback:
        return True
    odd = any(found in network for network in ODD if network.version == found.version)
    return found.is_global and not (found.is_multicast or found.is_reserved or odd)


def _inner(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def check_events(asked: Iterable[str]) -> tuple[Event, ...]:
    """The events of a subscription, in one order. Refused: webhook_events_missing."""
    wanted = set(asked)
    found = tuple(each for each in CHOSEN if each.value in wanted)
    if not found:
        raise Refused("webhook_events_missing")
    return found


def pause_after(tries: int) -> timedelta | None:
    """How long to wait after that many failed tries; None: it is given up."""
    return PAUSES[tries - 1] if tries <= len(PAUSES) else None


def succeeded(status: int | None) -> bool:
    """Whether the other side took it: any 2xx; a redirect is a failure, and is never followed."""
    return status is not None and 200 <= status < 300
