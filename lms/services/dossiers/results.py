"""Tests, exams, practicals, score book and completion records in a dossier."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from lms import clock
from lms.adapters.sheets import Cell
from lms.domain import blended as rules
from lms.domain import practice
from lms.domain.blended import TrainingFacts
from lms.domain.exams import Mode
from lms.domain.notices import Purpose
from lms.domain.policies import Blended
from lms.domain.records import RecordState
from lms.models.enrollments import Enrollment
from lms.models.exams import ExamClosing, ExamGrade, ExamSitting
from lms.models.practice import PracticePicture, PracticeSheet, PracticeSitting
from lms.models.quizzes import QuizAttempt
from lms.models.records import Record, RecordStep
from lms.services import consents
from lms.services.dossiers.frame import Frame, at
from lms.services.dossiers.words import said, yes
from lms.services.facts import exams as exam_facts
from lms.services.facts import skills

Row = list[Cell]
QUIZ_HEADS = ("序号", "姓名", "小测验", "提交时间（北京）", "得分", "是否及格")
EXAM_HEADS = (
    "序号", "姓名", "第几次", "方式", "口试考官", "开考时间（北京）", "结束方式", "结束时间（北京）",
    "第几次评分", "得分",
    "是否及格", "评分时间（北京）", "是否改判", "政策", "试卷 SHA-256", "考试编号", "评分证据条目",
)  # fmt: skip
SHEET_HEADS = (
    "序号", "姓名", "技能", "类别", "第几次", "考评员或师傅", "各步（1 做到 0 没做到）", "得分",
    "漏掉的关键步骤", "分钟",
    "评语", "提交时间（北京）", "打分单编号", "证据条目",
)  # fmt: skip
PICTURE_HEADS = ("序号", "姓名", "技能", "拍摄时间（北京）", "类型", "字节", "SHA-256", "在档文件", "没有放进来的原因")
SCORE_HEADS = (
    "序号", "准考证号", "姓名", "身份证号", "理论成绩", "实操成绩", "综合结论", "补考", "考试日期", "地点",
    "考评员 1", "考评员 2",
    "监考", "备注",
)  # fmt: skip
RECORD_HEADS = ("序号", "姓名", "查验码", "发出时间（北京）", "状态", "状态起于（北京）", "内容 SHA-256", "内容")


def quizzes(frame: Frame) -> Iterator[Row]:
    """小测验: one row an attempt."""
    rows = (
        select(QuizAttempt)
        .join(Enrollment, Enrollment.id == QuizAttempt.enrollment_id)
        .where(frame.mine, QuizAttempt.submitted_at < frame.as_of)
        .order_by(Enrollment.created_at, Enrollment.id, QuizAttempt.submitted_at, QuizAttempt.id)
    )
    for each in frame.session.scalars(rows.execution_options(yield_per=500)):
        yield [
            *(*frame.who(each.enrollment_id), frame.title(each.lesson_id), at(each.submitted_at)),
            *(each.score, yes(each.passed)),
        ]


def exams(frame: Frame) -> Iterator[Row]:
    """理论考试: one row a grading; a sitting without one stands once."""
    closed = (ExamClosing.sitting_id == ExamSitting.id) & (ExamClosing.closed_at < frame.as_of)
    graded = (ExamGrade.sitting_id == ExamSitting.id) & (ExamGrade.graded_at < frame.as_of)
    rows = (
        select(ExamSitting, ExamClosing, ExamGrade)
        .join(Enrollment, Enrollment.id == ExamSitting.enrollment_id)
        .outerjoin(ExamClosing, closed)
        .outerjoin(ExamGrade, graded)
        .where(frame.mine, ExamSitting.opened_at < frame.as_of)
        .order_by(Enrollment.created_at, Enrollment.id, ExamSitting.number, ExamGrade.number)
    )
    for sitting, closing, grade in frame.session.execute(rows):
        judged = (
            (
                grade.number,
                grade.score_percent,
                yes(grade.passed),
                at(grade.graded_at),
                yes(grade.ruling_id is not None),
            )
            if grade
            else (None, None, "", "", "")
        )
        yield [
            *(*frame.who(sitting.enrollment_id), sitting.number, said("mode", sitting.mode)),
            *(frame.staff(sitting.examiner_id) if sitting.examiner_id else "", at(sitting.opened_at)),
            *(said("cause", closing.cause if closing else ""), at(closing.closed_at) if closing else ""),
            *(*judged, sitting.policy_code, sitting.paper_hash, str(sitting.id), grade.entry if grade else None),
        ]


def sheets(frame: Frame) -> Iterator[Row]:
    """实操打分单: one row a signature."""
    rows = (
        select(PracticeSitting, PracticeSheet)
        .join(Enrollment, Enrollment.id == PracticeSitting.enrollment_id)
        .join(PracticeSheet, PracticeSheet.sitting_id == PracticeSitting.id)
        .where(frame.mine, PracticeSheet.submitted_at < frame.as_of)
        .order_by(Enrollment.created_at, Enrollment.id, PracticeSheet.submitted_at, PracticeSheet.id)
    )
    for sitting, sheet in frame.session.execute(rows):
        yield [
            *(*frame.who(sitting.enrollment_id), frame.title(sitting.lesson_id), said("sitting", sitting.kind)),
            *(sitting.number, frame.staff(sheet.account_id), " ".join(str(int(bool(each))) for each in sheet.marks)),
            *(sheet.points, sheet.critical_missed, sheet.minutes, sheet.note, at(sheet.submitted_at)),
            *(str(sheet.id), sheet.entry),
        ]


@dataclass(frozen=True)
class Picture:
    """A picture of a practical: what is told of it, and, where it goes into the archive, its key and name there."""

    row: Row
    key: str = ""
    name: str = ""
    size: int = 0


def pictures(frame: Frame) -> Iterator[Picture]:
    """实操照片: told with their hashes; in the archive only with whole numbers and her consent as it holds today."""
    rows = (
        select(PracticePicture, PracticeSitting, Enrollment.person_id)
        .join(PracticeSitting, PracticeSitting.id == PracticePicture.sitting_id)
        .join(Enrollment, Enrollment.id == PracticeSitting.enrollment_id)
        .where(frame.mine, PracticePicture.added_at < frame.as_of)
        .order_by(Enrollment.created_at, Enrollment.id, PracticePicture.added_at, PracticePicture.id)
    )
    for picture, sitting, person_id in frame.session.execute(rows).all():
        why = _why_not(frame, picture, person_id)
        place, name = frame.who(sitting.enrollment_id)
        file = "" if why else f"{place:04d}-{picture.id}.{picture.object_key.rpartition('.')[2]}"
        told: Row = [place, name, frame.title(sitting.lesson_id), at(picture.added_at), picture.content_type]
        told += [picture.size_bytes, picture.sha256, file, why]
        yield Picture(told, "" if why else picture.object_key, file, picture.size_bytes)


def _why_not(frame: Frame, picture: PracticePicture, person_id: uuid.UUID) -> str:
    allowed = consents.standing(frame.session, person_id, Purpose.PICTURES).holds
    if picture.removed_at is not None or not allowed:
        return "学员没有同意，或者收回了同意"
    return "隐去号码的档案不放照片" if frame.masked else ""


@dataclass
class _Hands:
    """Who had a hand in one learner's examination, and when it was last."""

    examiners: dict[str, None] = field(default_factory=dict)
    invigilators: dict[str, None] = field(default_factory=dict)
    moments: list[datetime] = field(default_factory=list)
    is_regraded: bool = False


