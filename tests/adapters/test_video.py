"""A video becomes what phones play; a hostile file becomes nothing."""

import re
import struct
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from lms.adapters.ladder import PHONE_LADDER
from lms.adapters.probe import MediaLimits, Probe, probe
from lms.adapters.sandbox import Bounds, Cancelled
from lms.adapters.video import Renditions, transcode
from lms.domain.errors import Refused

Clips = Callable[..., Path]

PICTURES = ("-f", "lavfi", "-i", "testsrc2=s=960x540:r=25:d=6")
SOUND = ("-f", "lavfi", "-i", "sine=d=6")
H264 = ("-c:v", "libx264", "-preset", "ultrafast")
STREAM = re.compile(r"#EXT-X-STREAM-INF:(.+)\n(.+)\n")
ATTRIBUTE = re.compile(r'([A-Z-]+)=("[^"]*"|[^,]*)')


@dataclass(frozen=True)
class Listed:
    """One variant as a player reads it from the master."""

    uri: str
    attributes: dict[str, str]


def listed(folder: Path) -> list[Listed]:
    text = (folder / "master.m3u8").read_text()
    return [
        Listed(uri, {name: value.strip('"') for name, value in ATTRIBUTE.findall(attributes)})
        for attributes, uri in STREAM.findall(text)
    ]


def pieces(playlist: Path) -> list[tuple[float, Path]]:
    text = playlist.read_text()
    found = re.findall(r"#EXTINF:([\d.]+),\n(\S+)\n", text)
    return [(float(seconds), playlist.parent / name) for seconds, name in found]


def boxes(content: bytes, wanted: str) -> list[bytes]:
    """The content of each box at a path such as moov/trak (ISO/IEC 14496-12)."""
    first, _, rest = wanted.partition("/")
    found, place = [], 0
    while place + 8 <= len(content):
        size = int.from_bytes(content[place : place + 4], "big")
        if content[place + 4 : place + 8] == first.encode():
            found.append(content[place + 8 : place + size])
        place += max(size, 8)
    return [hit for box in found for hit in boxes(box, rest)] if rest else found


def codecs(init: Path) -> str:
    """The names of its codecs, read from the boxes."""
    names = []
    for described in boxes(init.read_bytes(), "moov/trak/mdia/minf/stbl/stsd"):
        entries = described[8:]
        for entry in boxes(entries, "avc1"):
            record = boxes(entry[78:], "avcC")[0]
            names.append(f"avc1.{record[1:4].hex()}")
        names += ["mp4a.40.2"] * len(boxes(entries, "mp4a"))
    return ",".join(names)


def played(ffmpeg: Path, playlist: Path, *filters: str) -> tuple[str, str]:
    """Complaints of a player that decodes all of it, and what its filters told."""
    base = [str(ffmpeg), "-hide_banner", "-nostdin", "-i", str(playlist)]
    told = subprocess.run([*base, *filters, "-f", "null", "-"], check=True, capture_output=True, text=True).stderr
    quiet = [*base[:2], "-v", "warning", *base[2:], "-f", "null", "-"]
    return subprocess.run(quiet, check=True, capture_output=True, text=True).stderr, told


def frames(told: str) -> int:
    """How many pictures ffmpeg saw."""
    return int(re.findall(r"frame= *(\d+)", told)[-1])


def made(path: Path, into: Path, ffmpeg: Path) -> Renditions:
    return transcode(path, into, probe(path, MediaLimits(), ffmpeg), ffmpeg=ffmpeg)


@pytest.fixture(scope="module")
def plain(clips: Clips, ffmpeg: Path, tmp_path_factory: pytest.TempPathFactory) -> Renditions:
    clip = clips("six seconds.mp4", *PICTURES, *SOUND, *H264)
    return made(clip, tmp_path_factory.mktemp("plain") / "out", ffmpeg)


def test_the_master_lists_every_size_and_the_sound(plain: Renditions) -> None:
    assert [(entry.uri, entry.attributes.get("RESOLUTION")) for entry in listed(plain.folder)] == [
        ("240p/index.m3u8", "426x240"),
        ("360p/index.m3u8", "640x360"),
        ("540p/index.m3u8", "960x540"),
        ("audio/index.m3u8", None),
    ]


