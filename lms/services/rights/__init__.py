"""A person's rights over her own data: what is held, wishes and their answers, exports, erasure, monthly statements."""

from lms.services.rights import erasing, exporting, holdings, keeping, statements
from lms.services.rights.holdings import RuleRow, rules, set_period
from lms.services.rights.pages import DeskView, MineView, RequestView, get_desk, get_mine, list_desk
from lms.services.rights.requests import answer, approve, ask, propose, withdraw

__all__ = [
    "DeskView",
    "MineView",
    "RequestView",
    "RuleRow",
    "answer",
    "approve",
    "ask",
    "erasing",
    "exporting",
    "get_desk",
    "get_mine",
    "holdings",
    "keeping",
    "list_desk",
    "propose",
    "rules",
    "set_period",
    "statements",
    "withdraw",
]
