"""What would come of a file, told row by row before anything is written."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.adapters.banks.found import UNTOLD, Found
from lms.adapters.objects import Store
from lms.domain.bank import MIDDLE, Entry
from lms.domain.bank_rules import Fault, find_faults
from lms.domain.bank_twins import Twins, content_hash, essence
from lms.domain.courses import Asset
from lms.domain.errors import Refused
from lms.models.bank import BankQuestion, BankRevision
from lms.services.bank import bodies
from lms.services.bank.places import Place
from lms.services.bank.writing import keep_picture

FILE = "file"


@dataclass(frozen=True)
class Choices:
    """What the trainer chose for what a file leaves open.

    `objective` is for questions whose file names none, `mapping` for names the course does not know, `difficulty`
    for those without (0: they stay out); `near` says whether near duplicates come in.
    """

    objective: str = ""
    difficulty: int = MIDDLE
    mapping: Mapping[str, str] = field(default_factory=dict)
    near: bool = False

    def to_json(self) -> dict[str, Any]:
        """As a batch keeps it."""
        return {
            "objective": self.objective,
            "difficulty": self.difficulty,
            "mapping": dict(self.mapping),
            "near": self.near,
        }


@dataclass(frozen=True)
class Twin:
    """The question that is there already: in the bank, or further up in the same file."""

    is_exact: bool
    question_id: uuid.UUID | None = None
    place: int | None = None


@dataclass(frozen=True)
class CheckedRow:
    """One question of a file as it would come in; `entry` is None where it cannot."""

    found: Found
    entry: Entry | None
    faults: tuple[Fault, ...]
    twin: Twin | None = None

    def comes_in(self, choices: Choices) -> bool:
        """Whether it is written when the file is taken in."""
        return self.entry is not None and (self.twin is None or (choices.near and not self.twin.is_exact))


def judge(session: Session, store: Store, place: Place, found: Sequence[Found], choices: Choices) -> list[CheckedRow]:
    """Every question of a file with its faults, or with its twin."""
    pictures = _known_pictures(session, place) if any(each.raws[0].picture for each in found) else {}
    rows = [_judged(store, place, each, choices, pictures) for each in found]
    return _with_twins(session, place, rows)


def unknown_objectives(place: Place, found: Sequence[Found]) -> list[str]:
    """What the file calls objectives the course does not have, each once."""
    told = (each.entry.objective for each in found if each.entry and each.entry.objective)
    return [name for name in dict.fromkeys(told) if place.objective_id(name) is None]


def _judged(store: Store, place: Place, found: Found, choices: Choices, pictures: Mapping[str, Asset]) -> CheckedRow:
    if found.entry is None:
        return CheckedRow(found, None, found.faults)
    told = found.entry.objective
    objective = (place.objective_id(told) or choices.mapping.get(told) or told) if told else choices.objective
    difficulty = choices.difficulty if found.entry.difficulty == UNTOLD else found.entry.difficulty
    entry = replace(found.entry, objective=objective, difficulty=difficulty)
    faults = list(find_faults(entry, place.objective_ids))
    try:
        picture = _picture(store, found, pictures)
        entry = replace(entry, item=replace(entry.item, picture=picture))
    except Refused as refused:
        faults.append(Fault(refused.code, "picture", refused.values))
    return CheckedRow(found, None if faults else entry, tuple(faults))


def _picture(store: Store, found: Found, pictures: Mapping[str, Asset]) -> Asset | None:
    if found.picture is not None:
        return keep_picture(store, found.picture)
    told = found.raws[0].picture.strip()
    if told and told not in pictures:
        raise Refused("bank_picture_unknown")
    return pictures.get(told)


def _known_pictures(session: Session, place: Place) -> dict[str, Asset]:
    """The pictures of this bank by fingerprint: nobody brings in those of another organisation by naming them."""
    rows = session.scalars(
        select(BankRevision.body)
        .join(BankQuestion, BankQuestion.id == BankRevision.question_id)
        .where(BankQuestion.organisation_id == place.organisation_id)
    )
    found = (bodies.from_json(body).item.picture for body in rows if "picture" in body["item"])
    return {picture.sha256: picture for picture in found if picture}


def _with_twins(session: Session, place: Place, rows: Sequence[CheckedRow]) -> list[CheckedRow]:
    held = session.execute(
        select(BankQuestion.id, BankQuestion.content_hash, BankQuestion.words)
        .where(BankQuestion.organisation_id == place.organisation_id, BankQuestion.course_slug == place.course_slug)
        .order_by(BankQuestion.id)
    ).all()
    hashes: dict[str, Twin] = {told: Twin(True, question_id=question_id) for question_id, told, _ in reversed(held)}
    texts: list[tuple[uuid.UUID | int, str]] = [(question_id, words) for question_id, _, words in held]
    sound = [(number, row.entry) for number, row in enumerate(rows) if row.entry is not None]
    essences = {number: essence(entry.item) for number, entry in sound}
    near: Twins[uuid.UUID | int] = Twins([*texts, *essences.items()])
    judged = list(rows)
    for number, entry in sound:
        told = content_hash(entry.item)
        twin = hashes.get(told)
        if twin is None:
            hashes[told] = Twin(True, place=rows[number].found.place)
            key = near.find(essences[number], but=number)
            twin = _near(key, rows)
        judged[number] = replace(rows[number], twin=twin)
    return judged


def _near(key: uuid.UUID | int | None, rows: Sequence[CheckedRow]) -> Twin | None:
    if key is None:
        return None
    if isinstance(key, int):
        return Twin(False, place=rows[key].found.place)
    return Twin(False, question_id=key)
