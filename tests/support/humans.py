"""Two accounts of one human: persons that two people found to be the same, each with a login of her own."""

from collections.abc import Sequence
from dataclasses import replace

from lms.models.accounts import Account
from lms.models.people import PersonLink
from lms.parts import Parts
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast, Stage
from tests.support.identity import FREE, Office

NUMBERS = ("810000198808080013", "820000199303030019")


def one_human(parts: Parts, cast: Cast, actors: Sequence[Actor]) -> list[Actor]:
    """These accounts belong to persons who are found to be one human, the first of them living."""
    ground = Office(parts, cast).number(FREE)
    with parts.database.transaction() as session:
        stage = Stage(session, parts.keyring)
        bodies = [
            each.person_id or stage.person(each.name, number) for each, number in zip(actors, NUMBERS, strict=True)
        ]
        for each, person_id in zip(actors, bodies, strict=True):
            session.get_one(Account, each.account_id).person_id = person_id
        session.flush()
        first, second = bodies
        session.add(PersonLink(person_id=second, living_id=first, change_id=ground, linked_at=NOON))
    return [replace(each, person_id=person_id) for each, person_id in zip(actors, bodies, strict=True)]
