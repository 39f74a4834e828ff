"""The organisation tree at a city officer's desk: what stands below her city."""

from typing import Any

from lms.domain.roles import Role
from lms.web import access, treework
from lms.web.authority.navigation import page

bp = access.blueprint("authority_tree", __name__, Role.OFFICER, url_prefix="/authority/tree")


def _page(template: str, place: str, **facts: Any) -> str:
    return page(template, tab=place, **facts)


treework.add_tree(bp, Role.OFFICER, _page)
treework.add_new(bp, Role.OFFICER, _page)
