"""The bar of a paymaster's desk, for statements, reconciliations and internal control."""

from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from lms.domain.errors import NotFound
from lms.domain.funds import money
from lms.web import reconciliation_words
from lms.web.authority import navigation


def page(template: str, tab: str, **facts: Any) -> str:
    """Renders a page of statements, months or signs; `tab` is the one of them it belongs to."""
    places = (
        ("statements", _("银行流水"), "authority_statements.index"),
        ("reconciliations", _("对账"), "authority_reconciliations.index"),
        ("controls", _("内部防控"), "authority_controls.index"),
    )
    nearby = [(label, url_for(endpoint), key == tab) for key, label, endpoint in places]
    said = {"yuan": money.show, "words": reconciliation_words, "nearby": nearby}
    return navigation.page(template, "reconciliations", **said, **facts)


def month_of(text: str) -> date:
    """The first day of a month as an address tells it (2026-11); NotFound for what is none."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise NotFound from None
    if f"{found:%Y-%m}" != text:
        raise NotFound
    return found
