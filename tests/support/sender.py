"""A browser that sends a file in parts over a line that is cut, reduced to its HTTP."""

import hashlib
import http.client
import json
import socket
import struct
import urllib.parse
from dataclasses import dataclass
from typing import Any

UPLOADS = "/api/v1/uploads"


@dataclass
class Sender:
    """Speaks to the site at `address` with a bearer token."""

    address: str
    token: str

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, Any]:
        place = urllib.parse.urlsplit(self.address)
        connection = http.client.HTTPConnection(place.netloc, timeout=60)
        try:
            connection.request(method, path, body, {"Authorization": f"Bearer {self.token}", **headers})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def begin(self, name: str, content: bytes) -> dict[str, Any]:
        asked = {"name": name, "size": len(content), "client_key": hashlib.sha256(content).hexdigest()}
        status, view = self.ask("POST", UPLOADS, json.dumps(asked).encode())
        assert status == 201, view
        return dict(view)

    def put(self, part: dict[str, Any], content: bytes) -> tuple[int, Any]:
        piece = content[part["offset"] : part["offset"] + part["size"]]
        return self.ask("PUT", part["url"], piece, **{"X-Part-SHA256": hashlib.sha256(piece).hexdigest()})

    def put_and_hang_up(self, part: dict[str, Any], content: bytes, sent: int) -> None:
        """Promises the whole part, sends so many bytes of it, and is gone without a goodbye (RST)."""
        piece = content[part["offset"] : part["offset"] + part["size"]]
        place = urllib.parse.urlsplit(self.address)
        head = (
            f"PUT {part['url']} HTTP/1.1\r\nHost: {place.netloc}\r\nAuthorization: Bearer {self.token}\r\n"
            f"Content-Length: {len(piece)}\r\n\r\n"
        )
        with socket.create_connection((place.hostname or "", place.port or 80), timeout=60) as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            line.sendall(head.encode() + piece[:sent])
