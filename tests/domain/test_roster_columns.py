"""Which column says what, in sheets as institutions have them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain.roster_columns import Field, Heading, field_of, find_heading, guess, letters

N, D, P = Field.NAME, Field.NUMBER, Field.PHONE
LIFANG = {0: "1", 1: "李芳", 2: "219999198501010026", 3: "19900000001"}


def grid(*rows: str) -> dict[int, dict[int, str]]:
    """Rows of cells divided by bars; an empty line is a row that holds nothing."""
    told = ({at: text for at, text in enumerate(row.split("|")) if text} for row in rows)
    return {at: cells for at, cells in enumerate(told) if cells}


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("姓名", N),
        ("学 员 姓 名 *", N),
        ("身份证号（18位）", D),
        ("公民身份号码", D),
        ("ＩＤ No.", D),
        ("联系电话：", P),
        ("有效身份证件\n证件号码", D),
        ("有效身份证件\n证件类型", Field.DOCUMENT_TYPE),
        ("联系方式\n地址", None),
        ("户口性质/所在地", Field.HOUSEHOLD),
        ("序号", None),
        ("银行账号", None),
    ],
)
def test_titles_are_known_by_their_words(title: str, field: Field | None) -> None:
    assert field_of(title) is field


CASES = {
    "plain": (grid("序号|姓名|身份证号|手机", "1|李芳|219999198501010026|19900000001"), (), 0, {N: 1, D: 2, P: 3}),
    "titles above": (grid("2026年花名册", "单位：康宁", "姓名|证件号码|电话"), (), 2, {N: 0, D: 1, P: 2}),
    "two lines": (
        grid(
            "花名册", "姓名|证件||联系方式", "|证件类型|证件号码|手机号", "李芳|身份证|219999198501010026|19900000001"
        ),
        ((0, 0, 0, 3), (1, 0, 2, 0), (1, 1, 1, 2)),
        2,
        {N: 0, Field.DOCUMENT_TYPE: 1, D: 2, P: 3},
    ),
    "lower line known to nobody": (
        grid("姓名|身份证号|电话|备注", "|||甲", "李芳|219999198501010026|19900000001"),
        ((0, 0, 1, 0), (0, 1, 1, 1)),
        1,
        {N: 0, D: 1, P: 2},
    ),
    "odd names": (grid("参训人员姓名（正楷）|学员身份证件号|学员本人电话1|家长电话"), (), 0, {N: 0, D: 1, P: 2}),
    "the first of two": (grid("姓名|身份证号|电话|电话"), (), 0, {N: 0, D: 1, P: 2}),
    "no titles": (
        grid("李芳|219999198501010026|19900000001", "王红|509999199006150033|19900000002"),
        (),
        -1,
        {N: 0, D: 1, P: 2},
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_heading_is_found_and_read(case) -> None:
    rows, areas, last, columns = case
    heading = find_heading(rows, areas)
    assert heading.last == last
    assert guess(heading, [row for at, row in rows.items() if at > last]) == columns


def test_a_title_row_changes_nothing_about_the_shape() -> None:
    plain = find_heading(grid("姓名|身份证号|电话"))
    titled = find_heading(grid("十月花名册", "姓 名|身份证号*|电话："), ((0, 0, 0, 2),))
    assert plain.shape == titled.shape
    assert plain.shape != find_heading(grid("姓名|电话|身份证号")).shape


def test_a_column_without_a_known_title_is_known_by_what_stands_in_it() -> None:
    heading = Heading(0, 0, {0: "姓名", 1: "号码", 2: "号码二"})
    rows = [{0: "李芳", 1: "１９９００００００１", 2: "219999198501010026"}, {0: "王红", 2: "1.1010519491231E+17"}]
    assert guess(heading, rows)[D] == 2
    assert P not in guess(heading, rows)
    assert guess(heading, [rows[0] | {1: "19900000001"}])[P] == 1


@pytest.mark.parametrize(("column", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (79, "CB")])
def test_columns_have_the_names_of_excel(column: int, name: str) -> None:
    assert letters(column) == name


@given(st.dictionaries(st.integers(0, 40), st.dictionaries(st.integers(0, 9), st.text(max_size=8)), max_size=12))
def test_no_sheet_is_too_strange(rows: dict[int, dict[int, str]]) -> None:
    heading = find_heading(rows)
    found = guess(heading, rows.values())
    assert len(set(found.values())) == len(found)
    assert heading.first <= heading.last
