"""A store in a folder of this machine: development, and one-host installations."""

import io
import mimetypes
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from lms.adapters.objects import Body, Stat, checked_key
from lms.adapters.storage_folder_parts import FolderParts, answering
from lms.domain.errors import NotFound, Refused

UNKNOWN_TYPE = "application/octet-stream"
TYPES = mimetypes.MimeTypes()
TYPES.add_type("application/vnd.apple.mpegurl", ".m3u8")
TYPES.add_type("video/iso.segment", ".m4s")
TYPES.add_type("text/vtt", ".vtt")


class FolderStore(FolderParts):
    """Objects are files under `root`, the key being the path. Names with a leading dot are the store's own."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._drafts = self._root / ".drafts"
        self._types = self._root / ".types"

    def put_file(self, key: str, path: Path, content_type: str) -> None:
        """See Store."""
        with path.open("rb") as source:
            self._put(key, content_type, source)

    def put_bytes(self, key: str, content: bytes, content_type: str) -> None:
        """See Store."""
        self._put(key, content_type, io.BytesIO(content))

    def open(self, key: str, start: int = 0, end: int | None = None) -> Body:
        """See Store."""
        place = self._place(key)
        with answering():
            if not place.is_file():
                raise NotFound("media_not_found")
            file = place.open("rb")
            size = os.fstat(file.fileno()).st_size
            file.seek(start)
        return Body(file, max(0, min(size, size if end is None else end) - start))

    def stat(self, key: str) -> Stat | None:
        """See Store. The tag is that of the file, not of its bytes: a replaced file is another inode."""
        place = self._place(key)
        with answering():
            if not place.is_file():
                return None
            known = place.stat()
            tag = f"{known.st_ino:x}-{known.st_mtime_ns:x}-{known.st_size:x}"
            return Stat(known.st_size, self._type(key), tag)

    def list(self, prefix: str) -> Iterator[str]:
        """See Store."""
        folder = prefix.rpartition("/")[0]
        top = self._place(folder) if folder else self._root
        with answering():
            keys = [path.relative_to(self._root).as_posix() for path in top.rglob("*") if path.is_file()]
        return iter(sorted(key for key in keys if key.startswith(prefix) and not key.startswith(".")))

    def delete(self, key: str) -> None:
        """See Store."""
        with answering():
            self._place(key).unlink(missing_ok=True)
            (self._types / key).unlink(missing_ok=True)

    def link(self, key: str, seconds: int) -> str | None:
        """See Store: a folder has no address of its own, for however few seconds."""
        del seconds
        checked_key(key)
        return None

    def healthy(self) -> bool:
        """See Store."""
        draft = self._drafts / uuid.uuid4().hex
        try:
            self._drafts.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(b"?")
            draft.unlink()
        except OSError:
            return False
        return True

    def _place(self, key: str) -> Path:
        """Where `key` lives; a symbolic link on the way, whoever made it, is not followed."""
        place = self._root / checked_key(key)
        if place.resolve() != place:
            raise Refused("storage_key")
        return place

    def _put(self, key: str, content_type: str, *sources: BinaryIO) -> None:
        place = self._place(key)
        with answering():
            self._keep_type(key, content_type)
            self._publish(place, *sources)

    def _publish(self, place: Path, *sources: BinaryIO) -> None:
        """Write a draft, force it to the disk, rename: a reader or a power cut sees the old or the new whole."""
        self._drafts.mkdir(parents=True, exist_ok=True)
        draft = self._drafts / uuid.uuid4().hex
        try:
            with draft.open("xb") as file:
                for source in sources:
                    shutil.copyfileobj(source, file, 1024 * 1024)
                file.flush()
                os.fsync(file.fileno())
            _make_folder(place.parent)
            draft.replace(place)
        finally:
            draft.unlink(missing_ok=True)
        _force(place.parent)

    def _type(self, key: str) -> str:
        kept = self._types / key
        return kept.read_text() if kept.is_file() else _usual_type(key)

    def _keep_type(self, key: str, content_type: str) -> None:
        """Only a type that the name does not tell needs a note."""
        kept = self._types / key
        if content_type == _usual_type(key):
            kept.unlink(missing_ok=True)
        else:
            self._publish(kept, io.BytesIO(content_type.encode()))


def _usual_type(key: str) -> str:
    return TYPES.guess_type(key, strict=True)[0] or UNKNOWN_TYPE


def _make_folder(folder: Path) -> None:
    """Make `folder` and what is missing above it, each entry forced to the disk."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        _force(folder.parent)


def _force(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
