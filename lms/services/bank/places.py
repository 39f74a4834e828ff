"""Where questions belong: a course of an organisation, written or released, and its objectives."""

import uuid
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.authoring.manifest import FILE
from lms.authoring.outline import read_outline
from lms.domain.courses import Objective
from lms.domain.errors import NotFound
from lms.domain.roles import Role
from lms.models.bank import BankQuestion
from lms.models.drafts import Draft, DraftFile
from lms.services import courses, organisations, scopes
from lms.services.scopes import Actor


@dataclass(frozen=True)
class Place:
    """The bank of one course in one organisation; `title` is the course's, or its slug where nobody has it.

    `title_en` is empty until the course is released.
    """

    organisation_id: uuid.UUID
    organisation: str
    course_slug: str
    title: str
    title_en: str = ""
    objectives: tuple[Objective, ...] = ()

    @property
    def objective_ids(self) -> frozenset[str]:
        """The ids of the objectives."""
        return frozenset(each.id for each in self.objectives)

    def objective_words(self, objective_id: str) -> str:
        """What an objective is called; its id where the course has it no longer."""
        return next((each.text for each in self.objectives if each.id == objective_id), objective_id)

    def objective_id(self, told: str) -> str | None:
        """The id that an id or the words of an objective name."""
        plain = "".join(told.split()).casefold()
        for each in self.objectives:
            if plain in (each.id.casefold(), "".join(each.text.split()).casefold()):
                return each.id
        return None


def list_places(session: Session, actor: Actor) -> list[Place]:
    """The courses that the actor may keep questions for: in each of her organisations its drafts, all released
    courses, and whatever its bank holds already."""
    visible = list(reversed(courses.list_visible(session, actor)))
    released = {row.slug: row.title for row in visible}
    english = {row.slug: row.title_en for row in visible}
    found = []
    for each in organisations.list_own(session, actor, role=Role.TRAINER):
        titles = dict(released)
        held = scopes.bank_of(actor).where(BankQuestion.organisation_id == each.id)
        slugs = held.with_only_columns(BankQuestion.course_slug).distinct()
        titles |= {slug: titles.get(slug, slug) for slug in session.scalars(slugs)}
        drafts = select(Draft.slug, Draft.title).where(Draft.organisation_id == each.id)
        titles |= dict(session.execute(drafts).all())
        slugs_by_title = sorted(titles, key=lambda slug: titles[slug])
        found += [Place(each.id, each.name, slug, titles[slug], english.get(slug, "")) for slug in slugs_by_title]
    return found


def get_place(session: Session, actor: Actor, organisation_id: uuid.UUID, course_slug: str) -> Place:
    """One of these, with its objectives. NotFound."""
    for place in list_places(session, actor):
        if (place.organisation_id, place.course_slug) == (organisation_id, course_slug):
            objectives = _objectives(session, organisation_id, course_slug)
            return replace(place, objectives=objectives)
    raise NotFound


def _objectives(session: Session, organisation_id: uuid.UUID, course_slug: str) -> tuple[Objective, ...]:
    """Those of the draft, which is ahead, and those of the released course that the draft has no longer."""
    manifest = session.scalar(
        select(DraftFile.text)
        .join(Draft, Draft.id == DraftFile.draft_id)
        .where(Draft.organisation_id == organisation_id, Draft.slug == course_slug, DraftFile.path == FILE)
    )
    outline, _problems = read_outline(manifest) if manifest else (None, ())
    written = [each for shelf in outline.shelves for each in shelf.module.objectives] if outline else []
    try:
        released = courses.text_of(courses.latest(session, course_slug)).objectives
    except NotFound:
        released = ()
    by_id = {each.id: each for each in (*released, *written)}
    return tuple(by_id.values())
