"""What was changed and questioned, in a dossier: corrections, cases, and the acts on record about the cohort."""

import uuid
from collections.abc import Iterator

from sqlalchemy import Select, not_, select

from lms.adapters.sheets import Cell
from lms.db import in_parts
from lms.domain.evidence import canonical
from lms.models.attendance import AttendanceList, ClassMeeting
from lms.models.audit import AuditEvent
from lms.models.cases import Case, CaseStep
from lms.models.corrections import Correction, CorrectionDecision
from lms.models.dossiers import Dossier
from lms.models.enrollments import Enrollment
from lms.models.exams import ExamSitting
from lms.models.filings import RosterChange
from lms.models.people import IdentityChange
from lms.models.practice import PracticePicture, PracticeSheet, PracticeSitting
from lms.models.rosters import RosterImport
from lms.services.dossiers.frame import Frame, at
from lms.services.dossiers.words import said

Row = list[Cell]
CORRECTION_HEADS = (
    "更正编号", "序号", "姓名", "小节", "减去或补记", "方式", "从（毫秒）", "到（毫秒）", "涉及段数", "原因",
    "材料 SHA-256",
    "提出人", "提出时间（北京）", "结果", "核对说明", "更正前（毫秒）", "更正后（毫秒）", "核对人",
    "核对时间（北京）", "证据条目",
)  # fmt: skip
CASE_HEADS = ("核实单编号", "序号", "姓名", "步骤", "结论", "说明", "谁", "时间（北京）")
CHANGE_HEADS = ("时间（北京）", "谁", "操作", "对象", "细节")
UNTOLD = ("person.join",)  # that somebody was found to be another person as well is no institution's to know (0071)
LEARNERS_OWN = frozenset({"words", "appeal"})


def corrections(frame: Frame) -> Iterator[Row]:
    """学时更正: one row a proposal, with what the second person had said by then."""
    decided = (CorrectionDecision.correction_id == Correction.id) & (CorrectionDecision.decided_at < frame.as_of)
    rows = (
        select(Correction, CorrectionDecision)
        .join(Enrollment, Enrollment.id == Correction.enrollment_id)
        .outerjoin(CorrectionDecision, decided)
        .where(frame.mine, Correction.proposed_at < frame.as_of)
        .order_by(Correction.proposed_at, Correction.id)
    )
    for each, answer in frame.session.execute(rows):
        told = (
            (answer.note, answer.before_ms, answer.after_ms, frame.staff(answer.decided_by), at(answer.decided_at))
            if answer
            else ("", None, None, "", "")
        )
        yield [
            *(str(each.id), *frame.who(each.enrollment_id), frame.title(each.lesson_id)),
            *(said("correction", each.kind), said("class", each.evidence_class), each.from_ms, each.to_ms),
            *(len(each.segment_ids), each.reason, each.attachment_hash, frame.staff(each.proposed_by)),
            *(at(each.proposed_at), said("decision", answer.decision if answer else ""), *told),
            answer.entry if answer else None,
        ]


def cases(frame: Frame) -> Iterator[Row]:
    """核实单: every step of the cases that the institution opened about people of the cohort."""
    rows = (
        select(Enrollment.id, CaseStep)
        .join(Case, Case.person_id == Enrollment.person_id)
        .join(CaseStep, CaseStep.case_id == Case.id)
        .where(frame.mine, Case.organisation_id == frame.cohort.organisation_id)
        .where(Enrollment.created_at < frame.as_of, CaseStep.at < frame.as_of)
        .order_by(Case.opened_at, Case.id, CaseStep.at, CaseStep.id)
    )
    for enrollment_id, step in frame.session.execute(rows):
        words = frame.hidden(step.words) if step.kind in LEARNERS_OWN else step.words
        yield [
            *(str(step.case_id), *frame.who(enrollment_id), said("step", step.kind)),
            *(said("case_verdict", step.verdict), words, frame.staff(step.account_id), at(step.at)),
        ]


def changes(frame: Frame) -> Iterator[Row]:
    """操作记录: the acts on record whose subject or detail names the cohort, its people or what belongs to them."""
    known, closed = {str(each) for each in _ids(frame)}, _closed(frame)
    mine = select(AuditEvent).where(AuditEvent.organisation_id == frame.cohort.organisation_id)
    elsewhere = [
        select(AuditEvent).where(AuditEvent.organisation_id.is_(None), AuditEvent.subject.in_(some))
        for some in in_parts(sorted(known))
    ]
    found = [each for query in elsewhere for each in _events(frame, query)]
    found += [each for each in _events(frame, mine) if each.subject in known or _names(each, known)]
    for each in sorted(found, key=lambda event: (event.at, event.id)):
        if each.subject in closed or _names(each, closed):
            continue
        yield [at(each.at), frame.staff(each.account_id), each.action, each.subject, canonical(each.detail)]


def _events(frame: Frame, query: Select[AuditEvent]) -> Iterator[AuditEvent]:
    told = query.where(AuditEvent.at < frame.as_of, AuditEvent.action.not_in(UNTOLD))
    ordered = told.order_by(AuditEvent.at, AuditEvent.id)
    yield from frame.session.scalars(ordered.execution_options(yield_per=1000))


def _closed(frame: Frame) -> set[str]:
    """The enrollments of the cohort that are not shown."""
    others = select(Enrollment.id).where(Enrollment.cohort_id == frame.cohort.id, not_(frame.mine))
    return set(map(str, frame.session.scalars(others)))


def _names(event: AuditEvent, known: set[str]) -> bool:
    return any(isinstance(value, str) and value in known for value in event.detail.values())


def _ids(frame: Frame) -> Iterator[uuid.UUID]:
    """The cohort, its enrollments, and all that belongs to either."""
    yield frame.cohort.id
    yield from frame.enrollment_ids
    mine = select(Enrollment.id).where(frame.mine)
    held = select(ClassMeeting.id).where(ClassMeeting.cohort_id == frame.cohort.id)
    sat = select(PracticeSitting.id).where(PracticeSitting.enrollment_id.in_(mine))
    for query in (
        held,
        sat,
        select(AttendanceList.id).where(AttendanceList.meeting_id.in_(held)),
        select(Correction.id).where(Correction.enrollment_id.in_(mine)),
        select(ExamSitting.id).where(ExamSitting.enrollment_id.in_(mine)),
        select(PracticePicture.id).where(PracticePicture.sitting_id.in_(sat)),
        select(PracticeSheet.id).where(PracticeSheet.sitting_id.in_(sat)),
        select(Dossier.id).where(Dossier.cohort_id == frame.cohort.id),
        select(RosterChange.id).where(RosterChange.cohort_id == frame.cohort.id),
        select(RosterImport.id).where(RosterImport.cohort_id == frame.cohort.id),
        select(IdentityChange.id).where(IdentityChange.enrollment_id.in_(mine)),
        _cases(frame),
    ):
        yield from frame.session.scalars(query)


def _cases(frame: Frame) -> Select[uuid.UUID]:
    people = select(Enrollment.person_id).where(frame.mine)
    return select(Case.id).where(Case.person_id.in_(people), Case.organisation_id == frame.cohort.organisation_id)
