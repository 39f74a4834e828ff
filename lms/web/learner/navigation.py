"""Pages of a learner, with her bottom bar."""

from typing import Any

from flask import render_template

from lms.web.tabs import learner_tabs


def page(template: str, place: str, **facts: Any) -> str:
    """Renders a learner's page; `place` is the tab she is in."""
    return render_template(template, nav=learner_tabs(place), **facts)
