"""The numbers of how a course is studied, in words and columns: the same for the page, its charts and the CSV."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from lms.adapters.sheets import Cell
from lms.domain.analytics import FEWEST, Bucket, Strip
from lms.domain.discrimination import LEAST_PERSONS
from lms.domain.items import Item, Trouble
from lms.services.analytics import LessonSum
from lms.web.language import counted
from lms.web.pages import named

MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000
KINDS = {"video": _("视频"), "reading": _("阅读"), "quiz": _("小测验"), "practice": _("动手练习"), "file": _("资料")}
COUNTS = {
    "reached": _("学到这里的人"),
    "covered": _("看过的人"),
    "again": _("又看一遍的人"),
    "stopped": _("停在这里的人"),
    "asked": _("被抽验的人"),
    "failed": _("抽验没过的人"),
}
CHARTS = {
    "stopped": (_("停在哪里"), _("还没学完就离开，五分钟以内没有回来。")),
    "again": (_("哪里又看一遍"), _("同一个地方看了不止一次：可能重要，也可能没讲清楚。")),
    "failed": (_("哪里抽验没过"), _("答错、没有按时回答。点“我在忙”不算。")),
    "covered": (_("哪里看过"), _("柱子是看过这一段的人，线是学到这里或更后面的人；柱子比线矮，就是有人跳过去了。")),
}
TROUBLES = {
    Trouble.AGAINST: _("别的题答得好的人，反而在这题上错：答案或说法可能有误。"),
    Trouble.LURE: _("选“%(option)s”的人，不比答对的人少：这个选项把人带偏了。"),
    Trouble.HARD: _("第一次答对的不到四成：题太难，或者课里没讲清楚。"),
}


def columns(first: str) -> list[dict[str, Any]]:
    """The columns of the table of buckets; `first` is the title of the first."""
    return [{"label": first}, *({"label": title, "figure": True} for title in COUNTS.values())]


def few() -> str:
    """What stands where a number is withheld."""
    return str(gettext("不到 %(few)s 人", few=FEWEST))


def clock_words(ms: int) -> str:
    """A place in a lesson as players show it, 1:20."""
    minutes, seconds = divmod(ms // 1000, 60)
    return f"{minutes}:{seconds:02}"


def place(bucket: Bucket) -> str:
    """From where to where, 1:20–1:30."""
    return f"{clock_words(bucket.from_ms)}–{clock_words(bucket.to_ms)}"


def elapsed(ms: int | None) -> str:
    """How long it took from first to last, as roughly as people say it."""
    if ms is None:
        return "—"
    if ms < 2 * HOUR_MS:
        return str(gettext("%(n)s 分钟", n=ms // MINUTE_MS))
    if ms < 2 * DAY_MS:
        return counted("%(n)s 小时", n=ms // HOUR_MS)
    return counted("%(n)s 天", n=ms // DAY_MS)


def bars(strip: Strip, name: str) -> list[tuple[int | None, str]]:
    """A chart's bars from left to right: the number, None where withheld, and what a pointer on it reads."""
    made: list[tuple[int | None, str]] = []
    for bucket in strip.buckets:
        value = getattr(bucket.counts, name) if bucket.counts else None
        made.append((value, f"{place(bucket)} · {few() if value is None else value}"))
    return made


def line(strip: Strip) -> list[int]:
    """How many got so far, bucket by bucket, up to where it is withheld or nobody did."""
    return [each.counts.reached for each in strip.buckets if each.counts and each.counts.reached]


def peaks(strip: Strip, name: str) -> list[str]:
    """Where most persons did it, a sentence each."""
    found = ((place(each), getattr(each.counts, name)) for each in strip.peaks(name))
    return [counted("%(place)s：%(n)s 人", place=where, n=persons) for where, persons in found]


def troubles(item: Item) -> list[str]:
    """Why a question should be read again."""
    lure = item.question.options[item.lure].text if item.lure is not None else ""
    return [str(TROUBLES[each]) % ({"option": lure} if each is Trouble.LURE else {}) for each in item.troubles]


def parted(item: Item) -> str:
    """How well a question tells those who can from those who cannot yet."""
    if item.persons < LEAST_PERSONS:
        return str(gettext("作答的人不到 %(enough)s 位，还看不出来", enough=LEAST_PERSONS))
    if item.discrimination is None:
        return str(gettext("别的题大家答得一样，看不出来"))
    return str(Decimal(item.discrimination).scaleb(-3).quantize(Decimal("0.01")))


def minutes(ms: int | None) -> Decimal | None:
    """Minutes with one decimal, rounded down."""
    return None if ms is None else Decimal(ms * 10 // MINUTE_MS).scaleb(-1)


def course_titles() -> list[str]:
    """The columns of a course's numbers."""
    titles = (
        *(_("小节"), _("形式"), _("计划（分钟）"), _("长度（分钟）"), _("学过的人"), _("学完的人")),
        *(_("有效学习，居中的人（分钟）"), _("从头到尾，居中的人（分钟）"), _("被抽验的人"), _("抽验没过的人")),
        *(_("作答的人"), _("第一次就及格的人"), _("及格的人"), _("作答次数")),
    )
    return [str(title) for title in titles]


def course_cells(row: LessonSum) -> list[Cell]:
    """One lesson; what is withheld stays empty."""
    times, tries, checks = row.times, row.tries, row.checks or (None, None)
    spent = (times.persons, times.finished, minutes(times.credited_ms), minutes(times.elapsed_ms)) if times else None
    tried = (tries.persons, tries.passed_first, tries.passed, tries.attempts) if tries else None
    known: tuple[Any, ...] = (named(row.text), str(KINDS[row.text.kind]), row.text.minutes or None)
    return [*known, minutes(row.duration_ms or None), *(spent or (None,) * 4), *checks, *(tried or (None,) * 4)]


def bucket_titles() -> list[str]:
    """The columns of a lesson's numbers."""
    return [str(title) for title in (_("从（秒）"), _("到（秒）"), *COUNTS.values())]


def bucket_cells(bucket: Bucket) -> list[Cell]:
    """Ten seconds; what is withheld stays empty."""
    counts = [getattr(bucket.counts, name) if bucket.counts else None for name in COUNTS]
    whole, rest = divmod(bucket.to_ms, 1000)
    return [bucket.from_ms // 1000, Decimal(bucket.to_ms).scaleb(-3) if rest else whole, *counts]


def item_titles() -> list[str]:
    """The columns of a quiz's numbers."""
    titles = (
        *(_("题目"), _("作答的人"), _("第一次答对的人"), _("没有选的人"), _("区分度")),
        *(_("选项"), _("正确"), _("选它的人")),
    )
    return [str(title) for title in titles]


def item_cells(item: Item) -> Iterator[list[Cell]]:
    """One question, a row for each option."""
    parts = None if item.discrimination is None else Decimal(item.discrimination).scaleb(-3)
    for option, picked in zip(item.question.options, item.picked, strict=True):
        known: list[Cell] = [item.question.stem, item.persons, item.right, item.unanswered, parts]
        yield [*known, option.text, str(gettext("是") if option.correct else gettext("否")), picked]
