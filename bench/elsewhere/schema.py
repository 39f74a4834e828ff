"""Holds a site's credentials against the official JSON Schema: `python -m bench.elsewhere.schema PATH_OF_SCHEMA`.

1EdTech's file is not part of this tree (README.md tells its address). Credentials of every shape we issue must fit it,
as documents and as the payload of their tokens; broken ones must not.
"""

import argparse
import base64
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from jsonschema_rs import Draft201909Validator

from bench.elsewhere.hand_out import fetch, site
from lms import crypto
from lms.app import create_app
from lms.domain.credentials import Withdrawal
from lms.parts import Parts
from lms.services import credentials
from tests.support.cast import NOON, Cast
from tests.support.credentials import certified
from tests.support.renewals import Years

ADDRESS = "https://learn.example"
HOURS = {"online": 600, "in_person": 200, "total": 800}
SHAPES: dict[str, dict[str, Any]] = {
    "plain": {},
    "with an exam and hours in person": {"exam": {"percent": 92}, "hours_hundredths": HOURS},
    "without a quiz": {"quiz_score": None},
    "of facts that say little": {"institution": "", "cohort": "", "course_version": "", "class_hour_hundredths": 0},
}
Document = dict[str, Any]


def _without(name: str) -> Callable[[Document], object]:
    return lambda told: told.pop(name)


def _with(name: str, value: object) -> Callable[[Document], object]:
    return lambda told: told.update({name: value})


BROKEN: dict[str, Callable[[Document], object]] = {
    "no issuer": _without("issuer"),
    "no day it is valid from": _without("validFrom"),
    "no subject": _without("credentialSubject"),
    "a day without a zone": _with("validFrom", "2026-11-23T04:00:00"),
    "a month that is none": _with("validUntil", "2028-13-23T15:59:59Z"),
    "the context of VC 1.1": lambda told: told["@context"].__setitem__(0, "https://www.w3.org/2018/credentials/v1"),
    "a type of its own": _with("type", ["VerifiableCredential", "TrainingRecord"]),
    "a proof outside an array": lambda told: told.update(proof=told["proof"][0]),
    "an achievement without criteria": lambda told: told["credentialSubject"]["achievement"].pop("criteria"),
    "a number as a result": lambda told: told["credentialSubject"]["result"][0].update(value=12.5),
    "a stranger's word about the holder": lambda told: told["credentialSubject"]["identifier"][0].update(phone="1"),
}


def main(path: Path) -> int:
    """Prints a line for each credential and each broken one; 1 when one is taken for what it is not."""
    text = path.read_text(encoding="utf-8")
    schema = json.loads(text)
    checker = Draft201909Validator(schema, validate_formats=True)
    print(f"{schema.get('$id', path.name)}, {len(text)} characters")
    failed, told = 0, dict(_issued())
    for name, document in told.items():
        wrong = [f"{each.message} at {list(each.instance_path)}" for each in checker.iter_errors(document)]
        failed += bool(wrong)
        print("FAIL" if wrong else "ok  ", name, *wrong, sep="  ")
    for name, document in _broken(told["plain, document"]):
        taken = checker.is_valid(document)
        failed += taken
        print("FAIL" if taken else "ok  ", f"refused: {name}", sep="  ")
    print(f"{failed} failed")
    return 1 if failed else 0


def _issued() -> Iterator[tuple[str, Document]]:
    with tempfile.TemporaryDirectory() as folder:
        parts, cast = site(Path(folder), ADDRESS)
        codes = {name: _certify(parts, cast, number, SHAPES[name]) for number, name in enumerate(SHAPES, start=1)}
        client = create_app(parts).test_client()
        for name, code in codes.items():
            yield f"{name}, document", json.loads(fetch(client, f"/v/{code}.json"))
            yield f"{name}, token", _payload(fetch(client, f"/v/{code}.jwt"))
        with parts.database.transaction() as session:
            credentials.withdraw(session, codes["plain"], Withdrawal.REVOKED, now=NOON)
        yield "withdrawn, document", json.loads(fetch(client, f"/v/{codes['plain']}.json"))
        yield "withdrawn, token", _payload(fetch(client, f"/v/{codes['plain']}.jwt"))
        years = Years(parts, cast)
        years.rule()
        years.complete()
        code = _certify(parts, cast, len(SHAPES) + 1, {})
        lasting = json.loads(fetch(client, f"/v/{code}.json"))
        assert "validUntil" in lasting
        yield "with a last day, document", lasting
        yield "with a last day, token", _payload(fetch(client, f"/v/{code}.jwt"))
        parts.database.close()


def _certify(parts: Parts, cast: Cast, number: int, facts: Mapping[str, Any]) -> str:
    code = crypto.verification_code()
    certified(parts, cast, code, number=number, **facts)
    return code


def _payload(token: str) -> Document:
    part = token.split(".")[1]
    told: Document = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return told


def _broken(document: Document) -> Iterator[tuple[str, Document]]:
    for name, breaks in BROKEN.items():
        made = deepcopy(document)
        breaks(made)
        yield name, made


if __name__ == "__main__":
    given = argparse.ArgumentParser()
    given.add_argument("schema", type=Path)
    sys.exit(main(given.parse_args().schema))
