"""The certificates of a class are written: one after the other into one archive, with the ledger of what is in it."""

import hashlib
import re
import uuid
from collections.abc import Callable
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
from lms.domain.papers import Held, seven_fields
from lms.domain.roles import Role
from lms.models.certificates import Certificate
from lms.models.enrollments import Enrollment
from lms.models.papers import Paper
from lms.services import scopes
from lms.services.papers import drawing, numbering

LEDGER = "证书发放台账.csv"
HEADS = (
    "序号", "证书序列号", "证书种类", "姓名", "身份信息", "培训项目名称", "等级", "培训起止日期", "培训机构名称",
    "发证日期", "领取签字", "查验码", "文件", "说明",
)  # fmt: skip
OLD, ERASED = "记录里缺少证书要写的内容", "本人要求删除了信息"
UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')
Row = list[Cell]


@dataclass(frozen=True)
class Page:
    """One certificate to be drawn: its row of the ledger and a name for its file; no sheet, and `why`."""

    row: tuple[Cell, ...]
    sheet: Sheet | None
    why: str = ""
    name: str = ""


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


def records_of(session: Session, cohort_id: uuid.UUID) -> list[Certificate]:
    """The records of a class in the order of enrolling, but for those that may only be kept, not used."""
    mine = select(Certificate).join(Enrollment, Enrollment.id == Certificate.enrollment_id)
    shown = mine.where(Enrollment.cohort_id == cohort_id, scopes.may_show(Role.INSTITUTION))
    return list(session.scalars(shown.order_by(Enrollment.id)))


def pages_of(
    session: Session, keyring: Keyring, cohort_id: uuid.UUID, *, address: Callable[[str], str], signed: bool
) -> tuple[Page, ...]:
    """The pages of a class whose records have their numbers. `address`: where a code is checked."""
    records = records_of(session, cohort_id)
    papers = numbering.find(session, [each.code for each in records])
    numbered = [(each, papers[each.code]) for each in records if each.code in papers]
    return tuple(page(session, keyring, *each, address=address, signed=signed) for each in numbered)


def page(
    session: Session,
    keyring: Keyring,
    record: Certificate,
    paper: Paper,
    *,
    address: Callable[[str], str],
    signed: bool,
) -> Page:
    """The page of one record, or why there is none. `signed`: whether the file will bear a signature."""
    held = drawing.holder(keyring, paper)
    told = drawing.certified(record, paper, held)
    if told is None or not held.name:
        return Page(_row(paper, held, record.code), None, ERASED if told else OLD)
    chosen = drawing.template(session, paper)
    sheet = drawing.sheet(told, chosen, record.code, address(record.code), signed=signed)
    row = _row(paper, held, record.code, chosen.title, dict(seven_fields(told)))
    if lacking := certificate_pdf.missing(sheet):
        return Page(row, None, f"有打印不出来的字：{lacking}")
    return Page(row, sheet, name=UNSAFE.sub("_", held.name))


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


def _row(
    paper: Paper, held: Held, code: str, title: str = "", fields: dict[str, str] | None = None
) -> tuple[Cell, ...]:
    """The columns of 证书发放台账 (design/domain.md, 6.1); 等级 and 领取签字 are written by hand."""
    told = fields or {}
    days = (told.get("培训项目名称"), "", told.get("培训起止日期"), told.get("培训机构名称"), told.get("发证日期"))
    return (paper.serial, title, held.name, held.number, *days, "", code)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
