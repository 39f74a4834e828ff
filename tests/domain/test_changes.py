"""Changes of names and numbers: two people, at the right desk; and how long two persons studied in one moment."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain import changes
from lms.domain.changes import ChangeKind
from lms.domain.errors import Conflict, Forbidden, Refused
from lms.domain.roles import Role

LEARNER, OTHER, PROPOSER, DECIDER = (uuid.UUID(int=number) for number in range(1, 5))


@pytest.mark.parametrize(
    ("kind", "desk", "person", "by", "code"),
    [
        (ChangeKind.NAME, Role.INSTITUTION, None, DECIDER, None),
        (ChangeKind.NAME, Role.PLATFORM, None, DECIDER, None),
        (ChangeKind.NUMBER, Role.PLATFORM, None, DECIDER, None),
        (ChangeKind.DOCUMENT, Role.PLATFORM, OTHER, DECIDER, None),
        (ChangeKind.NUMBER, Role.INSTITUTION, None, DECIDER, "identity_for_platform"),
        (ChangeKind.DOCUMENT, Role.INSTITUTION, None, DECIDER, "identity_for_platform"),
        (ChangeKind.NAME, Role.INSTITUTION, None, PROPOSER, "identity_second_person"),
        (ChangeKind.NUMBER, Role.PLATFORM, None, PROPOSER, "identity_second_person"),
        (ChangeKind.NAME, Role.INSTITUTION, LEARNER, DECIDER, "identity_own"),
    ],
)
def test_who_may_decide(
    kind: ChangeKind, desk: Role, person: uuid.UUID | None, by: uuid.UUID, code: str | None
) -> None:
    if code is None:
        changes.check_decider(kind, desk, LEARNER, PROPOSER, person, by)
        return
    with pytest.raises(Forbidden, match=code):
        changes.check_decider(kind, desk, LEARNER, PROPOSER, person, by)


def test_nobody_proposes_of_herself() -> None:
    changes.check_proposer(LEARNER, None)
    changes.check_proposer(LEARNER, OTHER)
    with pytest.raises(Forbidden, match="identity_own"):
        changes.check_proposer(LEARNER, LEARNER)


def test_a_change_changes_something() -> None:
    changes.check_changed("李芳", "李 芳")
    with pytest.raises(Refused, match="identity_unchanged"):
        changes.check_changed("李芳", "李芳")


def test_one_of_the_two_lives_on() -> None:
    assert changes.check_living(LEARNER, LEARNER, OTHER) == LEARNER
    assert changes.check_living(OTHER, LEARNER, OTHER) == OTHER
    for wrong in (None, PROPOSER):
        with pytest.raises(Conflict, match="identity_choose_living"):
            changes.check_living(wrong, LEARNER, OTHER)


spans = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)))


@given(spans, spans)
def test_the_overlap_is_counted_moment_by_moment(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    def moments(of: list[tuple[int, int]]) -> set[int]:
        return {moment for start, end in of for moment in range(start, end)}

    assert changes.overlap_ms(one, other) == len(moments(one) & moments(other))
