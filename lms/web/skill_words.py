"""Levels, certificates, assessors and credits in plain words. One table for all readers."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from lms.domain.credits import Basis, Key
from lms.domain.levels import Level
from lms.domain.qualifications import Kind

SENTENCES = {
    "qualification_own": _("不能核对自己的证书，请让同事来做。"),
    "qualification_second_person": _("录入的人、在机构看过原件的人不能再来核实，请让另一位工作人员来。"),
    "qualification_desk": _("这一步要由平台的工作人员来做。"),
    "qualification_step": _("这份证书的状态刚刚变了。请刷新页面，再看一遍。"),
    "qualification_way": _("这个结论要写明是怎么核对的：看原件只能记“看过原件”，核实要查官方网站或问发证单位。"),
    "qualification_level": _("证书种类和等级对不上：等级证书和职业资格证书要选等级，专项能力、培训合格证书不选。"),
    "qualification_day": _("发证日期不能在今天以后。"),
    "qualification_validity": _("有效期不能早于发证日期。"),
    "qualification_number": _("证书编号是 4 到 60 个字：数字、字母、汉字、横线和括号，请对着证书再看一遍。"),
    "qualification_occupation": _("请填写职业（工种），最多 %(longest)s 个字，不能有证件号码、手机号和看不见的符号。"),
    "qualification_issuer": _("请填写发证单位，最多 %(longest)s 个字，不能有证件号码、手机号和看不见的符号。"),
    "qualification_twice": _("这份证书已经录入过了。"),
    "qualification_no_level": _("这种证书不分等级，不算技能等级。"),
    "qualification_not_verified": _("还没有核实，暂时不算等级。"),
    "qualification_refuted": _("核对下来不一致，不算等级。"),
    "qualification_revoked": _("发证单位已经撤销，不算等级。"),
    "assessor_code_missing": _("没有填发证单位的统一社会信用代码，查不到它的备案，暂时不算等级。"),
    "assessor_unknown": _("发证单位不在评价机构名录里，暂时不算等级。补录备案以后自动算上。"),
    "assessor_out_of_scope": _("发证那天，这家单位的备案不包括这个职业和等级，暂时不算等级。"),
    "assessor_step": _("这份备案的状态刚刚变了。请刷新页面，再看一遍。"),
    "assessor_second_person": _("录入的人不能自己核对，请让另一位工作人员来。"),
    "assessor_day": _("生效日期不能在今天以后，也不能早于上一步。"),
    "assessor_term": _("备案的结束要晚于开始。"),
    "assessor_name": _("请填写评价机构名称，最多 %(longest)s 个字，不能有证件号码、手机号和看不见的符号。"),
    "assessor_number": _("请填写备案编号，最多 %(longest)s 个字，不能有看不见的符号。"),
    "assessor_authority": _("请填写备案部门，最多 %(longest)s 个字，不能有证件号码、手机号和看不见的符号。"),
    "assessor_taken": _("这家单位的这个备案编号已经录入过了。"),
    "credit_code_shape": _("统一社会信用代码是 18 位数字和大写字母，请再看一遍。"),
    "credit_code_check": _("统一社会信用代码的最后一位对不上，请再看一遍。"),
    "scope_line": _("第 %(line)s 行看不懂。一行写一个职业，例如：养老护理员 初级工-高级工。"),
    "scope_none": _("请填写备案的职业和等级。"),
    "scope_many": _("最多写 %(most)s 行。"),
    "credit_row": _("第 %(line)s 行看不懂。请看下面的写法，一行六格。"),
    "credit_none": _("请把表格贴进来。"),
    "credit_many": _("最多 %(most)s 行。"),
    "credit_code": _("表的代码是 3 到 40 个数字、大写字母和横线，例如 CQ-2026-1。"),
    "credit_taken": _("这个代码已经用在别的表上。"),
    "credit_scheme": _("请填写由谁认定，最多 %(longest)s 个字，不能有证件号码、手机号和看不见的符号。"),
    "credit_source": _("请填写依据的文件，最多 %(longest)s 个字，不能有证件号码、手机号和看不见的符号。"),
    "credit_term": _("结束日期要晚于开始日期。"),
    "credit_twice": _("有两行说的是同一件事，请只留一行。"),
    "credit_before": _("上一张表从 %(day)s 开始，新表要在那以后。已经算过的学分不会改。"),
    "credit_past": _("已经有表在用，新表不能从过去的日子开始。已经算过的学分不会改。"),
}

LEVELS: Mapping[Level, Any] = {
    Level.APPRENTICE: _("学徒工"),
    Level.JUNIOR: _("初级工（五级）"),
    Level.INTERMEDIATE: _("中级工（四级）"),
    Level.SENIOR: _("高级工（三级）"),
    Level.TECHNICIAN: _("技师（二级）"),
    Level.SENIOR_TECHNICIAN: _("高级技师（一级）"),
    Level.SPECIAL_TECHNICIAN: _("特级技师"),
    Level.CHIEF_TECHNICIAN: _("首席技师"),
}
KINDS: Mapping[str, Any] = {
    "skill_level": _("职业技能等级证书"),
    "vocational": _("职业资格证书"),
    "special_skill": _("专项职业能力证书"),
    "training": _("培训合格证书"),
    "apprenticeship": _("学徒培养协议"),
}
STATES: Mapping[str, tuple[Any, str]] = {
    "entered": (_("等核对"), ""),
    "seen": (_("机构看过原件"), "info"),
    "verified": (_("已核实"), "good"),
    "refuted": (_("核对不一致"), "bad"),
    "revoked": (_("已被撤销"), "bad"),
    "withdrawn": (_("已撤回"), ""),
}
WORDS: Mapping[str, Any] = {
    "seen": _("看过原件，和录入的一样"),
    "verified": _("核实了，是真的"),
    "refuted": _("查不到，或者不一致"),
    "revoked": _("发证单位已经撤销"),
}
WAYS: Mapping[str, Any] = {
    "original": _("看证书原件"),
    "register": _("在官方网站上查"),
    "issuer": _("问发证单位，有书面答复"),
}
MOVES: Mapping[str, Any] = {
    "first": _("第一次取得"),
    "up": _("晋级"),
    "again": _("同级再取得"),
    "lower": _("低于已有等级"),
}
FILINGS: Mapping[str, tuple[Any, str]] = {
    "entered": (_("等第二个人核对"), "warn"),
    "listed": (_("在名录里"), "good"),
    "rejected": (_("核对没有通过"), ""),
    "suspended": (_("已暂停"), "bad"),
    "ended": (_("已注销"), ""),
}
ACTS: Mapping[str, Any] = {
    "list": _("和主管部门的名录一致，列入"),
    "reject": _("对不上，不列入"),
    "suspend": _("暂停"),
    "resume": _("恢复"),
    "end": _("注销"),
}
BASES: Mapping[str, Any] = {"course": _("课程"), "level": _("等级"), "certificate": _("证书")}


def level_options() -> list[tuple[str, Any]]:
    """(code, words) of the eight levels, none first."""
    return [("", _("不分等级")), *((str(int(level)), words) for level, words in LEVELS.items())]


def kind_options() -> list[tuple[str, Any]]:
    """(code, words) of the kinds."""
    return [(kind.value, KINDS[kind.value]) for kind in Kind]


def key_words(key: Key) -> str:
    """What a row of a table is about."""
    if key.basis is Basis.COURSE:
        return str(gettext("课程 %(name)s", name=key.name))
    detail = KINDS[key.detail] if key.basis is Basis.CERTIFICATE else key.detail
    return f"{key.name} · {detail}"


def credits(hundredths: int) -> str:
    """A number of credits or class hours with two places at most."""
    return f"{hundredths / 100:.2f}".rstrip("0").rstrip(".")
