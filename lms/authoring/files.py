"""The files of a package, read safely: nothing outside it, no links, no giants, only clean UTF-8."""

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from lms.authoring.assets import MOST_ASSET_BYTES, asset_of
from lms.authoring.problems import Notes
from lms.domain.courses import Asset

MOST_BYTES = 1_000_000
MOST_FILES = 500

# Control characters, line breaks that editors do not count, halves of characters, and the marks that turn
# the direction of writing around (CVE-2021-42574): none of them is course text.
_UNCLEAN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


class Files(Protocol):
    """The files of a package, wherever they lie. Paths are relative, with slashes."""

    def names(self) -> list[str]:
        """All paths, sorted; a little over 500 where there are more."""

    def has(self, path: str) -> bool:
        """Whether something lies there."""

    def read_bytes(self, notes: Notes, most: int) -> bytes | None:
        """The bytes of the file the notes are about; None if it cannot be used or is longer, which is noted."""

    def read_asset(self, notes: Notes) -> Asset | None:
        """What the picture or paper the notes are about is; None if it cannot be used, which is noted."""


class FolderFiles:
    """The files below a folder of this machine, links refused."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> list[str]:
        """See Files."""
        return list_files(self._folder)

    def has(self, path: str) -> bool:
        """See Files."""
        return os.path.lexists(self._folder / path)

    def read_bytes(self, notes: Notes, most: int) -> bytes | None:
        """See Files."""
        if has_link(self._folder, notes.path):
            notes.add(1, "path_is_link", path=notes.path)
            return None
        return _read_bytes(self._folder / notes.path, notes, most)

    def read_asset(self, notes: Notes) -> Asset | None:
        """See Files."""
        return asset_of(self.read_bytes(notes, MOST_ASSET_BYTES), notes)


class HeldFiles:
    """Files held in memory: a draft, or an archive that was opened."""

    def __init__(self, held: Mapping[str, bytes]) -> None:
        self._held = held

    def names(self) -> list[str]:
        """See Files."""
        return sorted(self._held)

    def has(self, path: str) -> bool:
        """See Files."""
        return path in self._held

    def read_bytes(self, notes: Notes, most: int) -> bytes | None:
        """See Files."""
        data = self._held.get(notes.path)
        if data is None:
            notes.add(1, "file_missing", name=notes.path)
        elif len(data) > most:
            notes.add(1, "file_too_big", most=most)
            return None
        return data

    def read_asset(self, notes: Notes) -> Asset | None:
        """See Files."""
        return asset_of(self.read_bytes(notes, MOST_ASSET_BYTES), notes)


def read_text(files: Files, notes: Notes) -> str | None:
    """The text of the file the notes are about, with plain line ends and no BOM.

    None if it cannot be used; the reason is noted.
    """
    data = files.read_bytes(notes, MOST_BYTES)
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


def _read_bytes(file: Path, notes: Notes, most: int) -> bytes | None:
    try:
        data = _read_regular(file, most)
    except FileNotFoundError:
        notes.add(1, "file_missing", name=notes.path)
    except OSError:
        notes.add(1, "file_unreadable")
    else:
        if len(data) <= most:
            return data
        notes.add(1, "file_too_big", most=most)
    return None


def _read_regular(file: Path, most: int) -> bytes:
    # A pipe would wait for a writer for ever, so the kind is looked at before opening.
    if not stat.S_ISREG(file.lstat().st_mode):
        raise OSError("not a regular file")
    with file.open("rb") as stream:
        return stream.read(most + 1)


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
