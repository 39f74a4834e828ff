"""The typefaces we draw with, so that Chinese never depends on what a machine has installed."""

import lzma
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import ImageFont

# Noto Sans SC Regular of the npm package @expo-google-fonts/noto-sans-sc 0.4.3, cut down to GBK and punctuation with
# fonttools, without hinting; SIL Open Font License 1.1 in fonts/OFL.txt
PACKED = Path(__file__).with_name("fonts") / "NotoSansSC-Regular.gbk.ttf.xz"

# HanaMinA of Debian's fonts-hanazono 20170904-2.1, cut down with fonttools to what the first lacks: extension A and the
# characters of 通用规范汉字表, HKSCS and JIS X 0213 as Unihan 15.0 lists them, and 𠮷 (8,915); fonts/HANAZONO.txt
RARE = PACKED.with_name("HanaMin.rare.ttf.xz")


@cache
def truetype() -> bytes:
    """The font file (7 MB), unpacked once per process."""
    return lzma.decompress(PACKED.read_bytes())


@cache
def rare_truetype() -> bytes:
    """The font of rare characters (4 MB), unpacked once per process."""
    return lzma.decompress(RARE.read_bytes())


@cache
def font(size_px: int) -> ImageFont.FreeTypeFont:
    """The font at one size, for Pillow. Basic layout: Chinese needs no other, and Raqm fails on control characters."""
    return ImageFont.truetype(BytesIO(truetype()), size_px, layout_engine=ImageFont.Layout.BASIC)
