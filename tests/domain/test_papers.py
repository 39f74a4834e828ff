"""Certificates on paper: serial numbers that notice a slip, the seven official fields, what a template may not say."""

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.errors import Refused
from lms.domain.papers import (
    MODULUS,
    Certified,
    Held,
    Lack,
    Template,
    Tone,
    check_template,
    chinese_day,
    hours_field,
    lack_of,
    serial_of,
    seven_fields,
    template_of,
)
from lms.domain.records import RecordState, state_on

TOLD = Certified(
    serial="KX2026-0000001-81",
    held=Held("王翀龑", "219999********0018"),
    course="养老护理员",
    opens_on=date(2026, 11, 1),
    closes_on=date(2026, 12, 1),
    institution="康宁养老服务中心",
    issued_on=date(2026, 12, 3),
    hours_hundredths=5000,
)
YEARS, NUMBERS = st.integers(2000, 2999), st.integers(1, 9_999_999)


def digits(serial: str) -> str:
    return "".join(re.findall(r"\d", serial))


def test_a_serial_number_has_its_shape() -> None:
    assert serial_of(2026, 1) == "KX2026-0000001-81"
    assert serial_of(2027, 9_999_999) == "KX2027-9999999-19"


@given(YEARS, NUMBERS, st.data())
def test_a_slip_in_a_serial_number_is_noticed(year: int, number: int, data: st.DataObject) -> None:
    whole = digits(serial_of(year, number))
    assert int(whole) % MODULUS == 1
    place = data.draw(st.integers(0, len(whole) - 1))
    other = data.draw(st.sampled_from([sign for sign in "0123456789" if sign != whole[place]]))
    assert int(whole[:place] + other + whole[place + 1 :]) % MODULUS != 1
    at = data.draw(st.integers(0, len(whole) - 2))
    swapped = whole[:at] + whole[at + 1] + whole[at] + whole[at + 2 :]
    assert (int(swapped) % MODULUS == 1) == (swapped == whole)


@given(st.sets(st.tuples(YEARS, NUMBERS), min_size=2, max_size=20))
def test_no_two_papers_have_one_number(which: set[tuple[int, int]]) -> None:
    assert len({serial_of(year, number) for year, number in which}) == len(which)


def test_the_seven_fields_stand_in_the_order_of_the_notice() -> None:
    assert seven_fields(TOLD) == (
        ("证书序列号", "KX2026-0000001-81"),
        ("姓名", "王翀龑"),
        ("身份信息", "219999********0018"),
        ("培训项目名称", "养老护理员"),
        ("培训起止日期", "2026年11月1日至2026年12月1日"),
        ("培训机构名称", "康宁养老服务中心"),
        ("发证日期", "2026年12月3日"),
    )


@pytest.mark.parametrize(
    ("issued_on", "days"),
    [
        (date(2026, 12, 3), "2026年11月1日至2026年12月1日"),
        (date(2026, 11, 20), "2026年11月1日至2026年11月20日"),
        (date(2026, 10, 30), "2026年10月30日至2026年10月30日"),
    ],
)
def test_no_training_ends_after_its_certificate(issued_on: date, days: str) -> None:
    assert dict(seven_fields(replace(TOLD, issued_on=issued_on)))["培训起止日期"] == days


@pytest.mark.parametrize(("hundredths", "words"), [(5000, "50 学时"), (5025, "50.25 学时"), (5, "0.05 学时")])
def test_class_hours(hundredths: int, words: str) -> None:
    assert hours_field(replace(TOLD, hours_hundredths=hundredths)) == ("培训学时", words)


def test_a_day() -> None:
    assert chinese_day(date(2026, 1, 9)) == "2026年1月9日"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"title": " 证 "}, "paper_title_length"),
        ({"title": "证" * 17}, "paper_title_length"),
        ({"title": "养老护理员技能等级证书"}, "paper_title_reserved"),
        ({"title": "职业 资格证书"}, "paper_title_reserved"),
        ({"title": "职业·资_格证书"}, "paper_title_reserved"),
        ({"title": "全国通用证书"}, "paper_title_reserved"),
        ({"words": "已取得养老护理员技能等级证书。"}, "paper_words_reserved"),
        ({"words": "本证书经国 家认可"}, "paper_words_reserved"),
        ({"words": "技－能・等_级五级"}, "paper_words_reserved"),
        ({"words": "人·社·部统一编号"}, "paper_words_reserved"),
        ({"signer": "人力资源和社会保障部（签字）"}, "paper_signer_reserved"),
        ({"signer": "人力资源社会保障局"}, "paper_signer_reserved"),
        ({"note": "等同于【职业】〖资格〗证书"}, "paper_note_reserved"),
        ({"note": "全\u3000国通用"}, "paper_note_reserved"),
        ({"words": "好" * 121}, "paper_words_length"),
        ({"signer": "好" * 21}, "paper_signer_length"),
        ({"note": "好" * 81}, "paper_note_length"),
        ({"note": "电话 19900000001"}, "paper_personal"),
        ({"words": "特发\u200b此证"}, "paper_personal"),
    ],
)
def test_what_a_template_may_not_say(change: dict[str, str], code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_template(replace(Template(), **change))
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("state", "last_day", "expected"),
    [
        (RecordState.VALID, None, RecordState.VALID),
        (RecordState.VALID, date(2028, 11, 23), RecordState.VALID),
        (RecordState.VALID, date(2028, 11, 22), RecordState.EXPIRED),
        (RecordState.REVOKED, date(2028, 11, 22), RecordState.REVOKED),
        (RecordState.SUPERSEDED, date(2028, 11, 22), RecordState.SUPERSEDED),
        (RecordState.EXPIRED, None, RecordState.EXPIRED),
    ],
)
def test_a_record_is_over_with_its_last_day(state: RecordState, last_day: date | None, expected: RecordState) -> None:
    assert state_on(state, last_day, date(2028, 11, 23)) is expected


def test_a_template_is_kept_as_it_was_checked() -> None:
    mine = Template(title=" 培训合格证书 ", words="", tone=Tone.RED, signer="", note="遗失  不补", hours=False)
    checked = check_template(mine)
    assert checked == Template(title="培训合格证书", words="", tone=Tone.RED, signer="", note="遗失 不补", hours=False)
    assert template_of(checked.facts()) == checked
    assert check_template(Template()) == Template()


@pytest.mark.parametrize(
    ("state", "intact", "lack"),
    [
        (RecordState.VALID, True, None),
        (RecordState.EXPIRED, True, Lack.EXPIRED),
        (RecordState.SUPERSEDED, True, Lack.SUPERSEDED),
        (RecordState.REVOKED, True, Lack.REVOKED),
        (RecordState.VALID, False, Lack.CHANGED),
        (RecordState.REVOKED, False, Lack.CHANGED),
    ],
)
def test_only_what_is_valid_has_a_certificate(state: RecordState, intact: bool, lack: Lack | None) -> None:
    assert lack_of(state, intact=intact) is lack
