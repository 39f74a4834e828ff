"""The columns of a report, for page, CSV and XLSX alike; and those of the roll-up, which two desks show."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _

from lms.adapters.sheets import Cell
from lms.services.reporting import TierRow
from lms.web import tree_words

MINUTE_MS = 60_000
CLASS = _("班期")


@dataclass(frozen=True)
class Column:
    """One column: its title, what stands in it, its width in a sheet; `link`: the evidence behind it; `figure`: a
    number; `on_page`: whether the page has room for it."""

    label: Any
    value: Callable[[Any], Cell]
    width: int = 12
    link: Callable[[Any], str] | None = None
    figure: bool = False
    on_page: bool = True


def tier_columns(place: Callable[[uuid.UUID], str], cohort: Callable[[uuid.UUID], str]) -> tuple[Column, ...]:
    """The roll-up's; `place` and `cohort` tell where a desk shows what is below a place, or who is in a class."""

    def way_down(row: TierRow) -> str:
        return place(row.id) if row.kind else cohort(row.id)

    return (
        Column(_("机构或班期"), lambda row: row.name, 28, way_down),
        Column(_("类别"), lambda row: str(tree_words.KINDS[row.kind] if row.kind else CLASS), 14),
        Column(_("上级"), lambda row: row.above, 24),
        Column(_("机构数"), lambda row: row.figures.institutions if row.kind else None, 10, figure=True),
        Column(_("班期数"), lambda row: row.figures.cohorts if row.kind else None, 10, figure=True),
        Column(_("学员"), lambda row: row.figures.people, 10, figure=True),
        Column(_("人次"), lambda row: row.figures.enrollments, 10, figure=True),
        Column(_("结业人次"), lambda row: row.figures.completed, 10, figure=True),
        Column(_("结业率（百分比）"), lambda row: row.figures.completed_percent, 12, figure=True),
        Column(_("有效学习（分钟）"), lambda row: row.figures.credited_ms // MINUTE_MS, 16, figure=True),
    )