def test_the_master_tells_the_truth(plain: Renditions) -> None:
    caps = {rung.name: rung.total_kbps * 1000 for rung in PHONE_LADDER} | {"audio": 64_000}
    for entry in listed(plain.folder):
        playlist = plain.folder / entry.uri
        found = pieces(playlist)
        sizes = [path.stat().st_size * 8 for _, path in found]
        seconds = sum(length for length, _ in found)
        bandwidth = int(entry.attributes["BANDWIDTH"])
        assert int(entry.attributes["AVERAGE-BANDWIDTH"]) == pytest.approx(sum(sizes) / seconds, rel=0.001)
        for (length, _), bits in zip(found, sizes, strict=True):
            assert bits / length <= bandwidth + 1 or length < 2
        assert bandwidth <= caps[playlist.parent.name]
        assert entry.attributes["CODECS"] == codecs(playlist.parent / "init.mp4")


def test_every_variant_is_as_long_as_the_original(plain: Renditions) -> None:
    for entry in listed(plain.folder):
        seconds = sum(length for length, _ in pieces(plain.folder / entry.uri))
        assert seconds == pytest.approx(6.0, abs=0.2)
    assert plain.duration_ms == 6_000


def test_segments_are_four_seconds_and_cut_at_the_same_places(plain: Renditions) -> None:
    cuts = {
        variant.name: [segment.seconds for segment in variant.segments] for variant in plain.variants if variant.width
    }
    assert set(cuts) == {"240p", "360p", "540p"}
    for name, seconds in cuts.items():
        assert seconds == pytest.approx([4.0, 2.0], abs=0.01), name


def test_every_segment_can_be_the_first(plain: Renditions, ffmpeg: Path, tmp_path: Path) -> None:
    """A player that joins or changes sizes has the init segment and one other."""
    for variant in plain.variants:
        folder = plain.folder / variant.name
        alone = tmp_path / f"{variant.name}.mp4"
        alone.write_bytes((folder / "init.mp4").read_bytes() + (folder / variant.segments[1].name).read_bytes())
        complaints, told = played(ffmpeg, alone)
        assert complaints == ""
        if variant.fps:
            assert frames(told) == 2 * variant.fps


def test_every_variant_plays_with_its_sound(plain: Renditions, ffmpeg: Path) -> None:
    for entry in listed(plain.folder):
        complaints, told = played(ffmpeg, plain.folder / entry.uri, "-af", "volumedetect")
        assert complaints == ""
        assert "Audio: aac (LC)" in told
        assert "44100 Hz, mono" in told
        volume = re.search(r"mean_volume: (-?[\d.]+) dB", told)
        assert volume is not None
        assert float(volume[1]) > -30


def test_the_poster_is_a_small_jpeg(plain: Renditions) -> None:
    with Image.open(plain.folder / "poster.jpg") as poster:
        assert (poster.format, poster.size) == ("JPEG", (960, 540))
    assert (plain.folder / "poster.jpg").stat().st_size < 150_000


def test_the_sprite_holds_a_small_picture_of_each_place(plain: Renditions) -> None:
    with Image.open(plain.folder / "sprite.jpg") as sheet:
        assert (sheet.format, sheet.size) == ("JPEG", (480, 90))
    text = (plain.folder / "sprite.vtt").read_text()
    assert text.split("\n\n")[1:] == [
        "00:00:00.000 --> 00:00:02.000\nsprite.jpg#xywh=0,0,160,90",
        "00:00:02.000 --> 00:00:04.000\nsprite.jpg#xywh=160,0,160,90",
        "00:00:04.000 --> 00:00:06.000\nsprite.jpg#xywh=320,0,160,90\n",
    ]


def test_the_sprite_shows_each_moment(clips: Clips, ffmpeg: Path, tmp_path: Path) -> None:
    turning = "color=red:s=320x240:r=10:d=3[a];color=blue:s=320x240:r=10:d=3[b];[a][b]concat"
    done = made(clips("turning.mp4", "-f", "lavfi", "-i", turning, *H264), tmp_path / "out", ffmpeg)
    with Image.open(done.folder / "sprite.jpg") as sheet:
        seen = [sheet.getpixel((80 + 160 * place, 60)) for place in range(3)]
    assert [colour.index(max(colour)) for colour in seen] == [0, 0, 2]


