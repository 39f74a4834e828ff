"""Classes in person in a dossier: timetable, signatures, paper lists, leave, and the attendance book made of them."""

import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import select

from lms.adapters.sheets import Cell
from lms.domain import attendance
from lms.domain.attendance import MarkKind, Slot
from lms.domain.corrections import Decision
from lms.models.attendance import AttendanceDecision, AttendanceLeave, AttendanceList, AttendanceMark, ClassMeeting
from lms.models.enrollments import Enrollment
from lms.services.dossiers.frame import Frame, Learner, at, hour
from lms.services.dossiers.words import said, yes
from lms.services.facts.attendance import stood_at

Row = list[Cell]
TIMETABLE_HEADS = (
    "课次编号", "课名", "内容", "地点", "讲师", "日期", "开始", "结束", "补哪一课", "排课时间", "取消时间",
    "取消原因",
)  # fmt: skip
MARK_HEADS = (
    "课次编号", "课名", "序号", "姓名", "签到或签退", "方式", "时间（北京）", "登记时间（北京）",
    "课后多久登记（毫秒）",
    "登记人", "证据条目",
)  # fmt: skip
LIST_HEADS = (
    "签到表编号", "课次编号", "课名", "人数", "原因", "照片 SHA-256", "录入人", "录入时间（北京）", "核对结果",
    "核对说明",
    "核对人", "核对时间（北京）",
)  # fmt: skip
LEAVE_HEADS = ("课次编号", "课名", "序号", "姓名", "原因", "提出时间（北京）", "答复", "答复人", "答复时间（北京）")
BOOK_HEADS = (
    "日期", "时段", "姓名", "身份证号", "签到时间", "签退时间", "方式", "状态", "教师签字", "课名", "讲师",
    "迟到", "早退",
)  # fmt: skip


def meetings(frame: Frame) -> list[ClassMeeting]:
    """The classes of the timetable as it stood, in order."""
    mine = select(ClassMeeting).where(ClassMeeting.cohort_id == frame.cohort.id, ClassMeeting.created_at < frame.as_of)
    return list(frame.session.scalars(mine.order_by(ClassMeeting.starts_at, ClassMeeting.id)))


def _is_cancelled(frame: Frame, meeting: ClassMeeting) -> bool:
    return meeting.cancelled_at is not None and meeting.cancelled_at < frame.as_of


def timetable(frame: Frame) -> Iterator[Row]:
    """线下课课表: one row a class, with those that were cancelled."""
    for each in meetings(frame):
        gone = _is_cancelled(frame, each)
        yield [
            *(str(each.id), each.title, said("content", each.content), each.place, frame.staff(each.teacher_id)),
            *(each.held_on, hour(each.starts_at), hour(each.ends_at)),
            *(str(each.makes_up_for or ""), at(each.created_at)),
            *((at(each.cancelled_at), each.cancel_reason) if gone else ("", "")),
        ]


def _marks(frame: Frame) -> list[AttendanceMark]:
    mine = (
        select(AttendanceMark)
        .join(ClassMeeting, ClassMeeting.id == AttendanceMark.meeting_id)
        .join(Enrollment, Enrollment.id == AttendanceMark.enrollment_id)
        .where(frame.mine, AttendanceMark.recorded_at < frame.as_of)
    )
    ordered = mine.order_by(ClassMeeting.starts_at, AttendanceMark.recorded_at, AttendanceMark.id)
    return list(frame.session.scalars(ordered))


def marks(frame: Frame) -> Iterator[Row]:
    """签到签退: one row a signature."""
    titles = {each.id: each.title for each in meetings(frame)}
    for each in _marks(frame):
        yield [
            *(str(each.meeting_id), titles[each.meeting_id], *frame.who(each.enrollment_id)),
            *(said("mark", each.kind), said("method", each.method), at(stood_at(each)), at(each.recorded_at)),
            *(each.late_ms, frame.staff(each.recorded_by), each.entry),
        ]


