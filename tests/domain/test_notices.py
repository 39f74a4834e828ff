"""Texts are read as they stand; what was answered in the words in force is not asked again."""

import hashlib

import pytest

from lms.domain.notices import CURRENT, LANGUAGES, Purpose, holds, next_question, read
from lms.services import consents

SAID = {(each.value, CURRENT[each]) for each in Purpose}


def test_a_text_becomes_a_title_and_parts() -> None:
    content = "# 题目\n\n一句话。\n\n## 甲\n- 一\n- 二\n## 空\n## 乙\n说明\n".encode()
    found = read(Purpose.NOTICE, "zh", content)
    assert found.title == "题目"
    assert [(part.heading, part.lines, part.listed) for part in found.parts] == [
        ("", ("一句话。",), False),
        ("甲", ("一", "二"), True),
        ("乙", ("说明",), False),
    ]
    assert (found.version, found.digest) == (CURRENT[Purpose.NOTICE], hashlib.sha256(content).hexdigest())


@pytest.mark.parametrize("content", [b"", b"no title", b"## only a heading"])
def test_a_text_without_a_title_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="title"):
        read(Purpose.NOTICE, "zh", content)


@pytest.mark.parametrize("purpose", Purpose)
def test_every_text_ships_in_both_languages_with_the_same_parts(purpose: Purpose) -> None:
    chinese, english = (consents.text(purpose, language) for language in LANGUAGES)
    assert [len(part.lines) for part in chinese.parts] == [len(part.lines) for part in english.parts]
    assert chinese.digest != english.digest


@pytest.mark.parametrize(
    ("left_out", "has_practicals", "asked"),
    [
        (set(Purpose), True, Purpose.NOTICE),
        ({Purpose.IDENTITY, Purpose.PICTURES}, True, Purpose.IDENTITY),
        ({Purpose.PICTURES}, True, Purpose.PICTURES),
        ({Purpose.PICTURES}, False, None),
        (set(), True, None),
    ],
)
def test_one_thing_is_asked_after_the_other(
    left_out: set[Purpose], has_practicals: bool, asked: Purpose | None
) -> None:
    answered = {(name, version) for name, version in SAID if Purpose(name) not in left_out}
    assert next_question(answered, has_practicals=has_practicals) is asked


def test_new_words_are_asked_anew_and_an_old_yes_covers_them_not() -> None:
    old = {(Purpose.NOTICE.value, "2020-01")} | {each for each in SAID if each[0] != Purpose.NOTICE.value}
    assert next_question(old, has_practicals=False) is Purpose.NOTICE
    assert not holds(True, Purpose.IDENTITY, "2020-01")
    assert holds(True, Purpose.IDENTITY, CURRENT[Purpose.IDENTITY])
    assert not holds(False, Purpose.IDENTITY, CURRENT[Purpose.IDENTITY])
