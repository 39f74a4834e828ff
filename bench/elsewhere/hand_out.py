"""Writes what a site hands out, and forgeries of it, for others to check: `python -m bench.elsewhere.hand_out FOLDER`.

The site is a real one over an empty SQLite database with one completion record; nothing listens on the network. The
forgeries: documents, tokens and QR codes with one thing changed, and all three signed by strangers under our key's
name.
"""

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from lms import config, schema
from lms.app import create_app
from lms.domain.credentials import Withdrawal
from lms.parts import Parts, build
from lms.services import credentials
from tests.support.cast import NOON, Cast, stage
from tests.support.credentials import CODE, certified, forged_tokens, mutants
from tests.support.forgeries import strangers_compacts, strangers_documents, strangers_tokens

FILES = {"did.json": "/.well-known/did.json", "jwks.json": "/.well-known/jwks.json"}
STRANGERS = 4  # of each form: to make an RSA key takes a while
FORMS = {"credential.json": f"/v/{CODE}.json", "credential.jwt": f"/v/{CODE}.jwt"}


def main() -> None:
    """Fills the folder and says how many forgeries there are."""
    given = argparse.ArgumentParser()
    given.add_argument("folder", type=Path)
    given.add_argument("--address", default="https://learn.example", help="of the site, as its credentials name it")
    given.add_argument("--each", type=int, default=330, help="how many forgeries of each form, beside foreign keys")
    wanted = given.parse_args()
    wanted.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        parts, cast = site(Path(place), wanted.address)
        certified(parts, cast)
        files = _handed_out(parts)
        parts.database.close()
    files["forged.json"] = json.dumps(_forged(files, wanted.each), ensure_ascii=False)
    for name, text in files.items():
        (wanted.folder / name).write_text(text, encoding="utf-8")


def site(place: Path, address: str) -> tuple[Parts, Cast]:
    """A site with a class, and nothing certified yet."""
    parts = build(config.load({"LMS_DATA_DIR": str(place), "LMS_QUEUE": "sqlite", "LMS_BASE_URL": address}))
    schema.upgrade(parts.database)
    with parts.database.transaction() as session:
        cast = stage(session, parts.keyring, "-")
    return parts, cast


def _handed_out(parts: Parts) -> dict[str, str]:
    client = create_app(parts).test_client()
    files = {name: fetch(client, path) for name, path in (FORMS | FILES).items()}
    entry = json.loads(files["credential.json"])["credentialStatus"]
    where = entry["statusListCredential"].removeprefix(parts.config.base_url)
    files["status.json"] = fetch(client, where)
    page = fetch(client, f"/v/{CODE}/qr")
    files["qr.txt"] = page.partition('data-copy="')[2].partition('"')[0]
    with parts.database.transaction() as session:
        credentials.withdraw(session, CODE, Withdrawal.REVOKED, now=NOON)
    files["withdrawn.json"] = fetch(client, where)
    return files


def fetch(client: FlaskClient, path: str) -> str:
    """What stands at an address of the site."""
    answer = client.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return answer.text


def _forged(files: dict[str, str], each: int) -> dict[str, list[Any]]:
    document, token = json.loads(files["credential.json"]), files["credential.jwt"]
    compact = files["qr.txt"].partition("#")[2]
    changed = (made for _, made in mutants(document, each, seed=19))
    forged: dict[str, list[Any]] = {
        "documents": [*changed, *strangers_documents(document, STRANGERS)],
        "tokens": [*forged_tokens(token, each, seed=23), *strangers_tokens(token, STRANGERS)],
        "compacts": [*forged_tokens(compact, each, seed=29), *strangers_compacts(compact, STRANGERS)],
    }
    print({form: len(made) for form, made in forged.items()})
    return forged


if __name__ == "__main__":
    main()
