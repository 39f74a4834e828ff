"""Corrections of study time: proposed by one person, decided by another; nothing is overwritten."""

from lms.services.attachments import Attachment, Sent
from lms.services.corrections.attachments import open_attachment
from lms.services.corrections.decisions import decide
from lms.services.corrections.pages import (
    CorrectionRow,
    CorrectionView,
    get_correction,
    list_corrections,
    list_own,
)
from lms.services.corrections.places import LearnerPage, SegmentRow, learner_page
from lms.services.corrections.proposals import Claim, propose_credit, propose_void

__all__ = [
    "Attachment",
    "Claim",
    "CorrectionRow",
    "CorrectionView",
    "LearnerPage",
    "SegmentRow",
    "Sent",
    "decide",
    "get_correction",
    "learner_page",
    "list_corrections",
    "list_own",
    "open_attachment",
    "propose_credit",
    "propose_void",
]
