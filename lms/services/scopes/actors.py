"""Who asks, and with which roles."""

import uuid
from dataclasses import dataclass, field

from lms.domain.errors import Forbidden
from lms.domain.roles import Role, opened_by


@dataclass(frozen=True)
class Actor:
    """Who asks: an account, the person behind it if she is a learner, and its roles by organisation.

    A program asks as its service account: `account_id` is who answers for it, `scopes` what its token may do.
    """

    account_id: uuid.UUID
    person_id: uuid.UUID | None
    name: str
    roles: frozenset[tuple[Role, uuid.UUID | None]] = field(default_factory=frozenset)
    service_id: uuid.UUID | None = None
    scopes: frozenset[str] | None = None

    def has(self, role: Role) -> bool:
        """Whether the account has this role anywhere; every account may learn."""
        return role is Role.LEARNER or any(mine in opened_by(role) for mine, _ in self.roles)

    def is_everywhere(self, role: Role) -> bool:
        """Whether the role reaches all organisations, as an inspector's may."""
        return role is Role.INSPECTOR and (role, None) in self.roles

    def organisation_ids(self, role: Role) -> list[uuid.UUID]:
        """The organisations at which the account has this role, without what stands below them."""
        return [place for mine, place in self.roles if mine in opened_by(role) and place is not None]


def require(actor: Actor, role: Role) -> None:
    """Refuses an actor without the role, for use cases that no row scope protects."""
    if not actor.has(role):
        raise Forbidden("role_needed", role=role.value)
