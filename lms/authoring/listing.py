"""The files a manifest lists, checked before any of them is opened."""

import re
from collections.abc import Iterable

from lms.authoring.fields import Said
from lms.authoring.problems import Notes

_SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_PATH = re.compile(rf"(?:lessons/(\d\d\d?)-({_SLUG})\.md|(?:quizzes|practices)/(\d\d\d?)-({_SLUG})\.yaml)", re.ASCII)
_OUTSIDE = re.compile(r"[/\\~]|[A-Za-z]:|(.*[/\\])?\.\.([/\\]|\Z)", re.DOTALL)


WELCOME = re.compile(
    r"course\.yaml|README\.md|LICENSE"
    r"|lessons/[a-z0-9-]{1,80}\.md|(?:quizzes|practices)/[a-z0-9-]{1,80}\.yaml|captions/[a-z0-9-]{1,80}\.vtt"
    r"|assets/[a-z0-9_-]{1,80}\.(?:png|jpg|jpeg|webp|pdf)",
    re.ASCII,
)
"""The paths a package is made of: no absolute or climbing path, no drive, device, link or archive can match."""


def check_listing(files: Iterable[Said], notes: Notes) -> None:
    """Note paths that leave the package or are misnamed, and slugs used twice."""
    seen: set[str] = set()
    for file in files:
        _, slug = number_and_slug(file.text)
        if not slug:
            outside = _OUTSIDE.match(file.text)
            notes.add(file.line, "path_leaves_package" if outside else "path_shape", path=file.text)
            continue
        if slug in seen:
            notes.add(file.line, "already_used", key="lessons", value=slug)
        seen.add(slug)


def number_and_slug(path: str) -> tuple[str, str]:
    """The two or three digits of a lesson's path and the slug that is its identity; "" if it is no such path."""
    match = _PATH.fullmatch(path)
    if not match:
        return "", ""
    return match[1] or match[3], match[2] or match[4]


def captions_path(path: str) -> str:
    """Where the captions of an uploaded video lie, by the path of its lesson."""
    return f"captions/{path.rpartition('/')[2].removesuffix('.md')}.vtt"
