"""Archives: the same bytes for the same members, a hash for each, nothing of the moment at which they were written."""

import hashlib
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lms.adapters.archives import SUMS, Archive

AT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def made(path: Path, at: datetime = AT) -> bytes:
    with Archive(path, at) as archive:
        archive.add("说明.txt", [b"one", b"two"])
        archive.add("photos/a.jpeg", [b"\xff\xd8" * 100], packed=False, largest=200)
    return path.read_bytes()


def test_the_same_members_are_the_same_bytes(tmp_path: Path) -> None:
    assert made(tmp_path / "a.zip") == made(tmp_path / "b.zip")
    assert made(tmp_path / "c.zip", AT.replace(year=1970)) != made(tmp_path / "a.zip")


def test_sums_name_every_other_member(tmp_path: Path) -> None:
    made(tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.namelist() == ["说明.txt", "photos/a.jpeg", SUMS]
        told = dict(line.split("  ")[::-1] for line in archive.read(SUMS).decode().splitlines())
        assert told == {name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()[:2]}
        assert archive.getinfo("photos/a.jpeg").compress_type == zipfile.ZIP_STORED
        assert archive.testzip() is None


def test_a_broken_member_leaves_no_list_of_hashes(tmp_path: Path) -> None:
    def breaks() -> None:
        with Archive(tmp_path / "a.zip", AT) as archive:
            archive.add("a", [b"a"])
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        breaks()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert SUMS not in archive.namelist()
