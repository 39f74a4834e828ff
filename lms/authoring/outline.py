"""course.yaml as something to rearrange: read without loss, changed by pure steps, written again."""

from dataclasses import dataclass, replace

from lms.authoring.listing import number_and_slug
from lms.authoring.manifest import FILE, read_exam, read_manifest
from lms.authoring.problems import Notes, Problem
from lms.authoring.writing import Shelf, path_of, write_manifest
from lms.domain.courses import Course, LessonKind, Module
from lms.domain.errors import Conflict, NotFound, Refused

MOST_NUMBER = 999

# What lacks can be written as lacking; every other fault of the file would be lost by writing it anew.
_HARMLESS = frozenset({"text_empty", "list_empty", "key_missing"})


@dataclass(frozen=True, slots=True)
class Outline:
    """A course without its lessons' texts: modules with the paths of their files, and the courses it includes."""

    course: Course
    shelves: tuple[Shelf, ...]
    includes: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """All lesson files in order of study."""
        return tuple(path for shelf in self.shelves for path in shelf.paths)

    def write(self) -> str:
        """The text of course.yaml."""
        return write_manifest(self.course, self.shelves, self.includes)

    def shelf(self, slug: str) -> Shelf:
        """The module of that slug. NotFound."""
        for shelf in self.shelves:
            if shelf.module.slug == slug:
                return shelf
        raise NotFound

    def shelf_of(self, path: str) -> Shelf:
        """The module that lists this file. NotFound."""
        for shelf in self.shelves:
            if path in shelf.paths:
                return shelf
        raise NotFound


def read_outline(text: str) -> tuple[Outline | None, list[Problem]]:
    """The outline of a course.yaml; None with all problems if rearranging it would lose what somebody wrote."""
    problems: list[Problem] = []
    manifest = read_manifest(text, Notes(FILE, problems))
    if manifest is None:
        return None, problems
    exam = read_exam(manifest.fields)
    if any(problem.code not in _HARMLESS for problem in problems):
        return None, problems
    shelves = tuple(Shelf(part.module, tuple(file.text for file in part.files)) for part in manifest.parts)
    includes = tuple(said.text for said in manifest.includes)
    return Outline(replace(manifest.course, exam=exam), shelves, includes), problems


def add_module(outline: Outline, module: Module) -> Outline:
    """With an empty module at the end. Conflict("module_slug_taken")."""
    if any(shelf.module.slug == module.slug for shelf in outline.shelves):
        raise Conflict("module_slug_taken", slug=module.slug)
    return replace(outline, shelves=(*outline.shelves, Shelf(module, ())))


def change_module(outline: Outline, slug: str, module: Module) -> Outline:
    """With other words, hours or objectives for one module; its slug and its lessons stay. NotFound."""
    held = outline.shelf(slug)
    return _with_shelves(outline, {slug: Shelf(replace(module, slug=slug), held.paths)})


def move_module(outline: Outline, slug: str, place: int) -> Outline:
    """With the module at that place, counted from 0. NotFound."""
    moving = outline.shelf(slug)
    rest = [shelf for shelf in outline.shelves if shelf is not moving]
    place = max(0, min(place, len(rest)))
    return replace(outline, shelves=(*rest[:place], moving, *rest[place:]))


def remove_module(outline: Outline, slug: str) -> Outline:
    """Without a module that has no lessons. NotFound, Refused("module_not_empty")."""
    leaving = outline.shelf(slug)
    if leaving.paths:
        raise Refused("module_not_empty", title=leaving.module.title)
    return replace(outline, shelves=tuple(shelf for shelf in outline.shelves if shelf is not leaving))


def add_lesson(outline: Outline, module: str, path: str) -> Outline:
    """With a lesson at the end of a module. NotFound, Conflict("lesson_slug_taken")."""
    _, slug = number_and_slug(path)
    if any(number_and_slug(taken)[1] == slug for taken in outline.paths):
        raise Conflict("lesson_slug_taken", slug=slug)
    held = outline.shelf(module)
    return _with_shelves(outline, {module: replace(held, paths=(*held.paths, path))})


def move_lesson(outline: Outline, path: str, module: str, place: int) -> Outline:
    """With the lesson at that place of a module, counted from 0; order is what course.yaml says, not the numbers."""
    source, target = outline.shelf_of(path), outline.shelf(module)
    left = tuple(each for each in source.paths if each != path)
    rest = left if source is target else target.paths
    place = max(0, min(place, len(rest)))
    changed = {source.module.slug: replace(source, paths=left)}
    changed[module] = replace(target, paths=(*rest[:place], path, *rest[place:]))
    return _with_shelves(outline, changed)


def remove_lesson(outline: Outline, path: str) -> Outline:
    """Without that lesson. NotFound."""
    held = outline.shelf_of(path)
    left = tuple(each for each in held.paths if each != path)
    return _with_shelves(outline, {held.module.slug: replace(held, paths=left)})


def new_path(outline: Outline, module: str, kind: LessonKind, slug: str) -> str:
    """A path for a new lesson of a module, numbered after all that are there. Refused("course_full")."""
    outline.shelf(module)
    number = max((int(number_and_slug(path)[0] or 0) for path in outline.paths), default=0) + 1
    if number > MOST_NUMBER:
        raise Refused("course_full", most=MOST_NUMBER)
    return path_of(kind, number, slug)


def _with_shelves(outline: Outline, changed: dict[str, Shelf]) -> Outline:
    shelves = tuple(changed.get(shelf.module.slug, shelf) for shelf in outline.shelves)
    return replace(outline, shelves=shelves)
