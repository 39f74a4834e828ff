"""Service accounts of the cast, and the tokens of their programs."""

import uuid
from collections.abc import Iterable

from lms import clock
from lms.domain.exchange import ROLES, Scope
from lms.domain.roles import Role
from lms.parts import Parts
from lms.services.exchange import accounts
from lms.services.exchange.accounts import Wanted
from lms.services.scopes import Actor
from tests.support.cast import Cast


def token_for(
    parts: Parts,
    cast: Cast,
    actor: Actor,
    *,
    role: Role = Role.INSTITUTION,
    place: uuid.UUID | None = None,
    scopes: Iterable[Scope] | None = None,
    per_minute: int = 300,
) -> str:
    """A token of a new service account of 康宁 (or `place`), made at the desk where `actor` works."""
    desk = Role.PLATFORM if actor.has(Role.PLATFORM) else Role.INSTITUTION
    wanted = Wanted("康宁的人事系统", place or cast.kangning, role, per_minute)
    now = clock.now()
    with parts.database.transaction() as session:
        made = accounts.create(session, actor, desk, wanted, now=now)
        asked = [each.value for each in (ROLES[role] if scopes is None else scopes)]
        return accounts.issue(session, actor, desk, made, asked, 90, now=now)
