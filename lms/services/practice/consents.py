"""Consent to pictures of a practical: given, or taken back, each time a row that says who recorded it."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain import practice
from lms.domain.errors import Refused
from lms.domain.roles import Role
from lms.models.accounts import Account
from lms.models.base import new_id
from lms.models.enrollments import Enrollment
from lms.models.people import Person
from lms.models.practice import Consent, PracticePicture, PracticeSitting
from lms.services import audit, media
from lms.services.practice import places
from lms.services.scopes import Actor


@dataclass(frozen=True)
class ConsentView:
    """Her last word on pictures; `by`: who recorded it, "" for herself; `at` is None where she never said."""

    given: bool
    at: datetime | None
    by: str
    taken_back: bool = False


def find(session: Session, person_id: uuid.UUID) -> ConsentView:
    """What holds for a person's pictures."""
    row = last(session, person_id)
    if row is None:
        return ConsentView(False, None, "")
    recorder = session.get_one(Account, row.recorded_by)
    by = "" if recorder.person_id == person_id else recorder.name
    return ConsentView(practice.may_picture(row.given, row.version), row.recorded_at, by, taken_back=not row.given)


def last(session: Session, person_id: uuid.UUID) -> Consent | None:
    """The last row of a person: the one that holds."""
    mine = select(Consent).where(Consent.person_id == person_id, Consent.purpose == practice.PICTURE_PURPOSE)
    return session.scalar(mine.order_by(Consent.recorded_at.desc(), Consent.id.desc()).limit(1))


def lock(session: Session, person_id: uuid.UUID) -> None:
    """A picture that comes in and a consent that is taken back wait for each other."""
    session.scalar(select(Person.id).where(Person.id == person_id).with_for_update())


def say_own(session: Session, actor: Actor, enrollment_id: uuid.UUID, *, given: bool, now: datetime) -> None:
    """The learner says yes or no on her own phone; a no deletes the pictures there are, after the commit."""
    enrollment = places.get_enrollment(session, actor, Role.LEARNER, enrollment_id)
    lock(session, enrollment.person_id)
    _record(session, actor, enrollment, given=given, now=now)
    if not given:
        _remove_all(session, enrollment.person_id, now=now)


def record_given(session: Session, actor: Actor, sitting_id: uuid.UUID, *, now: datetime) -> None:
    """The learner says yes on the examiner's phone; the row says that the examiner recorded it.

    NotFound; Forbidden: practice_own, practice_taught; Refused: picture_consent_hers, once she took it back herself.
    """
    row = places.get_sitting(session, actor, Role.EXAMINER, sitting_id)
    enrollment = session.get_one(Enrollment, row.enrollment_id)
    places.check_signer(session, actor, enrollment)
    lock(session, enrollment.person_id)
    said = last(session, enrollment.person_id)
    if said is not None and not said.given:
        raise Refused("picture_consent_hers")
    _record(session, actor, enrollment, given=True, now=now)


def _record(session: Session, actor: Actor, enrollment: Enrollment, *, given: bool, now: datetime) -> None:
    made = Consent(
        id=new_id(),
        person_id=enrollment.person_id,
        purpose=practice.PICTURE_PURPOSE,
        version=practice.CONSENT_VERSION,
        given=given,
        recorded_by=actor.account_id,
        recorded_at=now,
    )
    session.add(made)
    audit.record(
        session,
        "consent.give" if given else "consent.withdraw",
        made.id,
        now=now,
        account_id=actor.account_id,
        organisation_id=enrollment.cohort.organisation_id,
        detail={"purpose": made.purpose, "version": made.version},
    )
    session.flush()


def _remove_all(session: Session, person_id: uuid.UUID, *, now: datetime) -> None:
    """Over all institutions: a consent is a person's."""
    hers = (
        select(PracticePicture)
        .join(PracticeSitting, PracticeSitting.id == PracticePicture.sitting_id)
        .join(Enrollment, Enrollment.id == PracticeSitting.enrollment_id)
        .where(Enrollment.person_id == person_id, PracticePicture.removed_at.is_(None))
    )
    found = session.scalars(hers).all()
    for picture in found:
        picture.removed_at = now
    if found:
        media.forget(session, keys=[picture.object_key for picture in found], now=now)
    session.flush()
