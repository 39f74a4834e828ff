"""What pages show of objections: an officer's list, and a learner's own rows in notices with what she said."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain.claims.publicity import SECOND, STEPS, WAITING, Act, State
from lms.models.accounts import Account
from lms.models.organisations import Organisation
from lms.models.publicity import NoticeObjection, ObjectionStep, PublicNotice, PublicNoticeEnd, PublicNoticeRow
from lms.services import humans
from lms.services.claims.objections import of_officer
from lms.services.scopes import Actor

MOST = 500


@dataclass(frozen=True)
class StepRow:
    """One word on an objection."""

    act: Act
    words: str
    who: str
    at: datetime


@dataclass(frozen=True)
class ObjectionRow:
    """One objection. `place`: the row it is about, None for the whole notice; `is_own`: the learner herself objects.

    `acts_open`: what this reader may do with it now.
    """

    id: uuid.UUID
    notice_id: uuid.UUID
    organisation: str
    place: int | None
    words: str
    has_contact: bool
    is_own: bool
    state: State
    made_at: datetime
    last_on: date
    steps: tuple[StepRow, ...]
    acts_open: tuple[Act, ...]

    @property
    def waits(self) -> bool:
        """Whether an officer has to do something."""
        return self.state in WAITING


@dataclass(frozen=True)
class OwnRow:
    """One row about a learner in a notice that stands or stood, and her objections.

    `may_object`: not while one of hers waits.
    """

    notice_id: uuid.UUID
    place: int
    organisation: str
    first_on: date
    last_on: date
    occupation: str
    amount_fen: int
    may_object: bool
    objections: tuple[ObjectionRow, ...]


def list_at_desk(session: Session, actor: Actor, notice_id: uuid.UUID | None = None) -> list[ObjectionRow]:
    """Objections an officer has to settle, those that wait first; of one notice, or of all in her reach."""
    query = of_officer(actor)
    if notice_id is not None:
        query = query.where(NoticeObjection.notice_id == notice_id)
    rows = session.scalars(query.order_by(NoticeObjection.id.desc()).limit(MOST)).all()
    return sorted(_views(session, rows, actor), key=lambda row: not row.waits)


def list_own(session: Session, actor: Actor, *, today: date) -> list[OwnRow]:
    """The rows about a learner in notices, the newest first, with what she said against them."""
    if actor.person_id is None:
        return []
    bodies = humans.bodies(session, actor.person_id)
    query = select(PublicNoticeRow, PublicNotice, Organisation.name)
    query = query.join(PublicNotice, PublicNotice.id == PublicNoticeRow.notice_id)
    query = query.join(Organisation, Organisation.id == PublicNotice.organisation_id)
    rows = session.execute(query.where(PublicNoticeRow.person_id.in_(bodies)).order_by(PublicNotice.id.desc())).all()
    mine = select(NoticeObjection).where(NoticeObjection.person_id.in_(bodies)).order_by(NoticeObjection.id.desc())
    said = _views(session, session.scalars(mine).all(), actor)
    ended = set(session.scalars(select(PublicNoticeEnd.notice_id)))
    closed = ended | {each.notice_id for each in said if each.waits}
    return [
        OwnRow(
            notice_id=notice.id,
            place=row.place,
            organisation=place,
            first_on=notice.first_on,
            last_on=notice.last_on,
            occupation=row.occupation,
            amount_fen=row.amount_fen,
            may_object=today <= notice.last_on and notice.id not in closed,
            objections=tuple(each for each in said if each.notice_id == notice.id),
        )
        for row, notice, place in rows
    ]


def _views(session: Session, rows: Sequence[NoticeObjection], actor: Actor) -> list[ObjectionRow]:
    steps: dict[uuid.UUID, list[ObjectionStep]] = {}
    mine = select(ObjectionStep).where(ObjectionStep.objection_id.in_([row.id for row in rows]))
    for each in session.scalars(mine.order_by(ObjectionStep.number)):
        steps.setdefault(each.objection_id, []).append(each)
    ids = {each.account_id for some in steps.values() for each in some}
    names = dict(session.execute(select(Account.id, Account.name).where(Account.id.in_(ids))).all())
    query = select(PublicNotice.id, Organisation.name, PublicNotice.last_on)
    query = query.join(Organisation, Organisation.id == PublicNotice.organisation_id)
    about = {row[0]: row for row in session.execute(query.where(PublicNotice.id.in_({row.notice_id for row in rows})))}
    hers = humans.accounts_of(session, actor.account_id)
    return [
        _row(row, steps.get(row.id, []), names, hers, about[row.notice_id][1], about[row.notice_id][2]) for row in rows
    ]


def _row(
    row: NoticeObjection,
    steps: list[ObjectionStep],
    names: Mapping[uuid.UUID, str],
    hers: Collection[uuid.UUID],
    organisation: str,
    last_on: date,
) -> ObjectionRow:
    doubted = [each.account_id for each in steps if each.act == Act.DOUBT.value]
    may = [each for each in Act if (State(row.state), each) in STEPS and each is not Act.WITHDRAW]
    return ObjectionRow(
        id=row.id,
        notice_id=row.notice_id,
        organisation=organisation,
        place=row.place,
        words=row.words,
        has_contact=bool(row.contact_sealed),
        is_own=row.person_id is not None,
        state=State(row.state),
        made_at=row.made_at,
        last_on=last_on,
        steps=tuple(StepRow(Act(each.act), each.words, names.get(each.account_id, ""), each.at) for each in steps),
        acts_open=tuple(each for each in may if each not in SECOND or (doubted and doubted[-1] not in hers)),
    )
