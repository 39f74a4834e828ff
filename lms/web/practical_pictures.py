"""Pictures of practicals on their way out: saved or shown inside a page of ours, never opened as a page."""

from flask import Response, request

from lms.services.practice import Shown
from lms.web import access
from lms.web.downloads import pieces
from lms.web.media_files import asked_range


def send(shown: Shown) -> Response:
    """The bytes, or the range of them that a player asks for; nobody keeps them, since consent may be taken back."""
    response = Response(content_type=shown.content_type)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Content-Disposition"] = f"attachment; filename=practical.{shown.ending}"
    start, end = asked_range(shown.size, response)
    response.content_length = end - start
    if request.method != "HEAD" and end > start:
        store = access.parts().store
        response.response = pieces(lambda: store.open(shown.key, start, end))
    return response
