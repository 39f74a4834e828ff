"""The other way round: courses, lessons, quizzes and practice lists become the text of their files."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from lms.authoring.front_matter import FENCE
from lms.authoring.listing import captions_path
from lms.authoring.manifest import FILE
from lms.domain.courses import Course, Exam, Lesson, LessonKind, Module, Option, Question

FORMAT = 1
FOLDERS = {LessonKind.QUIZ: "quizzes", LessonKind.PRACTICE: "practices"}


@dataclass(frozen=True, slots=True)
class Shelf:
    """A module with the paths of its lesson files, in order of study."""

    module: Module
    paths: tuple[str, ...]


def write_manifest(course: Course, shelves: tuple[Shelf, ...], includes: tuple[str, ...] = ()) -> str:
    """The text of course.yaml; the modules of `course` itself are not looked at."""
    told: dict[str, Any] = {
        "format": FORMAT,
        "slug": course.slug,
        "title": course.title,
        "title_en": course.title_en,
        "summary": course.summary,
        "summary_en": course.summary_en,
        "language": course.language,
        "licence": course.licence,
        "sources": [_without_empty({"id": each.id, "title": each.title, "url": each.url}) for each in course.sources],
    }
    if includes:
        told["includes"] = list(includes)
    told["modules"] = [_module(shelf) for shelf in shelves]
    if course.exam:
        told["exam"] = _exam(course.exam)
    return _yaml(told)


def write_lesson(lesson: Lesson) -> str:
    """The text of a lesson's file: Markdown with front matter, or YAML for a quiz and a practice list."""
    if lesson.kind is LessonKind.QUIZ:
        return _yaml({**_heading(lesson), "questions": _questions(lesson)})
    if lesson.kind is LessonKind.PRACTICE:
        return _yaml({**_heading(lesson), **_practice(lesson)})
    front = _heading(lesson)
    if lesson.minutes:
        front["minutes"] = lesson.minutes
    if lesson.upload:
        front["upload"] = lesson.upload
    if lesson.kind is LessonKind.FILE and lesson.assets:
        front["file"] = lesson.assets[0].name
    body = f"\n{lesson.body}\n" if lesson.body else ""
    return f"{FENCE}\n{_yaml(front)}{FENCE}\n{body}"


def write_package(course: Course) -> dict[str, str]:
    """The text files of a whole course by path, numbered as they are studied; pictures and papers lie elsewhere."""
    texts: dict[str, str] = {}
    shelves = []
    numbers = itertools.count(1)
    for module in course.modules:
        placed = [(path_of(lesson.kind, next(numbers), lesson.slug), lesson) for lesson in module.lessons]
        for path, lesson in placed:
            texts[path] = write_lesson(lesson)
            if lesson.captions:
                texts[captions_path(path)] = lesson.captions
        shelves.append(Shelf(module, tuple(path for path, _ in placed)))
    return {FILE: write_manifest(course, tuple(shelves)), **texts}


def path_of(kind: LessonKind, number: int, slug: str) -> str:
    """Where a lesson of that kind lies in its package, its number written with two or three digits."""
    ending = "yaml" if kind in FOLDERS else "md"
    return f"{FOLDERS.get(kind, 'lessons')}/{number:02}-{slug}.{ending}"


def _module(shelf: Shelf) -> dict[str, Any]:
    module = shelf.module
    return {
        "slug": module.slug,
        "title": module.title,
        "title_en": module.title_en,
        "class_hours_online": module.class_hours_online,
        "objectives": [{"id": each.id, "text": each.text, "text_en": each.text_en} for each in module.objectives],
        "lessons": list(shelf.paths),
    }


def _exam(exam: Exam) -> dict[str, Any]:
    parts = [{"objective": part.objective, "questions": part.questions} for part in exam.parts]
    return {"minutes": exam.minutes, "pass_percent": exam.pass_percent, "parts": parts}


def _heading(lesson: Lesson) -> dict[str, Any]:
    told: dict[str, Any] = {
        "kind": lesson.kind.value,
        "title": lesson.title,
        "title_en": lesson.title_en,
        "objectives": list(lesson.objectives),
        "topics": [topic.value for topic in lesson.topics],
        "sources": list(lesson.sources),
        "expert_review": "pending" if lesson.needs_expert_review else None,
    }
    is_yaml = lesson.kind in FOLDERS
    return {key: value for key, value in told.items() if value or (not is_yaml and value is not None)}


def _practice(lesson: Lesson) -> dict[str, Any]:
    practice = lesson.practice
    steps = [
        _without_empty({"text": step.text, "points": step.points, "critical": step.critical})
        for step in (practice.steps if practice else ())
    ]
    prepare = list(practice.prepare) if practice else []
    return {"prepare": prepare, "steps": steps, "pass_points": practice.pass_points if practice else 80}


def _questions(lesson: Lesson) -> list[dict[str, Any]]:
    return [_question(each) for each in lesson.quiz.questions] if lesson.quiz else []


def _question(question: Question) -> dict[str, Any]:
    return {
        "id": question.id,
        "type": question.type.value,
        "objective": question.objective,
        "stem": question.stem,
        "options": [_option(option) for option in question.options],
    }


def _option(option: Option) -> dict[str, Any]:
    return _without_empty({"text": option.text, "correct": option.correct, "feedback": option.feedback})


def _without_empty(told: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in told.items() if value or value == ""}


class _Dumper(yaml.SafeDumper):
    """Indents lists below their keys, as people do by hand."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        del indentless
        super().increase_indent(flow, False)


def _yaml(told: dict[str, Any]) -> str:
    return str(yaml.dump(told, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000))
