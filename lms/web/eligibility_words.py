"""Findings of eligibility in plain words, for clerks, officers and learners alike."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _

from lms.domain.eligibility.findings import Finding
from lms.domain.funds import money
from lms.domain.subsidies import ReasonCode
from lms.web.group_words import GROUPS
from lms.web.language import day

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
CRITERIA: Mapping[str, Any] = {
    "open_to_all": _("能不能参加培训"),
    "real_name": _("实名"),
    "identity": _("身份"),
    "twin": _("有没有重复报名"),
    "claimed": _("有没有申请过"),
    "catalogue": _("补贴目录"),
    "group": _("人员类别"),
    "exclusion": _("不予补贴的情形"),
    "count": _("补贴次数"),
    "same_level": _("同一职业和等级"),
    "higher_level": _("更高的等级"),
    "other_fund": _("别的资金"),
    "filed": _("班期备案"),
    "completion": _("结业"),
    "hours": _("学时"),
    "online_share": _("线上比例"),
    "platform": _("平台和资源"),
    "order": _("先理论后实操"),
    "attendance": _("出勤"),
    "sessions": _("抽验"),
    "exam": _("结业考核"),
    "certificate": _("证书"),
    "first_certificate": _("是不是首次"),
    "late": _("申请期限"),
    "amount": _("金额"),
    "investigation": _("正在核实的事情"),
}
FINDINGS: Mapping[str, Any] = {
    "training_for_anybody": _("有意愿的人都可以参加培训，不看地域、户籍、年龄和社保。"),
    "training_not_restricted": _("政策没有限制谁可以参加培训。"),
    "document_on_record": _("已实名登记。"),
    "document_missing": _("没有登记有效的证件。请先登记证件。"),
    "identity_confirmed": _("证件已由权威部门核验一致。"),
    "identity_mismatch": _("权威核验的结果和登记的不一致。请先更正姓名或号码。"),
    "identity_unverified": _("证件还没有经公安等部门核验，要由工作人员核对。"),
    "twin_in_class": _("同一个人在这个班里报了两次名，只能算一次。"),
    "once_in_class": _("在这个班里只报了一次名。"),
    "not_claimed_yet": _("这个班还没有申请过。"),
    "claimed_already": _("这个班已经申请过（%(day)s）。"),
    "claimed_clawed_back": _("这个班申请过（%(day)s），付过的补贴后来追回了，要由工作人员核对。"),
    "catalogue_unknown": _("政策文件里还没有录入补贴目录，要由工作人员核对。"),
    "occupation_unknown": _("开班申请里没有写职业（工种），要先补上。"),
    "occupation_off_catalogue": _("职业（工种）“%(occupation)s”不在补贴目录里。"),
    "level_off_catalogue": _("“%(occupation)s”的这个等级不在补贴目录里。"),
    "catalogue_levels_unknown": _("“%(occupation)s”在补贴目录里，补贴哪些等级没有查到，要由工作人员核对。"),
    "on_catalogue": _("“%(occupation)s”在补贴目录里。"),
    "group_rule_unknown": _("政策没有写明补贴哪些人，要由工作人员决定。"),
    "group_shown": _("人员类别有核实过的证明：%(group_words)s。"),
    "group_unverified": _("录入了%(group_words)s的证明，还没有核实。"),
    "group_day_unknown": _("%(group_words)s的证明只在一部分日子有效，政策没有写明看哪一天，要由工作人员决定。"),
    "group_not_shown": _("没有证明属于政策补贴的人员。请把失业登记、脱贫监测、毕业证、劳动合同等证明交给机构录入。"),
    "group_tension": _(
        "省里的政策面向所有有意愿的人，"
        "就业补助资金的国家规定只列了六类人员。两份文件不一样，要由工作人员决定，系统不会拒绝。"
    ),
    "group_anybody": _("政策面向所有有意愿的人。"),
    "exclusion_no_sign": _("没有发现不予补贴的情形。"),
    "exclusion_silent": _("政策没有写明哪些人不予补贴。"),
    "exclusion_rule_unknown": _("登记了%(group_words)s，政策没有写明能不能补贴，要由工作人员决定。"),
    "exclusion_forbidden_ground": _("登记了%(group_words)s。本省不得以年龄、社保为前提，所以不拒绝，由工作人员决定。"),
    "exclusion_unverified": _("登记了%(group_words)s，还要由工作人员核实。"),
    "excluded": _("%(group_words)s不在补贴范围里。"),
    "count_rule_unknown": _("以前补贴过 %(n)s 次，政策没有写明最多几次，要由工作人员决定。"),
    "count_silent": _("政策没有写明最多几次；以前没有补贴过。"),
    "count_other_kinds": _("次数限制不包括这种补贴。"),
    "count_reached": _("已经补贴 %(n)s 次，最多 %(most)s 次。"),
    "count_reserved": _("算上正在申请的，已有 %(n)s 次，最多 %(most)s 次。正在申请的如果没有通过，可以再申请。"),
    "count_maybe_reached": _("已有 %(n)s 次，另有 %(open)s 次要由工作人员判断算不算，最多 %(most)s 次。"),
    "count_within": _("已有 %(n)s 次，最多 %(most)s 次。"),
    "same_level_allowed": _("政策允许同一职业、同一等级再次补贴。"),
    "same_level_claimed": _("同一职业、同一等级已经申请或补贴过。"),
    "same_level_maybe": _("同一职业、同一等级可能补贴过，要由工作人员核对。"),
    "same_level_rule_unknown": _("同一职业、同一等级补贴过，政策没有写明能不能再补，要由工作人员决定。"),
    "same_level_held": _("开班以前已经有这个等级的证书，要由工作人员看一下。"),
    "same_level_first": _("同一职业、同一等级没有补贴过。"),
    "same_level_silent": _("政策没有写明同一等级能不能重复；以前没有补贴过。"),
    "higher_not_asked": _("不比较等级高低。"),
    "higher_held": _("已经有更高的等级，不能再补贴低等级。"),
    "higher_maybe": _("可能已经有更高的等级，要由工作人员核对。"),
    "higher_rule_unknown": _("已经有更高的等级，政策没有写明能不能补贴低等级，要由工作人员决定。"),
    "higher_none": _("没有更高的等级。"),
    "higher_silent": _("政策没有写明等级先后；没有更高的等级。"),
    "fund_rule_unknown": _("别的资金补贴过同一职业、同一等级，政策没有写明能不能同时享受，要由工作人员决定。"),
    "fund_silent": _("政策没有写明不能同时享受的资金。"),
    "fund_excludes": _("同一职业、同一等级已经由别的资金补贴过，不能重复享受。"),
    "fund_maybe": _("可能由别的资金补贴过，要由工作人员核对。"),
    "fund_free": _("没有和别的资金重复。"),
    "class_filed": _("班期已备案。"),
    "class_not_filed": _("班期没有备案，不能申请补贴。"),
    "class_not_approved": _("班期的开班申请还没有批准。"),
    "completed": _("培训已完成，有结业记录。"),
    "record_undermined": _("有结业记录，但按现在的学习记录还差 %(left)s 项，要由工作人员核对。"),
    "record_gone": _("结业记录已被撤销或替换。"),
    "not_complete": _("培训还没有完成，还差 %(left)s 项。"),
    "completion_doubtful": _("结业还有 %(left)s 处要由工作人员看。"),
    "hours_silent": _("政策没有规定最低学时；一共 %(total)s 学时。"),
    "hours_enough": _("一共 %(total)s 学时，要求 %(least)s 学时。"),
    "hours_short": _("一共 %(total)s 学时，要求 %(least)s 学时，还不够。"),
    "online_share_silent": _("政策没有规定线上学时的比例。"),
    "online_share_free": _("这个职业可以全部线上学。"),
    "online_share_within": _("线上占 %(percent)s%%，最多 %(most)s%%。"),
    "online_share_free_unknown": _(
        "线上占 %(percent)s%%，超过 %(most)s%%。这个职业能不能全部线上学，要由工作人员决定。"
    ),
    "online_share_over": _("线上占 %(percent)s%%，超过 %(most)s%%。"),
    "platform_not_asked": _("不涉及平台目录。"),
    "platform_by_filing": _("批准的开班申请写明了平台和教学资源。"),
    "platform_unknown": _("开班申请没有写明用哪个平台、哪些课程资源，要由工作人员核对是不是在省里的目录上。"),
    "order_not_asked": _("政策没有规定先理论后实操。"),
    "order_kept": _("先理论后实操。"),
    "practice_before_theory": _("%(practice)s 已上实操课，线上理论到 %(theory)s 才学完，要由工作人员看。"),
    "attendance_silent": _("政策没有规定出勤率。"),
    "attendance_no_classes": _("没有线下课。"),
    "attendance_enough": _("出勤率 %(percent)s%%，要求 %(least)s%%。"),
    "attendance_low": _("出勤率 %(percent)s%%，要求 %(least)s%%，还不够。"),
    "sessions_unverified": _("有 %(n)s 段学习没有通过抽验，也没有补验，要由工作人员看。"),
    "sessions_fine": _("没有抽验不通过的学习。"),
    "exam_passed": _("结业考核合格。"),
    "exam_failed": _("结业考核不合格。"),
    "exam_resit": _("结业考核还没有通过，可以补考。"),
    "exam_open": _("结业考核还没有考完。"),
    "exam_disputed": _("考评员的打分不一致，要由工作人员看。"),
    "exam_not_asked": _("这个班没有安排结业考核，要由工作人员看。"),
    "certificate_held": _("有符合要求的证书（%(day)s 发证）。"),
    "certificate_unverified": _("证书还没有核实（%(day)s 发证）。"),
    "certificate_issuer_unclear": _("发证单位的备案还没有查到，要由工作人员核对。"),
    "certificate_kinds_unknown": _("政策没有写明凭哪种证书，要由工作人员决定。"),
    "certificate_training_only": _("评价补贴不能凭培训合格证申请，要有等级证书或专项能力证书。"),
    "certificate_kind_not_accepted": _("这种证书不在政策认可的范围里。"),
    "certificate_other_level": _("证书的职业或等级和这个班的不一样。"),
    "certificate_missing": _("还没有开班以后取得的证书。请先取得证书并录入。"),
    "first_not_judged": _("还没有证书，不比较是不是首次。"),
    "first_repeated": _("同一职业、同一等级以前已经取得过证书。"),
    "first_other_level": _("同一职业以前取得过别的等级，算不算首次，要由工作人员决定。"),
    "first": _("首次取得这个职业的证书。"),
    "late_silent": _("政策没有规定申请期限。"),
    "in_time": _("申请期限到 %(day)s。"),
    "too_late": _("申请期限是 %(day)s，已经过了。"),
    "amount_unknown": _("政策里没有补贴标准，金额要由工作人员确定。"),
    "amount_unconfirmed": _("补贴标准还没有确认，金额要由工作人员核对。"),
    "amount_nothing": _("按标准算出来是 0 元，要由工作人员看。"),
    "amount_standard": _("按补贴标准计算。"),
    "nothing_open": _("没有正在核实的事情。"),
    "case_open": _("有一件学习方面的核实还没有结论。"),
}
OUTCOMES: Mapping[str, tuple[Any, str]] = {
    "met": (_("符合"), "good"),
    "unmet": (_("不符合"), "bad"),
    "unsure": (_("要人工核对"), "warn"),
    "silent": (_("政策没有要求"), ""),
}
PROPOSALS: Mapping[str, tuple[Any, str]] = {
    "met": (_("可以申请"), "good"),
    "unmet": (_("现在不能申请"), "bad"),
    "unsure": (_("可以申请，要人工核对"), "warn"),
}
TRAINING: Mapping[str, tuple[Any, str]] = {
    "met": (_("可以参加培训"), "good"),
    "unmet": (_("现在不能参加培训"), "bad"),
    "unsure": (_("可以参加培训，登记要人工核对"), "warn"),
}
KINDS: Mapping[str, Any] = {
    "training": _("培训补贴"),
    "living": _("生活费（含交通费）补贴"),
    "appraisal": _("评价（鉴定）补贴"),
}
DOUBTS: Mapping[str, Any] = {
    ReasonCode.GROUP_EXCLUDED: _("和外部名单比对，有一条要由工作人员核对，不等于不能补贴。"),
    ReasonCode.OTHER_FUND: _("和别的资金的名单比对，有一条要由工作人员核对，不等于不能补贴。"),
}
LOOKED_INTO = _("有一件事情正在核实，要等工作人员的结论，不等于不能补贴。")

yuan = money.show


def words(finding: Finding) -> str:
    """One finding as a sentence. A doubt is told by its kind alone: its values are for the authority's eyes."""
    if finding.criterion == "investigation" and finding.code not in FINDINGS:
        return looked_into(finding.reason)
    return of_code(finding.code, finding.values)


def looked_into(reason: str | None) -> str:
    """A doubt from outside, by its reason alone."""
    return str(DOUBTS.get(reason or "", LOOKED_INTO))


def of_code(code: str, told: Mapping[str, object]) -> str:
    """The sentence of a code with its values."""
    values = {name: _said(value) for name, value in told.items()}
    if "group" in values:
        values["group_words"] = str(GROUPS[str(values["group"])])
    sentence = str(FINDINGS[code])
    return sentence % values if values else sentence.replace("%%", "%")


def _said(value: Any) -> Any:
    """A day as people write it; anything else as it is."""
    if isinstance(value, str) and ISO_DAY.fullmatch(value):
        return day(date.fromisoformat(value))
    return day(value) if isinstance(value, date) else value
