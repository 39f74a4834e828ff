"""Videos on the phone: playlists, pieces and captions, each asked for by a signed link of one's own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Protocol

from flask import Response, request, url_for
from itsdangerous import BadSignature, URLSafeSerializer

from lms import clock
from lms.adapters.objects import Stat, Store
from lms.domain.errors import Forbidden, NotFound
from lms.domain.roles import Role
from lms.web import access
from lms.web.limits import limiter

LINK_LIFETIME = timedelta(hours=12)
LINK_STEP = timedelta(hours=6)
SALT = "learner-media"
PLAYLIST_TYPE = "application/vnd.apple.mpegurl"
NAME = re.compile(
    r"master\.m3u8|poster\.jpg|captions\.vtt|(?:\d{3,4}p|audio)/(?:index\.m3u8|init\.mp4|\d{5}\.m4s)",
    re.ASCII,
)
TYPES = {
    "m3u8": PLAYLIST_TYPE,
    "m4s": "video/iso.segment",
    "mp4": "video/mp4",
    "jpg": "image/jpeg",
    "vtt": "text/vtt; charset=utf-8",
}

bp = access.blueprint("learner_media", __name__, Role.LEARNER, url_prefix="/learn/media")


class Playable(Protocol):
    """A finished video."""

    @property
    def prefix(self) -> str | None: ...

    @property
    def has_captions(self) -> bool: ...


@dataclass(frozen=True)
class MediaUrls:
    """What a player needs; `captions` is None where there are none."""

    hls: str
    audio: str
    poster: str
    captions: str | None


def media_urls(media: Playable) -> MediaUrls:
    """Links to a finished video, good for six to twelve hours, for whoever is signed in and nobody else.

    They stay the same for six hours, so that a phone that comes back finds what it has already loaded.
    """
    token = _links().dumps([media.prefix, access.actor().account_id.hex, _until(clock.now())])

    def link(name: str) -> str:
        return url_for("learner_media.show", token=token, name=name)

    return MediaUrls(
        hls=link("master.m3u8"),
        audio=link("audio/index.m3u8"),
        poster=link("poster.jpg"),
        captions=link("captions.vtt") if media.has_captions else None,
    )


@bp.get("/<token>/<path:name>")
@limiter.exempt  # a care home behind one address plays many videos at once, and each link is signed
def show(token: str, name: str) -> Response:
    """One file of a video, or the range of it that is asked for."""
    key = f"{_prefix(token)}/{name}"
    known = access.parts().store.stat(key) if NAME.fullmatch(name) else None
    if known is None:
        raise NotFound("media_not_found")
    return _answer(key, known)


def _links() -> URLSafeSerializer:
    return URLSafeSerializer(access.parts().config.secret_key, salt=SALT)


def _until(now: datetime) -> int:
    """When a link made now ends, in seconds since 1970: the end of the step after this one."""
    step = int(LINK_STEP.total_seconds())
    return int((now + LINK_LIFETIME).timestamp()) // step * step


def _prefix(token: str) -> str:
    """The place in the store a link leads to. NotFound for a stranger's, Forbidden when it has ended."""
    try:
        prefix, account, until = _links().loads(token)
    except BadSignature as error:
        raise NotFound("media_not_found") from error
    if account != access.actor().account_id.hex:
        raise NotFound("media_not_found")
    if clock.now() >= datetime.fromtimestamp(until, UTC):
        raise Forbidden("media_link_expired")
    return str(prefix)


def _answer(key: str, known: Stat) -> Response:
    kind = key.rpartition(".")[2]
    response = Response(content_type=TYPES[kind])
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = "no-store" if kind == "m3u8" else "private, max-age=43200, immutable"
    start, end = _range(known.size, response)
    response.content_length = end - start
    if request.method != "HEAD" and end > start:
        response.response = _body(access.parts().store, key, start, end)
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


def _body(store: Store, key: str, start: int, end: int) -> Iterator[bytes]:
    """Opened when the first chunk is wanted, let go of after the last, or when the phone hangs up."""
    with store.open(key, start, end) as body:
        yield from body
