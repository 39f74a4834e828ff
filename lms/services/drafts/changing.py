"""Changes of a draft: all of an act or nothing, kept beside what was before, never over another writer's words."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.authoring.files import MOST_BYTES, MOST_FILES, unclean_character
from lms.authoring.listing import WELCOME
from lms.authoring.manifest import FILE
from lms.authoring.outline import read_outline
from lms.domain.courses import Asset
from lms.domain.errors import Conflict, NotFound, Refused
from lms.models.accounts import Account
from lms.models.drafts import Draft, DraftChange, DraftFile

OPEN, IN_REVIEW = "open", "review"
UNDO = "undo"


@dataclass(frozen=True)
class Write:
    """What a file shall be: a text, an asset whose bytes are in the store, or, with neither, gone."""

    path: str
    text: str | None = None
    asset: Asset | None = None

    @property
    def size(self) -> int:
        """Bytes."""
        return self.asset.size if self.asset else len((self.text or "").encode())


def change(
    session: Session,
    draft: Draft,
    writes: Sequence[Write],
    *,
    act: str,
    account_id: uuid.UUID,
    now: datetime,
    begun_with: Mapping[str, int] | None = None,
) -> int:
    """Writes files as one act, and answers with the draft's new revision.

    `begun_with` names, by path, the revision each file had when the writer began (0: there was none).
    Conflict("draft_changed") when somebody changed it since, Conflict("draft_in_review"),
    Refused("draft_path" | "draft_text_too_long" | "draft_text_unclean" | "draft_too_many_files").
    """
    _hold(session, draft)
    held = {file.path: file for file in draft.files}
    for path, revision in (begun_with or {}).items():
        _require_unchanged(session, held.get(path), path, revision)
    wanted = [write for write in map(_checked, writes) if not _is_same(held.get(write.path), write)]
    if not wanted:
        return draft.revision
    if len(held.keys() | {write.path for write in wanted}) > MOST_FILES:
        raise Refused("draft_too_many_files", most=MOST_FILES)
    draft.revision += 1
    draft.changed_at = now
    for write in wanted:
        _put(session, draft, held, write, act, account_id, now)
    session.flush()
    session.expire(draft, ["files"])
    return draft.revision


def undo(session: Session, draft: Draft, revision: int, *, account_id: uuid.UUID, now: datetime) -> int:
    """Takes one act back: its files become what they were before. Undoing an undoing does it again.

    NotFound; Conflict("draft_changed_since") when one of its files was changed after it.
    """
    _hold(session, draft)
    mine = select(DraftChange).where(DraftChange.draft_id == draft.id)
    changes = session.scalars(mine.where(DraftChange.revision == revision)).all()
    if not changes:
        raise NotFound
    newer = mine.where(DraftChange.revision > revision, DraftChange.path.in_([each.path for each in changes]))
    if session.scalar(newer.limit(1)) is not None:
        raise Conflict("draft_changed_since")
    before = [_before(session, each) for each in changes]
    return change(session, draft, before, act=UNDO, account_id=account_id, now=now)


def _hold(session: Session, draft: Draft) -> None:
    """The draft, held until the end of the transaction, so that its revisions count up one by one."""
    session.flush()
    session.refresh(draft, with_for_update=True)
    if draft.state != OPEN:
        raise Conflict("draft_in_review")


def _require_unchanged(session: Session, file: DraftFile | None, path: str, revision: int) -> None:
    if (file.revision if file else 0) == revision:
        return
    other = session.get(Account, file.changed_by) if file else None
    raise Conflict("draft_changed", path=path, name=other.name if other else "")


def _checked(write: Write) -> Write:
    if not WELCOME.fullmatch(write.path) or (
        (write.asset is not None) != write.path.startswith("assets/")
        and (write.asset is not None or write.text is not None)
    ):
        raise Refused("draft_path", path=write.path)
    if write.text is None:
        return write
    text = write.text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text.encode(errors="replace")) > MOST_BYTES:
        raise Refused("draft_text_too_long", path=write.path, most=MOST_BYTES)
    unclean = unclean_character(text)
    if unclean:
        raise Refused("draft_text_unclean", path=write.path, character=unclean[1])
    return Write(write.path, text)


def _is_same(file: DraftFile | None, write: Write) -> bool:
    if file is None:
        return write.text is None and write.asset is None
    return (file.text, file.sha256) == (write.text, write.asset.sha256 if write.asset else None)


def _put(
    session: Session,
    draft: Draft,
    held: Mapping[str, DraftFile],
    write: Write,
    act: str,
    account_id: uuid.UUID,
    now: datetime,
) -> None:
    asset, file = write.asset, held.get(write.path)
    facts = {
        "text": write.text,
        "sha256": asset.sha256 if asset else None,
        "content_type": asset.content_type if asset else None,
        "size": write.size,
        "changed_by": account_id,
        "changed_at": now,
    }
    place = {"draft_id": draft.id, "path": write.path, "revision": draft.revision}
    session.add(DraftChange(**place, **facts, act=act))
    if write.text is None and asset is None:
        session.delete(file)
    elif file is None:
        session.add(DraftFile(**place, **facts))
    else:
        for name, value in {**facts, "revision": draft.revision}.items():
            setattr(file, name, value)
    if write.path == FILE:
        _take_title(draft, write.text or "")


def _take_title(draft: Draft, text: str) -> None:
    outline, _ = read_outline(text)
    if outline and outline.course.title:
        draft.title = outline.course.title


def _before(session: Session, change: DraftChange) -> Write:
    earlier = session.scalar(
        select(DraftChange)
        .where(
            DraftChange.draft_id == change.draft_id,
            DraftChange.path == change.path,
            DraftChange.revision < change.revision,
        )
        .order_by(DraftChange.revision.desc())
        .limit(1)
    )
    if earlier is None or (earlier.text is None and earlier.sha256 is None):
        return Write(change.path)
    if earlier.sha256 is None:
        return Write(change.path, earlier.text)
    return Write(change.path, asset=Asset(earlier.path, earlier.sha256, str(earlier.content_type), earlier.size))
