"""What segments add up to, in whatever order they come."""

from random import Random

import pytest

from lms.domain.ledger import Posting, Tally, tally


def seg(entry: int, a: int, b: int, evidence_class: str = "online") -> Posting:
    return Posting(entry, a, b, evidence_class)


CASES = [
    ("nothing", [], [], Tally((), 0, {}, 0)),
    ("one", [seg(1, 0, 10)], [], Tally(((0, 10),), 10, {"online": 10}, 0)),
    ("seen twice", [seg(1, 0, 10), seg(2, 5, 15)], [], Tally(((0, 15),), 15, {"online": 15}, 0)),
    (
        "under the class that was first",
        [seg(2, 0, 20, "offline"), seg(1, 0, 10)],
        [],
        Tally(((0, 20),), 20, {"online": 10, "offline": 10}, 0),
    ),
    ("no gain, no class", [seg(1, 0, 10), seg(2, 2, 8, "gap")], [], Tally(((0, 10),), 10, {"online": 10}, 0)),
    ("confirmed to the entry", [seg(3, 0, 10), seg(4, 10, 20)], [(0, 3)], Tally(((0, 20),), 20, {"online": 20}, 10)),
    ("the first entry is outside", [seg(3, 0, 10)], [(3, 9)], Tally(((0, 10),), 10, {"online": 10}, 0)),
    ("confirmed once", [seg(1, 0, 10), seg(2, 5, 15)], [(0, 1), (1, 2)], Tally(((0, 15),), 15, {"online": 15}, 15)),
]


@pytest.mark.parametrize(("segments", "passed", "told"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_tally(segments: list[Posting], passed: list[tuple[int, int]], told: Tally) -> None:
    assert tally(segments, passed) == told


def test_order_does_not_matter_and_confirmed_is_never_more_than_credited() -> None:
    dice = Random(7)
    for _ in range(200):
        segments = []
        for entry in range(1, 12):
            a = dice.randrange(100)
            segments.append(seg(entry, a, a + dice.randrange(1, 30), dice.choice(["online", "gap", "offline"])))
        passed = [(a, a + dice.randrange(1, 5)) for a in dice.sample(range(12), 3)]
        told = tally(segments, passed)
        dice.shuffle(segments)
        assert tally(segments, passed) == told
        assert told.confirmed_ms <= told.credited_ms == sum(told.by_class.values())
