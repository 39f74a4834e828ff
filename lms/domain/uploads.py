"""Uploads in parts: what may begin, how it is cut, what is still missing."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from lms.domain.errors import Refused

LONGEST_NAME = 200
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class UploadLimits:
    """What one file may be, what one institution may keep, and the size of a part; all in bytes."""

    max_bytes: int
    quota_bytes: int
    part_bytes: int


def check_start(name: str, size: int, used_bytes: int, limits: UploadLimits) -> str:
    """The file's name as it is shown, for a file of `size` bytes beside `used_bytes` already kept.

    Refused: upload_name, upload_empty, media_too_large, upload_quota.
    """
    shown = shown_name(name)
    if size < 1:
        raise Refused("upload_empty")
    if size > limits.max_bytes:
        raise Refused("media_too_large", megabytes=limits.max_bytes // MEGABYTE)
    if used_bytes + size > limits.quota_bytes:
        raise Refused("upload_quota", free=max(limits.quota_bytes - used_bytes, 0) // MEGABYTE)
    return shown


def shown_name(name: str) -> str:
    """The last part of a path, without signs that cannot be seen. Refused: upload_name."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C").strip()
    if not shown:
        raise Refused("upload_name")
    return shown[-LONGEST_NAME:]


def title_of(name: str) -> str:
    """What a file is called before anybody gives it a better title: its name without the ending."""
    stem, dot, ending = name.rpartition(".")
    return stem if dot and stem and len(ending) <= 5 else name


def part_count(size: int, part_bytes: int) -> int:
    """How many parts a file has."""
    return -(-size // part_bytes)


def part_size(size: int, part_bytes: int, number: int) -> int:
    """The bytes of part `number`, counted from 1; the last is what is left. Refused: upload_part_number."""
    if not 1 <= number <= part_count(size, part_bytes):
        raise Refused("upload_part_number")
    return min(part_bytes, size - (number - 1) * part_bytes)


def missing_parts(size: int, part_bytes: int, have: Collection[int]) -> list[int]:
    """The parts that have not arrived, in order."""
    return [number for number in range(1, part_count(size, part_bytes) + 1) if number not in have]
