"""Whole numbers and phones are masked everywhere; staff see one for a purpose and a reason, and it is on record."""

from enum import StrEnum


class RevealField(StrEnum):
    """What is shown in full; `certificate`: the number of a certificate from elsewhere, by the platform alone."""

    NUMBER = "number"
    PHONE = "phone"
    CERTIFICATE = "certificate"


OF_LEARNER = (RevealField.NUMBER, RevealField.PHONE)
"""What an institution asks to see of its learner."""


class Purpose(StrEnum):
    """What it is needed for."""

    CLAIM = "claim"
    CERTIFICATE = "certificate"
    CONTACT = "contact"
    CHECK = "check"
    AUTHORITY = "authority"
