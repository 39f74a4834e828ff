"""What the pages of statements, reconciliation and internal control share."""

from datetime import date
from typing import Any

from lms.domain.errors import NotFound
from lms.domain.funds import money
from lms.web import reconciliation_words
from lms.web.authority import navigation


def page(template: str, tab: str, **facts: Any) -> str:
    """Renders a page of a paymaster's desk; `tab` is the one it belongs to."""
    return navigation.page(template, tab, words=reconciliation_words, yuan=money.show, **facts)


def month_of(text: str) -> date:
    """The first day of a month as an address tells it (2026-11); NotFound for what is none."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise NotFound from None
    if f"{found:%Y-%m}" != text:
        raise NotFound
    return found
