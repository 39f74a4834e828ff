"""Who may release a course: nothing goes out that only one person has read."""

from enum import StrEnum

from lms.domain.errors import Forbidden


class ReviewState(StrEnum):
    """How far the reading of a draft is."""

    OPEN = "open"
    APPROVED = "approved"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


def require_second_person(decider: object, asked_by: object) -> None:
    """Forbidden("review_own") for who asked for the review: who asks vouches for the text, another one reads it."""
    if decider == asked_by:
        raise Forbidden("review_own")
