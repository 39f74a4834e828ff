"""What entries bind things by."""

import hashlib
import json


def sha256(text: str) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()


def canonical(facts: object) -> str:
    """Sorted, compact JSON."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
