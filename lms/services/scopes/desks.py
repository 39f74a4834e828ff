"""What staff, officers and inspectors may see."""

import uuid
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, true

from lms.domain.exams import Mode
from lms.domain.qualifications import State
from lms.domain.roles import Role
from lms.models.attendance import AttendanceLeave, AttendanceList, ClassMeeting
from lms.models.cases import Case
from lms.models.claims import Claim
from lms.models.corrections import Correction
from lms.models.courses import Course
from lms.models.enrollments import Cohort, Enrollment
from lms.models.exams import ExamSitting
from lms.models.exports import Export, SavedView
from lms.models.people import IdentityChange
from lms.models.records import Record
from lms.models.rights import Restriction, RightsRequest
from lms.models.rosters import RosterImport
from lms.models.skills import Qualification, QualificationWord
from lms.services.scopes.actors import Actor, require
from lms.services.scopes.own import enrollments_of
from lms.services.scopes.places import places_of


def cohorts_of(actor: Actor, role: Role = Role.INSTITUTION) -> Select[Cohort]:
    """The cohorts of the institutions the actor works for, or, as an inspector, may look into."""
    return select(Cohort).where(_within(actor, role))


def filings_of(actor: Actor, role: Role) -> Select[Cohort]:
    """The cohorts that are filed with the authority: of the actor's institutions, drafts too; for whoever reviews or
    inspects, those that were sent in; over the platform, of all institutions."""
    if role is Role.INSTITUTION:
        return cohorts_of(actor, role).where(Cohort.filing != "")
    if role is Role.PLATFORM:
        require(actor, role)
    mine = select(Cohort) if role is Role.PLATFORM else cohorts_of(actor, role)
    return mine.where(Cohort.filing.not_in(("", "draft")))


def claims_of(actor: Actor, role: Role) -> Select[Claim]:
    """The claims of subsidies of the actor's institutions; for the office above them, those that were sent in."""
    mine = select(Claim).where(Claim.organisation_id.in_(places_of(actor, role)))
    return mine if role is Role.INSTITUTION else mine.where(Claim.filed_at.is_not(None))


def learners_of(actor: Actor, role: Role = Role.INSTITUTION) -> Select[Enrollment]:
    """The enrollments in the cohorts of the institutions the actor works for, or may look into."""
    return select(Enrollment).join(Cohort).where(_within(actor, role), may_show(role))


def may_show(role: Role, person: Any = Enrollment.person_id) -> ColumnElement[bool]:
    """Whose records are archive only is shown to the supervising office alone (services/rights).

    `person`: the column that names her.
    """
    if role in {Role.INSPECTOR, Role.OFFICER, Role.STATISTICS}:
        return true()
    closed = archive_only()
    hidden: ColumnElement[bool] = person.not_in(closed)
    return hidden


def rosters_of(actor: Actor) -> Select[RosterImport]:
    """The rosters brought for the institutions the actor works for."""
    return select(RosterImport).where(RosterImport.organisation_id.in_(places_of(actor, Role.INSTITUTION)))


def records_of(actor: Actor, role: Role) -> Select[Enrollment]:
    """The enrollments whose ledger the actor may read in this role: her own, or those of her institutions."""
    return enrollments_of(actor) if role is Role.LEARNER else learners_of(actor, role)


def _within(actor: Actor, role: Role) -> ColumnElement[bool]:
    """Cohorts of the organisations that the actor's role reaches."""
    return Cohort.organisation_id.in_(places_of(actor, role))


def cases_of(actor: Actor, desk: Role) -> Select[Case]:
    """The cases that a desk may look into: of the institutions the actor works for, or of all for the platform."""
    if desk is Role.PLATFORM:
        require(actor, Role.PLATFORM)
        return select(Case)
    return select(Case).where(Case.organisation_id.in_(places_of(actor, Role.INSTITUTION)))


def corrections_of(actor: Actor, desk: Role) -> Select[Correction]:
    """The corrections that a desk may look into: of the actor's institutions, or of all for the platform."""
    if desk is Role.PLATFORM:
        require(actor, Role.PLATFORM)
        return select(Correction)
    return select(Correction).where(Correction.organisation_id.in_(places_of(actor, Role.INSTITUTION)))


def archive_only() -> Select[uuid.UUID]:
    """The persons whose records are kept without being used (PIPL 47, restriction instead of deletion)."""
    return select(Restriction.person_id).where(Restriction.lifted_at.is_(None))


def completion_records_of(actor: Actor, desk: Role) -> Select[Record]:
    """The completion records that a desk may look into: of the actor's institutions, or of all for the platform, but
    for those of whom records are archive only."""
    if desk is Role.PLATFORM:
        require(actor, Role.PLATFORM)
        closed = select(Enrollment.id).where(Enrollment.person_id.in_(archive_only()))
        return select(Record).where(Record.enrollment_id.not_in(closed))
    mine = learners_of(actor, Role.INSTITUTION).with_only_columns(Enrollment.id)
    return select(Record).where(Record.enrollment_id.in_(mine))