def scores(frame: Frame) -> Iterator[Row]:
    """结业考核成绩册 in the columns of domain.md 6.1, judged by the domain from what was on record."""
    asked = frame.policy.blended or Blended(exam=None, practice=None)
    everybody = [frame.session.get_one(Enrollment, each) for each in frame.enrollment_ids]
    theory = exam_facts.facts(frame.session, everybody, frame.as_of)
    practised = skills.records(frame.session, everybody, frame.as_of)
    hands = _hands(frame)
    for learner in frame.learners:
        key = learner.enrollment_id
        skilled = tuple(each for row in practised[key] for each in (row.exam, row.task))
        facts, mine = TrainingFacts((), exam=theory[key], skills=skilled), hands.get(key, _Hands())
        moments = [*mine.moments, *(each for each in [facts.exam.last_closed_at] if each)]
        names = [*mine.examiners, "", ""]
        yield [
            *(learner.place, "", learner.name, learner.number, facts.exam.best_percent),
            *(rules.practice_points(facts, asked), said("conclusion", rules.conclude(facts, asked))),
            *(rules.resits(facts, asked), clock.civil_day(max(moments)) if moments else None),
            *(_place(facts, mine), names[0], names[1], "、".join(mine.invigilators), _remark(mine)),
        ]


def _place(facts: TrainingFacts, hands: _Hands) -> str:
    return "理论：线上" if facts.exam.best_percent is not None and not hands.invigilators else ""


