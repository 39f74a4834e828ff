"""Captions of an institution's own videos: read from files or an editor, kept with their history, shown to learners."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.adapters.objects import Store
from lms.domain.captions import LONGEST_FILE, Checked, Cue, Placed, check, write_webvtt
from lms.domain.errors import Conflict, NotFound, Refused
from lms.domain.srt import read_srt
from lms.domain.webvtt import read_webvtt
from lms.models.accounts import Account
from lms.models.media import Media
from lms.models.uploads import LibraryFile, MediaCaptions
from lms.services import audit, scopes
from lms.services.scopes import Actor

ENCODINGS = ("utf-8-sig", "gb18030")
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class CaptionsView:
    """The captions that hold now; `number` is 0 and there are no cues where nobody wrote any."""

    number: int
    cues: tuple[Cue, ...]


@dataclass(frozen=True)
class CaptionsState:
    """One state in the history: who saved it, and when."""

    number: int
    saved_at: datetime
    saved_by: str


def read_file(name: str, content: bytes) -> Checked:
    """What a .vtt or .srt file holds. Refused: captions_too_large, captions_encoding, captions_kind."""
    if len(content) > LONGEST_FILE:
        raise Refused("captions_too_large", megabytes=LONGEST_FILE // 1024 // 1024)
    ending = name.lower().rpartition(".")[2]
    if ending == "vtt":
        return read_webvtt(_decoded(content, ENCODINGS[:1]))
    if ending == "srt":
        return read_srt(_decoded(content, ENCODINGS))
    raise Refused("captions_kind")


def _decoded(content: bytes, encodings: Sequence[str]) -> str:
    """WebVTT is always UTF-8; SRT files here are often GB 18030, or UTF-16 with its mark."""
    tried = ["utf-16"] if content.startswith(UTF16_MARKS) and len(encodings) > 1 else encodings
    for encoding in tried:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("captions_encoding")


def current(session: Session, actor: Actor, media_id: uuid.UUID) -> CaptionsView:
    """The captions that hold now; NotFound for a video of another institution."""
    media = _own(session, actor, media_id)
    if media.captions_number is None:
        return CaptionsView(0, ())
    return CaptionsView(media.captions_number, read_webvtt(text_of(session, media_id, media.captions_number)).cues)


def text_of(session: Session, media_id: uuid.UUID, number: int) -> str:
    """One state of a video's captions, as WebVTT."""
    kept = session.get(MediaCaptions, (media_id, number))
    if kept is None:
        raise NotFound("captions_not_found")
    return kept.text


def history(session: Session, actor: Actor, media_id: uuid.UUID) -> list[CaptionsState]:
    """Every state there has been, the newest first."""
    _own(session, actor, media_id)
    kept = select(MediaCaptions.number, MediaCaptions.created_at, Account.name).join(
        Account, Account.id == MediaCaptions.account_id
    )
    rows = session.execute(kept.where(MediaCaptions.media_id == media_id).order_by(MediaCaptions.number.desc()))
    return [CaptionsState(number, saved_at, name) for number, saved_at, name in rows]


def save(
    session: Session,
    store: Store,
    actor: Actor,
    media_id: uuid.UUID,
    cues: Sequence[Cue],
    *,
    based_on: int,
    now: datetime,
) -> int:
    """Keeps the cues as the next state, and puts them where phones fetch them.

    Conflict("captions_changed") when somebody saved after `based_on`; Refused("captions_video_not_ready"), and
    Refused("captions_wrong") for cues that `check` finds fault with.
    """
    media = _own(session, actor, media_id, lock=True)
    if media.prefix is None:
        raise Refused("captions_video_not_ready")
    if (media.captions_number or 0) != based_on:
        raise Conflict("captions_changed")
    checked = check([Placed(row, cue) for row, cue in enumerate(cues, start=1)])
    if checked.problems:
        raise Refused("captions_wrong")
    number, text = based_on + 1, write_webvtt(checked.cues)
    session.add(MediaCaptions(media_id=media_id, number=number, text=text, created_at=now, account_id=actor.account_id))
    media.captions_number, media.has_captions = number, True
    session.flush()
    audit.record(session, "media.captions", media_id, now=now, account_id=actor.account_id, detail={"number": number})
    store.put_bytes(f"{media.prefix}/{file_name(number)}", text.encode(), "text/vtt")
    return number


def file_name(number: int) -> str:
    """What the captions of this state are called beside the video."""
    return f"captions-{number}.vtt"


def _own(session: Session, actor: Actor, media_id: uuid.UUID, *, lock: bool = False) -> Media:
    """The lock on the video decides between two who save at once."""
    if session.scalar(scopes.library_of(actor).where(LibraryFile.media_id == media_id)) is None:
        raise NotFound("media_not_found")
    return session.get_one(Media, media_id, with_for_update=lock, populate_existing=lock)
