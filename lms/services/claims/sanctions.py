"""Sanctions: an officer proposes, a second human decides, the institution answers, two humans lift it again."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms import clock
from lms.domain.claims import sanctions
from lms.domain.claims.sanctions import Act, Rung, State
from lms.domain.errors import NotFound
from lms.domain.organisations import TEACHING
from lms.domain.roles import Role
from lms.domain.words import check_words
from lms.models.base import new_id
from lms.models.organisations import Organisation
from lms.models.sanctions import Inspection, Sanction, SanctionStep
from lms.services import audit, humans, scopes
from lms.services.claims import apart
from lms.services.scopes import Actor


@dataclass(frozen=True)
class Proposed:
    """What an officer proposes. `inspection_id`: the check it follows from, where there was one."""

    organisation_id: uuid.UUID
    rung: Rung
    words: str
    fix_until: date | None = None
    closed_until: date | None = None
    inspection_id: uuid.UUID | None = None


def list_places(session: Session, actor: Actor) -> list[tuple[uuid.UUID, str]]:
    """(id, name) of the institutions in an officer's reach that a sanction or a check can be about."""
    mine = scopes.organisations_of(actor, Role.OFFICER)
    kinds = [kind.value for kind in TEACHING]
    rows = session.scalars(mine.where(Organisation.kind.in_(kinds)).order_by(Organisation.name, Organisation.id))
    return [(each.id, each.name) for each in rows]


def propose(session: Session, actor: Actor, wanted: Proposed, *, now: datetime) -> uuid.UUID:
    """Proposes a rung; the institution sees it once another human has imposed it.

    Refused: sanction_day, sanction_talk, words_*; NotFound outside the officer's reach.
    """
    scopes.require(actor, Role.OFFICER)
    mine = scopes.organisations_of(actor, Role.OFFICER)
    place = session.scalar(mine.where(Organisation.id == wanted.organisation_id).with_for_update())
    if place is None or not _fits(session, wanted):
        raise NotFound
    sanctions.check_days(wanted.rung, wanted.fix_until, wanted.closed_until, clock.civil_day(now))
    last = select(func.max(Sanction.number)).where(Sanction.organisation_id == place.id)
    made = Sanction(
        id=new_id(),
        organisation_id=place.id,
        number=(session.scalar(last) or 0) + 1,
        inspection_id=wanted.inspection_id,
        rung=wanted.rung.value,
        words=check_words(wanted.words),
        fix_until=wanted.fix_until,
        closed_until=wanted.closed_until,
        state=State.PROPOSED.value,
        proposed_by=actor.account_id,
        proposed_at=now,
    )
    session.add(made)
    session.flush()
    _note(session, "sanction.propose", made, actor, now)
    return made.id


def act(session: Session, actor: Actor, sanction_id: uuid.UUID, wanted: Act, words: str, *, now: datetime) -> None:
    """The next thing an officer does with a sanction, in words that the institution reads.

    Refused: words_*; Forbidden: sanction_second_person, claim_works_there; Conflict: sanction_step.
    """
    row = _locked(session, actor, Role.OFFICER, sanction_id)
    if wanted is Act.ANSWER:
        raise NotFound
    apart.check_places(session, actor, [row.organisation_id])
    after = sanctions.step(State(row.state), wanted)
    me = humans.self_of(session, actor.account_id, actor.person_id)
    sanctions.check_second(wanted, humans.self_of(session, _before(session, row, wanted)), me)
    _append(session, actor, row, wanted, check_words(words), now)
    row.state = after.value


def answer(session: Session, actor: Actor, sanction_id: uuid.UUID, words: str, *, now: datetime) -> None:
    """What the institution says to a sanction in force. Refused: words_*; Conflict: sanction_step."""
    row = _locked(session, actor, Role.INSTITUTION, sanction_id)
    if State(row.state) not in sanctions.SEEN_BY_INSTITUTION:
        raise NotFound
    sanctions.step(State(row.state), Act.ANSWER)
    _append(session, actor, row, Act.ANSWER, check_words(words), now)


def _fits(session: Session, wanted: Proposed) -> bool:
    """Whether the check it names was of this institution."""
    if wanted.inspection_id is None:
        return True
    checked = select(Inspection.organisation_id).where(Inspection.id == wanted.inspection_id)
    return session.scalar(checked) == wanted.organisation_id


def _locked(session: Session, actor: Actor, role: Role, sanction_id: uuid.UUID) -> Sanction:
    scopes.require(actor, role)
    mine = Sanction.organisation_id.in_(scopes.places_of(actor, role))
    row = session.scalar(select(Sanction).where(mine, Sanction.id == sanction_id).with_for_update())
    if row is None:
        raise NotFound
    return row


def _before(session: Session, row: Sanction, wanted: Act) -> uuid.UUID:
    """Whose word the second person decides about: who proposed it, or who last asked to lift it."""
    if wanted not in (Act.LIFT, Act.KEEP):
        return row.proposed_by
    asked = select(SanctionStep.account_id).where(SanctionStep.sanction_id == row.id)
    last = asked.where(SanctionStep.act == Act.ASK_LIFT.value).order_by(SanctionStep.number.desc()).limit(1)
    return session.scalars(last).one()


def _append(session: Session, actor: Actor, row: Sanction, wanted: Act, words: str, now: datetime) -> None:
    count = select(func.count()).select_from(SanctionStep).where(SanctionStep.sanction_id == row.id)
    told = {"act": wanted.value, "words": words, "account_id": actor.account_id, "at": now}
    session.add(SanctionStep(sanction_id=row.id, number=(session.scalar(count) or 0) + 1, **told))
    session.flush()
    _note(session, f"sanction.{wanted}", row, actor, now)


def _note(session: Session, action: str, row: Sanction, actor: Actor, now: datetime) -> None:
    detail, place = {"rung": row.rung, "number": row.number}, row.organisation_id
    audit.record(session, action, row.id, now=now, account_id=actor.account_id, organisation_id=place, detail=detail)
