"""The question bank: kept in the database, never in a package; every wording stays, every batch can be taken back."""

from lms.services.bank.batches import BatchView, bring, check, list_batches, recheck, sweep, take_in, undo
from lms.services.bank.checking import CheckedRow, Choices
from lms.services.bank.exporting import Exported, Target, export, failed_rows, template
from lms.services.bank.listing import (
    PAGE,
    Filters,
    QuestionView,
    RevisionRow,
    Row,
    count_by_place,
    get_question,
    history,
    list_questions,
    open_picture,
    variants,
)
from lms.services.bank.places import Place, get_place, list_places
from lms.services.bank.statistics import record_answers, statistics_of
from lms.services.bank.writing import add, change, keep_picture, restore, retire

__all__ = [
    "PAGE",
    "BatchView",
    "CheckedRow",
    "Choices",
    "Exported",
    "Filters",
    "Place",
    "QuestionView",
    "RevisionRow",
    "Row",
    "Target",
    "add",
    "bring",
    "change",
    "check",
    "count_by_place",
    "export",
    "failed_rows",
    "get_place",
    "get_question",
    "history",
    "keep_picture",
    "list_batches",
    "list_places",
    "list_questions",
    "open_picture",
    "recheck",
    "record_answers",
    "restore",
    "retire",
    "statistics_of",
    "sweep",
    "take_in",
    "template",
    "undo",
    "variants",
]
