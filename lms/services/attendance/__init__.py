"""Classes in person: the timetable, the rotating code, paper lists, leave, and what all of it comes to."""

from lms.services.attendance import book
from lms.services.attendance.leaves import ask as ask_leave
from lms.services.attendance.leaves import decide as decide_leave
from lms.services.attendance.leaves import enter as enter_leave
from lms.services.attendance.leaves import withdraw as withdraw_leave
from lms.services.attendance.lists import ListView, PaperRow, get_list, list_of_meeting, open_paper
from lms.services.attendance.lists import decide as decide_list
from lms.services.attendance.lists import enter as enter_list
from lms.services.attendance.meetings import Options, Plan, add, cancel, get, options
from lms.services.attendance.reading import (
    MeetingRow,
    OwnClass,
    RosterRow,
    list_meetings,
    list_own,
    roster,
    rows_of,
)
from lms.services.attendance.signing import Scan, Shown, find_ticket, scan, show, sign
from lms.services.facts.attendance import Presence, class_days, facts

__all__ = [
    "ListView",
    "MeetingRow",
    "Options",
    "OwnClass",
    "PaperRow",
    "Plan",
    "Presence",
    "RosterRow",
    "Scan",
    "Shown",
    "add",
    "ask_leave",
    "book",
    "cancel",
    "class_days",
    "decide_leave",
    "decide_list",
    "enter_leave",
    "enter_list",
    "facts",
    "find_ticket",
    "get",
    "get_list",
    "list_meetings",
    "list_of_meeting",
    "list_own",
    "open_paper",
    "options",
    "roster",
    "rows_of",
    "scan",
    "show",
    "sign",
    "withdraw_leave",
]
