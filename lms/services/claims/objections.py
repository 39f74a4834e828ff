"""Objections against public notices: made by anybody or by the learner herself, settled by officers with words."""

import uuid
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from lms import clock
from lms.crypto import Keyring
from lms.domain.claims import publicity
from lms.domain.claims.publicity import SECOND, WAITING, Act, State
from lms.domain.claims.states import LineState
from lms.domain.errors import Conflict, Forbidden, NotFound, Refused
from lms.domain.identity import has_strange_sign
from lms.domain.roles import Role
from lms.domain.subsidies import ReasonCode
from lms.domain.words import check_words
from lms.models.base import new_id
from lms.models.claims import Claim, ClaimPlace
from lms.models.publicity import NoticeObjection, ObjectionStep, PublicNotice, PublicNoticeEnd, PublicNoticeRow
from lms.services import audit, humans, scopes, sealed
from lms.services.claims import places, steps
from lms.services.scopes import Actor

LONGEST_CONTACT = 100
MOST_WAITING = 200
MOST = 500


def make(
    session: Session,
    keyring: Keyring,
    notice_id: uuid.UUID,
    place: int | None,
    words: str,
    contact: str,
    *,
    now: datetime,
) -> uuid.UUID:
    """An objection of anybody, without an account. `contact`: how to ask back, "" where she wants to leave nothing.

    Refused: objection_contact, objection_many, notice_over, words_*; NotFound for a notice or row that is not there.
    """
    contact = " ".join(contact.split())
    if len(contact) > LONGEST_CONTACT or has_strange_sign(contact):
        raise Refused("objection_contact", longest=LONGEST_CONTACT)
    notice = _standing(session, notice_id, clock.civil_day(now))
    waiting = select(func.count()).where(NoticeObjection.notice_id == notice.id)
    waiting = waiting.where(NoticeObjection.state.in_([each.value for each in WAITING]))
    if (session.scalar(waiting) or 0) >= MOST_WAITING:
        raise Refused("objection_many", phone=notice.phone)
    row = _made(session, notice, place, words, now)
    row.contact_sealed = sealed.seal_contact(keyring, row.id, contact)
    return _keep(session, row, notice, None, now)


def make_own(session: Session, actor: Actor, notice_id: uuid.UUID, words: str, *, now: datetime) -> uuid.UUID:
    """An objection of the learner herself against her own row. Refused: notice_over, words_*; NotFound as above;
    Conflict: objection_waits while one of hers is not settled."""
    notice = _standing(session, notice_id, clock.civil_day(now))
    bodies = humans.bodies(session, actor.person_id) if actor.person_id else []
    mine = select(PublicNoticeRow.place).where(PublicNoticeRow.notice_id == notice.id)
    place = session.scalar(mine.where(PublicNoticeRow.person_id.in_(bodies)).limit(1))
    if place is None or actor.person_id is None:
        raise NotFound
    hers = (NoticeObjection.notice_id == notice.id) & NoticeObjection.person_id.in_(bodies)
    waits = NoticeObjection.state.in_([each.value for each in WAITING])
    if session.scalar(select(NoticeObjection.id).where(hers, waits).limit(1)) is not None:
        raise Conflict("objection_waits")
    row = _made(session, notice, place, words, now)
    row.person_id = humans.living(session, actor.person_id)
    return _keep(session, row, notice, actor, now)


def withdraw_own(session: Session, actor: Actor, objection_id: uuid.UUID, *, now: datetime) -> None:
    """She takes her objection back. Conflict: objection_step."""
    bodies = humans.bodies(session, actor.person_id) if actor.person_id else []
    mine = select(NoticeObjection).where(NoticeObjection.person_id.in_(bodies), NoticeObjection.id == objection_id)
    row = session.scalar(mine.with_for_update())
    if row is None:
        raise NotFound
    _append(session, row, Act.WITHDRAW, "", actor, now)