@pytest.mark.parametrize(
    ("sound", "heard"),
    [(("-f", "lavfi", "-i", "sine=d=2"), True), (("-f", "lavfi", "-i", "anullsrc=d=2"), False), ((), False)],
    ids=["a tone", "silence", "no track"],
)
def test_a_silent_video_is_noticed(
    clips: Clips, ffmpeg: Path, tmp_path: Path, sound: tuple[str, ...], heard: bool
) -> None:
    source = ("-f", "lavfi", "-i", "testsrc2=s=160x120:r=10:d=2", *sound)
    clip = clips(f"heard {heard} {len(sound)}.mp4", *source, *H264, "-shortest")
    assert made(clip, tmp_path / "out", ffmpeg).has_sound is heard


def test_nothing_else_is_left(plain: Renditions) -> None:
    names = {path.name for path in plain.folder.iterdir()}
    assert names == {"master.m3u8", "poster.jpg", "sprite.jpg", "sprite.vtt", "240p", "360p", "540p", "audio"}
    assert [path.name for path in plain.folder.parent.iterdir()] == ["out"]


def test_without_sound_there_is_silence(clips: Clips, ffmpeg: Path, tmp_path: Path) -> None:
    clip = clips("mute.mp4", "-f", "lavfi", "-i", "testsrc2=s=320x240:r=10:d=3", *H264)
    done = made(clip, tmp_path / "out", ffmpeg)
    for variant in done.variants:
        complaints, told = played(ffmpeg, done.folder / variant.name / "index.m3u8", "-af", "volumedetect")
        assert complaints == ""
        assert "mean_volume: -91.0 dB" in told
        assert variant.seconds == pytest.approx(3.0, abs=0.2)


@pytest.mark.parametrize("seconds", [("5", "2"), ("2", "5")], ids=["sound ends first", "pictures end first"])
def test_tracks_of_different_length_are_made_equal(
    clips: Clips, ffmpeg: Path, tmp_path: Path, seconds: tuple[str, str]
) -> None:
    pictures, sound = seconds
    source = ("-f", "lavfi", "-i", f"testsrc2=s=320x240:r=10:d={pictures}", "-f", "lavfi", "-i", f"sine=d={sound}")
    done = made(clips(f"{pictures} and {sound}.mp4", *source, *H264), tmp_path / "out", ffmpeg)
    for variant in done.variants:
        assert variant.seconds == pytest.approx(5.0, abs=0.2)
        _, told = played(ffmpeg, done.folder / variant.name / "index.m3u8", "-map", "0:a", "-c", "copy")
        heard = re.findall(r"time=00:00:([\d.]+)", told)
        assert float(heard[-1]) == pytest.approx(5.0, abs=0.2)


@pytest.mark.parametrize(
    ("rate", "arguments", "fps"),
    [
        ("25", ("-vf", "select='lt(t,2)+not(mod(n,5))'", "-fps_mode", "vfr"), 13),
        ("30000/1001", (), 30),
        ("2", (), 2),
    ],
)
def test_frame_rates_become_steady(
    clips: Clips, ffmpeg: Path, tmp_path: Path, rate: str, arguments: tuple[str, ...], fps: int
) -> None:
    source = ("-f", "lavfi", "-i", f"testsrc2=s=640x360:r={rate}:d=5")
    done = made(clips("rate.mkv", *source, *H264, *arguments), tmp_path / "out", ffmpeg)
    largest = done.variants[-2]
    assert largest.fps == fps
    assert largest.seconds == pytest.approx(5.0, abs=0.2)
    assert largest.segments[0].seconds == pytest.approx(4.0, abs=0.01)
    _, told = played(ffmpeg, done.folder / largest.name / "index.m3u8", "-map", "0:v")
    assert frames(told) == pytest.approx(fps * 5, abs=fps * 0.2)


def test_a_phone_held_upright_stays_upright(clips: Clips, ffmpeg: Path, tmp_path: Path) -> None:
    half = "color=red:s=320x120:r=10:d=5[a];color=blue:s=320x120:r=10:d=5[b];[a][b]vstack"
    flat = clips("red over blue.mp4", "-f", "lavfi", "-i", half, *H264)
    turned = clips("turned.mp4", "-display_rotation", "90", "-i", str(flat), "-c", "copy")
    done = made(turned, tmp_path / "out", ffmpeg)
    assert (done.variants[0].width, done.variants[0].height) == (240, 320)
    with Image.open(done.folder / "poster.jpg") as poster:
        left, right = poster.getpixel((30, 160)), poster.getpixel((210, 160))
    assert {left.index(max(left)), right.index(max(right))} == {0, 2}


