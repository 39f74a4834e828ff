"""A zip from outside: a course comes out whole, and nothing hostile comes out at all."""

import io
import stat
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.authoring.archive import MOST_FILE_BYTES, pack, unpack

COURSE = {"course.yaml": b"format: 1\n", "lessons/01-a.md": b"---\n", "assets/a.png": b"\x89PNG"}


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return made.getvalue()


def codes(data: bytes) -> set[str]:
    files, problems = unpack(data)
    assert (files == {}) == bool(problems)
    assert all(problem.text("zh_Hans") != problem.text("en") for problem in problems)
    return {problem.code for problem in problems}


def test_a_course_comes_back_and_its_bytes_are_the_same() -> None:
    assert unpack(pack(COURSE)) == (COURSE, [])
    assert pack(COURSE) == pack(dict(reversed(COURSE.items())))


def test_one_folder_around_the_course_and_the_leavings_of_a_mac_do_not_matter() -> None:
    wrapped = [(f"my-course/{path}", data) for path, data in COURSE.items()]
    junk = [("my-course/", b""), ("my-course/lessons/", b""), ("__MACOSX/._x", b"x"), ("my-course/.DS_Store", b"x")]
    assert unpack(zipped(*wrapped, *junk)) == (COURSE, [])


def attributed(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


SOUND = ("course.yaml", b"x")


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([("../course.yaml", b"x")], "archive_entry_unwelcome"),
        ([SOUND, ("lessons/../../evil.md", b"x")], "archive_entry_unwelcome"),
        ([SOUND, ("/etc/cron.d/x", b"x")], "archive_entry_unwelcome"),
        ([SOUND, ("C:\\x.md", b"x")], "archive_entry_unwelcome"),
        ([SOUND, ("lessons\\..\\x.md", b"x")], "archive_entry_unwelcome"),
        ([SOUND, ("lessons/con.md:x", b"x")], "archive_entry_unwelcome"),
        ([SOUND, ("imsmanifest.xml", b"<!DOCTYPE x>")], "archive_entry_unwelcome"),
        ([SOUND, ("assets/a.svg", b"<svg/>")], "archive_entry_unwelcome"),
        ([SOUND, ("inner.zip", zipped(SOUND))], "archive_entry_unwelcome"),
        ([SOUND, ("课程.md", b"x")], "archive_entry_unwelcome"),
        ([SOUND, (attributed("lessons/01-a.md", stat.S_IFLNK | 0o777), b"/etc/passwd")], "archive_entry_link"),
        ([SOUND, (attributed("lessons/01-a.md", stat.S_IFIFO), b"")], "archive_entry_link"),
        ([SOUND, ("a/lessons/01-a.md", b"x")], "archive_many_folders"),
        ([("lessons/01-a.md", b"x")], "file_missing"),
        ([SOUND, ("lessons/01-a.md", b"0" * 1_000_001)], "archive_entry_too_big"),
        ([SOUND, ("assets/a.png", b"0" * (MOST_FILE_BYTES + 1))], "archive_entry_too_big"),
        ([SOUND, *((f"lessons/{number}-a.md", b"") for number in range(501))], "package_too_many_files"),
    ],
)  # fmt: skip
def test_what_does_not_belong_is_refused_with_a_reason(entries: list[tuple[str, bytes]], code: str) -> None:
    assert code in codes(zipped(*entries))


def test_a_name_with_a_hidden_end_is_refused() -> None:
    data = zipped(SOUND, ("lessons/01-a.md!.exe", b"x")).replace(b".md!.exe", b".md\0.exe")
    assert codes(data) == {"archive_entry_unwelcome"}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_stands_twice_is_refused() -> None:
    assert codes(zipped(SOUND, SOUND)) == {"archive_entry_twice"}


def test_a_size_that_lies_is_cut_off() -> None:
    data = bytearray(zipped(SOUND, ("lessons/01-a.md", b"0" * 3_000_000)))
    real = struct.pack("<I", 3_000_000)
    while (place := data.find(real)) >= 0:
        data[place : place + 4] = struct.pack("<I", 10)
    assert codes(bytes(data)) <= {"archive_entry_too_big", "archive_broken"}


def test_entries_that_share_their_bytes_are_refused() -> None:
    """Many names in the directory for one swelling entry, as in the overlapping bombs of 2019."""
    made = io.BytesIO(zipped(SOUND, ("lessons/01-a.md", b"0" * 900_000)))
    infos = zipfile.ZipFile(made).infolist()
    with zipfile.ZipFile(made, "a") as archive:
        for number in range(2, 40):
            twin = zipfile.ZipInfo(f"lessons/{number:02}-a.md")
            for name in ("CRC", "compress_size", "file_size", "header_offset", "compress_type", "flag_bits"):
                setattr(twin, name, getattr(infos[1], name))
            archive.filelist.append(twin)
            archive.NameToInfo[twin.filename] = twin
        archive._didModify = True  # type: ignore[attr-defined]
    assert codes(made.getvalue()) == {"archive_bomb"}


def test_a_locked_entry_is_told() -> None:
    data = bytearray(zipped(SOUND))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(mark) + place] |= 1
    assert codes(bytes(data)) == {"archive_entry_locked"}


def test_other_ways_to_compress_are_refused() -> None:
    assert codes(zipped(SOUND, method=zipfile.ZIP_LZMA)) == {"archive_entry_unwelcome"}


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x03\x04" + b"0" * 100, pack(COURSE)[:-30], b"Rar!\x1a\x07"])
def test_a_broken_archive_is_told(data: bytes) -> None:
    assert codes(data) == {"archive_broken"}


def test_a_giant_is_not_opened() -> None:
    assert codes(b"PK" + b"\0" * 60_000_000) == {"archive_too_big"}


@settings(max_examples=150)
@given(st.data())
def test_any_bytes_give_files_or_problems(data: st.DataObject) -> None:
    whole = bytearray(pack(COURSE))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    files, problems = unpack(bytes(whole))
    assert files.keys() <= COURSE.keys() or problems
