"""The phone's side of chains, players and bad lines."""

from random import Random

import pytest

from lms.domain import offline
from lms.simulator import line as lines
from lms.simulator import player as players
from lms.simulator.chain import cut, linked
from lms.simulator.client import Answer, is_loopback
from lms.simulator.line import Line, Lost
from lms.simulator.person import Person
from lms.simulator.player import Player


def test_a_chain_is_bound_as_the_server_checks_it() -> None:
    parts = cut("lesson", 5_000, 50_000, 60_000)
    leaf = offline.seed_hash("seed")
    for told in linked("seed", parts):
        part = offline.Part(
            told["j"], told["lesson"], told["a"], told["b"], told["mono_start"], told["mono_end"], told["hash"]
        )
        leaf = offline.leaf_after(leaf, part)
        assert part.leaf == leaf


@pytest.mark.parametrize(
    ("a", "b", "mono_end", "told"),
    [
        (
            0,
            45_000,
            45_000,
            [(0, 20_000, 0, 20_000), (20_000, 40_000, 20_000, 40_000), (40_000, 45_000, 40_000, 45_000)],
        ),
        (0, 20_000, 50_000, [(0, 20_000, 30_000, 50_000)]),
        (0, 20_000, 19_000, [(0, 20_000, 0, 20_000)]),  # began a second before the answer came
        (7, 7, 50, []),
    ],
)
def test_play_is_cut_into_parts_of_twenty_seconds(
    a: int, b: int, mono_end: int, told: list[tuple[int, int, int, int]]
) -> None:
    assert [(each.a, each.b, each.mono_start, each.mono_end) for each in cut("x", a, b, mono_end)] == told


@pytest.fixture
def wound(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(players.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(lines.time, "monotonic", lambda: now[0])
    return now


def test_a_player_stands_still_while_it_does_not_play(wound: list[float]) -> None:
    player = Player(10_000)
    wound[0] += 5
    assert player.position == 0
    player.play()
    wound[0] += 4
    player.pause()
    wound[0] += 50
    assert player.where() == (4_000, 109.0)
    player.play()
    wound[0] += 50
    assert player.where() == (10_000, 165.0)  # the end of the lesson, reached after six more seconds


def test_a_dead_line_loses_everything_and_lives_again(wound: list[float]) -> None:
    line = Line(0.0, Random(1))
    line.stall(30)
    with pytest.raises(Lost):
        line.ask(lambda: Answer(201))
    wound[0] += 30
    assert line.ask(lambda: Answer(201)).is_good


def test_half_of_the_losses_happen_after_the_server_has_heard() -> None:
    line, heard, lost = Line(0.1, Random(1)), [], 0
    for _ in range(2_000):
        try:
            line.ask(lambda: heard.append(1) or Answer(201))
        except Lost:
            lost += 1
    assert 150 < lost < 250
    assert 70 < len(heard) - (2_000 - lost) < 130


def learner(*texts: str, titles: tuple[str, ...] = ()) -> Person:
    made = Person(client=None, phone="", password="", dice=Random(1))  # type: ignore[arg-type]
    made.texts = {str(place): text for place, text in enumerate(texts)}
    made.titles = list(titles)
    return made


@pytest.mark.parametrize(
    ("person", "right"),
    [
        (learner("先走到他面前。不要从背后叫他。"), 1),
        (learner(titles=("丙",)), 2),
        (learner("别的内容。"), None),
    ],
)
def test_she_knows_what_she_has_learnt_and_no_more(person: Person, right: int | None) -> None:
    assert person.right_option({"options": ["从后面拍他。", "不要从背后 叫他。", "丙"]}) == right


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://localhost", True),
        ("http://[::1]:8000", True),
        ("http://example.org", False),
        ("http://127.0.0.1.example.org", False),
        ("http://10.0.0.1", False),
    ],
)
def test_only_this_machine_is_loopback(address: str, own: bool) -> None:
    assert is_loopback(address) is own