def test_places_and_names_are_forgotten(clips: Clips, ffmpeg: Path, tmp_path: Path) -> None:
    tags = ("-metadata", "location=+30.6570+104.0650/", "-metadata", "title=canary", "-metadata", "artist=canary")
    clip = clips("tagged.mp4", "-f", "lavfi", "-i", "testsrc2=s=320x240:r=5:d=2", *H264, *tags)
    assert b"canary" in clip.read_bytes()
    done = made(clip, tmp_path / "out", ffmpeg)
    for path in done.folder.rglob("*.*"):
        assert b"canary" not in path.read_bytes()
        assert b"+30.6570" not in path.read_bytes()


def test_progress_grows_to_one(clips: Clips, ffmpeg: Path, tmp_path: Path) -> None:
    clip = clips("six seconds.mp4", *PICTURES, *SOUND, *H264)
    told: list[float] = []
    known = probe(clip, MediaLimits(), ffmpeg)
    transcode(clip, tmp_path / "out", known, ffmpeg=ffmpeg, on_progress=told.append)
    assert told == sorted(set(told))
    assert told[-1] == 1.0
    assert len(told) >= 2


def test_doing_it_again_replaces_the_whole(clips: Clips, ffmpeg: Path, tmp_path: Path) -> None:
    clip = clips("mute.mp4", "-f", "lavfi", "-i", "testsrc2=s=320x240:r=10:d=3", *H264)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "stale").write_text("left by a run that was killed")
    made(clip, tmp_path / "out", ffmpeg)
    assert not (tmp_path / "out" / "stale").exists()


@pytest.fixture(scope="module")
def long_clip(clips: Clips) -> Path:
    source = ("-f", "lavfi", "-i", "testsrc2=s=960x540:r=5:d=6")
    once = clips("loop.mp4", *source, *H264)
    return clips("long.mp4", "-stream_loop", "150", "-i", str(once), "-c", "copy")


def test_cancelling_is_soon_and_leaves_nothing(long_clip: Path, ffmpeg: Path, tmp_path: Path) -> None:
    known = probe(long_clip, MediaLimits(), ffmpeg)
    told: list[float] = []
    with pytest.raises(Cancelled):
        transcode(
            long_clip, tmp_path / "out", known, ffmpeg=ffmpeg, on_progress=told.append, cancelled=lambda: bool(told)
        )
    assert told[-1] < 0.9
    assert list(tmp_path.iterdir()) == []


def test_cancelling_takes_less_than_two_seconds(long_clip: Path, ffmpeg: Path, tmp_path: Path) -> None:
    known = probe(long_clip, MediaLimits(), ffmpeg)
    asked: list[float] = []

    def cancelled() -> bool:
        asked.append(time.monotonic())
        return len(asked) > 3  # it is at work

    with pytest.raises(Cancelled):
        transcode(long_clip, tmp_path / "out", known, ffmpeg=ffmpeg, cancelled=cancelled)
    assert time.monotonic() - asked[3] < 2


def test_a_run_that_takes_too_long_is_ended(long_clip: Path, ffmpeg: Path, tmp_path: Path) -> None:
    known = probe(long_clip, MediaLimits(), ffmpeg)
    with pytest.raises(Refused) as refused:
        transcode(long_clip, tmp_path / "out", known, ffmpeg=ffmpeg, bounds=Bounds(wall_seconds=0.5))
    assert refused.value.code == "media_took_too_long"
    assert list(tmp_path.iterdir()) == []


def hostile_files(private: Path, readable: Path) -> dict[str, bytes]:
    """Files that make an unguarded ffmpeg read other files of the machine (security.md 1.2)."""
    subtitle = b"1\n00:00:00,000 --> 00:00:05,000\ncanary\n"
    return {
        "playlist.mp4": f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile://{private}\n#EXT-X-ENDLIST\n".encode(),
        "text playlist.mp4": f"#EXTM3U\n#EXTINF:9,\nfile://{readable}\n#EXT-X-ENDLIST\n".encode(),
        "relative.mp4": f"ffconcat version 1.0\nfile {private.name}\n".encode(),
        "absolute.mp4": f"ffconcat version 1.0\nfile 'file:{private}'\n".encode(),
        "dash.mp4": f'<?xml version="1.0"?><MPD><BaseURL>file://{private}</BaseURL></MPD>'.encode(),
        "picture.mp4": f'<svg xmlns="http://www.w3.org/2000/svg"><image href="file://{private}"/></svg>'.encode(),
        "subtitle.mp4": subtitle,
        "text.mp4": b"canary " * 100,
        "empty.mp4": b"",
        "sdp.mp4": b"v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n",
    }


