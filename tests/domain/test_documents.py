"""Numbers of documents: public samples, every kind of fault, what they tell, and properties over all inputs."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.documents import (
    CHECK_SIGNS,
    WEIGHTS,
    DocumentType,
    Sex,
    age_on,
    check_number,
    has_check_sign,
    mask_number,
    normal_number,
    read,
)
from lms.domain.errors import Refused

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


HK_MACAO, TAIWAN, PASSPORT = DocumentType.HK_MACAO_PERMIT, DocumentType.TAIWAN_PERMIT, DocumentType.PASSPORT

OTHERS = [
    (PERMANENT, "usa 110080010112", "USA110080010112", ("document_old_card",)),
    (HK_MACAO, "h12345678", "H12345678", ()),
    (HK_MACAO, "Ｍ 0000 0001", "M00000001", ()),
    (TAIWAN, "0123 4567", "01234567", ()),
    (PASSPORT, "e12345678", "E12345678", ("document_country_missing",)),
    (PASSPORT, "kor / m12345678", "KOR/M12345678", ()),
    (PASSPORT, "12345", "12345", ("document_country_missing",)),
]


@pytest.mark.parametrize(("document_type", "typed", "number", "remarks"), OTHERS)
def test_other_documents_tell_neither_birth_nor_sex(
    document_type: DocumentType, typed: str, number: str, remarks: tuple[str, ...]
) -> None:
    told = read(document_type, typed)
    assert (told.number, told.remarks) == (number, remarks)
    assert (told.birth_on, told.sex) == (None, None)
    assert not has_check_sign(number)


@pytest.mark.parametrize(
    ("document_type", "typed", "code"),
    [
        (HK_MACAO, "A12345678", "document_hk_macao_shape"),
        (HK_MACAO, "H1234567", "document_hk_macao_shape"),
        (HK_MACAO, "11010519491231002X", "document_hk_macao_shape"),
        (TAIWAN, "1234567", "document_taiwan_shape"),
        (TAIWAN, "H12345678", "document_taiwan_shape"),
        (PASSPORT, "1234", "document_passport_shape"),
        (PASSPORT, "ABCDEF", "document_passport_shape"),
        (PASSPORT, "KR/M12345678", "document_passport_shape"),
        (PASSPORT, "11010519491231002X", "document_passport_shape"),
        (PERMANENT, "US110080010112", "document_shape"),
        (PERMIT, "110105491231002", "document_shape"),
        (RESIDENT, "110105491331002", "document_birth_date"),
    ],
)
def test_no_kind_is_guessed_from_what_another_would_take(document_type: DocumentType, typed: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read(document_type, typed)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("document_type", "number", "born", "sex"),
    [
        (RESIDENT, "11010519491231002X", date(1949, 12, 31), Sex.FEMALE),
        (RESIDENT, "440524188001010014", date(1880, 1, 1), Sex.MALE),
        (RESIDENT, "219999198501010018", date(1985, 1, 1), Sex.MALE),
        (RESIDENT, "219999198501010026", date(1985, 1, 1), Sex.FEMALE),
        (PERMIT, "810000199408230021", date(1994, 8, 23), Sex.FEMALE),
        (PERMIT, "830000199201300022", date(1992, 1, 30), Sex.FEMALE),
        (PERMIT, "810000198808080013", date(1988, 8, 8), Sex.MALE),
        (PERMANENT, "911124198108030024", date(1981, 8, 3), None),  # the split of its fields is not confirmed
    ],
)
def test_what_a_number_tells(document_type: DocumentType, number: str, born: date, sex: Sex | None) -> None:
    told = read(document_type, number)
    assert (told.birth_on, told.sex) == (born, sex)
    assert has_check_sign(number)


def test_a_number_of_fifteen_digits_is_converted_and_marked() -> None:
    """The same person as under her number of eighteen, so that both find her."""
    old, new = read(RESIDENT, "110105491231002"), read(RESIDENT, "11010519491231002X")
    assert old.number == new.number
    assert (old.remarks, new.remarks) == (("document_old_number",), ())


@pytest.mark.parametrize(
    ("area", "is_known"),
    [
        ("110105", True), ("340524", True), ("429004", True), ("659001", True), ("320581", True),
        ("219999", False), ("509999", False), ("160101", False), ("110005", False), ("110100", False),
        ("719999", False),
    ],
)  # fmt: skip
def test_an_unknown_area_is_a_remark_and_no_fault(area: str, is_known: bool) -> None:
    told = read(RESIDENT, with_check_sign(f"{area}19491231002"))
    assert told.remarks == (() if is_known else ("document_area_unknown",))


@pytest.mark.parametrize("day", [date(1949, 12, 31), date(2026, 11, 27)])
def test_nobody_is_born_tomorrow(day: date) -> None:
    number = with_check_sign(f"110105{day:%Y%m%d}002")
    assert read(RESIDENT, number, day).birth_on == day
    with pytest.raises(Refused, match="document_birth_date"):
        read(RESIDENT, number, day - timedelta(days=1))


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(1985, 1, 1), date(2026, 1, 1), 41),
        (date(1985, 1, 2), date(2026, 1, 1), 40),
        (date(2000, 2, 29), date(2025, 2, 28), 24),
        (date(2000, 2, 29), date(2025, 3, 1), 25),
        (date(2026, 1, 1), date(2026, 1, 1), 0),
    ],
)
def test_age_is_counted_in_full_years(born: date, day: date, age: int) -> None:
    assert age_on(born, day) == age


@given(st.sampled_from(DocumentType), st.text())
def test_anything_typed_is_a_number_or_a_refusal(document_type: DocumentType, text: str) -> None:
    try:
        number = check_number(document_type, text)
    except Refused:
        return
    assert check_number(document_type, number) == number == normal_number(number)


@given(st.from_regex(r"[1-6][0-9]{5}[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{3}", fullmatch=True))
def test_every_old_number_has_its_new_one(old: str) -> None:
    told = read(RESIDENT, old)
    assert told.number[:6] + told.number[8:17] == old
    assert read(RESIDENT, told.number).birth_on == told.birth_on
    assert "document_old_number" in told.remarks


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("219999198501010018", "219999********0018"),
        ("USA110080010112", "USA110*****0112"),
        ("KOR/M12345678", "KO*********78"),
        ("H12345678", "H1*****78"),
        ("12345678", "12****78"),
        ("12345", "12*45"),
        ("1234", "****"),
        ("", ""),
    ],
)
def test_a_number_is_masked(number: str, masked: str) -> None:
    assert mask_number(number) == masked


@given(st.sampled_from(DocumentType).flatmap(lambda _: st.from_regex(r"[A-Z0-9]{5,18}", fullmatch=True)))
def test_a_mask_hides_something_of_every_number(number: str) -> None:
    masked = mask_number(number)
    assert len(masked) == len(number)
    assert "*" in masked
