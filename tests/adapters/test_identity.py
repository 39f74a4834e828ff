"""The console's service and the one over HTTP; the latter against a loopback server that counts what it is asked."""

import io
import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from lms.adapters.identity import ConsoleService, HttpService, NoAnswer, Question, open_service
from lms.domain.documents import DocumentType
from lms.domain.errors import Unavailable
from lms.domain.verification import Outcome

QUESTION = Question("q-1", DocumentType.RESIDENT_ID, "李芳", "219999198501010026")


class Authority:
    """The other side."""

    def __init__(self) -> None:
        self.status, self.body = 200, b'{"result": "match", "reference": "R1"}'
        self.asked: list[tuple[dict[str, str], bytes]] = []
        self.silent = False
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                authority.asked.append(({k.lower(): v for k, v in self.headers.items()}, body))
                if authority.silent:
                    self.close_connection = True
                    return
                self.send_response(authority.status)
                self.send_header("Content-Length", str(len(authority.body)))
                self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()
                self.wfile.write(authority.body)

            def log_message(self, *_arguments: object) -> None:
                """Quiet."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/check?v=1"


@pytest.fixture
def authority() -> Iterator[Authority]:
    made = Authority()
    thread = threading.Thread(target=made.server.serve_forever)
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def service(authority: Authority) -> HttpService:
    settings = {"url": authority.url, "token": "t0ken", "source": "某市核验", "timeout_seconds": "5"}
    made = open_service("http", settings)
    assert isinstance(made, HttpService)
    return made


@pytest.mark.parametrize(
    ("result", "outcome"),
    [("match", Outcome.MATCH), ("mismatch", Outcome.MISMATCH), ("unknown", Outcome.UNKNOWN)],
)
def test_a_question_and_its_answer(authority: Authority, result: str, outcome: Outcome) -> None:
    authority.body = json.dumps({"result": result, "reference": "R" * 200}).encode()
    answer = service(authority).check(QUESTION)
    assert (answer.outcome, answer.reference) == (outcome, "R" * 80)
    ((headers, body),) = authority.asked
    assert (headers["authorization"], headers["idempotency-key"]) == ("Bearer t0ken", "q-1")
    assert json.loads(body) == {"document_type": "resident_id", "name": "李芳", "number": "219999198501010026"}


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, b"{}"), (401, b"{}"), (302, b"{}"), (200, b"no json"), (200, b"[]"), (200, b'{"result": "perhaps"}')],
)
def test_anything_else_is_no_answer_and_asked_once(authority: Authority, status: int, body: bytes) -> None:
    authority.status, authority.body = status, body
    with pytest.raises(NoAnswer):
        service(authority).check(QUESTION)
    assert len(authority.asked) == 1


def test_a_line_that_breaks_after_sending_is_no_answer(authority: Authority) -> None:
    authority.silent = True
    with pytest.raises(NoAnswer) as silence:
        service(authority).check(QUESTION)
    assert "219999198501010026" not in str(silence.value)
    assert len(authority.asked) == 1


def test_a_service_that_is_not_there_was_not_asked() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and not listening
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        with pytest.raises(Unavailable, match="identity_unavailable"):
            HttpService(url, "", "", 5).check(QUESTION)


def test_the_console_masks_and_answers_by_itself() -> None:
    out = io.StringIO()
    console = ConsoleService(out)
    assert console.check(QUESTION).outcome is Outcome.MATCH
    assert console.check(Question("q-2", DocumentType.RESIDENT_ID, "李不符", "219999198501010026")).outcome is (
        Outcome.MISMATCH
    )
    assert "219999198501010026" not in out.getvalue()
    assert "李" not in out.getvalue()


def test_the_settings_choose_the_service() -> None:
    assert open_service("off", {}) is None
    assert isinstance(open_service("console", {}), ConsoleService)
