"""Pictures as they may be shown: decoded within limits, made small, written anew without what cameras add."""

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from lms.domain.errors import Refused

MOST_PIXELS = 40_000_000
LONGEST_SIDE = 1600
FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}


def cleaned(data: bytes, content_type: str) -> bytes:
    """The picture in the same format, upright, 1600 pixels at most, without EXIF (place, camera) or extra frames.

    Raises Refused: picture_broken, picture_too_large.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(data), formats=[FORMATS[content_type]]) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise Refused("picture_too_large", megapixels=MOST_PIXELS // 1_000_000)
                upright = ImageOps.exif_transpose(opened)
                upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
                return _written(upright, FORMATS[content_type])
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise Refused("picture_too_large", megapixels=MOST_PIXELS // 1_000_000) from error
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
            raise Refused("picture_broken") from error


def _written(picture: Image.Image, kind: str) -> bytes:
    mode = "RGB" if kind == "JPEG" or ("A" not in picture.mode and picture.mode != "P") else "RGBA"
    plain = Image.new(mode, picture.size)
    plain.paste(picture.convert(mode))
    made = io.BytesIO()
    plain.save(made, kind, **({"quality": 85} if kind != "PNG" else {"optimize": True}))
    return made.getvalue()
