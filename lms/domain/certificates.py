"""Completion records: the shape of their codes and the hash of what they froze."""

import hashlib
import json
import re
from collections.abc import Mapping

CODE_SHAPE = re.compile(r"[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{5}){3}")
SORTED = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
MISREAD = str.maketrans("ILO", "110")


def normal_code(text: str) -> str | None:
    """A code as typed by somebody reading it from paper, in its true form; None if it cannot be one."""
    signs = re.sub(r"[\s\-–—]", "", text).upper().translate(MISREAD)
    code = "-".join(signs[i : i + 5] for i in range(0, len(signs), 5))
    return code if CODE_SHAPE.fullmatch(code) else None


def facts_hash(facts: Mapping[str, object]) -> str:
    """SHA-256 over the frozen facts, keys sorted: equal facts, equal hash."""
    return hashlib.sha256(SORTED.encode(facts).encode()).hexdigest()
