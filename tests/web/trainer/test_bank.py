"""The trainer's pages of the question bank: written without scripts, checked before import, closed to strangers."""

import io
import uuid
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from PIL import Image

from lms.adapters.banks import excel
from lms.domain.bank import Entry, ItemType
from lms.models.bank import BankBatch
from lms.parts import Parts
from lms.services import bank
from lms.services.bank import Filters
from tests.domain.bank_entries import ENTRIES
from tests.support.browser import csrf_token, post, session_for
from tests.support.cast import NOON, Cast
from tests.support.texts import small_course

SLUG = small_course().slug
GOAL = small_course().objectives[0].id
SOUND = [replace(entry, objective=GOAL) for entry in ENTRIES]
COMMON = {"objective": GOAL, "difficulty": "2", "tags": "基础、护理", "explanation": "因为。"}


@pytest.fixture
def wanglei(client: FlaskClient, parts: Parts, cast: Cast) -> FlaskClient:
    session_for(client, parts, cast.wanglei)
    return client


@pytest.fixture
def home(cast: Cast) -> str:
    return f"/trainer/bank/{cast.kangning}/{SLUG}"


def held(parts: Parts, cast: Cast, **more: object) -> list[Entry]:
    with parts.database.transaction(write=False) as session:
        rows, _ = bank.list_questions(session, cast.wanglei, replace(Filters(cast.kangning, SLUG), **more))
        return [row.entry for row in rows]


def add(parts: Parts, cast: Cast, entry: Entry = SOUND[0]) -> uuid.UUID:
    with parts.database.transaction() as session:
        place = bank.get_place(session, cast.wanglei, cast.kangning, SLUG)
        return bank.add(session, cast.wanglei, place, entry, now=NOON)


def workbook(entries: list[Entry], tmp_path: Path) -> bytes:
    excel.write(entries, tmp_path / "bank.xlsx")
    return (tmp_path / "bank.xlsx").read_bytes()


def bring(client: FlaskClient, home: str, data: bytes, name: str = "题库.xlsx") -> str:
    """The page of a file just brought."""
    answer = post(client, f"{home}/batches/new", file=(io.BytesIO(data), name))
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def png() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(made, "PNG")
    return made.getvalue()


FORMS: dict[ItemType, dict[str, object]] = {
    ItemType.SINGLE: {"option": ["洗手", "", "开窗"], "feedback": ["对", "", "不用"], "right": "0"},
    ItemType.MULTIPLE: {"option": ["", "摔倒", "发热", "吃得香"], "right": ["1", "2"]},
    ItemType.TRUE_FALSE: {"option": ["对", "错"], "feedback": ["不行", "是的"], "right": "1"},
    ItemType.ORDERING: {"option": ["湿手", "搓手", "冲洗"]},
    ItemType.MATCHING: {"option": ["发热 => 量体温", "摔倒 => 先别扶", "=> 喂药"]},
    ItemType.FILL: {"option": ["37.3|37.3度"], "stem": "超过 ____ ℃"},
    ItemType.CASE: {
        "p1-type": "single",
        "p1-stem": "先做什么？",
        "p1-option": ["扶她坐下", "叫家属"],
        "p1-right": "0",
        "p2-type": "true_false",
        "p2-stem": "可以自己吃药。",
        "p2-option": ["", ""],
        "p2-right": "1",
    },
}


@pytest.mark.parametrize("kind", list(ItemType))
def test_each_kind_is_written_and_changed_without_scripts(
    wanglei: FlaskClient, parts: Parts, cast: Cast, home: str, kind: ItemType
) -> None:
    fields = {"stem": "题目", **COMMON, **FORMS[kind]}
    answer = post(wanglei, f"{home}/questions/new/{kind}", **fields)
    assert answer.status_code == 303, answer.text
    (entry,) = held(parts, cast)
    assert (entry.item.type, entry.difficulty, entry.tags) == (kind, 2, ("基础", "护理"))
    page = wanglei.get(answer.headers["Location"])
    assert page.status_code == 200
    assert "第 1 版" in page.text
    again = post(wanglei, answer.headers["Location"], **{**fields, "difficulty": "5", "revision": "1"})
    assert again.status_code == 303
    assert held(parts, cast) == [replace(entry, difficulty=5)]


def test_what_is_wrong_is_said_and_nothing_is_lost(wanglei: FlaskClient, parts: Parts, cast: Cast, home: str) -> None:
    fields = {**COMMON, "stem": "我写的题干", "option": ["甲", "乙"], "objective": ""}
    answer = post(wanglei, f"{home}/questions/new/single", **fields)
    assert answer.status_code == 422
    for words in ("答案：没有答案。", "我写的题干", "甲"):
        assert words in answer.text
    assert held(parts, cast) == []
    assert post(wanglei, f"{home}/questions/new/essay", at=home + "/", **fields).status_code == 404


