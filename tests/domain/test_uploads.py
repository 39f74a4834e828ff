"""Uploads in parts: what may begin, how a file is cut, what is missing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.errors import Refused
from lms.domain.uploads import (
    MEGABYTE,
    UploadLimits,
    check_start,
    missing_parts,
    part_count,
    part_size,
    shown_name,
    title_of,
)

LIMITS = UploadLimits(max_bytes=100 * MEGABYTE, quota_bytes=150 * MEGABYTE, part_bytes=8 * MEGABYTE)


@pytest.mark.parametrize(
    ("name", "size", "used", "code"),
    [
        ("", 1, 0, "upload_name"),
        ("/", 1, 0, "upload_name"),
        ("\u200b\n", 1, 0, "upload_name"),
        ("a.mp4", 0, 0, "upload_empty"),
        ("a.mp4", 100 * MEGABYTE + 1, 0, "media_too_large"),
        ("a.mp4", 100 * MEGABYTE, 50 * MEGABYTE + 1, "upload_quota"),
    ],
)
def test_what_may_not_begin(name: str, size: int, used: int, code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_start(name, size, used, LIMITS)
    assert refused.value.code == code


def test_the_limits_themselves_are_allowed() -> None:
    assert check_start("a.mp4", 100 * MEGABYTE, 50 * MEGABYTE, LIMITS) == "a.mp4"


@pytest.mark.parametrize(
    ("name", "shown", "title"),
    [
        ("洗手示范.mp4", "洗手示范.mp4", "洗手示范"),
        ("C:\\videos\\a.MOV", "a.MOV", "a"),
        ("../../etc/passwd", "passwd", "passwd"),
        ("a\x00\u202eb.mp4", "ab.mp4", "ab"),
        (".mp4", ".mp4", ".mp4"),
        ("第1课.走进房间以后", "第1课.走进房间以后", "第1课.走进房间以后"),
        ("x" * 250 + ".mp4", "x" * 196 + ".mp4", "x" * 196),
    ],
)
def test_names(name: str, shown: str, title: str) -> None:
    assert shown_name(name) == shown
    assert title_of(shown) == title


@given(size=st.integers(1, 2**40), part_bytes=st.integers(5 * MEGABYTE, 64 * MEGABYTE))
def test_the_parts_are_the_whole(size: int, part_bytes: int) -> None:
    count = part_count(size, part_bytes)
    first, last = part_size(size, part_bytes, 1), part_size(size, part_bytes, count)
    assert first * (count - 1) + last == size
    assert 0 < last <= part_bytes


@pytest.mark.parametrize("number", [0, -1, 4])
def test_a_part_that_does_not_exist(number: int) -> None:
    with pytest.raises(Refused, match="upload_part_number"):
        part_size(20, 8, number)


def test_what_is_missing() -> None:
    assert [part_size(20, 8, number) for number in (1, 2, 3)] == [8, 8, 4]
    assert missing_parts(20, 8, ()) == [1, 2, 3]
    assert missing_parts(20, 8, {2, 9}) == [1, 3]
    assert missing_parts(20, 8, [1, 2, 3]) == []
