"""Everything about one person, table by table: what her export holds, and what it leaves out and why."""

import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.models.accounts import Account, LoginSession
from lms.models.attendance import AttendanceLeave, AttendanceMark
from lms.models.audit import AuditEvent
from lms.models.base import Base
from lms.models.cases import Case, CaseStep, Flag
from lms.models.claims import ClaimLine, ClaimOmission
from lms.models.corrections import Correction, CorrectionDecision
from lms.models.courses import CourseVersion
from lms.models.crosschecks import OutsideMatch, OutsideWord, PatternPerson
from lms.models.eligibility import GroupEvidence, GroupWord
from lms.models.enrollments import Cohort, Enrollment
from lms.models.evidence import EvidenceEntry
from lms.models.exams import ExamAnswer, ExamClosing, ExamGrade, ExamSitting
from lms.models.filings import RosterChange
from lms.models.funds import FundPayment
from lms.models.offline import StudyPart, StudyPass
from lms.models.organisations import Organisation
from lms.models.papers import Paper
from lms.models.pasts import EnrollmentDeparture
from lms.models.payees import PayeeAccount, PayeeStep
from lms.models.people import (
    DocumentCheck,
    IdentityChange,
    IdentityDecision,
    Person,
    PersonDocument,
    PersonLink,
    PersonName,
)
from lms.models.practice import Consent, PracticePicture, PracticeSheet, PracticeSitting
from lms.models.presence import PresenceCheck, PresenceOutcome
from lms.models.publicity import NoticeObjection, ObjectionStep, PublicNoticeRow
from lms.models.quizzes import QuizAttempt, QuizReview
from lms.models.records import Record, RecordHolder, RecordProposal, RecordStep
from lms.models.renewals import RenewalReminder, Validity
from lms.models.rights import Activation, MonthlyStatement, PersonalExport, Restriction, RightsRequest
from lms.models.shares import Share, ShareRecord
from lms.models.skills import Qualification, QualificationWord
from lms.models.study import LessonProgress, StudyInterval, StudySegment, StudySession
from lms.services import reveals, sealed
from lms.services.rights import holdings

Row = Mapping[str, Any]
LEAVE_OUT = {
    "bank_answers": "scores by question, for the bank's statistics: her answers are in exam_answers",
    "study_leases": "how far the server has counted: in study_intervals",
    "study_heartbeats": "answers to the phone, for redelivery: what they say is in study_intervals",
    "study_chains": "where parts hang together: they are in study_parts",
    "study_batches": "answers to the phone, for redelivery",
    "study_voids": "named by the corrections",
    "record_proofs": "places in the log, without content",
    "record_decisions": "what followed from them is in record_states",
    "log_leaves": "places in the log, without content",
    "log_checkpoints": "of everybody together",
    "erasures": "only of who is gone",
    "roster_rows": "rows of a file, gone within a day: what was taken over is in her classes, documents and details",
    "person_number_pasts": "numbers that reports printed before: they are in her documents and identity changes",
    "sample_items": "which records an inspector drew: that she looked at them is in looks",
}
"""Tables that say nothing of a person that another section does not say."""

SECRET = {
    "token_digest",
    "device_mark",
    "salt",
    "nonce",
    "seed",
    "paper",
    "right_option",
    "object_key",
    "attachment_key",
    "password_hash",
    "phone_index",
    "pid",
    "after_pid",
    "answer_hash",
    "body_hash",
    "opened_answer",
    "idempotency_key",
    "client_key",
    *("examiner_id", "recorded_by", "asked_by", "added_by", "proposed_by", "decided_by", "second_by", "opened_by"),
    *("entered_by", "said_by"),
}
"""Columns left out: keys and answers that would open something, and who of the staff acted (on her pages by name)."""

OF_THE_PAYEE = ("payee_id", "bank", "account_tail")


@dataclass(frozen=True)
class Source:
    """A section: one table, and which of its rows are hers."""

    table: type[Base]
    hers: Callable[[Collection[uuid.UUID]], ColumnElement[bool]]

    @property
    def name(self) -> str:
        """The table's name, by which the section is known."""
        return str(self.table.__tablename__)


