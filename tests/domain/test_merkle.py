"""The tree of RFC 6962: its published vectors, and what holds for every tree."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain import merkle
from lms.domain.merkle import Frontier
from lms.verifier.tree import Hole, root_of

# The eight inputs of the reference implementation of RFC 6962, and the roots over the first n of them.
INPUTS = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
}
CONSISTENCY = {
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots(size: int) -> None:
    assert merkle.root(INPUTS[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize(("position", "size"), INCLUSION)
def test_the_published_inclusion_proofs(position: int, size: int) -> None:
    proof = merkle.inclusion_proof(INPUTS[:size], position)
    assert [each.hex() for each in proof] == INCLUSION[position, size]


@pytest.mark.parametrize(("old", "size"), CONSISTENCY)
def test_the_published_consistency_proofs(old: int, size: int) -> None:
    proof = merkle.consistency_proof(INPUTS[:size], old)
    assert [each.hex() for each in proof] == CONSISTENCY[old, size]


def leaves(size: int) -> list[bytes]:
    return [sha256(str(number).encode()).digest() for number in range(size)]


@st.composite
def tree_and_place(draw: st.DrawFn) -> tuple[list[bytes], int]:
    made = leaves(draw(st.integers(1, 70)))
    return made, draw(st.integers(0, len(made) - 1))


@given(tree_and_place())
def test_growing_in_two_steps_is_growing_in_one(drawn: tuple[list[bytes], int]) -> None:
    made, cut = drawn
    grown = Frontier().extended(made[:cut]).extended(made[cut:])
    assert grown == Frontier().extended(made)
    assert grown.root() == by_definition(made)


def by_definition(made: list[bytes]) -> bytes:
    """MTH as RFC 6962, 2.1 writes it down."""
    if len(made) == 1:
        return sha256(b"\x00" + made[0]).digest()
    k = 1
    while k * 2 < len(made):
        k *= 2
    return sha256(b"\x01" + by_definition(made[:k]) + by_definition(made[k:])).digest()


@given(tree_and_place())
def test_every_leaf_has_a_proof_and_no_other_leaf_has_it(drawn: tuple[list[bytes], int]) -> None:
    made, place = drawn
    size, whole, proof = len(made), merkle.root(made), merkle.inclusion_proof(made, place)
    assert merkle.is_included(made[place], place, size, proof, whole)
    assert not merkle.is_included(b"another", place, size, proof, whole)
    assert not merkle.is_included(made[place], place, size, [*proof, whole], whole)
    if proof:
        assert not merkle.is_included(made[place], place, size, proof[:-1], whole)
        assert not merkle.is_included(made[place], place, size, [b"\x00" * 32, *proof[1:]], whole)
    if place:
        assert not merkle.is_included(made[place], place - 1, size, proof, whole)


@given(tree_and_place())
def test_a_tree_goes_on_from_each_of_its_beginnings_and_from_no_other(drawn: tuple[list[bytes], int]) -> None:
    made, place = drawn
    old, size = place + 1, len(made)
    before, now, proof = merkle.root(made[:old]), merkle.root(made), merkle.consistency_proof(made, old)
    assert merkle.is_consistent(old, size, proof, before, now)
    forked = merkle.root([*made[:place], b"another"])
    assert not merkle.is_consistent(old, size, proof, forked, now)
    assert not merkle.is_consistent(old, size, proof, before, forked)
    assert not merkle.is_consistent(old, size, [*proof, now], before, now)
    assert not merkle.is_consistent(size + 1, size, proof, now, before)


def test_what_is_not_there_has_no_proof() -> None:
    with pytest.raises(ValueError, match="no leaf 3"):
        merkle.inclusion_proof(leaves(3), 3)
    with pytest.raises(ValueError, match="does not go on"):
        merkle.consistency_proof(leaves(3), 4)
    assert not merkle.is_included(b"", 0, 0, [], merkle.EMPTY_ROOT)
    assert not merkle.is_consistent(0, 3, [], merkle.EMPTY_ROOT, merkle.root(leaves(3)))


@given(tree_and_place(), st.data())
def test_the_nodes_beside_some_leaves_make_the_root_with_them(
    drawn: tuple[list[bytes], int], data: st.DataObject
) -> None:
    """Read by the auditor's own code; with any leaf changed they make another one."""
    made, _place = drawn
    size = len(made)
    chosen = sorted(data.draw(st.sets(st.integers(0, size - 1))))
    nodes = {(low, high): node for low, high, node in merkle.nodes_beside(iter(made), size, chosen)}
    known = {place: made[place].hex() for place in chosen}
    assert root_of(known, nodes, size) == merkle.root(made)
    assert all(not low <= place < high for low, high in nodes for place in chosen)
    if chosen:
        other = known | {chosen[0]: sha256(made[chosen[0]]).hexdigest()}
        assert root_of(other, nodes, size) != merkle.root(made)
        with pytest.raises(Hole):
            root_of({place: leaf for place, leaf in known.items() if place != chosen[0]}, nodes, size)


def test_no_leaf_stands_beyond_the_tree() -> None:
    with pytest.raises(ValueError, match="no leaf"):
        list(merkle.nodes_beside(iter(leaves(2)), 2, [2]))


@given(st.data())
def test_many_proofs_in_one_pass_are_those_made_one_by_one(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 40))
    made = leaves(size)
    chosen = sorted(data.draw(st.sets(st.integers(0, size - 1))))
    assert merkle.inclusion_proofs(iter(made), size, chosen) == [merkle.inclusion_proof(made, each) for each in chosen]


def test_no_proof_of_a_leaf_that_is_not_there() -> None:
    with pytest.raises(ValueError, match="no leaf 3"):
        merkle.inclusion_proofs(iter(leaves(3)), 3, [3])
