"""Which sizes a video is offered in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.adapters.ladder import AUDIO_KBPS, PHONE_LADDER, steps


@pytest.mark.parametrize(
    ("width", "height", "fps", "sizes"),
    [
        (960, 540, 2, [("240p", 426, 240, 2), ("360p", 640, 360, 2), ("540p", 960, 540, 2)]),
        (1920, 1080, 29.97, [("240p", 426, 240, 15), ("360p", 640, 360, 30), ("540p", 960, 540, 30)]),
        (1080, 1920, 25, [("240p", 240, 426, 13), ("360p", 360, 640, 25), ("540p", 540, 960, 25)]),
        (640, 480, 60, [("240p", 320, 240, 15), ("360p", 480, 360, 30), ("540p", 640, 480, 30)]),
        (320, 240, 15, [("240p", 320, 240, 15)]),
        (176, 144, 14.6, [("240p", 176, 144, 15)]),
        (352, 288, 0.2, [("240p", 294, 240, 1), ("360p", 352, 288, 1)]),
        (2560, 1080, 30, [("240p", 426, 180, 15), ("360p", 640, 270, 30), ("540p", 960, 404, 30)]),
        (4000, 64, 30, [("240p", 426, 16, 15), ("360p", 640, 16, 30), ("540p", 960, 16, 30)]),
    ],
)
def test_steps(width: int, height: int, fps: float, sizes: list[tuple[str, int, int, int]]) -> None:
    made = steps(PHONE_LADDER, width, height, fps)
    assert [(step.rung.name, step.width, step.height, step.fps) for step in made] == sizes


@given(st.integers(32, 4096), st.integers(32, 4096), st.floats(0.1, 130))
def test_never_larger_than_the_original_and_fit_for_h264(width: int, height: int, fps: float) -> None:
    made = steps(PHONE_LADDER, width, height, fps)
    assert made
    assert len({(step.width, step.height) for step in made}) == len(made)
    for step in made:
        assert step.width <= width + 1
        assert step.height <= height + 1
        assert max(step.width, step.height) <= step.rung.long_side
        assert step.width % 2 == step.height % 2 == 0
        assert 1 <= step.fps <= 30
    assert [step.width * step.height for step in made] == sorted(step.width * step.height for step in made)


def test_pictures_leave_room_for_sound() -> None:
    for rung in PHONE_LADDER:
        assert 0 < rung.video_kbps < rung.total_kbps - AUDIO_KBPS
