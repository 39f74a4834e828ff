"""Consent to pictures of a practical: given, or taken back, each time a row that says who recorded it."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain.errors import Refused
from lms.domain.notices import Purpose
from lms.domain.roles import Role
from lms.models.enrollments import Enrollment
from lms.models.practice import Consent, PracticePicture, PracticeSitting
from lms.services import consents, media
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
    found = consents.standing(session, person_id, Purpose.PICTURES)
    return ConsentView(found.holds, found.at, found.by, taken_back=found.at is not None and not found.given)


def last(session: Session, person_id: uuid.UUID) -> Consent | None:
    """The last row of a person: the one that holds."""
    return consents.last(session, person_id, Purpose.PICTURES)


def say_own(
    session: Session,
    actor: Actor,
    enrollment_id: uuid.UUID,
    lesson_id: uuid.UUID,
    *,
    given: bool,
    language: str = "zh",
    now: datetime,
) -> None:
    """The learner says yes or no on her own phone, on the page of a skill; a no deletes the pictures there are, after
    the commit. NotFound for a skill that is not hers."""
    place = places.get_place(session, actor, Role.LEARNER, enrollment_id, lesson_id)
    say(session, actor, place.enrollment.person_id, given=given, language=language, now=now)


def say(
    session: Session, actor: Actor, person_id: uuid.UUID, *, given: bool, language: str = "zh", now: datetime
) -> None:
    """The same from a page that is of no class."""
    consents.lock(session, person_id)
    consents.record(session, actor, person_id, Purpose.PICTURES, given=given, language=language, now=now)
    if not given:
        remove_all(session, person_id, now=now)


def record_given(session: Session, actor: Actor, sitting_id: uuid.UUID, *, language: str = "zh", now: datetime) -> None:
    """The learner says yes on the examiner's phone; the row says that the examiner recorded it.

    NotFound; Forbidden: practice_own, practice_taught; Refused: picture_consent_hers, once she took it back herself.
    """
    row = places.get_sitting(session, actor, Role.EXAMINER, sitting_id)
    enrollment = session.get_one(Enrollment, row.enrollment_id)
    places.check_signer(session, actor, enrollment)
    consents.lock(session, enrollment.person_id)
    said = last(session, enrollment.person_id)
    if said is not None and not said.given:
        raise Refused("picture_consent_hers")
    place = enrollment.cohort.organisation_id
    consents.record(
        session,
        actor,
        enrollment.person_id,
        Purpose.PICTURES,
        given=True,
        language=language,
        organisation_id=place,
        now=now,
    )


def remove_all(session: Session, person_id: uuid.UUID, *, now: datetime) -> None:
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
