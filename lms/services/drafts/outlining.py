"""The outline of a draft: each rearrangement is one act, and never writes over what somebody else just wrote."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count

from sqlalchemy.orm import Session

from lms.authoring import outline as steps
from lms.authoring.listing import captions_path, number_and_slug
from lms.authoring.manifest import FILE
from lms.authoring.outline import Outline, read_outline
from lms.authoring.writing import write_lesson
from lms.domain.courses import Course, Lesson, LessonKind, Module, Objective
from lms.domain.errors import Refused
from lms.domain.names import first_free, free_slug
from lms.models.drafts import Draft
from lms.services.drafts.changing import Write, change
from lms.services.drafts.packages import slug_of
from lms.services.drafts.reading import find_file, get_file
from lms.services.scopes import Actor

Step = Callable[[Outline], Outline]


@dataclass(frozen=True)
class ModuleWords:
    """What a form says of a module. `objectives` are (id or "", text, text_en): those without id get one."""

    title: str
    title_en: str
    class_hours_online: int
    objectives: tuple[tuple[str, str, str], ...] = ()


def get_outline(session: Session, draft: Draft) -> Outline:
    """The outline as it is now. Refused("draft_outline_broken") when rearranging would lose something in the file."""
    outline, _ = read_outline(str(get_file(session, draft, FILE).text))
    if outline is None:
        raise Refused("draft_outline_broken")
    return outline


def change_course(
    session: Session, draft: Draft, actor: Actor, course: Course, includes: Sequence[str], *, now: datetime
) -> int:
    """Other words, sources, included courses or exam for the course; its slug stays."""

    def step(outline: Outline) -> Outline:
        words = replace(course, slug=outline.course.slug, modules=())
        return replace(outline, course=words, includes=tuple(includes))

    return _apply(session, draft, actor, "course", step, now=now)


def add_module(session: Session, draft: Draft, actor: Actor, words: ModuleWords, *, now: datetime) -> str:
    """A new module at the end; answers with its slug."""
    taken = {shelf.module.slug for shelf in get_outline(session, draft).shelves}
    slug = first_free((f"m{number}" for number in count(len(taken) + 1)), taken)
    module = _module(slug, words, Module(slug, "", "", 0, (), ()))
    _apply(session, draft, actor, "module.add", lambda outline: steps.add_module(outline, module), now=now)
    return slug


def change_module(session: Session, draft: Draft, actor: Actor, slug: str, words: ModuleWords, *, now: datetime) -> int:
    """Other words, hours or objectives for a module. NotFound."""

    def step(outline: Outline) -> Outline:
        return steps.change_module(outline, slug, _module(slug, words, outline.shelf(slug).module))

    return _apply(session, draft, actor, "module.change", step, now=now)


def move_module(session: Session, draft: Draft, actor: Actor, slug: str, place: int, *, now: datetime) -> int:
    """The module at that place, counted from 0. NotFound."""
    return _apply(session, draft, actor, "module.move", lambda each: steps.move_module(each, slug, place), now=now)


def remove_module(session: Session, draft: Draft, actor: Actor, slug: str, *, now: datetime) -> int:
    """Takes an empty module away. NotFound, Refused("module_not_empty")."""
    return _apply(session, draft, actor, "module.remove", lambda each: steps.remove_module(each, slug), now=now)


def add_lesson(
    session: Session,
    draft: Draft,
    actor: Actor,
    module: str,
    kind: LessonKind,
    title: str,
    title_en: str,
    *,
    now: datetime,
) -> str:
    """A new lesson at the end of a module, with a file that says what is still to be written; answers with its path."""
    outline = get_outline(session, draft)
    slug = free_slug(slug_of(title_en), {number_and_slug(path)[1] for path in outline.paths})
    path = steps.new_path(outline, module, kind, slug)
    goals = tuple(objective.id for objective in outline.shelf(module).module.objectives)
    minutes = 5 if kind in (LessonKind.VIDEO, LessonKind.READING) else 0
    made = Lesson(slug, kind, title, title_en, minutes=minutes, objectives=goals)
    more = [Write(path, write_lesson(made))]
    _apply(session, draft, actor, "lesson.add", lambda each: steps.add_lesson(each, module, path), more, now=now)
    return path


def move_lesson(
    session: Session, draft: Draft, actor: Actor, path: str, module: str, place: int, *, now: datetime
) -> int:
    """The lesson at that place of a module, counted from 0. NotFound."""
    return _apply(
        session, draft, actor, "lesson.move", lambda each: steps.move_lesson(each, path, module, place), now=now
    )


def remove_lesson(session: Session, draft: Draft, actor: Actor, path: str, *, now: datetime) -> int:
    """Takes a lesson, its file and its captions away; one undoing brings all of it back. NotFound."""
    gone = [Write(each) for each in (path, captions_path(path)) if find_file(session, draft, each)]
    return _apply(session, draft, actor, "lesson.remove", lambda each: steps.remove_lesson(each, path), gone, now=now)


def _apply(
    session: Session, draft: Draft, actor: Actor, act: str, step: Step, more: Sequence[Write] = (), *, now: datetime
) -> int:
    begun = get_file(session, draft, FILE).revision
    text = step(get_outline(session, draft)).write()
    writes = [Write(FILE, text), *more]
    return change(session, draft, writes, act=act, account_id=actor.account_id, now=now, begun_with={FILE: begun})


def _module(slug: str, words: ModuleWords, before: Module) -> Module:
    taken = {each for each, _, _ in words.objectives} | {objective.id for objective in before.objectives}
    objectives = []
    for given, text, text_en in words.objectives:
        name = given or first_free((f"{slug}-{number}" for number in count(1)), taken)
        taken.add(name)
        objectives.append(Objective(name, text, text_en))
    return replace(
        before,
        title=words.title,
        title_en=words.title_en,
        class_hours_online=words.class_hours_online,
        objectives=tuple(objectives),
    )