def test_a_question_rests_comes_back_and_shows_its_past(
    wanglei: FlaskClient, parts: Parts, cast: Cast, home: str
) -> None:
    page = f"/trainer/bank/questions/{add(parts, cast)}"
    assert post(wanglei, f"{page}/retirements", at=page).status_code == 303
    assert (held(parts, cast), len(held(parts, cast, state="retired"))) == ([], 1)
    assert "恢复使用" in wanglei.get(page).text
    assert post(wanglei, f"{page}/restorations", at=page).status_code == 303
    assert len(held(parts, cast)) == 1
    history = wanglei.get(f"{page}/history").text
    for words in ("第 1 版", "王磊", "喂饭前先做什么？", "√ 洗手"):
        assert words in history
    fields = {"stem": "题目", **COMMON, **FORMS[ItemType.SINGLE], "revision": "9"}
    assert post(wanglei, page, **fields).status_code == 409


def test_a_picture_stands_beside_the_question(wanglei: FlaskClient, parts: Parts, cast: Cast, home: str) -> None:
    fields = {"stem": "题目", **COMMON, **FORMS[ItemType.SINGLE]}
    picture = (io.BytesIO(png()), "a.png")
    made = post(wanglei, f"{home}/questions/new/single", **fields, picture=picture).headers["Location"]
    shown = wanglei.get(f"{made}/pictures/1")
    assert (shown.status_code, shown.content_type) == (200, "image/png")
    assert f"{made}/pictures/1" in wanglei.get(made).text
    assert wanglei.get(f"{made}/pictures/2").status_code == 404
    assert wanglei.get(f"{made}/pictures/99999999999999").status_code == 404
    assert post(wanglei, made, **fields, revision="1", **{"picture-away": "1"}).status_code == 303
    assert held(parts, cast)[0].item.picture is None
    wrong = post(wanglei, made, **fields, revision="2", picture=(io.BytesIO(b"<svg/>"), "a.png"))
    assert wrong.status_code == 422


def test_lists_are_narrowed_and_told(wanglei: FlaskClient, parts: Parts, cast: Cast, home: str) -> None:
    for entry in SOUND:
        add(parts, cast, entry)
    assert "小小课程" in wanglei.get("/trainer/bank/").text
    assert "共 7 道题" in wanglei.get(f"{home}/").text
    assert "共 1 道题" in wanglei.get(f"{home}/?type=fill&difficulty=1&tag=护理").text
    assert "共 2 道题" in wanglei.get(f"{home}/?q=先做什么&objective={GOAL}").text
    assert "没有找到题目" in wanglei.get(f"{home}/?state=retired").text
    assert wanglei.get(f"{home}/?batch=nonsense").status_code == 404
    strange = "difficulty=99999999999&page=9999999999999999999&tag=%00&objective=%00&type=%00&q=%00&state=%00"
    for page in (f"{home}/?{strange}", f"{home}/statistics?{strange}", f"{home}/export.gift?{strange}"):
        assert wanglei.get(page).status_code == 200
    statistics = wanglei.get(f"{home}/statistics").text
    assert statistics.count("作答太少") == 7


def test_a_file_is_checked_imported_and_undone(
    wanglei: FlaskClient, parts: Parts, cast: Cast, home: str, tmp_path: Path
) -> None:
    strange = replace(SOUND[0], objective="没听说过的", item=replace(SOUND[0].item, stem="另一道题，怎么样？"))
    page = bring(wanglei, home, workbook([*SOUND, strange], tmp_path))
    told = wanglei.get(page).text
    for words in ("可以进来", "课程里没有这个知识点：没听说过的", "知识点“没听说过的”，算作", "下载要改的题"):
        assert words in told
    assert held(parts, cast) == []
    failed = load_workbook(io.BytesIO(wanglei.get(f"{page}/failed.xlsx").data)).worksheets[0]
    assert failed["A2"].value == "知识点：课程里没有这个知识点：没听说过的"
    choices = {"objective": GOAL, "difficulty": "3", "told": "没听说过的", "mapped": GOAL, "near": "1"}
    assert post(wanglei, f"{page}/choices", at=page, **{**choices, "told": "\x00"}).status_code == 303
    assert post(wanglei, f"{page}/choices", at=page, **choices).status_code == 303
    assert post(wanglei, f"{page}/imports", at=page).status_code == 303
    assert len(held(parts, cast)) == 8
    assert post(wanglei, f"{page}/imports", at=page).status_code == 409
    assert "题库.xlsx" in wanglei.get(f"{home}/batches/").text
    assert post(wanglei, f"{page}/undos", at=page).status_code == 303
    assert held(parts, cast) == []
    assert "已撤销" in wanglei.get(page).text


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "", "请选择一个文件"),
        (b" ", "a.txt", "这个文件是空的"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xls", "旧格式"),
        (b'<!DOCTYPE quiz [<!ENTITY a "b">]><quiz>&a;</quiz>', "a.xml", "不安全"),
        (b"PK\x03\x04broken", "a.xlsx", "打不开"),
        ("没有题目".encode(), "a.txt", "没有找到题目"),
    ],
)
def test_files_that_are_none_are_refused_in_plain_words(
    wanglei: FlaskClient, home: str, data: bytes, name: str, words: str
) -> None:
    answer = post(wanglei, f"{home}/batches/new", file=(io.BytesIO(data), name))
    assert answer.status_code == 422
    assert words in answer.text


