"""Subsidies in a dossier: what was asked for this class, each step on it, what was made public, and what was paid.

Only what is insert-only is told, so that the same moment is the same bytes; where a line stood is what the steps say.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from lms.adapters.sheets import Cell
from lms.domain.claims.chain import Step, told
from lms.domain.claims.lines import is_for_authority
from lms.domain.claims.states import Act, ClaimState
from lms.domain.funds import accounts, money
from lms.domain.levels import GRADES, NAMES, Level
from lms.domain.roles import Role
from lms.models.claims import Claim, ClaimLine, ClaimStep
from lms.models.funds import FundPayment, FundPosting
from lms.models.publicity import PublicNotice, PublicNoticeEnd, PublicNoticeRow
from lms.services.dossiers.frame import Frame, at
from lms.services.dossiers.words import HIDDEN, said

Row = list[Cell]
LINE_HEADS = (
    "第几份申请", "申请编号", "补贴种类", "第几次汇总", "行号", "序号", "姓名", "培训职业（工种）", "等级", "课时",
    "开始日期", "结束日期", "证书编号", "发证日期", "标准（元）", "金额（元）", "明细编号", "固定内容",
    "固定内容 SHA-256",
)  # fmt: skip
STEP_HEADS = (
    "第几份申请", "申请编号", "第几步", "办理", "办理后的状态", "办理人", "时间（北京）", "意见", "办理内容文件",
    "校验码",
)  # fmt: skip
NOTICE_HEADS = (
    "第几份申请", "申请编号", "第几次公示", "公示开始", "公示结束", "工作日", "为什么是这么多天", "监督电话", "公示人",
    "公示时间（北京）", "撤下时间（北京）", "撤下原因", "公示内容 SHA-256", "公示行号", "序号", "姓名", "证件号码",
    "标准（元）", "金额（元）",
)  # fmt: skip
PAYMENT_HEADS = (
    "第几份申请", "申请编号", "明细编号", "序号", "姓名", "流水号", "状态", "金额（元）", "账号尾号", "拨付日期",
    "银行回单号", "记账时间（北京）", "付款编号",
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """One claim of the class; `place` counts from 1, oldest first."""

    place: int
    row: Claim

    @property
    def heads(self) -> Row:
        """How each row of it begins."""
        return [self.place, str(self.row.id)]


def claims_of(frame: Frame) -> list[Asked]:
    """What was asked for this class by then."""
    mine = select(Claim).join(ClaimStep, ClaimStep.claim_id == Claim.id).where(Claim.cohort_id == frame.cohort.id)
    made = mine.where(ClaimStep.number == 1, ClaimStep.at < frame.as_of).order_by(ClaimStep.at, Claim.id)
    return [Asked(place, row) for place, row in enumerate(frame.session.scalars(made), start=1)]


def lines(frame: Frame, found: Sequence[Asked]) -> Iterator[Row]:
    """补贴明细: one row a line as it was frozen, of all rounds, of those who are shown.

    Words for the authority's eyes are in an officer's dossier alone; elsewhere their hash stands for them.
    """
    for asked in found:
        mine = select(ClaimLine).where(ClaimLine.claim_id == asked.row.id, ClaimLine.made_at < frame.as_of)
        shown = mine.where(ClaimLine.enrollment_id.in_(frame.enrollment_ids))
        for each in frame.session.scalars(shown.order_by(ClaimLine.round, ClaimLine.number)):
            is_told = frame.role is Role.OFFICER or not is_for_authority(each.body)
            yield [
                *(*asked.heads, said("subsidy", each.kind), each.round, each.number, *frame.who(each.enrollment_id)),
                *(each.occupation, _level(each.level), _hours(each.class_hour_hundredths), each.first_on, each.last_on),
                *(each.certificate_number or "", each.certificate_on, _yuan(each.standard_fen), _yuan(each.amount_fen)),
                *(str(each.id), each.body if is_told else HIDDEN, each.digest),
            ]


@dataclass(frozen=True)
class StepFile:
    """One step: its row, and what was hashed, under the name that the row tells."""

    row: Row
    name: str
    body: bytes


def steps(frame: Frame, found: Sequence[Asked]) -> Iterator[StepFile]:
    """办理经过: one row a step; its words lie beside it in a file whose SHA-256 is the step's link."""
    for asked in found:
        mine = select(ClaimStep).where(ClaimStep.claim_id == asked.row.id, ClaimStep.at < frame.as_of)
        last = ""
        for each in frame.session.scalars(mine.order_by(ClaimStep.number)):
            name = f"{asked.place:02d}-{each.number:04d}.json"
            row = [
                *(*asked.heads, each.number, said("claim_act", each.act), said("claim_state", each.state)),
                *(frame.staff(each.account_id), at(each.at), each.note, name, each.link),
            ]
            yield StepFile(row, name, told(asked.row.id, last, _step(each)).encode())
            last = each.link