def _of_person(table: Any) -> Source:
    return Source(table, lambda bodies: table.person_id.in_(bodies))


def _of_enrollment(table: Any) -> Source:
    return Source(table, lambda bodies: table.enrollment_id.in_(_ids(Enrollment, bodies)))


def _under(table: Any, column: Any, above: Any) -> Source:
    return Source(table, lambda bodies: column.in_(_ids(above, bodies)))


def _ids(above: Any, bodies: Collection[uuid.UUID]) -> Select[uuid.UUID]:
    if above is PracticeSitting:
        mine = select(PracticeSitting.id).join(Enrollment, Enrollment.id == PracticeSitting.enrollment_id)
        return mine.where(Enrollment.person_id.in_(bodies))
    return select(above.id).where(above.person_id.in_(bodies))


def _under_record(table: Any) -> Source:
    return Source(table, lambda bodies: table.record_id.in_(_records(bodies)))


def _records(bodies: Collection[uuid.UUID]) -> Select[uuid.UUID]:
    mine = select(Record.id).join(Enrollment, Enrollment.id == Record.enrollment_id)
    return mine.where(Enrollment.person_id.in_(bodies))


OPENED = {
    *("person_documents", "identity_changes", "enrollment_details", "qualifications", "group_evidence"),
    "payee_accounts",
}
"""Sections that hold what was sealed of her, opened: see `opening`."""

SOURCES = (
    _of_person(PersonName),
    _under(DocumentCheck, DocumentCheck.document_id, PersonDocument),
    _under(IdentityDecision, IdentityDecision.change_id, IdentityChange),
    _of_person(PersonLink),
    _of_enrollment(RosterChange),
    _of_person(Enrollment),
    _of_person(EnrollmentDeparture),
    _of_person(Activation),
    _of_person(Consent),
    _of_person(RightsRequest),
    _of_person(Restriction),
    _of_person(PersonalExport),
    _of_person(MonthlyStatement),
    _under(LoginSession, LoginSession.account_id, Account),
    _of_enrollment(LessonProgress),
    _of_person(StudySession),
    _of_person(StudyInterval),
    _of_person(StudySegment),
    _of_person(StudyPass),
    _under(StudyPart, StudyPart.source_id, StudySession),
    _of_person(PresenceCheck),
    _of_person(PresenceOutcome),
    _of_enrollment(QuizAttempt),
    _of_enrollment(QuizReview),
    _of_person(ExamSitting),
    _under(ExamAnswer, ExamAnswer.sitting_id, ExamSitting),
    _under(ExamClosing, ExamClosing.sitting_id, ExamSitting),
    _under(ExamGrade, ExamGrade.sitting_id, ExamSitting),
    _of_enrollment(PracticeSitting),
    _under(PracticeSheet, PracticeSheet.sitting_id, PracticeSitting),
    _under(PracticePicture, PracticePicture.sitting_id, PracticeSitting),
    _of_enrollment(AttendanceMark),
    _of_enrollment(AttendanceLeave),
    _of_enrollment(Record),
    _of_person(RecordHolder),
    _under_record(RecordStep),
    _under_record(RecordProposal),
    _of_person(Validity),
    _of_enrollment(RenewalReminder),
    _under_record(Paper),
    _under(QualificationWord, QualificationWord.qualification_id, Qualification),
    _under(GroupWord, GroupWord.evidence_id, GroupEvidence),
    _under(PayeeStep, PayeeStep.payee_account_id, PayeeAccount),
    _of_person(ClaimLine),
    _of_enrollment(ClaimOmission),
    _of_person(PublicNoticeRow),
    _of_person(NoticeObjection),
    _under(ObjectionStep, ObjectionStep.objection_id, NoticeObjection),
    _of_person(Share),
    _under(ShareRecord, ShareRecord.share_id, Share),
    _of_person(FundPayment),
    _of_person(Flag),
    _of_person(Case),
    _under(CaseStep, CaseStep.case_id, Case),
    _of_person(OutsideMatch),
    _under(OutsideWord, OutsideWord.match_id, OutsideMatch),
    _of_person(PatternPerson),
    _of_person(Correction),
    _under(CorrectionDecision, CorrectionDecision.correction_id, Correction),
    _of_person(EvidenceEntry),
)


