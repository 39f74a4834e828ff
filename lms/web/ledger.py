"""The ledger on pages, the same for learner, institution and inspector: which rows, in which words."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from flask import request, url_for
from flask_babel import format_date, gettext

from lms import clock
from lms.domain.courses import LessonKind
from lms.domain.errors import NotFound
from lms.domain.statements import CheckState, Row, Stretch, Totals, stretches, totals
from lms.services.ledger import STATES, Ledger, LessonSum, Which
from lms.web import ledger_words
from lms.web.forms import day_in, id_in
from lms.web.language import day, is_english
from lms.web.pages import named
from lms.web.turning import page_count, page_number
from lms.web.wording import duration

PAGE = 50
CLASS = LessonKind.CLASS.value
WORTH_TELLING_MS = 1_000  # less than a second lost is the net's, not hers
HOURS: tuple[tuple[int, Callable[[], Any]], ...] = (
    (5, lambda: gettext("凌晨")),
    (8, lambda: gettext("早上")),
    (11, lambda: gettext("上午")),
    (13, lambda: gettext("中午")),
    (18, lambda: gettext("下午")),
    (24, lambda: gettext("晚上")),
)


@dataclass(frozen=True)
class Intervals:
    """One page of the intervals that a number is made of: as stretches, or one stretch taken apart."""

    which: Which
    stretch: uuid.UUID | None
    shown: tuple[Stretch, ...]
    totals: Totals
    count: int
    page: int
    pages: int


def overview(ledger: Ledger, endpoint: str, **place: Any) -> dict[str, Any]:
    """What a page over one ledger needs; `endpoint` shows intervals, and its neighbour `.show` the sums."""
    return {
        "ledger": ledger,
        "by": "lesson" if request.args.get("by") == "lesson" else "day",
        "href": partial(url_for, endpoint, **place),
        "told": TOLD,
        "now": clock.now(),
    }


def intervals(ledger: Ledger) -> Intervals:
    """The intervals that the address asks for; NotFound where it makes no sense."""
    which, stretch = _which(), id_in(request.args, "stretch")
    rows = ledger.select(which)
    found = stretches(rows)
    if stretch is not None:
        chosen = [each for each in found if each.first.id == stretch]
        if not chosen:
            raise NotFound
        rows = chosen[0].rows
        found = [Stretch((row,)) for row in rows]
    pages = page_count(len(found), PAGE)
    page = min(page_number(), pages)
    shown = tuple(found[(page - 1) * PAGE : page * PAGE])
    return Intervals(which, stretch, shown, totals(rows), len(rows), page, pages)


def query(found: Intervals) -> dict[str, str]:
    """The address of this very selection, for its other pages and its stretches."""
    which = found.which
    asked = {"day": which.day, "lesson": which.lesson_id, "state": which.state, "class": which.evidence_class}
    asked["stretch"] = found.stretch
    return {name: str(value) for name, value in asked.items() if value}


def _which() -> Which:
    state, evidence_class = request.args.get("state") or None, request.args.get("class") or None
    if state not in (None, *STATES) or evidence_class not in (None, *ledger_words.CLASSES):
        raise NotFound
    return Which(day_in(request.args, "day"), id_in(request.args, "lesson"), evidence_class, state)


def day_words(value: date) -> str:
    """A day with its weekday: 2026年11月26日 星期四, 26 Nov 2026 Thu."""
    return f"{day(value)} {weekday(value)}"


def weekday(value: date) -> str:
    """星期四, Thu."""
    return str(format_date(value, "EEE" if is_english() else "EEEE"))


def heading(ledger: Ledger, found: Intervals) -> str:
    """What the page is about, in a few words."""
    which = found.which
    told = [day_words(which.day)] if which.day else []
    told += [title(ledger, which.lesson_id)] if which.lesson_id else []
    told += [str(ledger_words.CLASSES[which.evidence_class])] if which.evidence_class else []
    told += [str(ledger_words.STATES[which.state])] if which.state else []
    return " · ".join(told) or str(gettext("全部记录"))


def lesson_of(ledger: Ledger, lesson_id: uuid.UUID) -> LessonSum | None:
    """A lesson of the course; None for one that is not in it."""
    return next((each for each in ledger.lessons if each.lesson_id == lesson_id), None)


def title(ledger: Ledger, lesson_id: uuid.UUID) -> str:
    """The name of a lesson in the reader's language."""
    found = lesson_of(ledger, lesson_id)
    if found is None:
        raise NotFound
    return str(gettext("线下课：%(title)s", title=named(found))) if found.kind == CLASS else named(found)


