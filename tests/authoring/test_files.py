"""Files that are missing, linked, too many or no text are told, and nothing outside is read."""

import os
from pathlib import Path

import pytest

from tests.authoring.packages import L1, L2, C, found, problems_of, write


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return write(tmp_path)


def test_a_folder_without_manifest_is_told(tmp_path: Path) -> None:
    assert found(tmp_path) == {(C, 1, "file_missing")}
    assert found(tmp_path / "nowhere") == {(C, 1, "file_missing")}


def test_readme_and_licence_are_welcome(sound: Path) -> None:
    write(sound, {"README.md": "x", "LICENSE": "x"})
    assert found(sound) == set()


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        (b"---\nkind: \xff\xfe", 2, "file_not_utf8"),
        (b"---\r\nkind: video\r\n\xc3", 3, "file_not_utf8"),
        (b"x" * 1_000_001, 1, "file_too_big"),
        (b"---\nkind: video\x00\n", 2, "file_control_character"),
        ("---\nkind: video\u2028\n".encode(), 2, "file_control_character"),
        (b"", 1, "front_matter_missing"),
        (b"---\n---\n", 2, "yaml_empty"),
        (b"---\n%YAML 1." + b"9" * 5000 + b"\n", 1, "front_matter_open"),
        (b"---\n%YAML 1." + b"9" * 5000 + b" \n---", 2, "yaml_broken"),
    ],
)
def test_bytes_that_are_no_text_are_told(sound: Path, text: bytes, line: int, code: str) -> None:
    write(sound, {L1: text})
    assert found(sound) == {(L1, line, code)}


def test_links_are_not_followed(sound: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = write(tmp_path_factory.mktemp("outside"))
    (sound / L1).unlink()
    (sound / L1).symlink_to(outside / L1)
    assert found(sound) == {(L1, 1, "path_is_link")}


def test_linked_folders_are_not_followed(sound: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = write(tmp_path_factory.mktemp("outside"))
    for lesson in (sound / "lessons").iterdir():
        lesson.unlink()
    (sound / "lessons").rmdir()
    (sound / "lessons").symlink_to(outside / "lessons")
    expected = {(L1, 1, "path_is_link"), (L2, 1, "path_is_link"), ("lessons", 1, "file_not_listed")}
    assert found(sound) == expected


def test_a_link_into_nothing_is_told(sound: Path) -> None:
    (sound / L1).unlink()
    (sound / L1).symlink_to(sound / "nowhere")
    assert found(sound) == {(L1, 1, "path_is_link")}


def test_the_manifest_is_no_link(sound: Path) -> None:
    (sound / C).rename(sound / "README.md")
    (sound / C).symlink_to(sound / "README.md")
    assert found(sound) == {(C, 1, "path_is_link")}


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_what_is_no_regular_file_is_told_and_never_waited_for(sound: Path, make: object) -> None:
    assert callable(make)
    (sound / L1).unlink()
    make(sound / L1)
    assert (L1, 1, "file_unreadable") in found(sound)


def test_a_heap_of_files_is_told_once(sound: Path) -> None:
    write(sound, {f"heap/{number}": "" for number in range(501)})
    assert found(sound) == {(C, 1, "package_too_many_files")}


def test_a_name_that_is_no_text_can_be_told(sound: Path) -> None:
    os.close(os.open(os.fsencode(sound) + b"/\xff\n.md", os.O_CREAT))
    (problem,) = problems_of(sound)
    assert str(problem).encode() == "\\udcff\\n.md:1: 这个文件没有列在 course.yaml 里".encode()
