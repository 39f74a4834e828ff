"""Whose identity a page is about: a learner of the actor's institution, and what is on record of her."""

import uuid
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lms.domain.changes import ChangeDecision
from lms.domain.errors import NotFound
from lms.domain.roles import Role
from lms.models.enrollments import Cohort, Enrollment
from lms.models.people import IdentityChange, IdentityDecision, Person, PersonDocument
from lms.services import humans, scopes
from lms.services.scopes import Actor


@dataclass(frozen=True)
class Place:
    """A learner of one of the actor's institutions."""

    enrollment: Enrollment
    person: Person
    cohort: Cohort


def find(session: Session, actor: Actor, enrollment_id: uuid.UUID, role: Role = Role.INSTITUTION) -> Place:
    """The learner behind an enrollment; NotFound for anybody else's."""
    query = (
        scopes.learners_of(actor, role)
        .where(Enrollment.id == enrollment_id)
        .join(Person, Person.id == Enrollment.person_id)
        .add_columns(Person, Cohort)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return Place(*row)


def standing(session: Session, person_id: uuid.UUID) -> list[PersonDocument]:
    """The documents of a person that were not withdrawn, the one that reports print first.

    One that was approved for her and is on record of her other self is hers as well: an institution cannot tell.
    """
    approved = (
        select(IdentityChange.after_pid)
        .join(IdentityDecision, IdentityDecision.change_id == IdentityChange.id)
        .where(IdentityChange.person_id == person_id, IdentityDecision.decision == ChangeDecision.APPROVED.value)
    )
    shared = PersonDocument.pid.in_(approved) & PersonDocument.person_id.in_(humans.bodies(session, person_id))
    mine = select(PersonDocument).where(or_(PersonDocument.person_id == person_id, shared))
    found = mine.where(PersonDocument.withdrawn_at.is_(None))
    return list(session.scalars(found.order_by(PersonDocument.is_current.desc(), PersonDocument.id)))


def document(session: Session, person_id: uuid.UUID, document_id: uuid.UUID) -> PersonDocument:
    """One of them; NotFound for any other."""
    for each in standing(session, person_id):
        if each.id == document_id:
            return each
    raise NotFound
