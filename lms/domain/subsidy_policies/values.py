"""The value of one term, read from the texts, lists and mappings of a file. What is wrong is noted and read as None."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import fields
from enum import StrEnum
from typing import Any, TypeVar

from lms.domain.subsidies import CountLimit, CountScope, ExcludedGroup, Fund, PersonGroup, SubsidyKind, Terms
from lms.domain.subsidy_policies.faults import Faults, Place

ANYBODY = "anybody"
"""How a file says that every person is allowed; an empty list would look forgotten."""
NONE = "none"
"""How a file says of a set that it is known to be empty."""
ALL_OCCUPATIONS = "all"
CERTIFICATES = ("vocational", "skill_level", "special_skill", "training")
JUDGED_ON = ("opening", "certificate", "claim")
LONGEST = 500
MOST_ENTRIES = 200
MOST_FEN = 1_000_000_00
WHOLE = re.compile(r"0|[1-9][0-9]{0,9}")

Read = Callable[[Any, Place, Faults], Any]
Word = TypeVar("Word", bound=StrEnum)


def text(raw: Any, place: Place, faults: Faults) -> str | None:
    """A text of 1 to 500 characters."""
    if not isinstance(raw, str):
        faults.add(place, "subsidy_not_text")
        return None
    word = raw.strip()
    if not 0 < len(word) <= LONGEST:
        faults.add(place, "subsidy_text_length", longest=LONGEST)
        return None
    return word


def whole(least: int, most: int) -> Read:
    """A whole number within bounds: percents, days, minutes and fen are never fractions."""

    def read(raw: Any, place: Place, faults: Faults) -> int | None:
        if not isinstance(raw, str) or not WHOLE.fullmatch(raw.strip()):
            faults.add(place, "subsidy_not_whole")
            return None
        number = int(raw)
        if not least <= number <= most:
            faults.add(place, "subsidy_number_outside", least=least, most=most)
            return None
        return number

    return read


def flag(raw: Any, place: Place, faults: Faults) -> bool | None:
    """true or false."""
    word = raw.strip().lower() if isinstance(raw, str) else ""
    if word not in ("true", "false"):
        faults.add(place, "subsidy_not_flag")
        return None
    return word == "true"


def choice(allowed: Collection[str]) -> Read:
    """One of these words."""

    def read(raw: Any, place: Place, faults: Faults) -> str | None:
        if not isinstance(raw, str) or raw.strip() not in allowed:
            faults.add(place, "subsidy_word_unknown", value=_shown(raw), allowed=", ".join(allowed))
            return None
        return raw.strip()

    return read


def several(one: Read, empty: str) -> Read:
    """A list without repeats; the word `empty` for a set that is known to hold nothing."""

    def read(raw: Any, place: Place, faults: Faults) -> frozenset[Any] | None:
        if isinstance(raw, str) and raw.strip() == empty:
            return frozenset()
        if not isinstance(raw, list) or not 0 < len(raw) <= MOST_ENTRIES:
            faults.add(place, "subsidy_not_list", empty=empty, most=MOST_ENTRIES)
            return None
        found = [one(each, (*place, number), faults) for number, each in enumerate(raw)]
        if None in found:
            return None
        if len(set(found)) != len(found):
            faults.add(place, "subsidy_entry_twice")
        return frozenset(found)

    return read


def word(kind: type[Word]) -> Read:
    """One word of an enumeration."""
    plain = choice([each.value for each in kind])

    def read(raw: Any, place: Place, faults: Faults) -> Word | None:
        found = plain(raw, place, faults)
        return None if found is None else kind(found)

    return read


def mapping(raw: Any, place: Place, faults: Faults, required: Collection[str], optional: Collection[str] = ()) -> bool:
    """Whether this is a mapping that has these keys and no others; what is wrong is written down."""
    if not isinstance(raw, Mapping):
        faults.add(place, "subsidy_not_mapping")
        return False
    for key in raw:
        if key not in required and key not in optional:
            faults.add((*place, key), "subsidy_key_unknown", key=_shown(key))
    missing = [key for key in required if key not in raw]
    for key in missing:
        faults.add(place, "subsidy_key_missing", key=key)
    return not missing


def limit(raw: Any, place: Place, faults: Faults) -> CountLimit | None:
    """At most `n` over a scope, and which kinds of subsidy count."""
    if not mapping(raw, place, faults, ("n", "scope", "kinds")):
        return None
    number = whole(1, 99)(raw["n"], (*place, "n"), faults)
    scope = word(CountScope)(raw["scope"], (*place, "scope"), faults)
    kinds = several(word(SubsidyKind), NONE)(raw["kinds"], (*place, "kinds"), faults)
    if number is None or scope is None or not kinds:
        return None
    return CountLimit(number, scope, kinds)


def hours(raw: Any, place: Place, faults: Faults) -> dict[str, int] | None:
    """Class hours by occupation; `all` for every other one."""
    if not isinstance(raw, Mapping) or not raw:
        faults.add(place, "subsidy_not_mapping")
        return None
    read = whole(1, 2000)
    found = {str(key): read(each, (*place, key), faults) for key, each in raw.items()}
    return {"" if key == ALL_OCCUPATIONS else key: each for key, each in found.items() if each is not None}


PERCENT, DAYS = whole(0, 100), whole(0, 3660)
READERS: Mapping[str, Read] = {
    "allowed_groups": several(word(PersonGroup), ANYBODY),
    "excluded_groups": several(word(ExcludedGroup), NONE),
    "count_limit": limit,
    "same_occupation_level_once": flag,
    "higher_blocks_lower": flag,
    "exclusive_funds": several(word(Fund), NONE),
    "minutes_per_class_hour": whole(1, 240),
    "online_share_max": PERCENT,
    "online_free_occupations": several(text, NONE),
    "platform_listed": flag,
    "online_before_offline": flag,
    "class_hours_min": hours,
    "attendance_min": PERCENT,
    "daily_class_hours_max": whole(1, 24),
    "certificate_kinds": several(choice(CERTIFICATES), NONE),
    "appraisal_certificate_kinds": several(choice(CERTIFICATES), NONE),
    "pay_percent_blended": PERCENT,
    "living_fen_per_day": whole(0, MOST_FEN),
    "living_groups": several(word(PersonGroup), ANYBODY),
    "shortage_uplift_percent": whole(0, 300),
    "claim_within_days": DAYS,
    "review_working_days": DAYS,
    "notice_working_days": DAYS,
    "payment_working_days": DAYS,
    "group_judged_on": choice(JUDGED_ON),
    "fund": word(Fund),
}
NAMES: tuple[str, ...] = tuple(each.name for each in fields(Terms))
"""Every term, in the order of domain.md section 2."""


def _shown(raw: Any) -> str:
    return raw.strip()[:60] if isinstance(raw, str) else "…"
