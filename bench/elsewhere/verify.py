"""Verifies what a running site hands out with a library that is not ours: openbadgeslib reads both forms.

pip install 'openbadgeslib[ldp]'; python bench/elsewhere/verify.py FOLDER

FOLDER holds credential.json, credential.jwt and did.json as the site answers them.
"""

import json
import sys
from pathlib import Path

from openbadgeslib.ob3.did import pem_for_kid, resolve_verification_method
from openbadgeslib.ob3.ldp import OB3LdpVerifier
from openbadgeslib.ob3.verifier import OB3VerificationError, OB3Verifier


def main(folder: Path) -> int:
    """Prints a line for each check; 1 when one fails."""
    did = json.loads((folder / "did.json").read_text(encoding="utf-8"))
    document = json.loads((folder / "credential.json").read_text(encoding="utf-8"))
    token = (folder / "credential.jwt").read_text(encoding="utf-8").strip()

    def download(_url: str) -> bytes:
        return json.dumps(did).encode()

    method = document["proof"][0]["verificationMethod"]
    of_document = OB3LdpVerifier(resolve_verification_method(method, download=download))
    rsa = next(each["id"] for each in did["verificationMethod"] if each["type"] == "JsonWebKey")
    of_token = OB3Verifier(pem_for_kid(did, did["id"], rsa))
    told = {
        "document, openbadgeslib": of_document.verify(document).issuer.id == did["id"],
        "token, openbadgeslib": of_token.verify(token).issuer.id == did["id"],
    }
    try:
        of_document.verify({**document, "name": "改"})
    except OB3VerificationError:
        told["changed document refused"] = True
    for what, good in told.items():
        print(f"{'ok  ' if good else 'FAIL'} {what}")
    return 0 if len(told) == 3 and all(told.values()) else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
