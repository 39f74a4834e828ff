"""An officer's desk of public notices: claims that passed both reviews and have none, and the notices in her reach."""

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.domain.claims.states import ClaimState, LineState
from lms.domain.errors import NotFound
from lms.domain.roles import Role
from lms.models.claims import Claim, ClaimLine, ClaimPlace
from lms.models.enrollments import Cohort
from lms.models.organisations import Organisation
from lms.models.publicity import PublicNotice, PublicNoticeEnd
from lms.services import scopes
from lms.services.claims import objection_pages, publicity
from lms.services.claims.objection_pages import ObjectionRow
from lms.services.claims.publicity import Notice
from lms.services.scopes import Actor

MOST = 500


@dataclass(frozen=True)
class Waiting:
    """A claim that can be made public. `days`: of its policy, None where that does not say; `clause`: where it does."""

    claim_id: uuid.UUID
    organisation: str
    cohort: str
    kind: str
    people: int
    total_fen: int
    days: int | None
    clause: str


@dataclass(frozen=True)
class Desk:
    """Everything at a glance; `objections`: those that wait."""

    waiting: tuple[Waiting, ...]
    notices: tuple[Notice, ...]
    objections: tuple[ObjectionRow, ...]


def list_all(session: Session, actor: Actor, *, today: date) -> Desk:
    """What an officer has to do, and the notices in her reach, those that are shown first."""
    rows = session.scalars(publicity.notices_of(actor).order_by(PublicNotice.id.desc()).limit(MOST)).all()
    notices = sorted(publicity.views(session, rows), key=lambda each: not each.is_shown(today))
    open_ones = tuple(each for each in objection_pages.list_at_desk(session, actor) if each.waits)
    return Desk(tuple(_waiting(session, actor)), tuple(notices), open_ones)


def get_waiting(session: Session, actor: Actor, claim_id: uuid.UUID) -> Waiting:
    """One claim that can be made public; NotFound for any other."""
    found = _waiting(session, actor, claim_id)
    if not found:
        raise NotFound
    return found[0]


def get(session: Session, actor: Actor, notice_id: uuid.UUID) -> Notice:
    """One notice with its rows; NotFound outside of her reach."""
    scopes.require(actor, Role.OFFICER)
    row = session.scalar(publicity.notices_of(actor).where(PublicNotice.id == notice_id))
    if row is None:
        raise NotFound
    return publicity.views(session, [row], with_rows=True)[0]


def _waiting(session: Session, actor: Actor, claim_id: uuid.UUID | None = None) -> list[Waiting]:
    scopes.require(actor, Role.OFFICER)
    standing = select(PublicNotice.claim_id).where(PublicNotice.id.not_in(select(PublicNoticeEnd.notice_id)))
    query = select(Claim, Organisation.name, Cohort.name, func.count(), func.sum(ClaimLine.amount_fen))
    query = query.join(Organisation, Organisation.id == Claim.organisation_id)
    query = query.join(Cohort, Cohort.id == Claim.cohort_id).join(ClaimPlace, ClaimPlace.claim_id == Claim.id)
    query = query.join(ClaimLine, ClaimLine.id == ClaimPlace.line_id)
    query = query.where(Claim.organisation_id.in_(scopes.places_of(actor, Role.OFFICER)), Claim.id.not_in(standing))
    query = query.where(Claim.state == ClaimState.NOTICE.value, ClaimPlace.state == LineState.APPROVED.value)
    if claim_id is not None:
        query = query.where(Claim.id == claim_id)
    rows = session.execute(query.group_by(Claim.id, Organisation.name, Cohort.name).order_by(Claim.id).limit(MOST))
    found = []
    for claim, organisation, cohort, people, total in rows.all():
        term = publicity.term_of(session, claim.cohort_id)
        told = (claim.id, organisation, cohort, claim.kind, people, int(total))
        found.append(Waiting(*told, days=term.value, clause=term.clause))
    return found
