"""Word and Excel files as what they are, zips: judged whole before anything is opened, counted while it opens."""

import io
import itertools
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from xml.etree.ElementTree import Element

from lms.adapters.office.xml import elements, parse
from lms.domain.errors import Refused

MOST_FILE_BYTES = 20_000_000
MOST_ENTRIES = 2000
MOST_OPENED_BYTES = 80_000_000
MOST_PART_BYTES = 16_000_000
MOST_RATIO = 200  # text of sheets shrinks to a tenth or a twentieth; a bomb's zeros to a thousandth
SMALL = 100_000
CHUNK = 64 * 1024
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCAL_HEADER = 30
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)


class Package:
    """The parts of an Office file by name; what is read is counted."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._infos = {info.filename: info for info in archive.infolist()}
        self._left = MOST_OPENED_BYTES

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return name in self._infos

    def read(self, name: str) -> bytes:
        """The bytes of a part. Refused: office_broken, office_bomb."""
        most = min(self._left, MOST_PART_BYTES)
        found = []
        for chunk in self.chunks(name):
            found.append(chunk)
            most -= len(chunk)
            if most < 0:
                raise Refused("office_bomb")
        return b"".join(found)

    def chunks(self, name: str) -> Iterator[bytes]:
        """A part that may be longer than what fits one `read`, piece by piece. Refused: as `read`."""
        if name not in self._infos:
            raise Refused("office_broken")
        with self._archive.open(self._infos[name]) as stream:
            while chunk := stream.read(CHUNK):  # what an entry says of its size may be a lie
                self._left -= len(chunk)
                if self._left < 0:
                    raise Refused("office_bomb")
                yield chunk

    def xml(self, name: str) -> Element:
        """A part as a tree."""
        return parse(self.read(name))

    def elements(self, name: str, *names: str) -> Iterator[Element]:
        """The elements of these names in a part of any length, one after the other."""
        return elements(self.chunks(name), *names)

    def links(self, name: str) -> dict[str, str]:
        """What a part points at inside the file, by id; what lies outside is left out."""
        folder, _, base = name.rpartition("/")
        rels = f"{folder}/_rels/{base}.rels"
        if not self.has(rels):
            return {}
        found = {}
        for link in self.xml(rels).iter("Relationship"):
            if link.get("TargetMode") != "External":
                target = posixpath.join("/", folder, link.get("Target", ""))
                found[link.get("Id", "")] = posixpath.normpath(target).lstrip("/")
        return found


@contextmanager
def opened(data: bytes) -> Iterator[Package]:
    """An Office file. Refused: file_old, office_broken, office_bomb, file_too_big."""
    if data.startswith(OLD_OFFICE):
        raise Refused("file_old")
    if len(data) > MOST_FILE_BYTES:
        raise Refused("file_too_big", most=MOST_FILE_BYTES // 1_000_000)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _judge(archive.infolist())
            yield Package(archive)
    except _BROKEN as error:
        raise Refused("office_broken") from error


def _judge(infos: list[zipfile.ZipInfo]) -> None:
    if any(info.flag_bits & 1 for info in infos):
        raise Refused("office_locked")
    swollen = any(info.file_size > max(SMALL, MOST_RATIO * info.compress_size) for info in infos)
    too_much = len(infos) > MOST_ENTRIES or sum(info.file_size for info in infos) > MOST_OPENED_BYTES
    spans = sorted((info.header_offset, info.header_offset + _LOCAL_HEADER + info.compress_size) for info in infos)
    if swollen or too_much or any(end > start for (_, end), (start, _) in itertools.pairwise(spans)):
        raise Refused("office_bomb")
