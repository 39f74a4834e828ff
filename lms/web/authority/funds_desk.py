"""What the pages of paymasters share: the page around them, and a step that is done or told why not."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect
from werkzeug.wrappers import Response

from lms import db
from lms.domain.errors import Forbidden, NotFound, Refused
from lms.domain.funds import money
from lms.web import fund_words
from lms.web.authority.navigation import page
from lms.web.wording import sentence


def show(template: str, **facts: Any) -> str:
    """A page of the desk of paymasters."""
    return page(f"authority/funds/{template}", "funds", words=fund_words, yuan=money.show, **facts)


def step(act: Callable[[], object], done: str, back: str) -> Response:
    """Does something whole or not at all, says which, and goes back to the page it was asked on."""
    try:
        with db.current().begin_nested():
            act()
    except (NotFound, Forbidden):
        raise
    except Refused as refused:
        flash(sentence(refused.code, refused.values), "error")
    else:
        flash(done, "success")
    return redirect(back, 303)
