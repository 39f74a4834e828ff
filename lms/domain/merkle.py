"""The Merkle tree of RFC 6962 (and 9162): one root over a list that only ever grows (study-time.md, Evidence log).

A leaf's data is whatever the caller puts on the list: for the evidence log the 32 bytes of an entry's SHA-256.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice

LEAF, NODE = b"\x00", b"\x01"
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """The hash of one leaf; its prefix keeps it from passing for a node."""
    return sha256(LEAF + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees."""
    return sha256(NODE + left + right).digest()


@dataclass(frozen=True)
class Frontier:
    """All that is needed to go on: the size, and the roots of the full subtrees at the right edge, largest first."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def extended(self, leaves: Iterable[bytes]) -> "Frontier":
        """The frontier after these leaves as well."""
        size, peaks = self.size, list(self.peaks)
        for data in leaves:
            node = leaf_hash(data)
            for _ in range(_trailing_ones(size)):
                node = node_hash(peaks.pop(), node)
            peaks.append(node)
            size += 1
        return Frontier(size, tuple(peaks))

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self.peaks:
            return EMPTY_ROOT
        node = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            node = node_hash(peak, node)
        return node


def _trailing_ones(number: int) -> int:
    """How many full subtrees the next leaf closes."""
    return ((number + 1) & -(number + 1)).bit_length() - 1


def root(leaves: Iterable[bytes]) -> bytes:
    """The root over these leaves."""
    return Frontier().extended(leaves).root()


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def inclusion_proof(leaves: Sequence[bytes], position: int) -> list[bytes]:
    """The hashes beside the way from the leaf at `position` up to the root (RFC 9162, 2.1.3.1)."""
    if not 0 <= position < len(leaves):
        raise ValueError(f"there is no leaf {position} among {len(leaves)}")
    low, high, proof = 0, len(leaves), []
    while high - low > 1:
        middle = low + _split(high - low)
        if position < middle:
            proof.append(root(leaves[middle:high]))
            high = middle
        else:
            proof.append(root(leaves[low:middle]))
            low = middle
    return proof[::-1]


def inclusion_proofs(leaves: Iterable[bytes], size: int, positions: Sequence[int]) -> list[list[bytes]]:
    """`inclusion_proof` of each position, in one pass: of `leaves`, `size` are read, once and in order.

    `positions` ascend, without one twice, and lie below `size`.
    """
    if positions and not 0 <= positions[0] <= positions[-1] < size:
        raise ValueError(f"there is no leaf {positions[-1]} among {size}")
    return _proofs(iter(leaves), positions, (0, size), (0, len(positions)))[1] if positions else []


def _proofs(
    leaves: Iterator[bytes], positions: Sequence[int], span: tuple[int, int], known: tuple[int, int]
) -> tuple[bytes, list[list[bytes]]]:
    """The root of the subtree over `span`, and the proofs in it of positions[known[0]:known[1]]."""
    low, high = span
    if known[0] == known[1]:
        return root(islice(leaves, high - low)), []
    if high - low == 1:
        return leaf_hash(next(leaves)), [[]]
    middle = low + _split(high - low)
    cut = bisect_left(positions, middle, *known)
    left, before = _proofs(leaves, positions, (low, middle), (known[0], cut))
    right, after = _proofs(leaves, positions, (middle, high), (cut, known[1]))
    return node_hash(left, right), [*([*each, right] for each in before), *([*each, left] for each in after)]


def nodes_beside(leaves: Iterable[bytes], size: int, positions: Sequence[int]) -> Iterator[tuple[int, int, bytes]]:
    """The hashes that make the root together with the leaves at `positions`: (low, high, hash) of each largest subtree
    over [low, high) that holds none of them, from left to right. One proof for many leaves, without a hash twice.

    `positions` ascend and lie below `size`; of `leaves`, `size` are read, once and in order.
    """
    if positions and not 0 <= positions[0] <= positions[-1] < size:
        raise ValueError(f"there is no leaf {positions[-1]} among {size}")
    yield from _beside(iter(leaves), positions, (0, size), (0, len(positions)))


def _beside(
    leaves: Iterator[bytes], positions: Sequence[int], span: tuple[int, int], known: tuple[int, int]
) -> Iterator[tuple[int, int, bytes]]:
    """Of the subtree over `span`, in which lie positions[known[0]:known[1]]."""
    low, high = span
    if known[0] == known[1]:
        if low < high:
            yield low, high, root(islice(leaves, high - low))
    elif high - low == 1:
        next(leaves)
    else:
        middle = low + _split(high - low)
        cut = bisect_left(positions, middle, *known)
        yield from _beside(leaves, positions, (low, middle), (known[0], cut))
        yield from _beside(leaves, positions, (middle, high), (cut, known[1]))


def is_included(data: bytes, position: int, size: int, proof: Sequence[bytes], claimed: bytes) -> bool:
    """Whether the proof leads from this leaf to the claimed root (RFC 9162, 2.1.3.2)."""
    if not 0 <= position < size:
        return False
    place, last, node = position, size - 1, leaf_hash(data)
    for beside in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = node_hash(beside, node)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            node = node_hash(node, beside)
        place, last = place >> 1, last >> 1
    return last == 0 and node == claimed


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> list[bytes]:
    """The hashes that show the tree to be a longer one of `old_size` leaves (RFC 9162, 2.1.4.1)."""
    if not 0 < old_size <= len(leaves):
        raise ValueError(f"a tree of {len(leaves)} leaves does not go on from {old_size}")
    low, high, proof, is_whole = 0, len(leaves), [], True
    while old_size < high:
        middle = low + _split(high - low)
        if old_size <= middle:
            proof.append(root(leaves[middle:high]))
            high = middle
        else:
            proof.append(root(leaves[low:middle]))
            low, is_whole = middle, False
    return ([] if is_whole else [root(leaves[low:high])]) + proof[::-1]


def is_consistent(old_size: int, size: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Whether the tree of `size` only adds to the one of `old_size` (RFC 9162, 2.1.4.2)."""
    if old_size == size:
        return not proof and old_root == new_root
    if not 0 < old_size < size:
        return False
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    if not path:
        return False
    place, last = old_size - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    return _leads_to_both(path, place, last, (old_root, new_root))


def _leads_to_both(path: Sequence[bytes], place: int, last: int, roots: tuple[bytes, bytes]) -> bool:
    old = new = path[0]
    for beside in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node_hash(beside, old), node_hash(beside, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, beside)
        place, last = place >> 1, last >> 1
    return last == 0 and (old, new) == roots
