"""Files as people really have them: sheets in any order, Word with and without numbers, GIFT, Aiken, Moodle XML."""

import io
from collections.abc import Callable

import pytest
from openpyxl import Workbook

from lms.adapters.banks import words
from lms.adapters.banks.formats import Format, read, sniff
from lms.adapters.banks.found import Found
from lms.domain.bank import ItemType
from lms.domain.errors import Refused
from tests.adapters.banks.office_files import numbered_document, packed


def sheet(*rows: list[object], merged: tuple[str, ...] = (), title: str = "Sheet1") -> bytes:
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = title
    for row in rows:
        page.append(row)
    for area in merged:
        page.merge_cells(area)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def found(data: bytes | str, kind: Format | None = None) -> list[Found]:
    raw = data.encode() if isinstance(data, str) else data
    return list(read(raw, kind or sniff(raw)).found)


def told(each: Found) -> tuple[str, str, list[str], str]:
    """(kind, stem, options, letters of the right ones) of a question that was understood."""
    assert each.entry, each.faults
    item = each.entry.item
    letters = "".join("ABCDEF"[number] for number in sorted(item.correct_options))
    return item.type.value, item.stem, [option.text for option in item.options], letters


def codes(rows: list[Found]) -> list[list[str]]:
    return [[fault.code for fault in each.faults] for each in rows]


HEAD = ["题目", "答案", "题型", "选项A", "选项B", "选项C", "难易程度", "知识点"]


@pytest.mark.parametrize("answer", ["A,B", "ＡＢ", "a、b", "A B", "AB。", "甲"])
def test_answers_are_written_in_many_ways(answer: str) -> None:
    (row,) = found(sheet(HEAD, ["问什么？", answer, "多选题", "甲", "乙", "丙", "较难", "洗手"]))
    assert told(row) == ("multiple", "问什么？", ["甲", "乙", "丙"], "A" if answer == "甲" else "AB")
    assert row.entry
    assert (row.entry.difficulty, row.entry.objective) == (4, "洗手")


@pytest.mark.parametrize(
    ("answer", "right"), [("对", "A"), ("√", "A"), ("T", "A"), ("正确", "A"), ("×", "B"), ("错误", "B"), ("Ｆ", "B")]
)
def test_judgements_are_written_in_many_ways(answer: str, right: str) -> None:
    (row,) = found(sheet(["题型", "题干", "答案"], ["判断题", "要洗手。", answer]))
    assert told(row) == ("true_false", "要洗手。", ["对", "错"], right)


def test_titles_totals_and_joined_heads_are_no_questions() -> None:
    data = sheet(
        ["养老护理员题库"],
        ["序号", "题型", "题干", "选项", None, None, "正确答案"],
        [None, None, None, "A", "B", "C", None],
        [1, "单选", "第一题？", "甲", "乙", "丙", "B"],
        [2, None, "第二题？", "甲", "乙", "丙", "C"],
        ["多选题"],
        [3, "多选", "第三题？", 1, 2.0, 3.5, "AC"],
        ["合计", 3],
        merged=("A1:G1", "D2:F2", "A2:A3", "B2:B3", "C2:C3", "G2:G3", "B4:B5"),
    )
    reading = read(data, Format.EXCEL)
    assert [told(each) for each in reading.found] == [
        ("single", "第一题？", ["甲", "乙", "丙"], "B"),
        ("single", "第二题？", ["甲", "乙", "丙"], "C"),
        ("multiple", "第三题？", ["1", "2", "3.5"], "AC"),
    ]
    assert [each.place for each in reading.found] == [4, 5, 7]
    assert reading.skipped == 2


