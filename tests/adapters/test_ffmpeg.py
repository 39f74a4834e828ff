"""Finding ffmpeg, and telling how far it is."""

from collections.abc import Callable
from pathlib import Path

import ffmpeg as graphs
import imageio_ffmpeg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.adapters.ffmpeg import Progress, address, find_ffmpeg, guards, run_graph
from lms.adapters.sandbox import Bounds, CommandFailed
from lms.domain.errors import Unavailable

Clips = Callable[..., Path]


def program(folder: Path, name: str = "ffmpeg") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_the_given_one_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(program(tmp_path / "path").parent))
    given_one = program(tmp_path / "given", "my-ffmpeg")
    assert find_ffmpeg(str(given_one)) == given_one


def test_the_pinned_one_comes_before_the_systems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(program(tmp_path / "path").parent))
    found = find_ffmpeg()
    assert found.is_absolute()
    assert found == Path(imageio_ffmpeg.get_ffmpeg_exe())


def test_without_the_pinned_one_the_systems_serves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> str:
        raise RuntimeError("no ffmpeg exe could be found")

    monkeypatch.setenv("PATH", str(program(tmp_path / "path").parent))
    monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_exe", none)
    assert find_ffmpeg() == tmp_path / "path" / "ffmpeg"


def test_a_given_one_that_cannot_run_is_not_replaced_by_another(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as refused:
        find_ffmpeg(str(tmp_path / "missing"))
    assert refused.value.code == "ffmpeg_missing"


def test_none_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> str:
        raise RuntimeError("no ffmpeg exe could be found")

    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_exe", none)
    with pytest.raises(Unavailable):
        find_ffmpeg()


@pytest.mark.parametrize("name", ["-i.mp4", "http:x.mp4", "a;b.mp4", "concat:a|b.mp4"])
def test_a_file_name_is_never_an_option_or_a_protocol(tmp_path: Path, name: str) -> None:
    assert address(tmp_path / name) == f"file:{tmp_path}/{name}"


@pytest.mark.parametrize("name", ["playlist.mp4", "relative.mp4", "subtitle.mp4", "picture.svg", "good.mp4"])
def test_the_list_of_formats_alone_keeps_strangers_out(clips: Clips, ffmpeg: Path, tmp_path: Path, name: str) -> None:
    """Without a fixed demuxer ffmpeg guesses by content: the list must stop it by itself."""
    good = clips("good.mp4", "-f", "lavfi", "-i", "testsrc2=s=64x64:d=1", "-c:v", "libx264")
    (tmp_path / "good.mp4").write_bytes(good.read_bytes())
    (tmp_path / "playlist.mp4").write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://{good}\n")
    (tmp_path / "relative.mp4").write_text("ffconcat version 1.0\nfile good.mp4\n")
    (tmp_path / "subtitle.mp4").write_text("1\n00:00:00,000 --> 00:00:05,000\ncanary\n")
    (tmp_path / "picture.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    options = guards("mov", 1_000_000)
    del options["f"]
    nowhere = graphs.output(graphs.input(address(tmp_path / name), **options), "-", f="null")
    if name == "good.mp4":
        run_graph(ffmpeg, nowhere, folder=tmp_path, bounds=Bounds())
    else:
        with pytest.raises(CommandFailed):
            run_graph(ffmpeg, nowhere, folder=tmp_path, bounds=Bounds())


@given(st.lists(st.integers(-1_000, 20_000_000), max_size=30))
def test_progress_only_grows_and_leaves_the_end_to_the_caller(times_us: list[int]) -> None:
    told: list[float] = []
    progress = Progress(10_000, told.append)
    for time_us in times_us:
        progress.read(f"out_time_us={time_us}")
    assert all(0 < fraction <= 0.99 for fraction in told)
    assert told == sorted(set(told))


@pytest.mark.parametrize("line", ["out_time_us=N/A", "frame=7", "", "progress=end", "out_time_us="])
def test_lines_that_tell_no_time_are_passed_over(line: str) -> None:
    told: list[float] = []
    Progress(10_000, told.append).read(line)
    assert told == []
