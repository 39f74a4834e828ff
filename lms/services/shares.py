"""Share links: a learner shows records to whoever has the address, for some days, unless she takes it back."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.orm import Session

from lms import crypto
from lms.crypto import Keyring
from lms.domain import shares as rules
from lms.domain.errors import NotFound, Refused
from lms.domain.identity import mask_name
from lms.domain.shares import Reader, State
from lms.domain.transcripts import Transcript
from lms.models.base import new_id
from lms.models.people import Person
from lms.models.rights import Restriction
from lms.models.shares import Share, ShareRecord
from lms.services import audit, humans, records, scopes, wallet
from lms.services.records import PublicRecord
from lms.services.scopes import Actor

TOKEN_SIGNS = 32  # hex digits: 128 bits
LONGEST_LIST = 100


@dataclass(frozen=True)
class ShareView:
    """A link as she sees it among her own; `records` are what it shows, in her order."""

    share_id: uuid.UUID
    token: str
    reader: Reader
    with_name: bool
    state: State
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    opened_count: int
    opened_at: datetime | None
    records: tuple[PublicRecord, ...]


@dataclass(frozen=True)
class Shown:
    """What stands behind an open link. `name`: masked, unless she wanted it whole."""

    name: str
    expires_at: datetime
    records: tuple[PublicRecord, ...]
    transcript: Transcript


def token_of(keyring: Keyring, share_id: uuid.UUID) -> str:
    """The secret part of a link's address, made from its id by the index key (decision 0133)."""
    return keyring.index("share", share_id.hex)[:TOKEN_SIGNS]


def create(
    session: Session,
    actor: Actor,
    keyring: Keyring,
    *,
    reader: str,
    days: int,
    codes: Sequence[str],
    with_name: bool,
    now: datetime,
) -> uuid.UUID:
    """A new link over some of her records; answers with its id.

    Refused: as `domain.shares.check`; share_restricted where her records are only archived. NotFound: no learner.
    """
    person_id = actor.person_id
    if person_id is None:
        raise NotFound
    if _is_restricted(session, person_id):
        raise Refused("share_restricted")
    own = [each.code for each in records.list_own(session, actor, now=now)]
    wish = rules.check(reader, days, codes, with_name, own=own, still_open=_still_open(session, actor, now))
    share = Share(
        id=new_id(),
        person_id=person_id,
        reader=wish.reader.value,
        with_name=wish.with_name,
        made_at=now,
        expires_at=rules.expiry(wish.days, now),
        opened_count=0,
    )
    share.token_digest = crypto.digest(token_of(keyring, share.id))
    session.add(share)
    session.flush()
    session.add_all(ShareRecord(share_id=share.id, place=place, code=code) for place, code in enumerate(wish.codes))
    told = {"reader": wish.reader.value, "days": wish.days, "records": len(wish.codes), "with_name": wish.with_name}
    audit.record(session, "share.create", share.id, now=now, account_id=actor.account_id, detail=told)
    return share.id


def _still_open(session: Session, actor: Actor, now: datetime) -> int:
    mine = scopes.shares_of(actor).where(_is_open(now))
    return session.scalar(select(func.count()).select_from(mine.subquery())) or 0


def list_own(session: Session, actor: Actor, keyring: Keyring, *, now: datetime) -> list[ShareView]:
    """Her links, the newest first, at most 100."""
    rows = scopes.shares_of(actor).order_by(Share.made_at.desc(), Share.id.desc()).limit(LONGEST_LIST)
    return _views(session, session.scalars(rows).all(), keyring, now)


def get_own(session: Session, actor: Actor, keyring: Keyring, share_id: uuid.UUID, *, now: datetime) -> ShareView:
    """One of her links; NotFound for anybody else's."""
    return _views(session, [_own(session, actor, share_id)], keyring, now)[0]


def revoke(session: Session, actor: Actor, share_id: uuid.UUID, *, now: datetime) -> None:
    """Takes a link back: from now on it opens nothing. Twice is once, and what has ended stays as it ended."""
    share = _own(session, actor, share_id)
    if rules.state(share.expires_at, share.revoked_at, now) is not State.OPEN:
        return
    share.revoked_at = now
    audit.record(session, "share.revoke", share.id, now=now, account_id=actor.account_id)


def _own(session: Session, actor: Actor, share_id: uuid.UUID) -> Share:
    share = session.scalar(scopes.shares_of(actor).where(Share.id == share_id))
    if share is None:
        raise NotFound
    return share


def find_link(session: Session, token: str, *, now: datetime) -> Shown | None:
    """What whoever has the address sees, and one more opening on record.

    None, the same for each: never made, over, taken back, or of somebody whose records are only archived.
    """
    found = session.scalar(select(Share).where(Share.token_digest == crypto.digest(token), _is_open(now)))
    if found is None or _is_restricted(session, found.person_id):
        return None
    counted = update(Share).where(Share.id == found.id)
    session.execute(counted.values(opened_count=Share.opened_count + 1, opened_at=now))
    person = session.get_one(Person, humans.living(session, found.person_id))
    chosen = _records(session, [found.id], now)[found.id]
    summed = wallet.transcript_of(chosen, now=now)
    return Shown(person.name if found.with_name else mask_name(person.name), found.expires_at, chosen, summed)


def _is_open(now: datetime) -> ColumnElement[bool]:
    return Share.revoked_at.is_(None) & (Share.expires_at > now)


def _is_restricted(session: Session, person_id: uuid.UUID) -> bool:
    """Whether her records are kept and shown to nobody but herself and the supervising office."""
    hers = Restriction.person_id.in_(humans.bodies(session, person_id))
    return bool(session.scalar(select(exists().where(hers, Restriction.lifted_at.is_(None)))))


def _records(
    session: Session, share_ids: Collection[uuid.UUID], now: datetime
) -> dict[uuid.UUID, tuple[PublicRecord, ...]]:
    """By link: what it shows, in her order; a few queries however many links there are."""
    rows = select(ShareRecord).where(ShareRecord.share_id.in_(share_ids)).order_by(ShareRecord.place)
    places = session.scalars(rows).all()
    found = {each.code: each for each in records.list_by_code(session, {row.code for row in places}, now=now)}
    shown: dict[uuid.UUID, tuple[PublicRecord, ...]] = dict.fromkeys(share_ids, ())
    for row in places:
        if row.code in found:
            shown[row.share_id] += (found[row.code],)
    return shown


def _views(session: Session, rows: Sequence[Share], keyring: Keyring, now: datetime) -> list[ShareView]:
    shown = _records(session, [row.id for row in rows], now)
    return [_view(row, keyring, shown[row.id], now) for row in rows]


def _view(row: Share, keyring: Keyring, shown: tuple[PublicRecord, ...], now: datetime) -> ShareView:
    return ShareView(
        share_id=row.id,
        token=token_of(keyring, row.id),
        reader=Reader(row.reader),
        with_name=row.with_name,
        state=rules.state(row.expires_at, row.revoked_at, now),
        made_at=row.made_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        opened_count=row.opened_count,
        opened_at=row.opened_at,
        records=shown,
    )