def test_the_name_of_a_sheet_and_options_in_one_cell() -> None:
    head = ["题干", "选项", "答案"]
    (row,) = found(sheet(head, ["哪个？", "A.甲 B.乙\nC.丙", "A"], title="单选题"))
    assert told(row) == ("single", "哪个？", ["甲", "乙", "丙"], "A")
    (row,) = found(sheet(head, ["哪个？", "甲\n乙\n丙", "B"], title="随便"))
    assert told(row) == ("single", "哪个？", ["甲", "乙", "丙"], "B")


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (["简答题", "说说。", "略"], "bank_type_for_people"),
        (["怪题", "说说。", "A"], "bank_type_unknown"),
        (["单选题", "哪个？", ""], "bank_answer_missing"),
        (["单选题", "哪个？", "不知道"], "bank_answer_unclear"),
        (["判断题", "对吗？", "也许"], "bank_answer_unclear"),
        (["排序题", "先后？", "AA"], "bank_answer_order"),
        (["填空题", "叫____", ""], "bank_answer_missing"),
    ],
)
def test_rows_say_what_is_wrong(cells: list[str], code: str) -> None:
    assert codes(found(sheet(["题型", "题干", "答案"], cells, ["合计", ""]))) == [[code]]


def test_an_answer_beyond_the_options_names_both() -> None:
    (row,) = found(sheet(HEAD, ["哪个？", "E", "单选题", "甲", "乙", "丙", "难得很", "洗手"]))
    assert codes([row]) == [["bank_difficulty_unclear", "bank_answer_option"]]
    assert row.faults[1].values == {"option": "E", "options": 3}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. 哪个？（ B ）\nA. 甲\nB. 乙\nC. 丙", ("single", "哪个？（ ）", ["甲", "乙", "丙"], "B")),
        ("1、哪些？\nA．甲  B．乙  C．丙\n答案：ＡＣ", ("multiple", "哪些？", ["甲", "乙", "丙"], "AC")),
        ("1．哪个？ A、甲 B、乙 C、丙\n【答案】C\n【解析】因为。", ("single", "哪个？", ["甲", "乙", "丙"], "C")),
        ("（单选题）\n第1题 哪个？\n(A)甲\n(B)乙\n正确答案：A", ("single", "哪个？", ["甲", "乙"], "A")),
        ("1. 要洗手。（√）", ("true_false", "要洗手。（ ）", ["对", "错"], "A")),
        ("二、判断题\n1. 不用洗手。 答案：×", ("true_false", "不用洗手。", ["对", "错"], "B")),
        (
            "1. 第一行\n第二行？\nA. 甲\n还是甲\nB. 乙\n答案：B",
            ("single", "第一行\n第二行？", ["甲\n还是甲", "乙"], "B"),
        ),
        ("1. 维生素（A）在哪里？\nA. 肉\nB. 水\n答案：A", ("single", "维生素（A）在哪里？", ["肉", "水"], "A")),
        ("1. 给 1.5 毫升？\nA. 是\nB. 不\nC. 都行\n答案：A", ("single", "给 1.5 毫升？", ["是", "不", "都行"], "A")),
    ],
)
def test_typed_questions(text: str, expected: tuple[str, str, list[str], str]) -> None:
    (row,) = found(text, Format.TEXT)
    assert told(row) == expected


def test_answers_at_the_end_go_to_their_sections() -> None:
    text = """养老护理员
一、单选题
1. 甲？
A. 一 B. 二
2. 乙？
A. 一 B. 二
二、判断题
1. 丙。
2. 丁。
参考答案
一、单选题
1-2 AB
二、判断题
1.√ 2.×"""
    assert [told(each)[3] for each in found(text, Format.TEXT)] == ["A", "B", "A", "B"]
    plain = "1. 甲？\nA. 一 B. 二\n2. 乙？\nA. 一 B. 二\n答案：1.B 2.A"
    assert [told(each)[3] for each in found(plain, Format.TEXT)] == ["B", "A"]


def test_a_case_has_parts() -> None:
    text = """三、案例题
1. 王奶奶头晕。
(1) 先做什么？
A. 扶她坐下 B. 叫家属
答案：A
(2) 【判断题】可以自己吃药。（×）"""
    (row,) = found(text, Format.TEXT)
    assert row.entry
    assert [part.type for part in row.entry.item.parts] == [ItemType.SINGLE, ItemType.TRUE_FALSE]
    assert row.entry.item.stem == "王奶奶头晕。"


