"""The organisation tree: 市 → 区县 → 机构 → 分支, what may stand under what, and who may work where.

Tiers after the three-tier system of Chongqing 2024 (市/区县/机构), kinds after the actors that Liaoning 2021 names.
"""

from collections.abc import Collection, Hashable, Mapping
from enum import IntEnum, StrEnum
from typing import TypeVar

from lms.domain.errors import Refused
from lms.domain.roles import Role

LONGEST_REASON = 200
Id = TypeVar("Id", bound=Hashable)


class Kind(StrEnum):
    """What an organisation is. INSTITUTION: a body that runs classes, of a kind nobody has said yet."""

    CITY = "city"
    DISTRICT = "district"
    DEPARTMENT = "department"
    INSTITUTION = "institution"
    TRAINING = "training"
    SCHOOL = "school"
    ENTERPRISE = "enterprise"
    SOCIAL_GROUP = "social_group"
    TRAINING_BASE = "training_base"
    ELDER_CARE = "elder_care"
    CHILD_WELFARE = "child_welfare"
    BRANCH = "branch"


class Tier(IntEnum):
    """How far down a kind stands. Each stands under a smaller one only: hence no cycle, and no more than four."""

    CITY = 1
    DISTRICT = 2
    INSTITUTION = 3
    BRANCH = 4


class Department(StrEnum):
    """The six that work together (六部门联动: 人社/民政/财政/商务/卫健/妇联)."""

    LABOUR = "labour"
    CIVIL_AFFAIRS = "civil_affairs"
    FINANCE = "finance"
    COMMERCE = "commerce"
    HEALTH = "health"
    WOMEN = "women"


DEEPEST = len(Tier)
GOVERNMENT = frozenset({Kind.CITY, Kind.DISTRICT, Kind.DEPARTMENT})
BODIES = tuple(each for each in Kind if each not in GOVERNMENT | {Kind.BRANCH})
TEACHING = (*BODIES, Kind.BRANCH)
_TIERS = {Kind.CITY: Tier.CITY, Kind.DISTRICT: Tier.DISTRICT, Kind.BRANCH: Tier.BRANCH}
_ABOVE: dict[Kind, frozenset[Kind | None]] = {
    Kind.CITY: frozenset({None}),
    Kind.DISTRICT: frozenset({None, Kind.CITY}),
    Kind.DEPARTMENT: frozenset({Kind.CITY, Kind.DISTRICT}),
    Kind.BRANCH: frozenset(BODIES),
    **dict.fromkeys(BODIES, frozenset({None, Kind.CITY, Kind.DISTRICT})),
}
_STAFF = (Role.INSTITUTION, Role.TRAINER, Role.EXAMINER, Role.MENTOR)


def tier_of(kind: Kind) -> Tier:
    """The tier of a kind; departments stand beside the institutions."""
    return _TIERS.get(kind, Tier.INSTITUTION)


def may_stand(kind: Kind, above: Kind | None) -> bool:
    """Whether an organisation may stand directly under one of the kind `above`; None: under nobody."""
    return above in _ABOVE[kind]


def check_place(kind: Kind, above: Kind | None, *, above_is_closed: bool = False) -> None:
    """Refused: organisation_place_wrong, organisation_above_closed."""
    if not may_stand(kind, above):
        raise Refused("organisation_place_wrong")
    if above_is_closed:
        raise Refused("organisation_above_closed")


def check_department(kind: Kind, department: Department | None) -> None:
    """A department says which of the six it is, and nobody else does. Refused: organisation_department."""
    if (kind is Kind.DEPARTMENT) != (department is not None):
        raise Refused("organisation_department")


def check_new_kind(old: Kind, new: Kind) -> None:
    """A body may become another kind of body; what makes the tree itself stays. Refused: organisation_kind_fixed."""
    if old is not new and not {old, new} <= set(BODIES):
        raise Refused("organisation_kind_fixed")


def check_reason(text: str) -> str:
    """Why a node was moved or closed, as it is kept. Refused: organisation_reason_missing, organisation_reason_long."""
    reason = " ".join(text.split())
    if not reason:
        raise Refused("organisation_reason_missing")
    if len(reason) > LONGEST_REASON:
        raise Refused("organisation_reason_long", longest=LONGEST_REASON)
    return reason


def check_closing(*, open_below: int, running_cohorts: int) -> None:
    """Refused: organisation_has_open_below, organisation_has_cohorts (classes that are not over)."""
    if open_below:
        raise Refused("organisation_has_open_below", n=open_below)
    if running_cohorts:
        raise Refused("organisation_has_cohorts", n=running_cohorts)


def posts_at(kind: Kind) -> tuple[Role, ...]:
    """The roles that can be given at a kind of organisation, beside the inspector's, which fits all of them."""
    if kind in (Kind.CITY, Kind.DISTRICT):
        return (Role.OFFICER, Role.PAYMASTER)
    return (Role.STATISTICS,) if kind is Kind.DEPARTMENT else _STAFF


def check_post(role: Role, kind: Kind) -> None:
    """Refused: organisation_role_elsewhere, so that nobody's reach grows by where her role stands."""
    if role not in posts_at(kind):
        raise Refused("organisation_role_elsewhere")


def kinds_below(kinds: Collection[Kind]) -> list[Kind]:
    """What may stand under some of these kinds, in the order of `Kind`."""
    return [each for each in Kind if _ABOVE[each] & set(kinds)]


def in_order(above: Mapping[Id, Id | None]) -> list[tuple[Id, int]]:
    """Each node and how deep it stands (0: at the top), below its own parent, siblings in the order given.

    A node whose parent is not among them stands at the top.
    """
    below: dict[Id | None, list[Id]] = {}
    for node, parent in above.items():
        below.setdefault(parent if parent in above else None, []).append(node)
    return _walk(below, None, 0)


def _walk(below: Mapping[Id | None, list[Id]], top: Id | None, depth: int) -> list[tuple[Id, int]]:
    found: list[tuple[Id, int]] = []
    for node in below.get(top, ()):
        found += [(node, depth), *_walk(below, node, depth + 1)]
    return found
