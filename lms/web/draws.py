"""The randomness of one answer, drawn at the edge."""

import secrets

from lms.services.receipts import Draws


def draws() -> Draws:
    """Fresh randomness for one answer."""
    return Draws(
        nonce=secrets.token_urlsafe(18),
        beat=secrets.randbelow(1000) / 1000,
        check=secrets.randbelow(1_000_000) / 1_000_000,
        dice=secrets.randbits(64),
    )
