"""What we write we read again unchanged, in every format, whatever the words are."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from lms.adapters.banks import document, excel, gift_out, moodle_out
from lms.adapters.banks.formats import Format, read, sniff
from lms.domain.bank import Entry, Item, ItemType, Pair, clean
from lms.domain.bank_rules import find_faults
from lms.domain.courses import Asset, Option
from tests.domain.bank_entries import ENTRIES, SINGLE

PICTURE = Asset("assets/a.png", "ab" * 32, "image/png", 9)
WORDS = st.text(
    st.sampled_from("甲乙丙 aB1.、：:=~#{}\\|｜→->，。（）()【】[]答案解析题难度%&<>\"'*√对A\n"),
    min_size=1,
    max_size=14,
)


def png() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(made, "PNG")
    return made.getvalue()


def written(kind: Format, entries: list[Entry], path: Path) -> bytes:
    if kind is Format.EXCEL:
        excel.write(entries, path)
    elif kind is Format.WORD:
        document.write(entries, lambda _asset: png(), path)
    elif kind is Format.MOODLE:
        moodle_out.write(entries, lambda _asset: png(), path)
    else:
        gift_out.write(entries, path)
    return path.read_bytes()


def again(kind: Format, entries: list[Entry], path: Path) -> list[Entry]:
    data = written(kind, entries, path)
    assert sniff(data, path.name) is kind
    reading = read(data, kind)
    assert [found.faults for found in reading.found if found.faults] == []
    return [found.entry for found in reading.found if found.entry]


@st.composite
def items(draw: st.DrawFn, kind: ItemType) -> Item:
    words = [draw(WORDS) for _ in range(12)]
    right = draw(st.frozensets(st.integers(0, 2), min_size=2 if kind is ItemType.MULTIPLE else 1, max_size=3))
    right = right if kind is ItemType.MULTIPLE else frozenset([min(right)])
    item = Item(kind, words[0], explanation=draw(st.just("") | WORDS))
    if kind is ItemType.TRUE_FALSE:
        return replace(item, options=(Option("对", words[1], 0 in right), Option("错", words[2], 0 not in right)))
    if kind in (ItemType.SINGLE, ItemType.MULTIPLE):
        feedback = draw(st.just("") | WORDS)
        options = tuple(Option(words[n], feedback, n - 1 in right) for n in range(1, 4))
        return replace(item, options=options)
    if kind is ItemType.ORDERING:
        return replace(item, steps=tuple(words[1:5]))
    if kind is ItemType.MATCHING:
        return replace(item, pairs=(Pair(words[1], words[2]), Pair(words[3], words[4]), Pair("", words[5])))
    if kind is ItemType.FILL:
        blanks = ((words[1], words[2]), (words[3],))[: draw(st.integers(1, 2))]
        return replace(item, stem=f"{words[0]}{'____和'.join([''] * (len(blanks) + 1))}{words[4]}", blanks=blanks)
    parts = (draw(items(ItemType.SINGLE)), draw(items(ItemType.FILL)), draw(items(ItemType.MATCHING)))
    return replace(item, parts=parts)


SOUND = (
    st.sampled_from(list(ItemType))
    .flatmap(items)
    .map(lambda item: clean(Entry(item, "wash", 4, ("基础", "a]b"))))
    .filter(lambda entry: not find_faults(entry))
)


@pytest.mark.parametrize("kind", [Format.EXCEL, Format.WORD, Format.MOODLE])
def test_every_kind_of_question_comes_back(kind: Format, tmp_path: Path) -> None:
    assert again(kind, list(ENTRIES), tmp_path / "bank") == list(ENTRIES)


def test_gift_keeps_what_it_can_say(tmp_path: Path) -> None:
    kept = [entry for entry in ENTRIES if gift_out.can_say(entry.item)]
    assert again(Format.GIFT, list(ENTRIES), tmp_path / "bank.gift") == kept
    assert [entry.item.type.value for entry in kept] == ["single", "multiple", "true_false", "matching"]
    assert (tmp_path / "bank.gift").read_text().count("GIFT 写不了这道题") == 3


@pytest.mark.parametrize("kind", [Format.EXCEL, Format.WORD, Format.MOODLE, Format.GIFT])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entries=st.lists(SOUND, min_size=1, max_size=3))
def test_whatever_the_words_are(kind: Format, tmp_path: Path, entries: list[Entry]) -> None:
    entries = [entry for entry in entries if kind is not Format.GIFT or gift_out.can_say(entry.item)]
    if entries:
        assert again(kind, entries, tmp_path / "bank.gift") == entries


@pytest.mark.parametrize("kind", [Format.WORD, Format.MOODLE])
def test_pictures_travel_with_their_question(kind: Format, tmp_path: Path) -> None:
    entries = [Entry(replace(SINGLE, picture=PICTURE), "wash"), ENTRIES[1]]
    reading = read(written(kind, entries, tmp_path / "bank"), kind)
    assert [found.picture for found in reading.found] == [png(), None]
    assert [found.entry.item.stem for found in reading.found if found.entry] == [SINGLE.stem, ENTRIES[1].item.stem]


def test_excel_names_pictures_by_their_fingerprint(tmp_path: Path) -> None:
    data = written(Format.EXCEL, [Entry(replace(SINGLE, picture=PICTURE), "wash")], tmp_path / "bank")
    assert read(data, Format.EXCEL).found[0].raws[0].picture == PICTURE.sha256


def test_the_template_is_what_we_read(tmp_path: Path) -> None:
    excel.write_template("wash", tmp_path / "bank.xlsx")
    reading = read((tmp_path / "bank.xlsx").read_bytes(), Format.EXCEL)
    assert {found.entry.item.type for found in reading.found if found.entry} == set(ItemType)
    assert [find_faults(found.entry) for found in reading.found if found.entry] == [()] * len(reading.found)


def test_failed_rows_are_read_again_like_the_template(tmp_path: Path) -> None:
    excel.write(ENTRIES, tmp_path / "bank.xlsx")
    reading = read((tmp_path / "bank.xlsx").read_bytes(), Format.EXCEL)
    excel.write_failed([(raw, "难度不对") for found in reading.found for raw in found.raws], tmp_path / "failed.xlsx")
    mended = read((tmp_path / "failed.xlsx").read_bytes(), Format.EXCEL)
    assert [found.entry for found in mended.found] == list(ENTRIES)
