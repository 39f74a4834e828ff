"""What may stand as the name of a thing: visible, of some length, and nobody's number."""

import pytest

from lms.domain.errors import Refused
from lms.domain.labels import check_label, check_reference, folded


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  康宁   学校 ", "康宁 学校"),
        ("某人社发〔2026〕1号\n 第三条", "某人社发〔2026〕1号 第三条"),
        ("养老护理员（4-02）", "养老护理员（4-02）"),
        ("民发20261231文", "民发20261231文"),
        ("A" * 20, "A" * 20),
        ("批号 1234567890123456", "批号 1234567890123456"),
    ],
)
def test_what_is_a_label(text: str, kept: str) -> None:
    assert check_label(text, 20, "label") == kept


@pytest.mark.parametrize(
    "text",
    [
        *("", "  ", "——", "123", "长" * 21),
        *(
            "李芳219999198501010026",
            "21999919850101002X号",
            "２１９９９９１９８５０１０１００２６号",
            "号219999850101002",
        ),
        *(
            "找13800000001",
            "１３８００００００１２号",
            "电话138-0000-0001",
            "电话 138 0000 0001",
            "电+86138 00000001",
        ),
        *("养老\u200b护理员", "养老\x00护理员", "养老\u202e护理员"),
    ],
)
def test_what_is_none(text: str) -> None:
    with pytest.raises(Refused, match="label") as refused:
        check_label(text, 20, "label")
    assert refused.value.values == {"longest": 20}


def test_a_reference_in_a_register_may_be_as_long_as_anybodys_number() -> None:
    assert check_reference(" S00002101726624 ", 20, "reference") == "S00002101726624"
    for wrong in ("", "1" * 21, "1\u200b2"):
        with pytest.raises(Refused, match="reference"):
            check_reference(wrong, 20, "reference")


def test_width_blanks_and_case_do_not_make_another_label() -> None:
    assert folded("ＡＢ 护理（一）") == folded("ab护理(一)")
    assert folded("养老护理员") != folded("养老护理师")
