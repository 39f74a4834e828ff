"""The four places of a learner's bottom bar."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _


def learner_tabs(place: str) -> list[dict[str, Any]]:
    """The bar with `place` (learn, time, records or me) marked as where she is."""
    tabs = (
        ("learn", _("学习"), "learner_courses.home", "book"),
        ("time", _("我的学时"), "learner_time.index", "clock"),
        ("records", _("记录"), "learner_records.index", "record"),
        ("me", _("我的"), "accounts.mine.index", "person"),
    )
    return [
        {"label": label, "href": url_for(endpoint), "icon": icon, "current": key == place}
        for key, label, endpoint, icon in tabs
    ]
