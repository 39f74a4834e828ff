"""The files of a finished video, whole or in ranges, for learners and for trainers.

Where LMS_MEDIA_DIRECT is on, the pieces that make up nearly all of the bytes come from the S3 service: each request
for one is answered with an address of that piece alone, good for as long as the slowest phone takes to begin.
"""

import re
from http import HTTPStatus

from flask import Response, redirect, request
from werkzeug.wrappers import Response as Answer

from lms.adapters.objects import Stat
from lms.domain.errors import NotFound
from lms.web import access
from lms.web.downloads import pieces

DIRECT_SECONDS = 300
DIRECT_KINDS = ("m4s", "mp4")
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


def answer(prefix: str, name: str) -> Answer:
    """One file of the set below `prefix`, or the range of it that is asked for; NotFound for any other name."""
    if not NAME.fullmatch(name):
        raise NotFound("media_not_found")
    key, parts = f"{prefix}/{name}", access.parts()
    if parts.config.media_direct and name.endswith(DIRECT_KINDS):
        return _pointing_to(parts.store.link(key, DIRECT_SECONDS))
    known = parts.store.stat(key)
    if known is None:
        raise NotFound("media_not_found")
    return _answer(key, known)


def _pointing_to(address: str | None) -> Answer:
    """The address is a bearer token, so nothing may keep it longer than the browser's own answer."""
    if address is None:
        raise NotFound("media_not_found")
    response = redirect(address, HTTPStatus.FOUND)
    response.headers["Cache-Control"] = "no-store"
    return response


def _answer(key: str, known: Stat) -> Response:
    kind = key.rpartition(".")[2]
    response = Response(content_type=TYPES[kind])
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = "no-store" if kind == "m3u8" else "private, max-age=43200, immutable"
    start, end = asked_range(known.size, response)
    response.content_length = end - start
    if request.method != "HEAD" and end > start:
        store = access.parts().store
        response.response = pieces(lambda: store.open(key, start, end))
    return response


def asked_range(size: int, response: Response) -> tuple[int, int]:
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
