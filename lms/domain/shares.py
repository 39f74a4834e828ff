"""Share links: what a learner shows of her records, to whom, until when; she may take a link back at any time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from lms.domain.errors import Refused

DAYS = (1, 7, 30, 90)
USUAL_DAYS = 7
MOST_OPEN = 20
MOST_RECORDS = 50


class Reader(StrEnum):
    """Whom a link is for, so that she knows it again: an employer, a place that trains, an office, somebody else."""

    EMPLOYER = "employer"
    INSTITUTION = "institution"
    OFFICE = "office"
    OTHER = "other"


class State(StrEnum):
    """Whether a link opens, is past its last moment, or was taken back."""

    OPEN = "open"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Wish:
    """What she asked for, as a rule has seen it. `with_name`: whether her whole name stands on the page."""

    reader: Reader
    days: int
    codes: tuple[str, ...]
    with_name: bool


def state(expires_at: datetime, revoked_at: datetime | None, now: datetime) -> State:
    """Where a link stands; its last moment is the one before `expires_at`."""
    if revoked_at is not None:
        return State.REVOKED
    return State.OPEN if now < expires_at else State.EXPIRED


def expiry(days: int, now: datetime) -> datetime:
    """When a link of so many days ends: whole days of 24 hours from now."""
    return now + timedelta(days=days)


def check(
    reader: str, days: int, asked: Sequence[str], with_name: bool, *, own: Collection[str], still_open: int
) -> Wish:
    """A wish for a link over some of her own records, each once and in the order asked.

    Refused: share_reader, share_days, share_nothing, share_record (not one of hers), share_too_long, share_too_many.
    """
    codes = tuple(dict.fromkeys(asked))
    if reader not in set(Reader):
        raise Refused("share_reader")
    if days not in DAYS:
        raise Refused("share_days")
    if not codes:
        raise Refused("share_nothing")
    if not set(codes) <= set(own):
        raise Refused("share_record")
    if len(codes) > MOST_RECORDS:
        raise Refused("share_too_long", most=MOST_RECORDS)
    if still_open >= MOST_OPEN:
        raise Refused("share_too_many", most=MOST_OPEN)
    return Wish(Reader(reader), days, codes, with_name)
