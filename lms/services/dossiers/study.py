"""Roster, plan and study time in a dossier: each learner's intervals with their verdicts, and what they add up to."""

import uuid
from collections.abc import Iterator
from decimal import Decimal

from lms.adapters.sheets import Cell
from lms.domain.courses import TIMED
from lms.domain.statements import Row as Interval
from lms.domain.statements import Totals, totals
from lms.models.enrollments import Enrollment
from lms.services.dossiers.frame import Frame, Learner, at
from lms.services.dossiers.words import said, yes
from lms.services.ledger import rows as ledger_rows

Row = list[Cell]
ROSTER_HEADS = (
    "序号", "姓名", "证件类型", "证件号码", "手机号", "进班时间（北京）", "学员编号", "报名编号", "学习明细文件",
)  # fmt: skip
LESSON_HEADS = ("顺序", "模块", "小节", "类型", "时长（毫秒）", "需要学满（毫秒）", "小节编号")
INTERVAL_HEADS = (
    "证据条目", "段编号", "日期", "开始（北京）", "结束（北京）", "小节", "方式", "从（毫秒）", "到（毫秒）",
    "结论代码", "结论",
    "规则", "政策", "当时计入（毫秒）", "现在计入（毫秒）", "其中已确认（毫秒）", "抽验", "已减去",
)  # fmt: skip
HOURS_HEADS = (
    "序号", "姓名", "小节", "段数", "计入（毫秒）", "已确认（毫秒）", "更正减去（毫秒）", "学时",
    "需要学满（毫秒）", "是否学满",
)  # fmt: skip


def roster(frame: Frame) -> Iterator[Row]:
    """花名册."""
    for each in frame.learners:
        yield [
            *(each.place, each.name, said("document", each.document_type), each.number, each.phone),
            *(at(each.entered_at), str(each.person_id), str(each.enrollment_id), file_of(each)),
        ]


def file_of(learner: Learner) -> str:
    """The name of her file of intervals: her place on the roster, no name."""
    return f"{learner.place:04d}.csv"


def lessons(frame: Frame) -> Iterator[Row]:
    """教学计划: the lessons of the course version that the cohort pins."""
    for each in sorted(frame.lessons.values(), key=lambda row: row.position):
        if each.course_version_id == frame.version.id:
            yield [
                *(each.position, each.module_slug, each.title, said("lesson", each.kind), each.duration_ms),
                *(_required(frame, each.id), str(each.id)),
            ]


def _required(frame: Frame, lesson_id: uuid.UUID) -> int | None:
    lesson = frame.lessons[lesson_id]
    if lesson.kind not in TIMED or lesson.duration_ms is None:
        return None
    return frame.policy.required_ms(lesson.duration_ms)


Sums = dict[uuid.UUID, tuple[int, Totals]]
"""By lesson: how many intervals, and what they add up to."""


def intervals(frame: Frame, learner: Learner) -> tuple[list[Row], Sums]:
    """学习明细 of one learner, in the order of the evidence, and the sums by lesson."""
    enrollment = frame.session.get_one(Enrollment, learner.enrollment_id)
    found = sorted(
        ledger_rows.of(frame.session, enrollment, frame.as_of), key=lambda row: (row.entry, row.from_ms, row.day)
    )
    by_lesson: dict[uuid.UUID, list[Interval]] = {}
    for row in found:
        by_lesson.setdefault(row.lesson_id, []).append(row)
    sums = {lesson_id: (len(rows), totals(rows)) for lesson_id, rows in by_lesson.items()}
    return [_interval(frame, row) for row in found], sums


def _interval(frame: Frame, row: Interval) -> Row:
    return [
        *(row.entry, str(row.id), row.day, at(row.starts_at), at(row.ends_at), frame.title(row.lesson_id)),
        *(said("class", row.evidence_class), row.from_ms, row.to_ms, row.verdict, said("verdict", row.verdict)),
        *(row.rule, row.policy_code, row.posted_ms, row.credited_ms, row.confirmed_ms, said("check", row.check)),
        yes(row.is_voided),
    ]


def hours(frame: Frame, sums: dict[int, Sums]) -> Iterator[Row]:
    """学时汇总: one row a learner and lesson with anything on record; 学时 rounded down."""
    for learner in frame.learners:
        mine = sums.get(learner.place, {})
        for lesson_id in sorted(mine, key=lambda each: (frame.title(each), str(each))):
            count, found = mine[lesson_id]
            needed = _required(frame, lesson_id)
            hundredths = frame.policy.class_hour_hundredths(found.credited_ms)
            yield [
                *(learner.place, learner.name, frame.title(lesson_id), count, found.credited_ms, found.confirmed_ms),
                *(found.voided_ms, Decimal(hundredths).scaleb(-2), needed),
                "" if needed is None else yes(found.credited_ms >= needed),
            ]
