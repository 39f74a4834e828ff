"""The places of examiners and mentors."""

from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from lms.domain.roles import Role
from lms.web import access
from lms.web.forms import options_of


def page(template: str, place: str, **facts: Any) -> str:
    """Renders a page with the desk's bar; `place` is the tab it belongs to."""
    tabs = (
        ("examine", _("考评"), "examiner.index", "check", Role.EXAMINER),
        ("mentor", _("带教"), "mentor.index", "people", Role.MENTOR),
        ("me", _("我的"), "accounts.mine.index", "person", Role.LEARNER),
    )
    nav = [
        {"label": label, "href": url_for(endpoint), "icon": icon, "current": key == place}
        for key, label, endpoint, icon, role in tabs
        if access.actor().has(role)
    ]
    return render_template(template, nav=nav, options=options_of, place=place, **facts)
