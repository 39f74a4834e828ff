"""What a row tells, what is wrong with it, and what its neighbours have to say."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.identity import DocumentType
from lms.domain.roster_columns import Field
from lms.domain.roster_days import FOREVER, parse_day
from lms.domain.rosters import DOCUMENTS, Judged, Neighbours, clean, is_person, judge
from tests.support.rosters import number

OPENS = date(2026, 11, 1)
LIFANG = {
    Field.NAME: "李芳",
    Field.NUMBER: "219999198501010026",
    Field.PHONE: "19900000001",
}
AREA: tuple[str, dict[str, Any]] = ("document_area_unknown", {})
OLD = ("number", "document_old_number")
PLACES = {field: at for at, field in enumerate(Field)}
YOUNG = number(260, born=date(2012, 5, 6))


def row(**told: str) -> Judged:
    cells = LIFANG | {Field(name): text for name, text in told.items()}
    columns = {field: PLACES[field] for field in cells}
    return judge({PLACES[field]: text for field, text in cells.items()}, columns, DocumentType.RESIDENT_ID, OPENS)


def codes(judged: Judged) -> list[tuple[str, str]]:
    """But for what is said of every number here, since none is of a real county."""
    return [(each.field.value, each.code) for each in judged.remarks if each.code != "document_area_unknown"]


@pytest.mark.parametrize(
    ("told", "name", "value"),
    [
        ({"number": " ２１９９９９ 19850101 002 6 "}, "number", "219999198501010026"),
        ({"number": "'219999198501010026"}, "number", "219999198501010026"),
        ({"number": '="219999198501010026"'}, "number", "219999198501010026"),
        ({"number": "\u202d219999198501010026\u202c"}, "number", "219999198501010026"),
        ({"name": "李　芳 "}, "name", "李芳"),
        ({"name": "古丽•测试"}, "name", "古丽•测试"),
        ({"name": "Anna Maria"}, "name", "Anna Maria"),
        ({"name": "㐂\U00020bb7·测试"}, "name", "㐂\U00020bb7·测试"),
        ({"phone": "+86 199-0000-0001"}, "phone", "19900000001"),
        ({"document_type": "身份证"}, "document_type", DocumentType.RESIDENT_ID),
    ],
)
def test_what_people_type_becomes_what_they_mean(told: dict[str, str], name: str, value: object) -> None:
    judged = row(**told)
    assert judged.is_sound
    assert getattr(judged.told, name) == value


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"number": "1.1010519491231E+17"}, [("number", "roster_digits_lost")]),
        ({"number": "2.19999E+17"}, [("number", "roster_digits_lost")]),
        ({"number": ""}, [("number", "roster_number_missing")]),
        ({"number": "219999850101"}, [("number", "document_shape")]),
        ({"number": "12345", "document_type": "台胞证"}, [("number", "document_taiwan_shape")]),
        ({"number": "219999198501010027"}, [("number", "document_check_digit")]),
        ({"number": "810000198808080013"}, [("number", "document_wrong_type")]),
        ({"number": "810000198808080013", "document_type": "港澳台居民居住证"}, []),
        ({"number": "919999198001010017", "document_type": "外国人永久居留身份证"}, []),
        ({"document_type": "学生证"}, [("document_type", "roster_document_type")]),
        ({"name": ""}, [("name", "name_missing")]),
        ({"phone": ""}, [("phone", "roster_phone_missing")]),
        ({"phone": "1.99E+10"}, [("phone", "roster_digits_lost")]),
        ({"phone": "19900000001/19900000002"}, [("phone", "roster_phones_several")]),
        ({"phone": "0431-88886666"}, [("phone", "mobile_shape")]),
        ({"number": "", "phone": ""}, [("number", "roster_number_missing"), ("phone", "roster_phone_missing")]),
    ],
)
def test_what_is_wrong_is_told_at_its_cell(told: dict[str, str], expected: list[tuple[str, str]]) -> None:
    judged = row(**told)
    assert codes(judged) == expected
    assert judged.is_sound == (not expected)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"gender": "男"}, [("gender", "roster_gender_differs")]),
        ({"gender": "女"}, []),
        ({"age": "41岁"}, []),
        ({"age": "39"}, [("age", "roster_age_differs")]),
        ({"birth": "1985年1月"}, []),
        ({"birth": "1985/2/1"}, [("birth", "roster_birth_differs")]),
        ({"birth": "去年"}, [("birth", "roster_day_unclear")]),
        ({"valid_until": "2026-10-31"}, [("valid_until", "roster_document_expired")]),
        ({"valid_until": "2016.11.01-2036.11.01"}, []),
        ({"valid_until": "长期"}, []),
        ({"number": YOUNG}, [("number", "roster_young")]),
        ({"number": "219999850101002"}, [("number", "document_old_number")]),
        ({"number": "219999850101002", "gender": "男"}, [OLD, ("gender", "roster_gender_differs")]),
        ({"number": "M12345678", "document_type": "护照"}, [("number", "document_country_missing")]),
        ({"number": "KOR/M12345678", "document_type": "护照", "gender": "男", "age": "12"}, []),
        ({"number": "H12345678", "document_type": "港澳居民来往内地通行证"}, []),
        ({"number": "12345678", "document_type": "台胞证"}, []),
    ],
)
def test_what_does_not_go_together_is_a_doubt_and_no_fault(told: dict[str, str], expected: list[Any]) -> None:
    judged = row(**told)
    assert codes(judged) == expected
    assert judged.is_sound


def test_a_number_of_no_county_deserves_a_second_look() -> None:
    assert [(each.code, each.is_fault) for each in row().remarks] == [("document_area_unknown", False)]
    assert row(number=number(1)).remarks == ()


def test_nobody_is_born_after_today() -> None:
    cells = {0: "李芳", 1: number(1, born=date(2030, 1, 1)), 2: LIFANG[Field.PHONE]}
    columns = {Field.NAME: 0, Field.NUMBER: 1, Field.PHONE: 2}
    told = judge(cells, columns, DocumentType.RESIDENT_ID, date(2031, 1, 1), date(2029, 1, 1))
    assert codes(told) == [("number", "document_birth_date")]


def test_an_old_number_becomes_the_new_one() -> None:
    assert row(number="219999850101002").told.number == "219999198501010026"


def test_every_kind_of_document_can_be_told_in_a_roster() -> None:
    assert set(DOCUMENTS) == set(DocumentType)


def test_details_are_kept_and_nothing_else() -> None:
    told = row(category="城镇登记失业人员", education="初中", gender="女").told.details
    assert told == {Field.CATEGORY: "城镇登记失业人员", Field.EDUCATION: "初中"}


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("1|李芳|219999198501010026|19900000001", True),
        ("1|李芳||", False),
        ("1|李芳||19900000001", True),
        ("|合计|500|", False),
        ("小计|100人||", False),
        ("合　计||500|", False),
        ("合计|李芳|219999198501010026|", True),
        ("制表人：王会计|||", False),
        ("|注：名单以此为准||", False),
        ("序号|姓名|身份证号|电话", False),
        ("2|||", False),
    ],
)
def test_totals_notes_and_titles_are_nobody(cells: str, expected: bool) -> None:
    row = {at: text for at, text in enumerate(cells.split("|")) if text}
    columns = {Field.NAME: 1, Field.NUMBER: 2, Field.PHONE: 3}
    titles = {0: "序号", 1: "学员\n姓名", 2: "身份证号", 3: "电话"}
    assert is_person(row, columns, titles) is expected


def neighbours(*rows: Judged) -> list[tuple[list[tuple[str, dict[str, Any]]], int | None]]:
    told = Neighbours()
    for at, each in enumerate(rows, start=2):
        told.add(at, each)
    found = (told.compare(at, each) for at, each in enumerate(rows, start=2))
    return [([told for told in _told(judged) if told != AREA], twin) for judged, twin in found]


def _told(judged: Judged) -> list[tuple[str, dict[str, Any]]]:
    return [(each.code, dict(each.values)) for each in judged.remarks]


def test_the_same_person_twice_is_told_by_row() -> None:
    assert neighbours(row(), row(name="李 芳")) == [([], None), ([], 2)]


def test_two_names_for_one_number_are_both_wrong() -> None:
    first, second, third = neighbours(row(), row(name="李方"), row())
    assert first == ([("roster_two_names", {"row": 3})], None)
    assert second == ([("roster_two_names", {"row": 2})], None)
    assert third == ([("roster_two_names", {"row": 3})], None)


def test_a_phone_shared_in_a_family_is_a_doubt_for_the_second() -> None:
    second = row(name="王红", number="509999199006150033")
    assert neighbours(row(), second) == [([], None), ([("roster_phone_shared", {"row": 2})], None)]


def test_rows_without_a_number_are_not_taken_for_each_other() -> None:
    assert [twin for _, twin in neighbours(row(number=""), row(number="", name="王红"))] == [None, None]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2021-10-27", date(2021, 10, 27)),
        ("2021/1/7", date(2021, 1, 7)),
        ("２０２１.１０.２７", date(2021, 10, 27)),
        ("20211027", date(2021, 10, 27)),
        ("2021年10月27日", date(2021, 10, 27)),
        ("2021年10月", date(2021, 10, 1)),
        ("202110", date(2021, 10, 1)),
        ("2021-10-27 00:00:00", date(2021, 10, 27)),
        ("44496", date(2021, 10, 27)),
        ("2011.10.27-2021.10.27", date(2021, 10, 27)),
        ("20111027-20211027", date(2021, 10, 27)),
        ("2011年10月27日至2021年10月27日", date(2021, 10, 27)),
        ("2011.10.27—长期", FOREVER),
        ("2021-13-01", None),
        ("2021年", None),
        ("昨天", None),
        ("99999", None),
    ],
)
def test_days_in_many_forms(text: str, day: date | None) -> None:
    assert parse_day(text) == day


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.sampled_from(["{:%Y-%m-%d}", "{:%Y/%m/%d}", "{:%Y%m%d}"]))
def test_every_day_survives(day: date, form: str) -> None:
    assert parse_day(form.format(day)) == day


@given(st.dictionaries(st.sampled_from([field.value for field in Field]), st.text(max_size=30)))
def test_no_cell_is_too_strange(told: dict[str, str]) -> None:
    judged = row(**told)
    assert all(each.code for each in judged.remarks)


@given(st.text(max_size=20))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text) or "'" in text or '="' in text
