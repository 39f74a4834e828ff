"""Public notices, objections, accounts to pay to, sanctions and stages in plain words. One table for all readers."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from lms.domain.funds import money
from lms.domain.levels import Level
from lms.web.skill_words import LEVELS

SENTENCES = {
    "notice_days_unknown": _("政策没有写公示几个工作日，请填写天数和依据。"),
    "notice_days_of_policy": _("政策规定公示 %(days)s 个工作日，不能改成别的天数。"),
    "notice_days": _("公示天数是 1 到 %(most)s 个工作日。"),
    "notice_phone": _("监督电话只写数字和横线，例如 024-12333。"),
    "notice_step": _("这份申请现在不在公示这一步。请刷新页面，再看一遍。"),
    "notice_taken": _("公示刚刚有过改动。请刷新页面，再看一遍。"),
    "notice_over": _("公示已经结束，不再收异议。可以打监督电话反映。"),
    "objection_step": _("这条异议刚刚处理过。请刷新页面，再看一遍。"),
    "objection_second_person": _("查实“不成立”要两个人。请让另一位同事来确认。"),
    "objection_own": _("不能处理自己提的异议，请让同事来做。"),
    "objection_waits": _("您提的异议还在处理。处理完以前，不用再提一次。"),
    "objection_contact": _("联系方式最多 %(longest)s 个字，不能有看不见的符号。"),
    "objection_many": _("这份公示收到的异议太多，页面先不收了。请打监督电话 %(phone)s。"),
    "payee_step": _("这个账户的状态刚刚变了。请刷新页面，再看一遍。"),
    "payee_second_person": _("填写的人不能自己确认，请让另一位同事来核对。"),
    "payee_account": _("账号是 %(shortest)s 到 %(longest)s 位数字，请对着银行卡或开户许可证再看一遍。"),
    "payee_holder": _("请填写开户名，最多 %(longest)s 个字，不能有证件号码、手机号和看不见的符号。"),
    "payee_bank": _("请填写开户行，最多 %(longest)s 个字，不能有证件号码、手机号和看不见的符号。"),
    "payee_waiting": _("有一个账户还在等同事确认。请先确认或撤回它，再填新的。"),
    "payee_consent": _("没有您的同意，我们不能保存账号。不同意就不用填，照样可以学习。"),
    "payee_nobody": _("您还没有登记为学员，不能填写收补贴的账户。"),
    "payee_name_differs": _("尾号 %(tail)s 的账户，开户名和收款人的名字不一样，要人来核对。"),
    "sanction_step": _("这项处理的状态刚刚变了。请刷新页面，再看一遍。"),
    "sanction_second_person": _("提出的人不能自己决定，请让另一位同事来。"),
    "sanction_day": _("期限要在今天以后。"),
    "sanction_talk": _("约谈不停止申请。要停止新的申请，请选整改函、通报或者解除协议。"),
    "sanction_in_force": _("这家机构的第 %(number)s 项处理还没有结束，付款以前要人看一看。"),
    "inspection_day": _("检查日期不能在今天以后。"),
    "inspection_count": _("人数是 0 到 10000，实到不能比应到多。"),
    "inspection_alone": _("检查要两个人，请写另一位检查人的姓名。"),
}

CHECK_NEEDS: Mapping[str, Any] = {"organisation": _("请选机构。"), "checked_on": _("请填写检查的日期。")}
SANCTION_NEEDS: Mapping[str, Any] = {"organisation": _("请选机构。"), "rung": _("请选一项措施。")}
ACT_NEEDS: Mapping[str, Any] = {"act": _("请选下一步做什么。")}
SETTLING_NEEDS: Mapping[str, Any] = {"act": _("请选一个结论。")}
KINDS: Mapping[str, Any] = {
    "training": _("培训补贴"),
    "living": _("生活费补贴"),
    "appraisal": _("评价（鉴定）补贴"),
}
OBJECTIONS: Mapping[str, tuple[Any, str]] = {
    "open": (_("等处理"), "warn"),
    "doubted": (_("一人查过，认为不成立，等第二人确认"), "warn"),
    "unfounded": (_("不成立"), ""),
    "founded": (_("成立，不予发放"), "bad"),
    "withdrawn": (_("本人已撤回"), ""),
}
OBJECTION_ACTS: Mapping[str, Any] = {
    "doubt": _("查过，认为不成立"),
    "agree": _("确认不成立，可以发放"),
    "disagree": _("还要再查"),
    "uphold": _("成立，不能发放"),
    "withdraw": _("撤回"),
}
CARDS: Mapping[str, Any] = {"bank": _("银行账户"), "social_card": _("社会保障卡的金融账户")}
ACCOUNTS: Mapping[str, tuple[Any, str]] = {
    "proposed": (_("等同事确认"), "warn"),
    "in_force": (_("正在使用"), "good"),
    "turned_down": (_("没有通过"), "bad"),
    "replaced": (_("已换成别的账户"), ""),
    "withdrawn": (_("已撤回"), ""),
}
ACCOUNT_ACTS: Mapping[str, Any] = {
    "confirm": _("确认无误"),
    "turn_down": _("不通过"),
    "replace": _("换成别的账户"),
    "withdraw": _("撤回"),
}
RUNGS: Mapping[str, Any] = {
    "talk": _("约谈"),
    "rectify": _("整改函"),
    "circular": _("通报"),
    "terminate": _("解除协议"),
}
WAYS: Mapping[str, Any] = {"onsite": _("现场"), "video": _("视频"), "phone": _("电话")}
SANCTIONS: Mapping[str, tuple[Any, str]] = {
    "proposed": (_("等第二个人决定"), "warn"),
    "turned_down": (_("没有通过"), ""),
    "in_force": (_("生效中"), "bad"),
    "lifting": (_("有人提出解除，等第二个人决定"), "warn"),
    "lifted": (_("已解除"), "good"),
}
SANCTION_ACTS: Mapping[str, Any] = {
    "impose": _("同意，生效"),
    "turn_down": _("不同意"),
    "answer": _("机构的说明"),
    "recheck": _("记录复查结果"),
    "ask_lift": _("提出解除"),
    "lift": _("同意解除"),
    "keep": _("不解除，继续有效"),
}
STAGES: Mapping[str, Any] = {
    "correction": _("机构补正"),
    "first_review": _("初审"),
    "second_review": _("复审"),
    "notice": _("公示"),
    "payment": _("拨付"),
}

yuan = money.show


def level(one: Level | None) -> Any:
    """A level, or a dash for what knows none."""
    return LEVELS[one] if one is not None else "—"
