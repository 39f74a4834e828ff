"""The files of a finished video, whole or in ranges, for learners and for trainers."""

import re
from http import HTTPStatus

from flask import Response, request

from lms.adapters.objects import Stat
from lms.domain.errors import NotFound
from lms.web import access
from lms.web.downloads import pieces

PLAYLIST_TYPE = "application/vnd.apple.mpegurl"
NAME = re.compile(
    r"master\.m3u8|poster\.jpg|sprite\.jpg|sprite\.vtt|captions(?:-\d{1,6})?\.vtt"
    r"|(?:\d{3,4}p|audio)/(?:index\.m3u8|init\.mp4|\d{5}\.m4s)",
    re.ASCII,
)
TYPES = {
    "m3u8": PLAYLIST_TYPE,
    "m4s": "video/iso.segment",
    "mp4": "video/mp4",
    "jpg": "image/jpeg",
    "vtt": "text/vtt; charset=utf-8",
}


def answer(prefix: str, name: str) -> Response:
    """One file of the set below `prefix`, or the range of it that is asked for; NotFound for any other name."""
    key = f"{prefix}/{name}"
    known = access.parts().store.stat(key) if NAME.fullmatch(name) else None
    if known is None:
        raise NotFound("media_not_found")
    return _answer(key, known)


def _answer(key: str, known: Stat) -> Response:
    kind = key.rpartition(".")[2]
    response = Response(content_type=TYPES[kind])
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = "no-store" if kind == "m3u8" else "private, max-age=43200, immutable"
    start, end = _range(known.size, response)
    response.content_length = end - start
    if request.method != "HEAD" and end > start:
        store = access.parts().store
        response.response = pieces(lambda: store.open(key, start, end))
    return response


def _range(size: int, response: Response) -> tuple[int, int]:
    """The bytes [start, end) to send, with the status and header that say so (RFC 9110, 14)."""
    asked = request.range
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
        return 0, size
    wanted = asked.range_for_length(size)
    if wanted is None:
        response.status_code = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
        response.headers["Content-Range"] = f"bytes */{size}"
        return 0, 0
    response.status_code = HTTPStatus.PARTIAL_CONTENT
    response.headers["Content-Range"] = f"bytes {wanted[0]}-{wanted[1] - 1}/{size}"
    return wanted
