"""The certificates of a class are written: one after the other into one archive, with the ledger of what is in it."""

import hashlib
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms import clock
from lms.adapters import certificate_pdf, press
from lms.adapters.archives import Archive
from lms.adapters.certificate_pdf import Sheet
from lms.adapters.pdf_signature import PdfSigner
from lms.adapters.sandbox import Cancelled, never
from lms.adapters.sheets import Cell, write_csv
from lms.crypto import Keyring
from lms.domain.papers import KIND, Held, Lack, lack_of, seven_fields
from lms.domain.records import state_on
from lms.domain.roles import Role
from lms.models.enrollments import Enrollment
from lms.models.papers import Paper
from lms.models.records import Record
from lms.services import records, renewals, scopes
from lms.services.papers import drawing, numbering

LEDGER = "证书发放台账.csv"
HEADS = (
    "序号", "证书序列号", "证书种类", "姓名", "身份信息", "培训项目名称", "等级", "培训起止日期", "培训机构名称",
    "发证日期", "领取签字", "查验码", "文件", "说明",
)  # fmt: skip
WHY = {
    Lack.CHANGED: "记录的内容与签发时不一致",
    Lack.SUPERSEDED: "已有新的结业记录代替，以新的为准",
    Lack.REVOKED: "结业记录已撤销",
    Lack.EXPIRED: "结业记录已过有效期",
    Lack.OLD: "记录里缺少证书要写的内容",
    Lack.ERASED: "姓名和号码已按规定删除",
    Lack.SIGNS: "有打印不出来的字：",
}
UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')
Row = list[Cell]
NO_FIELDS: Mapping[str, str] = {}


@dataclass(frozen=True)
class Kept:
    """A record with its holder, the paper it has, and what it lacks to have one; no paper: no number yet."""

    record: Record
    held: Held
    paper: Paper | None
    lack: Lack | None


@dataclass(frozen=True)
class Page:
    """One certificate to be drawn: its row of the ledger and a name for its file; or no sheet, and what it lacks.

    `signs`: those without a shape, where that is it.
    """

    row: tuple[Cell, ...]
    sheet: Sheet | None
    name: str = ""
    lack: Lack | None = None
    signs: str = ""

    @property
    def why(self) -> str:
        """Why there is no certificate, as the ledger tells it; "" where there is one."""
        return WHY[self.lack] + self.signs if self.lack else ""


@dataclass(frozen=True)
class Wanted:
    """The archive to be made: what is in it, and under which key it will lie in the store."""

    bundle_id: uuid.UUID
    asked_at: datetime
    object_key: str
    pages: tuple[Page, ...]


@dataclass(frozen=True)
class Made:
    """The archive that was written: how many certificates are in it, and how many records have none."""

    papers: int
    left: int
    size_bytes: int
    sha256: str


def records_of(session: Session, cohort_id: uuid.UUID) -> list[Record]:
    """The records of a class in the order of enrolling, but for those that may only be kept, not used."""
    mine = select(Record).join(Enrollment, Enrollment.id == Record.enrollment_id)
    shown = mine.where(Enrollment.cohort_id == cohort_id, scopes.may_show(Role.INSTITUTION))
    return list(session.scalars(shown.order_by(Enrollment.id, Record.number)))


def valid(session: Session, found: Sequence[Record], *, now: datetime) -> list[Record]:
    """Those that certificates are made of."""
    lacks = _lacks(session, found, now)
    return [each for each in found if lacks[each.id] is None]


def _lacks(session: Session, found: Sequence[Record], now: datetime) -> dict[uuid.UUID, Lack | None]:
    held = renewals.holdings(session, [each.enrollment_id for each in found], now=now)
    sound, lacks = records.soundness(session, found), {}
    for each in found:
        state, intact = sound[each.id]
        last_day = held[each.enrollment_id].valid_until
        lacks[each.id] = lack_of(state_on(state, last_day, clock.civil_day(now)), intact=intact)
    return lacks


def pages_of(
    session: Session,
    keyring: Keyring,
    found: Sequence[Record],
    *,
    address: Callable[[str], str],
    signed: bool,
    now: datetime,
) -> tuple[Page, ...]:
    """The pages of records, but for valid ones without a number yet. `address`: where a code is checked."""
    kept = [each for each in _kept(session, keyring, found, now) if each.paper or each.lack]
    return tuple(_page(session, each, address(each.record.code), signed=signed) for each in kept)


def _kept(session: Session, keyring: Keyring, found: Sequence[Record], now: datetime) -> list[Kept]:
    ids = [each.id for each in found]
    lacks, papers = _lacks(session, found, now), numbering.find(session, ids)
    holders = records.holders(session, keyring, ids)
    held = {id_: Held("", "") if each.is_gone else Held(each.name, each.number) for id_, each in holders.items()}
    return [Kept(each, held.get(each.id, Held("", "")), papers.get(each.id), lacks[each.id]) for each in found]


def _page(session: Session, kept: Kept, address: str, *, signed: bool) -> Page:
    """The page of one record, or why there is none. `signed`: whether the file will bear a signature."""
    record, paper, held = kept.record, kept.paper, kept.held
    told = drawing.certified(record, paper, held) if paper and not kept.lack else None
    lack = kept.lack or (None if told else Lack.OLD) or (None if held.name else Lack.ERASED)
    if lack or paper is None or told is None:
        return Page(_row(kept), None, lack=lack)
    chosen = drawing.template(session, paper)
    sheet = drawing.sheet(told, chosen, record.code, address, signed=signed)
    row = _row(kept, dict(seven_fields(told)))
    if lacking := certificate_pdf.missing(sheet):
        return Page(row, None, lack=Lack.SIGNS, signs=lacking)
    return Page(row, sheet, UNSAFE.sub("_", held.name))


def write(
    wanted: Wanted,
    path: Path,
    *,
    signer: PdfSigner | None,
    on_progress: Callable[[float], None],
    cancelled: Callable[[], bool] = never,
) -> Made:
    """Writes the archive to `path`, without the database. Cancelled once told so."""
    sheets = [each.sheet for each in wanted.pages if each.sheet]
    rows: list[Row] = []
    with (
        Archive(path, wanted.asked_at.astimezone(clock.CHINA)) as archive,
        closing(press.print_all(sheets, len(sheets), signer)) as printed,
    ):
        for place, each in enumerate(wanted.pages, start=1):
            if cancelled():
                raise Cancelled
            name = f"{place:04d}_{each.name}_{each.row[0]}.pdf" if each.sheet else ""
            if each.sheet:
                archive.add(name, [next(printed)], packed=False)
            rows.append([place, *each.row, name, each.why])
            on_progress(place / len(wanted.pages))
        archive.add(LEDGER, write_csv(HEADS, rows))
    return Made(len(sheets), len(rows) - len(sheets), path.stat().st_size, _digest(path))


def _row(kept: Kept, fields: Mapping[str, str] = NO_FIELDS) -> tuple[Cell, ...]:
    """The columns of 证书发放台账 (design/domain.md, 6.1); 等级 and 领取签字 are written by hand."""
    course, *days = (fields.get(name) for name in ("培训项目名称", "培训起止日期", "培训机构名称", "发证日期"))
    serial, kind = (kept.paper.serial, KIND) if kept.paper else ("", "")
    return (serial, kind, kept.held.name, kept.held.number, course, "", *days, "", kept.record.code)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
