"""What trainers work on."""

from sqlalchemy import Select, or_, select

from lms.domain.roles import Role
from lms.models.bank import BankBatch, BankQuestion
from lms.models.courses import Course, CourseVersion
from lms.models.drafts import Draft
from lms.models.enrollments import Cohort
from lms.models.uploads import LibraryFile, Upload
from lms.services.scopes.actors import Actor
from lms.services.scopes.places import places_of


def drafts_of(actor: Actor) -> Select[Draft]:
    """The courses being written in the organisations the actor teaches for."""
    return select(Draft).where(Draft.organisation_id.in_(actor.organisation_ids(Role.TRAINER)))


def bank_of(actor: Actor) -> Select[BankQuestion]:
    """The bank questions of the organisations the actor teaches for."""
    return select(BankQuestion).where(BankQuestion.organisation_id.in_(actor.organisation_ids(Role.TRAINER)))


def batches_of(actor: Actor) -> Select[BankBatch]:
    """The files of questions brought in the organisations the actor teaches for."""
    return select(BankBatch).where(BankBatch.organisation_id.in_(actor.organisation_ids(Role.TRAINER)))


def versions_of(actor: Actor, role: Role = Role.TRAINER) -> Select[CourseVersion]:
    """The course versions that staff in this role may look into: of courses that ship with the platform or are her
    organisations' own, and those that their cohorts study."""
    mine = places_of(actor, role)
    studied = select(Cohort.course_version_id).where(Cohort.organisation_id.in_(mine))
    known = or_(Course.organisation_id.is_(None), Course.organisation_id.in_(mine), CourseVersion.id.in_(studied))
    return select(CourseVersion).join(Course).where(known)


def library_of(actor: Actor) -> Select[LibraryFile]:
    """The videos of the institutions the actor teaches for."""
    return select(LibraryFile).where(LibraryFile.organisation_id.in_(actor.organisation_ids(Role.TRAINER)))


def uploads_of(actor: Actor) -> Select[Upload]:
    """The files the actor herself is sending to the institutions she teaches for."""
    mine = Upload.organisation_id.in_(actor.organisation_ids(Role.TRAINER))
    return select(Upload).where(Upload.account_id == actor.account_id, mine)
