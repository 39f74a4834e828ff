"""Share links: what may be asked for, and when a link opens."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lms.domain.errors import Refused
from lms.domain.shares import DAYS, MOST_OPEN, MOST_RECORDS, Reader, State, Wish, check, expiry, state

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
OWN = [f"code-{n}" for n in range(MOST_RECORDS + 1)]
moments = some.integers(-400, 400).map(lambda hours: NOON + timedelta(hours=hours))


def asked(**other: Any) -> Wish:
    wish: dict[str, Any] = {"reader": "employer", "days": 7, "asked": OWN[:2], "with_name": False}
    return check(**{**wish, "own": OWN, "still_open": 0, **other})


def test_a_wish_keeps_her_order_and_each_record_once() -> None:
    found = asked(asked=[OWN[2], OWN[0], OWN[2]], with_name=True)
    assert found == Wish(Reader.EMPLOYER, 7, (OWN[2], OWN[0]), with_name=True)


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"reader": ""}, "share_reader"),
        ({"reader": "everybody"}, "share_reader"),
        ({"days": 0}, "share_days"),
        ({"days": 365}, "share_days"),
        ({"asked": []}, "share_nothing"),
        ({"asked": [OWN[0], "hers"]}, "share_record"),
        ({"asked": OWN}, "share_too_long"),
        ({"still_open": MOST_OPEN}, "share_too_many"),
    ],
)
def test_what_is_refused(other: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        asked(**other)
    assert refused.value.code == code


def test_the_last_place_may_be_used() -> None:
    assert len(asked(asked=OWN[:MOST_RECORDS], still_open=MOST_OPEN - 1).codes) == MOST_RECORDS


@given(some.sampled_from(DAYS), moments, some.none() | moments)
def test_a_link_opens_until_its_day_and_never_once_taken_back(
    days: int, now: datetime, revoked_at: datetime | None
) -> None:
    found = state(expiry(days, NOON), revoked_at, now)
    assert (found is State.REVOKED) == (revoked_at is not None)
    assert (found is State.OPEN) == (revoked_at is None and now - NOON < timedelta(days=days))
