"""Suspicion: flags are raised, and people look into the cases they open. None of it changes a number."""

from lms.services.cases.counting import Counts, count
from lms.services.cases.flags import Suspicion, raise_flag
from lms.services.cases.looking import look, raise_new, sweep
from lms.services.cases.pages import CaseRow, CaseView, FlagRow, get_case, get_own, list_cases, list_own
from lms.services.cases.steps import add_words, appeal, decide, decide_appeal

__all__ = [
    "CaseRow",
    "CaseView",
    "Counts",
    "FlagRow",
    "Suspicion",
    "add_words",
    "appeal",
    "count",
    "decide",
    "decide_appeal",
    "get_case",
    "get_own",
    "list_cases",
    "list_own",
    "look",
    "raise_flag",
    "raise_new",
    "sweep",
]