@pytest.mark.parametrize("by_style", [False, True])
def test_numbers_that_word_writes_count(by_style: bool) -> None:
    data = numbered_document(["哪个？（B）", "哪些？（C）"], ["甲", "乙", "丙"], by_style=by_style)
    assert sniff(data) is Format.WORD
    assert [told(each) for each in found(data)] == [
        ("single", "哪个？（ ）", ["甲", "乙", "丙"], "B"),
        ("single", "哪些？（ ）", ["甲", "乙", "丙"], "C"),
    ]


GIFT = """// comment
$CATEGORY: 护理

::名::哪个？{~甲#不对 =乙#对 ~丙}

[html]<p>1 &lt; 2 <b>吗</b>？</p>{TRUE#错了#对了####因为}

两个加两个 {=四 =4 =%50%五} 个

配{=猫 -> 鱼 =狗 -> 骨头}

哪些？{~%50%甲 ~%50%乙 ~%-100%丙}

数？{#5}

数？{#5:1}

写一篇。{}

没有答案

坏 {=甲

通配{=a*}

<img src\\="x.png">哪个？{=甲 ~乙}
"""


def test_gift() -> None:
    rows = found(GIFT)
    assert told(rows[0]) == ("single", "哪个？", ["甲", "乙", "丙"], "B")
    assert told(rows[1]) == ("true_false", "1 < 2 吗？", ["对", "错"], "A")
    entries = [each.entry for each in rows]
    assert entries[1]
    assert entries[1].item.explanation == "因为"
    assert [option.feedback for option in entries[1].item.options] == ["对了", "错了"]
    assert entries[2]
    assert (entries[2].item.stem, entries[2].item.blanks) == ("两个加两个 ____ 个", (("四", "4"),))
    assert [fault.code for fault in rows[2].remarks] == ["bank_partial_credit"]
    assert entries[3]
    assert entries[3].item.lefts == ("猫", "狗")
    assert told(rows[4])[3] == "AB"
    assert entries[5]
    assert entries[5].item.blanks == (("5",),)
    assert codes(rows[6:]) == [
        ["bank_numeric_range"],
        ["bank_type_for_people"],
        ["bank_gift_no_answer"],
        ["bank_gift_brackets"],
        ["bank_wildcard"],
        ["bank_picture_missing"],
    ]


def test_aiken() -> None:
    rows = found("哪个？\nA. 甲\nB) 乙\nANSWER: B\n\n没完？\nA. 甲\nB. 乙\n\n哪些？\nA. 甲\nB. 乙\nANSWER: A, B\n")
    assert told(rows[0]) == ("single", "哪个？", ["甲", "乙"], "B")
    assert codes([rows[1]]) == [["bank_aiken_no_answer"]]
    assert told(rows[2])[3] == "AB"


def question(kind: str, inside: str, stem: str = "哪个？") -> str:
    text = f"<questiontext format='html'><text><![CDATA[{stem}]]></text></questiontext>"
    return f"<quiz><question type='{kind}'><name><text>n</text></name>{text}{inside}</question></quiz>"


def answer(text: str, fraction: str, more: str = "") -> str:
    return f"<answer fraction='{fraction}'><text>{text}</text>{more}</answer>"


