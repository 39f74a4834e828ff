"""Requests to addresses that strangers named: to the very address that was checked, once, briefly, without redirects.

A name is resolved once; every address it has must be open (domain/webhooks.py), and the line goes to one of these, so
that a second answer of the name server changes nothing. Proxies of the environment are not asked. All of it together
has a deadline; of the answer only the status is wanted, and few bytes are read for it.
"""

import re
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from lms.domain.webhooks import Target, is_open

CONNECT_SECONDS = 3.0
WHOLE_SECONDS = 8.0
LARGEST_HEAD = 16 * 1024
STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([1-5]\d\d)(?:[ \r\n]|$)")
AGENT = "Kangxue-Webhooks/1"

Resolve = Callable[[str, int], Sequence[str]]
Connect = Callable[[str, int, float], socket.socket]


class NotSent(Exception):
    """No status came back; `code` says why: not_resolved, address_not_open, not_connected, no_certificate, too_slow,
    no_answer."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def resolve(host: str, port: int) -> list[str]:
    """Every address of a name, or of a number in any of the forms that the system understands."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def connect(address: str, port: int, seconds: float) -> socket.socket:
    """A line to an address that is written as a number: nothing is resolved any more."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    line = socket.socket(family, socket.SOCK_STREAM)
    try:
        line.settimeout(seconds)
        line.connect((address, port))
    except BaseException:
        line.close()
        raise
    return line


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


@dataclass(frozen=True)
class Outbound:
    """A client for such requests. `demo`: this machine itself may be spoken to as well."""

    demo: bool
    resolve: Resolve = resolve
    connect: Connect = connect
    trust: Callable[[], ssl.SSLContext] = _trust
    clock: Callable[[], float] = time.monotonic
    whole_seconds: float = field(default=WHOLE_SECONDS)

    def post(self, target: Target, headers: Mapping[str, str], body: bytes) -> int:
        """Sends a body and returns the status of the answer, whatever it is; NotSent when there was none."""
        ends = self.clock() + self.whole_seconds
        addresses = self.addresses(target)
        try:
            with self._line(target, addresses, ends) as line:
                line.settimeout(self._left(ends))
                line.sendall(_request(target, headers, body))
                return self._status(line, ends)
        except ssl.SSLCertVerificationError:
            raise NotSent("no_certificate") from None
        except TimeoutError:
            raise NotSent("too_slow") from None
        except OSError:  # SSLError as well
            raise NotSent("no_answer") from None

    def addresses(self, target: Target) -> Sequence[str]:
        """The addresses of the target's name, of which each is open; NotSent otherwise."""
        try:
            found = self.resolve(target.host, target.port)
        except (OSError, UnicodeError):
            raise NotSent("not_resolved") from None
        if not found:
            raise NotSent("not_resolved")
        if not all(is_open(each, demo=self.demo) for each in found):
            raise NotSent("address_not_open")
        return found

    def _line(self, target: Target, addresses: Sequence[str], ends: float) -> socket.socket:
        for address in addresses:
            try:
                plain = self.connect(address, target.port, min(CONNECT_SECONDS, self._left(ends)))
                break
            except OSError:
                continue
        else:
            raise NotSent("not_connected")
        if not target.is_secure:
            return plain
        try:
            plain.settimeout(self._left(ends))
            return self.trust().wrap_socket(plain, server_hostname=target.host)
        except BaseException:
            plain.close()
            raise

    def _status(self, line: socket.socket, ends: float) -> int:
        """The status of the answer: of its first line, without waiting for more than is needed."""
        head = b""
        while b"\n" not in head and len(head) < LARGEST_HEAD:
            line.settimeout(self._left(ends))
            piece = line.recv(4096)
            if not piece:
                break
            head += piece
        found = STATUS_LINE.match(head)
        if found is None:
            raise NotSent("no_answer")
        return int(found[1])

    def _left(self, ends: float) -> float:
        left = ends - self.clock()
        if left <= 0:
            raise NotSent("too_slow")
        return left


def _request(target: Target, headers: Mapping[str, str], body: bytes) -> bytes:
    told = {
        "Host": target.authority,
        "User-Agent": AGENT,
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Connection": "close",
        **headers,
    }
    lines = [f"POST {target.path} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items())]
    return "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + body
