"""A folder of course text becomes a Course, or a list of all its problems."""

import os
from dataclasses import replace
from pathlib import Path

from lms.authoring.checks import check_course
from lms.authoring.fields import Said
from lms.authoring.files import MOST_FILES, list_files, read_text
from lms.authoring.lessons import Known, read_lesson
from lms.authoring.listing import check_listing, number_and_slug
from lms.authoring.manifest import FILE, Manifest, read_manifest
from lms.authoring.problems import Notes, Problem, printable
from lms.authoring.quizzes import read_quiz
from lms.domain.courses import Course, Lesson

UNLISTED = frozenset({FILE, "README.md", "LICENSE"})


def read_package(folder: Path) -> tuple[Course | None, list[Problem]]:
    """The course in a folder and no problems, or None and all problems, by file and line.

    Any bytes may lie in the folder: they give problems, never an exception.
    """
    problems: list[Problem] = []
    course = _read(folder, problems)
    problems.sort(key=lambda problem: (problem.path != FILE, problem.path, problem.line, problem.code))
    return (None if problems else course), problems


def _read(folder: Path, problems: list[Problem]) -> Course | None:
    notes = Notes(FILE, problems)
    text = read_text(folder, notes)
    manifest = None if text is None else read_manifest(text, notes)
    if not manifest:
        return None
    check_listing((file for part in manifest.parts for file in part.files), notes)
    course = _with_lessons(manifest, folder, notes)
    check_course(course, manifest, notes)
    _check_unlisted(manifest, folder, notes)
    return course


def _with_lessons(manifest: Manifest, folder: Path, notes: Notes) -> Course:
    modules = []
    for part in manifest.parts:
        lessons = (_lesson(file, manifest.known, folder, notes) for file in part.files)
        modules.append(replace(part.module, lessons=tuple(filter(None, lessons))))
    return replace(manifest.course, modules=tuple(modules))


def _lesson(file: Said, known: Known, folder: Path, notes: Notes) -> Lesson | None:
    path = file.text
    _, slug = number_and_slug(path)
    if not slug:
        return None
    if not os.path.lexists(folder / path):
        notes.add(file.line, "file_missing", name=path)
        return None
    own = Notes(path, notes.problems)
    text = read_text(folder, own)
    read = read_quiz if path.endswith(".yaml") else read_lesson
    return None if text is None else read(text, slug, known, own)


def _check_unlisted(manifest: Manifest, folder: Path, notes: Notes) -> None:
    listed = {file.text for part in manifest.parts for file in part.files}
    found = list_files(folder)
    if len(found) > MOST_FILES:
        notes.add(1, "package_too_many_files", most=MOST_FILES)
        return
    for path in found:
        if path not in listed | UNLISTED:
            Notes(str(printable(path)), notes.problems).add(1, "file_not_listed")