@pytest.mark.parametrize("target", ["xlsx", "docx", "xml", "gift"])
def test_exports_are_files(wanglei: FlaskClient, parts: Parts, cast: Cast, home: str, target: str) -> None:
    add(parts, cast, replace(SOUND[0], item=replace(SOUND[0].item, stem="=HYPERLINK(1)")))
    answer = wanglei.get(f"{home}/export.{target}?type=single")
    assert answer.status_code == 200
    assert f"bank.{target}" in answer.headers["Content-Disposition"]
    if target == "xlsx":
        cell = load_workbook(io.BytesIO(answer.data)).worksheets[0]["B2"]
        assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")
    assert wanglei.get(f"{home}/template.xlsx").status_code == 200


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
def test_pages_come_in_both_languages(
    wanglei: FlaskClient, parts: Parts, cast: Cast, home: str, tmp_path: Path, language: str
) -> None:
    question = f"/trainer/bank/questions/{add(parts, cast, SOUND[6])}"
    batch = bring(wanglei, home, workbook([*SOUND, ENTRIES[0]], tmp_path))
    with wanglei.session_transaction() as cookie:
        cookie["language"] = language
    pages = ["/trainer/bank/", f"{home}/", f"{home}/statistics", f"{home}/batches/", f"{home}/batches/new"]
    pages += [question, f"{question}/history", batch, f"{home}/questions/new/matching"]
    title = "Question bank" if language == "en" else "题库"
    for page in pages:
        answer = wanglei.get(page)
        assert (answer.status_code, title in answer.text) == (200, True), page


def test_strangers_find_nothing(client: FlaskClient, parts: Parts, cast: Cast, home: str, tmp_path: Path) -> None:
    question = f"/trainer/bank/questions/{add(parts, cast)}"
    session_for(client, parts, cast.wanglei)
    batch = bring(client, home, workbook(SOUND, tmp_path))
    session_for(client, parts, cast.zhaoqin)
    token = csrf_token(client, "/trainer/bank/")
    shown = [f"{home}/", f"{home}/statistics", f"{home}/template.xlsx", f"{home}/batches/", f"{home}/batches/new"]
    shown += [f"{home}/export.{target}" for target in ("xlsx", "docx", "xml", "gift")]
    shown += [f"{home}/questions/new/single", question, f"{question}/history", f"{question}/pictures/1"]
    shown += [batch, f"{batch}/failed.xlsx"]
    for page in shown:
        assert client.get(page).status_code == 404, page
    posted = [f"{home}/questions/new/single", f"{home}/batches/new", question, f"{question}/retirements"]
    posted += [f"{question}/restorations", f"{batch}/choices", f"{batch}/imports", f"{batch}/undos"]
    for page in posted:
        assert client.post(page, data={"csrf_token": token}).status_code == 404, page
    with parts.database.transaction(write=False) as session:
        assert [each.state for each in session.query(BankBatch)] == ["checked"]
    assert [entry.item.stem for entry in held(parts, cast)] == [SOUND[0].item.stem]


@pytest.mark.parametrize("who", ["lifang", "zhoumin", "admin"])
def test_who_is_no_trainer_stays_outside(client: FlaskClient, parts: Parts, cast: Cast, home: str, who: str) -> None:
    session_for(client, parts, getattr(cast, who))
    for page in ("/trainer/bank/", f"{home}/", f"{home}/batches/", f"/trainer/bank/questions/{uuid.uuid4()}"):
        assert client.get(page).status_code == 403