def lists(frame: Frame) -> Iterator[Row]:
    """纸质签到表: one row a list, with what the second person said by then."""
    said_so = (AttendanceDecision.list_id == AttendanceList.id) & (AttendanceDecision.decided_at < frame.as_of)
    rows = (
        select(AttendanceList, ClassMeeting.title, AttendanceDecision)
        .join(ClassMeeting, ClassMeeting.id == AttendanceList.meeting_id)
        .outerjoin(AttendanceDecision, said_so)
        .where(ClassMeeting.cohort_id == frame.cohort.id, AttendanceList.entered_at < frame.as_of)
        .order_by(AttendanceList.entered_at, AttendanceList.id)
    )
    for each, title, decided in frame.session.execute(rows):
        told = (decided.decision, decided.note, frame.staff(decided.decided_by)) if decided else ("", "", "")
        yield [
            *(str(each.id), str(each.meeting_id), title, len(each.rows), each.reason, each.attachment_hash),
            *(frame.staff(each.entered_by), at(each.entered_at)),
            *(said("decision", told[0]), *told[1:], at(decided.decided_at) if decided else ""),
        ]


def _leaves(frame: Frame) -> list[tuple[AttendanceLeave, str]]:
    rows = (
        select(AttendanceLeave, ClassMeeting.title)
        .join(ClassMeeting, ClassMeeting.id == AttendanceLeave.meeting_id)
        .join(Enrollment, Enrollment.id == AttendanceLeave.enrollment_id)
        .where(frame.mine, AttendanceLeave.asked_at < frame.as_of)
        .order_by(AttendanceLeave.asked_at, AttendanceLeave.id)
    )
    return [(row[0], row[1]) for row in frame.session.execute(rows)]


def leaves(frame: Frame) -> Iterator[Row]:
    """请假: one row a leave."""
    for each, title in _leaves(frame):
        known = _is_decided(frame, each)
        yield [
            *(str(each.meeting_id), title, *frame.who(each.enrollment_id), frame.hidden(each.reason)),
            *(at(each.asked_at), said("decision", each.decision if known else "")),
            *((frame.staff(each.decided_by), at(each.decided_at)) if known else ("", "")),
        ]


def _is_decided(frame: Frame, leave: AttendanceLeave) -> bool:
    return leave.decided_at is not None and leave.decided_at < frame.as_of


Key = tuple[uuid.UUID, uuid.UUID]


def book(frame: Frame) -> Iterator[Row]:
    """出勤簿 in the columns of domain.md 6.1: one row a learner and class that had begun, judged by the domain."""
    known: dict[Key, dict[str, AttendanceMark]] = {}
    for mark in _marks(frame):
        known.setdefault((mark.meeting_id, mark.enrollment_id), {})[mark.kind] = mark
    granted = {
        (each.meeting_id, each.enrollment_id)
        for each, _ in _leaves(frame)
        if _is_decided(frame, each) and each.decision == Decision.APPROVED.value
    }
    for meeting in meetings(frame):
        if meeting.starts_at > frame.as_of or _is_cancelled(frame, meeting):
            continue
        for learner in frame.learners:
            if learner.entered_at < meeting.ends_at:
                key = (meeting.id, learner.enrollment_id)
                yield _book_row(frame, meeting, learner, known.get(key, {}), on_leave=key in granted)


def _book_row(
    frame: Frame, meeting: ClassMeeting, learner: Learner, signed: Mapping[str, AttendanceMark], *, on_leave: bool
) -> Row:
    moments = [stood_at(signed[kind.value]) if kind.value in signed else None for kind in MarkKind]
    stands = [_ms(moment) if moment else None for moment in moments]
    slot = Slot(_ms(meeting.starts_at), _ms(meeting.ends_at))
    standing = attendance.stand(slot, stands[0], stands[1], on_leave=on_leave, now_ms=_ms(frame.as_of))
    methods = "、".join(said("method", each) for each in sorted({mark.method for mark in signed.values()}))
    hours = f"{hour(meeting.starts_at)}–{hour(meeting.ends_at)}"
    return [
        *(meeting.held_on, hours, learner.name, learner.number, hour(moments[0]), hour(moments[1]), methods),
        *(said("state", standing.state), "", meeting.title, frame.staff(meeting.teacher_id)),
        *(yes(standing.is_late), yes(standing.left_early)),
    ]


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
