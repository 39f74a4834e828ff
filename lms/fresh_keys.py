"""Fresh random keys, and those that a demo makes for itself and keeps."""

import json
import os
import secrets
from pathlib import Path

DEMO_KEYS_FILE = "demo-keys.json"
KEY_NAMES = ("LMS_SECRET_KEY", "LMS_FIELD_KEYS", "LMS_INDEX_KEY", "LMS_SIGNING_KEY", "LMS_LOG_KEY")


def new_keys() -> dict[str, str]:
    """Fresh random keys in the form the environment wants them."""
    return {
        "LMS_SECRET_KEY": secrets.token_urlsafe(48),
        "LMS_FIELD_KEYS": f"k1:{secrets.token_hex(32)}",
        "LMS_INDEX_KEY": secrets.token_hex(32),
        "LMS_SIGNING_KEY": secrets.token_hex(32),
        "LMS_LOG_KEY": secrets.token_hex(32),
    }


def demo_keys(data_dir: Path) -> dict[str, str]:
    """The demo's own keys, made once and kept readable by this user alone; those an older demo lacked are added."""
    place = data_dir / DEMO_KEYS_FILE
    kept: dict[str, str] = json.loads(place.read_text()) if place.exists() else {}
    if all(name in kept for name in KEY_NAMES):
        return kept
    whole = {**new_keys(), **kept}
    fresh = place.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump(whole, out)
    fresh.replace(place)
    return whole