def _remark(hands: _Hands) -> str:
    told = ["口试"] if hands.invigilators else []
    told += ["理论成绩改判过"] if hands.is_regraded else []
    more = list(hands.examiners)[2:]
    return "；".join([*told, *(["还有考评员：" + "、".join(more)] if more else [])])


def _hands(frame: Frame) -> dict[uuid.UUID, _Hands]:
    found: dict[uuid.UUID, _Hands] = {each: _Hands() for each in frame.enrollment_ids}
    signed = (
        select(PracticeSitting.enrollment_id, PracticeSheet.account_id, PracticeSheet.submitted_at)
        .join(PracticeSheet, PracticeSheet.sitting_id == PracticeSitting.id)
        .join(Enrollment, Enrollment.id == PracticeSitting.enrollment_id)
        .where(frame.mine, PracticeSitting.kind == practice.SittingKind.EXAM.value)
        .where(PracticeSheet.submitted_at < frame.as_of)
        .order_by(PracticeSheet.submitted_at, PracticeSheet.id)
    )
    for enrollment_id, account_id, submitted_at in frame.session.execute(signed):
        found[enrollment_id].examiners[frame.staff(account_id)] = None
        found[enrollment_id].moments.append(submitted_at)
    sat = (
        select(ExamSitting.enrollment_id, ExamSitting.examiner_id, ExamSitting.mode, ExamGrade.number)
        .join(Enrollment, Enrollment.id == ExamSitting.enrollment_id)
        .outerjoin(ExamGrade, (ExamGrade.sitting_id == ExamSitting.id) & (ExamGrade.graded_at < frame.as_of))
        .where(frame.mine, ExamSitting.opened_at < frame.as_of)
        .order_by(ExamSitting.id, ExamGrade.number)
    )
    for enrollment_id, examiner_id, mode, number in frame.session.execute(sat):
        if mode == Mode.ORAL.value:
            found[enrollment_id].invigilators[frame.staff(examiner_id)] = None
        found[enrollment_id].is_regraded |= (number or 0) > 1
    return found


def records(frame: Frame) -> Iterator[Row]:
    """结业记录: as they were issued, byte for byte, and what had become of each by then."""
    rows = (
        select(Record)
        .join(Enrollment, Enrollment.id == Record.enrollment_id)
        .where(frame.mine, Record.issued_at < frame.as_of)
        .order_by(Enrollment.created_at, Enrollment.id, Record.number)
    )
    found = frame.session.scalars(rows).all()
    became = _states(frame, [each.id for each in found])
    for each in found:
        state, since = became.get(each.id, (RecordState.VALID, each.issued_at))
        told = (each.code, at(each.issued_at), said("record", state), at(since))
        yield [*frame.who(each.enrollment_id), *told, each.facts_hash, each.body]


def _states(frame: Frame, ids: list[uuid.UUID]) -> dict[uuid.UUID, tuple[str, datetime]]:
    """By record: its state by then and since when; a record that is not there is as it was issued."""
    mine = select(RecordStep.record_id, RecordStep.state, RecordStep.at).order_by(RecordStep.number)
    rows = frame.session.execute(mine.where(RecordStep.record_id.in_(ids), RecordStep.at < frame.as_of))
    return {record_id: (state, moment) for record_id, state, moment in rows}
