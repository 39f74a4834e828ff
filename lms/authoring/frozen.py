"""A course version as bytes: canonical JSON (RFC 8785) of all a learner is shown or graded by."""

import hashlib
import json
from dataclasses import asdict
from typing import Any

import rfc8785

from lms.domain.courses import (
    Asset,
    Course,
    Exam,
    ExamPart,
    Lesson,
    LessonKind,
    Module,
    Objective,
    Option,
    Practice,
    Question,
    QuestionType,
    Quiz,
    Slide,
    Source,
    Step,
    Topic,
)

FORMAT = 1


def freeze(course: Course) -> bytes:
    """The one byte string of a course; equal courses give equal bytes."""
    return rfc8785.dumps({"format": FORMAT, "course": asdict(course)})


def content_hash(frozen: bytes) -> str:
    """The SHA-256 of frozen bytes, in hexadecimal: the identity of a course version."""
    return hashlib.sha256(frozen).hexdigest()


def thaw(frozen: bytes) -> Course:
    """The course that was frozen. ValueError if the bytes were not made by `freeze`."""
    try:
        told = json.loads(frozen)
        course = _course(told["course"]) if told["format"] == FORMAT else None
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise ValueError("not a frozen course") from error
    if course is None:
        raise ValueError("a course frozen in another format")
    return course


def _course(told: dict[str, Any]) -> Course:
    sources = tuple(Source(**source) for source in told["sources"])
    modules = tuple(map(_module, told["modules"]))
    exam = told.get("exam")
    return Course(**told | {"sources": sources, "modules": modules, "exam": exam and _exam(exam)})


def _exam(told: dict[str, Any]) -> Exam:
    return Exam(**told | {"parts": tuple(ExamPart(**part) for part in told["parts"])})


def _module(told: dict[str, Any]) -> Module:
    objectives = tuple(Objective(**objective) for objective in told["objectives"])
    return Module(**told | {"objectives": objectives, "lessons": tuple(map(_lesson, told["lessons"]))})


def _lesson(told: dict[str, Any]) -> Lesson:
    return Lesson(
        **told
        | {
            "kind": LessonKind(told["kind"]),
            "objectives": tuple(told["objectives"]),
            "topics": tuple(map(Topic, told["topics"])),
            "sources": tuple(told["sources"]),
            "slides": tuple(map(_slide, told["slides"])),
            "quiz": told["quiz"] and _quiz(told["quiz"]),
            "practice": _practice(told.get("practice")),
            "assets": tuple(Asset(**asset) for asset in told.get("assets", ())),
        }
    )


def _slide(told: dict[str, Any]) -> Slide:
    return Slide(told["title"], tuple(told["points"]), tuple(told["narration"]))


def _practice(told: dict[str, Any] | None) -> Practice | None:
    """None for a lesson without one, and for versions frozen before there were any."""
    if not told:
        return None
    return Practice(tuple(told["prepare"]), tuple(Step(**step) for step in told["steps"]), told["pass_points"])


def _quiz(told: dict[str, Any]) -> Quiz:
    return Quiz(tuple(map(_question, told["questions"])))


def _question(told: dict[str, Any]) -> Question:
    options = tuple(Option(**option) for option in told["options"])
    return Question(**told | {"type": QuestionType(told["type"]), "options": options})
