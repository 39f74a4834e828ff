"""Joined, read once, compared: what arrived is what was sent, or it is refused."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from lms.adapters.multipart import Part
from lms.adapters.reception import Arriving, NotReceived, Received, SentPart, forget, receive
from lms.adapters.sandbox import Cancelled
from lms.adapters.storage import Store

KEY = "originals/film"
CONTENTS = (b"a" * 200_000, b"b" * 70_001, b"c")
WHOLE = b"".join(CONTENTS)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def arriving(folder_store: Store, tmp_path: Path) -> Arriving:
    ref = folder_store.begin(KEY, "video/mp4")
    sent = []
    for number, content in enumerate(CONTENTS, start=1):
        place = tmp_path / "part"
        place.write_bytes(content)
        part = Part(number, len(content), folder_store.put_part(KEY, ref, number, place))
        sent.append(SentPart(part, sha256(content)))
    return Arriving(KEY, ref, len(WHOLE), sha256(WHOLE), tuple(sent))


def test_the_whole_is_known_by_its_hash(folder_store: Store, arriving: Arriving) -> None:
    told: list[float] = []
    assert receive(folder_store, arriving, on_progress=told.append) == Received(sha256(WHOLE))
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert receive(folder_store, arriving) == Received(sha256(WHOLE)), "again, as after a worker that was killed"


def test_hashes_nobody_told_are_not_missed(folder_store: Store, arriving: Arriving) -> None:
    silent = replace(arriving, sha256=None, parts=[replace(sent, sha256=None) for sent in arriving.parts])
    assert receive(folder_store, silent) == Received(sha256(WHOLE))


def changed(arriving: Arriving, what: str) -> Arriving:
    if what == "whole":
        return replace(arriving, sha256=sha256(b"another"))
    if what == "size":
        return replace(arriving, size=arriving.size + 1)
    if what == "part":
        first, *others = arriving.parts
        return replace(arriving, parts=(replace(first, sha256=sha256(b"another")), *others))
    if what == "missing":
        return replace(arriving, parts=arriving.parts[:-1])
    return replace(arriving, ref="0" * 32)


@pytest.mark.parametrize("what", ["whole", "size", "part", "missing", "gone"])
def test_what_is_not_as_it_was_sent_is_refused(folder_store: Store, arriving: Arriving, what: str) -> None:
    assert receive(folder_store, changed(arriving, what)) == NotReceived("upload_changed")


def test_it_stops_when_told(folder_store: Store, arriving: Arriving) -> None:
    with pytest.raises(Cancelled):
        receive(folder_store, arriving, cancelled=lambda: True)


def test_forgetting_is_by_key_by_prefix_and_by_upload(folder_store: Store, arriving: Arriving) -> None:
    for key in ("originals/a", "originals/b", "media/1/1/master.m3u8", "media/1/2/master.m3u8", "media/11/1/x"):
        folder_store.put_bytes(key, b"?", "text/plain")
    told = {"keys": ["originals/a"], "prefixes": ["media/1/"], "uploads": [[KEY, arriving.ref]]}
    forget(folder_store, **told)
    forget(folder_store, **told)
    assert list(folder_store.list("")) == ["media/11/1/x", "originals/b"]
    assert receive(folder_store, arriving) == NotReceived("upload_changed")
