"""Video on its way from an original file to what phones play."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified


class Media(Identified, Base):
    """One video. `source_hash` names what it is made from, so that the same text is made once.

    States: queued until its job has done the work, then ready, or refused with the code of the problem
    and the values its sentence needs, or cancelled by a person. `prefix` is where in the store the finished set
    lies. `has_sound`: somebody can hear something. `captions_number`: the captions that hold now, where people
    wrote some (media_captions). `measured_at`: since when its length is known; from then on it never changes.
    """

    __tablename__ = "media"

    source_hash: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(20))
    problem: Mapped[str | None] = mapped_column(String(80))
    problem_values: Mapped[dict[str, Any]] = mapped_column(default=dict)
    original_key: Mapped[str | None] = mapped_column(String(200))
    prefix: Mapped[str | None] = mapped_column(String(200))
    has_captions: Mapped[bool] = mapped_column(default=False)
    duration_ms: Mapped[int | None]
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    width: Mapped[int | None]
    height: Mapped[int | None]
    has_sound: Mapped[bool | None]
    captions_number: Mapped[int | None]
    created_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]
    measured_at: Mapped[datetime | None]
