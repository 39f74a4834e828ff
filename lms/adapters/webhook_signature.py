"""Signatures of webhooks by the Standard Webhooks specification (github.com/standard-webhooks), symmetric kind.

`headers` and `verify` are all that the rest knows; the reference library could stand in their place.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

START = "whsec_"
TOLERANCE = timedelta(minutes=5)


class BadSignature(Exception):
    """The message was not signed with this secret, or is too old or from the future."""


def headers(secrets: Sequence[str], message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers of a message; one signature for each secret, so that secrets can change without a gap."""
    seconds = str(int(at.timestamp()))
    signed = " ".join(_signature(secret, message_id, seconds, body) for secret in secrets)
    return {"webhook-id": message_id, "webhook-timestamp": seconds, "webhook-signature": signed}


def verify(secret: str, told: Mapping[str, str], body: bytes, *, now: datetime) -> None:
    """Raises BadSignature unless one of the signatures in the headers `told` (names in lower case) is by `secret`."""
    seconds = told.get("webhook-timestamp", "")
    if not (seconds.isascii() and seconds.isdigit()):
        raise BadSignature
    if abs(now.timestamp() - int(seconds)) > TOLERANCE.total_seconds():
        raise BadSignature
    wanted = _signature(secret, told.get("webhook-id", ""), seconds, body)
    given = told.get("webhook-signature", "").split(" ")
    if not any(hmac.compare_digest(wanted.encode(), each.encode()) for each in given):
        raise BadSignature


def _signature(secret: str, message_id: str, seconds: str, body: bytes) -> str:
    try:
        key = base64.b64decode(secret.removeprefix(START), validate=True)
    except binascii.Error:
        raise BadSignature from None
    content = b".".join((message_id.encode(), seconds.encode(), body))
    return "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
