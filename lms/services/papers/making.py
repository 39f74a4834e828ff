"""The certificates of a class are written: one after the other into one archive, with the ledger of what is in it."""

import hashlib
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms import clock
from lms.adapters import certificate_pdf
from lms.adapters.archives import Archive
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
CHUNK = 1 << 20


@dataclass(frozen=True)
class Wanted:
    """The archive to be made: of which class, under which key it will lie in the store."""

    bundle_id: uuid.UUID
    cohort_id: uuid.UUID
    asked_at: datetime
    object_key: str


@dataclass(frozen=True)
class Made:
    """The archive that was written: how many certificates are in it, and how many records have none."""

    papers: int
    left: int
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class Drawn:
    """One certificate as a file; `pdf` empty and `why` told where there is none."""

    row: tuple[Cell, ...]
    pdf: bytes
    why: str = ""
    name: str = ""


def records_of(session: Session, cohort_id: uuid.UUID) -> list[Certificate]:
    """The records of a class in the order of enrolling, but for those that may only be kept, not used."""
    mine = select(Certificate).join(Enrollment, Enrollment.id == Certificate.enrollment_id)
    shown = mine.where(Enrollment.cohort_id == cohort_id, scopes.may_show(Role.INSTITUTION))
    return list(session.scalars(shown.order_by(Enrollment.id)))


def write(
    session: Session,
    keyring: Keyring,
    wanted: Wanted,
    path: Path,
    *,
    address: Callable[[str], str],
    signer: PdfSigner | None,
    on_progress: Callable[[float], None],
    cancelled: Callable[[], bool] = never,
) -> Made:
    """Writes the archive to `path`; every record must have its number already. `address`: where a code is checked.

    Cancelled once told so.
    """
    records = records_of(session, wanted.cohort_id)
    papers = numbering.find(session, [each.code for each in records])
    numbered = [(each, papers[each.code]) for each in records if each.code in papers]
    rows, left = [], 0
    with Archive(path, wanted.asked_at.astimezone(clock.CHINA)) as archive:
        for place, (record, paper) in enumerate(numbered, start=1):
            if cancelled():
                raise Cancelled
            drawn = draw(session, keyring, record, paper, address=address, signer=signer)
            name = f"{place:04d}_{drawn.name}_{paper.serial}.pdf" if drawn.pdf else ""
            if drawn.pdf:
                archive.add(name, [drawn.pdf], packed=False)
            left += not drawn.pdf
            rows.append([place, *drawn.row, name, drawn.why])
            on_progress(place / len(numbered))
        archive.add(LEDGER, write_csv(HEADS, rows))
    return Made(len(rows) - left, left, path.stat().st_size, _digest(path))


def draw(
    session: Session,
    keyring: Keyring,
    record: Certificate,
    paper: Paper,
    *,
    address: Callable[[str], str],
    signer: PdfSigner | None,
) -> Drawn:
    """The certificate of one record, signed where there is a signer, or why there is none."""
    held = drawing.holder(keyring, paper)
    told = drawing.certified(record, paper, held)
    if told is None or not held.name:
        return Drawn(_row(paper, held, record.code), b"", ERASED if told else OLD)
    chosen = drawing.template(session, paper)
    sheet = drawing.sheet(told, chosen, record.code, address(record.code), signed=signer is not None)
    row = _row(paper, held, record.code, chosen.title, dict(seven_fields(told)))
    if lacking := certificate_pdf.missing(sheet):
        return Drawn(row, b"", f"有打印不出来的字：{lacking}")
    pdf = certificate_pdf.write_certificate(sheet)
    return Drawn(row, signer.sign(pdf) if signer else pdf, name=UNSAFE.sub("_", held.name))


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