def _step(row: ClaimStep) -> Step:
    who = (row.account_id, row.human)
    return Step(row.number, Act(row.act), ClaimState(row.state), *who, row.at, row.note, row.facts, row.link)


def notices(frame: Frame, found: Sequence[Asked]) -> Iterator[Row]:
    """公示: one row a line as it was shown, of those who are shown."""
    numbers = {asked.row.id: asked for asked in found}
    rows = (
        select(PublicNotice, PublicNoticeEnd, PublicNoticeRow, ClaimLine.enrollment_id)
        .join(PublicNoticeRow, PublicNoticeRow.notice_id == PublicNotice.id)
        .join(ClaimLine, ClaimLine.id == PublicNoticeRow.line_id)
        .outerjoin(
            PublicNoticeEnd,
            (PublicNoticeEnd.notice_id == PublicNotice.id) & (PublicNoticeEnd.ended_at < frame.as_of),
        )
        .where(PublicNotice.claim_id.in_(list(numbers)), PublicNotice.opened_at < frame.as_of)
        .where(ClaimLine.enrollment_id.in_(frame.enrollment_ids))
        .order_by(PublicNotice.opened_at, PublicNotice.id, PublicNoticeRow.place)
    )
    for notice, end, row, enrollment_id in frame.session.execute(rows):
        yield [
            *(*numbers[notice.claim_id].heads, notice.number, notice.first_on, notice.last_on, notice.days),
            *(notice.days_reason, notice.phone, frame.staff(notice.opened_by), at(notice.opened_at)),
            *((at(end.ended_at), end.words) if end else ("", "")),
            *(notice.digest, row.place, *frame.who(enrollment_id), row.document, _yuan(row.standard_fen)),
            _yuan(row.amount_fen),
        ]


def payments(frame: Frame, found: Sequence[Asked]) -> Iterator[Row]:
    """拨付: one row of the ledger that is about a line of these claims; the account is told by its tail."""
    numbers = {asked.row.id: asked for asked in found}
    kinds = [each.value for each in accounts.ROWS]
    rows = (
        select(FundPosting, FundPayment, ClaimLine.enrollment_id)
        .join(FundPayment, FundPayment.id == FundPosting.payment_id)
        .join(ClaimLine, ClaimLine.id == FundPayment.line_id)
        .where(FundPayment.claim_id.in_(list(numbers)), ClaimLine.enrollment_id.in_(frame.enrollment_ids))
        .where(FundPosting.kind.in_(kinds), FundPosting.booked_at < frame.as_of)
        .order_by(FundPosting.booked_at, FundPosting.number, FundPosting.id)
    )
    for posting, payment, enrollment_id in frame.session.execute(rows):
        yield [
            *(*numbers[payment.claim_id].heads, str(payment.line_id), *frame.who(enrollment_id), posting.serial),
            *(said("posting", posting.kind), _yuan(payment.amount_fen), payment.account_tail, posting.fact_on),
            *(posting.receipt, at(posting.booked_at), payment.reference),
        ]


def _level(code: int | None) -> str:
    if code is None:
        return ""
    level = Level(code)
    return GRADES.get(level, NAMES[level])


def _yuan(fen: int) -> str:
    return money.plain(fen)


def _hours(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}"
