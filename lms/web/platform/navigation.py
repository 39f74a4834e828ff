"""The places of the platform's staff."""

from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _


def page(template: str, place: str, **facts: Any) -> str:
    """Renders a page with the platform's bar; `place` is the tab it belongs to."""
    tabs = (
        ("institutions", _("机构列表"), "platform.index", "building"),
        ("filings", _("开班审核"), "platform_filings.index", "check"),
        ("tree", _("机构设置"), "platform_tree.index", "edit"),
        ("inspectors", _("检查员"), "platform_inspectors.index", "lock"),
        ("cases", _("核实"), "platform_cases.index", "search"),
        ("corrections", _("更正"), "platform_corrections.index", "edit"),
        ("identity", _("身份核对"), "platform_identity.index", "person"),
        ("requests", _("个人信息请求"), "platform_requests.index", "people"),
        ("jobs", _("后台任务"), "platform.jobs", "wait"),
        ("services", _("对接"), "platform_services.index", "globe"),
        ("events", _("操作记录"), "platform.events", "page"),
        ("me", _("我的"), "accounts.mine.index", "person"),
    )
    nav = [
        {"label": label, "href": url_for(endpoint), "icon": icon, "current": key == place}
        for key, label, endpoint, icon in tabs
    ]
    return render_template(template, nav=nav, **facts)
