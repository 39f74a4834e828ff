"""The Merkle tree of RFC 6962 over the leaves of the log."""

import hashlib
from collections.abc import Mapping, Sequence


def leaf_hash(leaf: str) -> bytes:
    """The hash of a leaf: its data are the 32 bytes that the hexadecimal names."""
    return hashlib.sha256(b"\x00" + bytes.fromhex(leaf)).digest()


def roots_at(leaves: Sequence[str], sizes: Sequence[int]) -> dict[int, str]:
    """The root of the tree at each of these sizes, in one walk over the leaves."""
    wanted, found = set(sizes), {0: hashlib.sha256().hexdigest()}
    peaks: list[tuple[int, bytes]] = []  # (leaves below, hash): the complete subtrees, the largest first
    for size, leaf in enumerate(leaves, 1):
        peaks.append((1, leaf_hash(leaf)))
        while len(peaks) > 1 and peaks[-1][0] == peaks[-2][0]:
            (_, right), (count, left) = peaks.pop(), peaks.pop()
            peaks.append((2 * count, _node(left, right)))
        if size in wanted:
            found[size] = _fold(peaks).hex()
    return {size: found[size] for size in wanted if size in found}


def _fold(peaks: Sequence[tuple[int, bytes]]) -> bytes:
    root = peaks[-1][1]
    for _, left in reversed(peaks[:-1]):
        root = _node(left, root)
    return root


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Hole(Exception):
    """Neither a leaf nor a node for a place of the tree."""


def root_of(leaves: Mapping[int, str], nodes: Mapping[tuple[int, int], bytes], size: int) -> bytes:
    """The root over `size` leaves of which only some are known, with the hashes of the subtrees that hold the others.

    Raises Hole where neither is there.
    """
    return _over(leaves, nodes, 0, size) if size else hashlib.sha256().digest()


def _over(leaves: Mapping[int, str], nodes: Mapping[tuple[int, int], bytes], low: int, high: int) -> bytes:
    if (low, high) in nodes:
        return nodes[low, high]
    if high - low == 1:
        if low not in leaves:
            raise Hole(f"nothing for place {low}")
        return leaf_hash(leaves[low])
    middle = low + (1 << (high - low - 1).bit_length() - 1)
    return _node(_over(leaves, nodes, low, middle), _over(leaves, nodes, middle, high))
