"""A form as an answer: fresh, or once more with what is wrong."""

from typing import Any

from flask import make_response, render_template, request
from flask_wtf import FlaskForm
from wtforms import Field

from lms.domain.errors import Refused, TooMany
from lms.web import access
from lms.web.pages import local_path
from lms.web.wording import sentence


def page(template: str, form: FlaskForm, **facts: Any) -> Any:
    """The form; 422 when what was sent has faults."""
    facts |= {"next": local_path(request.args.get("next")), "demo": access.parts().config.is_demo}
    response = make_response(render_template(template, form=form, **facts))
    if form.errors:
        response.status_code = 422
    return response


def refused(template: str, form: FlaskForm, field: Field, refusal: Refused, **facts: Any) -> Any:
    """The form with the refusal's sentence at `field`; 429 with Retry-After when it was tried too often."""
    field.errors = [*field.errors, sentence(refusal.code, refusal.values)]
    response = page(template, form, **facts)
    if isinstance(refusal, TooMany):
        response.status_code = 429
        response.headers["Retry-After"] = str(refusal.retry_after_seconds)
    return response
