"""Class dossiers (一期一档): all that is on record of one cohort up to a moment, as one archive anybody can check."""

from lms.services.dossiers.asking import (
    KEPT,
    MAKE,
    DossierView,
    Ready,
    ask,
    get,
    list_of,
    open_file,
    settle,
    sweep,
    wanted,
)
from lms.services.dossiers.making import Made, Wanted, write

__all__ = [
    "KEPT",
    "MAKE",
    "DossierView",
    "Made",
    "Ready",
    "Wanted",
    "ask",
    "get",
    "list_of",
    "open_file",
    "settle",
    "sweep",
    "wanted",
    "write",
]
