"""What a person must look at before a line of a claim is paid, in words with its values: for the authority alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from lms.domain.crosschecks.lists import ListKind
from lms.domain.crosschecks.patterns import Pattern
from lms.web import check_words, claim_words, eligibility_words, language, publicity_words

SENTENCES: Mapping[str, Any] = {
    "outside_listed": _("在“%(list)s”名单上（%(source)s，%(as_of)s），还没有人核对。"),
    "outside_confirmed": _("在“%(list)s”名单上（%(source)s，%(as_of)s），核对过，属实。"),
    "pattern_open": _("班里有异常：%(pattern)s，还没有人核实。"),
    "pattern_founded": _("班里有异常：%(pattern)s，核实过，属实。"),
    "payee_name_differs": _("收款账户（尾号 %(tail)s）的开户名和收款人的名字不一样。"),
    "sanction_in_force": _("机构的处理还在生效：%(rung)s %(number)s，截止：%(until)s。"),
}
"""By code of services/outside, services/sanctioned and services/claims/payees."""
LINKS: Mapping[str, tuple[str, str]] = {
    "match": ("authority_outside.match", "match_id"),
    "flag": ("authority_checks.show", "flag_id"),
}


@dataclass(frozen=True)
class Doubted:
    """One thing to look at. `href`: where it is settled, "" where that is nowhere else."""

    words: str
    href: str = ""


def told(finding: Mapping[str, Any]) -> Doubted:
    """A finding as it was frozen in a line."""
    code, values = str(finding["code"]), finding["values"]
    if code in eligibility_words.FINDINGS:
        return Doubted(eligibility_words.of_code(code, values))
    if code not in SENTENCES:  # frozen by a program of another time
        return Doubted(str(claim_words.REASONS.get(str(finding["reason"]), finding["reason"])))
    href = next((url_for(page, **{name: values[key]}) for key, (page, name) in LINKS.items() if values.get(key)), "")
    return Doubted(str(SENTENCES[code]) % _shown(values), href)


def _shown(values: Mapping[str, Any]) -> dict[str, str]:
    shown = {key: str(value) for key, value in values.items()}
    if "kind" in shown:
        shown |= {"list": str(check_words.KINDS[ListKind(shown["kind"])]), "as_of": _day(shown["as_of"])}
    if "pattern" in shown:
        shown["pattern"] = str(check_words.PATTERNS[Pattern(shown["pattern"])][0])
    if "rung" in shown:
        until = _day(shown["until"]) if values["until"] else gettext("解除为止")
        shown |= {"rung": str(publicity_words.RUNGS[shown["rung"]]), "until": until}
    return shown


def _day(text: str) -> str:
    return language.day(date.fromisoformat(text))
