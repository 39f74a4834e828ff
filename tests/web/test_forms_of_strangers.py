"""Forms of classes in person take no id of another institution. What no address gives: tests/test_crawl.py."""

import io
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from lms.parts import Parts
from tests.support.browser import post, session_for
from tests.support.cast import Cast
from tests.support.classes import PAPER, REASON, Bell, School, bell, plan


@pytest.fixture
def noon(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bell]:
    with bell(parts, monkeypatch) as made:
        yield made


def test_no_form_takes_ids_of_another_institution(client: FlaskClient, parts: Parts, cast: Cast, noon: Bell) -> None:
    school = School(parts, cast)
    theirs = school.add()
    own = school.add(plan(cast, teacher_id=cast.zhaoqin.account_id), cast.foreign_cohort, cast.sunyue)
    session_for(client, parts, cast.sunyue)
    place, classes = f"/institution/classes/{own}", f"/institution/cohorts/{cast.foreign_cohort}/classes/new"
    told = {"title": "补课", "content": "theory", "module_slug": "", "place": "一楼", "day": "2026-11-23"}
    told |= {"starts": "17:00", "ends": "18:00", "teacher_id": str(cast.zhaoqin.account_id), "makes_up_for": ""}
    for changed in ({"teacher_id": str(cast.wanglei.account_id)}, {"makes_up_for": str(theirs)}):
        assert post(client, classes, **{**told, **changed}).status_code == 422
    noon.forward(122)
    session_for(client, parts, cast.sunyue)
    hers = str(cast.enrollment)
    assert post(client, f"{place}/leaves", at=place, enrollment=hers, reason="孩子发烧").status_code == 404
    rows = {"row": hers, f"from-{hers}": "13:00", f"to-{hers}": "14:00", "reason": REASON}
    paper = (io.BytesIO(PAPER.content), PAPER.name)
    assert post(client, f"{place}/lists/new", **rows, file=paper).status_code == 404
