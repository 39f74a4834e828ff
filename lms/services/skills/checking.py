"""A desk says what it knows of a certificate; its whole number is shown to the platform for a reason, on record."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain import qualifications
from lms.domain.errors import NotFound
from lms.domain.qualifications import Hands, State, Way
from lms.domain.roles import Role
from lms.domain.words import check_words
from lms.models.accounts import Account
from lms.models.audit import AuditEvent
from lms.models.enrollments import Cohort, Enrollment
from lms.models.people import Person
from lms.models.skills import Qualification, QualificationWord
from lms.services import audit, humans, reveals, scopes, sealed
from lms.services.scopes import Actor
from lms.services.skills.entering import append_word, state_of


@dataclass(frozen=True)
class NumberShown:
    """A reveal on record: when, and who saw the whole number for which reason."""

    at: datetime
    who: str
    reason: str


def say(
    session: Session,
    actor: Actor,
    desk: Role,
    qualification_id: uuid.UUID,
    word: State,
    way: Way,
    note: str,
    *,
    now: datetime,
) -> None:
    """The next word on a certificate, from this desk.

    Refused: qualification_way, words_*; Forbidden: qualification_desk, qualification_own,
    qualification_second_person; Conflict: qualification_step.
    """
    row = session.scalar(
        scopes.qualifications_of(actor, desk).where(Qualification.id == qualification_id).with_for_update()
    )
    if row is None:
        raise NotFound
    read = scopes.qualification_words_of(actor, desk)
    qualifications.check_word(desk, state_of(session, row.id, read), word, way)
    me = humans.self_of(session, actor.account_id, actor.person_id)
    hands_of(session, row).check(me, me, word)
    place = _place(session, actor, row) if desk is Role.INSTITUTION else None
    append_word(session, actor, row, (word, way.value, check_words(note)), place, now=now)


def _place(session: Session, actor: Actor, row: Qualification) -> uuid.UUID | None:
    """The institution in whose name a desk speaks: the one that entered it, else that of her newest class there."""
    if row.organisation_id is not None:
        return row.organisation_id
    hers = scopes.learners_of(actor).where(Enrollment.person_id == row.person_id)
    newest = hers.order_by(Enrollment.created_at.desc(), Enrollment.id.desc()).limit(1)
    return session.scalar(newest.with_only_columns(Cohort.organisation_id))


def hands_of(session: Session, row: Qualification) -> Hands:
    """Through whose hands a certificate has gone, each told by who acts by her accounts."""
    said = select(QualificationWord.said_by).where(QualificationWord.qualification_id == row.id)
    spoke = set(session.scalars(said))
    selves = humans.selves(session, {row.entered_by, *spoke})
    bodies = frozenset(humans.bodies(session, row.person_id))
    return Hands(selves[row.entered_by], frozenset(selves[each] for each in spoke), bodies)


def reveal(
    session: Session, keyring: Keyring, actor: Actor, qualification_id: uuid.UUID, reason: str, *, now: datetime
) -> tuple[str, str]:
    """Name and whole number, to be looked up in an official register, once it is on record why. Refused: words_*."""
    mine = scopes.qualifications_of(actor, Role.PLATFORM).where(Qualification.id == qualification_id)
    row = session.scalar(mine)
    if row is None:
        raise NotFound
    reason = check_words(reason)
    audit.record(
        session, reveals.OF_CERTIFICATE, row.id, now=now, account_id=actor.account_id, detail={"reason": reason}
    )
    name = session.get_one(Person, row.person_id).name
    return name, sealed.open_qualification(keyring, row.id, row.number_sealed)


def shown(session: Session, qualification_id: uuid.UUID) -> list[NumberShown]:
    """Who saw the whole number of a certificate the caller has reached through a scope, the latest first."""
    seen = select(AuditEvent, Account.name).join(Account, Account.id == AuditEvent.account_id)
    mine = seen.where(AuditEvent.action == reveals.OF_CERTIFICATE, AuditEvent.subject == str(qualification_id))
    rows = session.execute(mine.order_by(AuditEvent.id.desc()))
    return [NumberShown(event.at, who, str(event.detail["reason"])) for event, who in rows]
