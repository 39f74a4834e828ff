"""The desk of subsidy policies: versions term by term, differences, drafts that two people publish, trials."""

import uuid

import pytest
from flask.testing import FlaskClient

from lms.parts import Parts
from tests.support.browser import post, session_for
from tests.support.cast import Cast
from tests.support.policy_desk import WORDS, PolicyDesk, policy_desk, text_of

DESK = "/platform/subsidy-policies/"


@pytest.fixture
def desk(parts: Parts, cast: Cast) -> PolicyDesk:
    return policy_desk(parts, cast)


@pytest.fixture
def admin(client: FlaskClient, parts: Parts, cast: Cast) -> FlaskClient:
    session_for(client, parts, cast.admin)
    return client


def test_an_empty_desk_says_what_to_do(admin: FlaskClient) -> None:
    assert "lms policies load" in admin.get(DESK).text
    assert DESK in admin.get("/platform/more/").text


def test_versions_are_listed_with_what_nobody_verified(admin: FlaskClient, desk: PolicyDesk) -> None:
    text = admin.get(DESK).text
    assert all(code in text for code in ("CN-2023", "LN-2021", "LN-2023", "CQ-2024"))
    assert "没有人核对过" in text


def test_a_version_is_shown_term_by_term(admin: FlaskClient, desk: PolicyDesk) -> None:
    text = admin.get(f"{DESK}{desk.id_of('LN-2023')}").text
    assert "线上课时不超过总课时的50%" in text
    assert "50%" in text
    assert "不得以地域、户籍、年龄、社保设前提" in text
    assert "一辈子最多 3 次" in text
    assert "照上一份" in text
    assert "不会自动拒绝" in text
    assert "老年人能力评估师" in text
    assert "没有补贴目录" in admin.get(f"{DESK}{desk.id_of('CQ-2024')}").text


def test_two_versions_are_compared(admin: FlaskClient, desk: PolicyDesk) -> None:
    at = f"{DESK}{desk.id_of('LN-2023')}/differences"
    text = admin.get(f"{at}?from={desk.id_of('LN-2021')}").text
    assert "线上学时最多占多少" in text
    assert "没有差别" in admin.get(at).text
    assert admin.get(f"{at}?from=nonsense").status_code == 404
    assert admin.get(f"{at}?from={uuid.uuid4()}").status_code == 404


def made(admin: FlaskClient, desk: PolicyDesk) -> str:
    answer = post(admin, f"{DESK}{desk.id_of('LN-2023')}/drafts", at=DESK)
    assert answer.status_code == 303
    return answer.location


def test_a_draft_is_written_checked_and_published_by_two(admin: FlaskClient, desk: PolicyDesk) -> None:
    at = made(admin, desk)
    assert "LN-2023 已经用过了" in admin.get(at).text
    wrong = post(admin, at, text=text_of("LN-2026") + "max_age: 60\n", edition="1")
    assert wrong.status_code == 303
    shown = admin.get(at).text
    assert "不得以地域、户籍、年龄、社保设前提" in shown
    assert f"第 {text_of('LN-2026').count(chr(10)) + 1} 行" in shown
    refused = post(admin, f"{at}/requests", at=at, note=WORDS, edition="2")
    assert (refused.status_code, "还有 1 处要改" in refused.text) == (422, True)
    assert post(admin, at, text=text_of("LN-2026"), edition="2").status_code == 303
    assert "没有要改的地方" in admin.get(at).text
    assert "从哪天起" in admin.get(f"{at}/differences").text
    assert post(admin, f"{at}/requests", at=at, note="短", edition="3").status_code == 422
    assert post(admin, f"{at}/requests", at=at, note=WORDS, edition="3").status_code == 303
    assert "不能自己发布" in admin.get(at).text
    own = post(admin, f"{at}/publications", at=at, note=WORDS, edition="3")
    assert own.status_code == 403
    session_for(admin, desk.parts, desk.second)
    assert post(admin, f"{at}/publications", at=at, note=WORDS, edition="2").status_code == 409
    assert post(admin, f"{at}/publications", at=at, note=WORDS, edition="3").status_code == 303
    assert "已发布" in admin.get(at).text
    assert "LN-2026" in admin.get(DESK).text


def test_what_somebody_else_changed_is_not_overwritten_and_nothing_typed_is_lost(
    admin: FlaskClient, desk: PolicyDesk
) -> None:
    at = made(admin, desk)
    assert post(admin, at, text=text_of("LN-2026"), edition="1").status_code == 303
    late = post(admin, at, text="code: 我写的", edition="1")
    assert (late.status_code, "没有存上" in late.text, "我写的" in late.text) == (422, True, True)
    assert 'name="edition" value="1"' in late.text


def test_a_draft_is_returned_and_withdrawn(admin: FlaskClient, desk: PolicyDesk) -> None:
    at = f"{DESK}drafts/{desk.asked(text_of('LN-2026'))}"
    assert post(admin, f"{at}/returns", at=at, note=WORDS, edition="2").status_code == 303
    assert "退回修改" in admin.get(at).text
    assert "不要这份草稿了" in admin.get(f"{at}/withdrawals").text
    assert post(admin, f"{at}/withdrawals").status_code == 303
    assert "从 LN-2023 改" not in admin.get(DESK).text
    assert post(admin, f"{at}/withdrawals", at=DESK).status_code == 409


def test_a_trial_says_that_there_is_nothing_to_try(admin: FlaskClient, desk: PolicyDesk) -> None:
    at = f"{DESK}{desk.id_of('LN-2023')}/trials"
    assert "什么都不会改" in admin.get(at).text
    assert "没有可以试算的班" in post(admin, at, kind="training").text
    assert post(admin, at, kind="nonsense").status_code == 422
    draft = f"{DESK}drafts/{desk.draft(text_of('LN-2026'))}/trials"
    assert "没有可以试算的班" in post(admin, draft, kind="living").text
    broken = f"{DESK}drafts/{desk.draft('code: 1')}/trials"
    assert post(admin, broken, kind="living").status_code == 422


@pytest.mark.parametrize("more", ["", "/differences", "/trials"])
def test_strangers_find_nothing(client: FlaskClient, desk: PolicyDesk, more: str) -> None:
    session_for(client, desk.parts, desk.cast.zhoumin)
    assert client.get(f"{DESK}{desk.id_of('LN-2023')}{more}").status_code in (403, 404)
    session_for(client, desk.parts, desk.cast.admin)
    assert client.get(f"{DESK}{uuid.uuid4()}{more}").status_code == 404
    assert client.get(f"{DESK}drafts/{uuid.uuid4()}{more}").status_code == 404
