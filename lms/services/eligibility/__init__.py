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
    subject_of,
    withdraw_group,
)
from lms.services.eligibility.showing import ClassRow, DryRun, Standing, dry_run, get_standing, list_classes, list_own

__all__ = [
    "Candidate",
    "ClassRow",
    "DryRun",
    "GroupRow",
    "Standing",
    "dry_run",
    "enter_group",
    "get_group",
    "get_standing",
    "list_classes",
    "list_groups",
    "list_of_learner",
    "list_own",
    "of_cohort",
    "of_cohort_by_kind",
    "of_cohort_under",
    "of_enrollment",
    "say_of_group",
    "subject_of",
    "withdraw_group",
]
