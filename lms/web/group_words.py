"""Evidence of groups in plain words."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

SENTENCES = {
    "group_own": _("不能录入、核实自己的证明，请让同事来做。"),
    "group_second_person": _("录入的人和看过原件的人不能再来核实，请让另一位工作人员来。"),
    "group_desk": _("这一步不由这里来做：机构看原件，主管部门核实。"),
    "group_step": _("这份证明的状态刚刚变了。请刷新页面，再看一遍。"),
    "group_paper": _("这种材料不能证明这个人员类别，请重新选。"),
    "group_day": _("开始日期不能在今天以后。"),
    "group_validity": _("结束日期不能早于开始日期。"),
    "group_number": _("编号是 4 到 60 个字：数字、字母、汉字、横线和括号。没有编号就不填。"),
    "group_twice": _("同一天开始的同一种证明已经录入过了。"),
}
GROUPS: Mapping[str, Any] = {
    "monitored": _("防止返贫监测对象"),
    "graduate": _("毕业年度高校毕业生"),
    "school_leaver": _("城乡未继续升学的应届初高中毕业生"),
    "rural_worker": _("农村转移就业劳动者"),
    "unemployed": _("城镇登记失业人员"),
    "hardship": _("就业困难人员"),
    "employee": _("符合条件的企业职工"),
    "establishment": _("机关事业单位编制人员"),
    "pensioner": _("已退休、领取养老金人员"),
    "student": _("全日制在校学生"),
}
PAPERS: Mapping[str, Any] = {
    "unemployment_register": _("失业登记"),
    "monitored_list": _("防止返贫监测名单"),
    "diploma": _("毕业证"),
    "rural_register": _("农村转移就业登记"),
    "hardship_register": _("就业困难人员认定"),
    "disability": _("残疾证"),
    "minimum_living": _("低保证"),
    "labour_contract": _("劳动合同"),
    "post_record": _("编制证明"),
    "pension_record": _("领取养老金证明"),
    "school_record": _("学籍证明"),
}
STATES: Mapping[str, tuple[Any, str]] = {
    "entered": (_("等核对"), ""),
    "seen": (_("机构看过原件"), "info"),
    "verified": (_("已核实"), "good"),
    "refuted": (_("核对不一致"), "bad"),
    "withdrawn": (_("已撤回"), ""),
}
WORDS: Mapping[str, Any] = {
    "seen": _("看过原件，和录入的一样"),
    "verified": _("核实了，是真的"),
    "refuted": _("查不到，或者不一致"),
}


def options(words: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """(code, words) for a list to choose from."""
    return list(words.items())
