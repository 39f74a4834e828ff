"""How long completions hold and when a course is taken again, in plain words. One table for all readers."""

from collections.abc import Mapping
from typing import Any

from flask_babel import format_date, gettext
from flask_babel import lazy_gettext as _

from lms.domain.records import ENDED, RecordState
from lms.domain.renewals import Phase, Span
from lms.services.records import PublicRecord
from lms.services.renewals import Completion, Holding, RuleView
from lms.web import record_words
from lms.web.language import counted, day

PHASES: Mapping[Phase, tuple[Any, str]] = {
    Phase.LASTING: (_("没有规定有效期"), ""),
    Phase.VALID: (_("有效"), "good"),
    Phase.OPEN: (_("有效，可以复训了"), "info"),
    Phase.DUE: (_("快到期，请尽快复训"), "warn"),
    Phase.EXPIRED: (_("已过有效期"), "bad"),
    Phase.RENEWED: (_("已复训，以新的为准"), ""),
    Phase.ENDED: (_("结业记录已撤销"), "bad"),
}
UNCONFIRMED = _("没有写明文件依据，数字未经确认，以当地主管部门的文件为准。")
TELLINGS: Mapping[Phase, Any] = {
    Phase.OPEN: _("可以复训"),
    Phase.DUE: _("快到期"),
    Phase.EXPIRED: _("已过期"),
}
SENTENCES = {
    "renewal_months": _("有效期请填 1 到 %(most)s 个月。"),
    "renewal_days": _("天数至少是 1；“快到期”的天数不能比“可以复训”的天数多。"),
    "renewal_window_long": _("提前的天数比有效期还长。请填 %(most)s 天以内。"),
    "renewal_source_length": _("文件依据要写文件的名称，最多 %(longest)s 个字，不能有证件号码、手机号和看不见的符号。"),
    "renewal_backdated": _("规定只管以后发的结业记录，请填今天或以后的日子。"),
    "renewal_nobody": _("请至少选一位学员。"),
    "renewal_other_course": _("选的班期学的是另一门课程。请选同一门课程的班期。"),
    "renewal_not_open": _("有人还没到可以复训的日子，或者已经复训过了。请刷新页面，重新选。"),
    "renewal_older_version": _("选的班期用的是旧版课程，有人已经学过第 %(number)s 版。请选用新版课程的班期。"),
}


def mark(phase: Phase) -> tuple[str, str]:
    """A phase in words, and the kind of its badge."""
    words, kind = PHASES[phase]
    return str(words), kind


def holds(days: Span | None) -> str:
    """Until when a completion holds."""
    if days is None:
        return str(gettext("没有规定有效期"))
    return str(gettext("有效到 %(day)s", day=format_date(days.valid_until, "long")))


def holding(record: PublicRecord) -> list[tuple[str, str]]:
    """Until when a record holds and how many days are left, for a list of what it says; nothing of one taken back."""
    found = record.holding
    if record.state in ENDED:
        return []
    if found.days is None:
        return [(gettext("有效期"), holds(None))]
    return [(gettext("有效到"), _with_days_left(day(found.days.valid_until), found))]


def _with_days_left(until: str, found: Holding) -> str:
    if found.left is None or found.phase in (Phase.RENEWED, Phase.ENDED):
        return until
    if found.left < 0:
        return counted("%(until)s（已过 %(n)s 天）", until=until, n=-found.left)
    if found.left == 0:
        return str(gettext("%(until)s（今天是最后一天）", until=until))
    return counted("%(until)s（还有 %(n)s 天）", until=until, n=found.left)


def standing(record: PublicRecord) -> tuple[str, str]:
    """What a record is today, and the kind of its badge: its state, unless its last day is over."""
    is_over = record.state == RecordState.VALID and record.holding.phase is Phase.EXPIRED
    return mark(Phase.EXPIRED) if is_over else record_words.state(record.state)


def pressing(record: PublicRecord) -> tuple[str, str] | None:
    """What its holder should do soon, while it still holds, and the kind of its badge."""
    is_soon = record.state == RecordState.VALID and record.holding.phase in (Phase.OPEN, Phase.DUE)
    return mark(record.holding.phase) if is_soon else None


def advice(completion: Completion) -> str:
    """What the day means for her, and what she can do."""
    days = completion.days
    if completion.phase is Phase.ENDED:
        return str(gettext("这次的结业记录已经撤销，不再有效。有疑问请联系您的机构。"))
    if days is None:
        return str(gettext("这门课程没有规定有效期，不用复训。"))
    facts = {"day": format_date(days.valid_until, "long"), "from": format_date(days.opens_on, "long")}
    if completion.phase is Phase.OPEN:
        return str(gettext("这次结业有效到%(day)s。现在就可以复训了，请联系您的机构。", **facts))
    if completion.phase is Phase.DUE:
        return str(gettext("这次结业有效到%(day)s，快到期了。请尽快联系您的机构，安排复训。", **facts))
    if completion.phase is Phase.EXPIRED:
        return str(gettext("这次结业有效到%(day)s，已经过期。以前的记录都还在。请联系您的机构，安排复训。", **facts))
    return str(gettext("这次结业有效到%(day)s。%(from)s起可以复训。", **facts))


def terms(rule: RuleView) -> str:
    """The figures of a rule in one sentence."""
    if rule.months is None:
        return str(gettext("没有有效期，不用复训。"))
    told = {"months": rule.months, "open": rule.open_days, "due": rule.due_days}
    return str(gettext("有效 %(months)s 个月；到期前 %(open)s 天起可以复训，到期前 %(due)s 天起催促。", **told))