def gather(session: Session, bodies: Collection[uuid.UUID], source: Source) -> list[Row]:
    """The rows of a section about all persons one human is on record as (`bodies`), as plain values."""
    shown = [column for column in source.table.__table__.columns if not _is_secret(column.name)]
    keys = [column for column in source.table.__table__.columns if column.primary_key]
    rows = session.execute(select(*shown).where(source.hers(bodies)).order_by(*keys))
    return [_told(source, {name: plain(value) for name, value in row._mapping.items()}) for row in rows]


def _told(source: Source, row: Row) -> Row:
    """That an institution was paid for her is hers to know; at which bank it keeps what account is not."""
    if source.table is FundPayment and row["payee_kind"] != "person":
        return {**row, **dict.fromkeys(OF_THE_PAYEE)}
    return row


def _is_secret(column: str) -> bool:
    return column in SECRET or column == "person_id" or column.endswith("_sealed")


def about(session: Session, keyring: Keyring, person_id: uuid.UUID) -> Row:
    """Who she is, in clear: it is her own data, on her own phone."""
    person = session.get_one(Person, person_id)
    account = session.scalar(select(Account).where(Account.person_id == person_id))
    return {
        "name": person.name,
        "document_type": person.document_type,
        "document_number": sealed.open_document(keyring, person_id, person.document_sealed),
        "phone": sealed.open_phone(keyring, account.id, account.phone_sealed) if account else "",
        "since": plain(person.created_at),
    }


def classes(session: Session, bodies: Collection[uuid.UUID]) -> list[Row]:
    """Her classes by name: what the ids in the other sections mean."""
    rows = (
        select(Enrollment.id, Cohort.name, Organisation.name, CourseVersion.title, Cohort.opens_on, Cohort.closes_on)
        .join(Cohort, Cohort.id == Enrollment.cohort_id)
        .join(Organisation, Organisation.id == Cohort.organisation_id)
        .join(CourseVersion, CourseVersion.id == Enrollment.course_version_id)
        .where(Enrollment.person_id.in_(bodies))
        .order_by(Enrollment.id)
    )
    names = ("enrollment", "class", "institution", "course", "opens_on", "closes_on")
    return [dict(zip(names, map(plain, row), strict=True)) for row in session.execute(rows)]


def looks_at_her(session: Session, bodies: Collection[uuid.UUID]) -> list[Row]:
    """When the authority looked at her records or at her class's lists."""
    hers = holdings.looked_at(session, bodies)
    rows = session.execute(select(AuditEvent.at, AuditEvent.detail).where(hers).order_by(AuditEvent.id))
    return [{"at": plain(row.at), "page": row.detail.get("page", "")} for row in rows]


def reveals_of_her(session: Session, bodies: Collection[uuid.UUID]) -> list[Row]:
    """Who saw her whole numbers, when, and what for; `field` is empty for a list of a class."""
    names = ("at", "who", "organisation", "field", "purpose", "reason")
    seen = reveals.list_of_persons(session, bodies)
    return [{name: plain(getattr(row, name)) for name in names} for row in seen]


def own_acts(session: Session, bodies: Collection[uuid.UUID]) -> list[Row]:
    """What she herself did that is on record."""
    hers = AuditEvent.account_id.in_(_ids(Account, bodies))
    rows = session.execute(select(AuditEvent.at, AuditEvent.action).where(hers).order_by(AuditEvent.id))
    return [{"at": plain(row.at), "action": row.action} for row in rows]


def plain(value: Any) -> Any:
    """A value as a file for programs holds it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, uuid.UUID | Enum):
        return str(value)
    return value


def undeclared(tables: Collection[Any]) -> set[str]:
    """Tables that hold a person's or an enrollment's rows, and that nobody has said anything about."""
    tied = {each.name for each in tables if {"person_id", "enrollment_id"} & set(each.columns.keys()) or _leads(each)}
    return tied - {source.name for source in SOURCES} - OPENED - set(LEAVE_OUT) - {"accounts"}


def _leads(table: Any) -> bool:
    """Whether a table says something of a document or of a change of who somebody is."""
    return any(key.column.table.name in ("person_documents", "identity_changes") for key in table.foreign_keys)
