"""From an error to a status and a page, or to JSON for the API: one table."""

from http import HTTPStatus

from flask import Flask, Response, current_app, jsonify, make_response, render_template
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, TooManyRequests

from lms.db import IntegrityError, OperationalError
from lms.domain.errors import Conflict, Forbidden, NotFound, NotSignedIn, Refused, TooMany, Unavailable
from lms.group_commit import Busy
from lms.web.access import is_api, parts
from lms.web.wording import sentence

STATUS: tuple[tuple[type[Refused], HTTPStatus], ...] = (
    (NotFound, HTTPStatus.NOT_FOUND),
    (NotSignedIn, HTTPStatus.UNAUTHORIZED),
    (Forbidden, HTTPStatus.FORBIDDEN),
    (Conflict, HTTPStatus.CONFLICT),
    (TooMany, HTTPStatus.TOO_MANY_REQUESTS),
    (Unavailable, HTTPStatus.SERVICE_UNAVAILABLE),
    (Refused, HTTPStatus.UNPROCESSABLE_ENTITY),
)


def status_of(error: Refused) -> HTTPStatus:
    """The HTTP status that a kind of refusal answers with."""
    return next(status for kind, status in STATUS if isinstance(error, kind))


def answer(status: int, code: str, values: dict[str, object], retry_after: int | None = None) -> Response:
    """The error page, or `{code, message, where}` for the API."""
    message = sentence(code, values)
    if is_api():
        response = jsonify(code=code, message=message, where=values.get("where"))
    else:
        with parts().database.transaction(write=False):
            response = make_response(render_template("errors/error.html", status=status, message=message))
    response.status_code = status
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _refused(error: Refused) -> Response:
    retry_after = error.retry_after_seconds if isinstance(error, TooMany) else None
    return answer(status_of(error), error.code, error.values, retry_after)


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if 300 <= status < 400:
        return make_response(error.get_response())  # a redirect of werkzeug's, such as a missing slash
    code = f"http_{status}"
    return answer(status, code if status in WORDED else "http_400", {})


def _too_many(_error: TooManyRequests) -> Response:
    return answer(429, "too_many_requests", {}, retry_after=60)


def _csrf(_error: CSRFError) -> Response:
    return answer(400, "csrf_failed", {})


def _clash(_error: IntegrityError) -> Response:
    return answer(409, "changed_meanwhile", {})


def _busy(_error: OperationalError | Busy) -> Response:
    return answer(503, "busy", {}, retry_after=5)


def _bug(error: Exception) -> Response:
    current_app.logger.exception("unexpected", exc_info=error)
    return answer(500, "http_500", {})


WORDED = (400, 401, 403, 404, 405, 413, 415, 422, 500)


def install(app: Flask) -> None:
    """Registers the table."""
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(TooManyRequests, _too_many)
    app.register_error_handler(IntegrityError, _clash)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(Busy, _busy)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _bug)
