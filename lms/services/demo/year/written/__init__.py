"""A made-up year written into an empty database: its classes, claims and money, and whether all of it reconciles."""

from lms.services.demo.year.written.checking import Check, check, script
from lms.services.demo.year.written.diary import write
from lms.services.demo.year.written.totals import Totals, totals
from lms.services.demo.year.written.world import NotEmptyError, check_empty

__all__ = ["Check", "NotEmptyError", "Totals", "check", "check_empty", "script", "totals", "write"]
