"""What looks strange, and what does not: a table of cases for each detector."""

from random import Random

import pytest

from lms.domain import flags
from lms.domain.flags import Answered, Beat, Opening
from lms.domain.study import next_beat_ms

HOUR = 3_600_000


def session(pace: float, count: int = 60, *, name: str = "s", seed: int = 1, start_ms: int = 0) -> list[Beat]:
    """A session whose phone reports when it is told to, content at this pace."""
    dice, at, beats = Random(seed), start_ms, []
    for seq in range(1, count + 1):
        wait = next_beat_ms(dice.random())
        at += wait
        beats.append(Beat(name, f"person of {name}", seq, int(wait * pace), at))
    return beats


@pytest.mark.parametrize("pace", [0.75, 1.0, 1.25, 1.5])
def test_every_speed_the_player_offers_is_honest(pace: float) -> None:
    for seed in range(20):
        assert flags.impossible_advance(session(pace, seed=seed), 0) is None


@pytest.mark.parametrize("pace", [2.0, 4.0, 20.0])
def test_faster_than_the_player_again_and_again_is_noticed(pace: float) -> None:
    found = flags.impossible_advance(session(pace, count=20), 0)
    assert found is not None
    assert found["reports"] == 20
    assert found["claimed_ms"] > found["elapsed_ms"] * 1.9


def test_a_weak_network_that_holds_reports_back_is_honest() -> None:
    """Each third report comes 10 to 30 s late, so that the one after it seems to come at once."""
    for seed in range(50):
        dice = Random(seed)
        beats = [
            Beat(beat.session, beat.person, beat.seq, beat.claimed_ms, beat.at_ms + dice.choice([0, 0, 10_000, 30_000]))
            for beat in session(1.5, seed=seed)
        ]
        at, kept = 0, []
        for beat in beats:
            at = max(at, beat.at_ms)
            kept.append(Beat(beat.session, beat.person, beat.seq, beat.claimed_ms, at))
        assert flags.impossible_advance(kept, 0) is None


def test_a_lesson_finished_at_one_stroke_is_too_few_reports_to_judge() -> None:
    assert flags.impossible_advance([Beat("s", "p", 1, HOUR, 5_000)], 0) is None


LATENCIES = [
    ([4_000, 4_050, 4_100, 4_020, 4_080], True),
    ([9_000, 4_000, 4_050, 4_100, 4_020, 4_080], True),
    ([4_000, 4_050, 4_100, 4_020], False),
    ([4_000, 6_500, 4_100, 9_000, 5_000, 4_400], False),
    ([4_000, 4_100, 4_200, 4_300, 4_400], False),
]


@pytest.mark.parametrize(("latencies", "strange"), LATENCIES)
def test_checks_too_regular(latencies: list[int], strange: bool) -> None:
    answers = [Answered(each, right=True) for each in latencies]
    assert (flags.checks_too_regular(answers) is not None) is strange


@pytest.mark.parametrize(
    ("right", "strange"), [("00000", True), ("100000", True), ("0000", False), ("000010000", False), ("", False)]
)
def test_wrong_answers(right: str, strange: bool) -> None:
    answers = [Answered(5_000 * (place + 1), right=sign == "1") for place, sign in enumerate(right)]
    assert (flags.wrong_answers(answers) is not None) is strange


def test_three_phones_moved_by_one_hand_are_in_step() -> None:
    together = session(1.0, count=25, name="a")
    for name, late in (("b", 120), ("c", 60)):
        together += [Beat(name, name, beat.seq + 3, beat.claimed_ms, beat.at_ms + late) for beat in together[:25]]
    found = flags.beats_in_step(together)
    assert found == {name: {"reports": 25, "others": 2} for name in "abc"}


def test_honest_phones_fall_out_of_step_however_many_there_are() -> None:
    everybody = [beat for one in range(300) for beat in session(1.0, name=str(one), seed=one)]
    assert flags.beats_in_step(everybody) == {}


def test_two_sessions_of_one_person_are_not_in_step_with_each_other() -> None:
    mine = session(1.0, count=30)
    assert flags.beats_in_step([*mine, *(Beat("t", b.person, b.seq, 1, b.at_ms + 50) for b in mine)]) == {}


def test_nineteen_beats_side_by_side_are_chance_twenty_are_not() -> None:
    for count, strange in ((19, False), (20, True)):
        mine = session(1.0, count=count, name="a")
        found = flags.beats_in_step([*mine, *(Beat("b", "b", b.seq, 1, b.at_ms + 200) for b in mine)])
        assert bool(found) is strange


@pytest.mark.parametrize(
    ("every_ms", "count", "strange"), [(60_000, 10, True), (60_000, 9, False), (70_000, 40, False), (1_000, 30, True)]
)
def test_takeover_storm(every_ms: int, count: int, strange: bool) -> None:
    openings = [Opening("p", place * every_ms) for place in range(count)]
    assert (flags.takeover_storm(openings) is not None) is strange


def test_a_script_begins_for_fifteen_in_one_moment_a_class_does_not() -> None:
    script = [Opening(str(one), one * 100) for one in range(15)]
    a_class = [Opening(str(one), one * 1_500) for one in range(40)]
    one_in_a_hurry = [Opening("p", one * 100) for one in range(40)]
    assert flags.institution_burst(script) == {str(one): {"persons": 15} for one in range(15)}
    assert flags.institution_burst(a_class) == {}
    assert flags.institution_burst(one_in_a_hurry) == {}
    assert flags.institution_burst(script[:14]) == {}


@pytest.mark.parametrize(("after_ms", "strange"), [(60_000, False), (600_000, False), (640_000, True)])
def test_a_class_that_opens_anew_after_an_outage_does_not_begin(after_ms: int, strange: bool) -> None:
    a_class = [Opening(str(one), one * 1_500) for one in range(20)]
    anew = [Opening(opening.person, after_ms + place * 50) for place, opening in enumerate(a_class)]
    assert bool(flags.institution_burst([*a_class, *anew])) is strange


@pytest.mark.parametrize(
    ("by_class", "strange"),
    [
        ({"offline": 2 * HOUR}, True),
        ({"online": HOUR, "gap": HOUR // 2, "offline": HOUR}, True),
        ({"online": HOUR, "offline": HOUR}, False),
        ({"offline": 2 * HOUR - 1}, False),
        ({"online": 5 * HOUR, "attended": 9 * HOUR}, False),
        ({}, False),
    ],
)
def test_mostly_offline(by_class: dict[str, int], strange: bool) -> None:
    assert (flags.mostly_offline(by_class) is not None) is strange


@pytest.mark.parametrize(
    ("ahead", "strange"), [([61_000] * 5, True), ([61_000] * 4, False), ([60_000] * 50, False), ([-HOUR] * 50, False)]
)
def test_impossible_clock(ahead: list[int], strange: bool) -> None:
    assert (flags.impossible_clock(ahead) is not None) is strange


def test_night_study_is_not_suspicious() -> None:
    """The same study at any hour of the day is judged alike, and honest study by night raises nothing."""
    for hour in range(24):
        beats = session(1.25, name="night", start_ms=hour * HOUR)
        openings = [Opening("night", hour * HOUR + minute * 600_000) for minute in range(6)]
        assert flags.impossible_advance(beats, hour * HOUR) is None
        assert flags.beats_in_step(beats) == {}
        assert flags.takeover_storm(openings) is None
        assert flags.institution_burst(openings) == {}
