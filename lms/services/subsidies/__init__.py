"""Subsidy policies in use: published versions, drafts of new ones, and which one a cohort pins."""

from lms.services.subsidies.drafting import ask, change, make, publish, send_back, withdraw
from lms.services.subsidies.pinning import Pinned, pin_approved, pin_missing, pinned_of, policies_of
from lms.services.subsidies.publishing import Loaded, load, load_shipped
from lms.services.subsidies.reading import (
    ActRow,
    DraftRow,
    VersionRow,
    compare,
    get_draft,
    get_version,
    list_drafts,
    list_versions,
)
from lms.services.subsidies.versions import shipped_files
from lms.services.subsidies.versions import whole_now as whole

__all__ = [
    "ActRow",
    "DraftRow",
    "Loaded",
    "Pinned",
    "VersionRow",
    "ask",
    "change",
    "compare",
    "get_draft",
    "get_version",
    "list_drafts",
    "list_versions",
    "load",
    "load_shipped",
    "make",
    "pin_approved",
    "pin_missing",
    "pinned_of",
    "policies_of",
    "publish",
    "send_back",
    "shipped_files",
    "whole",
    "withdraw",
]
