"""Who may do what: the roles and the audiences they open."""

from enum import StrEnum


class Role(StrEnum):
    """A role of an account."""

    LEARNER = "learner"
    TRAINER = "trainer"
    INSTITUTION = "institution"
    PLATFORM = "platform"
    INSPECTOR = "inspector"
    EXAMINER = "examiner"
    MENTOR = "mentor"
    OFFICER = "officer"
    STATISTICS = "statistics"
    PAYMASTER = "paymaster"


STAFF = frozenset(Role) - {Role.LEARNER}
REACHES_BELOW = frozenset({Role.INSTITUTION, Role.INSPECTOR, Role.OFFICER, Role.STATISTICS, Role.PAYMASTER})
_ALSO = {Role.INSPECTOR: frozenset({Role.INSPECTOR, Role.OFFICER})}


def opened_by(role: Role) -> frozenset[Role]:
    """The roles that open what is there for `role`: an officer looks as an inspector does, without a last day."""
    return _ALSO.get(role, frozenset({role}))
