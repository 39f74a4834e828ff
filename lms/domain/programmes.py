"""Training programmes and the kinds of training they know, as data: every filed class names one of each.

Sources: 辽宁 2021 康养职业技能培训计划 (domain.md 8.1); 重庆 2024 (8.2).
A further programme of a city is a further row here.
"""

from dataclasses import dataclass

from lms.domain.errors import Refused


@dataclass(frozen=True)
class Programme:
    """One programme: its code as reports carry it, its Chinese name, its kinds as (code, Chinese name).

    `jurisdiction`: whose subsidy policies hold for its classes (lms/subsidies), "" for none.
    """

    code: str
    name: str
    kinds: tuple[tuple[str, str], ...]
    jurisdiction: str = ""


PROGRAMMES = (
    Programme(
        "LN-2021",
        "康养职业技能培训计划（辽宁）",
        (
            ("pre_employment", "就业上岗前培训"),
            ("upgrade", "岗位技能提升培训"),
            ("career_change", "转岗转业培训"),
            ("startup", "创业培训"),
        ),
        jurisdiction="LN",
    ),
    Programme(
        "CQ-2024",
        "养老服务人才培训（重庆）",
        (("pre_post", "岗前培训"), ("rotation", "在岗轮训"), ("post_change", "转岗培训")),
        jurisdiction="CQ",
    ),
)


def programme_named(code: str) -> Programme:
    """The programme of a code; Refused: filing_programme."""
    for each in PROGRAMMES:
        if each.code == code:
            return each
    raise Refused("filing_programme")


def check_kind(programme: str, kind: str) -> None:
    """Refused: filing_programme, filing_kind where the programme does not know this kind of training."""
    if kind not in dict(programme_named(programme).kinds):
        raise Refused("filing_kind")


def jurisdiction_of(code: str) -> str:
    """Whose subsidy policies hold for the classes of a programme; "" for a programme that nobody knows."""
    return next((each.jurisdiction for each in PROGRAMMES if each.code == code), "")
