"""A record is written once: when the verdict is yes, or when two people have it issued anew."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms import crypto
from lms.domain import records
from lms.domain.blended import TrainingFacts
from lms.domain.policies import Policy
from lms.models.base import new_id
from lms.models.enrollments import Enrollment
from lms.models.records import Record, RecordHolder
from lms.services import audit
from lms.services.records import facts


def issue(
    session: Session, enrollment: Enrollment, training: TrainingFacts, policy: Policy, *, now: datetime
) -> Record:
    """Freezes what is true now into a record; issuing twice is issuing once, even where it was taken back since."""
    mine = select(Record).where(Record.enrollment_id == enrollment.id).order_by(Record.number.desc())
    found = session.scalar(mine.limit(1))
    return found or write(session, enrollment, training, policy, now=now)


def write(
    session: Session,
    enrollment: Enrollment,
    training: TrainingFacts,
    policy: Policy,
    *,
    replaces: Record | None = None,
    now: datetime,
) -> Record:
    """A new record of the enrollment, whatever there was before; `replaces` is the one whose place it takes."""
    salt = crypto.salt()
    body = records.write(facts.gather(session, enrollment, training, policy, salt, now=now))
    made = Record(
        id=new_id(),
        enrollment_id=enrollment.id,
        number=replaces.number + 1 if replaces else 1,
        code=crypto.verification_code(),
        body=body,
        facts_hash=records.hash_of(body),
        issued_at=now,
        replaces_id=replaces.id if replaces else None,
    )
    session.add(made)
    session.flush()
    session.add(_holder(made, enrollment, salt))
    organisation_id = enrollment.cohort.organisation_id
    audit.record(session, "record.issue", enrollment.id, now=now, organisation_id=organisation_id)
    session.flush()
    return made


def _holder(record: Record, enrollment: Enrollment, salt: str) -> RecordHolder:
    person = enrollment.person
    return RecordHolder(
        record_id=record.id,
        person_id=person.id,
        name=person.name,
        document_type=person.document_type,
        document_sealed=person.document_sealed,
        salt=salt,
    )
