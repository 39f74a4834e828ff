"""The bar of a paymaster's desk, for statements, reconciliations and internal control."""

from datetime import date
from typing import Any

from flask import current_app, render_template, url_for
from flask_babel import gettext as _

from lms.domain.errors import NotFound
from lms.domain.funds import money
from lms.web import reconciliation_words


def page(template: str, tab: str, **facts: Any) -> str:
    """Renders a page of the desk; `tab` is the one it belongs to."""
    tabs = [
        ("funds", _("专账"), "authority_funds.index", "record"),
        ("statements", _("银行流水"), "authority_statements.index", "page"),
        ("reconciliations", _("对账"), "authority_reconciliations.index", "check"),
        ("controls", _("内部防控"), "authority_controls.index", "search"),
        ("me", _("我的"), "accounts.mine.index", "person"),
    ]
    nav = [
        {"label": label, "href": url_for(endpoint), "icon": icon, "current": key == tab}
        for key, label, endpoint, icon in tabs
        if endpoint in current_app.view_functions
    ]
    return render_template(template, nav=nav, yuan=money.show, words=reconciliation_words, **facts)


def month_of(text: str) -> date:
    """The first day of a month as an address tells it (2026-11); NotFound for what is none."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise NotFound from None
    if f"{found:%Y-%m}" != text:
        raise NotFound
    return found
