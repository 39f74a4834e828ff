"""Bits of a status list (W3C Bitstring Status List 1.0, 2.2): one for each credential, set once it is withdrawn.

A list is never shorter than 131,072 bits, so that asking for it tells nobody which credential is being checked.
"""

import base64
import gzip
from collections.abc import Iterable

LENGTH = 131_072
HALF = LENGTH // 2
"""A list takes so many credentials: places are drawn by chance, and in a full list chance would search for long."""


def encode(withdrawn: Iterable[int]) -> str:
    """The list as text: bits from the left, GZIP, base64url with the multibase sign `u`. Equal lists, equal text."""
    bits = bytearray(LENGTH // 8)
    for index in withdrawn:
        if not 0 <= index < LENGTH:
            raise ValueError(f"{index} is no place in a list of {LENGTH}")
        bits[index // 8] |= 0x80 >> index % 8
    return "u" + base64.urlsafe_b64encode(gzip.compress(bytes(bits), 9, mtime=0)).decode().rstrip("=")
