"""Courses being written: every change is kept, two writers never lose each other's words, release takes two people."""

from lms.services.drafts.changing import IN_REVIEW, Write, change, undo
from lms.services.drafts.checking import Checked, check
from lms.services.drafts.packages import Imported, begin, begin_from_archive, begin_from_version, export
from lms.services.drafts.reading import (
    ChangeRow,
    DraftRow,
    files_of,
    find_file,
    get_draft,
    get_file,
    history,
    list_drafts,
    open_asset,
)
from lms.services.drafts.reviews import (
    CommentRow,
    ReviewRow,
    ask_review,
    comment,
    decide,
    get_review,
    list_reviews,
    settle_comment,
    withdraw,
)

__all__ = [
    "IN_REVIEW",
    "ChangeRow",
    "Checked",
    "CommentRow",
    "DraftRow",
    "Imported",
    "ReviewRow",
    "Write",
    "ask_review",
    "begin",
    "begin_from_archive",
    "begin_from_version",
    "change",
    "check",
    "comment",
    "decide",
    "export",
    "files_of",
    "find_file",
    "get_draft",
    "get_file",
    "get_review",
    "history",
    "list_drafts",
    "list_reviews",
    "open_asset",
    "settle_comment",
    "undo",
    "withdraw",
]
