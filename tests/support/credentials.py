"""A record, an issuer and keys that tests of credentials share."""

import base64
import gzip
import json
import random
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import jsonschema_rs
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lms.domain.credentials import Issuer
from lms.domain.records import hash_of, write
from lms.models.records import Record as Stored
from lms.parts import Parts
from tests.support.cast import NOON, Cast

SCHEMAS = Path(__file__).parent / "schemas"
CODE = "ABCDE-FGHJK-MNPQR-STVWX"
ISSUER = Issuer("https://kx.example:8443", "康学")
FACTS: dict[str, Any] = {
    "format": 1,
    "name_masked": "李*",
    "course": "失智老人照护 <基础> & 𠮷",
    "course_en": "Dementia care",
    "course_version": 3,
    "content_hash": "ab" * 32,
    "institution": "康宁养老服务中心",
    "cohort": "2026年冬季一班",
    "credited_ms": {"online": 33_750_000},
    "class_hour_hundredths": 1250,
    "minutes_per_class_hour": 45,
    "quiz_score": 86,
    "policy": "base-2023",
}


@dataclass(frozen=True)
class Record:
    """As the keeper of records hands one over."""

    code: str = CODE
    facts: Mapping[str, Any] = field(default_factory=lambda: FACTS)
    issued_at: datetime = NOON

    @property
    def facts_hash(self) -> str:
        return hash_of(write(self.facts))


def certified(parts: Parts, cast: Cast, code: str = CODE, *, number: int = 1, **changed: Any) -> None:
    """A record of 李芳 in the database, the n-th of her class, with some facts changed."""
    facts = {**FACTS, **changed}
    with parts.database.transaction() as session:
        body = write(facts)
        told = {"body": body, "facts_hash": hash_of(body), "issued_at": NOON}
        session.add(Stored(enrollment_id=cast.enrollment, number=number, code=code, **told))


def bit_of(encoded: str, index: int) -> bool:
    """One bit of a status list, read as any verifier reads it."""
    assert encoded.startswith("u")
    bits = gzip.decompress(base64.urlsafe_b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4)))
    return bool(bits[index // 8] & 0x80 >> index % 8)


def fits_schemas(document: Mapping[str, Any]) -> list[str]:
    """What each schema of the folder finds wrong."""
    found = []
    for place in sorted(SCHEMAS.glob("*.json")):
        schema = json.loads(place.read_text(encoding="utf-8"))
        checker = jsonschema_rs.Draft201909Validator(schema, validate_formats=True)
        found += [f"{place.name}: {each.message}" for each in checker.iter_errors(dict(document))]
    return found


def another_seed() -> bytes:
    """The private bytes of a stranger's key."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _leaves(each, (*path, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _leaves(each, (*path, index))
    else:
        yield path


def _edited(value: Any, drawn: random.Random) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + drawn.choice((-1, 1, 1000))
    place = drawn.randrange(len(value) + 1)
    kept = value[:place] + value[place + 1 :]
    edits: list[Callable[[], str]] = [
        lambda: value[:place] + drawn.choice("x0é改 ") + value[place:],
        lambda: kept if kept != value else value + "0",
        lambda: value[::-1] if value[::-1] != value else value + "!",
    ]
    return drawn.choice(edits)()


def _holder(document: Any, path: tuple[Any, ...]) -> Any:
    for step in path[:-1]:
        document = document[step]
    return document


def mutants(document: dict[str, Any], count: int, seed: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """So many copies of a document with one thing changed, left out or added; each with what was done."""
    drawn = random.Random(seed)
    leaves = list(_leaves(document))
    for _ in range(count):
        made, path = deepcopy(document), drawn.choice(leaves)
        holder, act = _holder(made, path), drawn.choice(("edit", "edit", "edit", "drop", "add"))
        if act == "edit":
            holder[path[-1]] = _edited(holder[path[-1]], drawn)
        elif act == "drop":
            del holder[path[-1]]
        elif isinstance(holder, dict):
            holder[drawn.choice(("grade", "description", "name", "licenseNumber", "@included"))] = "优秀"
        else:
            holder.append(drawn.choice(("https://example.org/more", "Better")))
        yield f"{act} {path}", made


def forged_tokens(token: str, count: int, seed: int) -> Iterator[str]:
    """So many copies of a compact token with one sign changed, cut or added, or with a payload rewritten."""
    drawn = random.Random(seed)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    header, payload, signature = token.split(".")
    facts = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    for number in range(count):
        place = drawn.randrange(len(token))
        other = drawn.choice([sign for sign in alphabet if sign != token[place]])
        if number % 4 == 0:
            name = drawn.choice(list(facts))
            text = json.dumps({**facts, name: "改"}, ensure_ascii=False).encode()
            yield f"{header}.{base64.urlsafe_b64encode(text).decode().rstrip('=')}.{signature}"
        elif number % 4 == 1:
            yield token[:place] + other + token[place:]
        elif number % 4 == 2:
            yield token[:place] + token[place + 1 :]
        else:
            yield token[:place] + other + token[place + 1 :]