def when(stretch: Stretch, *, seconds: bool = False) -> str:
    """When it was: 11月26日 晚上 23:50–23:59, up to 24:00; for what was only received, the moment of that."""
    start, end = stretch.first.starts_at, stretch.last.ends_at
    date_words, begin = _short_day(stretch.first.day), _clock(start, seconds=seconds)
    if not stretch.first.has_wall:
        moment = f"{_part_of_day(start)} {begin}".strip()
        return str(gettext("%(day)s %(moment)s 收到", day=date_words, moment=moment))
    till = _clock(end, seconds=seconds)
    if clock.civil_day(end) > stretch.first.day:
        till = till.replace("00:00", "24:00", 1)
    hours = begin if begin == till else f"{begin}–{till}"
    return " ".join(part for part in (date_words, _part_of_day(start), hours) if part)


def _short_day(value: date) -> str:
    return str(format_date(value, "d MMM" if is_english() else "M月d日"))


def _clock(value: datetime, *, seconds: bool) -> str:
    return value.astimezone(clock.CHINA).strftime("%H:%M:%S" if seconds else "%H:%M")


def _part_of_day(value: datetime) -> str:
    """早上, 晚上 …: in Chinese only, where people say it with the hour."""
    if is_english():
        return ""
    hour = value.astimezone(clock.CHINA).hour
    return str(next(words() for until, words in HOURS if hour < until))


def what(ledger: Ledger, stretch: Stretch) -> str:
    """What was studied: 看了《…》，从 3 分 10 秒到 12 分 20 秒."""
    lesson = lesson_of(ledger, stretch.first.lesson_id)
    told = {
        "lesson": named(lesson) if lesson else "",
        "start": duration(stretch.first.from_ms),
        "end": duration(stretch.last.to_ms),
    }
    if lesson is not None and lesson.kind == CLASS:
        return str(gettext("线下课：%(title)s", title=named(lesson)))
    if stretch.first.evidence_class == "attended":
        return str(gettext("面授《%(lesson)s》，抵 %(start)s到 %(end)s这一段", **told))
    if stretch.first.evidence_class == "imported":
        return str(gettext("从别的系统转来《%(lesson)s》，抵 %(start)s到 %(end)s这一段", **told))
    if lesson is not None and lesson.kind == "reading":
        return str(gettext("读了《%(lesson)s》，阅读时间从 %(start)s到 %(end)s", **told))
    return str(gettext("看了《%(lesson)s》，从 %(start)s到 %(end)s", **told))


def why(stretch: Stretch) -> tuple[str, str] | None:
    """Why it did not count in full, and what to do next; None where there is nothing to explain."""
    if stretch.first.is_voided:
        return _both(ledger_words.VOIDED)
    if stretch.lost_ms < WORTH_TELLING_MS and stretch.totals.credited_ms:
        return None
    return _both(ledger_words.LEDGER_WORDS.get(stretch.verdict, ledger_words.UNKNOWN))


def _both(words: tuple[Any, Any]) -> tuple[str, str]:
    return str(words[0]), str(words[1])


def class_words(evidence_class: str) -> str:
    """How it came to be known, in plain words."""
    return str(ledger_words.CLASSES.get(evidence_class, evidence_class))


def check_words(stretch: Stretch) -> tuple[str, str]:
    """Whether it is confirmed, with the kind of status that shows it."""
    kinds = {"confirmed": "good", "waiting": "", "missed": "warn", "nothing": ""}
    state = stretch.first.check.value
    return str(ledger_words.CHECKS[state]), kinds[state]


def to_confirm(row: Row, now: datetime) -> datetime | None:
    """Until when a missed check can still be made up for."""
    is_open = row.check is CheckState.MISSED and row.confirm_until is not None and row.confirm_until > now
    return row.confirm_until if is_open else None


def page_words(page: str) -> str:
    """What kind of page an inspector opened."""
    return str(ledger_words.PAGES.get(page, page))


def class_hours(hundredths: int) -> str:
    """Class hours with two decimals, from hundredths that were rounded down."""
    return f"{hundredths // 100}.{hundredths % 100:02d}"


TOLD: dict[str, Callable[..., Any]] = {
    "day": day_words,
    "weekday": weekday,
    "title": title,
    "when": when,
    "what": what,
    "why": why,
    "way": class_words,
    "note": lambda name: str(ledger_words.CLASS_NOTES.get(name, "")),
    "check": check_words,
    "until": to_confirm,
    "heading": heading,
    "query": query,
    "class_hours": class_hours,
}
