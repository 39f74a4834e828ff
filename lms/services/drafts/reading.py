"""Drafts as they are and as they were, read by whoever writes for the organisation."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.adapters.objects import Store
from lms.authoring.files import MOST_BYTES
from lms.authoring.headings import Heading, read_heading
from lms.authoring.problems import Notes
from lms.domain.courses import Asset
from lms.domain.errors import NotFound
from lms.models.accounts import Account
from lms.models.drafts import Draft, DraftChange, DraftFile
from lms.services import assets, scopes
from lms.services.scopes import Actor

MOST_CHANGES_SHOWN = 200


@dataclass(frozen=True)
class DraftRow:
    """One draft in a list, the last changed first."""

    draft_id: uuid.UUID
    slug: str
    title: str
    organisation: str
    state: str
    changed_at: datetime
    lessons: int


@dataclass(frozen=True)
class ChangeRow:
    """One act on a file, or on several at once: `paths` tells which. `is_removal`: the file was taken away."""

    revision: int
    act: str
    paths: tuple[str, ...]
    by: str
    at: datetime
    is_removal: bool


def list_drafts(session: Session, actor: Actor) -> list[DraftRow]:
    """The drafts of the organisations the trainer writes for."""
    lessons = select(DraftFile.draft_id, func.count().label("lessons")).where(~DraftFile.path.like("assets/%"))
    counted = lessons.where(DraftFile.path.like("%/%")).group_by(DraftFile.draft_id).subquery()
    rows = (
        scopes.drafts_of(actor)
        .add_columns(func.coalesce(counted.c.lessons, 0))
        .outerjoin(counted, counted.c.draft_id == Draft.id)
        .order_by(Draft.changed_at.desc(), Draft.id)
    )
    return [
        DraftRow(each.id, each.slug, each.title, each.organisation.name, each.state, each.changed_at, count)
        for each, count in session.execute(rows)
    ]


def get_draft(session: Session, actor: Actor, draft_id: uuid.UUID) -> Draft:
    """One draft of the trainer's organisations. NotFound."""
    found = session.scalar(scopes.drafts_of(actor).where(Draft.id == draft_id))
    if found is None:
        raise NotFound
    return found


def find_file(session: Session, draft: Draft, path: str) -> DraftFile | None:
    """A file of a draft as it is now."""
    return session.get(DraftFile, (draft.id, path))


def get_file(session: Session, draft: Draft, path: str) -> DraftFile:
    """A file of a draft as it is now. NotFound."""
    found = find_file(session, draft, path)
    if found is None:
        raise NotFound
    return found


def list_lessons(draft: Draft) -> dict[str, Heading]:
    """What each lesson file of a draft says it is, by path."""
    return {
        file.path: read_heading(file.path, file.text)
        for file in draft.files
        if file.text is not None and file.path.startswith(("lessons/", "quizzes/", "practices/"))
    }


def history(session: Session, draft: Draft, path: str | None = None) -> list[ChangeRow]:
    """The newest changes of a draft, or of one file, one row an act."""
    rows = (
        select(DraftChange, Account.name)
        .join(Account, Account.id == DraftChange.changed_by)
        .where(DraftChange.draft_id == draft.id)
        .order_by(DraftChange.revision.desc(), DraftChange.path)
        .limit(MOST_CHANGES_SHOWN)
    )
    if path is not None:
        rows = rows.where(DraftChange.path == path)
    acts: dict[int, list[tuple[DraftChange, str]]] = {}
    for change, name in session.execute(rows):
        acts.setdefault(change.revision, []).append((change, name))
    return [_act(revision, changes) for revision, changes in acts.items()]


def _act(revision: int, changes: list[tuple[DraftChange, str]]) -> ChangeRow:
    first, name = changes[0]
    gone = all(change.text is None and change.sha256 is None for change, _ in changes)
    paths = tuple(change.path for change, _ in changes)
    return ChangeRow(revision, first.act, paths, name, first.changed_at, gone)


def get_asset(session: Session, draft: Draft, path: str) -> Asset:
    """A picture or paper of a draft. NotFound."""
    file = get_file(session, draft, path)
    if file.sha256 is None:
        raise NotFound
    return _asset(file)


class DraftFiles:
    """See Files: texts come from the rows, the bytes of pictures and papers from the store."""

    def __init__(self, draft: Draft, store: Store) -> None:
        self._files = {file.path: file for file in draft.files}
        self._store = store

    def names(self) -> list[str]:
        """See Files."""
        return sorted(self._files)

    def has(self, path: str) -> bool:
        """See Files."""
        return path in self._files

    def read_bytes(self, notes: Notes, most: int = MOST_BYTES) -> bytes | None:
        """See Files."""
        file = self._files.get(notes.path)
        if file is None:
            notes.add(1, "file_missing", name=notes.path)
            return None
        if file.size > most:
            notes.add(1, "file_too_big", most=most)
            return None
        if file.text is not None:
            return file.text.encode()
        with assets.open_bytes(self._store, _asset(file)) as body:
            return body.read()

    def read_asset(self, notes: Notes) -> Asset | None:
        """See Files. Its kind was looked at when it was stored."""
        file = self._files.get(notes.path)
        if file is None or file.sha256 is None:
            notes.add(1, "file_missing", name=notes.path)
            return None
        return _asset(file)


def _asset(file: DraftFile) -> Asset:
    return Asset(file.path, str(file.sha256), str(file.content_type), file.size)
