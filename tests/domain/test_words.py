"""Free words: long enough, without anybody's number."""

import pytest

from lms.domain import words
from lms.domain.errors import Refused


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("  两部手机\n同时播放的一段  要作废 ", None),
        ("太短了", "words_length"),
        ("字" * 501, "words_length"),
        ("学员电话是 199-0000-0001 请核对", "words_personal"),
        ("学员证件２１９９９９１９８５０１０１００２６", "words_personal"),
        ("看不见的字符\u200b藏在这句话里", "words_personal"),
    ],
)
def test_words(text: str, code: str | None) -> None:
    if code is None:
        assert words.check_words(text) == "两部手机 同时播放的一段 要作废"
        return
    with pytest.raises(Refused) as refused:
        words.check_words(text)
    assert refused.value.code == code
