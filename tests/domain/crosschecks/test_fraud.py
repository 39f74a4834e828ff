"""Patterns of whole classes: what each finds, and what an honest class does that looks a little like it."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.crosschecks import fraud, fraud_devices, fraud_places, fraud_presence, fraud_sittings
from lms.domain.crosschecks.facts import ClassFacts, Room, Sitting, Stretch, Try
from lms.domain.crosschecks.patterns import Found, Outcome, Pattern, check_settling
from lms.domain.errors import Conflict

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
MEMBERS = tuple(f"p{number:02}" for number in range(20))


def _class(**facts: object) -> ClassFacts:
    told = ClassFacts("c1", MEMBERS, planned_ms=40 * HOUR, own_days=dict.fromkeys(MEMBERS, 9))
    return replace(told, **facts)  # type: ignore[arg-type]


def _each(make: Callable[[int, str, int], Stretch], days: Iterable[int] = range(8)) -> tuple[Stretch, ...]:
    return tuple(make(number, person, day) for number, person in enumerate(MEMBERS) for day in days)


def _lesson(number: int, person: str, day: int, **told: object) -> Stretch:
    start = day * DAY + number * 7 * MINUTE
    return replace(Stretch(person, start, start + HOUR, f"d{day}", device=f"phone-{person}"), **told)  # type: ignore[arg-type]


def test_a_class_that_others_entered_and_nobody_saw_is_a_ghost() -> None:
    paper = _each(
        lambda _number, person, day: Stretch(person, day * DAY, day * DAY + 3 * HOUR, f"d{day}", False, "", "room")
    )
    ghost = _class(stretches=paper, own_days={})
    found = fraud_presence.ghost_cohort(ghost)
    assert found
    assert found.suspects == MEMBERS
    seen = fraud_presence.ghost_cohort(replace(ghost, own_days={"p00": 5}))
    assert seen
    assert seen.held == ("p00",)
    assert fraud_presence.ghost_cohort(replace(ghost, own_days=dict.fromkeys(MEMBERS, 2))) is None  # honest, on paper
    assert fraud_presence.ghost_cohort(replace(ghost, stretches=())) is None  # has not begun
    assert fraud_presence.ghost_cohort(replace(ghost, members=MEMBERS[:7])) is None  # too few to say


def test_the_same_moments_over_and_over_are_no_people() -> None:
    same = _each(lambda _number, person, day: Stretch(person, day * DAY, day * DAY + HOUR, f"d{day}"))
    found = fraud_presence.identical_traces(_class(stretches=same))
    assert found
    assert found.detail == {"persons": 20, "members": 20, "stretches": 8}
    assert fraud_presence.identical_traces(_class(stretches=_each(_lesson))) is None
    paper = tuple(replace(each, is_own=False) for each in same)
    assert fraud_presence.identical_traces(_class(stretches=paper)) is None  # a paper list says the same of all


def test_one_device_for_most_of_a_class_is_a_farm() -> None:
    farm = _each(lambda number, person, day: _lesson(number, person, day, device="one" if number < 6 else person))
    found = list(fraud_devices.device_farm(_class(stretches=farm)))
    assert [(each.subject, each.suspects) for each in found] == [("one", MEMBERS[:6])]


def test_a_computer_room_and_a_family_are_no_farm() -> None:
    room = _each(lambda number, person, day: _lesson(number, person, day, device=f"desk-{(number * 3 + day * 7) % 20}"))
    assert list(fraud_devices.device_farm(_class(stretches=room))) == []
    desks = _each(lambda number, person, day: _lesson(number, person, day, device=f"desk-{number}"))
    assert list(fraud_devices.device_farm(_class(stretches=desks))) == []
    family = _each(lambda number, person, day: _lesson(number, person, day, device=f"home-{number // 3}"))
    assert list(fraud_devices.device_farm(_class(stretches=family))) == []
    unknown = _each(lambda number, person, day: _lesson(number, person, day, device=""))
    assert list(fraud_devices.device_farm(_class(stretches=unknown))) == []


def _tries(person: str, lessons: int, gap_ms: int) -> tuple[Try, ...]:
    return tuple(Try(person, f"quiz{at}", at * gap_ms, "d1") for at in range(lessons))


def test_quiz_after_quiz_without_time_to_read_is_a_burst() -> None:
    quick = tuple(each for person in MEMBERS[:3] for each in _tries(person, 8, 10_000))
    found = fraud_sittings.burst_sittings(_class(tries=quick))
    assert found
    assert found.suspects == MEMBERS[:3]
    assert found.detail["quizzes"] == 8
    honest = tuple(each for person in MEMBERS for each in _tries(person, 8, 4 * MINUTE))
    assert fraud_sittings.burst_sittings(_class(tries=honest)) is None
    again = tuple(Try("p00", "quiz1", at * 5_000, "d1") for at in range(9))  # the same quiz, tried again and again
    assert fraud_sittings.burst_sittings(_class(tries=again)) is None


def test_exams_one_after_the_other_are_one_hand_and_together_are_a_class() -> None:
    row = tuple(Sitting(f"s{at}", MEMBERS[at], at * 10 * MINUTE, (at * 10 + 9) * MINUTE, "d1") for at in range(9))
    found = fraud_sittings.burst_sittings(_class(sittings=row))
    assert found
    assert found.suspects == MEMBERS[:9]
    assert found.evidence[0] == ("exam_sitting", "s0")
    together = tuple(Sitting(f"s{at}", MEMBERS[at], at * 1000, 40 * MINUTE + at * 1000, "d1") for at in range(20))
    assert fraud_sittings.burst_sittings(_class(sittings=together)) is None


def test_the_same_mistakes_make_a_ring() -> None:
    def wrong(person: int) -> dict[str, str]:
        picked = "1" if person < 4 else str(person % 4)
        return {f"q{at}": picked if person < 4 or at % 3 == person % 3 else str((person + at) % 4) for at in range(12)}

    tries = tuple(
        Try(MEMBERS[number], f"quiz{quiz}", quiz * HOUR + number * MINUTE, "d1", wrong(number))
        for number in range(20)
        for quiz in range(3)
    )
    told = _class(tries=tries)
    found = list(fraud_sittings.answers_alike(told, fraud_sittings.mistakes([told])))
    assert [each.suspects for each in found] == [MEMBERS[:4]]


def _room(cohort: str, start: int, end: int, place: str = "甲教室", trainer: str = "t1") -> Room:
    return Room(f"m-{cohort}-{start}", cohort, trainer, place, start * MINUTE, end * MINUTE, ("p01", "p02"))


def test_a_trainer_in_two_rooms_holds_both_classes_and_suspects_no_learner() -> None:
    found = fraud_places.trainer_two_rooms([_room("c1", 0, 180), _room("c2", 60, 200, "乙教室")])
    assert [(each.cohort, each.suspects, each.held) for each in found] == [
        ("c1", (), ("p01", "p02")),
        ("c2", (), ("p01", "p02")),
    ]
    assert len(found[0].evidence) == 2


def test_who_signed_with_their_own_phones_need_not_wait() -> None:
    seen, paper = replace(_room("c1", 0, 180), is_seen=True), _room("c2", 60, 200, "乙教室")
    assert [each.held for each in fraud_places.trainer_two_rooms([seen, paper])] == [(), ("p01", "p02")]
    both = fraud_places.trainer_two_rooms([seen, replace(paper, is_seen=True)])
    assert [each.held for each in both] == [("p01", "p02"), ("p01", "p02")]


@pytest.mark.parametrize(
    "other",
    [_room("c2", 180, 300, "乙教室"), _room("c2", 175, 300, "乙教室"), _room("c2", 60, 200, "乙教室", "t2")],
    ids=["afterwards", "a little late", "somebody else"],
)
def test_classes_one_after_the_other_are_no_clash(other: Room) -> None:
    assert fraud_places.trainer_two_rooms([_room("c1", 0, 180), other]) == []


def _in_room(person: str, place: str, start: int, end: int) -> Stretch:
    return Stretch(person, start * MINUTE, end * MINUTE, "d1", is_own=False, place=place, source=f"m-{place}")


def test_learners_of_a_class_that_the_trainer_held_undisturbed_need_not_wait() -> None:
    days = [
        replace(_room("c1", 0, 180), meeting=f"own{at}", started_ms=at * DAY, ended_ms=at * DAY + 3 * HOUR)
        for at in range(1, 4)
    ]
    own, other = _room("c1", 0, 180), _room("c2", 60, 200, "乙教室")
    assert [bool(each.held) for each in fraud_places.trainer_two_rooms([own, *days, other])] == [False, True]
    few = fraud_places.trainer_two_rooms([own, *days[:2], other])
    assert all(each.held for each in few), "two meetings make no class of her own"
    stands = replace(other, meeting="more", started_ms=9 * DAY, ended_ms=9 * DAY + HOUR)
    both = fraud_places.trainer_two_rooms([own, *days, other, stands])
    assert all(each.held for each in both), "she taught there at another hour as well"
    phones = fraud_places.trainer_two_rooms([own, *days, replace(other, is_seen=True)])
    assert [bool(each.held) for each in phones] == [True, False], "phones say more than habit"


def test_nobody_is_in_two_rooms_over_all_classes() -> None:
    one = _class(stretches=(_in_room("p01", "甲", 0, 180), _in_room("p02", "甲", 0, 180)))
    other = replace(one, cohort="c2", stretches=(_in_room("p01", "乙", 90, 200), _in_room("p02", "乙", 181, 300)))
    found = fraud_places.attendance_dense([one, other])
    assert [(each.cohort, each.suspects) for each in found] == [("c1", ("p01",)), ("c2", ("p01",))]
    assert found[0].evidence == (("meeting", "m-甲"),)


def test_a_day_has_no_sixteen_hours_of_study() -> None:
    full = tuple(Stretch("p01", at * 4 * HOUR, at * 4 * HOUR + 4 * HOUR, "d1") for at in range(4))
    found = fraud_places.attendance_dense([_class(stretches=full)])
    assert [(each.suspects, each.detail["full"]) for each in found] == [(("p01",), 1)]
    assert fraud_places.attendance_dense([_class(stretches=full[:3])]) == []


def test_an_account_of_many_is_told_in_each_class_and_of_a_couple_in_none() -> None:
    one = _class(accounts={"p01": "a", "p02": "a", "p03": "b", "p04": "b"})
    other = replace(one, cohort="c2", accounts={"p09": "a"})
    found = list(fraud_devices.account_shared([one, other]))
    assert [(each.cohort, each.subject, each.suspects) for each in found] == [
        ("c1", "a", ("p01", "p02")),
        ("c2", "a", ("p09",)),
    ]


def test_an_honest_class_in_one_computer_room_is_not_flagged() -> None:
    """Same hours, same desks, quizzes and exam together; nothing of it is strange."""
    stretches = _each(
        lambda number, person, day: Stretch(
            person, day * DAY + number * 9_000, day * DAY + 2 * HOUR, f"d{day}", device=f"desk-{(number + day) % 20}"
        )
    )
    tries = tuple(
        Try(p, f"quiz{day}", day * DAY + 2 * HOUR + n * 11_000, f"d{day}", {f"q{n % 5}": str(n % 3)})
        for n, p in enumerate(MEMBERS)
        for day in range(8)
    )
    sittings = tuple(Sitting(p, p, n * 4_000, HOUR + n * 13_000, "d9") for n, p in enumerate(MEMBERS))
    rooms = tuple(Room(f"m{d}", "c1", "t1", "机房", d * DAY, d * DAY + 2 * HOUR, MEMBERS) for d in range(8))
    assert fraud.judge([_class(stretches=stretches, tries=tries, sittings=sittings, rooms=rooms)]) == []


@given(st.lists(st.tuples(st.sampled_from(MEMBERS), st.integers(0, 5 * DAY), st.integers(1, HOUR), st.booleans())))
def test_whoever_is_found_is_of_the_class(drawn: list[tuple[str, int, int, bool]]) -> None:
    stretches = tuple(
        Stretch(person, start, start + length, f"d{start // DAY}", is_own, "one", "" if is_own else "room")
        for person, start, length, is_own in drawn
    )
    for each in fraud.judge([_class(stretches=stretches)]):
        assert each.persons <= set(MEMBERS)
        assert each.persons


def test_a_flag_is_not_settled_twice_the_same_way() -> None:
    check_settling(None, Outcome.FOUNDED)
    check_settling(Outcome.FOUNDED, Outcome.UNFOUNDED)
    with pytest.raises(Conflict, match="pattern_settled"):
        check_settling(Outcome.FOUNDED, Outcome.FOUNDED)
    assert Found(Pattern.ACCOUNT_SHARED, "c", suspects=("a",), held=("b",)).persons == {"a", "b"}
