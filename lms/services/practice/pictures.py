"""Photos and short videos of a sitting: kept with the learner's consent only, shown to those whom they concern.

A file is made ready without a transaction (decoding and probing take their time), then kept in one.
"""

import hashlib
import tempfile
import uuid
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from lms.adapters import magic, pictures
from lms.adapters.objects import Store, new_key
from lms.adapters.probe import MediaLimits, probe
from lms.authoring.assets import PICTURES, sniffed
from lms.domain import practice
from lms.domain.errors import NotFound, Refused
from lms.domain.roles import Role
from lms.models.base import new_id
from lms.models.enrollments import Cohort, Enrollment
from lms.models.practice import PracticePicture, PracticeSheet, PracticeSitting
from lms.services import audit, scopes
from lms.services.consents import lock
from lms.services.practice import consents, places
from lms.services.scopes import Actor

VIDEO_LIMITS = MediaLimits(max_bytes=practice.MOST_VIDEO_BYTES)
VIDEOS = {"mov": ("mp4", "video/mp4"), "matroska": ("webm", "video/webm")}


@dataclass(frozen=True)
class Ready:
    """A file that may be kept: a photo written anew without what its camera added, a video as it came."""

    content: bytes
    ending: str
    content_type: str


@dataclass(frozen=True)
class PictureView:
    """A picture in a list; one that was removed shows only that it was there."""

    id: uuid.UUID
    sitting_id: uuid.UUID
    is_video: bool
    added_at: datetime
    sha256: str
    is_removed: bool


@dataclass(frozen=True)
class Shown:
    """A stored picture on its way out."""

    key: str
    ending: str
    content_type: str
    size: int


def prepare(content: bytes, ffmpeg: Path) -> Ready:
    """What a phone sent, looked at and cleaned.

    Refused: picture_too_heavy, picture_broken, picture_too_large, picture_kind, picture_video_long, and for videos the
    codes of adapters/probe and adapters/magic.
    """
    kind = sniffed(content)
    if kind in PICTURES:
        practice.check_weight(len(content), practice.MOST_PHOTO_BYTES)
        return Ready(pictures.cleaned(content, kind), kind.rpartition("/")[2], kind)
    practice.check_weight(len(content), practice.MOST_VIDEO_BYTES)
    return _video(content, ffmpeg)


def _video(content: bytes, ffmpeg: Path) -> Ready:
    with tempfile.TemporaryDirectory(prefix="kangxue-") as folder:
        path = Path(folder) / "video"
        path.write_bytes(content)
        try:
            demuxer = magic.sniff(path)
        except Refused as refused:
            if refused.code == "media_not_a_video":
                raise Refused("picture_kind") from refused
            raise
        if demuxer not in VIDEOS:
            raise Refused("picture_kind")
        if probe(path, VIDEO_LIMITS, ffmpeg).duration_ms > practice.MOST_VIDEO_MS:
            raise Refused("picture_video_long", seconds=practice.MOST_VIDEO_MS // 1000)
    return Ready(content, *VIDEOS[demuxer])


def check(session: Session, actor: Actor, sitting_id: uuid.UUID) -> None:
    """Whether this examiner may add a picture, before anything is decoded.

    NotFound; Forbidden: practice_own, practice_taught; Refused: picture_no_consent, picture_too_many.
    """
    row = places.get_sitting(session, actor, Role.EXAMINER, sitting_id)
    enrollment = session.get_one(Enrollment, row.enrollment_id)
    places.check_signer(session, actor, enrollment)
    has_consent = consents.find(session, enrollment.person_id).given
    practice.check_picture(_count(session, row.id), has_consent)


def keep(
    session: Session, store: Store, actor: Actor, sitting_id: uuid.UUID, ready: Ready, *, now: datetime
) -> uuid.UUID:
    """Keeps a picture with the consent it rests on, as it holds at this moment. Raises what `check` raises."""
    row = places.get_sitting(session, actor, Role.EXAMINER, sitting_id)
    enrollment = session.get_one(Enrollment, row.enrollment_id)
    lock(session, enrollment.person_id)
    check(session, actor, sitting_id)
    consent = consents.last(session, enrollment.person_id)
    if consent is None:
        raise Refused("picture_no_consent")
    made = PracticePicture(
        id=new_id(),
        sitting_id=row.id,
        consent_id=consent.id,
        object_key=new_key("practicals", ready.ending),
        content_type=ready.content_type,
        sha256=hashlib.sha256(ready.content).hexdigest(),
        size_bytes=len(ready.content),
        added_by=actor.account_id,
        added_at=now,
    )
    store.put_bytes(made.object_key, ready.content, ready.content_type)
    session.add(made)
    _audit(session, "practice.picture", made, actor, enrollment.cohort.organisation_id, now)
    session.flush()
    return made.id


def _count(session: Session, sitting_id: uuid.UUID) -> int:
    there = select(func.count()).where(PracticePicture.sitting_id == sitting_id, PracticePicture.removed_at.is_(None))
    return session.scalar(there) or 0


def visible(actor: Actor, role: Role) -> Select[PracticePicture]:
    """The pictures that the actor may see in this role: of herself, of sittings she signs in, of her institution."""
    mine = (
        scopes.records_of(actor, role)
        .join(PracticeSitting, PracticeSitting.enrollment_id == Enrollment.id)
        .with_only_columns(PracticeSitting.id)
    )
    rows = select(PracticePicture).where(PracticePicture.sitting_id.in_(mine))
    if role is not Role.EXAMINER:
        return rows
    signed = select(PracticeSheet.sitting_id).where(PracticeSheet.account_id == actor.account_id)
    return rows.where(or_(PracticePicture.added_by == actor.account_id, PracticePicture.sitting_id.in_(signed)))


def list_visible(session: Session, actor: Actor, role: Role, sitting_ids: list[uuid.UUID]) -> list[PictureView]:
    """The pictures of these sittings that the actor may see, in the order of taking, with those that were removed."""
    rows = visible(actor, role).where(PracticePicture.sitting_id.in_(sitting_ids))
    return [
        PictureView(
            id=row.id,
            sitting_id=row.sitting_id,
            is_video=row.content_type.startswith("video/"),
            added_at=row.added_at,
            sha256=row.sha256,
            is_removed=row.removed_at is not None,
        )
        for row in session.scalars(rows.order_by(PracticePicture.added_at, PracticePicture.id))
    ]


def open_picture(session: Session, actor: Actor, role: Role, picture_id: uuid.UUID, *, now: datetime) -> Shown:
    """Where a picture lies; each look that is not the learner's own is on record. NotFound, also once it is removed."""
    rows = visible(actor, role).where(PracticePicture.id == picture_id, PracticePicture.removed_at.is_(None))
    row = session.scalar(rows)
    if row is None:
        raise NotFound
    if role is not Role.LEARNER:
        place = select(Cohort.organisation_id).join(Enrollment).join(PracticeSitting)
        organisation_id = session.scalar(place.where(PracticeSitting.id == row.sitting_id))
        _audit(session, "practice.picture_look", row, actor, organisation_id, now)
    return Shown(row.object_key, row.object_key.rpartition(".")[2], row.content_type, row.size_bytes)


def _audit(
    session: Session,
    action: str,
    row: PracticePicture,
    actor: Actor,
    organisation_id: uuid.UUID | None,
    now: datetime,
) -> None:
    audit.record(
        session,
        action,
        row.id,
        now=now,
        account_id=actor.account_id,
        organisation_id=organisation_id,
        detail={"sitting": str(row.sitting_id)},
    )
