"""What stands beside videos, readings and quizzes: practice lists, papers, pictures; and what a stranger finds."""

import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.authoring.files import HeldFiles
from lms.authoring.package import read_files
from lms.domain.courses import Course
from lms.models.base import new_id
from lms.models.courses import Lesson
from lms.models.enrollments import Cohort, Enrollment
from lms.parts import Parts
from lms.services import assets, courses
from tests.authoring.packages import L1, VIDEO
from tests.authoring.test_companions import CAPTIONS, PDF, PNG, WHOLE
from tests.support.browser import session_for
from tests.support.cast import NOON, Cast


def whole_course() -> Course:
    files = {**WHOLE, L1: VIDEO}
    del files[CAPTIONS]
    held = {path: data if isinstance(data, bytes) else data.encode() for path, data in files.items()}
    course, problems = read_files(HeldFiles(held), lambda _slug: None)
    assert course, problems
    return course


@pytest.fixture
def place(parts: Parts, cast: Cast) -> dict[str, str]:
    """Paths of the lessons of a course that 李芳 is enrolled in, by slug."""
    course = whole_course()
    for asset, data in ((course.lessons[1].assets[0], PNG), (course.lessons[5].assets[0], PDF)):
        assets.keep_as_is(parts.store, asset, data)
    with parts.database.transaction() as session:
        version = courses.publish(session, course, now=NOON)
        first = session.get_one(Cohort, cast.cohort)
        facts = {"opens_on": first.opens_on, "closes_on": first.closes_on, "policy_code": first.policy_code}
        cohort = Cohort(
            organisation_id=cast.kangning, course_version_id=version.id, name="春季班", created_at=NOON, **facts
        )
        session.add(cohort)
        session.flush()
        enrollment = new_id()
        ids = {"cohort_id": cohort.id, "person_id": cast.lifang.person_id, "course_version_id": version.id}
        session.add(Enrollment(id=enrollment, created_at=NOON, **ids))
        rows = session.execute(select(Lesson.slug, Lesson.id).where(Lesson.course_version_id == version.id))
        here = f"/learn/courses/{enrollment}"
        return {"course": here, **{slug: f"{here}/lessons/{lesson_id}" for slug, lesson_id in rows}}


def test_the_outline_counts_only_what_completion_asks_for(lifang: FlaskClient, place: dict[str, str]) -> None:
    page = lifang.get(place["course"]).text
    assert "完成 0 / 4 节" in page
    assert "动手练习清单" in page
    assert "资料，可下载" in page


def test_a_practice_list_shows_steps_points_and_what_is_critical(lifang: FlaskClient, place: dict[str, str]) -> None:
    page = lifang.get(place["greet"]).text
    assert "两个人一组" in page
    assert "40 分" in page
    assert page.count("关键步骤") == 2  # the step, and the sentence below
    assert "80 分合格" in page


def test_a_paper_is_saved_not_opened(lifang: FlaskClient, place: dict[str, str]) -> None:
    assert "assets/card.pdf" in lifang.get(place["card"]).text
    answer = lifang.get(f"{place['card']}/assets/card.pdf")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"] == "attachment; filename=card.pdf"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_picture_is_shown_in_the_text(lifang: FlaskClient, place: dict[str, str]) -> None:
    address = f"{place['again']}/assets/bed.png"
    assert f'<img src="{address}" alt="一张床">' in lifang.get(place["again"]).text
    answer = lifang.get(address)
    assert (answer.data, answer.content_type) == (PNG, "image/png")


def test_what_a_lesson_does_not_show_is_not_found(lifang: FlaskClient, place: dict[str, str]) -> None:
    for name in ("assets/card.pdf", "assets/none.png", "../../secret"):
        assert lifang.get(f"{place['again']}/{name}").status_code == 404
    assert lifang.get(f"{place['course']}/lessons/{uuid.uuid4()}/assets/bed.png").status_code == 404


def test_a_stranger_finds_nothing(client: FlaskClient, parts: Parts, cast: Cast, place: dict[str, str]) -> None:
    session_for(client, parts, cast.chenmo)
    assert client.get(place["greet"]).status_code == 404
    assert client.get(f"{place['again']}/assets/bed.png").status_code == 404
