"""The bar of a desk with many places: the daily ones in it, the others one page away under 更多."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext as _


class Tab(NamedTuple):
    """A place of a desk. `about`: what it is for, said on the page of the others."""

    key: str
    label: str
    endpoint: str
    icon: str
    about: str = ""


def bar(place: str, daily: Sequence[Tab], others: Sequence[Tab], more: str) -> list[dict[str, Any]]:
    """`place`: where the reader is, one of `daily` or `others`; `more`: the endpoint of the page of the others."""
    elsewhere = {each.key for each in others}
    place = "more" if place in elsewhere else place
    rest = (Tab("more", _("更多"), more, "menu"),) if others else ()
    tabs = (*daily, *rest, Tab("me", _("我的"), "accounts.mine.index", "person"))
    return [
        {"label": each.label, "href": url_for(each.endpoint), "icon": each.icon, "current": each.key == place}
        for each in tabs
    ]
