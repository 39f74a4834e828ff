"""The wrong-answer notebook (错题本) of an enrollment: read from attempts and reviews, which alone are kept.

A review earns no study time, changes no score and completes nothing; so it is no evidence, and may be given at any
time, also after the class has closed.
"""

from lms.services.notebook.reading import Asked, Notebook, Page, find_next, get_own, list_own, list_teaching
from lms.services.notebook.reviews import ReviewView, Told, get_review, record_review

__all__ = [
    "Asked",
    "Notebook",
    "Page",
    "ReviewView",
    "Told",
    "find_next",
    "get_own",
    "get_review",
    "list_own",
    "list_teaching",
    "record_review",
]
