"""Requests to strangers: only to what was checked, once, briefly, and no further."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lms.adapters import outbound
from lms.adapters.outbound import NotSent, Outbound
from lms.domain.webhooks import check_address

BODY = b'{"type":"test"}'
OK = b"HTTP/1.1 204 No Content\r\n\r\n"
PUBLIC = "203.0.114.7"  # stands for any public address; nothing here ever leaves this machine


class Far:
    """The other side, on loopback: what it heard, and what it says."""

    def __init__(self, says: bytes, context: ssl.SSLContext | None = None) -> None:
        self.heard: list[bytes] = []
        self._says, self._context = says, context
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        self._thread = threading.Thread(target=self._answer, daemon=True)
        self._thread.start()

    def _answer(self) -> None:
        while True:
            try:
                line, _from = self._door.accept()
            except OSError:
                return
            with line:
                self._serve(line)

    def _serve(self, line: socket.socket) -> None:
        try:
            spoken = self._context.wrap_socket(line, server_side=True) if self._context else line
            with spoken:
                self.heard.append(_all_of(spoken))
                spoken.sendall(self._says)
                spoken.settimeout(5)
                spoken.recv(1)  # until the other one has gone
        except OSError:
            return

    def close(self) -> None:
        """No more callers."""
        self._door.shutdown(socket.SHUT_RDWR)  # wakes up whoever waits for a caller
        self._door.close()


def _all_of(line: socket.socket) -> bytes:
    heard = b""
    while not heard.endswith(BODY):
        piece = line.recv(4096)
        if not piece:
            break
        heard += piece
    return heard


@contextmanager
def far(says: bytes = OK, context: ssl.SSLContext | None = None) -> Iterator[Far]:
    """The other side, while it is needed."""
    made = Far(says, context)
    try:
        yield made
    finally:
        made.close()


def names(*answers: list[str]) -> Callable[[str, int], list[str]]:
    """A name server that says something else each time it is asked; asked too often, it fails."""
    left = iter(answers)
    return lambda _host, _port: next(left)


def redialled(port: int, dialled: list[str]) -> Callable[[str, int, float], socket.socket]:
    """Notes where a line was to go, and takes it to loopback."""

    def connect(address: str, _port: int, seconds: float) -> socket.socket:
        dialled.append(address)
        return socket.create_connection(("127.0.0.1", port), seconds)

    return connect


def post(client: Outbound, address: str, *, demo: bool = False) -> int:
    return client.post(check_address(address, demo=demo), {"webhook-id": "1"}, BODY)


def test_a_demo_sends_to_this_machine() -> None:
    with far() as there:
        assert post(Outbound(demo=True), f"http://127.0.0.1:{there.port}/hook?a=b", demo=True) == 204
    (heard,) = there.heard
    head, _, body = heard.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /hook?a=b HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{there.port}\r\n".encode() in head
    assert b"webhook-id: 1" in head
    assert body == BODY


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://017700000001/",
        "https://127.1/",
        "https://0/",
        "https://[::1]/",
        "https://[::]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[fe80::1]/",
        "https://[fd00:ec2::254]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://2852039166/",
        "https://10.0.0.1/",
        "https://100.100.100.200/",
        "https://localhost/",
    ],
)
def test_inner_addresses_are_refused_however_they_are_written(address: str) -> None:
    """By the system's own resolver, which reads the odd forms as numbers."""

    def never(*_told: object) -> socket.socket:
        raise AssertionError("a line was opened")

    with pytest.raises(NotSent) as refused:
        post(Outbound(demo=False, connect=never), address)
    assert refused.value.code in ("address_not_open", "not_resolved")  # some systems know fewer forms


def test_one_inner_address_among_public_ones_is_enough() -> None:
    client = Outbound(demo=False, resolve=names([PUBLIC, "10.0.0.1"]))
    with pytest.raises(NotSent, match="address_not_open"):
        post(client, "https://hooks.example.cn/")


def test_the_line_goes_to_the_address_that_was_checked() -> None:
    """A name server that says a public address first and an inner one then: it is asked once, and its word is kept."""
    dialled: list[str] = []
    with far() as there:
        client = Outbound(demo=True, resolve=names([PUBLIC], ["127.0.0.1"]), connect=redialled(there.port, dialled))
        assert post(client, "http://rebinding.example/", demo=True) == 204
    assert dialled == [PUBLIC]


