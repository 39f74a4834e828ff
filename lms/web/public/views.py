"""What anybody may see: the front page, and the choice of language."""

from typing import Any

from flask import redirect, render_template, request, session, url_for
from flask_login import current_user

from lms.web import access
from lms.web.language import LANGUAGES
from lms.web.pages import home_url, local_path

bp = access.blueprint("public", __name__, access.PUBLIC)


@bp.get("/")
def home() -> Any:
    """The front page; for somebody signed in, her own first page."""
    if current_user.is_authenticated:
        return redirect(home_url())
    return render_template("public/home.html")


@bp.post("/language")
def set_language() -> Any:
    """Keeps the chosen language and goes back to the page the choice was made on."""
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        session["language"] = chosen
    return redirect(local_path(request.form.get("next")) or url_for("public.home"))
