"""Eligibility of learners and classes: gathers facts, asks the pure rules; and the evidence of groups they rest on."""

from lms.domain.eligibility.findings import Candidate
from lms.services.eligibility.candidates import of_cohort, of_cohort_by_kind, of_cohort_under, of_enrollment
from lms.services.eligibility.groups import (
    GroupRow,
    enter_group,
    get_group,
    list_groups,
    list_of_learner,
    say_of_group,
    withdraw_group,
)

__all__ = [
    "Candidate",
    "GroupRow",
    "enter_group",
    "get_group",
    "list_groups",
    "list_of_learner",
    "of_cohort",
    "of_cohort_by_kind",
    "of_cohort_under",
    "of_enrollment",
    "say_of_group",
    "withdraw_group",
]
