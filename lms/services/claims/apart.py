"""Who is too near to an institution, or to the people of a claim, to decide about its money: by any of her accounts."""

import uuid
from collections.abc import Collection

from sqlalchemy.orm import Session

from lms.domain.errors import Forbidden
from lms.domain.roles import Role
from lms.services import humans, organisations
from lms.services.scopes import Actor

WORKING = frozenset({Role.INSTITUTION, Role.TRAINER, Role.EXAMINER, Role.MENTOR})


def check_places(session: Session, actor: Actor, organisation_ids: Collection[uuid.UUID]) -> None:
    """Nobody decides about money of the institution she works for, or of what stands above or below it.

    Forbidden: claim_works_there.
    """
    hers = {place for each, place in actor.roles if each in WORKING and place is not None}
    hers |= humans.works_at(session, actor.account_id, WORKING)
    if any(organisations.touch(session, hers, each) for each in set(organisation_ids)):
        raise Forbidden("claim_works_there")


def check_people(session: Session, actor: Actor, person_ids: Collection[uuid.UUID]) -> None:
    """Nobody decides about money that is asked for herself, whichever of her records it stands under.

    Forbidden: claim_own.
    """
    human = humans.self_of(session, actor.account_id, actor.person_id)
    if human in humans.living_all(session, set(person_ids)).values():
        raise Forbidden("claim_own")
