"""What only a folder can suffer: symbolic links, a full disk, a copy that breaks off."""

import errno
import os
import stat
from pathlib import Path

import pytest

from lms.adapters.storage_folder import FolderStore
from lms.domain.errors import Refused, Unavailable


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "objects")


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("planted", ["link", "folder"])
def test_a_symbolic_link_is_not_followed(store: FolderStore, tmp_path: Path, planted: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("canary")
    (tmp_path / "objects").mkdir()
    target = outside / "secret" if planted == "link" else outside
    (tmp_path / "objects" / planted).symlink_to(target)
    key = planted if planted == "link" else "folder/secret"
    for attempt in (
        lambda: store.open(key),
        lambda: store.stat(key),
        lambda: store.delete(key),
        lambda: store.put_bytes(key, b"overwritten", "text/plain"),
    ):
        with pytest.raises(Refused):
            attempt()
    assert (outside / "secret").read_text() == "canary"


def test_a_full_disk_leaves_the_old_object_and_no_draft(
    store: FolderStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put_bytes("m/a", b"old", "text/plain")

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(Unavailable) as refused:
            store.put_bytes("m/a", b"new", "text/plain")
    assert refused.value.code == "storage_unavailable"
    with store.open("m/a") as body:
        assert body.read() == b"old"
    assert [name for name in files(tmp_path / "objects") if name.startswith(".drafts")] == []


def test_content_is_forced_to_the_disk_before_it_gets_its_name(
    store: FolderStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forced: list[tuple[bool, bool]] = []
    real = os.fsync

    def watched(handle: int) -> None:
        is_content = stat.S_ISREG(os.fstat(handle).st_mode)
        forced.append((is_content, (tmp_path / "objects" / "m" / "a.txt").exists()))
        real(handle)

    monkeypatch.setattr(os, "fsync", watched)
    store.put_bytes("m/a.txt", b"new", "text/plain")
    content, folder = (True, False), (False, True)
    assert content in forced
    assert forced[-1] == folder


def test_a_folder_gives_no_address(store: FolderStore) -> None:
    assert store.link("m/a", 60) is None


def test_it_is_not_healthy_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "objects").write_text("a file is in the way")
    store = FolderStore(tmp_path / "objects")
    assert not store.healthy()
    with pytest.raises(Unavailable):
        store.put_bytes("m/a", b"?", "text/plain")
