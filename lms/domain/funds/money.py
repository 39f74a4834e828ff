"""Money: whole fen, never a float; as people write it, 1,234.50 yuan."""

import re
import unicodedata

from lms.domain.errors import Refused

MOST_FEN = 10**13
"""A hundred thousand million yuan: far above any book, far below what a database column holds."""
_FORM = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2})(0*))?")


def parse(text: str) -> int:
    """Fen of what somebody wrote: 1234, 1,234.5, ￥1234.50, １２３４元. Refused: money_form, money_bounds."""
    told = unicodedata.normalize("NFKC", text).strip().removesuffix("元").lstrip("¥").strip()
    found = _FORM.fullmatch(told)
    if not found:
        raise Refused("money_form")
    sign, yuan, fen, _ = found.groups()
    if len(yuan) > 20:
        raise Refused("money_bounds")
    return within(int(yuan.replace(",", "")) * 100 + int((fen or "").ljust(2, "0")), is_negative=sign == "-")


def within(fen: int, *, is_negative: bool = False) -> int:
    """The sum, if a book can hold it. Refused: money_bounds."""
    if abs(fen) > MOST_FEN:
        raise Refused("money_bounds")
    return -fen if is_negative else fen


def parse_positive(text: str) -> int:
    """The same of what must be more than nothing. Refused: money_form, money_bounds, money_not_positive."""
    fen = parse(text)
    if fen <= 0:
        raise Refused("money_not_positive")
    return fen


def show(fen: int) -> str:
    """As it is read on a page: 1,234.50, -0.05."""
    return f"{_sign(fen)}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def plain(fen: int) -> str:
    """As it stands in files for machines: 1234.50."""
    return f"{_sign(fen)}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def _sign(fen: int) -> str:
    return "-" if fen < 0 else ""
