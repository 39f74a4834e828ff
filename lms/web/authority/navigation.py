"""The bar of an authority's desk, and what every page of it says."""

from datetime import date
from typing import Any

from flask import render_template
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.roles import Role
from lms.services import inspectors, organisations
from lms.web import access, desk_bar
from lms.web.desk_bar import Tab

IN_THE_BAR = 5  # with 更多 and 我的 it shows seven places (decision 0112)


def page(template: str, tab: str = "institutions", **facts: Any) -> str:
    """Renders a page of the desk; `tab` is the one it belongs to."""
    daily, rest = _split()
    nav = desk_bar.bar(tab, daily, rest, "authority_more.index")
    is_officer = access.actor().has(Role.OFFICER)
    return render_template(template, nav=nav, last_day=_last_day(), is_officer=is_officer, **facts)


def others() -> list[Tab]:
    """The places that have no room in the bar."""
    return _split()[1]


def _split() -> tuple[list[Tab], list[Tab]]:
    """What her roles open, in the order of the work. Only a city's officer has the tree."""
    who, found = access.actor(), []
    if who.has(Role.INSPECTOR):
        found += [Tab("institutions", _("机构列表"), "authority.index", "building", _("机构、班期和学员的证据。"))]
    if who.has(Role.OFFICER):
        found += _of_officers()
    if who.has(Role.INSPECTOR):
        about = _("一个班里反常的情况，外部名单对上的人，由人核查。")
        found += [Tab("checks", _("核查"), "authority_checks.index", "search", about)]
    if who.has(Role.PAYMASTER):
        found += _of_paymasters()
    if organisations.keeps_city(db.current(), who):
        found += [Tab("tree", _("机构设置"), "authority_tree.index", "edit", _("市、区县、机构和各部门。"))]
    at = len(found) if len(found) <= IN_THE_BAR + 1 else IN_THE_BAR
    return found[:at], found[at:]


def _of_officers() -> list[Tab]:
    groups, ageing = _("学员人员类别的证明，由您核实。"), _("每份补贴申请在每一步放了多少个工作日。")
    sanctions = _("检查记录，约谈、整改函、通报、解除协议。")
    return [
        Tab("filings", _("开班审核"), "authority_filings.index", "check", _("机构申报的班期。")),
        Tab("claims", _("补贴审核"), "authority_claims.index", "record", _("机构提交的补贴申请。")),
        Tab("notices", _("公示"), "authority_publicity.index", "people", _("审核过的补贴对外公示，处理异议。")),
        Tab("reports", _("报表"), "authority_reports.index", "chart", _("管辖范围里的数字。")),
        Tab("groups", _("人员类别核实"), "authority_groups.index", "people", groups),
        Tab("ageing", _("办理时间"), "authority_ageing.index", "clock", ageing),
        Tab("sanctions", _("检查和处理"), "authority_sanctions.index", "warn", sanctions),
    ]


def _of_paymasters() -> list[Tab]:
    funds, statements = _("应付的补贴、批次、银行回执和台账。"), _("导入银行流水，和台账逐笔对上。")
    controls = _("同一个人办两步、突然一批、共用账户等迹象。")
    return [
        Tab("funds", _("资金发放"), "authority_funds.index", "chart", funds),
        Tab("statements", _("银行流水"), "authority_statements.index", "page", statements),
        Tab("reconciliations", _("对账"), "authority_reconciliations.index", "check", _("每月一张对账表，两人签。")),
        Tab("controls", _("内部防控"), "authority_controls.index", "search", controls),
    ]


def _last_day() -> date | None:
    """The day on which the last of her grants ends."""
    keyring = access.parts().keyring
    own = inspectors.list_own(db.current(), keyring, access.actor(), now=clock.now())
    return max((grant.last_day for grant in own), default=None)
