"""What the pages of statements, reconciliation and internal control share."""

from datetime import date
from typing import Any

from lms.domain.errors import NotFound
from lms.domain.funds import money
from lms.web import reconciliation_words
from lms.web.authority import navigation

FIRST_YEAR, LAST_YEAR = 2000, 2999
"""What a calendar and a database both know; whoever types other years into an address gets no page."""


def page(template: str, tab: str, **facts: Any) -> str:
    """Renders a page of a paymaster's desk; `tab` is the one it belongs to."""
    return navigation.page(template, tab, words=reconciliation_words, yuan=money.show, **facts)


def month_of(text: str) -> date:
    """The first day of a month as an address tells it (2026-11); NotFound for what is none."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise NotFound from None
    if f"{found:%Y-%m}" != text or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise NotFound
    return found
