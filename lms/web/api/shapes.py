"""The records of the exchange as the description tells them. Moments are ISO 8601 in UTC, times in milliseconds."""

import uuid
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from lms.domain.attendance import State
from lms.domain.blended import Conclusion
from lms.domain.identity import DocumentType
from lms.domain.practice import Outcome
from lms.domain.records import RecordState
from lms.services.exchange.feed import MOST, USUAL
from lms.web.api.openapi import Strict

LONGEST_CURSOR = 400
Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
Day = Annotated[str, Field(json_schema_extra={"format": "date"})]


class PageQuery(BaseModel):
    """Which page: of one cohort or of all, at most `limit` records, from a `cursor` on or what is new since."""

    model_config = ConfigDict(extra="forbid")

    cohort: Annotated[uuid.UUID | None, Field(description="only this cohort")] = None
    limit: Annotated[int, Field(ge=1, le=MOST)] = USUAL
    cursor: Annotated[
        str | None, Field(min_length=1, max_length=LONGEST_CURSOR, description="`next` of the page before")
    ] = None
    changed_since: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=LONGEST_CURSOR,
            description="`changed_since` of an earlier answer, or a moment in ISO 8601 with its zone",
        ),
    ] = None


class KeyHeader(BaseModel):
    """The sender's own name for a write, so that asking again does it once."""

    key: Annotated[str | None, Field(alias="Idempotency-Key", min_length=1, max_length=80)] = None


class Page(BaseModel):
    """`next` is null at the end; then `changed_since` is where changes are to be pulled from next time."""

    next: str | None
    changed_since: str
    removed: Annotated[list[uuid.UUID], Field(description="ids of what is gone; only when changes are pulled")]


class CohortRecord(BaseModel):
    """A cohort (班期)."""

    cohort: uuid.UUID
    organisation: uuid.UUID
    organisation_name: str
    name: str
    course: uuid.UUID
    course_title: str
    course_version: int
    opens_on: Day
    closes_on: Day
    state: Literal["not_open", "running", "closed"]
    policy: str
    learners: int


class LearnerRecord(BaseModel):
    """A person as this institution knows her; another institution's id for her is another."""

    learner: uuid.UUID
    organisation: uuid.UUID
    name: Annotated[str, Field(description="masked")]
    document_type: str
    number: Annotated[str, Field(description="masked")]
    phone: Annotated[str, Field(description="masked; empty without an account")]
    enrollments: list[uuid.UUID]


class OfEnrollment(BaseModel):
    """What every record of an enrollment begins with."""

    enrollment: uuid.UUID
    cohort: uuid.UUID


class EnrollmentRecord(OfEnrollment):
    """Who is in which cohort."""

    organisation: uuid.UUID
    learner: uuid.UUID
    name: Annotated[str, Field(description="masked")]
    created_at: Moment


class ReasonRecord(BaseModel):
    """Why not, or why not yet: a stable code, the values of it, a sentence for people."""

    code: str
    message: str
    values: dict[str, Any]


class CompletionRecord(OfEnrollment):
    """The verdict: `no` with what is missing, `unsure` when a person must look."""

    policy: str
    verdict: Literal["yes", "no", "unsure"]
    unmet: list[ReasonRecord]
    unsure: list[ReasonRecord]
    missing_ms: int
    certificate_issued: bool


class ByClass(BaseModel):
    """Credited milliseconds by how the study was evidenced."""

    online: int
    gap: int
    offline: int
    attended: int
    imported: int


class StudyTimeRecord(OfEnrollment):
    """Credited study time; class hours (学时) in hundredths, rounded down."""

    credited_ms: int
    confirmed_ms: int
    in_class_ms: int
    by_class: ByClass
    class_hour_hundredths: int
    minutes_per_class_hour: int


class CertificateRecord(OfEnrollment):
    """A completion record, the last of its enrollment; anybody may verify the code under /v/."""

    code: str
    issued_at: Moment
    facts_hash: str
    is_intact: bool
    state: RecordState


class ClassRecord(BaseModel):
    """One class in person, and where she stands at it."""

    class_id: Annotated[uuid.UUID, Field(alias="class")]
    title: str
    starts_at: Moment
    ends_at: Moment
    state: State
    is_late: bool
    left_early: bool
    in_at: Moment | None
    out_at: Moment | None


class AttendanceRecord(OfEnrollment):
    """Classes that count so far, and each class of the timetable."""

    held: int
    attended: int
    on_leave: int
    absent: int
    attended_ms: int
    classes: list[ClassRecord]


class QuizRecord(BaseModel):
    """A quiz of the course; the best score in percent, null before an attempt."""

    lesson: uuid.UUID
    title: str
    best_score: int | None


class TheoryRecord(BaseModel):
    """The theory exam; the best of its closed sittings."""

    best_percent: int | None
    is_passed: bool
    tries: int


class SkillRecord(BaseModel):
    """A practical skill, or a task at the workplace."""

    lesson: uuid.UUID
    title: str
    is_workplace: bool
    outcome: Outcome
    points: int | None
    tries: int


class ScoreRecord(OfEnrollment):
    """Quizzes, theory, practice; `conclusion` is null where the policy asks for no examination."""

    quiz_score: int | None
    quizzes: list[QuizRecord]
    theory: TheoryRecord
    skills: list[SkillRecord]
    conclusion: Conclusion | None
    resits: int


class CohortPage(Page):
    """Cohorts."""

    items: list[CohortRecord]


class LearnerPage(Page):
    """Learners; one may come again on a later page."""

    items: list[LearnerRecord]


class EnrollmentPage(Page):
    """Enrollments."""

    items: list[EnrollmentRecord]


class CompletionPage(Page):
    """Verdicts."""

    items: list[CompletionRecord]


class StudyTimePage(Page):
    """Study time."""

    items: list[StudyTimeRecord]


class CertificatePage(Page):
    """Completion records."""

    items: list[CertificateRecord]


class AttendancePage(Page):
    """Attendance."""

    items: list[AttendanceRecord]


class ScorePage(Page):
    """Scores."""

    items: list[ScoreRecord]


class EnrollmentBody(Strict):
    """A learner to be entered: her name as on the document, its number, her own mobile number."""

    cohort: Annotated[uuid.UUID, Field(strict=False)]
    name: Annotated[str, Field(min_length=1, max_length=200)]
    document_type: Annotated[DocumentType, Field(strict=False)] = DocumentType.RESIDENT_ID
    number: Annotated[str, Field(min_length=1, max_length=60)]
    phone: Annotated[str, Field(min_length=1, max_length=40)]


class RemovedAnswer(BaseModel):
    """She was taken out."""

    enrollment: uuid.UUID
    removed: bool


SHAPES: dict[str, tuple[type[BaseModel], type[BaseModel]]] = {
    "cohorts": (CohortRecord, CohortPage),
    "learners": (LearnerRecord, LearnerPage),
    "enrollments": (EnrollmentRecord, EnrollmentPage),
    "completion": (CompletionRecord, CompletionPage),
    "study-time": (StudyTimeRecord, StudyTimePage),
    "certificates": (CertificateRecord, CertificatePage),
    "attendance": (AttendanceRecord, AttendancePage),
    "scores": (ScoreRecord, ScorePage),
}
