"""The places of the platform's staff."""

from typing import Any

from flask import render_template
from flask_babel import gettext as _

from lms.web import desk_bar
from lms.web.desk_bar import Tab


def page(template: str, place: str, **facts: Any) -> str:
    """Renders a page with the platform's bar; `place` is the tab it belongs to."""
    nav = desk_bar.bar(place, _daily(), others(), "platform_more.index")
    return render_template(template, nav=nav, **facts)


def _daily() -> tuple[Tab, ...]:
    return (
        Tab("institutions", _("机构列表"), "platform.index", "building"),
        Tab("filings", _("开班审核"), "platform_filings.index", "check"),
        Tab("cases", _("核实"), "platform_cases.index", "search"),
        Tab("corrections", _("更正"), "platform_corrections.index", "edit"),
    )


def others() -> tuple[Tab, ...]:
    """What is not needed every day."""
    tree, inspectors = _("市、区县、机构、分支怎么排，谁停办。"), _("谁可以检查、看哪里、到哪天。")
    identity, requests = _("核对学员的姓名和证件。"), _("学员要查看、更正、删除自己的信息，在这里办。")
    services, jobs = _("让机构、主管部门的系统用程序读写。"), _("视频、文件做到哪里了，有没有失败。")
    records = _("查一份记录；撤销、重新生成，要两个人。")
    renewals = _("各门课程结业以后多久要复训一次。")
    skills, assessors = _("核实学员在别处取得的证书。"), _("谁可以发等级证书，哪些职业、哪些等级。")
    subsidies = _("各地补贴政策的版本、修改和试算。")
    tables = _("课程、等级、证书换多少学分，由谁认定。")
    return (
        Tab("renewals", _("课程有效期"), "platform_renewals.rules", "retry", renewals),
        Tab("tree", _("机构设置"), "platform_tree.index", "edit", tree),
        Tab("inspectors", _("检查员"), "platform_inspectors.index", "lock", inspectors),
        Tab("records", _("结业记录"), "platform_records.index", "record", records),
        Tab("identity", _("身份核对"), "platform_identity.index", "person", identity),
        Tab("skills", _("别处的证书"), "platform_skills.index", "record", skills),
        Tab("assessors", _("评价机构名录"), "platform_assessors.index", "building", assessors),
        Tab("credits", _("学分转换表"), "platform_credits.index", "chart", tables),
        Tab("subsidies", _("补贴政策"), "platform_subsidies.index", "page", subsidies),
        Tab("requests", _("个人信息请求"), "platform_requests.index", "people", requests),
        Tab("services", _("对接"), "platform_services.index", "globe", services),
        Tab("jobs", _("后台任务"), "platform.jobs", "wait", jobs),
        Tab("events", _("操作记录"), "platform.events", "page", _("谁在什么时候做了什么。")),
    )
