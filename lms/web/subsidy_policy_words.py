"""Subsidy policies in plain words: terms and their values, how sure they are, drafts, differences, trials."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from lms.domain.funds.money import plain
from lms.domain.subsidies import CatalogueItem, Confidence, CountLimit, Term
from lms.domain.subsidy_policies.comparing import Change
from lms.web.eligibility_words import CRITERIA
from lms.web.language import day
from lms.web.skill_words import LEVELS

SENTENCES = {
    "subsidy_frame_unknown": _("这份政策所依据的 %(policy)s 还没有发布。"),
    "subsidy_frame_circle": _("这份政策所依据的政策绕成了一圈：%(policy)s。请改 based_on。"),
    "subsidy_draft_step": _("这份草稿的状态刚刚变了。请刷新页面，再看一遍。"),
    "subsidy_second_person": _("写过它、提交过它的人不能自己发布，请另一位工作人员来看。"),
    "subsidy_draft_changed": _("草稿刚刚被别人改过，您这次没有存上。请先复制您写的，再刷新页面。"),
    "subsidy_text_long": _("文字太长，最多 %(longest)s 个字。"),
    "subsidy_broken": _("政策 %(policy)s 读不出来，请联系维护人员。"),
    "subsidy_version_edited": _("%(policy)s 已经发布过，文字不能改。要改就用新的代码另写一份。"),
    "subsidy_faults": _("还有 %(n)s 处要改，改好再来。"),
}

TERMS: Mapping[str, Any] = {
    "allowed_groups": _("哪些人可以补"),
    "excluded_groups": _("哪些人不补"),
    "count_limit": _("最多几次"),
    "same_occupation_level_once": _("同一职业同一等级只补一次"),
    "higher_blocks_lower": _("补过高等级不再补低等级"),
    "exclusive_funds": _("不能和哪些钱重复"),
    "minutes_per_class_hour": _("一个学时多少分钟"),
    "online_share_max": _("线上学时最多占多少"),
    "online_free_occupations": _("可以全部线上的职业"),
    "platform_listed": _("线上课要在省级平台目录里"),
    "online_before_offline": _("先线上理论，后线下实操"),
    "class_hours_min": _("最少多少学时"),
    "attendance_min": _("出勤最少多少"),
    "daily_class_hours_max": _("一天最多多少学时"),
    "certificate_kinds": _("培训补贴认哪些证书"),
    "appraisal_certificate_kinds": _("评价补贴认哪些证书"),
    "pay_percent_blended": _("线上线下结合按多少付"),
    "living_fen_per_day": _("生活费补贴一天多少"),
    "living_groups": _("生活费补贴给谁"),
    "shortage_uplift_percent": _("急需紧缺职业上浮多少"),
    "claim_within_days": _("多少天内申请"),
    "review_working_days": _("多少个工作日内审核"),
    "notice_working_days": _("公示多少个工作日"),
    "payment_working_days": _("多少个工作日内拨付"),
    "group_judged_on": _("按哪一天看人员类别"),
    "fund": _("用哪笔钱"),
}
HEADER: Mapping[str, Any] = {
    "code": _("代码"),
    "title": _("名称"),
    "issuer": _("发文机关"),
    "document_number": _("文号"),
    "source": _("出处"),
    "effective_from": _("从哪天起"),
    "effective_to": _("到哪天止"),
    "effective_confidence": _("日期有多可靠"),
    "verified_by": _("核对人"),
    "verified_on": _("核对日期"),
    "based_on": _("没写的照哪一份"),
    "forbidden_preconditions": _("不得作为前提的"),
    "forbidden_clause": _("不得作为前提的依据"),
    "note": _("说明"),
}
PLACES: Mapping[str, Any] = {"CN": _("全国"), "LN": _("辽宁"), "CQ": _("重庆")}
SURE: Mapping[Confidence, tuple[Any, str]] = {
    Confidence.HIGH: (_("原文"), "good"),
    Confidence.MEDIUM: (_("转述"), "info"),
    Confidence.LOW: (_("不太可靠"), "warn"),
    Confidence.KNOWN: (_("常识，没有出处"), "warn"),
    Confidence.UNCONFIRMED: (_("没有核对"), "warn"),
}
STATES: Mapping[str, tuple[Any, str]] = {
    "open": (_("正在写"), ""),
    "asked": (_("等另一位发布"), "warn"),
    "published": (_("已发布"), "good"),
    "withdrawn": (_("不要了"), ""),
}
ACTS: Mapping[str, Any] = {
    "make": _("建了草稿"),
    "change": _("改了文字"),
    "ask": _("请人发布"),
    "return": _("退回修改"),
    "publish": _("发布"),
    "withdraw": _("不要了"),
}
WORDS: Mapping[str, Any] = {
    "monitored": _("防止返贫监测对象"),
    "graduate": _("毕业年度高校毕业生"),
    "school_leaver": _("应届初高中毕业生（未升学）"),
    "rural_worker": _("农村转移就业劳动者"),
    "unemployed": _("城镇登记失业人员"),
    "hardship": _("就业困难人员"),
    "employee": _("符合条件的企业职工"),
    "establishment": _("机关事业单位编制人员"),
    "pensioner": _("已领养老金的退休人员"),
    "student": _("全日制在校学生"),
    "action": _("职业技能提升行动专账资金"),
    "employment": _("就业补助资金"),
    "unemployment": _("失业保险基金"),
    "enterprise": _("企业职工教育经费"),
    "other": _("其他资金"),
    "vocational": _("职业资格证书"),
    "skill_level": _("职业技能等级证书"),
    "special_skill": _("专项职业能力证书"),
    "training": _("培训合格证书"),
    "opening": _("开班那天"),
    "certificate": _("发证那天"),
    "claim": _("申请那天"),
    "region": _("地域"),
    "hukou": _("户籍"),
    "age": _("年龄"),
    "social_insurance": _("社保"),
}
SUBSIDIES: Mapping[str, Any] = {
    "training": _("培训补贴"),
    "living": _("生活费（含交通费）补贴"),
    "appraisal": _("评价（鉴定）补贴"),
}
SCOPES: Mapping[str, Any] = {"lifetime": _("一辈子"), "calendar_year": _("一个自然年")}
ITEMS: Mapping[str, Any] = {
    "occupation": _("职业"),
    "new_occupation": _("新职业"),
    "special_skill": _("专项职业能力"),
}
OUTCOMES: Mapping[str, tuple[Any, str]] = {
    "met": (_("可以补"), "good"),
    "unmet": (_("不可以补"), "bad"),
    "unsure": (_("要人看"), "warn"),
    "silent": (_("没有要求"), ""),
}
PERCENTS = frozenset({"online_share_max", "attendance_min", "pay_percent_blended", "shortage_uplift_percent"})
NOBODY = frozenset({"allowed_groups", "living_groups"})


def value_words(name: str, value: Any) -> str:
    """The value of a term as a person reads it; a dash where nothing is known."""
    if value is None:
        return str(gettext("没有查到"))
    if isinstance(value, bool):
        return str(gettext("是") if value else gettext("否"))
    if isinstance(value, CountLimit):
        kinds = _joined(sorted(str(SUBSIDIES[each]) for each in value.kinds))
        return str(gettext("%(scope)s最多 %(n)s 次（%(kinds)s）", scope=SCOPES[value.scope], n=value.n, kinds=kinds))
    if isinstance(value, frozenset):
        return _set_words(name, value)
    if isinstance(value, Mapping):
        every = gettext("其他职业")
        return _joined(f"{occupation or every} {hours}" for occupation, hours in value.items())
    if name.endswith("_fen_per_day"):
        return money(value)
    return f"{value}%" if name in PERCENTS else str(WORDS.get(value, value))


def _set_words(name: str, value: frozenset[Any]) -> str:
    if not value:
        return str(gettext("任何愿意的人") if name in NOBODY else gettext("没有"))
    return _joined(str(WORDS.get(each, each)) for each in sorted(value))


def _joined(words: Any) -> str:
    return str(gettext("、")).join(words)


def money(fen: int | None) -> str:
    """Fen as yuan, to the fen; a dash where no amount is known."""
    return "—" if fen is None else str(gettext("%(yuan)s 元", yuan=plain(fen)))


def levels(item: CatalogueItem) -> str:
    """The levels of a line of the catalogue."""
    if item.kind == "special_skill":
        return str(gettext("不分等级"))
    return _joined(str(LEVELS[each]) for each in item.levels) or str(gettext("没有查到"))


def amounts(item: CatalogueItem) -> list[str]:
    """Its standards: kind, level, amount."""
    told = []
    for (kind, level), term in item.amounts_fen.items():
        words = (SUBSIDIES[kind], *([] if level is None else [LEVELS[level]]), money(term.value))
        told.append(" · ".join(str(each) for each in words))
    return told


def change_name(change: Change) -> str:
    """What a difference is about."""
    names: Mapping[str, Any] = {"header": HEADER, "term": TERMS}.get(change.part, {})
    return str(names.get(change.name, change.name))


def change_words(change: Change, side: Any) -> list[str]:
    """One side of a difference, line by line."""
    if side is None or side == "":
        return [gettext("没有")]
    if isinstance(side, Term):
        lines = [value_words(change.name, side.value), side.clause, side.note]
        lines += [str(SURE[side.confidence][0])] if side.is_known else []
        lines += [] if side.inherits else [gettext("不照上一份")]
        return [each for each in lines if each]
    if isinstance(side, CatalogueItem):
        shortage = [gettext("急需紧缺")] if side.is_shortage else []
        return [str(ITEMS[side.kind]), levels(side), *shortage, *amounts(side)]
    if isinstance(side, frozenset):
        return [_set_words(change.name, side)]
    if isinstance(side, Confidence):
        return [str(SURE[side][0])]
    return [day(side) if isinstance(side, date) else str(side)]


def criterion_words(criterion: str) -> str:
    """The name of a criterion."""
    return str(CRITERIA.get(criterion) or TERMS.get(criterion) or criterion)
