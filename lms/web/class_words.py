"""Classes in person in words: the refusals, the states of the attendance book, and how somebody signed."""

from datetime import datetime, timedelta

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from lms import clock
from lms.domain.attendance import MINUTE_MS, SIGN_IN_BEFORE_MS, Standing, State

SENTENCES = {
    "class_length": _("一堂课要有 %(shortest)s 分钟到 %(longest)s 小时，而且在同一天结束。"),
    "class_outside_cohort": _("上课日期要在班期里：%(from)s 至 %(to)s。"),
    "class_in_past": _("这堂课已经开始了。课要先排进课表，再上。"),
    "class_teacher": _("请选择本机构的一位讲师。"),
    "class_title_length": _("课名要写 1 到 %(longest)s 个字。"),
    "class_place_length": _("地点要写 1 到 %(longest)s 个字。"),
    "class_makes_up_for": _("只能补本班的一堂正课。"),
    "class_makes_up_short": _("补课不能比原来那堂课短：上了补课，就算上了原来那堂。"),
    "class_clash_cohort": _("这个班这时有课：%(title)s，%(time)s。"),
    "class_clash_teacher": _("这位讲师这时有另一堂课，%(time)s。"),
    "class_cancelled": _("这堂课已经取消了。"),
    "class_has_marks": _("已经有人签到，不能取消。"),
    "class_sign_too_early": _("还没到时间，再过 %(minutes)s 分钟可以签。"),
    "class_sign_too_late": _("签到签退的时间已经过了。请找老师，用纸质签到表补录。"),
    "class_sign_in_first": _("您还没有签到，所以不能签退。请找老师。"),
    "class_not_over": _("下课一分钟以后才能补录和核对。"),
    "class_own_code": _("这堂课的码您自己就能打开，不能用它给自己签到。请在纸质签到表上签，由别人录入和核对。"),
    "ticket_false": _("这个码不对。请扫老师手机上的码。"),
    "ticket_old": _("这个码过期了，每个码只用半分钟。请再扫一次老师手机上的码。"),
    "ticket_digits": _("这 8 个数字不对，或者已经换了。请看老师手机上现在的数字，再填一次。"),
    "ticket_guesses": _("填错太多次了。请过 10 分钟再试，或者找老师用纸质签到表。"),
    "list_second_person": _("这份签到表是您录入的，要请另一位工作人员来核对。"),
    "list_own": _("这份签到表里有您自己，要请别人来办。"),
    "list_times": _("时间不对：要在上课前后半小时以内，先到后走，并且到了课上。"),
    "list_empty": _("请至少勾选一位学员。"),
    "list_known": _("%(name)s 已经扫码签退，不用补录。"),
    "list_elsewhere": _(
        "%(name)s 这段时间多半已经记在别处（线上学习或另一堂课），不能又算在这堂课里。请再核对签到表。"
    ),
    "list_decided": _("这份签到表已经核对过了。"),
    "leave_was_there": _("这堂课已经签到，不能请假。"),
    "leave_decided": _("这个请假已经答复过了。"),
    "leave_asked": _("这堂课已经请过假了。"),
    "leave_too_late": _("课已经上完，不能再请假。请跟机构说。"),
    "leave_own": _("自己的请假要请别人来答复。"),
    "leave_reason_length": _("请写 %(shortest)s 到 %(longest)s 个字。"),
    "correction_of_class": _("线下课的时间要用纸质签到表补录，不在这里补记。"),
}

CONTENTS = {"theory": _("理论课"), "practice": _("实操课")}
METHODS = {"qr": _("扫码"), "paper": _("手签")}
KINDS = {"in": _("签到"), "out": _("签退")}
DECISIONS = {"": _("等核对"), "approved": _("通过"), "rejected": _("没有通过")}
LEAVES = {"": _("请假，等机构答复"), "approved": _("准假"), "rejected": _("没有准假")}
STATES = {
    State.EXPECTED: (_("还没到"), ""),
    State.INSIDE: (_("在上课，还没签退"), "info"),
    State.UNSIGNED: (_("没有签退，时间还没计入"), "warn"),
    State.LEAVE: (_("请假"), ""),
    State.ABSENT: (_("缺课"), "bad"),
}


def sign(standing: Standing) -> str:
    """The sign of the attendance book: √ 迟 退 假 旷; what these have no sign for is said in words."""
    if standing.state is State.ATTENDED:
        told = [str(_("迟"))] if standing.is_late else []
        told += [str(_("退"))] if standing.left_early else []
        return gettext("、").join(told) or "√"
    words = {State.LEAVE: _("假"), State.ABSENT: _("旷"), State.UNSIGNED: _("未签退"), State.INSIDE: _("在课")}
    return str(words.get(standing.state, ""))


def state(standing: Standing) -> tuple[str, str]:
    """Where somebody stands, for people, with the kind of status that shows it."""
    if standing.state is not State.ATTENDED:
        words, kind = STATES[standing.state]
        return str(words), kind
    if not standing.counts:
        return str(gettext("在课不到一半，不算出勤")), "warn"
    if standing.is_late and standing.left_early:
        return str(gettext("出勤，迟到、早退")), "warn"
    if standing.is_late:
        return str(gettext("出勤，迟到")), "warn"
    return (str(gettext("出勤，早退")), "warn") if standing.left_early else (str(gettext("出勤")), "good")


def remarks(standing: Standing, late_ms: int) -> str:
    """What else the book says of a row."""
    told = []
    if standing.state is State.ATTENDED and not standing.counts:
        told.append(str(gettext("在课不到一半，不计出勤")))
    if late_ms:
        told.append(late(late_ms))
    return str(gettext("；")).join(told)


def late(milliseconds: int) -> str:
    """How long after the class a paper list was typed in."""
    minutes = max(1, milliseconds // MINUTE_MS)
    if minutes < 120:
        return str(gettext("补录，课后 %(n)s 分钟", n=minutes))
    if minutes < 2 * 24 * 60:
        return str(gettext("补录，课后 %(n)s 小时", n=minutes // 60))
    return str(gettext("补录，课后 %(n)s 天", n=minutes // 60 // 24))


def may_sign(starts_at: datetime, now: datetime) -> bool:
    """Whether the time to sign in to a class has come."""
    return now >= starts_at - timedelta(milliseconds=SIGN_IN_BEFORE_MS)


def hour(moment: datetime | None) -> str:
    """The hour of day in China: 09:05; nothing for nothing."""
    return f"{moment.astimezone(clock.CHINA):%H:%M}" if moment else ""


def hours(start: datetime, end: datetime) -> str:
    """From when to when: 09:00–11:00."""
    return f"{hour(start)}–{hour(end)}"
