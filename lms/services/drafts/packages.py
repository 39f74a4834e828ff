"""Drafts begin empty, from a released version or from a zip, and leave as a zip again."""

import re
import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.adapters.objects import Store
from lms.authoring.archive import pack, unpack
from lms.authoring.files import MOST_BYTES
from lms.authoring.manifest import FILE
from lms.authoring.outline import Outline, read_outline
from lms.authoring.problems import Notes, Problem
from lms.authoring.writing import write_package
from lms.domain.courses import Course as CourseText
from lms.domain.errors import Forbidden, NotFound
from lms.domain.names import LONGEST_SLUG, free_slug
from lms.domain.roles import Role
from lms.models.courses import Course
from lms.models.drafts import Draft
from lms.services import assets, audit, courses
from lms.services.drafts.changing import Write, change
from lms.services.drafts.reading import DraftFiles
from lms.services.scopes import Actor

BEGUN, IMPORTED, COPIED = "begin", "import", "copy"
LICENCE = "CC-BY-4.0"


@dataclass(frozen=True)
class Imported:
    """The draft a zip became, or None with what is wrong with the zip."""

    draft: Draft | None
    problems: tuple[Problem, ...] = ()


def begin(
    session: Session, actor: Actor, organisation_id: uuid.UUID, *, title: str, title_en: str, now: datetime
) -> Draft:
    """An empty course. Forbidden for an organisation the actor does not write for."""
    slug = _free_slug(session, organisation_id, slug_of(title_en))
    text = CourseText(slug, title, title_en, "", "", "zh-Hans", LICENCE, (), ())
    draft = _draft(session, actor, organisation_id, slug, title, now)
    writes = [Write(FILE, Outline(text, ()).write())]
    change(session, draft, writes, act=BEGUN, account_id=actor.account_id, now=now)
    return draft


def begin_from_version(
    session: Session, actor: Actor, organisation_id: uuid.UUID, version_id: uuid.UUID, *, now: datetime
) -> Draft:
    """The next edition of an own course, or a copy under another slug of one that ships with the platform. NotFound."""
    version = courses.get_visible(session, actor, version_id)
    owner = version.course.organisation_id
    if owner not in (None, organisation_id):
        raise NotFound
    text = courses.text_of(version)
    slug = _free_slug(session, organisation_id, text.slug)
    draft = _draft(session, actor, organisation_id, slug, text.title, now)
    writes = [Write(path, words) for path, words in write_package(replace(text, slug=slug)).items()]
    pictures = {asset.name: asset for lesson in text.lessons for asset in lesson.assets}
    writes += [Write(name, asset=asset) for name, asset in pictures.items()]
    change(session, draft, writes, act=COPIED, account_id=actor.account_id, now=now)
    return draft


def begin_from_archive(
    session: Session, store: Store, actor: Actor, organisation_id: uuid.UUID, data: bytes, *, now: datetime
) -> Imported:
    """The course in a zip as a draft, faults of its texts and all; a hostile or broken zip leaves nothing behind."""
    files, problems = unpack(data)
    texts, more = _texts(files)
    if problems or more:
        return Imported(None, (*problems, *more))
    outline, _ = read_outline(texts[FILE])
    title = outline.course.title if outline else ""
    slug = _free_slug(session, organisation_id, slug_of(outline.course.slug if outline else ""))
    if outline and outline.course.slug != slug:
        texts[FILE] = replace(outline, course=replace(outline.course, slug=slug)).write()
    draft = _draft(session, actor, organisation_id, slug, title or slug, now)
    writes = [Write(path, text) for path, text in texts.items()]
    writes += [Write(path, asset=assets.keep(store, path, files[path])) for path in sorted(files.keys() - texts.keys())]
    change(session, draft, writes, act=IMPORTED, account_id=actor.account_id, now=now)
    return Imported(draft)


def export(draft: Draft, store: Store) -> bytes:
    """The draft as a zip that any Kangxue opens again; uploaded videos are named by their SHA-256, not packed."""
    files = DraftFiles(draft, store)
    found = {path: files.read_bytes(Notes(path, []), MOST_BYTES * 5) for path in files.names()}
    return pack({path: data for path, data in found.items() if data is not None})


def slug_of(words: str) -> str:
    """A slug from English words; "course" where none of them can stand in one."""
    return "-".join(re.findall(r"[a-z0-9]+", words.lower()))[:LONGEST_SLUG].strip("-") or "course"


def _texts(files: dict[str, bytes]) -> tuple[dict[str, str], list[Problem]]:
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for path, data in files.items():
        if path.startswith("assets/"):
            continue
        try:
            texts[path] = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            Notes(path, problems).add(data.count(b"\n", 0, error.start) + 1, "file_not_utf8")
    return texts, problems


def _free_slug(session: Session, organisation_id: uuid.UUID, wanted: str) -> str:
    """The wanted slug, or it with the first number that no other course and no own draft has."""
    foreign = select(Course.slug).where(Course.organisation_id.is_distinct_from(organisation_id))
    own = select(Draft.slug).where(Draft.organisation_id == organisation_id)
    return free_slug(wanted, {*session.scalars(foreign), *session.scalars(own)})


def _draft(session: Session, actor: Actor, organisation_id: uuid.UUID, slug: str, title: str, now: datetime) -> Draft:
    if organisation_id not in actor.organisation_ids(Role.TRAINER):
        raise Forbidden("role_needed", role=Role.TRAINER.value)
    made = Draft(
        organisation_id=organisation_id,
        slug=slug,
        title=title[:200],
        created_by=actor.account_id,
        created_at=now,
        changed_at=now,
    )
    session.add(made)
    session.flush()
    audit.record(session, "draft.begin", made.id, now=now, account_id=actor.account_id, organisation_id=organisation_id)
    return made
