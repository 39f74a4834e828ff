"""Where reads of cross-checks start: what an authority brought and what was found below it, and what is a learner's."""

import uuid
from collections.abc import Collection

from sqlalchemy import Select, select

from lms.domain.roles import Role
from lms.models.crosschecks import OutsideList, OutsideMatch, PatternFlag
from lms.models.organisations import Organisation
from lms.services import scopes
from lms.services.scopes import Actor


def lists_of(actor: Actor, role: Role = Role.INSPECTOR) -> Select[OutsideList]:
    """The lists of the authorities the actor reaches."""
    return select(OutsideList).where(OutsideList.organisation_id.in_(scopes.places_of(actor, role)))


def matches_of(actor: Actor, role: Role = Role.INSPECTOR) -> Select[OutsideMatch]:
    """Whom those lists matched."""
    return select(OutsideMatch).where(OutsideMatch.list_id.in_(lists_of(actor, role).with_only_columns(OutsideList.id)))


def flags_of(actor: Actor, role: Role = Role.INSPECTOR) -> Select[PatternFlag]:
    """The strange patterns of classes the actor reaches."""
    return select(PatternFlag).where(PatternFlag.organisation_id.in_(scopes.places_of(actor, role)))


def authorities_of(actor: Actor) -> Select[Organisation]:
    """The organisations for which an officer may bring a list: where her role was given."""
    return select(Organisation).where(Organisation.id.in_(actor.organisation_ids(Role.OFFICER)))


def own_matches_of(bodies: Collection[uuid.UUID]) -> Select[OutsideMatch]:
    """The matches of a learner, under every person she is on record as."""
    return select(OutsideMatch).where(OutsideMatch.person_id.in_(bodies))
