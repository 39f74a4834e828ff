"""The places of an institution's staff."""

from typing import Any

from flask import render_template
from flask_babel import gettext as _

from lms.web import desk_bar
from lms.web.desk_bar import Tab
from lms.web.forms import options_of


def page(template: str, place: str, **facts: Any) -> str:
    """Renders a page with the desk's bar; `place` is the tab it belongs to."""
    nav = desk_bar.bar(place, _daily(), others(), "institution_more.index")
    return render_template(template, nav=nav, options=options_of, **facts)


def _daily() -> tuple[Tab, ...]:
    return (
        Tab("cohorts", _("班期列表"), "institution_cohorts.index", "people"),
        Tab("reports", _("报表"), "institution_report_pages.index", "chart"),
        Tab("exams", _("考试"), "institution_exams.index", "check"),
        Tab("cases", _("核实"), "institution_cases.index", "search"),
        Tab("corrections", _("更正"), "institution_corrections.index", "edit"),
    )


def others() -> tuple[Tab, ...]:
    """What is not needed every day."""
    identity, requests = _("核对学员的姓名和证件。"), _("学员要查看、更正、删除自己的信息，在这里办。")
    papers = _("证书用什么标题、颜色和说明，先看样张再定。")
    looks, services = _("主管部门和检查员看过什么。"), _("让本单位的系统用程序读写；把变化推送出去。")
    records = _("查一份记录；撤销、重新生成，要两个人。")
    renewals = _("谁的结业快到期了，安排她们再学一次。")
    skills = _("学员在别处取得的等级证书、资格证书，看原件。")
    payees = _("补贴打到哪个账户，一人填写，另一人确认。")
    sanctions = _("主管部门的约谈、整改函、通报，在这里看，在这里说明。")
    subsidies = _("申请补贴以前先看看谁符合、还差什么。")
    claims = _("结课以后，把有证据的学时汇总成补贴申请，要两个人。")
    groups = _("失业登记、毕业证、劳动合同等，证明学员的人员类别。")
    return (
        Tab("eligibility", _("补贴资格"), "institution_eligibility.index", "check", subsidies),
        Tab("groups", _("人员类别的证明"), "institution_groups.index", "people", groups),
        Tab("claims", _("补贴申请"), "institution_claims.index", "record", claims),
        Tab("records", _("结业记录"), "institution_records.index", "record", records),
        Tab("renewals", _("复训"), "institution_renewals.index", "retry", renewals),
        Tab("identity", _("身份核对"), "institution_identity_desk.index", "person", identity),
        Tab("skills", _("别处的证书"), "institution_skills_desk.index", "record", skills),
        Tab("payees", _("收补贴的账户"), "institution_payees.index", "lock", payees),
        Tab("sanctions", _("检查和处理"), "institution_sanctions.index", "warn", sanctions),
        Tab("requests", _("个人信息请求"), "institution_requests.index", "people", requests),
        Tab("papers", _("证书样式"), "institution_papers.templates", "record", papers),
        Tab("looks", _("检查记录"), "institution_ledger.looks", "lock", looks),
        Tab("services", _("对接"), "institution_services.index", "globe", services),
    )
