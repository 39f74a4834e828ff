"""Completions that hold for a time and are taken again (复训): rules, days, lists, reminders."""

from lms.services.renewals.fixing import end, fix, rejoin, resume
from lms.services.renewals.reading import (
    PAGE_SIZE,
    count,
    get_history,
    holdings,
    list_own,
    list_rows,
    most_pressing,
)
from lms.services.renewals.reminding import BATCH, SEND, remind, send
from lms.services.renewals.retaking import list_classes, retake
from lms.services.renewals.rules import CourseRules, Figures, RuleView, get_course, list_courses, set_rule
from lms.services.renewals.shapes import Asked, Completion, CourseStanding, Holding, Row

__all__ = [
    "BATCH",
    "PAGE_SIZE",
    "SEND",
    "Asked",
    "Completion",
    "CourseRules",
    "CourseStanding",
    "Figures",
    "Holding",
    "Row",
    "RuleView",
    "count",
    "end",
    "fix",
    "get_course",
    "get_history",
    "holdings",
    "list_classes",
    "list_courses",
    "list_own",
    "list_rows",
    "most_pressing",
    "rejoin",
    "remind",
    "resume",
    "retake",
    "send",
    "set_rule",
]
