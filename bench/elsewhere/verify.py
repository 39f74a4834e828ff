"""Verifies what a site hands out with openbadgeslib, which is not ours, and that it refuses the forgeries; README.md.

It reads the bit of a status list, but the signature of one only where the list is a JWT; ours is a document, whose
signature verify.mjs checks.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from openbadgeslib.ob3.did import pem_for_kid
from openbadgeslib.ob3.ldp import OB3LdpVerifier
from openbadgeslib.ob3.verifier import OB3VerificationError, OB3Verifier

Read = Callable[[Any], Any]


def main(folder: Path) -> int:
    """Prints a line for each check; 1 when one fails."""
    did, document, forged = (_json(folder, name) for name in ("did.json", "credential.json", "forged.json"))
    token = (folder / "credential.jwt").read_text(encoding="utf-8").strip()
    rsa = next(each["id"] for each in did["verificationMethod"] if each["type"] == "JsonWebKey")
    of_document, of_token = OB3LdpVerifier.for_issuer_did(did["id"]), OB3Verifier(pem_for_kid(did, did["id"], rsa))
    lists = document["credentialStatus"]["statusListCredential"]

    def on_web(status: str) -> Callable[[str], bytes]:
        return lambda url: (folder / (status if url == lists else "did.json")).read_bytes()

    def read(told: Any, status: str = "status.json") -> Any:
        return of_document.verify(told, check_status=True, download=on_web(status), verify_status_list=False)

    def read_token(told: Any, status: str = "status.json") -> Any:
        return of_token.verify(told, check_status=True, download=on_web(status), verify_status_list=False)

    told = [
        ("document with its status", read(document).issuer.id == did["id"]),
        ("document once withdrawn, refused", _refuses(lambda it: read(it, "withdrawn.json"), document)),
        ("token with its status", read_token(token).issuer.id == did["id"]),
        ("token once withdrawn, refused", _refuses(lambda it: read_token(it, "withdrawn.json"), token)),
        _all_refused("documents", read, forged["documents"]),
        _all_refused("tokens", read_token, forged["tokens"]),
    ]
    for what, good in told:
        print(f"{'ok  ' if good else 'FAIL'} {what}, openbadgeslib")
    return 0 if all(good for _, good in told) else 1


def _json(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text(encoding="utf-8"))


def _refuses(read: Read, told: Any) -> bool:
    try:
        read(told)
    except OB3VerificationError:
        return True
    return False


def _all_refused(what: str, read: Read, forged: list[Any]) -> tuple[str, bool]:
    refused = sum(_refuses(read, each) for each in forged)
    return f"{refused} of {len(forged)} forged {what} refused", refused == len(forged)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
