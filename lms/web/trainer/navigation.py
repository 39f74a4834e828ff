"""The bar over a trainer's pages."""

from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from lms.web.forms import options_of


def page(template: str, place: str, **facts: Any) -> str:
    """Renders a trainer's page; `place` is where in the bar she is."""
    places = (
        ("courses", _("课程列表"), "trainer_courses.index", "book"),
        ("drafts", _("写课程"), "trainer_drafts.index", "edit"),
        ("media", _("素材"), "trainer_media.index", "video"),
        ("bank", _("题库"), "trainer_bank.index", "quiz"),
        ("classes", _("线下课"), "trainer_classes.index", "people"),
        ("me", _("我的"), "accounts.mine.index", "person"),
    )
    nav = [
        {"label": label, "href": url_for(endpoint), "icon": icon, "current": key == place}
        for key, label, endpoint, icon in places
    ]
    return render_template(template, nav=nav, options=options_of, **facts)
