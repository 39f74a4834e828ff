"""What machines of institutions and authorities may do here: scopes of tokens, kinds of changes."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from lms.domain.errors import Forbidden, Refused
from lms.domain.identity import has_strange_sign
from lms.domain.roles import Role

LONGEST_NAME = 80
LEAST_PER_MINUTE, MOST_PER_MINUTE, USUAL_PER_MINUTE = 10, 1200, 300
LIFETIME_DAYS = (90, 365)
"""How long a token may be made to live; our own choice."""
TOKEN_START = "kxs_"  # noqa: S105  # by which secret scanners know our tokens
MOST_TOKENS = 10


class Scope(StrEnum):
    """One thing a token may do."""

    COHORTS = "read:cohorts"
    LEARNERS = "read:learners"
    ENROLLMENTS = "read:enrollments"
    COMPLETION = "read:completion"
    STUDY = "read:study-time"
    CERTIFICATES = "read:certificates"
    ATTENDANCE = "read:attendance"
    SCORES = "read:scores"
    WRITE_ENROLLMENTS = "write:enrollments"


READING = frozenset(each for each in Scope if each.value.startswith("read:"))
ROLES: Mapping[Role, frozenset[Scope]] = {
    Role.INSTITUTION: frozenset(Scope),
    Role.INSPECTOR: READING,
    Role.OFFICER: READING,
}
"""Whom a service account can stand for, and what its tokens may do at most: an authority's only read."""


class ChangeKind(StrEnum):
    """What can change, each kind with an order of its own; all but COHORT are told by enrollment."""

    COHORT = "cohort"
    ENROLLMENT = "enrollment"
    LEARNER = "learner"
    STUDY = "study"
    ATTENDANCE = "attendance"
    SCORE = "score"
    COMPLETION = "completion"
    CERTIFICATE = "certificate"


OF_ENROLLMENT = tuple(each for each in ChangeKind if each not in (ChangeKind.COHORT, ChangeKind.CERTIFICATE))
"""What a new enrollment is new to."""
CONSEQUENCES: Mapping[str, tuple[ChangeKind, ...]] = {
    "enrollment": OF_ENROLLMENT,
    "class": (ChangeKind.ATTENDANCE, ChangeKind.COMPLETION),
    "attendance": (ChangeKind.ATTENDANCE, ChangeKind.COMPLETION),
    "score": (ChangeKind.SCORE, ChangeKind.COMPLETION),
    "certificate": (ChangeKind.CERTIFICATE, ChangeKind.COMPLETION),
    "person": (ChangeKind.LEARNER,),
    "restricted": (*OF_ENROLLMENT, ChangeKind.CERTIFICATE),
    "version": (ChangeKind.STUDY, ChangeKind.COMPLETION),
    "studied": (ChangeKind.STUDY, ChangeKind.COMPLETION),
    "new_enrollment": OF_ENROLLMENT,
}
"""By what a mark says: the kinds that change with it."""


def check_name(text: str) -> str:
    """The name of a service account or a webhook, trimmed. Refused: service_name_length, service_name_strange_sign."""
    name = " ".join(text.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise Refused("service_name_length", longest=LONGEST_NAME)
    if has_strange_sign(name):
        raise Refused("service_name_strange_sign")
    return name


def check_scopes(role: Role, asked: Iterable[str]) -> tuple[Scope, ...]:
    """The scopes a token for this role may carry, in one order.

    Refused: service_scopes_missing, service_scope_not_for_role.
    """
    known = {each.value: each for each in Scope}
    wanted = {known[each] for each in asked if each in known}
    if not wanted:
        raise Refused("service_scopes_missing")
    if not wanted <= ROLES.get(role, frozenset()):
        raise Refused("service_scope_not_for_role")
    return tuple(each for each in Scope if each in wanted)


def check_rate(per_minute: int) -> int:
    """How often a minute a service may ask. Refused: service_rate_range."""
    if not LEAST_PER_MINUTE <= per_minute <= MOST_PER_MINUTE:
        raise Refused("service_rate_range", least=LEAST_PER_MINUTE, most=MOST_PER_MINUTE)
    return per_minute


def require(scopes: frozenset[str] | None, wanted: Scope) -> None:
    """Refuses a token without the scope; None is a person, who may do what her role may. Forbidden: scope_needed."""
    if scopes is not None and wanted.value not in scopes:
        raise Forbidden("scope_needed", scope=wanted.value)


def is_service_token(token: str) -> bool:
    """Whether a bearer token is a service account's, by how it begins."""
    return token.startswith(TOKEN_START)
