"""The sizes a video is offered in, from the weakest connection up."""

from dataclasses import dataclass

AUDIO_KBPS = 48
CONTAINER_KBPS = 8
# with a buffer of half a second, the worst 4 s segment carries 4.5 s worth of bits
PEAK_FACTOR = 4.5 / 4


@dataclass(frozen=True)
class Rung:
    """One size: the box its pictures must fit in (turned for upright video), and what it may cost at most."""

    name: str
    long_side: int
    short_side: int
    total_kbps: int
    max_fps: int = 30

    @property
    def video_kbps(self) -> int:
        """What is left for pictures, so that even the fullest segment stays within `total_kbps`."""
        return int((self.total_kbps - AUDIO_KBPS - CONTAINER_KBPS) / PEAK_FACTOR)


@dataclass(frozen=True)
class Step:
    """A rung as used for one video."""

    rung: Rung
    width: int
    height: int
    fps: int


PHONE_LADDER = (
    Rung("240p", 426, 240, 150, max_fps=15),
    Rung("360p", 640, 360, 400),
    Rung("540p", 960, 540, 900),
)


def steps(ladder: tuple[Rung, ...], width: int, height: int, fps: float) -> tuple[Step, ...]:
    """The rungs worth making, smallest first: never larger than the original, none twice."""
    made: list[Step] = []
    for rung in ladder:
        step = _step(rung, width, height, fps)
        if made and (step.width, step.height) == (made[-1].width, made[-1].height):
            break
        made.append(step)
    return tuple(made)


def _step(rung: Rung, width: int, height: int, fps: float) -> Step:
    box = (rung.long_side, rung.short_side) if width >= height else (rung.short_side, rung.long_side)
    factor = min(1.0, box[0] / width, box[1] / height)
    whole_fps = max(1, min(round(fps), 30))
    slower = -(-whole_fps // 2) if whole_fps > rung.max_fps else whole_fps
    return Step(rung, _even(width * factor), _even(height * factor), slower)


def _even(side: float) -> int:
    """H.264 in 4:2:0 wants even sides; below 16 some phones show nothing."""
    return max(16, round(side / 2) * 2)
