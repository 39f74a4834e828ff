"""Takes webhooks: checks that they are ours and new, and answers at once.

    WEBHOOK_SECRET=whsec_… python3 receive.py 8099

Standard library only. Behind a proxy that speaks TLS; 2xx says that the message was taken, all else brings it again.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

SEEN: set[str] = set()  # in real life a table: the same message may come more than once


def is_ours(secret: str, headers, body: bytes) -> bool:
    """By the Standard Webhooks specification: HMAC-SHA256 over id, timestamp and the body's very bytes."""
    message_id, sent_at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not sent_at.isdigit() or abs(time.time() - int(sent_at)) > 300:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    made = hmac.new(key, f"{message_id}.{sent_at}.".encode() + body, hashlib.sha256).digest()
    wanted = "v1," + base64.b64encode(made).decode()
    return any(hmac.compare_digest(wanted, each) for each in headers.get("webhook-signature", "").split(" "))


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(min(int(self.headers.get("Content-Length", "0")), 100_000))
        if not is_ours(os.environ["WEBHOOK_SECRET"], self.headers, body):
            self.send_error(401)
            return
        if self.headers["webhook-id"] not in SEEN:
            SEEN.add(self.headers["webhook-id"])
            told = json.loads(body)
            print(told["type"], told["data"], flush=True)  # the place to pull what changed
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_told: object) -> None:
        """Says nothing of its own."""


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
