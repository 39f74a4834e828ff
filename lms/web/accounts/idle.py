"""Staff who walk away: after half an hour without a request their login ends.

The moment of the last request is kept in the signed cookie. What a page sends by itself while a lesson
plays does not count as somebody being there.
"""

from flask import Flask, request, session

from lms import clock
from lms.services import accounts
from lms.web import access
from lms.web.accounts.entry import renew

IDLE_SECONDS = 30 * 60
NOTED_EVERY_SECONDS = 60  # so that not every answer carries a new cookie
BY_ITSELF = ("/api/v1/study/", "/trainer/media/")


def check() -> None:
    """Before each request: ends an idle staff login, on the server too, or notes that she is here."""
    if not session.get("staff"):
        return
    now = clock.now()
    idle_seconds = int(now.timestamp()) - int(session.get("seen_at", 0))
    if idle_seconds > IDLE_SECONDS:
        with access.parts().database.transaction() as transaction:
            accounts.sign_out(transaction, session.get("_user_id", ""), now=now)
        renew()
    elif idle_seconds >= NOTED_EVERY_SECONDS and not request.path.startswith(BY_ITSELF):
        session["seen_at"] = int(now.timestamp())


def install(app: Flask) -> None:
    """Checks every request, and lets a learner's cookie live as long as her login."""
    app.config["PERMANENT_SESSION_LIFETIME"] = accounts.LEARNER_LIFETIME
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False  # the login's own end is fixed at sign-in
    app.before_request(check)
