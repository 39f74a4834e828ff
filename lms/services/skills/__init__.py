"""Levels with their evidence, certificates from elsewhere, the register of assessors, credits and their tables."""

from lms.services.skills.checking import NumberShown, reveal, say
from lms.services.skills.entering import Entered, enter_of_learner, enter_own, withdraw_at_desk, withdraw_own
from lms.services.skills.exporting import export_of_learner, export_own, parts_of
from lms.services.skills.profile import Counted, Profile, get_own_profile, get_profile
from lms.services.skills.reading import (
    QualificationPage,
    QualificationRow,
    WordRow,
    get_at_desk,
    get_own,
    has_own,
    list_at_desk,
)
from lms.services.skills.register import (
    ActRow,
    FilingRow,
    Written,
    act,
    enter_filing,
    get_filing,
    list_filings,
)
from lms.services.skills.tables import TableRow, TableWritten, get_table, list_tables, publish_table

__all__ = [
    "ActRow",
    "Counted",
    "Entered",
    "FilingRow",
    "NumberShown",
    "Profile",
    "QualificationPage",
    "QualificationRow",
    "TableRow",
    "TableWritten",
    "WordRow",
    "Written",
    "act",
    "enter_filing",
    "enter_of_learner",
    "enter_own",
    "export_of_learner",
    "export_own",
    "get_at_desk",
    "get_filing",
    "get_own",
    "get_own_profile",
    "get_profile",
    "get_table",
    "has_own",
    "list_at_desk",
    "list_filings",
    "list_tables",
    "parts_of",
    "publish_table",
    "reveal",
    "say",
    "withdraw_at_desk",
    "withdraw_own",
]
