"""Who is in a cohort: enrolled once, with a real name; removed only while there is no study to lose."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Column, delete, select
from sqlalchemy.orm import Session

from lms import clock
from lms.crypto import Keyring
from lms.db import IntegrityError
from lms.domain.enrollments import Decision, Register
from lms.domain.errors import Conflict, NotFound, Refused
from lms.domain.filings import check_roster
from lms.domain.identity import DocumentType, mask_mobile
from lms.domain.policies import has_closed
from lms.models.accounts import Account
from lms.models.attendance import AttendanceLeave, AttendanceMark
from lms.models.base import Base
from lms.models.enrollments import Cohort, Enrollment
from lms.models.exams import ExamSitting
from lms.models.people import Person
from lms.models.practice import PracticeSitting
from lms.models.quizzes import QuizAttempt
from lms.models.records import Record
from lms.models.study import LessonProgress, StudyLease, StudySession
from lms.services import accounts, audit, pasts, people, placing, scopes, sealed
from lms.services.placing import Entry
from lms.services.scopes import Actor

STUDY = (StudySession, LessonProgress, QuizAttempt, ExamSitting, PracticeSitting, Record, AttendanceMark)
FORGOTTEN = {
    *("accounts", "study_leases"),
    *("person_names", "person_documents", "identity_changes", "identity_decisions"),
}
"""What goes with somebody whom nobody knows any more. Whatever else names a person keeps her: what she said or asked,
what she learned, what was found out about her."""
TRIES = 3


@dataclass(frozen=True)
class Placed:
    """What became of somebody who was to be enrolled."""

    enrollment_id: uuid.UUID | None
    decision: Decision

    @property
    def refusal(self) -> str | None:
        """Why she was not, as a code."""
        return self.decision.refusal


@dataclass(frozen=True)
class LearnerView:
    """A learner in a cohort, by name; `has_study` forbids taking her out again."""

    enrollment_id: uuid.UUID
    cohort_id: uuid.UUID
    cohort: str
    name: str
    has_study: bool


def enroll(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    cohort_id: uuid.UUID,
    *,
    name: str,
    document_type: DocumentType,
    number: str,
    phone: str,
    now: datetime,
) -> Enrollment:
    """Enters a learner in one of the actor's cohorts while its roster is open.

    The refusals of `enter` and `get_open_cohort`.
    """
    cohort = get_open_cohort(session, actor, cohort_id, now=now)
    told = {"name": name, "number": number, "phone": phone}
    return enter(session, keyring, actor, cohort, document_type=document_type, now=now, **told)


def enter(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    cohort: Cohort,
    *,
    name: str,
    document_type: DocumentType,
    number: str,
    phone: str,
    now: datetime,
) -> Enrollment:
    """Enters a learner: her person, her account and her place in the cohort, or nothing of it. The caller found the
    cohort in a scope, and knows that its roster is open or that two people agreed on the change.

    Refused: the codes of `domain.identity`, `domain.documents` and `domain.enrollments`, cohort_closed;
    Conflict: already_enrolled.
    """
    _check_open(cohort, now)
    asked = placing.entry(keyring, name=name, document_type=document_type, number=number, phone=phone, now=now)
    [placed] = enroll_all(session, keyring, actor, cohort, [asked], now=now, shares_phones=False)
    if placed.refusal:
        raise Conflict(placed.refusal) if placed.refusal == "already_enrolled" else Refused(placed.refusal)
    return session.get_one(Enrollment, placed.enrollment_id)


def enroll_all(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    cohort: Cohort,
    entries: Sequence[Entry],
    *,
    now: datetime,
    shares_phones: bool = True,
) -> list[Placed]:
    """Enters many learners into a cohort that is open: for each what became of her, in the same order.

    With `shares_phones` somebody whose phone is another person's is enrolled all the same and cannot sign in yet.
    """
    for _ in range(TRIES):
        register = Register(shares_phones)
        placing.learn(session, cohort, entries, register)
        decided = [(each, register.place(each.applicant)) for each in entries]
        try:
            with session.begin_nested():  # all of it or nothing, though the transaction goes on after a refusal
                ids = placing.place(session, keyring, cohort, decided, now=now)
                placed = [Placed(made, decision) for made, (_, decision) in zip(ids, decided, strict=True)]
                _audit_all(session, actor, cohort, placed, now)
                return placed
        except (Conflict, IntegrityError):
            session.expire_all()  # another transaction was quicker: read again
    raise Conflict("changed_meanwhile")


def _audit_all(session: Session, actor: Actor, cohort: Cohort, placed: Sequence[Placed], now: datetime) -> None:
    for each in placed:
        if each.enrollment_id is not None and each.decision.joins:
            _audit(session, "learner.enroll", actor, cohort, each.enrollment_id, now)


def rejoin_all(
    session: Session, actor: Actor, cohort: Cohort, person_ids: Collection[uuid.UUID], *, now: datetime
) -> dict[uuid.UUID, uuid.UUID]:
    """Enters persons on record into one more cohort, which `get_open_cohort` found: those who were not in it yet, by
    person. The caller reached each of them through a scope. Conflict: changed_meanwhile."""
    made = placing.rejoin(session, cohort, person_ids, now=now)
    for enrollment_id in set(made.values()):
        _audit(session, "learner.enroll", actor, cohort, enrollment_id, now)
    return made


def get_open_cohort(session: Session, actor: Actor, cohort_id: uuid.UUID, *, now: datetime) -> Cohort:
    """A cohort learners may still be entered in. NotFound for a stranger's; Refused: cohort_closed,
    filing_in_review, filing_roster_frozen, filing_over."""
    cohort = get_open_roster(session, actor, cohort_id)
    _check_open(cohort, now)
    return cohort


def get_open_roster(session: Session, actor: Actor, cohort_id: uuid.UUID) -> Cohort:
    """A cohort whose learners may be entered and taken out directly. Nobody files or approves it before the
    transaction ends, so that what is read and frozen is what stays.

    NotFound for a stranger's; Refused: filing_in_review, filing_roster_frozen, filing_over.
    """
    query = scopes.cohorts_of(actor).where(Cohort.id == cohort_id).with_for_update(read=True, of=Cohort)
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    check_roster(found.filing)
    return found


def _check_open(cohort: Cohort, now: datetime) -> None:
    if has_closed(cohort.closes_on, clock.civil_day(now)):
        raise Refused("cohort_closed", day=cohort.closes_on.isoformat())


def _audit(
    session: Session, action: str, actor: Actor, cohort: Cohort, enrollment_id: uuid.UUID, now: datetime
) -> None:
    audit.record(
        session,
        action,
        enrollment_id,
        now=now,
        account_id=actor.account_id,
        organisation_id=cohort.organisation_id,
        detail={"cohort": str(cohort.id)},
    )


def get(session: Session, actor: Actor, cohort_id: uuid.UUID, enrollment_id: uuid.UUID) -> LearnerView:
    """One learner of one of the actor's cohorts; NotFound for anybody else's."""
    enrollment, person, cohort = _found(session, actor, cohort_id, enrollment_id)
    return LearnerView(enrollment.id, cohort.id, cohort.name, person.name, bool(studied(session, [enrollment.id])))


def masked_phone(
    session: Session, actor: Actor, keyring: Keyring, cohort_id: uuid.UUID, enrollment_id: uuid.UUID
) -> str:
    """The number she signs in with, masked; NotFound for a learner of anybody else's."""
    enrollment, _person, _cohort = _found(session, actor, cohort_id, enrollment_id)
    account = session.scalars(select(Account).where(Account.person_id == enrollment.person_id)).one()
    return mask_mobile(sealed.open_phone(keyring, account.id, account.phone_sealed))


