"""Parts in a folder store: one file a part below `.uploads`, joined when all are there."""

import io
import re
import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from lms.adapters.multipart import Part
from lms.adapters.objects import Stat, checked_key
from lms.domain.errors import NotFound, Refused, Unavailable

REF = re.compile(r"[0-9a-f]{32}")
TYPE = "type"


class FolderParts:
    """The words of PartStore, for a store that can publish whole files."""

    _root: Path

    def begin(self, key: str, content_type: str) -> str:
        """See PartStore."""
        ref = uuid.uuid4().hex
        self._place(checked_key(key))
        with answering():
            self._publish(self._uploads(ref) / TYPE, io.BytesIO(content_type.encode()))
        return ref

    def put_part(self, key: str, ref: str, number: int, path: Path) -> str:
        """See PartStore."""
        folder = self._begun(key, ref)
        with answering(), path.open("rb") as source:
            self._publish(folder / f"{number:05d}", source)
            return _tag(folder / f"{number:05d}")

    def parts(self, key: str, ref: str) -> list[Part]:
        """See PartStore."""
        folder = self._begun(key, ref)
        with answering():
            files = sorted(path for path in folder.iterdir() if path.name.isdigit())
            return [Part(int(path.name), path.stat().st_size, _tag(path)) for path in files]

    def part_link(self, key: str, ref: str, number: int, seconds: int) -> str | None:
        """See PartStore: a folder has no address of its own."""
        del ref, number, seconds
        checked_key(key)
        return None

    def finish(self, key: str, ref: str, parts: Sequence[Part]) -> None:
        """See PartStore."""
        try:
            folder = self._begun(key, ref)
        except NotFound:
            if self.stat(key) is None:
                raise
            return
        self._join(key, folder, parts)
        self.abandon(key, ref)

    def _join(self, key: str, folder: Path, parts: Sequence[Part]) -> None:
        places = [folder / f"{part.number:05d}" for part in parts]
        if not all(place.is_file() for place in places):
            raise NotFound("upload_not_found")
        with answering(), ExitStack() as opened:
            sources = (opened.enter_context(place.open("rb")) for place in places)
            self._put(key, (folder / TYPE).read_text(), *sources)

    def abandon(self, key: str, ref: str) -> None:
        """See PartStore."""
        self._place(checked_key(key))
        shutil.rmtree(self._uploads(ref), ignore_errors=True)

    def _begun(self, key: str, ref: str) -> Path:
        self._place(checked_key(key))
        folder = self._uploads(ref)
        if not folder.is_dir():
            raise NotFound("upload_not_found")
        return folder

    def _uploads(self, ref: str) -> Path:
        if REF.fullmatch(ref) is None:
            raise Refused("storage_key")
        return self._root / ".uploads" / ref

    def stat(self, key: str) -> Stat | None:
        """See Store."""
        raise NotImplementedError

    def _place(self, key: str) -> Path:
        raise NotImplementedError

    def _put(self, key: str, content_type: str, *sources: BinaryIO) -> None:
        raise NotImplementedError

    def _publish(self, place: Path, *sources: BinaryIO) -> None:
        raise NotImplementedError


def _tag(path: Path) -> str:
    known = path.stat()
    return f"{known.st_ino:x}-{known.st_mtime_ns:x}-{known.st_size:x}"


@contextmanager
def answering() -> Iterator[None]:
    """A full or failing disk is a store that does not answer."""
    try:
        yield
    except OSError as error:
        raise Unavailable("storage_unavailable") from error