def test_moodle() -> None:
    choice = answer("甲", "0") + answer("乙", "100", "<feedback><text>对</text></feedback>")
    (row,) = found(question("multichoice", f"<single>true</single>{choice}", "<p>哪<b>个</b>？</p>"))
    assert told(row) == ("single", "哪个？", ["甲", "乙"], "B")
    (row,) = found(question("multichoice", f"<image_base64>\niVBO\n</image_base64>{choice}"))
    assert row.picture == b"\x89PN"
    (row,) = found(question("multianswer", "", "三 {1:SA:=四~%50%五#不全} 和 {2:SHORTANSWER:=六}。"))
    assert row.entry
    assert (row.entry.item.stem, row.entry.item.blanks) == ("三 ____ 和 ____。", (("四",), ("六",)))
    gb = question("truefalse", answer("true", "100") + answer("false", "0"), "要洗手。")
    (row,) = found(f'<?xml version="1.0" encoding="gb2312"?>{gb}'.encode("gb18030"), Format.MOODLE)
    assert told(row) == ("true_false", "要洗手。", ["对", "错"], "A")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (question("essay", ""), "bank_type_for_people"),
        (question("calculated", ""), "bank_type_moodle"),
        (question("description", ""), "bank_type_moodle"),
        (question("multianswer", "", "{1:MULTICHOICE:=a~b}"), "bank_cloze"),
        (question("multianswer", "", "{1:SA:=a*}"), "bank_wildcard"),
        (question("shortanswer", answer("a*", "100")), "bank_wildcard"),
        (question("numerical", answer("5", "100", "<tolerance>0.1</tolerance>")), "bank_numeric_range"),
        (question("truefalse", answer("yes", "100")), "bank_answer_missing"),
        (question("multichoice", "", "<img src='@@PLUGINFILE@@/a.png'>"), "bank_picture_missing"),
        (question("multichoice", answer("&lt;img src='a.png'&gt;", "100")), "bank_picture_in_option"),
    ],
)
def test_moodle_says_what_it_cannot_keep(text: str, code: str) -> None:
    assert codes(found(text, Format.MOODLE)) == [[code]]


REFUSALS: list[tuple[Callable[[], bytes], str]] = [
    (lambda: b"  ", "bank_file_empty"),
    (lambda: b"%PDF-1.7", "bank_file_kind"),
    (lambda: packed({"a.txt": b"x"}), "bank_file_kind"),
    (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "file_old"),
    (lambda: b"PK\x03\x04 and nothing more", "office_broken"),
    (lambda: b"\xff\xfe\x00\xd8", "file_encoding"),
    (lambda: b"<quiz>", "xml_broken"),
    (lambda: b"<!-- a --><html/>", "bank_not_moodle"),
    (lambda: b"<quiz/>", "bank_no_questions"),
    (lambda: b'<!DOCTYPE q SYSTEM "file:///etc/passwd"><quiz/>', "xml_unsafe"),
    (lambda: b'<?xml version="1.0"?><!DOCTYPE q [<!ENTITY a "aaaa">]><quiz>&a;</quiz>', "xml_unsafe"),
    (lambda: ("<quiz>" + "<a>" * 200).encode(), "xml_unsafe"),
    (lambda: sheet(["姓名", "电话"], ["李芳", "1"]), "bank_no_header"),
    (lambda: "只有一段话".encode(), "bank_no_questions"),
    (lambda: packed({"word/document.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}), "xml_unsafe"),
    (lambda: packed({"word/document.xml": b"<a/>", "bomb": b"0" * 20_000_000}), "office_bomb"),
    (lambda: packed({f"{n}.xml": b"" for n in range(2100)}), "office_bomb"),
]


@pytest.mark.parametrize(("make", "code"), REFUSALS)
def test_files_are_refused_before_anything_is_read(make: Callable[[], bytes], code: str) -> None:
    data = make()
    with pytest.raises(Refused, match=code):
        read(data, sniff(data))


def test_a_file_that_is_too_big_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("office.text", "office.package", "banks.moodle"):
        monkeypatch.setattr(f"lms.adapters.{module}.MOST_FILE_BYTES", 10)
    for data in (b"1. a very long text", packed({"a": b"b"})):
        with pytest.raises(Refused, match="file_too_big"):
            sniff(data)
    with pytest.raises(Refused, match="file_too_big"):
        read(b"<quiz>          </quiz>", Format.MOODLE)


@pytest.mark.parametrize(
    ("told_as", "level"),
    [
        ("", 0),
        ("1", 1),
        ("５", 5),
        ("易", 2),
        ("中等", 3),
        ("较难", 4),
        ("0.95", 1),
        ("0.2", 5),
        ("3级", 3),
        ("x", None),
    ],
)
def test_difficulties(told_as: str, level: int | None) -> None:
    assert words.difficulty_of(told_as) == level
