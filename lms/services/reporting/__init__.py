"""The reports of an institution beyond the completion report: hours, plan, records, and the books over many classes."""

from lms.services.reporting.books import AttendanceEntry, ScoreEntry, attendance_rows, most_attendance, score_rows
from lms.services.reporting.hours import HoursRow, hours_rows
from lms.services.reporting.plans import (
    CohortPace,
    PlanRow,
    by_cohort,
    count_learners,
    count_overdue,
    overdue_rows,
    plan_rows,
)
from lms.services.reporting.registers import RegisterRow, count_registered, register_rows
from lms.services.reporting.shares import CohortShare, shares
from lms.services.reporting.tiers import TierRow, count_tiers, tier_rows

__all__ = [
    "AttendanceEntry",
    "CohortPace",
    "CohortShare",
    "HoursRow",
    "PlanRow",
    "RegisterRow",
    "ScoreEntry",
    "TierRow",
    "attendance_rows",
    "by_cohort",
    "count_learners",
    "count_overdue",
    "count_registered",
    "count_tiers",
    "hours_rows",
    "most_attendance",
    "overdue_rows",
    "plan_rows",
    "register_rows",
    "score_rows",
    "shares",
    "tier_rows",
]
