"""Videos on the phone: playlists, pieces and captions, each asked for by a signed link of one's own."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from flask import url_for
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from lms import clock
from lms.domain.errors import Forbidden, NotFound
from lms.domain.roles import Role
from lms.web import access, media_files
from lms.web.limits import limiter

LINK_LIFETIME = timedelta(hours=12)
LINK_STEP = timedelta(hours=6)
SALT = "learner-media"

bp = access.blueprint("learner_media", __name__, Role.LEARNER, url_prefix="/learn/media")


class Playable(Protocol):
    """A finished video."""

    @property
    def prefix(self) -> str | None: ...

    @property
    def has_captions(self) -> bool: ...

    @property
    def captions_number(self) -> int | None: ...


@dataclass(frozen=True)
class MediaUrls:
    """What a player needs; `captions` is None where there are none, `scenes` the index of the small pictures."""

    hls: str
    audio: str
    poster: str
    captions: str | None
    scenes: str


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
        captions=link(_captions_name(media)) if media.has_captions else None,
        scenes=link("sprite.vtt"),
    )


def _captions_name(media: Playable) -> str:
    """Those that people wrote, in the state that holds; else those that came with the video."""
    return "captions.vtt" if media.captions_number is None else f"captions-{media.captions_number}.vtt"


@bp.get("/<token>/<path:name>")
@limiter.exempt  # a care home behind one address plays many videos at once, and each link is signed
def show(token: str, name: str) -> Response:
    """One file of a video, or the range of it that is asked for."""
    return media_files.answer(_prefix(token), name)


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
