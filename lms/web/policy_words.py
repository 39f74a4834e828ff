"""What a class can be, and what each kind asks of a learner, in plain words: read from the policy itself."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from lms.domain.policies import Blended, Policy

FAMILIES: Mapping[str, Any] = {
    "base": _("线上课程"),
    "base-activated": _("线上课程，学员先确认姓名和证件号码才能学"),
    "blended": _("线上+线下（理论、实操考核）"),
    "blended-untold": _("线上+线下，结课以后也不公布考题答案"),
}
UNCONFIRMED = _("这些数字以当地主管部门的文件为准，开班前请核对。")


def family(policy: Policy) -> str:
    """The kind of class, in a few words."""
    return str(FAMILIES[policy.family])


def asks(policy: Policy) -> list[str]:
    """Everything the policy asks of one learner, a sentence each."""
    rules = policy.blended
    online = gettext("每一节学满，每个小测验得 %(mark)s 分以上。", mark=policy.quiz_pass_mark)
    first = (
        [gettext("先在自己的手机上确认姓名和证件号码（平台自己的做法，没有文件要求）。")]
        if policy.activation_first
        else []
    )
    return [*first, online, *(_beyond(rules) if rules else [gettext("全部在手机上学，不用到教室，没有考试。")])]


def _beyond(rules: Blended) -> Iterator[str]:
    yield from _classes(rules)
    if rules.exam:
        told = {"tries": rules.exam.attempts, "hours": rules.exam.cooldown_hours}
        yield gettext("通过理论考试：最多考 %(tries)s 次，两次之间隔 %(hours)s 小时。", **told)
    if rules.exam and rules.exam.oral:
        yield gettext("识字有困难的学员，可以由考评员口试。")
    if rules.exam and rules.exam.reveal_after_close:
        yield gettext("结课以后，学员能看自己试卷每一题的答案和讲解。")
    if rules.practice:
        told = {"people": rules.practice.examiners, "tries": rules.practice.attempts}
        yield gettext("通过每一项实操考核：由 %(people)s 位没教过这个班的考评员打分，最多考 %(tries)s 次。", **told)
    if rules.theory_first:
        yield gettext("先通过理论考试，再考实操。")
    if rules.workplace_tasks:
        yield gettext("每一项岗位任务由带教师傅签字。")


def _classes(rules: Blended) -> Iterator[str]:
    if rules.online_share_max is not None:
        yield gettext("线上学时最多占 %(most)s%%，其余到教室上课。", most=rules.online_share_max)
    if rules.in_person_minutes_min is not None:
        yield gettext("面授至少 %(minutes)s 分钟。", minutes=rules.in_person_minutes_min)
    if rules.attendance_person_min is not None:
        yield gettext("线下课至少到 %(least)s%%，每次签到、签退。", least=rules.attendance_person_min)
    if rules.attendance_class_day_min is not None:
        yield gettext("每个上课日，全班至少到 %(least)s%%。", least=rules.attendance_class_day_min)
