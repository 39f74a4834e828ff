"""Accounts at the institution's desk, and a learner's own with her consent; her row in a notice."""

from flask.testing import FlaskClient
from sqlalchemy import select

from lms.models.payees import PayeeAccount
from lms.models.publicity import NoticeObjection
from lms.parts import Parts
from tests.support.browser import errors_at, post, session_for
from tests.support.cast import Cast
from tests.support.noticed import board, colleague

DESK, OWN, SHOWN = "/institution/payees/", "/learn/mine/accounts/", "/learn/mine/notices-of-subsidies/"
NUMBER = "6222 0000 1111 2222"


def newest(parts: Parts) -> str:
    with parts.database.transaction(write=False) as session:
        return str(session.scalars(select(PayeeAccount.id).order_by(PayeeAccount.id.desc())).first())


def test_one_enters_an_account_and_another_confirms_it(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    other = colleague(board(parts, cast))
    session_for(client, parts, cast.zhoumin)
    assert "还没有账户" in client.get(DESK).text
    asked = {"organisation": str(cast.kangning), "holder": "康宁", "bank": "云川银行", "account": NUMBER}
    for name, wrong in (("account", "12"), ("holder", ""), ("bank", "")):
        refused = post(client, f"{DESK}new", **asked | {name: wrong})
        assert refused.status_code == 422
        assert errors_at(refused.text) == {name}
    assert post(client, f"{DESK}new", **asked | {"organisation": str(cast.anhe)}).status_code == 404
    assert post(client, f"{DESK}new", **asked).status_code == 303
    page, act = client.get(DESK).text, f"{DESK}{newest(parts)}/acts"
    assert "2222" in page
    assert "62220000" not in page
    assert "开户名和机构名称不一样" in page
    assert post(client, act, at=DESK, act="confirm").status_code == 403
    session_for(client, parts, cast.sunyue)
    assert post(client, act, at=f"{DESK}new", act="confirm").status_code == 404
    session_for(client, parts, other)
    assert post(client, act, at=DESK, act="confirm").status_code == 303
    assert "正在使用" in client.get(DESK).text


def test_what_is_wrong_is_told_at_its_account_and_stays_typed(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    other = colleague(board(parts, cast))
    session_for(client, parts, cast.zhoumin)
    asked = {"organisation": str(cast.kangning), "holder": "康宁", "bank": "云川银行", "account": NUMBER}
    post(client, f"{DESK}new", **asked)
    assert "撤回以后不能恢复" in client.get(DESK).text
    one = newest(parts)
    session_for(client, parts, other)
    refused = post(client, f"{DESK}{one}/acts", at=DESK, act="turn_down", note="名字错")
    assert refused.status_code == 422
    assert errors_at(refused.text) == {f"note-{one}"}
    assert ">\n名字错</textarea>" in refused.text


def test_a_learner_enters_her_own_account_with_consent(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    session_for(client, parts, cast.lifang)
    asked = {"card": "social_card", "holder": "李芳", "bank": "云川银行", "account": NUMBER}
    refused = post(client, f"{OWN}new", **asked)
    assert refused.status_code == 422
    assert errors_at(refused.text) == {"agreed"}
    assert errors_at(post(client, f"{OWN}new", **asked | {"holder": ""}, agreed="1").text) == {"holder"}
    assert errors_at(post(client, f"{OWN}new", **asked | {"account": "1"}, agreed="1").text) == {"account"}
    assert NUMBER not in refused.text
    assert post(client, f"{OWN}new", **asked, agreed="1").status_code == 303
    assert "2222" in client.get(OWN).text
    away = f"{OWN}{newest(parts)}/withdrawal"
    session_for(client, parts, cast.chenmo)
    assert post(client, away, at=OWN).status_code == 404
    session_for(client, parts, cast.lifang)
    assert post(client, away, at=OWN).status_code == 303
    assert "已撤回" in client.get(OWN).text


def test_a_learner_objects_to_her_own_row(client: FlaskClient, parts: Parts, cast: Cast) -> None:
    notice = board(parts, cast).publish()
    session_for(client, parts, cast.chenmo)
    assert "没有公示过您的补贴" in client.get(SHOWN).text
    objections = f"{SHOWN}{notice}/objections"
    assert post(client, objections, at=SHOWN, words="金额不对，我交的钱比这个多").status_code == 404
    session_for(client, parts, cast.lifang)
    refused = post(client, objections, at=SHOWN, words="短")
    assert refused.status_code == 422
    assert errors_at(refused.text) == {f"words-{notice}"}
    assert ">\n短</textarea>" in refused.text
    assert '<details class="card" open' in refused.text
    assert post(client, objections, at=SHOWN, words="金额不对，我交的钱比这个多").status_code == 303
    with parts.database.transaction(write=False) as session:
        one = session.scalars(select(NoticeObjection.id)).one()
    assert post(client, f"{SHOWN}objections/{one}/withdrawal", at=SHOWN).status_code == 303
    assert "本人已撤回" in client.get(SHOWN).text
