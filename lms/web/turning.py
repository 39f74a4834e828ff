"""Turning the pages of a long list."""

from typing import Any

from flask import request, url_for

MOST_PAGES = 100_000


def page_number() -> int:
    """The page asked for, from 1."""
    return min(max(1, request.args.get("page", 1, type=int)), MOST_PAGES)


def page_count(total: int, size: int) -> int:
    """How many pages `total` rows fill; an empty list is one page."""
    return max(1, -(-total // size))


def turned(number: int) -> str:
    """The address of another page of the same list, narrowed as this one is."""
    kept = {name: value for name, value in request.args.items() if value and name != "page"}
    facts: dict[str, Any] = {**kept, **(request.view_args or {}), "page": number}
    return url_for(request.endpoint or "", **facts)
