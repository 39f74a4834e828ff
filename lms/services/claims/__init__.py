"""Claims of subsidies: assembled from evidence, made and filed by two humans, reviewed by two more, and chained."""

from lms.services.claims.calls import draw, note
from lms.services.claims.making import DryRun, bring_back, dry_run, leave_out, make, refresh
from lms.services.claims.reading import (
    ClaimRow,
    ClaimView,
    ClassRow,
    LineView,
    count_stages,
    get,
    is_due,
    list_claims,
    list_classes,
    list_due,
)
from lms.services.claims.rivals import Rivalry
from lms.services.claims.rivals import list_all as list_rivals
from lms.services.claims.steps import (
    decide_line,
    file,
    owe,
    pass_first,
    pass_second,
    refuse,
    send_back,
    strike,
    withdraw,
)

__all__ = [
    "ClaimRow",
    "ClaimView",
    "ClassRow",
    "DryRun",
    "LineView",
    "Rivalry",
    "bring_back",
    "count_stages",
    "decide_line",
    "draw",
    "dry_run",
    "file",
    "get",
    "is_due",
    "leave_out",
    "list_claims",
    "list_classes",
    "list_due",
    "list_rivals",
    "make",
    "note",
    "owe",
    "pass_first",
    "pass_second",
    "refresh",
    "refuse",
    "send_back",
    "strike",
    "withdraw",
]