def settle(session: Session, actor: Actor, objection_id: uuid.UUID, act: Act, words: str, *, now: datetime) -> None:
    """An officer's word on an objection; two humans where it ends in payment.

    Refused: words_*; Forbidden: objection_second_person, objection_own, claim_works_there, claim_own; Conflict:
    objection_step.
    """
    row = session.scalar(of_officer(actor).where(NoticeObjection.id == objection_id).with_for_update())
    if row is None or act is Act.WITHDRAW:
        raise NotFound
    if row.person_id and humans.is_own(session, row.person_id, actor.account_id, actor.person_id):
        raise Forbidden("objection_own")
    claim = session.get_one(Claim, session.get_one(PublicNotice, row.notice_id).claim_id)
    places.check_apart(session, actor, claim)
    publicity.step(State(row.state), act)
    if act in SECOND:
        said = select(ObjectionStep.account_id).where(ObjectionStep.objection_id == row.id)
        last = said.where(ObjectionStep.act == Act.DOUBT.value).order_by(ObjectionStep.number.desc()).limit(1)
        me = humans.self_of(session, actor.account_id, actor.person_id)
        publicity.check_second(act, humans.self_of(session, session.scalars(last).one()), me)
    _append(session, row, act, check_words(words), actor, now)
    if act is Act.UPHOLD:
        _strike(session, actor, row, check_words(words), now)


def _strike(session: Session, actor: Actor, row: NoticeObjection, words: str, now: datetime) -> None:
    """What an objection that was upheld is about leaves the claim: its line, or every line that was shown."""
    claim_id = session.get_one(PublicNotice, row.notice_id).claim_id
    shown = select(ClaimPlace.line_id).where(
        ClaimPlace.claim_id == claim_id, ClaimPlace.state.in_((LineState.APPROVED.value, LineState.OWED.value))
    )
    lines = list(session.scalars(shown if row.line_id is None else shown.where(ClaimPlace.line_id == row.line_id)))
    if lines:
        reason = ReasonCode.UNDER_INVESTIGATION.value
        steps.strike(session, actor, claim_id, lines, reason=reason, words=words, now=now)


def contact(
    session: Session, keyring: Keyring, actor: Actor, objection_id: uuid.UUID, reason: str, *, now: datetime
) -> str:
    """How to ask back, once it is on record why; "" where nothing was left. Refused: words_*."""
    row = session.scalar(of_officer(actor).where(NoticeObjection.id == objection_id))
    if row is None:
        raise NotFound
    detail = {"reason": check_words(reason)}
    audit.record(session, "objection.contact", row.id, now=now, account_id=actor.account_id, detail=detail)
    return sealed.open_contact(keyring, row.id, row.contact_sealed)


def of_officer(actor: Actor) -> Select[NoticeObjection]:
    """The objections an officer has to settle."""
    scopes.require(actor, Role.OFFICER)
    reach = PublicNotice.organisation_id.in_(scopes.places_of(actor, Role.OFFICER))
    return select(NoticeObjection).join(PublicNotice, PublicNotice.id == NoticeObjection.notice_id).where(reach)


def _standing(session: Session, notice_id: uuid.UUID, today: date) -> PublicNotice:
    found = session.get(PublicNotice, notice_id)
    if found is None:
        raise NotFound
    if session.get(PublicNoticeEnd, notice_id) is not None:
        raise Refused("notice_over")
    publicity.check_time(today, found.last_on)
    return found


def _made(session: Session, notice: PublicNotice, place: int | None, words: str, now: datetime) -> NoticeObjection:
    row = session.get(PublicNoticeRow, (notice.id, place)) if place is not None else None
    if place is not None and row is None:
        raise NotFound
    return NoticeObjection(
        id=new_id(),
        notice_id=notice.id,
        place=place,
        line_id=row.line_id if row else None,
        words=check_words(words),
        contact_sealed="",
        state=State.OPEN.value,
        made_at=now,
    )


def _keep(
    session: Session, row: NoticeObjection, notice: PublicNotice, actor: Actor | None, now: datetime
) -> uuid.UUID:
    session.add(row)
    session.flush()
    who, about = actor.account_id if actor else None, notice.organisation_id
    audit.record(session, "objection.make", row.id, now=now, account_id=who, organisation_id=about)
    return row.id


def _append(session: Session, row: NoticeObjection, act: Act, words: str, actor: Actor, now: datetime) -> None:
    row.state = publicity.step(State(row.state), act).value
    count = select(func.count()).select_from(ObjectionStep).where(ObjectionStep.objection_id == row.id)
    told = {"act": act.value, "words": words, "account_id": actor.account_id, "at": now}
    session.add(ObjectionStep(objection_id=row.id, number=(session.scalar(count) or 0) + 1, **told))
    session.flush()
    audit.record(session, f"objection.{act}", row.id, now=now, account_id=actor.account_id)
