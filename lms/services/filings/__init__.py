"""Filing classes with the authority (开班申请): draft → filed → returned or approved → running → closed → archived."""

from lms.services.filings.reading import FilingRow, FilingView, get, list_all, timeline
from lms.services.filings.roster import (
    ChangeRow,
    VersionRow,
    decide_change,
    list_changes,
    list_people,
    list_versions,
    propose_addition,
    propose_removal,
)
from lms.services.filings.steps import approve, archive, close, file, send_back
from lms.services.filings.writing import add_item, describe, remove_item, rename, start

__all__ = [
    "ChangeRow",
    "FilingRow",
    "FilingView",
    "VersionRow",
    "add_item",
    "approve",
    "archive",
    "close",
    "decide_change",
    "describe",
    "file",
    "get",
    "list_all",
    "list_changes",
    "list_people",
    "list_versions",
    "propose_addition",
    "propose_removal",
    "remove_item",
    "rename",
    "send_back",
    "start",
    "timeline",
]
