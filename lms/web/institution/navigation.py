"""The places of an institution's staff."""

from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from lms.web.forms import options_of


def page(template: str, place: str, **facts: Any) -> str:
    """Renders a page with the desk's bar; `place` is the tab it belongs to."""
    tabs = (
        ("cohorts", _("班期列表"), "institution_cohorts.index", "people"),
        ("reports", _("报表"), "institution_report_pages.index", "chart"),
        ("exams", _("考试"), "institution_exams.index", "check"),
        ("cases", _("核实"), "institution_cases.index", "search"),
        ("corrections", _("更正"), "institution_corrections.index", "edit"),
        ("identity", _("身份核对"), "institution_identity_desk.index", "person"),
        ("requests", _("个人信息请求"), "institution_requests.index", "people"),
        ("looks", _("检查记录"), "institution_ledger.looks", "lock"),
        ("services", _("对接"), "institution_services.index", "globe"),
        ("me", _("我的"), "accounts.mine.index", "person"),
    )
    nav = [
        {"label": label, "href": url_for(endpoint), "icon": icon, "current": key == place}
        for key, label, endpoint, icon in tabs
    ]
    return render_template(template, nav=nav, options=options_of, **facts)
