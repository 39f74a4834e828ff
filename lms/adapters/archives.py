"""ZIP archives that are the same bytes whenever they hold the same: fixed moments, fixed order, a list of hashes."""

import hashlib
import zipfile
from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

SUMS = "SHA256SUMS"
PLAIN_FILE = 0o100644 << 16
UNIX = 3
ROOM = 1 << 31  # a member that may grow beyond it is written as ZIP64


class Archive(AbstractContextManager["Archive"]):
    """A ZIP being written, member after member, in constant memory; its last member is SHA256SUMS over all others.

    `at` is the moment that every member bears, as wall time of its own zone. Bytes are the same for the same members
    in the same order and the same zlib.
    """

    def __init__(self, path: Path, at: datetime) -> None:
        self._zip = zipfile.ZipFile(path, "w")
        self._moment = (max(at.year, 1980), at.month, at.day, at.hour, at.minute, at.second // 2 * 2)
        self._sums: list[str] = []

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._write(SUMS, ["".join(self._sums).encode()], packed=True)
        self._zip.close()

    def __enter__(self) -> Self:
        return self

    def add(self, name: str, chunks: Iterable[bytes], *, packed: bool = True, largest: int = 0) -> None:
        """One member. `packed`: not for what is compressed already; `largest`: bytes it may reach, if beyond 2 GB."""
        digest = self._write(name, chunks, packed=packed, largest=largest)
        self._sums.append(f"{digest}  {name}\n")

    def _write(self, name: str, chunks: Iterable[bytes], *, packed: bool, largest: int = 0) -> str:
        info = zipfile.ZipInfo(name, self._moment)
        info.create_system, info.external_attr = UNIX, PLAIN_FILE
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        digest = hashlib.sha256()
        with self._zip.open(info, "w", force_zip64=largest > ROOM) as member:
            for chunk in chunks:
                digest.update(chunk)
                member.write(chunk)
        return digest.hexdigest()
