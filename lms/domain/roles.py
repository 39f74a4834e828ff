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


STAFF = frozenset({Role.TRAINER, Role.INSTITUTION, Role.PLATFORM, Role.INSPECTOR, Role.EXAMINER, Role.MENTOR})
