"""Codes as people type them, and the hash of frozen facts."""

import pytest

from lms.domain.certificates import facts_hash, normal_code

TRUE = "01ABC-DEFGH-JKMNP-QRSTV"


@pytest.mark.parametrize(
    "typed", [TRUE, TRUE.lower(), TRUE.replace("-", ""), " 01abc defgh jkmnp qrstv ", "OIABC-DEFGH-JKMNP-QRSTV"]
)
def test_a_code_is_read_as_it_was_meant(typed: str) -> None:
    assert normal_code(typed) == TRUE


@pytest.mark.parametrize("typed", ["", "01ABC", TRUE + "0", TRUE.replace("A", "U"), "证书", "01ABC-DEFGH-JKMNP-QRST*"])
def test_what_cannot_be_a_code(typed: str) -> None:
    assert normal_code(typed) is None


def test_equal_facts_have_equal_hashes_and_any_change_shows() -> None:
    facts = {"name_masked": "李*", "credited_ms": {"online": 1}}
    assert facts_hash(facts) == facts_hash(dict(reversed(facts.items())))
    assert facts_hash(facts) != facts_hash({**facts, "credited_ms": {"online": 2}})
