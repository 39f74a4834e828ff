"""Practical skills: sittings that examiners judge, tasks at work that mentors sign, pictures with consent."""

from lms.services.facts.skills import facts
from lms.services.practice.consents import ConsentView, record_given, remove_all, say, say_own
from lms.services.practice.pages import (
    LearnerSkills,
    SheetView,
    SittingPage,
    SittingView,
    SkillPage,
    SkillRow,
    get_learner,
    get_sitting,
    get_skill,
    list_learners,
)
from lms.services.practice.pictures import PictureView, Ready, Shown, check, keep, open_picture, prepare
from lms.services.practice.sittings import Signing, open_sitting, sign_task, submit_sheet

__all__ = [
    "ConsentView",
    "LearnerSkills",
    "PictureView",
    "Ready",
    "SheetView",
    "Shown",
    "Signing",
    "SittingPage",
    "SittingView",
    "SkillPage",
    "SkillRow",
    "check",
    "facts",
    "get_learner",
    "get_sitting",
    "get_skill",
    "keep",
    "list_learners",
    "open_picture",
    "open_sitting",
    "prepare",
    "record_given",
    "remove_all",
    "say",
    "say_own",
    "sign_task",
    "submit_sheet",
]
