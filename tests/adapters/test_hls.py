"""Playlists: what the encoder wrote, what players are told, what the store gets and in which order."""

from pathlib import Path

import pytest

from lms.adapters.hls import Segment, Variant, master_playlist, publish, read_variant
from lms.adapters.sandbox import Cancelled
from lms.adapters.storage import Store

PLAYLIST = """#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:4
#EXT-X-MAP:URI="init.mp4"
#EXTINF:4.000000,
00000.m4s
#EXTINF:2.500000,
00001.m4s
#EXT-X-ENDLIST
"""


@pytest.fixture
def finished(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    for name in ("360p", "audio"):
        (folder / name).mkdir(parents=True)
        (folder / name / "index.m3u8").write_text(PLAYLIST)
        (folder / name / "init.mp4").write_bytes(b"....avcC\x01\x4d\x40\x1e" if name == "360p" else b"....esds")
        (folder / name / "00000.m4s").write_bytes(bytes(4_000))
        (folder / name / "00001.m4s").write_bytes(bytes(5_000))
    (folder / "poster.jpg").write_bytes(b"jpeg")
    (folder / "master.m3u8").write_text("#EXTM3U\n")
    return folder


def test_a_variant_as_the_encoder_left_it(finished: Path) -> None:
    variant = read_variant(finished, "360p", 640, 360, 25)
    assert variant.segments == (Segment("00000.m4s", 4.0, 4_000), Segment("00001.m4s", 2.5, 5_000))
    assert variant.codecs == "avc1.4d401e,mp4a.40.2"
    assert variant.seconds == 6.5
    assert variant.peak_bps == 16_000
    assert variant.average_bps == 11_077
    assert read_variant(finished, "audio").codecs == "mp4a.40.2"


def test_a_missing_piece_is_noticed(finished: Path) -> None:
    (finished / "360p" / "00001.m4s").unlink()
    with pytest.raises(FileNotFoundError):
        read_variant(finished, "360p")


@pytest.mark.parametrize(
    ("segments", "peak"),
    [
        (((4.0, 4_000), (4.0, 6_000)), 12_000),
        (((4.0, 4_000), (0.1, 6_000)), 8_000),
        (((1.0, 1_000),), 8_000),
    ],
)
def test_a_short_last_piece_does_not_set_the_bandwidth(segments: tuple[tuple[float, int], ...], peak: int) -> None:
    pieces = tuple(Segment(str(place), *segment) for place, segment in enumerate(segments))
    assert Variant("360p", pieces, "").peak_bps == peak


def test_the_master(finished: Path) -> None:
    variants = (read_variant(finished, "360p", 640, 360, 25), read_variant(finished, "audio"))
    shared = '#EXT-X-STREAM-INF:BANDWIDTH=16000,AVERAGE-BANDWIDTH=11077,CODECS="avc1.4d401e,mp4a.40.2"'
    assert master_playlist(variants).splitlines() == [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        f"{shared},RESOLUTION=640x360,FRAME-RATE=25.000",
        "360p/index.m3u8",
        '#EXT-X-STREAM-INF:BANDWIDTH=16000,AVERAGE-BANDWIDTH=11077,CODECS="mp4a.40.2"',
        "audio/index.m3u8",
    ]


class Watched:
    """A store that remembers in which order it was given what."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.keys: list[str] = []

    def put_file(self, key: str, path: Path, content_type: str) -> None:
        self.keys.append(key)
        self.store.put_file(key, path, content_type)

    def __getattr__(self, name: str) -> object:
        return getattr(self.store, name)


def test_publishing_ends_with_the_master(finished: Path, folder_store: Store) -> None:
    store = Watched(folder_store)
    (finished / "captions.zh.vtt").write_text("WEBVTT\n")
    size = publish(finished, store, "media/0190")
    assert size == sum(path.stat().st_size for path in finished.rglob("*.*"))
    assert sorted(store.keys) == list(folder_store.list("media/0190/"))
    assert len(store.keys) == 11
    assert store.keys[-1] == "media/0190/master.m3u8"
    assert all(key.endswith(".m3u8") for key in store.keys[-3:])


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("master.m3u8", "application/vnd.apple.mpegurl"),
        ("360p/00000.m4s", "video/iso.segment"),
        ("360p/init.mp4", "video/mp4"),
        ("poster.jpg", "image/jpeg"),
    ],
)
def test_players_are_told_what_they_get(finished: Path, folder_store: Store, name: str, content_type: str) -> None:
    publish(finished, folder_store, "m")
    known = folder_store.stat(f"m/{name}")
    assert known is not None
    assert known.content_type == content_type


def test_publishing_can_be_cancelled_and_done_again(finished: Path, folder_store: Store) -> None:
    store = Watched(folder_store)
    with pytest.raises(Cancelled):
        publish(finished, store, "m", cancelled=lambda: len(store.keys) == 4)
    assert folder_store.stat("m/master.m3u8") is None
    publish(finished, store, "m")
    assert folder_store.stat("m/master.m3u8") is not None
