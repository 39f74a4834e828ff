"""Certificates on paper (培训合格证书): serial numbers, the seven official fields, and what a template may say."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from lms.domain.errors import Refused
from lms.domain.identity import holds_number
from lms.domain.records import RecordState

KIND = "培训合格证书"
"""What a paper is, in every ledger (证书种类; design/domain.md, 6.1), whatever stands at its head."""
TITLE = KIND
WORDS = "完成以下培训并经考核合格，特发此证。"
LONGEST_TITLE, LONGEST_WORDS, LONGEST_SIGNER, LONGEST_NOTE = 16, 120, 20, 80
OTHER_KINDS = ("技能等级", "职业资格", "专项职业能力", "学历", "学位")
"""Kinds of certificate that an institution of training does not issue itself (design/domain.md, 1.9): a paper that
calls itself so would be a false one."""
STATE_WORDS = ("中华人民共和国", "中国", "中华", "国家", "全国", "人力资源和社会保障", "人力资源社会保障", "人社")
"""Words that a certificate of training may not bear in its name, nor borrow in a sentence or a signature (the action
against 山寨证书 of 2021). Read in news of it, not in the text itself: not confirmed."""
MODULUS = 97  # ISO 7064 MOD 97-10: finds every wrong digit and every two that changed places


class Lack(StrEnum):
    """Why a record has no certificate: its bytes are not those that were issued; its state; facts too few, or a holder
    who is erased; a sign without a shape."""

    CHANGED = "changed"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    EXPIRED = "expired"
    OLD = "old"
    ERASED = "erased"
    SIGNS = "signs"


class Tone(StrEnum):
    """The colour of frame and title."""

    GREEN = "green"
    RED = "red"
    BLUE = "blue"
    BROWN = "brown"


@dataclass(frozen=True)
class Template:
    """What an institution may choose of its certificates. `signer`: whose signature the line is for, "" for no line."""

    title: str = TITLE
    words: str = WORDS
    tone: Tone = Tone.GREEN
    signer: str = "负责人（签字）"
    note: str = ""
    hours: bool = True

    def facts(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self) | {"tone": self.tone.value}


def template_of(facts: Mapping[str, Any]) -> Template:
    """The template that was kept as these facts."""
    return Template(**{**facts, "tone": Tone(facts["tone"])})


def check_template(template: Template) -> Template:
    """The template with its texts trimmed.

    Refused: paper_title_length, paper_title_reserved, paper_words_reserved, paper_signer_reserved, paper_note_reserved
    (the word), paper_words_length, paper_signer_length, paper_note_length, paper_personal (a text holds what could be
    somebody's number).
    """
    texts = {name: " ".join(getattr(template, name).split()) for name in ("title", "words", "signer", "note")}
    if not 2 <= len(texts["title"]) <= LONGEST_TITLE:
        raise Refused("paper_title_length", longest=LONGEST_TITLE)
    for name, text in texts.items():
        _check_claim(name, text)
    if len(texts["words"]) > LONGEST_WORDS:
        raise Refused("paper_words_length", longest=LONGEST_WORDS)
    if len(texts["signer"]) > LONGEST_SIGNER:
        raise Refused("paper_signer_length", longest=LONGEST_SIGNER)
    if len(texts["note"]) > LONGEST_NOTE:
        raise Refused("paper_note_length", longest=LONGEST_NOTE)
    if any(map(holds_number, texts.values())):
        raise Refused("paper_personal")
    return Template(tone=template.tone, hours=template.hours, **texts)


def _check_claim(name: str, text: str) -> None:
    """No words of a paper claim to be what it is not, however they are written: full-width, or with signs between."""
    letters = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text))
    for word in (*OTHER_KINDS, *STATE_WORDS):
        if word in letters:
            raise Refused(f"paper_{name}_reserved", word=word)


def serial_of(year: int, number: int) -> str:
    """The serial number of the n-th paper of a year: KX2026-0000001-34; its last two digits check all others.

    The official notice names the field and no format (design/domain.md, N8): this one is the platform's own.
    """
    body = year * 10_000_000 + number
    return f"KX{year:04d}-{number:07d}-{MODULUS + 1 - body * 100 % MODULUS:02d}"


@dataclass(frozen=True)
class Held:
    """Who holds a paper, as of the day of the record: her whole name, her masked number; both "" once she is erased."""

    name: str
    number: str


@dataclass(frozen=True)
class Certified:
    """What a paper certifies. `hours_hundredths`: class hours (学时) times 100."""

    serial: str
    held: Held
    course: str
    opens_on: date
    closes_on: date
    institution: str
    issued_on: date
    hours_hundredths: int

    @property
    def ended_on(self) -> date:
        """The last day of the training: of the class, or the day of the record where that came first."""
        return min(self.closes_on, self.issued_on)


def lack_of(state: RecordState, *, intact: bool) -> Lack | None:
    """Only a valid record has a certificate, and only while it is what was issued; whatever was printed before."""
    if not intact:
        return Lack.CHANGED
    return None if state is RecordState.VALID else Lack(state.value)


def seven_fields(told: Certified) -> tuple[tuple[str, str], ...]:
    """The seven fields of a 培训合格证书 in the order of the notice (design/domain.md, N8), with their values."""
    opens_on = min(told.opens_on, told.ended_on)
    return (
        ("证书序列号", told.serial),
        ("姓名", told.held.name),
        ("身份信息", told.held.number),
        ("培训项目名称", told.course),
        ("培训起止日期", f"{chinese_day(opens_on)}至{chinese_day(told.ended_on)}"),
        ("培训机构名称", told.institution),
        ("发证日期", chinese_day(told.issued_on)),
    )


def hours_field(told: Certified) -> tuple[str, str]:
    """培训学时, which is no official field: some templates print it below the seven."""
    whole, part = divmod(told.hours_hundredths, 100)
    return "培训学时", f"{whole}.{part:02d} 学时" if part else f"{whole} 学时"


def chinese_day(day: date) -> str:
    """2026年11月23日."""
    return f"{day.year}年{day.month}月{day.day}日"
