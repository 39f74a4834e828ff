"""Claims of subsidies in plain words: kinds, funds, states, acts, reasons, and what the rules refuse."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _

from lms.domain.funds import money
from lms.web import eligibility_words, fund_words

KINDS: Mapping[str, Any] = {
    "training": _("职业培训补贴"),
    "living": _("生活费（含交通费）补贴"),
    "appraisal": _("评价（鉴定）补贴"),
}
FUNDS: Mapping[Any, Any] = fund_words.FUNDS
STATES: Mapping[str, tuple[Any, str]] = {
    "draft": (_("草稿，还没有提交"), ""),
    "filed": (_("已提交，等初审"), "warn"),
    "returned": (_("已退回，等修改"), "bad"),
    "first": (_("初审完，等复审"), "warn"),
    "notice": (_("复审通过，公示中"), "good"),
    "owed": (_("公示结束，等拨付"), "good"),
    "refused": (_("不予补贴"), "bad"),
    "withdrawn": (_("机构已撤回"), ""),
}
LINE_STATES: Mapping[str, tuple[Any, str]] = {
    "asked": (_("申请中"), ""),
    "left_out": (_("机构不申请"), ""),
    "replaced": (_("已重新汇总"), ""),
    "returned": (_("退回更正"), "bad"),
    "refused": (_("不予补贴"), "bad"),
    "withdrawn": (_("机构已撤回"), ""),
    "approved": (_("审核通过"), "good"),
    "owed": (_("等拨付"), "good"),
    "paid": (_("已拨付"), "good"),
    "clawed_back": (_("已追回"), "bad"),
}
ACTS: Mapping[str, Any] = {
    "make": _("汇总成申请"),
    "refresh": _("重新汇总"),
    "leave_out": _("一位学员不申请"),
    "file": _("承诺属实并提交"),
    "withdraw": _("撤回申请"),
    "return": _("退回修改"),
    "return_line": _("一行退回更正"),
    "refuse_line": _("一行不予补贴"),
    "admit_line": _("一行恢复申请"),
    "sample": _("抽取回访名单"),
    "call": _("电话回访"),
    "pass_first": _("初审完成"),
    "pass_second": _("复审完成"),
    "refuse": _("整份不予补贴"),
    "owe": _("公示结束，转入待拨付"),
    "strike": _("异议成立，取消"),
    "pay_line": _("一行已拨付"),
    "owe_again": _("一行退票，等重付"),
    "claw_back": _("一行已追回"),
}
CAUSES: Mapping[str, Any] = {
    "unmet": _("按政策不能申请"),
    "no_amount": _("政策里没有补贴标准"),
    "archived": _("本人的信息只存档，不再使用"),
    "taken": _("已有申请"),
    "maker": _("机构不申请"),
}
CALLS: Mapping[str, tuple[Any, str]] = {
    "confirmed": (_("本人确认参加了培训"), "good"),
    "denied": (_("本人说没有参加"), "bad"),
    "unreached": (_("没有联系上"), "warn"),
    "": (_("还没有打电话"), ""),
}
REASONS: Mapping[str, Any] = {
    "E01": _("证件不对"),
    "E02": _("证件没有核验"),
    "E10": _("人员类别不在范围内"),
    "E11": _("属于不补贴的人员"),
    "E20": _("补贴次数到了上限"),
    "E21": _("同一职业同一等级补贴过"),
    "E22": _("已有更高等级"),
    "E23": _("用过别的资金"),
    "E30": _("学时不够"),
    "E31": _("线上学时占比太高"),
    "E32": _("出勤率不够"),
    "E33": _("没学完理论就做了实操"),
    "E34": _("有学习记录没有核实"),
    "E40": _("考核没有通过"),
    "E41": _("没有证书"),
    "E42": _("证书对不上"),
    "E50": _("超过了申请期限"),
    "E51": _("不在补贴目录里"),
    "E52": _("班期没有备案"),
    "E60": _("金额对不上"),
    "E61": _("收款账户对不上"),
    "E70": _("重复申请"),
    "E90": _("正在调查"),
}
COMMITMENT = _("我单位承诺：申请材料和培训记录真实、准确，没有虚报学员、学时和证书；如有不实，愿意退回资金并承担责任。")
SENTENCES = {
    "claim_step": _("这份申请现在不能这样办。请刷新页面，看看它到了哪一步。"),
    "claim_line_step": _("这一行现在不能这样办。请刷新页面再看。"),
    "claim_changed": _("您打开以后，这份申请有了变化。请刷新页面，看过再办。"),
    "claim_second_person": _("前一步是您办的，这一步要换一位工作人员来办。"),
    "claim_works_there": _("您在这家机构或者它的上下级工作，请让别的工作人员来办。"),
    "claim_own": _("这份申请里有您本人，请让别的工作人员来办。"),
    "claim_line_first": _("这一行是初审拿下来的，要由初审人自己改回来，或者把整份申请退回去重审。"),
    "claim_closed": _("主管部门停止了这家机构的新申请。停到哪一天，请看“检查和处理”里写的期限。"),
    "claim_class_running": _("班期还没有结课，结课以后再申请。"),
    "claim_no_policy": _("这个班期没有选定补贴政策，不能申请。请联系主管部门。"),
    "claim_fund": _("政策没有写明用哪笔资金。请选择资金来源。"),
    "claim_empty": _("没有可以申请的学员。请看下面每个人不能申请的原因。"),
    "claim_atom_taken": _("刚刚有人为同一位学员申请了。请再汇总一次。"),
    "claim_reason": _("请写明原因，%(shortest)s 到 %(longest)s 个字。"),
    "claim_reason_code": _("请选择一个原因。"),
    "claim_commitment": _("请先勾选真实性承诺，再提交。"),
    "claim_stale": _("汇总以后，学员的记录有了变化，或者还有退回的行。请重新汇总，再由另一位工作人员提交。"),
    "claim_backdated": _("这一步的时间早于上一步，没有办成。请再试一次。"),
    "claim_rival": _("有学员被查明和另一份申请里的是同一个人。请先对标出的那一行作出决定。"),
    "claim_calls_open": _("抽中的学员还没有全部回访。打完电话再办。"),
    "claim_call_denied": _("有学员说没有参加培训。请先对那一行作出决定。"),
    "claim_call_result": _("请选择回访结果。"),
    "claim_notice_open": _("公示还没有结束，或者还有异议没有处理完。"),
}

yuan = money.show


def doubts(findings: Sequence[Mapping[str, Any]]) -> list[str]:
    """What a person must look at in a line, as its institution reads it: each once, as it was frozen."""
    return list(dict.fromkeys(map(_doubt, findings)))


def _doubt(finding: Mapping[str, Any]) -> str:
    code, reason = str(finding["code"]), str(finding["reason"])
    if code in eligibility_words.FINDINGS:
        return eligibility_words.of_code(code, finding["values"])
    if finding.get("criterion") == "investigation":
        return eligibility_words.looked_into(reason)
    return str(REASONS.get(reason, reason))


def hours(hundredths: int) -> str:
    """Hundredths of class hours as a figure."""
    return f"{hundredths // 100}.{hundredths % 100:02d}".rstrip("0").rstrip(".")
