"""Looks: every page an inspector opened, told to the institution and to the learner, and to nobody else."""

from datetime import date, timedelta

import pytest

from lms.parts import Parts
from lms.services import looks
from lms.services.looks import LookDay, LookPage
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast


def look(parts: Parts, cast: Cast, page: str, subject: object, days: int = 0) -> None:
    with parts.database.transaction() as session:
        now = NOON + timedelta(days=days)
        looks.record(session, cast.wujian, page, subject, organisation_id=cast.kangning, now=now)


def told(parts: Parts, actor: Actor, page: int = 1) -> LookPage:
    with parts.database.transaction(write=False) as session:
        return looks.list_of_institution(session, actor, page=page)


def days(parts: Parts, actor: Actor) -> list[LookDay]:
    with parts.database.transaction(write=False) as session:
        return looks.days_of_learner(session, actor)


def test_an_institution_reads_who_looked_at_what(parts: Parts, cast: Cast) -> None:
    look(parts, cast, "institution", cast.kangning)
    look(parts, cast, "cohort", cast.cohort, 1)
    look(parts, cast, "learner", cast.enrollment, 2)
    found = [(each.at, each.inspector, each.page, each.subject) for each in told(parts, cast.zhoumin).rows]
    assert found == [
        (NOON + timedelta(days=2), "吴检", "learner", "李芳"),
        (NOON + timedelta(days=1), "吴检", "cohort", "2026年冬季一班"),
        (NOON, "吴检", "institution", ""),
    ]


def test_strangers_read_nothing(parts: Parts, cast: Cast) -> None:
    look(parts, cast, "learner", cast.enrollment)
    for actor in (cast.sunyue, cast.wanglei, cast.wujian, cast.lifang):
        assert told(parts, actor).total == 0
    assert days(parts, cast.chenmo) == days(parts, cast.zhoumin) == []


def test_a_learner_reads_on_which_days(parts: Parts, cast: Cast) -> None:
    look(parts, cast, "cohort", cast.cohort)
    look(parts, cast, "intervals", cast.enrollment, 1)
    look(parts, cast, "cohort", cast.cohort, 1)
    look(parts, cast, "institution", cast.kangning, 2)
    assert days(parts, cast.lifang) == [LookDay(date(2026, 11, 24), True), LookDay(date(2026, 11, 23), False)]


def test_long_lists_have_pages(parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "PAGE", 2)
    for _ in range(3):
        look(parts, cast, "learner", cast.enrollment)
    pages = [told(parts, cast.zhoumin, number) for number in (1, 2, 99, -1)]
    assert [(len(each.rows), each.page, each.pages, each.total) for each in pages] == [
        (2, 1, 2, 3),
        (1, 2, 2, 3),
        (1, 2, 2, 3),
        (2, 1, 2, 3),
    ]
