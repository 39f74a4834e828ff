"""How often one address may ask: Flask-Limiter, in memory of this process."""

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

# Generous: a whole care home or a carrier's gateway may share one address.
DEFAULT = "1200 per minute"
SIGN_IN = "60 per minute"
ENROL = "300 per hour"  # a form tells whether a number and a name belong together
LOOK_UP = "60 per minute"
EXPORTS = "30 per minute"
UPLOADS = "60 per hour"  # papers that people hand in

limiter = Limiter(get_remote_address, default_limits=[DEFAULT], storage_uri="memory://")


def install(app: Flask) -> None:
    """Ties the limits to the application."""
    app.config.setdefault("RATELIMIT_HEADERS_ENABLED", False)
    limiter.init_app(app)
