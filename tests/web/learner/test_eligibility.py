"""A learner reads in plain words what she may be paid for, what is missing, and whom to ask."""

import pytest
from flask.testing import FlaskClient

from lms.domain.levels import Level
from lms.domain.subsidies import Atom, Doubt, Fund, PastClaim, PastState, ReasonCode, SubsidyKind
from lms.parts import Parts
from tests.support.browser import session_for
from tests.support.cast import NOON, Cast
from tests.support.subsidised import Funded, Seams

AT = "/learn/subsidies/"


def test_she_reads_what_is_missing_and_whom_to_ask(
    client: FlaskClient, parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    seams, her = Seams(), cast.lifang.person_id
    seams.fit(monkeypatch)
    assert her
    atom = Atom(her, SubsidyKind.TRAINING, "养老护理员", Level.JUNIOR)
    seams.past = {her: [PastClaim(atom, Fund.EMPLOYMENT, PastState.PAID, NOON.date(), cast.anhe)]}
    seams.places = {cast.kangning: [Doubt("sanctioned", ReasonCode.UNDER_INVESTIGATION, {"place": "安和"})]}
    Funded(parts, cast).approve()
    session_for(client, parts, cast.lifang)
    text = client.get(AT).text
    for words in ("还差什么", "已经申请或补贴过", "工作人员还要看什么", "正在核实", "12333", "康宁"):
        assert words in text, words
    assert "安和" not in text
    assert AT in client.get("/learn/records/").text


def test_without_a_policy_there_is_nothing(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    session_for(client, parts, cast.lifang)
    assert "现在没有能领补贴的班" in client.get(AT).text


def test_others_see_only_their_own(
    client: FlaskClient, parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    Seams().fit(monkeypatch)
    session_for(client, parts, cast.chenmo)
    assert "一班" not in client.get(AT).text or "康宁" not in client.get(AT).text
