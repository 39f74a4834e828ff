"""Languages of the interface: Chinese first, English beside it."""

from datetime import date, datetime

from flask import Flask, request, session
from flask_babel import Babel, format_date, format_datetime, get_locale, gettext, ngettext

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


def is_english() -> bool:
    """Whether the reader reads English; else Chinese."""
    return str(get_locale()).startswith("en")


def language() -> str:
    """The language of the page, by the name that sentences outside the catalogue go by."""
    return "en" if is_english() else DEFAULT


def counted(message: str, *, n: int, **values: object) -> str:
    """`message` with its values, in English in the form that goes with `n` (1 row, 2 rows); Chinese has one form."""
    return str(ngettext(message, message, n, n=n, **values))


def day(value: date) -> str:
    """A civil day as people write it: 2026年11月23日, 23 Nov 2026."""
    return str(format_date(value, "d MMM y" if is_english() else "long"))


def month(value: date) -> str:
    """A month as people write it: 2026年11月, Nov 2026."""
    return str(format_date(value, "MMM y" if is_english() else "y年M月"))


def dates(first: date, last: date | None) -> str:
    """From which civil day to which; from which on, where no end is given."""
    if last is None:
        return str(gettext("从 %(day)s 起", day=day(first)))
    return str(gettext("%(from)s 至 %(to)s", **{"from": day(first), "to": day(last)}))


def moment(value: datetime) -> str:
    """A moment in China's time: 2026年11月23日 09:48, 23 Nov 2026, 09:48."""
    return str(format_datetime(value, "d MMM y, HH:mm" if is_english() else "y年M月d日 HH:mm"))


def install(app: Flask) -> None:
    """Ties Flask-Babel to the application; days are civil days in China."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    app.config["BABEL_DEFAULT_TIMEZONE"] = str(clock.CHINA)
    Babel(app, locale_selector=choose, default_locale=DEFAULT)
    app.jinja_env.globals.update(counted=counted, dates=dates, languages=LANGUAGES)
    app.jinja_env.globals.update(get_locale=get_locale, is_english=is_english)
    app.jinja_env.filters.update(day=day, month=month, moment=moment)
