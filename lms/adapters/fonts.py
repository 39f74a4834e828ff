"""The one typeface we draw with, so that Chinese never depends on what a machine has installed."""

import lzma
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import ImageFont

# Noto Sans SC Regular of the npm package @expo-google-fonts/noto-sans-sc 0.4.3, cut down to GBK and punctuation with
# fonttools, without hinting; SIL Open Font License 1.1 in fonts/OFL.txt
PACKED = Path(__file__).with_name("fonts") / "NotoSansSC-Regular.gbk.ttf.xz"


@cache
def truetype() -> bytes:
    """The font file (7 MB), unpacked once per process."""
    return lzma.decompress(PACKED.read_bytes())


@cache
def font(size_px: int) -> ImageFont.FreeTypeFont:
    """The font at one size, for Pillow. Basic layout: Chinese needs no other, and Raqm fails on control characters."""
    return ImageFont.truetype(BytesIO(truetype()), size_px, layout_engine=ImageFont.Layout.BASIC)
