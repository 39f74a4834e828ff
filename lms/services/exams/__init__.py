"""Gating exams: papers drawn from the bank, answers saved as they are given, graded when the sitting closes."""

from lms.services.exams.answering import Delivery, Receipt, save, save_form
from lms.services.exams.closing import Result, close, get_result, sweep
from lms.services.exams.opening import Door, TryRow, find_door, open_sitting
from lms.services.exams.oral import OralRow, list_oral, open_oral
from lms.services.exams.revealing import Telling, ToldQuestion, get_picture
from lms.services.exams.rulings import AskedQuestion, get_question, list_questions, rule
from lms.services.exams.sheets import Sheet, SheetQuestion, get_sheet
from lms.services.exams.tracing import Trace, trace
from lms.services.facts.exams import facts

__all__ = [
    "AskedQuestion",
    "Delivery",
    "Door",
    "OralRow",
    "Receipt",
    "Result",
    "Sheet",
    "SheetQuestion",
    "Telling",
    "ToldQuestion",
    "Trace",
    "TryRow",
    "close",
    "facts",
    "find_door",
    "get_picture",
    "get_question",
    "get_result",
    "get_sheet",
    "list_oral",
    "list_questions",
    "open_oral",
    "open_sitting",
    "rule",
    "save",
    "save_form",
    "sweep",
    "trace",
]
