"""The report of internal control as rows: what kind of sign, what it rests on, who, when, how much."""

from datetime import date
from decimal import Decimal

from flask import Response
from flask_babel import gettext as _

from lms import clock
from lms.adapters.sheets import CONTENT_TYPES, Cell, write_table
from lms.domain.funds import money
from lms.domain.funds.controls import Burst, Holder, ManyPersons, SameHuman, Shared, Step, Use
from lms.services.funds.controls import Report
from lms.web.downloads import attachment, spooled
from lms.web.language import moment
from lms.web.reconciliation_words import SHARINGS, STEPS, SUBJECTS, THINGS

WIDTHS = (22, 24, 50, 22, 22, 14)


def headings() -> list[str]:
    """The columns of the file."""
    return [_("风险点"), _("对象"), _("依据"), _("从"), _("到"), _("金额（元）")]


def rows(found: Report) -> list[list[Cell]]:
    """All signs, a row each."""
    return [
        *(_same(found, each) for each in found.same_human),
        *(_burst(found, each) for each in found.bursts),
        *(_shared(found, each) for each in found.shared),
        *(_many(found, each) for each in found.many_persons),
    ]


def subject(found: Report, step: Step) -> str:
    """What a step was taken on: 拨付批次 BE2026-01."""
    return f"{SUBJECTS[step.subject]} {found.labels.get(step.subject_id, '')}".strip()


def taken(found: Report, step: Step) -> str:
    """A step with whose account took it: 初审（何对）."""
    return str(_("%(what)s（%(who)s）", what=STEPS[step.name], who=found.accounts.get(step.account_id, "")))


def user(found: Report, use: Use) -> str:
    """Who uses a shared thing: an institution, one of its staff, or a person with her name masked, and where."""
    place = found.organisations.get(use.organisation_id, "") if use.organisation_id else ""
    if use.holder is Holder.STAFF and use.account_id is None:
        return place
    name = found.accounts.get(use.account_id, "") if use.account_id else found.persons.get(use.human, "")
    return str(_("%(who)s（%(place)s）", who=name, place=place)) if place else name


def users(found: Report, each: Shared) -> list[str]:
    """All who use it, each once."""
    return list(dict.fromkeys(user(found, use) for use in each.uses))


def same_rows(found: Report) -> list[list[object]]:
    """For the page: on what, the one step, the other, when."""
    return [
        [subject(found, each.first), taken(found, each.first), taken(found, each.second), moment(each.second.at)]
        for each in found.same_human
    ]


def burst_rows(found: Report) -> list[list[object]]:
    """For the page: whose account, how many acts, in how many seconds, from when on."""
    return [
        [found.accounts.get(each.account_id, ""), len(each.acts), each.seconds, moment(each.acts[0].at)]
        for each in found.bursts
    ]


def shared_rows(found: Report) -> list[list[object]]:
    """For the page: what is shared, why it is told, by whom."""
    return [[_thing(each), SHARINGS[each.why], _("、").join(users(found, each))] for each in found.shared]


def many_rows(found: Report) -> list[list[object]]:
    """For the page: the account, for how many persons, how many payments, how much."""
    return [[_account(each), each.persons, len(each.payments), money.show(each.fen)] for each in found.many_persons]


def _thing(each: Shared) -> str:
    return str(_("%(thing)s 尾号 %(tail)s", thing=THINGS[each.thing], tail=each.shown))


def _account(each: ManyPersons) -> str:
    return str(_("银行账号 尾号 %(tail)s", tail=each.tail))


def _when(step: Step) -> str:
    return step.at.astimezone(clock.CHINA).strftime("%Y-%m-%d %H:%M:%S")


def _same(found: Report, each: SameHuman) -> list[Cell]:
    told = _("、").join((taken(found, each.first), taken(found, each.second)))
    about = subject(found, each.first)
    return [_("同一个人办了两步"), about, told, _when(each.first), _when(each.second), None]


def _burst(found: Report, each: Burst) -> list[Cell]:
    told = _("%(count)s 项，用了 %(seconds)s 秒", count=len(each.acts), seconds=each.seconds)
    who = found.accounts.get(each.account_id, "")
    return [_("短时间内大量审批"), who, told, _when(each.acts[0]), _when(each.acts[-1]), None]


def _shared(found: Report, each: Shared) -> list[Cell]:
    return [str(SHARINGS[each.why]), _thing(each), _("、").join(users(found, each)), None, None, None]


def _many(found: Report, each: ManyPersons) -> list[Cell]:
    told = _("、").join(dict.fromkeys(found.persons.get(one.human, "") for one in each.payments))
    return [_("一个账号收多人补贴"), _account(each), told, None, None, Decimal(each.fen).scaleb(-2)]


def file(found: Report, today: date) -> Response:
    """The report for saving."""
    chunks = spooled(lambda path: write_table("xlsx", headings(), rows(found), path, WIDTHS))
    name = f"{_('内部风险防控')}_{today.isoformat()}.xlsx"
    return attachment(chunks, name, f"controls-{today.isoformat()}.xlsx", CONTENT_TYPES["xlsx"])
