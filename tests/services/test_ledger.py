"""The ledger: each total is the sum of its rows, and learner, institution and inspector read the same."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from lms.domain.errors import NotFound
from lms.domain.roles import Role
from lms.domain.statements import CheckState, Totals, stretches, totals
from lms.models.courses import Lesson
from lms.models.study import LessonProgress
from lms.parts import Parts
from lms.services import ledger
from lms.services.ledger import STATES, Ledger, Which
from lms.services.scopes import Actor
from tests.support.cast import LESSON_MS, Cast
from tests.support.ledger import Scribe
from tests.support.statements import statements

MORNING = datetime(2026, 11, 26, 0, 30, tzinfo=UTC)  # 08:30 in China
BEFORE_MIDNIGHT = datetime(2026, 11, 26, 15, 59, 50, tzinfo=UTC)
BEAT = 20_000


def read(parts: Parts, actor: Actor, cast: Cast, role: Role = Role.LEARNER) -> Ledger:
    with parts.database.transaction(write=False) as session:
        return ledger.read(session, parts.keyring, actor, cast.enrollment, role=role)


def later(minutes: float) -> datetime:
    return MORNING + timedelta(minutes=minutes)


def test_an_empty_ledger(parts: Parts, cast: Cast) -> None:
    found = read(parts, cast.lifang, cast)
    assert (found.rows, found.days, found.totals) == ((), (), Totals(0, 0, 0, {}))
    assert [each.missing_ms for each in found.lessons] == [LESSON_MS * 95 // 100] * 2
    assert (found.missing_ms, found.class_hour_hundredths, found.making_count) == (228_000, 0, 0)
    assert (found.name, found.number, found.cohort) == ("李芳", "219999********0026", "2026年冬季一班")


def test_what_is_not_timed_has_no_page(parts: Parts, cast: Cast) -> None:
    """A practice list or a paper of the course earns no time, so the ledger does not speak of it."""
    with parts.database.transaction() as session:
        for kind in ("practice", "file"):
            facts = {"module_slug": "hello", "slug": kind, "kind": kind, "title": kind, "title_en": kind}
            position = 90 + len(kind)
            session.add(Lesson(course_version_id=cast.version, position=position, duration_ms=0, **facts))
    assert [each.kind for each in read(parts, cast.lifang, cast).lessons] == ["video", "reading"]


def test_rows_tell_when_what_and_why(parts: Parts, cast: Cast) -> None:
    scribe = Scribe(parts, cast)
    scribe.study("say-hello", (0, BEAT), MORNING, evidence_class="gap")
    scribe.refuse("read-hello", (0, BEAT), later(3), "lease_lost")
    first, second = read(parts, cast.lifang, cast).rows
    assert (first.starts_at, first.ends_at) == (MORNING, MORNING + timedelta(seconds=20))
    assert (first.from_ms, first.to_ms, first.day, first.evidence_class) == (0, BEAT, date(2026, 11, 26), "gap")
    assert (first.verdict, first.rule, first.policy_code) == ("credited", "online-2", "base-2023")
    assert (first.has_wall, first.credited_ms, first.check) == (True, BEAT, CheckState.WAITING)
    assert (second.has_wall, second.starts_at, second.ends_at) == (False, later(3), later(3))
    assert (second.verdict, second.lost_ms, second.check) == ("lease_lost", BEAT, CheckState.NOTHING)


def test_midnight_of_china_parts_an_interval(parts: Parts, cast: Cast) -> None:
    Scribe(parts, cast).study("say-hello", (0, 30_000), BEFORE_MIDNIGHT)
    found = read(parts, cast.lifang, cast)
    days = [(each.day.isoformat(), each.totals.credited_ms) for each in found.days]
    assert days == [("2026-11-27", 20_000), ("2026-11-26", 10_000)]
    assert [(row.from_ms, row.to_ms, row.crosses_midnight) for row in found.rows] == [
        (10_000, 30_000, True),
        (0, 10_000, True),
    ]


def test_checks_decide_on_the_entries_before_them(parts: Parts, cast: Cast) -> None:
    scribe = Scribe(parts, cast)
    for number in range(3):
        scribe.study("say-hello", (number * BEAT, (number + 1) * BEAT), later(number))
    scribe.check("passed", 0, 1, later(5))
    scribe.check("wrong", 1, 2, later(6))
    scribe.check("busy", 2, 3, later(7))
    rows = read(parts, cast.lifang, cast).rows
    assert [row.check for row in rows] == [CheckState.CONFIRMED, CheckState.MISSED, CheckState.WAITING]
    assert [row.confirm_until for row in rows] == [None, later(6) + timedelta(days=7), None]
    scribe.check("passed", 1, 2, later(20), kind="recovery")
    found = read(parts, cast.lifang, cast)
    assert (found.totals.confirmed_ms, found.missed_ms, found.waiting_ms) == (2 * BEAT, 0, BEAT)


def test_a_failed_second_try_does_not_stretch_the_seven_days(parts: Parts, cast: Cast) -> None:
    scribe = Scribe(parts, cast)
    scribe.study("say-hello", (0, BEAT), MORNING)
    scribe.check("missed", 0, 1, later(5))
    scribe.check("wrong", 0, 1, later(3000), kind="recovery")
    (row,) = read(parts, cast.lifang, cast).rows
    assert row.confirm_until == later(5) + timedelta(days=7)


def test_a_correction_is_seen_and_what_was_played_again_stands_in(parts: Parts, cast: Cast) -> None:
    scribe = Scribe(parts, cast)
    first = scribe.study("say-hello", (0, BEAT), MORNING)
    scribe.study("say-hello", (10_000, 30_000), later(5), verdict="credited_in_part", credited_ms=10_000)
    scribe.void([first], later(100))
    gone, stays = read(parts, cast.lifang, cast).rows
    assert (gone.is_voided, gone.posted_ms, gone.credited_ms, gone.voided_ms) == (True, BEAT, 0, BEAT)
    assert (stays.credited_ms, stays.voided_ms) == (20_000, -10_000)
    assert read(parts, cast.lifang, cast).totals == Totals(20_000, 0, 10_000, {"online": 20_000})


def mixed(parts: Parts, cast: Cast, seed: int) -> Scribe:
    """A fortnight of study of all kinds, drawn at random."""
    draw, scribe = random.Random(seed), Scribe(parts, cast)
    covered: dict[str, set[int]] = {"say-hello": set(), "read-hello": set()}
    made = []
    for _ in range(40):
        slug = draw.choice(list(covered))
        start = draw.randrange(0, 100)
        span = range(start, min(120, start + draw.randrange(5, 30)))
        gained = len(set(span) - covered[slug])
        covered[slug] |= set(span)
        began = MORNING + timedelta(minutes=300 * len(made) + draw.randrange(250))
        how = draw.choice(["online", "gap", "offline", "attended", "imported"])
        made.append(
            scribe.study(
                slug, (span[0] * 1000, (span[-1] + 1) * 1000), began, credited_ms=gained * 1000, evidence_class=how
            )
        )
        if draw.random() < 0.2:
            scribe.refuse(slug, (0, 1000), began + timedelta(minutes=40), "seq_gap")
        if draw.random() < 0.3:
            outcome = draw.choice(["passed", "missed", "busy"])
            scribe.check(outcome, draw.randrange(scribe.entry), scribe.entry, began + timedelta(minutes=45))
    scribe.void(draw.sample(made, 4), MORNING + timedelta(days=30))
    scribe.settle()
    return scribe


@pytest.mark.parametrize("seed", range(5))
def test_every_total_is_the_sum_of_the_rows_it_leads_to(parts: Parts, cast: Cast, seed: int) -> None:
    mixed(parts, cast, seed)
    found = read(parts, cast.lifang, cast)

    def leads_to(which: Which, expected: int, figure: Callable[[Totals], int] = lambda sum_: sum_.credited_ms) -> None:
        rows = found.select(which)
        assert figure(totals(rows)) == expected
        assert sum(figure(each.totals) for each in stretches(rows)) == expected

    whole = found.totals
    assert whole.credited_ms == sum(whole.by_class.values())
    leads_to(Which(state="credited"), whole.credited_ms)
    leads_to(Which(state="confirmed"), whole.confirmed_ms, lambda sum_: sum_.confirmed_ms)
    leads_to(Which(state="voided"), whole.voided_ms, lambda sum_: sum_.voided_ms)
    for name, expected in whole.by_class.items():
        leads_to(Which(evidence_class=name, state="credited"), expected)
    for each in found.days:
        leads_to(Which(day=each.day), each.totals.credited_ms)
        leads_to(Which(day=each.day, state="confirmed"), each.totals.confirmed_ms, lambda sum_: sum_.confirmed_ms)
    for lesson in found.lessons:
        leads_to(Which(lesson_id=lesson.lesson_id, state="credited"), lesson.totals.credited_ms)
    for sums in (found.days, found.lessons):
        assert sum(each.totals.credited_ms for each in sums) == whole.credited_ms
        assert sum(each.totals.confirmed_ms for each in sums) == whole.confirmed_ms
        assert sum(each.totals.voided_ms for each in sums) == whole.voided_ms
    assert whole.credited_ms == whole.confirmed_ms + found.waiting_ms + found.missed_ms
    assert set(STATES) == {"credited", "confirmed", "waiting", "missed", "uncredited", "voided"}


@pytest.mark.parametrize("seed", range(5))
def test_the_ledger_says_what_the_kept_sums_say(parts: Parts, cast: Cast, seed: int) -> None:
    mixed(parts, cast, seed)
    found = read(parts, cast.lifang, cast)
    with parts.database.transaction(write=False) as session:
        for lesson in found.lessons:
            kept = session.get_one(LessonProgress, (cast.enrollment, lesson.lesson_id))
            assert (kept.credited_ms, kept.confirmed_ms) == (lesson.totals.credited_ms, lesson.totals.confirmed_ms)
            assert kept.by_class == lesson.totals.by_class


def test_learner_institution_and_inspector_read_the_same(parts: Parts, cast: Cast) -> None:
    mixed(parts, cast, 7)
    mine = read(parts, cast.lifang, cast)
    assert read(parts, cast.zhoumin, cast, Role.INSTITUTION) == mine
    assert read(parts, cast.wujian, cast, Role.INSPECTOR) == mine
    everywhere = Actor(cast.wujian.account_id, None, "", frozenset({(Role.INSPECTOR, None)}))
    assert read(parts, everywhere, cast, Role.INSPECTOR) == mine


@pytest.mark.parametrize(
    ("who", "role"),
    [
        ("chenmo", Role.LEARNER),
        ("zhoumin", Role.LEARNER),
        ("sunyue", Role.INSTITUTION),
        ("lifang", Role.INSTITUTION),
        ("wanglei", Role.INSTITUTION),
        ("wujian", Role.INSTITUTION),
        ("zhoumin", Role.INSPECTOR),
        ("admin", Role.INSPECTOR),
    ],
)
def test_nobody_else_finds_it(parts: Parts, cast: Cast, who: str, role: Role) -> None:
    with pytest.raises(NotFound):
        read(parts, getattr(cast, who), cast, role)


def test_an_inspector_of_one_institution_finds_no_other(parts: Parts, cast: Cast) -> None:
    elsewhere = Actor(cast.wujian.account_id, None, "", frozenset({(Role.INSPECTOR, cast.anhe)}))
    with pytest.raises(NotFound):
        read(parts, elsewhere, cast, Role.INSPECTOR)


def test_it_is_read_in_as_many_queries_however_long_it_is(parts: Parts, cast: Cast) -> None:
    scribe = Scribe(parts, cast)
    scribe.study("say-hello", (0, BEAT), MORNING)
    with statements(parts.database.engine) as first:
        read(parts, cast.lifang, cast)
    for number in range(1, 20):
        scribe.study("say-hello", (0, BEAT), later(number), credited_ms=0, verdict="already_credited")
    with statements(parts.database.engine) as asked:
        assert len(read(parts, cast.lifang, cast).rows) == 20
    assert len(asked) == len(first)
