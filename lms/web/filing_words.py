"""Filing a class in plain words: fields of the form, states, acts, what is missing, what is in doubt."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from lms.domain.programmes import PROGRAMMES
from lms.domain.verdicts import Reason
from lms.web.class_words import CONTENTS
from lms.web.language import counted, day

FIELDS: Mapping[str, Any] = {
    "name": _("班期名称"),
    "days": _("开班和结课日期"),
    "training_kind": _("培训类型"),
    "occupation": _("培训职业（工种）"),
    "level": _("等级"),
    "certificate": _("证书类型"),
    "size": _("人数"),
    "place": _("培训地点"),
    "manager": _("负责人"),
    "phone": _("负责人电话"),
    "materials": _("教材"),
    "resources": _("场地、设备和平台"),
    "exam_plan": _("考核方案"),
    "plan": _("培训计划"),
    "teachers": _("师资"),
    "roster": _("学员花名册"),
}
STEPS: Mapping[str, tuple[Any, tuple[str, ...]]] = {
    "basics": (_("班期"), ("name", "days", "size", "place", "manager", "phone")),
    "training": (_("培训项目"), ("training_kind", "occupation", "level", "certificate")),
    "plan": (_("培训计划"), ("plan", "teachers")),
    "means": (_("教材、设备、考核"), ("materials", "resources", "exam_plan")),
    "roster": (_("学员花名册"), ("roster",)),
}
STATES: Mapping[str, tuple[Any, str]] = {
    "": (_("不申报"), ""),
    "draft": (_("草稿，还没有申报"), ""),
    "filed": (_("已申报，等审核"), "warn"),
    "returned": (_("已退回，等修改"), "bad"),
    "approved": (_("已批准，等开班"), "good"),
    "running": (_("培训中"), "good"),
    "closed": (_("已结课"), ""),
    "archived": (_("已归档"), ""),
}
ACTS: Mapping[str, Any] = {
    "draft": _("开始填写"),
    "file": _("提交申报"),
    "return": _("已退回，等修改"),
    "approve": _("批准，发给班期备案号"),
    "close": _("已结课"),
    "archive": _("已归档"),
}
KINDS: Mapping[str, Any] = {
    "pre_employment": _("就业上岗前培训"),
    "upgrade": _("岗位技能提升培训"),
    "career_change": _("转岗转业培训"),
    "startup": _("创业培训"),
    "pre_post": _("岗前培训"),
    "rotation": _("在岗轮训"),
    "post_change": _("转岗培训"),
}
PROGRAMME_NAMES: Mapping[str, Any] = {
    "LN-2021": _("康养职业技能培训计划（辽宁）"),
    "CQ-2024": _("养老服务人才培训（重庆）"),
}
LEVELS: Mapping[str, Any] = {
    "5": _("五级（初级工）"),
    "4": _("四级（中级工）"),
    "3": _("三级（高级工）"),
    "2": _("二级（技师）"),
    "1": _("一级（高级技师）"),
    "none": _("不分等级"),
}
CERTIFICATES: Mapping[str, Any] = {
    "vocational": _("职业资格证书"),
    "skill_level": _("职业技能等级证书"),
    "special_skill": _("专项职业能力证书"),
    "training": _("培训合格证书"),
    "none": _("没有证书"),
}
MODES: Mapping[str, Any] = {"online": _("线上"), "in_person": _("线下")}
CHANGES: Mapping[str, Any] = {"add": _("加入一位学员"), "remove": _("移出一位学员")}
DECISIONS: Mapping[str, Any] = {"": _("等另一位工作人员核对"), "approved": _("同意"), "rejected": _("不同意")}
UNCONFIRMED = _("工作日按周一到周五、国务院放假安排计算；期限参照天津的做法，当地规定没有核实，以主管部门的文件为准。")
SENTENCES = {
    "cohort_not_approved": _("这个班期还没有批准，现在学的不能计入。批准以后再来。"),
    "filing_step": _("这份申报刚刚有了变化。请刷新页面，再看一遍。"),
    "filing_not_open": _("已经提交的申报不能改。退回以后才能修改。"),
    "filing_in_review": _("申报正在审核，学员名单不能改。"),
    "filing_roster_frozen": _("班期已经批准，学员名单已经固定。要加人或减人，请写明原因，提交名单变更。"),
    "filing_over": _("班期已经结课，学员名单不能再改。"),
    "filing_no_change": _("只有批准以后、结课以前，才能变更名单。"),
    "filing_archived": _("班期已经归档，只能看，不能改。"),
    "filing_second_person": _("提出的人不能自己批准，请让另一位工作人员来。"),
    "filing_reviewer_works_there": _("您在这家机构或者它的上下级工作，请让别的审核人来。"),
    "filing_opens_before_approval": _("开班日期 %(day)s 已经过了，不能倒过来批准。请退回，让机构改日期。"),
    "filing_incomplete": _("还有 %(n)s 处没有填好，现在不能提交。"),
    "filing_unfinished": _("还有 %(n)s 件事没有办完。"),
    "filing_changed": _("您打开以后，机构重新提交过。请刷新页面，看看新的内容。"),
    "filing_return_words": _("请写明哪一项要改、为什么，或者写一句总的意见。"),
    "filing_number_shape": _("备案号是 4 到 40 个字：汉字、字母、数字、横线和括号。"),
    "filing_number_taken": _("备案号 %(number)s 已经用在别的班期上。"),
    "filing_change_decided": _("这份名单变更已经有结论了。"),
    "filing_nobody": _("请选择要移出的学员。"),
    "filing_change_waiting": _("移出这位学员的变更已经提交过，正在等核对。"),
    "filing_programme": _("请选择培训项目。"),
    "filing_kind": _("这个项目没有这种培训类型。"),
    "filing_level": _("请选择等级。"),
    "filing_certificate": _("请选择证书类型。"),
    "filing_size": _("人数是 1 到 %(most)s。"),
    "filing_text": _("最多 %(longest)s 个字。"),
    "filing_line": _("请写课的名称，名称和地点最多 %(longest)s 个字。"),
    "filing_hours": _("课时是 1 到 %(most)s。"),
    "filing_plan_full": _("一份计划最多 %(most)s 行。"),
    "filing_missing": _("还没有填"),
    "filing_opens_past": _("开班日期 %(day)s 已经过了，请选今天或以后的日期。"),
    "filing_roster_over_size": _("名单里有 %(have)s 人，比申报的 %(size)s 人多。"),
    "filing_plan_incomplete": _("“%(subject)s”是线下课，要写明老师、地点和日期。"),
    "filing_plan_outside": _("“%(subject)s”的日期不在开班和结课之间。"),
    "filing_short_notice": _("离开班只有 %(have)s 个工作日，参照天津的做法要 %(asked)s 个（当地规定没有核实）。"),
    "filing_holidays_unconfirmed": _("这段时间的放假安排没有核实，工作日可能有出入。"),
    "filing_class_too_large": _("一班超过 %(most)s 人（当地规定没有核实）。"),
    "filing_online_share": _("线上课时超过 %(most)s%%。"),
    "filing_days_left": _("结课日期 %(day)s 还没有过去。"),
    "filing_waiting_changes": _("有 %(n)s 份名单变更等核对。"),
    "filing_waiting_lists": _("有 %(n)s 份手签名单等核对。"),
    "filing_waiting_corrections": _("有 %(n)s 份学时更正等核对。"),
    "filing_waiting_cases": _("有 %(n)s 件核实的事没有结论。"),
    "filing_waiting_exams": _("有 %(n)s 场考试还没有交卷。"),
}


def told(reason: Reason) -> str:
    """A reason in words, days as people write them."""
    values = dict(reason.values)
    if "day" in values:
        values["day"] = _on(str(values["day"]))
    return str(SENTENCES[reason.code]) % values


def step_of(field: object) -> str:
    """The step of the form in which a field is filled in."""
    return next((step for step, (_words, fields) in STEPS.items() if field in fields), "basics")


def kinds() -> list[tuple[str, str]]:
    """Programme and kind to choose from, as (value, words)."""
    return [
        (f"{each.code}:{kind}", f"{PROGRAMME_NAMES.get(each.code, each.name)} · {KINDS.get(kind, name)}")
        for each in PROGRAMMES
        for kind, name in each.kinds
    ]


def shown(facts: Mapping[str, Any], field: str) -> list[str]:
    """What was filed in a field, a line each; nothing for an empty one."""
    value = facts.get(field)
    if not value:
        return []
    if field == "days":
        first, last = (day(date.fromisoformat(each)) for each in value)
        return [gettext("%(from)s 至 %(to)s", **{"from": first, "to": last})]
    if field == "plan":
        return [plan_line(row) for row in value]
    if field == "roster":
        return [f"{row['name']} {row['number']}" for row in value]
    return _named(facts, field, value)


def _named(facts: Mapping[str, Any], field: str, value: Any) -> list[str]:
    words: Mapping[str, Mapping[str, Any]] = {"level": LEVELS, "certificate": CERTIFICATES}
    if field == "training_kind":
        programme = str(facts.get("programme", ""))
        return [f"{PROGRAMME_NAMES.get(programme, programme)} · {KINDS.get(value, value)}"]
    if field == "size":
        return [gettext("%(n)s 人", n=value)]
    if field == "teachers":
        return [gettext("、").join(value)]
    return [str(words.get(field, {}).get(value, value))]


def _on(text: str) -> str:
    return day(date.fromisoformat(text)) if text else ""


def plan_line(row: Mapping[str, Any]) -> str:
    """One line of the plan in words."""
    parts = [row["subject"], CONTENTS[row["content"]], MODES[row["mode"]], counted("%(n)s 课时", n=row["hours"])]
    parts += [row["teacher"], row["place"], _on(row["held_on"])]
    return " · ".join(str(part) for part in parts if part)
