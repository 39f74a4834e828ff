"""Outside lists and strange patterns of classes in plain words. One table for all readers."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from lms.domain.crosschecks.lists import MOST_MONTHS_KEPT, ListKind
from lms.domain.crosschecks.lists import Outcome as Word
from lms.domain.crosschecks.patterns import Outcome, Pattern
from lms.services.crosschecks import FlagView

SENTENCES = {
    "outside_columns": _("表里找不到姓名和证件号码两列。请在第一行写上“姓名”“证件号码”。"),
    "outside_nobody": _("表里没有一行可以用（看了 %(n)s 行）。请核对证件号码，再传一次。"),
    "outside_source": _("请填写名单从哪里来，最多 %(longest)s 个字，不能有证件号码、手机号和看不见的符号。"),
    "outside_basis": _("请填写依据，最多 %(longest)s 个字，不能有证件号码、手机号和看不见的符号。"),
    "outside_as_of": _("名单日期不能在今天以后。"),
    "outside_kept_until": _("保存到哪天：从今天起，最多 %(months)s 个月。"),
    "outside_document_type": _("不认识这种证件。"),
    "outside_twice": _("同一个号码上面已经有了。"),
    "outside_day": _("看不懂这个日期。"),
    "outside_days_order": _("结束日期早于开始日期。"),
    "outside_outcome": _("请选一个结论。"),
    "outside_over_on": _("选“到某天为止”的，要写最后一天，不能在今天以后；选别的不写。"),
    "outside_settled": _("已经是这个结论了。"),
    "outside_own": _("不能核实自己的事，请让同事来做。"),
    "outside_listed": _("在外部名单上（%(source)s，%(as_of)s），要有人核实。"),
    "outside_confirmed": _("在外部名单上（%(source)s，%(as_of)s），已有人核实属实，请审核人决定。"),
    "pattern_settled": _("已经是这个结论了。"),
    "pattern_own": _("这里面有您自己，请让同事来做。"),
    "pattern_open": _("班里有反常情况，还没有人核实。"),
    "pattern_founded": _("班里有反常情况，已核实属实，请审核人决定。"),
}

KINDS: Mapping[ListKind, Any] = {
    ListKind.PENSIONER: _("已退休、领养老金的人员"),
    ListKind.STUDENT: _("全日制在校学生"),
    ListKind.ESTABLISHMENT: _("机关事业单位在编人员"),
    ListKind.OTHER_FUND: _("领过别的资金的人员（如失业保险技能提升补贴）"),
}

COLUMNS: Mapping[str, Any] = {
    "name": _("姓名"),
    "number": _("证件号码"),
    "document_type": _("证件类型"),
    "from_on": _("开始日期"),
    "until_on": _("结束日期"),
}

WORDS: Mapping[Word | None, tuple[Any, str]] = {
    None: (_("等人核实"), "warn"),
    Word.OBJECTION: (_("本人有异议"), "warn"),
    Word.TRUE: (_("属实"), "bad"),
    Word.NOT_HER: (_("不是本人"), "good"),
    Word.OVER: (_("到某天为止，之后不是"), "info"),
}

OUTCOMES: Mapping[Outcome | None, tuple[Any, str]] = {
    None: (_("等人核实"), "warn"),
    Outcome.FOUNDED: (_("属实"), "bad"),
    Outcome.EXPLAINED: (_("有合理的原因"), "good"),
    Outcome.UNFOUNDED: (_("没有这回事"), "good"),
}

PATTERNS: Mapping[Pattern, tuple[Any, Any]] = {
    Pattern.GHOST_COHORT: (
        _("全班几乎没有人露面"),
        _("%(members)s 人里有 %(persons)s 人，本人操作不到 %(days)s 天，学时多是别人录入的。"),
    ),
    Pattern.IDENTICAL_TRACES: (
        _("多人的学习痕迹一模一样"),
        _("%(members)s 人里有 %(persons)s 人，有 %(stretches)s 段学习在同一刻开始、一样长。"),
    ),
    Pattern.DEVICE_FARM: (
        _("一台设备替多人学习"),
        _("%(members)s 人里有 %(persons)s 人，一半以上的学习在同一台设备上。"),
    ),
    Pattern.BURST_SITTINGS: (
        _("测验、考试一个接一个地做"),
        _("%(quick)s 人连着交卷，最多连交 %(quizzes)s 份，来不及读题；%(exams)s 场考试首尾相接，没有重叠。"),
    ),
    Pattern.TRAINER_TWO_ROOMS: (
        _("讲师同时在两处上课"),
        _("%(meetings)s 次课和同一位讲师的另一处课时间重叠；到课的 %(persons)s 人要等核实。"),
    ),
    Pattern.ATTENDANCE_DENSE: (
        _("出勤多得不可能"),
        _("%(twice)s 人同时在两处上课；%(full)s 人一天学了 %(hours)s 小时以上。"),
    ),
    Pattern.ANSWERS_ALIKE: (
        _("多人的错题错得一样"),
        _("%(persons)s 人的错误答案两两对得上，各答各的很难碰上。"),
    ),
    Pattern.ACCOUNT_SHARED: (
        _("多人的补贴进同一个账户"),
        _("本班 %(persons)s 人、各班一共 %(all)s 人登记的是同一个账户。"),
    ),
}

MONTHS = MOST_MONTHS_KEPT


def told(flag: FlagView) -> str:
    """What was noticed, in a sentence with its numbers."""
    return str(PATTERNS[flag.pattern][1]) % dict(flag.detail)
