"""Cross-checks: lists from outside, strange patterns of whole classes, and the people who settle both."""

from lms.services.crosschecks.flagging import Flagged, FlagView, SaidView, get_flag, list_flags
from lms.services.crosschecks.flagging import list_own as list_own_flags
from lms.services.crosschecks.flagging import settle as settle_flag
from lms.services.crosschecks.listing import (
    ListTold,
    ListView,
    bring,
    get_list,
    list_authorities,
    list_lists,
    remove,
)
from lms.services.crosschecks.looking import LOOK, ask, find, find_running, look_at, raise_new, settle_look
from lms.services.crosschecks.matching import match_all
from lms.services.crosschecks.matching import sweep as sweep_lists
from lms.services.crosschecks.settling import (
    MatchView,
    WordView,
    get_match,
    get_own,
    list_matches,
    list_own,
    object_to,
    settle,
)

__all__ = [
    "LOOK",
    "FlagView",
    "Flagged",
    "ListTold",
    "ListView",
    "MatchView",
    "SaidView",
    "WordView",
    "ask",
    "bring",
    "find",
    "find_running",
    "get_flag",
    "get_list",
    "get_match",
    "get_own",
    "list_authorities",
    "list_flags",
    "list_lists",
    "list_matches",
    "list_own",
    "list_own_flags",
    "look_at",
    "match_all",
    "object_to",
    "raise_new",
    "remove",
    "settle",
    "settle_flag",
    "settle_look",
    "sweep_lists",
]
