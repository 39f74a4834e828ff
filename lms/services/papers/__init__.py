"""Certificates on paper (培训合格证书): templates of institutions, serial numbers, one PDF or all of a class."""

from lms.services.papers import templates
from lms.services.papers.asking import (
    KEPT,
    MAKE,
    BundleView,
    OwnPaper,
    Ready,
    ask,
    count,
    draw_own,
    draw_sample,
    get,
    list_of,
    open_file,
    prepare,
    settle,
    sweep,
    wanted,
)
from lms.services.papers.making import Made, Wanted, write

__all__ = [
    "KEPT",
    "MAKE",
    "BundleView",
    "Made",
    "OwnPaper",
    "Ready",
    "Wanted",
    "ask",
    "count",
    "draw_own",
    "draw_sample",
    "get",
    "list_of",
    "open_file",
    "prepare",
    "settle",
    "sweep",
    "templates",
    "wanted",
    "write",
]