HOSTILE = tuple(hostile_files(Path("private.mp4"), Path("secret.txt")))


@pytest.fixture
def hostile(clips: Clips, tmp_path: Path) -> Callable[[str], Path]:
    private = tmp_path / "private.mp4"
    private.write_bytes(clips("mute.mp4", "-f", "lavfi", "-i", "testsrc2=s=320x240:r=10:d=3", *H264).read_bytes())
    readable = tmp_path / "secret.txt"
    readable.write_text("canary\n")

    def write(name: str) -> Path:
        path = tmp_path / name
        path.write_bytes(hostile_files(private, readable)[name])
        return path

    return write


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_does_not_come_in(hostile: Callable[[str], Path], ffmpeg: Path, name: str) -> None:
    with pytest.raises(Refused) as refused:
        probe(hostile(name), MediaLimits(), ffmpeg)
    assert refused.value.code in {"media_playlist", "media_not_a_video"}


@pytest.mark.parametrize("demuxer", ["mov", "matroska", "avi", "mpegts"])
@pytest.mark.parametrize("name", HOSTILE)
def test_even_past_the_first_look_it_reads_nothing(
    hostile: Callable[[str], Path], ffmpeg: Path, tmp_path: Path, name: str, demuxer: str
) -> None:
    """As if sniffing had been fooled: the guards of ffmpeg itself must hold."""
    fooled = Probe(demuxer, 3_000, 320, 240, 320 * 240, 10.0, "h264", None, 0)
    with pytest.raises(Refused) as refused:
        transcode(hostile(name), tmp_path / "out", fooled, ffmpeg=ffmpeg)
    assert refused.value.code == "media_unreadable"
    assert not (tmp_path / "out").exists()
    assert "canary" not in str(refused.value.__cause__)


def chunk(kind: bytes, *content: bytes) -> bytes:
    """A RIFF chunk."""
    whole = b"".join(content)
    return kind + struct.pack("<I", len(whole)) + whole + b"\0" * (len(whole) % 2)


def avi_with_subtitle(subtitle: bytes) -> bytes:
    """An AVI whose only track is a GAB2 subtitle: its inside is a file of its own, which ffmpeg opens by guessing."""
    header = chunk(b"avih", struct.pack("<14I", 40_000, 0, 0, 16, 1, 0, 1, 0, 320, 240, 0, 0, 0, 0))
    track = chunk(b"strh", b"txts", bytes(4), struct.pack("<9I", 0, 0, 0, 1, 25, 0, 1, 0, 0), bytes(12))
    tracks = chunk(b"LIST", b"strl", track, chunk(b"strf", bytes(40)))
    inside = b"GAB2\0" + struct.pack("<HIHHI", 2, 0, 4, 0, len(subtitle)) + subtitle
    movie = chunk(b"LIST", b"movi", chunk(b"00tx", inside))
    return chunk(b"RIFF", b"AVI ", chunk(b"LIST", b"hdrl", header, tracks), movie)


@pytest.mark.parametrize("name", ["playlist.mp4", "text playlist.mp4", "relative.mp4", "subtitle.mp4"])
def test_an_avi_does_not_smuggle_a_playlist_in(
    hostile: Callable[[str], Path], ffmpeg: Path, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "film.avi"
    path.write_bytes(avi_with_subtitle(hostile(name).read_bytes()))
    with pytest.raises(Refused) as refused:
        probe(path, MediaLimits(), ffmpeg)
    assert refused.value.code in {"media_without_picture", "media_unreadable"}
    fooled = Probe("avi", 3_000, 320, 240, 320 * 240, 10.0, "h264", None, 0)
    with pytest.raises(Refused, match="media_unreadable") as unread:
        transcode(path, tmp_path / "out", fooled, ffmpeg=ffmpeg)
    assert not (tmp_path / "out").exists()
    assert "canary" not in str(unread.value.__cause__)
