"""A course as one zip: made from its files, and opened as if somebody hostile had packed it."""

import io
import itertools
import re
import stat
import zipfile
import zlib
from collections.abc import Mapping

from lms.authoring.files import MOST_BYTES, MOST_FILES
from lms.authoring.listing import WELCOME
from lms.authoring.manifest import FILE
from lms.authoring.problems import Notes, Problem, printable

MOST_ARCHIVE_BYTES = 60_000_000
MOST_OPENED_BYTES = 120_000_000
MOST_FILE_BYTES = 5_000_000
NAME = "archive"

_WELCOME = re.compile(rf"(?:[A-Za-z0-9_-]{{1,80}}/)?({WELCOME.pattern})", re.ASCII)
_LEFT_OUT = re.compile(r"(?:.*/)?(?:__MACOSX/.*|\.DS_Store|Thumbs\.db)|(?:[A-Za-z0-9_-]+/){1,2}", re.ASCII)
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_LOCAL_HEADER = 30


def pack(files: Mapping[str, bytes]) -> bytes:
    """One zip of these files; the same files give the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            archive.writestr(_info(path), files[path])
    return made.getvalue()


def unpack(data: bytes) -> tuple[dict[str, bytes], list[Problem]]:
    """The files of a zip by path, a single folder around them taken off; or none of them and what is wrong.

    Everything that can be judged is judged before anything is opened; what is opened is counted while it opens.
    """
    problems: list[Problem] = []
    notes = Notes(NAME, problems)
    if len(data) > MOST_ARCHIVE_BYTES:
        notes.add(1, "archive_too_big", most=MOST_ARCHIVE_BYTES // 1_000_000)
        return {}, problems
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            chosen = _chosen(archive.infolist(), notes)
            files = {} if problems else _opened(archive, chosen, notes)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        notes.add(1, "archive_broken")
        files = {}
    return ({} if problems else files), problems


def _info(path: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    return info


def _chosen(infos: list[zipfile.ZipInfo], notes: Notes) -> dict[str, zipfile.ZipInfo]:
    """What to open, by the path it gets; everything that does not belong is noted."""
    if len(infos) > 2 * MOST_FILES:
        notes.add(1, "package_too_many_files", most=MOST_FILES)
        return {}
    chosen: dict[str, zipfile.ZipInfo] = {}
    folders: set[str] = set()
    for info in infos:
        name = info.orig_filename
        if _LEFT_OUT.fullmatch(name) and not info.file_size:
            continue
        if name.startswith("__MACOSX/") or name.endswith((".DS_Store", "Thumbs.db")):
            continue
        code = _fault(info)
        match = _WELCOME.fullmatch(name)
        if code or not match:
            notes.add(1, code or "archive_entry_unwelcome", name=printable(name))
            continue
        folders.add(name.removesuffix(match[1]))
        if match[1] in chosen:
            notes.add(1, "archive_entry_twice", name=match[1])
        chosen[match[1]] = info
    _check_whole(chosen, folders, notes)
    return chosen


def _fault(info: zipfile.ZipInfo) -> str | None:
    """What is wrong with an entry by its own description."""
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
        return "archive_entry_link"
    if info.flag_bits & _ENCRYPTED:
        return "archive_entry_locked"
    if info.compress_type not in _METHODS:
        return "archive_entry_unwelcome"
    return "archive_entry_too_big" if info.file_size > MOST_FILE_BYTES else None


def _check_whole(chosen: Mapping[str, zipfile.ZipInfo], folders: set[str], notes: Notes) -> None:
    if len(chosen) > MOST_FILES:
        notes.add(1, "package_too_many_files", most=MOST_FILES)
    if FILE not in chosen and not notes.problems:
        notes.add(1, "file_missing", name=FILE)
    if len(folders) > 1:
        notes.add(1, "archive_many_folders")
    if sum(info.file_size for info in chosen.values()) > MOST_OPENED_BYTES or _overlap(list(chosen.values())):
        notes.add(1, "archive_bomb")


def _overlap(infos: list[zipfile.ZipInfo]) -> bool:
    """Whether two entries share bytes of the archive, as those do that swell without end (CVE-2024-0450)."""
    spans = sorted((info.header_offset, info.header_offset + _LOCAL_HEADER + info.compress_size) for info in infos)
    return any(end > start for (_, end), (start, _) in itertools.pairwise(spans))


def _opened(archive: zipfile.ZipFile, chosen: Mapping[str, zipfile.ZipInfo], notes: Notes) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    left = MOST_OPENED_BYTES
    for path, info in chosen.items():
        most = min(left, MOST_FILE_BYTES if path.startswith("assets/") else MOST_BYTES)
        with archive.open(info) as stream:
            files[path] = stream.read(most + 1)  # what an entry says of its size may be a lie
        left -= len(files[path])
        if len(files[path]) > most:
            notes.add(1, "archive_entry_too_big", name=path)
            return {}
    return files
