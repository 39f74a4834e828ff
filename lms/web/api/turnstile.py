"""Where plain heartbeats pass without Flask, which costs more than all that is recorded about them.

The turnstile only ever says yes. What is not plain (no login shown or two, a staff cookie, a missing CSRF token, a
strange host, a body that is not a heartbeat), and whatever the group refuses, goes on to Flask, which knows how to
say no: in the reader's language, with the right status, counted against the address it came from.
"""

import hmac
import io
import time
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import same_origin
from itsdangerous import BadData, URLSafeTimedSerializer
from pydantic import ValidationError
from werkzeug.sansio.http import parse_cookie
from werkzeug.sansio.utils import host_is_trusted

from lms.services.receipts import Answer
from lms.web import headers
from lms.web.api import heartbeats
from lms.web.api.heartbeats import ANSWERED, Beat, HeartbeatBody

PATH = "/api/v1/study/heartbeats"
LONGEST_BODY = 4096
CREATED = f"{HTTPStatus.CREATED.value} {HTTPStatus.CREATED.phrase}"
REFUSALS_A_MINUTE = 1200  # as the limit of every other address (limits.py)

Environ = dict[str, Any]


class Turnstile:
    """A WSGI application in front of Flask's own."""

    def __init__(self, app: Flask, *, secure: bool) -> None:
        self._onward: Any = app.wsgi_app
        self._app = app
        self._logins = _Logins(app)
        self._strikes = _Strikes()
        self._headers = [
            ("Content-Type", "application/json"),
            ("Vary", "Cookie"),
            *headers.always(secure=secure).items(),
            ("Cache-Control", "no-store"),
        ]
        self._trusted = lru_cache(64)(lambda host: host_is_trusted(host, app.config["TRUSTED_HOSTS"]))

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Answers an accepted heartbeat; hands everything else on."""
        beat = self._plain(environ) if environ.get("PATH_INFO") == PATH else None
        if beat is None:
            return self._pass_on(environ, start_response)
        answer = self._record(beat)
        if isinstance(answer, Answer):
            text = answer.text.encode()
            start_response(CREATED, [*self._headers, ("Content-Length", str(len(text)))])
            return (text,)
        self._strikes.note(environ.get("REMOTE_ADDR", ""))
        environ[ANSWERED] = answer
        return self._pass_on(environ, start_response)

    def _pass_on(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        passed: Iterable[bytes] = self._onward(environ, start_response)
        return passed

    def _record(self, beat: Beat) -> Answer | Exception:
        try:
            return heartbeats.group(self._app).submit(beat)
        except Exception as error:
            return error

    def _plain(self, environ: Environ) -> Beat | None:
        length = environ.get("CONTENT_LENGTH") or ""
        if environ.get("REQUEST_METHOD") != "POST" or not (length.isdecimal() and 0 < int(length) <= LONGEST_BODY):
            return None
        if self._strikes.too_many(environ.get("REMOTE_ADDR", "")) or not self._trusted(environ.get("HTTP_HOST", "")):
            return None
        token = self._logins.token(environ)
        if token is None:
            return None
        sent = environ["wsgi.input"].read(int(length))
        environ["wsgi.input"] = io.BytesIO(sent)  # for Flask, should it be asked after all
        try:
            return heartbeats.beat(token, HeartbeatBody.model_validate_json(sent))
        except ValidationError:
            return None


class _Logins:
    """Reads the token of a login from a header or from the session cookie, as Flask would."""

    def __init__(self, app: Flask) -> None:
        self._cookies: Any = SecureCookieSessionInterface().get_signing_serializer(app)
        self._name = app.config["SESSION_COOKIE_NAME"]
        self._longest_seconds = int(app.permanent_session_lifetime.total_seconds())
        self._csrf = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token")
        self._csrf_seconds = app.config["WTF_CSRF_TIME_LIMIT"]

    def token(self, environ: Environ) -> str | None:
        """The token of the one login that is shown; None if there is none, or any doubt."""
        shown, cookie = environ.get("HTTP_AUTHORIZATION"), environ.get("HTTP_COOKIE")
        if shown is not None and cookie is None:
            scheme, _, token = shown.partition(" ")
            return (token.strip() or None) if scheme.lower() == "bearer" else None
        return self._of_cookie(environ, cookie) if cookie is not None and shown is None else None

    def _of_cookie(self, environ: Environ, cookie: str) -> str | None:
        try:
            kept = self._cookies.loads(parse_cookie(cookie)[self._name], max_age=self._longest_seconds)
            sent = self._csrf.loads(environ["HTTP_X_CSRFTOKEN"], max_age=self._csrf_seconds)
            if kept.get("staff") or not hmac.compare_digest(kept["csrf_token"], sent):
                return None
            return kept["_user_id"] if _from_here(environ) else None
        except (BadData, KeyError):
            return None


def _from_here(environ: Environ) -> bool:
    """Whether a request over https names a page of this site as its origin, as Flask-WTF asks."""
    if environ.get("wsgi.url_scheme") != "https":
        return True
    referrer = environ.get("HTTP_REFERER")
    return bool(referrer) and bool(same_origin(referrer, f"https://{environ['HTTP_HOST']}/"))


class _Strikes:
    """How many heartbeats from one address were refused within this minute."""

    def __init__(self) -> None:
        self._minute = 0
        self._counts: Counter[str] = Counter()

    def note(self, address: str) -> None:
        self._counts[address] += 1

    def too_many(self, address: str) -> bool:
        minute = int(time.monotonic() // 60)
        if minute != self._minute:
            self._minute = minute
            self._counts = Counter()
        return self._counts[address] >= REFUSALS_A_MINUTE if address in self._counts else False
