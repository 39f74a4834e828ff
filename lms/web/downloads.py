"""Files for saving: made whole beside the request, named in Chinese, sent in pieces."""

import re
import tempfile
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from urllib.parse import quote

from flask import Response, stream_with_context

from lms.adapters.objects import Body
from lms.services.attachments import Sent

CHUNK = 256 * 1024
UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')


def spooled(fill: Callable[[Path], None]) -> Iterator[bytes]:
    """What `fill` writes into a temporary file, in chunks.

    The file is complete before its first byte leaves, so that a broken report never looks like a short
    one, and it has lost its name by then, so that nothing stays behind whatever happens to the download.
    """
    with tempfile.TemporaryDirectory(prefix="kangxue-") as folder:
        path = Path(folder) / "download"
        fill(path)
        file = path.open("rb")
    with file:
        yield from iter(partial(file.read, CHUNK), b"")


def pieces(open_body: Callable[[], Body]) -> Iterator[bytes]:
    """What the store holds: opened when the first chunk is wanted, let go of when nobody reads on."""
    with open_body() as body:
        yield from body


def attachment(chunks: Iterator[bytes], name: str, plain_name: str, content_type: str) -> Response:
    """An answer that the browser saves as `name`; old ones take the ASCII `plain_name` (RFC 6266)."""
    readable = quote(UNSAFE.sub("_", name), safe="")
    response = Response(stream_with_context(chunks), content_type=content_type)
    response.headers["Content-Disposition"] = f"attachment; filename=\"{plain_name}\"; filename*=UTF-8''{readable}"
    return response


def paper_sent(sent: Sent, plain: uuid.UUID) -> Response:
    """A paper that somebody handed in; old browsers save it under the id `plain`."""
    plain_name = f"{plain}.{sent.content_type.rpartition('/')[2]}"
    answer = attachment(pieces(lambda: sent.body), sent.name, plain_name, sent.content_type)
    answer.call_on_close(sent.body.close)
    return answer
