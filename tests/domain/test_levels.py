"""Eight levels in order; a history that leaves nothing out; the level that holds on a day."""

import uuid
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.levels import GRADES, NAMES, Grant, Level, Move, current, history, level_named

DAY = date(2026, 3, 1)
GRANTS = st.builds(
    Grant,
    source=st.uuids(),
    occupation=st.sampled_from(["养老护理员", "育婴员"]),
    level=st.sampled_from(Level),
    on=st.dates(DAY, DAY + timedelta(days=900)),
)


def grant(level: Level, on: date = DAY, until: date | None = None) -> Grant:
    return Grant(uuid.uuid4(), "养老护理员", level, on, until)


def test_the_eight_are_ordered_and_five_carry_a_label() -> None:
    assert [NAMES[level] for level in sorted(Level)] == [
        "学徒工", "初级工", "中级工", "高级工", "技师", "高级技师", "特级技师", "首席技师",
    ]  # fmt: skip
    assert [GRADES[level] for level in sorted(GRADES)] == ["五级", "四级", "三级", "二级", "一级"]


@pytest.mark.parametrize(
    ("name", "level"),
    [("学徒工", Level.APPRENTICE), (" 三级 ", Level.SENIOR), ("高级工", Level.SENIOR), ("首席技师", 7), ("六级", None)],
)
def test_a_level_is_known_by_name_and_label(name: str, level: Level | None) -> None:
    assert level_named(name) == level


@pytest.mark.parametrize(
    ("levels", "moves", "skipped"),
    [
        ([Level.JUNIOR], [Move.FIRST], ()),
        ([Level.SENIOR], [Move.FIRST], ()),
        ([Level.JUNIOR, Level.INTERMEDIATE], [Move.FIRST, Move.UP], ()),
        ([Level.JUNIOR, Level.TECHNICIAN], [Move.FIRST, Move.UP], (Level.INTERMEDIATE, Level.SENIOR)),
        ([Level.SENIOR, Level.SENIOR], [Move.FIRST, Move.AGAIN], ()),
        ([Level.SENIOR, Level.JUNIOR], [Move.FIRST, Move.LOWER], ()),
    ],
)
def test_each_step_says_what_it_is(levels: list[Level], moves: list[Move], skipped: tuple[Level, ...]) -> None:
    steps = history(grant(level, DAY + timedelta(days=n)) for n, level in enumerate(levels))["养老护理员"]
    assert [step.move for step in steps] == moves
    assert steps[-1].skipped == skipped


def test_the_highest_that_holds_is_current() -> None:
    over = grant(Level.SENIOR, until=DAY + timedelta(days=9))
    kept = grant(Level.JUNIOR)
    steps = history([over, kept])["养老护理员"]
    assert current(steps, DAY) == over
    assert current(steps, DAY + timedelta(days=10)) == kept
    assert current(steps, DAY - timedelta(days=1)) is None


@given(st.lists(GRANTS, max_size=12), st.randoms())
def test_nothing_is_left_out_and_the_order_of_entry_does_not_matter(grants: list[Grant], random: object) -> None:
    steps = history(grants)
    told = [step.grant for some in steps.values() for step in some]
    assert sorted(told, key=id) == sorted(grants, key=id)
    for some in steps.values():
        assert [step.grant.on for step in some] == sorted(step.grant.on for step in some)
        firsts = [step.move for step in some].count(Move.FIRST)
        assert firsts == 1
        heights = [step.grant.level for step in some if step.move in (Move.FIRST, Move.UP)]
        assert heights == sorted(set(heights))
    shuffled = list(grants)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    again = {name: [(step.grant.on, step.grant.level) for step in some] for name, some in history(shuffled).items()}
    assert again == {name: [(step.grant.on, step.grant.level) for step in some] for name, some in steps.items()}
