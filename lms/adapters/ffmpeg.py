"""The one door to ffmpeg: where it is, what input it may read, and how one run of it is watched."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ffmpeg as graphs
import imageio_ffmpeg

from lms.adapters import sandbox
from lms.adapters.sandbox import Bounds, Complaints
from lms.domain.errors import Unavailable

PROTOCOLS = "file,pipe"
FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mp3,aac,wav,ogg"
VIDEO_CODECS = ("h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "h263", "mjpeg", "mpeg2video")
PCM_CODECS = ("pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be", "pcm_f32le", "pcm_u8", "adpcm_ima_wav")
PHONE_AUDIO = ("aac", "mp2", "mp3", "opus", "vorbis", "flac", "alac", "ac3", "eac3", "amr_nb", "amr_wb")
AUDIO_CODECS = (*PHONE_AUDIO, *PCM_CODECS)
# some decoders go by other names than the codecs they read
DECODERS = (*VIDEO_CODECS, *AUDIO_CODECS, "libdav1d", "libvpx-vp9", "libopus", "mp2float", "mp3float", "amrnb", "amrwb")


def find_ffmpeg(given: str | None = None) -> Path:
    """The ffmpeg to use: the given path, else the pinned one of imageio-ffmpeg, else the one on PATH.

    Raises Unavailable("ffmpeg_missing") where the given one cannot be run, or there is none at all.
    """
    program = shutil.which(given) if given else _from_wheel() or shutil.which("ffmpeg")
    if program is None:
        raise Unavailable("ffmpeg_missing", path=given or "ffmpeg")
    return Path(program).absolute()


def _from_wheel() -> str | None:
    try:
        found: str = imageio_ffmpeg.get_ffmpeg_exe()
    except RuntimeError:
        return None
    return found


def guards(demuxer: str, max_pixels: int) -> dict[str, Any]:
    """Options for an untrusted input: this demuxer, local files and known codecs only.

    Without them a playlist named .mp4 makes ffmpeg read other files of this machine (security.md 1.2).
    """
    return {
        "protocol_whitelist": PROTOCOLS,
        "format_whitelist": FORMATS,
        "codec_whitelist": ",".join(DECODERS),
        "max_pixels": max_pixels,
        "f": demuxer,
    }


def address(path: Path) -> str:
    """A path that ffmpeg cannot mistake for an option or another protocol."""
    return f"file:{path.absolute()}"


class Progress:
    """Turns the lines of `-progress` into fractions that only grow; 1.0 is for the caller to tell."""

    def __init__(self, duration_ms: int, on_progress: Callable[[float], None]) -> None:
        self._whole_us = max(duration_ms, 1) * 1000
        self._on_progress = on_progress
        self._told = 0.0

    def read(self, line: str) -> None:
        """Take one `name=value` line."""
        name, _, value = line.partition("=")
        if name == "out_time_us" and value.lstrip("-").isdigit():
            self.tell(min(int(value) / self._whole_us, 0.99))

    def tell(self, fraction: float) -> None:
        """Pass on a fraction, unless it would go back."""
        if fraction > self._told:
            self._told = fraction
            self._on_progress(fraction)


def run_graph(
    ffmpeg: Path,
    outputs: Any,
    *,
    folder: Path,
    bounds: Bounds,
    on_line: Callable[[str], None] = sandbox.ignore,
    cancelled: Callable[[], bool] = sandbox.never,
) -> Complaints:
    """Run a graph of ffmpeg-python inside `folder`; return what ffmpeg said. Raises as sandbox.run does."""
    wanted = ["-hide_banner", "-nostdin", "-nostats", "-stats_period", "0.5", "-progress", "pipe:1"]
    command = [str(ffmpeg), *wanted, *graphs.get_args(outputs, overwrite_output=True)]
    return sandbox.run(command, folder=folder, bounds=bounds, on_line=on_line, cancelled=cancelled)
