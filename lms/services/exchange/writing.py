"""What programs write: a learner entered into a cohort, or taken out again while there is nothing to lose."""

import uuid
from dataclasses import dataclass

from sqlalchemy import select

from lms.domain.errors import NotFound
from lms.domain.identity import DocumentType
from lms.models.enrollments import Cohort, Enrollment
from lms.services import audit, enrollments, scopes
from lms.services.exchange import records
from lms.services.exchange.records import Reading, Record
from lms.services.scopes import Actor


@dataclass(frozen=True)
class Newcomer:
    """A learner as a program tells of her."""

    name: str
    document_type: DocumentType
    number: str
    phone: str


def enroll(on: Reading, actor: Actor, cohort_id: uuid.UUID, who: Newcomer) -> Record:
    """Enters a learner; refused as `enrollments.enroll` refuses."""
    made = enrollments.enroll(
        on.session,
        on.keyring,
        actor,
        cohort_id,
        name=who.name,
        document_type=who.document_type,
        number=who.number,
        phone=who.phone,
        now=on.now,
    )
    on.session.flush()
    _note(on, actor, "service.enroll", made.id, cohort_id)
    return records.enrollments(on, records.entries(on, [made.id]))[0]


def remove(on: Reading, actor: Actor, enrollment_id: uuid.UUID) -> None:
    """Takes a learner out of a cohort; refused as `enrollments.remove` refuses. NotFound for anybody else's."""
    mine = scopes.learners_of(actor).where(Enrollment.id == enrollment_id)
    cohort_id = on.session.scalar(mine.with_only_columns(Enrollment.cohort_id))
    if cohort_id is None:
        raise NotFound
    enrollments.remove(on.session, actor, cohort_id, enrollment_id, now=on.now)
    _note(on, actor, "service.remove", enrollment_id, cohort_id)


def _note(on: Reading, actor: Actor, action: str, enrollment_id: uuid.UUID, cohort_id: uuid.UUID) -> None:
    """That it was a program: the row of the act itself names only the person who answers for it."""
    if actor.service_id is None:
        return
    place = on.session.scalar(select(Cohort.organisation_id).where(Cohort.id == cohort_id))
    audit.record(
        on.session,
        action,
        enrollment_id,
        now=on.now,
        account_id=actor.account_id,
        organisation_id=place,
        detail={"service": str(actor.service_id)},
    )
