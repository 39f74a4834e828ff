"""One contract, two stores: a folder, and a bucket of a real S3 service."""

import random
import sys
from pathlib import Path

import pytest

from lms.adapters.storage import Store
from lms.domain.errors import NotFound, Refused

LINUX_ONLY = pytest.mark.skipif(sys.platform != "linux", reason="OpenStack Swift runs on Linux only")


@pytest.fixture(params=["folder_store", pytest.param("s3_store", marks=LINUX_ONLY)])
def store(request: pytest.FixtureRequest) -> Store:
    found: Store = request.getfixturevalue(request.param)
    return found


def read(store: Store, key: str, start: int = 0, end: int | None = None) -> bytes:
    with store.open(key, start, end) as body:
        return body.read()


def test_what_is_put_is_found(store: Store) -> None:
    store.put_bytes("a/b/index.m3u8", b"#EXTM3U\n", "application/vnd.apple.mpegurl")
    known = store.stat("a/b/index.m3u8")
    assert known is not None
    assert (known.size, known.content_type) == (8, "application/vnd.apple.mpegurl")
    assert read(store, "a/b/index.m3u8") == b"#EXTM3U\n"


@pytest.mark.parametrize("content_type", ["image/jpeg", "text/plain", "application/x-never-heard-of"])
def test_a_type_is_kept_even_if_the_name_says_otherwise(store: Store, content_type: str) -> None:
    store.put_bytes("poster.jpg", b"one", content_type)
    known = store.stat("poster.jpg")
    assert known is not None
    assert known.content_type == content_type


def test_a_later_type_replaces_an_earlier_one(store: Store) -> None:
    store.put_bytes("poster.jpg", b"one", "text/plain")
    store.put_bytes("poster.jpg", b"two", "image/jpeg")
    known = store.stat("poster.jpg")
    assert known is not None
    assert known.content_type == "image/jpeg"


def test_replacing_changes_content_and_tag(store: Store) -> None:
    tags = set()
    for content in (b"one", b"two", b"six"):
        store.put_bytes("x", content, "text/plain")
        known, again = store.stat("x"), store.stat("x")
        assert known == again
        assert known is not None
        tags.add(known.etag)
        assert read(store, "x") == content
    assert len(tags) == 3


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0, None, b"0123456789"),
        (3, None, b"3456789"),
        (0, 1, b"0"),
        (3, 7, b"3456"),
        (9, 10, b"9"),
        (8, 99, b"89"),
        (10, None, b""),
        (99, None, b""),
        (99, 120, b""),
        (4, 4, b""),
        (5, 2, b""),
    ],
)
def test_ranges(store: Store, start: int, end: int | None, expected: bytes) -> None:
    store.put_bytes("digits", b"0123456789", "text/plain")
    assert read(store, "digits", start, end) == expected


def test_an_empty_object(store: Store) -> None:
    store.put_bytes("empty", b"", "text/plain")
    assert read(store, "empty") == b""
    assert read(store, "empty", 0, 5) == b""
    known = store.stat("empty")
    assert known is not None
    assert known.size == 0


def test_a_large_file_comes_back_whole_and_in_parts(store: Store, tmp_path: Path) -> None:
    """Large enough that S3 takes it in several parts."""
    content = random.Random(1).randbytes(20 * 1024 * 1024)
    source = tmp_path / "original.mp4"
    source.write_bytes(content)
    store.put_file("original.mp4", source, "video/mp4")
    known = store.stat("original.mp4")
    assert known is not None
    assert (known.size, known.content_type) == (len(content), "video/mp4")
    assert read(store, "original.mp4") == content
    assert read(store, "original.mp4", 8_388_600, 8_388_620) == content[8_388_600:8_388_620]
    assert source.exists()


def test_chunks_can_be_left_unread(store: Store) -> None:
    store.put_bytes("long", b"x" * 300_000, "text/plain")
    body = store.open("long")
    first = next(iter(body))
    body.close()
    assert 0 < len(first) < 300_000


def test_listing_is_by_string_and_in_order(store: Store) -> None:
    for key in ("m/2/b", "m/2/a", "m/20/a", "m/2-x", "m/1", "n", "m/2/deep/er"):
        store.put_bytes(key, b"?", "application/x-odd")
    assert list(store.list("m/2/")) == ["m/2/a", "m/2/b", "m/2/deep/er"]
    assert list(store.list("m/2")) == ["m/2-x", "m/2/a", "m/2/b", "m/2/deep/er", "m/20/a"]
    assert list(store.list("")) == ["m/1", "m/2-x", "m/2/a", "m/2/b", "m/2/deep/er", "m/20/a", "n"]
    assert list(store.list("z")) == []


def test_deleting_is_final_and_harmless_twice(store: Store) -> None:
    store.put_bytes("m/a", b"?", "application/x-odd")
    store.delete("m/a")
    store.delete("m/a")
    assert store.stat("m/a") is None
    assert list(store.list("m")) == []
    store.put_bytes("m/a", b"?", "text/plain")
    known = store.stat("m/a")
    assert known is not None
    assert known.content_type == "text/plain"


def test_what_is_not_there(store: Store) -> None:
    store.put_bytes("m/a", b"?", "text/plain")
    for key in ("missing", "m", "m/a/b"):
        assert store.stat(key) is None
        with pytest.raises(NotFound) as refused:
            store.open(key)
        assert refused.value.code == "media_not_found"


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/",
        "/etc/passwd",
        "..",
        "../x",
        "a/../../x",
        "a/./b",
        "a//b",
        "a/",
        ".hidden",
        "a/.types/b",
        "a\\b",
        "a\x00b",
        "a\nb",
        "a\n",
        "a b",
        "课程",
        "a/%2e%2e/b",
        "-rf",
        "x" * 401,
    ],
)
def test_keys_that_could_mean_another_place(store: Store, key: str, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"?")
    attempts = (
        lambda: store.put_bytes(key, b"?", "text/plain"),
        lambda: store.put_file(key, source, "text/plain"),
        lambda: store.open(key),
        lambda: store.stat(key),
        lambda: store.delete(key),
        lambda: store.link(key, 60),
    )
    for attempt in attempts:
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == "storage_key"


@pytest.mark.parametrize("prefix", ["../", "/etc/", "a/../../", ".types/"])
def test_prefixes_that_could_mean_another_place(store: Store, prefix: str) -> None:
    with pytest.raises(Refused):
        list(store.list(prefix))


def test_it_is_healthy(store: Store) -> None:
    assert store.healthy()
    assert list(store.list("")) == []
