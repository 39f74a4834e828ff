"""Names and phones: public samples, every kind of fault, and properties over all inputs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.errors import Refused
from lms.domain.identity import (
    GONE,
    LONGEST_NAME,
    NAME_DOTS,
    check_mobile,
    check_name,
    mask_mobile,
    mask_name,
    matching_name,
)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("19900000001", "19900000001"),
        (" 199 0000 0001 ", "19900000001"),
        ("199-0000-0001", "19900000001"),
        ("+8619900000001", "19900000001"),
        ("+86 199 0000 0001", "19900000001"),
        ("8619900000001", "19900000001"),
        ("１９９０００００００１", "19900000001"),
    ],
)
def test_a_mobile_number_is_read_as_people_type_it(typed: str, number: str) -> None:
    assert check_mobile(typed) == number


@pytest.mark.parametrize(
    "typed",
    ["", "1990000000", "199000000011", "12900000001", "29900000001", "02161234567", "+85261234567",
     "1990000000x", "١٩٩٠٠٠٠٠٠٠١", "+86861990000001", "00861990000000"],
)  # fmt: skip
def test_what_is_no_mobile_number_is_refused(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        check_mobile(typed)
    assert refused.value.code == "mobile_shape"


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_a_mobile_number_in_normal_form_stays(number: str) -> None:
    assert check_mobile(check_mobile(number)) == number


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("李芳", "李芳"),
        ("  李芳 ", "李芳"),
        ("Mary  Ann\tLee", "Mary Ann Lee"),
        ("古丽·买买提", "古丽·买买提"),
        ("古丽•买买提", "古丽•买买提"),  # shown as typed; only matching makes the dots one
        ("𠮷田龑", "𠮷田龑"),
        ("\U0002a6a5\U0002b73a\U0002cea3", "\U0002a6a5\U0002b73a\U0002cea3"),  # extensions B, C and E: GB18030-2022
        ("\U00031351\U000323b0", "\U00031351\U000323b0"),  # extensions H and I, newer than some tables of signs
        ("阿卜杜拉·" * 12 + "买买提", "阿卜杜拉·" * 12 + "买买提"),  # over 50 characters wide
        ("长" * LONGEST_NAME, "长" * LONGEST_NAME),
    ],
)
def test_a_name_is_kept_as_typed(typed: str, name: str) -> None:
    assert check_name(typed) == name


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "name_missing"),
        (" \u3000 ", "name_missing"),
        ("长" * (LONGEST_NAME + 1), "name_too_long"),
        ("李\u200b芳", "name_strange_sign"),
        ("李\x00芳", "name_strange_sign"),
        ("李\u202e芳", "name_strange_sign"),
        ("李\ud800芳", "name_strange_sign"),
    ],
)
def test_what_is_no_name_is_refused(typed: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_name(typed)
    assert refused.value.code == code


@pytest.mark.parametrize("dot", [*NAME_DOTS, "·"])
def test_names_match_whatever_dot_was_typed(dot: str) -> None:
    assert matching_name(f"古丽{dot}买买提") == matching_name("古丽·买买提")


@pytest.mark.parametrize(
    ("one", "other"),
    [("Li Fang", "LIFANG"), ("ＬＩ fang", "li fang"), ("李 芳", "李芳")],
)
def test_names_match_whatever_the_spaces_and_the_case(one: str, other: str) -> None:
    assert matching_name(one) == matching_name(other)


@pytest.mark.parametrize(("one", "other"), [("李芳", "李方"), ("古丽·买买提", "古丽买买提")])
def test_other_names_do_not_match(one: str, other: str) -> None:
    assert matching_name(one) != matching_name(other)


@given(st.text())
def test_matching_leaves_no_space(name: str) -> None:
    assert not any(sign.isspace() for sign in matching_name(name))


def test_a_mobile_number_is_masked() -> None:
    assert mask_mobile("19900000001") == "199****0001"


@pytest.mark.parametrize(
    ("name", "masked"), [("李芳", "李*"), ("欧阳小丽", "欧***"), ("李", "李*"), ("𠮷田", "𠮷*"), (GONE, GONE)]
)
def test_a_name_is_masked(name: str, masked: str) -> None:
    assert mask_name(name) == masked
