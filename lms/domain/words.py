"""Free words that people leave about each other's study: long enough to mean something, without anybody's number."""

from lms.domain.errors import Refused
from lms.domain.identity import holds_number

SHORTEST, LONGEST = 10, 500


def check_words(text: str, *, shortest: int = SHORTEST, longest: int = LONGEST, code: str = "words_length") -> str:
    """A reason, a note or a statement, trimmed; Refused: `code` for the length in characters, words_personal."""
    words = " ".join(text.split())
    if not shortest <= len(words) <= longest:
        raise Refused(code, shortest=shortest, longest=longest)
    if holds_number(words):
        raise Refused("words_personal")
    return words
