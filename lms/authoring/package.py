"""The files of a course package become a Course, or a list of all their problems."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from lms.authoring.assets import is_asset
from lms.authoring.checks import check_course
from lms.authoring.fields import Said
from lms.authoring.files import MOST_FILES, Files, FolderFiles, read_text
from lms.authoring.including import including
from lms.authoring.lessons import Known, assets_named, read_lesson
from lms.authoring.listing import captions_path, check_listing, number_and_slug
from lms.authoring.manifest import FILE, Manifest, read_exam, read_manifest
from lms.authoring.practices import read_practice
from lms.authoring.problems import Notes, Problem, printable
from lms.authoring.quizzes import read_quiz
from lms.domain.courses import Asset, Course, Lesson, LessonKind
from lms.domain.webvtt import read_webvtt

MOST_KEPT = 2_000
UNLISTED = frozenset({FILE, "README.md", "LICENSE"})

Library = Callable[[str], Course | None]
"""The course of a slug that another may include; None if there is none without fault."""


def read_package(folder: Path) -> tuple[Course | None, list[Problem]]:
    """The course in a folder and no problems, or None and all problems, by file and line.

    Any bytes may lie in the folder: they give problems, never an exception. Courses it includes lie beside it.
    """
    return read_files(FolderFiles(folder), lambda slug: _beside(folder, slug))


def read_files(files: Files, library: Library) -> tuple[Course | None, list[Problem]]:
    """The course in these files and no problems, or None and all problems, by file and line."""
    problems: list[Problem] = []
    course = _read(files, library, problems)
    problems.sort(key=lambda problem: (problem.path != FILE, problem.path, problem.line, problem.code))
    return (None if problems else course), problems


def _beside(folder: Path, slug: str) -> Course | None:
    """An included course may not include in its turn: nothing can go round in circles."""
    course, _ = read_files(FolderFiles(folder.parent / slug), lambda _slug: None)
    return course


def _read(files: Files, library: Library, problems: list[Problem]) -> Course | None:
    notes = Notes(FILE, problems)
    text = read_text(files, notes)
    manifest = None if text is None else read_manifest(text, notes)
    if not manifest:
        return None
    check_listing((file for part in manifest.parts for file in part.files), notes)
    course = _with_lessons(manifest, files, notes)
    check_course(course, manifest, notes)
    _check_unlisted(manifest, course, files, notes)
    whole = including(course, manifest.includes, library, notes)
    return replace(whole, exam=read_exam(manifest.fields, [each.id for each in whole.objectives]))


def _with_lessons(manifest: Manifest, files: Files, notes: Notes) -> Course:
    modules = []
    for part in manifest.parts:
        lessons = (_lesson(file, manifest.known, files, notes) for file in part.files)
        modules.append(replace(part.module, lessons=tuple(filter(None, lessons))))
    return replace(manifest.course, modules=tuple(modules))


def _lesson(file: Said, known: Known, files: Files, notes: Notes) -> Lesson | None:
    path = file.text
    _, slug = number_and_slug(path)
    if not slug:
        return None
    if not files.has(path):
        notes.add(file.line, "file_missing", name=path)
        return None
    own = Notes(path, notes.problems)
    text = read_text(files, own)
    if text is None:
        return None
    lesson, problems = _read_lesson(path, slug, text, known)
    own.problems.extend(problems)
    return lesson and _with_companions(lesson, text, files, own)


@lru_cache(maxsize=MOST_KEPT)
def _read_lesson(path: str, slug: str, text: str, known: Known) -> tuple[Lesson | None, tuple[Problem, ...]]:
    """The lesson of a text, and what is wrong with it: the same text is read once, however often its course is."""
    notes = Notes(path, [])
    read = {"quizzes": read_quiz, "practices": read_practice}.get(path.partition("/")[0], read_lesson)
    return read(text, slug, known, notes), tuple(notes.problems)


def _with_companions(lesson: Lesson, text: str, files: Files, notes: Notes) -> Lesson:
    """What lies beside a lesson: its pictures and paper, and the captions of an uploaded video."""
    if lesson.kind not in (LessonKind.READING, LessonKind.FILE, LessonKind.VIDEO):
        return lesson
    if lesson.kind is not LessonKind.FILE and "![" not in text:  # most lessons, spared a second reading
        return replace(lesson, captions=_captions(lesson, files, notes))
    read = (_asset(said, files, notes) for said in assets_named(text, notes))
    assets = {asset.name: asset for asset in read if asset}
    return replace(lesson, assets=tuple(assets.values()), captions=_captions(lesson, files, notes))


def _asset(said: Said, files: Files, notes: Notes) -> Asset | None:
    if not is_asset(said.text):
        notes.add(said.line, "asset_shape", path=said.text)
        return None
    if not files.has(said.text):
        notes.add(said.line, "file_missing", name=said.text)
        return None
    return files.read_asset(Notes(said.text, notes.problems))


def _captions(lesson: Lesson, files: Files, notes: Notes) -> str:
    path = captions_path(notes.path)
    if lesson.upload is None or not files.has(path):
        return ""
    own = Notes(path, notes.problems)
    text = read_text(files, own) or ""
    for problem in read_webvtt(text).problems if text else ():
        own.add(problem.line, "captions_line")
    return text


def _check_unlisted(manifest: Manifest, course: Course, files: Files, notes: Notes) -> None:
    listed = {file.text for part in manifest.parts for file in part.files}
    spoken = {captions_path(path) for path in listed if path.startswith("lessons/")}
    shown = {asset.name for lesson in course.lessons for asset in lesson.assets}
    found = files.names()
    if len(found) > MOST_FILES:
        notes.add(1, "package_too_many_files", most=MOST_FILES)
        return
    for path in found:
        if path not in listed | UNLISTED | spoken | shown:
            code = "asset_not_shown" if is_asset(path) else "file_not_listed"
            Notes(str(printable(path)), notes.problems).add(1, code)
