"""How tests sit at a browser: sign in, read a page's CSRF token, post a form with it."""

import html
import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lms import clock
from lms.parts import Parts
from lms.services import accounts
from lms.services.scopes import Actor
from tests.support.cast import PASSWORD, Cast

TOKEN_FIELD = re.compile(r'name="csrf[-_]token"[^>]*?(?:value|content)="([^"]+)"')


def csrf_token(client: FlaskClient, page: str) -> str:
    """The token that stands on `page`: a hidden field, or the <meta> of the layout."""
    response = client.get(page)
    found = TOKEN_FIELD.search(response.text)
    assert found, f"{page} answered {response.status_code} and shows no CSRF token"
    return html.unescape(found[1])


def post(client: FlaskClient, url: str, /, *, at: str | None = None, **fields: Any) -> TestResponse:
    """Posts a form with the CSRF token of the page `at` it stands on (by default the page at `url`)."""
    return client.post(url, data={"csrf_token": csrf_token(client, at or url), **fields})


def errors_at(page: str) -> set[str]:
    """The fields at which a page tells an error; the head of the form names the same, each with a link to it."""
    at = set(re.findall(r'<p class="error" id="f-([^"]+)-error"', page))
    assert at == set(re.findall(r'<li><a href="#f-([^"]+)"', page))
    assert all(f'id="f-{name}"' in page for name in at)
    return at


def sign_in(client: FlaskClient, cast: Cast, who: str) -> None:
    """Signs one of the cast in by the login page, as she would do it herself."""
    response = post(client, "/accounts/login", phone=cast.phones[who], password=PASSWORD)
    assert response.status_code == 303, f"{who} could not sign in: {response.status_code}"


def session_for(client: FlaskClient, parts: Parts, actor: Actor) -> str:
    """Signs `actor` in without the login page; returns the token, which also serves as a bearer token."""
    now = clock.now()
    with parts.database.transaction() as session:
        token = accounts.open_session(session, actor.account_id, method=accounts.PASSWORD, now=now)
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie["_user_id"] = token
        cookie["_fresh"] = True
        cookie["staff"] = bool(actor.roles)
        cookie["seen_at"] = int(now.timestamp())
    return token
