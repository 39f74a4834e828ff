"""Reports as files: each on record, large ones made in the background, offered to who asked and to nobody else."""

from lms.services.exports.files import (
    MAKE,
    MOST_DIRECT,
    ExportView,
    Order,
    ToMake,
    get_own,
    is_large,
    list_own,
    open_file,
    order,
    settle,
    sweep,
    to_make,
)
from lms.services.exports.records import check_purpose, record
from lms.services.exports.views import (
    EVERY,
    SavedViewView,
    forget_view,
    get_view,
    list_views,
    order_due,
    save_view,
)

__all__ = [
    "EVERY",
    "MAKE",
    "MOST_DIRECT",
    "ExportView",
    "Order",
    "SavedViewView",
    "ToMake",
    "check_purpose",
    "forget_view",
    "get_own",
    "get_view",
    "is_large",
    "list_own",
    "list_views",
    "open_file",
    "order",
    "order_due",
    "record",
    "save_view",
    "settle",
    "sweep",
    "to_make",
]
