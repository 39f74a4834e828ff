"""A learner takes her certificate as a file; nobody else does."""

from flask.testing import FlaskClient

from lms.parts import Parts
from tests.support.browser import session_for
from tests.support.cast import Cast
from tests.support.papered import issue


def test_she_takes_her_certificate(lifang: FlaskClient, parts: Parts, cast: Cast) -> None:
    place = f"/learn/records/{issue(parts, cast.enrollment)}/paper"
    assert place in lifang.get("/learn/records/").text
    file = lifang.get(place)
    assert (file.status_code, file.content_type) == (200, "application/pdf")
    assert file.data.startswith(b"%PDF-")
    assert int(file.headers["Content-Length"]) == len(file.data)
    assert "filename*=UTF-8''%E5%9F%B9%E8%AE%AD" in file.headers["Content-Disposition"]


def test_another_finds_nothing(lifang: FlaskClient, parts: Parts, cast: Cast) -> None:
    place = f"/learn/records/{issue(parts, cast.enrollment)}/paper"
    session_for(lifang, parts, cast.chenmo)
    assert lifang.get(place).status_code == 404
    assert lifang.get("/learn/records/ABCDE-FGHJK-MNPQR-STVWX/paper").status_code == 404
    session_for(lifang, parts, cast.zhoumin)
    assert lifang.get(place).status_code == 404
