"""Whole numbers and phones are masked everywhere; staff see one for a purpose and a reason, and it is on record."""

from enum import StrEnum


class RevealField(StrEnum):
    """What is shown in full."""

    NUMBER = "number"
    PHONE = "phone"


class Purpose(StrEnum):
    """What it is needed for."""

    CLAIM = "claim"
    CERTIFICATE = "certificate"
    CONTACT = "contact"
    CHECK = "check"
    AUTHORITY = "authority"