def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    dialled: list[str] = []

    def connect(address: str, port: int, seconds: float) -> socket.socket:
        if address == PUBLIC:
            raise ConnectionRefusedError
        return redialled(there.port, dialled)(address, port, seconds)

    with far() as there:
        client = Outbound(demo=True, resolve=names([PUBLIC, "203.0.114.8"]), connect=connect)
        assert post(client, "http://hooks.example.cn/", demo=True) == 204
    assert dialled == ["203.0.114.8"]


def test_a_number_is_connected_to_without_asking_a_name_server(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_told: object, **_named: object) -> list[object]:
        raise AssertionError("a name was resolved")

    with far() as there:
        monkeypatch.setattr(socket, "getaddrinfo", never)
        outbound.connect("127.0.0.1", there.port, 2).close()


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_told_and_not_followed(status: int) -> None:
    with far() as beyond:
        says = f"HTTP/1.1 {status} There\r\nLocation: http://127.0.0.1:{beyond.port}/\r\n\r\n".encode()
        with far(says) as there:
            assert post(Outbound(demo=True), f"http://127.0.0.1:{there.port}/", demo=True) == status
        assert beyond.heard == []


@pytest.mark.parametrize(
    "says",
    [b"", b"SSH-2.0-OpenSSH_9\r\n", b"HTTP/2 200\r\n", b"HTTP/1.1 999\r\n", b"x" * 100_000, b"HTTP/1.1 2000\r\n"],
)
def test_what_is_no_answer_is_none(says: bytes) -> None:
    with far(says) as there, pytest.raises(NotSent) as refused:
        post(Outbound(demo=True, whole_seconds=1.0), f"http://127.0.0.1:{there.port}/", demo=True)
    assert refused.value.code in ("no_answer", "too_slow")


def test_the_rest_of_a_large_answer_is_not_read() -> None:
    with far(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 5_000_000) as there:
        assert post(Outbound(demo=True), f"http://127.0.0.1:{there.port}/", demo=True) == 200


def test_all_of_it_has_one_deadline() -> None:
    """The clock stands still until the line is open, then the time is up: a drip of bytes buys no more."""
    moments = iter([0.0, 1.0, 2.0, 3.0, 9.0, 9.0, 9.0])
    client = Outbound(demo=True, clock=lambda: next(moments))
    with far(b"HTTP/1.1 2") as there, pytest.raises(NotSent, match="too_slow"):
        post(client, f"http://127.0.0.1:{there.port}/", demo=True)


def test_nobody_there() -> None:
    with socket.socket() as taken:  # bound, and nobody listens
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        with pytest.raises(NotSent, match="not_connected"):
            post(Outbound(demo=True), address, demo=True)


def test_a_name_that_nobody_knows() -> None:
    def fails(_host: str, _port: int) -> list[str]:
        raise socket.gaierror

    for resolve in (fails, names([])):
        with pytest.raises(NotSent, match="not_resolved"):
            post(Outbound(demo=False, resolve=resolve), "https://nobody.example/")


def _certified(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context with a certificate for `name`, and a client's that trusts it."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    place = folder / "server.pem"
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    place.write_bytes(secret + made.public_bytes(pem))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(place)
    client = ssl.create_default_context(cadata=made.public_bytes(pem).decode())
    return server, client


def test_the_certificate_must_be_of_the_name_and_not_of_the_address(tmp_path: Path) -> None:
    server, trust = _certified(tmp_path, "hooks.example.cn")
    with far(OK, server) as there:
        connect = redialled(there.port, [])
        client = Outbound(demo=False, resolve=lambda *_: ["8.8.8.8"], connect=connect, trust=lambda: trust)
        assert post(client, "https://hooks.example.cn/") == 204
        with pytest.raises(NotSent, match="no_certificate"):
            post(client, "https://other.example.cn/")
    with far(OK, server) as there:
        unknown = Outbound(demo=False, resolve=lambda *_: ["8.8.8.8"], connect=redialled(there.port, []))
        with pytest.raises(NotSent, match="no_certificate"):
            post(unknown, "https://hooks.example.cn/")
