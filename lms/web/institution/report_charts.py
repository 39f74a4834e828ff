"""The chart over a report: a bar for each class, its numbers in words beside it."""

from datetime import datetime
from itertools import islice
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from lms import db
from lms.domain.reporting import ReportKind
from lms.services import exports, reporting
from lms.services.reporting import CohortPace, CohortShare
from lms.services.selections import Selection
from lms.web import access
from lms.web.institution.columns import minutes, minutes_up
from lms.web.institution.report_kinds import Report

Chart = dict[str, Any]


def chart(report: Report, selection: Selection, total: int, now: datetime) -> Chart | None:
    """What `row_chart` draws; None where there is nothing to draw, or where reading it would take too long."""
    if not total or not report.by_learner:
        return None
    if report.kind is ReportKind.HOURS:
        return _shares(reporting.shares(db.current(), access.actor(), selection, now=now))
    return None if exports.is_large(total) else _paces(report, selection, now)


def _shares(found: list[CohortShare]) -> Chart:
    words = _("各班期有多少学员已有结业记录")
    rows = [
        {
            "label": each.name,
            "href": url_for("institution_cohorts.show", cohort_id=each.cohort_id),
            "value": 100 * each.recorded / each.learners,
            "mark": None,
            "words": _("%(n)s 人里有 %(done)s 人", n=each.learners, done=each.recorded),
        }
        for each in found
    ]
    return {"title": _("结业情况"), "text": words, "rows": rows, "most": 100}


def _paces(report: Report, selection: Selection, now: datetime) -> Chart:
    keyring = access.parts().keyring
    found = reporting.by_cohort(report.read(db.current(), keyring, access.actor(), selection, now=now))
    rows = [_pace(each) for each in islice(found, 24)]
    words = _("深色是全班已学的时间，竖线是计划到今天该学到的地方")
    return {"title": _("各班期的进度"), "text": words, "rows": rows, "most": 100}


def _pace(each: CohortPace) -> Chart:
    whole = each.required_ms or 1
    told = {"done": minutes(each.credited_ms), "plan": minutes_up(each.planned_ms), "late": each.behind + each.overdue}
    return {
        "label": each.name,
        "href": url_for("institution_cohorts.show", cohort_id=each.cohort_id),
        "value": 100 * each.credited_ms / whole,
        "mark": 100 * each.planned_ms / whole,
        "words": _("已学 %(done)s 分钟，计划 %(plan)s 分钟，落后或逾期 %(late)s 人", **told),
    }
