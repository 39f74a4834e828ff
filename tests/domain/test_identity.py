"""Numbers, names and phones: public samples, every kind of fault, and properties over all inputs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.errors import Refused
from lms.domain.identity import (
    CHECK_SIGNS,
    LONGEST_NAME,
    NAME_DOTS,
    WEIGHTS,
    DocumentType,
    check_mobile,
    check_name,
    check_number,
    mask_mobile,
    mask_name,
    mask_number,
    matching_name,
)

RESIDENT, PERMIT, PERMANENT = (
    DocumentType.RESIDENT_ID,
    DocumentType.RESIDENCE_PERMIT,
    DocumentType.PERMANENT_RESIDENT,
)

SAMPLES = [  # domain.md 5: public samples, and numbers in areas that do not exist
    (RESIDENT, "11010519491231002X"),
    (RESIDENT, "34052419800101001X"),
    (RESIDENT, "440524188001010014"),
    (RESIDENT, "219999198501010018"),
    (RESIDENT, "219999198501010026"),
    (RESIDENT, "509999199006150033"),
    (PERMIT, "810000199408230021"),
    (PERMIT, "830000199201300022"),
    (PERMIT, "810000198808080013"),
    (PERMANENT, "911124198108030024"),
    (PERMANENT, "919999198001010017"),
]


def with_check_sign(body: str) -> str:
    """17 digits completed by the sign of GB 11643-1999, told independently of the rule under test."""
    total = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(body))
    return body + next(sign for value, sign in enumerate("0123456789X") if (total + value) % 11 == 1)


@pytest.mark.parametrize(("document_type", "number"), SAMPLES)
def test_a_real_number_passes_as_it_is(document_type: DocumentType, number: str) -> None:
    assert check_number(document_type, number) == number
    assert with_check_sign(number[:17]) == number


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002x",
        " 110105 19491231 002X ",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105\u30001949\t1231002x",
    ],
)
def test_numbers_are_read_as_people_type_them(typed: str) -> None:
    assert check_number(RESIDENT, typed) == "11010519491231002X"


@pytest.mark.parametrize(
    ("document_type", "typed", "code"),
    [
        (RESIDENT, "", "document_shape"),
        (RESIDENT, "11010519491231002", "document_shape"),
        (RESIDENT, "11010519491231002XX", "document_shape"),
        (RESIDENT, "X1010519491231002X", "document_shape"),
        (RESIDENT, "1101051949123100２a", "document_shape"),
        (
            RESIDENT,
            "1١٠١٠٥١٩٤٩١٢٣١٠٠٢X",
            "document_shape",
        ),  # else one person has two pids
        (RESIDENT, "810000199408230021", "document_wrong_type"),
        (RESIDENT, "011010519491231002", "document_wrong_type"),
        (PERMIT, "11010519491231002X", "document_wrong_type"),
        (PERMIT, "840000199408230021", "document_wrong_type"),
        (PERMANENT, "810000199408230021", "document_wrong_type"),
        (PERMIT, "810000199408230022", "document_check_digit"),
        (RESIDENT, "110105194912310021", "document_check_digit"),
        (RESIDENT, with_check_sign("11010519490230002"), "document_birth_date"),
        (RESIDENT, with_check_sign("11010519491331002"), "document_birth_date"),
        (RESIDENT, with_check_sign("11010500001231002"), "document_birth_date"),
        (RESIDENT, with_check_sign("11010519000229001"), "document_birth_date"),
    ],
)
def test_a_wrong_number_is_refused_with_what_is_wrong(document_type: DocumentType, typed: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_number(document_type, typed)
    assert refused.value.code == code


def test_a_leap_day_is_a_day() -> None:
    assert check_number(RESIDENT, with_check_sign("11010520000229001"))


birth_dates = st.dates().map(lambda day: day.strftime("%Y%m%d").zfill(8))
bodies = st.builds(
    lambda area, birth, sequence: f"{area}{birth}{sequence:03d}",
    st.from_regex(r"[1-7][0-9]{5}", fullmatch=True),
    birth_dates,
    st.integers(0, 999),
)


@given(bodies)
def test_every_well_made_number_passes(body: str) -> None:
    number = with_check_sign(body)
    assert check_number(RESIDENT, number) == number


@given(bodies, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(body: str, place: int, step: int) -> None:
    """The check digit finds every single mistake, wherever it is."""
    number = with_check_sign(body)
    wrong = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]
    with pytest.raises(Refused):
        check_number(RESIDENT, wrong)


@given(bodies, st.integers(0, 15))
def test_two_swapped_digits_are_always_noticed(body: str, place: int) -> None:
    number = with_check_sign(body)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped != number:
        with pytest.raises(Refused):
            check_number(RESIDENT, swapped)


def test_weights_are_powers_of_two_modulo_eleven() -> None:
    assert tuple(2 ** (17 - place) % 11 for place in range(17)) == WEIGHTS
    assert len(set(CHECK_SIGNS)) == 11


@given(st.text())
def test_anything_typed_is_a_number_or_a_refusal(text: str) -> None:
    for document_type in DocumentType:
        try:
            assert len(check_number(document_type, text)) == 18
        except Refused:
            continue


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


@pytest.mark.parametrize(
    ("number", "masked"),
    [("219999198501010018", "219999********0018"), ("1234567890", "1234567890"), ("", "")],
)
def test_an_identity_number_is_masked_as_notices_print_it(number: str, masked: str) -> None:
    assert mask_number(number) == masked


def test_a_mobile_number_is_masked() -> None:
    assert mask_mobile("19900000001") == "199****0001"


@pytest.mark.parametrize(("name", "masked"), [("李芳", "李*"), ("欧阳小丽", "欧***"), ("李", "李*"), ("𠮷田", "𠮷*")])
def test_a_name_is_masked(name: str, masked: str) -> None:
    assert mask_name(name) == masked
