"""The files of a package, read safely: nothing outside it, no links, no giants, only clean UTF-8."""

import os
import re
import stat
from pathlib import Path

from lms.authoring.problems import Notes

MOST_BYTES = 1_000_000
MOST_FILES = 500

# Control characters, line breaks that editors do not count, halves of characters, and the marks that turn
# the direction of writing around (CVE-2021-42574): none of them is course text.
_UNCLEAN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def read_text(folder: Path, notes: Notes) -> str | None:
    """The text of the file the notes are about, with plain line ends and no BOM.

    None if it cannot be used; the reason is noted.
    """
    if has_link(folder, notes.path):
        notes.add(1, "path_is_link", path=notes.path)
        return None
    data = _read_bytes(folder / notes.path, notes)
    text = None if data is None else _decode(data, notes)
    return None if text is None else _clean(text, notes)


def has_link(folder: Path, path: str) -> bool:
    """Whether any step of a relative path is a symbolic link."""
    steps = Path(path)
    return any((folder / step).is_symlink() for step in (steps, *steps.parents))


def unclean_character(text: str) -> tuple[int, str] | None:
    """Where the first character stands that does not belong into course text, and its code point."""
    found = _UNCLEAN.search(text)
    return found and (found.start(), f"U+{ord(found[0]):04X}")


def list_files(folder: Path) -> list[str]:
    """Relative paths of all files and links in the folder, sorted; stops soon after 500."""
    paths: list[str] = []
    for top, folders, names in os.walk(folder):
        links = [name for name in folders if Path(top, name).is_symlink()]
        paths += [Path(top, name).relative_to(folder).as_posix() for name in names + links]
        if len(paths) > MOST_FILES:
            break
    return sorted(paths)


def _read_bytes(file: Path, notes: Notes) -> bytes | None:
    try:
        data = _read_regular(file)
    except FileNotFoundError:
        notes.add(1, "file_missing", name=notes.path)
    except OSError:
        notes.add(1, "file_unreadable")
    else:
        if len(data) <= MOST_BYTES:
            return data
        notes.add(1, "file_too_big", most=MOST_BYTES)
    return None


def _read_regular(file: Path) -> bytes:
    # A pipe would wait for a writer for ever, so the kind is looked at before opening.
    if not stat.S_ISREG(file.lstat().st_mode):
        raise OSError("not a regular file")
    with file.open("rb") as stream:
        return stream.read(MOST_BYTES + 1)


def _decode(data: bytes, notes: Notes) -> str | None:
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        before = data[: error.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        notes.add(before.count(b"\n") + 1, "file_not_utf8")
        return None


def _clean(text: str, notes: Notes) -> str | None:
    unclean = unclean_character(text)
    if unclean is None:
        return text
    position, character = unclean
    notes.add(text.count("\n", 0, position) + 1, "file_control_character", character=character)
    return None
