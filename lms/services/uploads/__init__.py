"""Files on their way into an institution's library: in parts, over any line, hashed as a whole when all are there."""

from lms.services.uploads.arrival import (
    RECEIVE,
    abandon,
    arriving,
    check,
    complete,
    get,
    list_unfinished,
    new_key,
    record_part,
    start,
    sweep,
)
from lms.services.uploads.keeping import home, keep_whole, settle, used_bytes
from lms.services.uploads.rows import OPEN, RECEIVED, RECEIVING, REFUSED, Asked, UploadView

__all__ = [
    "OPEN",
    "RECEIVE",
    "RECEIVED",
    "RECEIVING",
    "REFUSED",
    "Asked",
    "UploadView",
    "abandon",
    "arriving",
    "check",
    "complete",
    "get",
    "home",
    "keep_whole",
    "list_unfinished",
    "new_key",
    "record_part",
    "settle",
    "start",
    "sweep",
    "used_bytes",
]
