"""What every page knows: who is signed in, where her home is, the words for codes."""

import unicodedata
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, url_for
from flask_login import current_user
from markupsafe import Markup

from lms.domain.roles import Role
from lms.web.language import is_english
from lms.web.rights_words import notice_of
from lms.web.wording import duration, duration_up, sentence

HOMES = (
    (Role.PLATFORM, "platform.index"),
    (Role.INSTITUTION, "institution_cohorts.index"),
    (Role.TRAINER, "trainer_courses.index"),
    (Role.EXAMINER, "examiner.index"),
    (Role.MENTOR, "mentor.index"),
    (Role.INSPECTOR, "authority.index"),  # an officer's too
    (Role.PAYMASTER, "authority_funds.index"),
    (Role.STATISTICS, "authority_statistics.index"),
)


def home_url() -> str:
    """Where the signed-in person's work begins."""
    for role, endpoint in HOMES:
        if current_user.actor.has(role):
            return url_for(endpoint)
    return url_for("learner_courses.home")


def local_path(target: str | None) -> str | None:
    """`target` if it is a path of this site, else None: no //evil, no /\\evil, no https:evil."""
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return None
    if any(unicodedata.category(sign) == "Cc" for sign in target):  # browsers drop tabs and line breaks
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


def named(thing: Any, field: str = "title") -> str:
    """A text that exists in two languages, in the reader's; Chinese where the other is missing."""
    translated = getattr(thing, f"{field}_en", "") if is_english() else ""
    return str(translated or getattr(thing, field))


def titled(thing: Any, field: str = "title") -> str | Markup:
    """The same on a page: Chinese words on an English page say which language they are."""
    words = named(thing, field)
    is_foreign = is_english() and not getattr(thing, f"{field}_en", "")
    return Markup('<span lang="zh-Hans">{}</span>').format(words) if is_foreign else words


def install(app: Flask) -> None:
    """Gives templates the words for codes and lengths of time."""
    app.jinja_env.globals.update(sentence=sentence, duration=duration, home_url=home_url, named=named, titled=titled)
    app.jinja_env.globals.update(notice_of=notice_of)
    app.jinja_env.filters.update(duration=duration, duration_up=duration_up)
