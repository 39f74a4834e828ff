"""The filing in a dossier (开班备案): what was filed, its plan, each act, the frozen rosters, and their changes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from lms.adapters.sheets import Cell
from lms.domain import filings
from lms.domain.filings import Act
from lms.domain.programmes import PROGRAMMES
from lms.models.filings import FilingEvent, RosterChange, RosterVersion
from lms.services.dossiers.frame import Frame, at
from lms.services.dossiers.words import said

Row = list[Cell]
APPLICATION_HEADS = ("项目", "内容")
PLAN_HEADS = ("顺序", "课名", "内容", "方式", "课时", "老师", "地点", "日期")
ACT_HEADS = (
    "第几步", "办理", "办理后的状态", "办理人", "时间（北京）", "意见", "逐项意见", "名单人数", "申报内容文件",
    "申报内容 SHA-256",
)  # fmt: skip
VERSION_HEADS = (
    "第几版", "固定时间（北京）", "固定人", "变更编号", "变更原因", "人数", "名单 SHA-256", "序号", "报名编号",
    "学员编号",
    "姓名", "证件类型", "证件类型代码", "证件号码",
)  # fmt: skip
CHANGE_HEADS = (
    "变更编号", "加入或移出", "姓名", "报名编号", "原因", "提出人", "提出时间（北京）", "结果", "核对说明",
    "核对人",
    "核对时间（北京）",
)  # fmt: skip
CODED = {"level": "level", "certificate": "certificate"}
KINDS = {kind: name for programme in PROGRAMMES for kind, name in programme.kinds}
NAMES = {programme.code: programme.name for programme in PROGRAMMES}


def acts_of(frame: Frame) -> list[FilingEvent]:
    """What happened to the filing by then, in order; nothing for a class that is not filed."""
    mine = select(FilingEvent).where(FilingEvent.cohort_id == frame.cohort.id, FilingEvent.at < frame.as_of)
    return list(frame.session.scalars(mine.order_by(FilingEvent.number)))


def number_of(frame: Frame, acts: Sequence[FilingEvent]) -> str:
    """班期备案号, once it was approved by then."""
    return frame.cohort.filing_number or "" if any(each.act == Act.APPROVE for each in acts) else ""


def application(frame: Frame, acts: Sequence[FilingEvent]) -> Iterator[Row]:
    """申报内容: one row a field, as it stood at the last act by then."""
    if not acts:
        return
    facts = acts[-1].facts
    yield ["班期备案号", number_of(frame, acts)]
    yield ["状态", said("filing", acts[-1].state)]
    for field in (*filings.FIELDS, "organisation", "credit_code", "course", "policy", "programme"):
        if field not in ("plan", "roster"):
            yield [said("field", field), _told(field, facts.get(field))]


def _told(field: str, value: Any) -> Cell:
    if isinstance(value, list):
        return (" 至 " if field == "days" else "、").join(map(str, value))
    if field in CODED:
        return said(CODED[field], value)
    named = {"training_kind": KINDS, "programme": NAMES}.get(field, {})
    return str(named.get(value, "" if value is None else value))


def plan(acts: Sequence[FilingEvent]) -> Iterator[Row]:
    """培训计划 as it was filed last: one row a line."""
    for place, each in enumerate(acts[-1].facts["plan"] if acts else (), start=1):
        yield [
            *(place, each["subject"], said("content", each["content"]), said("way", each["mode"]), each["hours"]),
            *(each["teacher"], each["place"], each["held_on"]),
        ]


def history(frame: Frame, found: Sequence[FilingEvent]) -> Iterator[Row]:
    """办理经过: one row an act."""
    for each in found:
        yield [
            *(each.number, said("act", each.act), said("filing", each.state), frame.staff(each.account_id)),
            *(at(each.at), each.note, _remarks(each.remarks), len(each.facts["roster"]), file_of(each), each.digest),
        ]


def _remarks(remarks: Mapping[str, str]) -> str:
    fields = [field for field in filings.FIELDS if field in remarks]
    return "；".join(f"{said('field', field)}：{remarks[field]}" for field in fields)


def file_of(act: FilingEvent) -> str:
    """The name of the file with all that was filed at an act."""
    return f"{act.number:04d}.json"


def facts_of(act: FilingEvent) -> bytes:
    """All that was filed at an act, numbers masked: the SHA-256 of these bytes is the one that was on record."""
    return filings.canonical(act.facts).encode()


def versions(frame: Frame) -> Iterator[Row]:
    """历版花名册: one row a learner of a frozen roster, masked as it was frozen; a roster of nobody has one row."""
    rows = (
        select(RosterVersion, RosterChange.reason)
        .outerjoin(RosterChange, RosterChange.id == RosterVersion.change_id)
        .where(RosterVersion.cohort_id == frame.cohort.id, RosterVersion.frozen_at < frame.as_of)
        .order_by(RosterVersion.number)
    )
    for version, reason in frame.session.execute(rows):
        head: Row = [
            version.number,
            at(version.frozen_at),
            frame.staff(version.frozen_by),
            str(version.change_id or ""),
        ]
        head += [reason or "", len(version.rows), version.digest]
        for place, each in enumerate(version.rows, start=1):
            kind = each["document_type"]
            told = [each["enrollment"], each["person"], each["name"], said("document", kind), kind, each["number"]]
            yield [*head, place, *told]
        if not version.rows:
            yield [*head, "", "", "", "", "", "", ""]


def changes(frame: Frame) -> Iterator[Row]:
    """花名册变动: one row a change asked for, with what the second person had said by then."""
    mine = select(RosterChange).where(RosterChange.cohort_id == frame.cohort.id, RosterChange.proposed_at < frame.as_of)
    for each in frame.session.scalars(mine.order_by(RosterChange.proposed_at, RosterChange.id)):
        known = each.decided_at is not None and each.decided_at < frame.as_of
        yield [
            *(str(each.id), said("roster", each.kind), each.label, str(each.enrollment_id or ""), each.reason),
            *(frame.staff(each.proposed_by), at(each.proposed_at), said("decision", each.decision if known else "")),
            *((each.note, frame.staff(each.decided_by), at(each.decided_at)) if known else ("", "", "")),
        ]
