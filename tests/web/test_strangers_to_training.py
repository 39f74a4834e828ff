"""Every route of exams, practicals, classes and score books, with every id of 康宁, by whoever belongs to 安和."""

import io
import uuid
from collections.abc import Iterator
from datetime import time

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.domain.attendance import MarkKind
from lms.domain.roles import Role
from lms.models.accounts import Membership
from lms.models.attendance import AttendanceLeave
from lms.models.exams import ExamSitting
from lms.parts import Parts
from lms.services import attendance, exams, practice
from tests.support.browser import csrf_token, post, session_for
from tests.support.cast import NOON, Cast
from tests.support.classes import NOTE, PAPER, REASON, Bell, School, bell, plan, row
from tests.support.exams import KINDS, SEED, Sitter, stage
from tests.support.practicals import GOOD, open_class, photo, signing
from tests.support.study import now

HERE = {
    "learner_exams", "api_exams", "examiner_exams", "institution_exams", "examiner_practicals", "examiner_pictures",
    "mentor_tasks", "learner_practicals", "institution_practicals", "trainer_classes", "institution_classes",
    "learner_classes", "institution_attendance_book", "institution_scores", "learner_notebook",
}  # fmt: skip
FORM = {
    "agreed": "1", "sure": "1", "given": "1", "decision": "approved", "note": NOTE, "reason": REASON,
    "ruling": "leave_out", "minutes": "30", "client_key": "k" * 20, "digits": "12345678", "scanned": "1", "scan": "x",
    "purpose": "向区人社局申报", "file_format": "csv", "key": "abc", "option": "1", "question": "q",
    "lesson": str(uuid.UUID(int=1)),
}  # fmt: skip
ANSWER = {"place": 0, "key": "key-of-a-phone", "fields": {}}


@pytest.fixture
def noon(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bell]:
    with bell(parts, monkeypatch) as made:
        yield made


@pytest.fixture
def ids(parts: Parts, cast: Cast, noon: Bell, password_hash: str) -> list[dict[str, object]]:
    """What 康宁 has, by the names that addresses use: once for each kind of sitting."""
    with parts.database.transaction() as session:
        hall = stage(session, cast, items=KINDS * 2)
        place = open_class(session, parts.keyring, cast, password_hash)
    heping = place.examiners.heping
    own = Sitter(parts, cast.lifang, hall.enrollment).sit(right=0)
    with parts.database.transaction() as session:
        question = session.get_one(ExamSitting, own).paper[0]["question"]
        judged = practice.open_sitting(session, heping, place.enrollment, place.wash, now=NOON)
        practice.record_given(session, heping, judged, now=NOON)
        practice.submit_sheet(session, heping, judged, signing(GOOD), now=NOON)
        ready = practice.Ready(photo(), "jpeg", "image/jpeg")
        picture = practice.keep(session, parts.store, heping, judged, ready, now=NOON)
    school = School(parts, cast)
    meeting, later = school.add(), school.add(plan(cast, time(17), time(18)))
    with parts.database.transaction() as session:
        attendance.ask_leave(session, cast.lifang, later, "孩子发烧", now=now())
    noon.forward(122)
    paper = school.type_in(meeting, [row(cast)])
    noon.forward(24 * 60)
    with parts.database.transaction() as session:
        oral = exams.open_oral(session, heping, hall.enrollment, seed=SEED, now=now())
        leave = session.scalars(select(AttendanceLeave.id)).one()
    shared: dict[str, object] = {
        "cohort_id": hall.cohort, "meeting_id": meeting, "list_id": paper, "leave_id": leave, "picture_id": picture,
        "question_id": question, "revision": 1, "number": 0, "file_format": "csv", "kind": MarkKind.IN.value, "step": 1,
        "seal": "0" * 32, "review_id": uuid.uuid4(), "lesson_id": place.wash,
    }  # fmt: skip
    return [
        {**shared, "sitting_id": own, "enrollment_id": hall.enrollment},
        {**shared, "sitting_id": oral, "enrollment_id": place.enrollment, "cohort_id": place.cohort},
        {**shared, "sitting_id": judged, "enrollment_id": cast.enrollment, "cohort_id": cast.cohort},
    ]


@pytest.mark.parametrize("who", ["sunyue", "chenmo"])
def test_no_route_lets_a_stranger_in(
    client: FlaskClient, parts: Parts, cast: Cast, ids: list[dict[str, object]], who: str
) -> None:
    """孙悦 has every role there is in 安和; 陈默 learns there."""
    stranger = getattr(cast, who)
    with parts.database.transaction() as session:
        for role in (Role.TRAINER, Role.EXAMINER, Role.MENTOR) if who == "sunyue" else ():
            session.add(Membership(account_id=stranger.account_id, organisation_id=cast.anhe, role=role.value))
    session_for(client, parts, stranger)
    token, got, walked = csrf_token(client, "/learn/"), [], 0
    routes = client.application.url_map
    for rule in routes.iter_rules():
        if rule.endpoint.rpartition(".")[0] not in HERE or not rule.arguments:
            continue
        for known in ids:
            values = {name: known[name] for name in rule.arguments}
            url = routes.bind("").build(rule.endpoint, values, method=min(rule.methods & {"GET", "POST"}))
            for method in sorted(rule.methods & {"GET", "POST"}):
                told = {"json": ANSWER} if url.startswith("/api/") else {"data": {**FORM, "csrf_token": token}}
                more = told if method == "POST" else {}
                answer = client.open(url, method=method, headers={"X-CSRFToken": token}, **more)
                walked += 1
                if answer.status_code not in (403, 404):
                    got.append((method, url, answer.status_code))
    assert got == []
    assert walked > 100


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