def remove(session: Session, actor: Actor, cohort_id: uuid.UUID, enrollment_id: uuid.UUID, *, now: datetime) -> None:
    """Takes a learner out of a cohort she was entered in by mistake; Refused once she has studied."""
    if remove_all(session, actor, cohort_id, [enrollment_id], now=now):
        raise Refused("learner_has_study")


def remove_all(
    session: Session, actor: Actor, cohort_id: uuid.UUID, enrollment_ids: Collection[uuid.UUID], *, now: datetime
) -> set[uuid.UUID]:
    """Takes learners out of a cohort they were entered in by mistake; tells who has studied and therefore stays.

    NotFound unless all of them are in this cohort; the refusals of `get_open_roster`.
    """
    cohort = get_open_roster(session, actor, cohort_id)
    return take_out_all(session, actor, cohort, enrollment_ids, now=now)


def take_out_all(
    session: Session, actor: Actor, cohort: Cohort, enrollment_ids: Collection[uuid.UUID], *, now: datetime
) -> set[uuid.UUID]:
    """The same for a cohort that the caller found in a scope, whatever the state of its roster."""
    within = select(Enrollment).where(Enrollment.cohort_id == cohort.id, Enrollment.id.in_(enrollment_ids))
    found = session.scalars(within.with_for_update()).all()
    if len(found) < len(set(enrollment_ids)):
        raise NotFound
    staying = studied(session, [each.id for each in found])
    leaving = [each for each in found if each.id not in staying]
    ids = [each.id for each in leaving]
    pasts.keep_departures(session, leaving, now=now)
    session.execute(delete(AttendanceLeave).where(AttendanceLeave.enrollment_id.in_(ids)))
    session.execute(delete(Enrollment).where(Enrollment.id.in_(ids)))
    for each in leaving:
        _audit(session, "learner.remove", actor, cohort, each.id, now)
    _forget_unknown(session, {each.person_id for each in leaving}, now)
    return staying


def _forget_unknown(session: Session, person_ids: set[uuid.UUID], now: datetime) -> None:
    """Whom nobody knows any more goes: a mistyped person must not stand in the true one's way."""
    known = people.joined(session, person_ids)
    for column in _naming():
        known |= set(session.scalars(select(column).where(column.in_(person_ids))))
    gone = person_ids - known
    accounts.unlink_all(session, gone, now=now)
    session.execute(delete(StudyLease).where(StudyLease.person_id.in_(gone)))
    people.forget_all(session, gone)


@cache
def _naming() -> tuple[Column[uuid.UUID], ...]:
    """The columns that point at a person, in tables that keep her."""
    tables = (table for table in Base.metadata.sorted_tables if table.name not in FORGOTTEN)
    keys = (key for table in tables for key in table.foreign_keys if key.column.table.name == "people")
    return tuple(key.parent for key in keys)


def check_without_study(session: Session, enrollment_id: uuid.UUID) -> None:
    """Refused: learner_has_study, since records of study are kept for good."""
    if studied(session, [enrollment_id]):
        raise Refused("learner_has_study")


def _found(
    session: Session, actor: Actor, cohort_id: uuid.UUID, enrollment_id: uuid.UUID
) -> tuple[Enrollment, Person, Cohort]:
    query = (
        scopes.learners_of(actor)
        .where(Enrollment.id == enrollment_id, Enrollment.cohort_id == cohort_id)
        .join(Person, Person.id == Enrollment.person_id)
        .add_columns(Person, Cohort)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1], row[2]


def studied(session: Session, enrollment_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of these enrollments in which something was learned, tried or issued."""
    found: set[uuid.UUID] = set()
    for table in STUDY:
        found.update(session.scalars(select(table.enrollment_id).where(table.enrollment_id.in_(enrollment_ids))))
    return found
