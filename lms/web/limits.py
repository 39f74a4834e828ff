"""How often one address, or one program, may ask: Flask-Limiter, in memory of this process."""

import time
import uuid
from http import HTTPStatus

from flask import Flask, Response, current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from lms.domain.errors import TooMany

# Generous: a whole care home or a carrier's gateway may share one address.
DEFAULT = "1200 per minute"
SIGN_IN = "60 per minute"
ENROL = "300 per hour"  # a form tells whether a number and a name belong together
LOOK_UP = "60 per minute"
MISSES = "20 per minute;200 per hour"  # codes and links that lead nowhere: people mistype, programs guess
EXPORTS = "30 per minute"
UPLOADS = "60 per hour"  # papers that people hand in

limiter = Limiter(get_remote_address, default_limits=[DEFAULT], storage_uri="memory://")


def is_miss(response: Response) -> bool:
    """Whether what was asked for is not there."""
    return response.status_code == HTTPStatus.NOT_FOUND


misses = limiter.shared_limit(MISSES, scope="misses", deduct_when=is_miss)
"""For views that anybody asks with a code: one count an address over all of them, of what was not there."""

programs = FixedWindowRateLimiter(MemoryStorage())


def check_program(service_id: uuid.UUID | None, per_minute: int) -> None:
    """Counts a request of a program against its own limit. TooMany: program_too_many_requests."""
    if not current_app.config.get("RATELIMIT_ENABLED", True):
        return
    limit = RateLimitItemPerMinute(per_minute)
    if not programs.hit(limit, "program", str(service_id)):
        wait = programs.get_window_stats(limit, "program", str(service_id)).reset_time - time.time()
        raise TooMany("program_too_many_requests", retry_after_seconds=max(1, round(wait)), most=per_minute)


def install(app: Flask) -> None:
    """Ties the limits to the application."""
    app.config.setdefault("RATELIMIT_HEADERS_ENABLED", False)
    limiter.init_app(app)
