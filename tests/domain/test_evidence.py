"""Evidence: canonical bodies, each bound to the one before."""

import json
from datetime import UTC, datetime

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.evidence import Chain, EvidenceKind, after, canonical, leaf_of, link

AT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
plain = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text()
keys = st.text(st.characters(min_codepoint=32, max_codepoint=126))
facts = st.dictionaries(keys, st.recursive(plain, lambda inner: st.lists(inner) | st.dictionaries(keys, inner)))


@given(facts)
def test_canonical_is_what_rfc_8785_says(told: dict[str, object]) -> None:
    assert canonical(told).encode() == rfc8785.dumps(told)


def test_each_entry_names_the_one_before() -> None:
    start = Chain("p", 0, "")
    first = link(start, EvidenceKind.SESSION, {"epoch": 1}, 5, AT)
    second = link(after(start, first), EvidenceKind.HEARTBEAT, {}, 6, AT)
    told = json.loads(second.body)
    assert (told["entry"], told["previous"], told["person"], told["clock_ms"]) == (2, first.leaf, "p", 6)
    assert second.leaf == leaf_of(second.body) != first.leaf


def test_what_an_entry_tells_cannot_replace_what_binds_it() -> None:
    told = json.loads(link(Chain("p", 3, "x"), EvidenceKind.PART, {"entry": 99, "previous": "y"}, 0, AT).body)
    assert (told["entry"], told["previous"]) == (4, "x")
