"""The bar of an inspector's desk, and what every page of it says."""

from datetime import date
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.roles import Role
from lms.services import inspectors, organisations
from lms.web import access


def page(template: str, tab: str = "institutions", **facts: Any) -> str:
    """Renders a page of the desk; `tab` is the one it belongs to. Only a city's officer has the tree."""
    tabs = []
    if access.actor().has(Role.INSPECTOR):
        tabs.append(("institutions", _("机构列表"), "authority.index", "building"))
    if access.actor().has(Role.OFFICER):
        tabs.append(("filings", _("开班审核"), "authority_filings.index", "check"))
        tabs.append(("claims", _("补贴审核"), "authority_claims.index", "record"))
        tabs.append(("notices", _("公示"), "authority_publicity.index", "people"))
        tabs.append(("groups", _("人员类别"), "authority_groups.index", "people"))
        tabs.append(("reports", _("报表"), "authority_reports.index", "chart"))
    if access.actor().has(Role.INSPECTOR):
        tabs.append(("checks", _("核查"), "authority_checks.index", "search"))
    if access.actor().has(Role.PAYMASTER):
        tabs.append(("funds", _("资金发放"), "authority_funds.index", "chart"))
        tabs.append(("statements", _("银行流水"), "authority_statements.index", "page"))
        tabs.append(("reconciliations", _("对账"), "authority_reconciliations.index", "check"))
        tabs.append(("controls", _("内部防控"), "authority_controls.index", "search"))
    if organisations.keeps_city(db.current(), access.actor()):
        tabs.append(("tree", _("机构设置"), "authority_tree.index", "edit"))
    tabs.append(("me", _("我的"), "accounts.mine.index", "person"))
    nav = [
        {"label": label, "href": url_for(endpoint), "icon": icon, "current": key == tab}
        for key, label, endpoint, icon in tabs
    ]
    is_officer = access.actor().has(Role.OFFICER)
    return render_template(template, nav=nav, last_day=_last_day(), is_officer=is_officer, **facts)


def _last_day() -> date | None:
    """The day on which the last of her grants ends."""
    keyring = access.parts().keyring
    own = inspectors.list_own(db.current(), keyring, access.actor(), now=clock.now())
    return max((grant.last_day for grant in own), default=None)
