"""Languages of the interface: Chinese first, English beside it."""

from flask import Flask, request, session
from flask_babel import Babel, format_date, format_datetime, get_locale

from lms import clock

LANGUAGES = {"zh_Hans": "中文", "en": "English"}
DEFAULT = "zh_Hans"


def choose() -> str:
    """What the person chose; else what her browser asks for; else Chinese."""
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    asked = request.accept_languages.best_match(["zh", "zh-CN", "zh-Hans", "en"], default="zh")
    return "en" if asked == "en" else DEFAULT


def install(app: Flask) -> None:
    """Ties Flask-Babel to the application; days are civil days in China."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    app.config["BABEL_DEFAULT_TIMEZONE"] = str(clock.CHINA)
    Babel(app, locale_selector=choose, default_locale=DEFAULT)
    app.jinja_env.globals.update(get_locale=get_locale, languages=LANGUAGES)
    app.jinja_env.filters.update(day=format_date, moment=lambda value: format_datetime(value, "short"))
