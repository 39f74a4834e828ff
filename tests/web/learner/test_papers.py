"""A learner takes her certificate as a file; nobody else does."""

import pytest
from flask.testing import FlaskClient

from lms import db
from lms.adapters import press
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


def test_it_is_drawn_outside_of_any_transaction(
    lifang: FlaskClient, parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def outside(*_told: object) -> bytes:
        with pytest.raises(LookupError):
            db.current()
        return b"%PDF-outside"

    monkeypatch.setattr(press, "print_one", outside)
    assert lifang.get(f"/learn/records/{issue(parts, cast.enrollment)}/paper").data == b"%PDF-outside"


def test_another_finds_nothing(lifang: FlaskClient, parts: Parts, cast: Cast) -> None:
    place = f"/learn/records/{issue(parts, cast.enrollment)}/paper"
    session_for(lifang, parts, cast.chenmo)
    assert lifang.get(place).status_code == 404
    assert lifang.get("/learn/records/ABCDE-FGHJK-MNPQR-STVWX/paper").status_code == 404
    session_for(lifang, parts, cast.zhoumin)
    assert lifang.get(place).status_code == 404
