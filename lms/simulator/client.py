"""One phone's line to the server: JSON over a kept connection, answers as values, a lost line as an exception."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 30
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Unreachable(Exception):
    """The server could not be asked, or its answer did not arrive."""


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the JSON (empty for a page), the text, and how long to wait when told so."""

    status: int
    body: dict[str, Any] = field(default_factory=dict)
    text: str = ""
    retry_after: float = 0.0

    @property
    def is_good(self) -> bool:
        """Whether what was asked for was done."""
        return 200 <= self.status < 300

    @property
    def is_later(self) -> bool:
        """Whether the same request may succeed in a while: too many, or the server is tired."""
        return self.status >= 500 or self.code in ("too_many_requests", "changed_meanwhile")

    @property
    def code(self) -> str:
        """The stable code of a refusal."""
        return str(self.body.get("code", ""))


def is_loopback(address: str) -> bool:
    """Whether an address is this machine's own."""
    return urlsplit(address).hostname in LOOPBACK


class Client:
    """A connection of one phone. `source` is the address it says it comes from, for a server behind a proxy."""

    def __init__(self, address: str, token: str = "", source: str = "") -> None:
        self.address, self.token, self.source = urlsplit(address), token, source
        self._connection: HTTPConnection | None = None

    def get(self, path: str) -> Answer:
        """Reads a page or a list."""
        return self._ask("GET", path, None, {})

    def post(self, path: str, body: Mapping[str, Any], key: str = "") -> Answer:
        """Sends JSON, with an `Idempotency-Key` if given."""
        return self._ask("POST", path, json.dumps(body).encode(), {"Idempotency-Key": key} if key else {})

    def close(self) -> None:
        """Hangs up."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _ask(self, method: str, path: str, body: bytes | None, extra: Mapping[str, str]) -> Answer:
        is_kept = self._connection is not None
        try:
            return self._once(method, path, body, extra)
        except (HTTPException, OSError) as error:
            self.close()
            if not is_kept:
                raise Unreachable(str(error)) from error
        try:  # the server had let a kept connection go; every request of ours may be sent twice
            return self._once(method, path, body, extra)
        except (HTTPException, OSError) as error:
            self.close()
            raise Unreachable(str(error)) from error

    def _once(self, method: str, path: str, body: bytes | None, extra: Mapping[str, str]) -> Answer:
        connection = self._connection or self._connect()
        connection.request(method, path, body, self._headers() | dict(extra))
        return _read(connection.getresponse())

    def _connect(self) -> HTTPConnection:
        host, port = self.address.hostname or "", self.address.port
        kind = HTTPSConnection if self.address.scheme == "https" else HTTPConnection
        self._connection = kind(host, port, timeout=TIMEOUT_SECONDS)
        return self._connection

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Accept-Language": "zh-CN"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if self.source:
            headers["X-Forwarded-For"] = self.source
        return headers


def _read(response: HTTPResponse) -> Answer:
    text = response.read().decode("utf-8", "replace")
    later = response.headers.get("Retry-After", "0")
    try:
        told = json.loads(text) if "json" in response.headers.get("Content-Type", "") else {}
    except ValueError:
        told = {}
    body = told if isinstance(told, dict) else {}
    return Answer(response.status, body, text, float(later) if later.isdigit() else 0.0)
