"""Presence checks over the real tables (study-time.md, Presence; I13)."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from lms.domain.errors import Conflict, NotFound, Refused, TooMany
from lms.domain.presence import ANSWER_MS, MOST_TRIES, RECOVERY_MS
from lms.models.presence import PresenceCheck, PresenceOutcome
from lms.models.study import LessonProgress
from lms.parts import Parts
from lms.services import recovery
from tests.support.cast import Cast
from tests.support.study import NEVER, SOON, Phone, WoundClock, chain


@pytest.fixture
def phone(parts: Parts, cast: Cast, wound: WoundClock) -> Phone:
    return Phone(parts, cast.lifang, cast.enrollment, cast.lessons["say-hello"], check=SOON)


@pytest.fixture
def play(phone: Phone, wound: WoundClock) -> Callable[[int, int], dict[str, Any]]:
    """Plays from one position to another in heartbeats of 20 s; the last answer."""

    def played(start: int, end: int) -> dict[str, Any]:
        told: dict[str, Any] = {}
        for at in range(start, end, 20_000):
            wound.forward(20_000)
            told = phone.beat(at, at + 20_000)
        return told

    return played


def totals(parts: Parts) -> tuple[int, int]:
    with parts.database.transaction(write=False) as session:
        sums = select(func.sum(LessonProgress.credited_ms), func.sum(LessonProgress.confirmed_ms))
        return tuple(value or 0 for value in session.execute(sums).one())


Play = Callable[[int, int], dict[str, Any]]


def test_a_check_comes_when_its_credit_is_reached_and_stays_open(phone: Phone, play: Play) -> None:
    phone.open()
    assert play(0, 40_000)["challenge"] is None
    asked = play(40_000, 60_000)["challenge"]
    assert len(asked["options"]) >= 2
    assert asked["respond_within_ms"] == ANSWER_MS
    assert play(60_000, 80_000)["challenge"] == {**asked, "respond_within_ms": ANSWER_MS - 20_000}
    assert phone.open()["challenge"]["id"] == asked["id"]


def test_what_is_asked_does_not_tell_the_answer(phone: Phone, play: Play) -> None:
    phone.open()
    asked = play(0, 60_000)["challenge"]
    assert set(asked) == {"id", "kind", "stem", "stem_en", "options", "respond_within_ms"}


def test_a_pass_confirms_all_since_the_one_before(phone: Phone, play: Play, parts: Parts) -> None:
    phone.open()
    asked = play(0, 60_000)["challenge"]
    told = phone.reply(asked, phone.right(asked))
    assert (told["outcome"], told["confirmed_total_ms"], told["recover_until"]) == ("passed", 60_000, None)
    assert totals(parts) == (60_000, 60_000)
    later = play(60_000, 120_000)
    assert (later["confirmed_total_ms"], later["challenge"]["id"] != asked["id"]) == (60_000, True)
    assert phone.reply(later["challenge"], phone.right(later["challenge"]))["confirmed_total_ms"] == 120_000


def test_i13_no_answer_is_never_a_pass(phone: Phone, play: Play, parts: Parts, wound: WoundClock) -> None:
    phone.open()
    asked = play(0, 60_000)["challenge"]
    wound.forward(ANSWER_MS)
    play(60_000, 120_000)
    assert totals(parts) == (120_000, 0)
    with pytest.raises(Conflict, match="check_closed"):
        phone.reply(asked, phone.right(asked))
    assert totals(parts) == (120_000, 0)


def test_a_wrong_answer_leaves_it_unconfirmed_and_to_be_made_up_for(phone: Phone, play: Play, parts: Parts) -> None:
    phone.open()
    asked = play(0, 60_000)["challenge"]
    told = phone.reply(asked, (phone.right(asked) + 1) % len(asked["options"]))
    assert (told["outcome"], told["confirmed_total_ms"]) == ("wrong", 0)
    assert told["recover_until"]
    later = play(60_000, 120_000)["challenge"]
    phone.reply(later, phone.right(later))
    assert totals(parts) == (120_000, 60_000)  # a later pass does not reach behind the miss


def test_called_away_is_an_honest_answer_and_loses_nothing(phone: Phone, play: Play, parts: Parts) -> None:
    phone.open()
    asked = play(0, 60_000)["challenge"]
    assert phone.reply(asked, None) == {"outcome": "busy", "confirmed_total_ms": 0, "recover_until": None}
    later = play(60_000, 120_000)["challenge"]
    phone.reply(later, phone.right(later))
    assert totals(parts) == (120_000, 120_000)


def test_an_answer_that_comes_too_late_is_no_pass(phone: Phone, play: Play, parts: Parts, wound: WoundClock) -> None:
    phone.open()
    asked = play(0, 60_000)["challenge"]
    wound.forward(ANSWER_MS + 1)
    assert phone.reply(asked, phone.right(asked))["outcome"] == "late"
    assert totals(parts) == (60_000, 0)


def test_i4_the_same_answer_again_is_the_same_outcome_and_another_is_refused(phone: Phone, play: Play) -> None:
    phone.open()
    asked = play(0, 60_000)["challenge"]
    right = phone.right(asked)
    first = phone.reply(asked, right)
    assert phone.reply(asked, right) == first
    for other in ((right + 1) % 2, None):
        with pytest.raises(Conflict, match="check_closed"):
            phone.reply(asked, other)


def test_i6_nobody_answers_for_another(phone: Phone, play: Play, parts: Parts, cast: Cast) -> None:
    phone.open()
    asked = play(0, 60_000)["challenge"]
    for actor in (cast.chenmo, cast.zhoumin):
        with pytest.raises(NotFound):
            Phone(parts, actor, cast.enrollment, phone.lesson).reply(asked, 0)
    with pytest.raises(Refused, match="answer_unknown_option"):
        phone.reply(asked, 9)


def missed(phone: Phone, play: Play, wound: WoundClock) -> None:
    phone.open()
    play(0, 60_000)
    wound.forward(ANSWER_MS + 1)
    phone.check = NEVER
    play(60_000, 80_000)


def test_a_miss_is_made_up_for_within_seven_days(
    phone: Phone, play: Play, parts: Parts, cast: Cast, wound: WoundClock
) -> None:
    missed(phone, play, wound)
    with parts.database.transaction(write=False) as session:
        waiting = recovery.list_waiting(session, cast.lifang)
    assert [(each.unconfirmed_ms, each.until is None) for each in waiting] == [(60_000, False), (20_000, True)]
    asked = phone.recover()
    assert asked["kind"] == "recovery"
    assert phone.recover()["id"] == asked["id"]
    phone.reply(asked, phone.right(asked))
    assert totals(parts) == (80_000, 60_000)
    rest = phone.recover()
    phone.reply(rest, phone.right(rest))
    assert totals(parts) == (80_000, 80_000)
    with pytest.raises(Conflict, match="nothing_to_confirm"):
        phone.recover()


def test_after_seven_days_a_miss_stays(phone: Phone, play: Play, parts: Parts, cast: Cast, wound: WoundClock) -> None:
    missed(phone, play, wound)
    wound.forward(RECOVERY_MS + 1)
    asked = phone.recover()
    phone.reply(asked, phone.right(asked))
    assert totals(parts) == (80_000, 20_000)
    with parts.database.transaction(write=False) as session:
        assert recovery.list_waiting(session, cast.lifang) == []


def test_guessing_costs_a_minute_a_try(phone: Phone, play: Play, wound: WoundClock) -> None:
    missed(phone, play, wound)
    asked = phone.recover()
    phone.reply(asked, (phone.right(asked) + 1) % len(asked["options"]))
    with pytest.raises(TooMany, match="challenge_too_soon"):
        phone.recover()
    wound.forward(60_000)
    assert phone.recover()["id"] != asked["id"]


def test_nobody_guesses_until_it_fits(phone: Phone, play: Play, wound: WoundClock, parts: Parts) -> None:
    missed(phone, play, wound)
    for _ in range(MOST_TRIES):
        asked = phone.recover()
        assert asked["id"]
        phone.reply(asked, (phone.right(asked) + 1) % len(asked["options"]))
        wound.forward(60_000)
    rest = phone.recover()  # what was not asked about yet has tries of its own
    phone.reply(rest, phone.right(rest))
    assert totals(parts) == (80_000, 20_000)
    with pytest.raises(Conflict, match="no_tries_left"):
        phone.recover()


def test_a_stranger_recovers_nothing(phone: Phone, play: Play, parts: Parts, cast: Cast, wound: WoundClock) -> None:
    missed(phone, play, wound)
    for actor in (cast.chenmo, cast.zhoumin):
        with pytest.raises(NotFound):
            Phone(parts, actor, cast.enrollment, phone.lesson).recover()
        with parts.database.transaction(write=False) as session:
            assert recovery.list_waiting(session, actor) == []


def test_a_new_session_does_not_put_a_check_off(phone: Phone, wound: WoundClock) -> None:
    asked = None
    for at in range(0, 120_000, 20_000):
        phone.open()
        wound.forward(20_000)
        asked = asked or phone.beat(at, at + 20_000)["challenge"]
    assert asked is not None


def test_what_comes_out_of_a_gap_waits_for_the_next_check(
    phone: Phone, play: Play, parts: Parts, wound: WoundClock
) -> None:
    phone.open()
    play(0, 20_000)
    wound.forward(50_000)
    plays = [(20_000, 40_000, 0, 20_000), (40_000, 60_000, 20_000, 40_000)]
    told = json.loads(phone.upload(phone.gap(*plays)))
    assert (told["credited_total_ms"], told["confirmed_total_ms"]) == (60_000, 0)
    phone.reply(told["challenge"], phone.right(told["challenge"]))
    assert totals(parts) == (60_000, 60_000)


def test_what_was_studied_offline_is_asked_about_when_it_comes(phone: Phone, wound: WoundClock, parts: Parts) -> None:
    taken = phone.take_pass()
    wound.forward(3_600_000)
    kept = chain(taken["seed"], phone.lesson, [(0, 60_000, 0, 60_000)])
    asked = json.loads(phone.upload_pass(taken, kept))["challenge"]
    phone.reply(asked, phone.right(asked))
    assert totals(parts) == (60_000, 60_000)


def test_checks_and_outcomes_are_kept_for_good(phone: Phone, play: Play, parts: Parts) -> None:
    phone.open()
    asked = play(0, 60_000)["challenge"]
    phone.reply(asked, phone.right(asked))
    with parts.database.transaction(write=False) as session:
        assert session.scalar(select(func.count()).select_from(PresenceCheck)) == 1
        outcome = session.scalars(select(PresenceOutcome)).one()
        assert (outcome.from_entry, outcome.to_entry) == (0, outcome.entry - 1)