def identity_changes_of(actor: Actor, desk: Role) -> Select[IdentityChange]:
    """What is proposed of learners' names and numbers, for a desk: the actor's institutions' own, or all."""
    if desk is Role.PLATFORM:
        require(actor, Role.PLATFORM)
        return select(IdentityChange)
    return select(IdentityChange).where(IdentityChange.organisation_id.in_(places_of(actor, Role.INSTITUTION)))


def meetings_of(actor: Actor, role: Role) -> Select[ClassMeeting]:
    """The classes in person that an actor may see in this role: those of her cohorts, those she teaches herself, or,
    for a learner, those of the classes she is in."""
    query = select(ClassMeeting).join(Cohort, Cohort.id == ClassMeeting.cohort_id)
    if role is Role.LEARNER:
        return query.where(ClassMeeting.cohort_id.in_(enrollments_of(actor).with_only_columns(Enrollment.cohort_id)))
    if role is Role.TRAINER:
        return query.where(_within(actor, role), ClassMeeting.teacher_id == actor.account_id)
    return query.where(_within(actor, role))


def attendance_lists_of(actor: Actor, role: Role) -> Select[AttendanceList]:
    """The paper lists of the classes that staff may see."""
    mine = meetings_of(actor, role).with_only_columns(ClassMeeting.id)
    return select(AttendanceList).where(AttendanceList.meeting_id.in_(mine))


def leaves_of(actor: Actor, role: Role) -> Select[AttendanceLeave]:
    """The leaves asked for the classes that staff may see."""
    mine = meetings_of(actor, role).with_only_columns(ClassMeeting.id)
    return select(AttendanceLeave).where(AttendanceLeave.meeting_id.in_(mine))


def requests_of(actor: Actor, desk: Role) -> Select[RightsRequest]:
    """The requests about own data that a desk answers: of the actor's institutions, or all of them for the platform."""
    if desk is Role.PLATFORM:
        require(actor, Role.PLATFORM)
        return select(RightsRequest)
    mine = places_of(actor, Role.INSTITUTION)
    return select(RightsRequest).where(RightsRequest.organisation_id.in_(mine))


def sittings_of(actor: Actor) -> Select[ExamSitting]:
    """The exam papers the actor answers: her own on her phone, and the oral ones that she examines."""
    own = (ExamSitting.person_id == actor.person_id) & (ExamSitting.mode == Mode.ONLINE.value)
    return select(ExamSitting).where(or_(own, _examined(actor)))


def results_of(actor: Actor) -> Select[ExamSitting]:
    """The sittings whose outcome the actor may know: all of her own, and the oral ones that she examines."""
    return select(ExamSitting).where(or_(ExamSitting.person_id == actor.person_id, _examined(actor)))


def _examined(actor: Actor) -> ColumnElement[bool]:
    classes = learners_of(actor, Role.EXAMINER).with_only_columns(Enrollment.id)
    return (ExamSitting.examiner_id == actor.account_id) & ExamSitting.enrollment_id.in_(classes)


def exports_of(actor: Actor) -> Select[Export]:
    """The files that the actor ordered or that are made for her."""
    return select(Export).where(Export.account_id == actor.account_id)


def views_of(actor: Actor) -> Select[SavedView]:
    """The views of reports that the actor keeps."""
    return select(SavedView).where(SavedView.account_id == actor.account_id)


def ruled_courses_of(actor: Actor, desk: Role) -> Select[Course]:
    """The courses whose validity a desk may set: its institutions' own, or all of them for the platform."""
    if desk is Role.PLATFORM:
        require(actor, Role.PLATFORM)
        return select(Course)
    return select(Course).where(Course.organisation_id.in_(places_of(actor, desk)))


def qualifications_of(actor: Actor, desk: Role) -> Select[Qualification]:
    """The certificates from elsewhere that a desk looks at: for the platform all but those of whom records are
    archive only; for an institution those of its learners that they or it entered, never what another one did."""
    if desk is Role.PLATFORM:
        require(actor, Role.PLATFORM)
        return select(Qualification).where(Qualification.person_id.not_in(archive_only()))
    hers = learners_of(actor, Role.INSTITUTION).with_only_columns(Enrollment.person_id)
    place = Qualification.organisation_id
    mine = place.is_(None) | place.in_(places_of(actor, Role.INSTITUTION))
    return select(Qualification).where(Qualification.person_id.in_(hers), mine)


def qualification_words_of(actor: Actor, desk: Role) -> ColumnElement[bool]:
    """Which words on certificates a desk reads: an institution its own, the platform's and the learner's; the platform
    and the learner all of them (decision 0145). A word of before, of whose author nothing is known, is no desk's."""
    if desk is not Role.INSTITUTION:
        return true()
    own = QualificationWord.organisation_id.in_(places_of(actor, desk))
    from_above = QualificationWord.organisation_id.is_(None) & (QualificationWord.state != State.SEEN.value)
    return or_(own, from_above)
