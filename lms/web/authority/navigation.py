"""The bar of an inspector's desk, and what every page of it says."""

from datetime import date
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.services import inspectors
from lms.web import access


def page(template: str, **facts: Any) -> str:
    """Renders a page of the desk."""
    nav = [
        {"label": _("机构列表"), "href": url_for("authority.index"), "icon": "building", "current": True},
        {"label": _("我的"), "href": url_for("accounts.mine.index"), "icon": "person", "current": False},
    ]
    return render_template(template, nav=nav, last_day=_last_day(), **facts)


def _last_day() -> date | None:
    """The day on which the last of her grants ends."""
    keyring = access.parts().keyring
    own = inspectors.list_own(db.current(), keyring, access.actor(), now=clock.now())
    return max((grant.last_day for grant in own), default=None)
