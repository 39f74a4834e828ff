"""An authority's real-name service: asked once a question, printed on the console in a demo, over HTTPS in real life.

There is no public standard for such services, so this speaks a small contract of its own, in `docs/identity.md`;
a provider with another one gets a file beside this.
"""

import http.client
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TextIO
from urllib.parse import urlsplit

from lms.domain.documents import DocumentType, mask_number
from lms.domain.errors import Unavailable
from lms.domain.verification import Outcome

__all__ = ["Answer", "ConsoleService", "HttpService", "IdentityService", "NoAnswer", "Question", "open_service"]

LARGEST_ANSWER = 64 * 1024
ANSWERS = {"match": Outcome.MATCH, "mismatch": Outcome.MISMATCH, "unknown": Outcome.UNKNOWN}
LONGEST_REFERENCE = 80


@dataclass(frozen=True)
class Question:
    """Whether this name belongs to this number. `key` names the question: asked twice, it is one."""

    key: str
    document_type: DocumentType
    name: str
    number: str


@dataclass(frozen=True)
class Answer:
    """What the service said, and its own number for it."""

    outcome: Outcome
    reference: str = ""


class NoAnswer(Exception):
    """The question left this machine and no answer came back: it may have been counted, so it is not sent again."""


class IdentityService(Protocol):
    """Answers whether a name belongs to a number."""

    source: str

    def check(self, question: Question) -> Answer:
        """The answer; raises Unavailable where nothing was sent, NoAnswer where something may have been."""


class ConsoleService:
    """Prints the question and answers by itself, for a demo: a name with 不符 in it never matches."""

    source = "演示（不是真的核验）"

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out

    def check(self, question: Question) -> Answer:
        """Writes one line, number masked."""
        kind, number = question.document_type.value, mask_number(question.number)
        (self._out or sys.stderr).write(f"identity question {question.key}: {kind} {number}\n")
        return Answer(Outcome.MISMATCH if "不符" in question.name else Outcome.MATCH, "demo")


class HttpService:
    """`POST url` with a bearer token and an Idempotency-Key; no redirects, one try, within `timeout_seconds`."""

    def __init__(self, url: str, token: str, source: str, timeout_seconds: int) -> None:
        self.source = source
        self._address = urlsplit(url)
        self._token = token
        self._timeout = timeout_seconds

    def check(self, question: Question) -> Answer:
        """The answer of the service; its refusals (4xx, 5xx) are as good as none, since the question was sent."""
        connection = self._connect()
        try:
            connection.request("POST", self._path(), self._body(question), self._headers(question))
            response = connection.getresponse()
            return _read(response.status, response.read(LARGEST_ANSWER))
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer(type(error).__name__) from None
        finally:
            connection.close()

    def _connect(self) -> http.client.HTTPConnection:
        secure = self._address.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = kind(self._address.hostname or "", self._address.port, timeout=self._timeout)
        try:
            connection.connect()
        except OSError as error:
            raise Unavailable("identity_unavailable", reason=type(error).__name__) from None
        return connection

    def _path(self) -> str:
        return (self._address.path or "/") + (f"?{self._address.query}" if self._address.query else "")

    def _body(self, question: Question) -> bytes:
        told = {"document_type": question.document_type.value, "name": question.name, "number": question.number}
        return json.dumps(told, ensure_ascii=False).encode()

    def _headers(self, question: Question) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self._token}",
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Idempotency-Key": question.key,
        }


def _read(status: int, body: bytes) -> Answer:
    """`{"result": "match" | "mismatch" | "unknown", "reference": "…"}`."""
    if status != http.client.OK:
        raise NoAnswer(f"status {status}")
    try:
        told = json.loads(body)
        return Answer(ANSWERS[told["result"]], str(told.get("reference", ""))[:LONGEST_REFERENCE])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NoAnswer("an answer nobody can read") from None


def open_service(kind: str, settings: Mapping[str, str]) -> IdentityService | None:
    """The service of `kind`: off (None), console or http; nothing is contacted before it is used."""
    if kind == "off":
        return None
    if kind == "console":
        return ConsoleService()
    timeout = int(settings["timeout_seconds"])
    return HttpService(settings["url"], settings["token"], settings["source"], timeout)
