"""Free words that people leave about each other's study: long enough to mean something, without anybody's number."""

from lms.domain.errors import Refused
from lms.domain.identity import holds_number

SHORTEST, LONGEST = 10, 500


def check_words(text: str) -> str:
    """A reason, a note or a statement, trimmed; Refused: words_length, words_personal."""
    words = " ".join(text.split())
    if not SHORTEST <= len(words) <= LONGEST:
        raise Refused("words_length", shortest=SHORTEST, longest=LONGEST)
    if holds_number(words):
        raise Refused("words_personal")
    return words
