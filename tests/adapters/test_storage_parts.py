"""One contract for objects that arrive in parts, in both stores; and what only a bucket can do."""

import http.client
import random
import urllib.parse
from pathlib import Path

import pytest

from lms.adapters.multipart import SMALLEST_PART_BYTES, Part
from lms.adapters.storage import Store
from lms.domain.errors import NotFound, Refused
from tests.adapters.test_storage import LINUX_ONLY, read

KEY = "originals/film"
FIRST = random.Random(1).randbytes(SMALLEST_PART_BYTES)
SECOND = random.Random(2).randbytes(SMALLEST_PART_BYTES + 7)
LAST = b"the end"


@pytest.fixture(params=["folder_store", pytest.param("s3_store", marks=LINUX_ONLY)])
def store(request: pytest.FixtureRequest) -> Store:
    found: Store = request.getfixturevalue(request.param)
    return found


def put(store: Store, ref: str, number: int, content: bytes, folder: Path) -> Part:
    place = folder / "part"
    place.write_bytes(content)
    return Part(number, len(content), store.put_part(KEY, ref, number, place))


def test_parts_in_any_order_become_the_whole(store: Store, tmp_path: Path) -> None:
    ref = store.begin(KEY, "video/mp4")
    sent = [put(store, ref, number, content, tmp_path) for number, content in ((3, LAST), (1, FIRST), (2, SECOND))]
    assert store.parts(KEY, ref) == sorted(sent, key=lambda part: part.number)
    assert store.stat(KEY) is None, "nothing is seen before the end"
    store.finish(KEY, ref, store.parts(KEY, ref))
    known = store.stat(KEY)
    assert known is not None
    assert (known.size, known.content_type) == (len(FIRST + SECOND + LAST), "video/mp4")
    assert read(store, KEY) == FIRST + SECOND + LAST
    assert list(store.list("")) == [KEY]


def test_finishing_twice_is_harmless(store: Store, tmp_path: Path) -> None:
    ref = store.begin(KEY, "video/mp4")
    part = put(store, ref, 1, LAST, tmp_path)
    store.finish(KEY, ref, [part])
    store.finish(KEY, ref, [part])
    assert read(store, KEY) == LAST


def test_a_part_sent_again_replaces_itself(store: Store, tmp_path: Path) -> None:
    ref = store.begin(KEY, "video/mp4")
    put(store, ref, 1, SECOND, tmp_path)
    again = put(store, ref, 1, FIRST, tmp_path)
    last = put(store, ref, 2, LAST, tmp_path)
    assert store.parts(KEY, ref) == [again, last]
    store.finish(KEY, ref, [again, last])
    assert read(store, KEY) == FIRST + LAST


def test_two_uploads_of_one_key_do_not_mix(store: Store, tmp_path: Path) -> None:
    one, other = store.begin(KEY, "video/mp4"), store.begin(KEY, "video/mp4")
    put(store, one, 1, b"one", tmp_path)
    kept = put(store, other, 1, b"other", tmp_path)
    assert [part.size for part in store.parts(KEY, one)] == [3]
    store.finish(KEY, other, [kept])
    assert read(store, KEY) == b"other"


def test_a_part_that_never_came_is_noticed(store: Store, tmp_path: Path) -> None:
    ref = store.begin(KEY, "video/mp4")
    part = put(store, ref, 1, LAST, tmp_path)
    with pytest.raises(NotFound, match="upload_not_found"):
        store.finish(KEY, ref, [part, Part(2, 7, part.etag)])
    assert store.stat(KEY) is None


def test_what_is_abandoned_is_gone(store: Store, tmp_path: Path) -> None:
    ref = store.begin(KEY, "video/mp4")
    part = put(store, ref, 1, LAST, tmp_path)
    store.abandon(KEY, ref)
    store.abandon(KEY, ref)
    for attempt in (
        lambda: put(store, ref, 1, LAST, tmp_path),
        lambda: store.parts(KEY, ref),
        lambda: store.finish(KEY, ref, [part]),
    ):
        with pytest.raises(NotFound) as refused:
            attempt()
        assert refused.value.code == "upload_not_found"
    assert list(store.list("")) == []


@pytest.mark.parametrize("key", ["../x", "/etc/passwd", "a//b", ".uploads/x", ""])
def test_keys_that_could_mean_another_place(store: Store, key: str, tmp_path: Path) -> None:
    ref = store.begin(KEY, "video/mp4")
    place = tmp_path / "part"
    place.write_bytes(LAST)
    attempts = (
        lambda: store.begin(key, "video/mp4"),
        lambda: store.put_part(key, ref, 1, place),
        lambda: store.parts(key, ref),
        lambda: store.part_link(key, ref, 1, 60),
        lambda: store.finish(key, ref, []),
        lambda: store.abandon(key, ref),
    )
    for attempt in attempts:
        with pytest.raises(Refused, match="storage_key"):
            attempt()


@pytest.mark.parametrize("ref", ["..", "../../objects", "", "A" * 32, "0" * 32 + "\n"])
def test_a_folder_takes_no_reference_for_a_path(folder_store: Store, ref: str) -> None:
    with pytest.raises(Refused, match="storage_key"):
        folder_store.parts(KEY, ref)


def test_a_folder_has_no_address(folder_store: Store) -> None:
    assert folder_store.part_link(KEY, folder_store.begin(KEY, "video/mp4"), 1, 60) is None


def send(address: str, content: bytes) -> int:
    """What anybody gets who holds the address: no cookie, no key."""
    place = urllib.parse.urlsplit(address)
    connection = http.client.HTTPConnection(place.netloc, timeout=30)
    try:
        connection.request("PUT", f"{place.path}?{place.query}", content)
        return connection.getresponse().status
    finally:
        connection.close()


@LINUX_ONLY
def test_a_bucket_takes_a_part_from_whoever_has_its_address(s3_store: Store) -> None:
    ref = s3_store.begin(KEY, "video/mp4")
    address = s3_store.part_link(KEY, ref, 1, 60)
    assert address is not None
    assert send(address.replace("partNumber=1", "partNumber=2"), LAST) == 403
    assert send(address.replace("/film?", "/other?"), LAST) == 403
    assert send(address, LAST) == 200
    parts = s3_store.parts(KEY, ref)
    assert [(part.number, part.size) for part in parts] == [(1, len(LAST))]
    s3_store.finish(KEY, ref, parts)
    assert read(s3_store, KEY) == LAST
