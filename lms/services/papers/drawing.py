"""A numbered paper becomes a page: the frozen facts of its record, its holder, and the template it was given.

A certificate speaks Chinese, whoever opens it (decision 0106 tells why of dossiers): its words stand here.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from lms import clock
from lms.adapters.certificate_pdf import Sheet
from lms.domain.frozen import hour_hundredths
from lms.domain.papers import Certified, Held, Template, chinese_day, hours_field, seven_fields, template_of
from lms.models.papers import Paper, PaperTemplate
from lms.models.records import Record

STAMP, SAMPLE = "（盖章处）", "样张"
SIGNED, PLAIN = "电子版带数字签名，改动一个字就会失效", "真伪以扫码查验的结果为准"
NEEDED = ("course", "opens_on", "closes_on", "institution", "class_hour_hundredths")
SAMPLE_CODE = "SAMPL-ESAMP-LESAM-PLE00"


def certified(record: Record, paper: Paper, held: Held) -> Certified | None:
    """What the paper certifies; None for a record whose facts do not tell it."""
    facts = record.facts
    if any(name not in facts for name in NEEDED):
        return None
    return _certified(facts, paper.serial, held, clock.civil_day(record.issued_at))


def _certified(facts: Mapping[str, Any], serial: str, held: Held, issued_on: date) -> Certified:
    return Certified(
        serial=serial,
        held=held,
        course=facts["course"],
        opens_on=date.fromisoformat(facts["opens_on"]),
        closes_on=date.fromisoformat(facts["closes_on"]),
        institution=facts["institution"],
        issued_on=issued_on,
        hours_hundredths=hour_hundredths(facts),
    )


def template(session: Session, paper: Paper) -> Template:
    """The template the paper was given with its number."""
    row = session.get_one(PaperTemplate, paper.template_id) if paper.template_id else None
    return template_of(row.facts) if row else Template()


def sheet(told: Certified, chosen: Template, code: str, address: str, *, signed: bool, sample: str = "") -> Sheet:
    """The page. `address`: where the record is checked; `signed`: whether the file will bear a signature."""
    rows = [*seven_fields(told), *([hours_field(told)] if chosen.hours else [])]
    return Sheet(
        title=chosen.title,
        words=chosen.words,
        rows=rows,
        code=code,
        address=address,
        told=[f"查验码 {code}", SIGNED if signed else PLAIN],
        institution=told.institution,
        day=chinese_day(told.issued_on),
        stamp=STAMP,
        signer=chosen.signer,
        note=chosen.note,
        tone=chosen.tone.value,
        sample=sample,
    )


def sample(chosen: Template, institution: str, address: str, *, today: date, signed: bool) -> Sheet:
    """How certificates with this template look: of nobody, and marked as a sample across the page."""
    told = Certified(
        serial="KX0000-0000000-00",
        held=Held("张三", "210102********0000"),
        course="养老护理员（示例课程）",
        opens_on=today - timedelta(days=20),
        closes_on=today,
        institution=institution,
        issued_on=today,
        hours_hundredths=5000,
    )
    return sheet(told, chosen, SAMPLE_CODE, address, signed=signed, sample=SAMPLE)
