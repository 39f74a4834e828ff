"""Whole numbers: shown for a purpose and a reason, and told to the institution, the learner and the inspector."""

import pytest

from lms.domain.errors import NotFound, Refused
from lms.domain.reveals import Purpose, RevealField
from lms.domain.roles import Role
from lms.parts import Parts
from lms.services import reports, reveals
from lms.services.reveals import Revealed
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast

REASON = "证书打印前要核对号码"


def reveal(
    parts: Parts, cast: Cast, actor: Actor, field: RevealField = RevealField.NUMBER, reason: str = REASON
) -> Revealed:
    with parts.database.transaction() as session:
        wanted = (cast.enrollment, field, Purpose.CERTIFICATE, reason)
        return reveals.reveal(session, parts.keyring, actor, *wanted, now=NOON)


def test_a_number_is_shown_and_everybody_concerned_can_read_it(parts: Parts, cast: Cast) -> None:
    assert reveal(parts, cast, cast.zhoumin).value == "219999198501010026"
    assert reveal(parts, cast, cast.zhoumin, RevealField.PHONE).value == "19900000001"
    with parts.database.transaction(write=False) as session:
        institution = reveals.list_of_institution(session, cast.zhoumin).rows
        where = {"organisation_id": cast.kangning}
        inspector = reveals.list_of_institution(session, cast.wujian, Role.INSPECTOR, **where).rows
        learner = reveals.list_of_learner(session, cast.lifang)
        assert reveals.count_of_enrollment(session, cast.enrollment) == 2
    assert institution == inspector == tuple(learner)
    told = [(each.who, each.learner, each.field, each.purpose, each.reason) for each in learner]
    assert told == [
        ("周敏", "李芳", RevealField.PHONE, Purpose.CERTIFICATE, REASON),
        ("周敏", "李芳", RevealField.NUMBER, Purpose.CERTIFICATE, REASON),
    ]


def test_a_list_in_full_is_told_to_everybody_on_it_and_a_masked_one_to_nobody(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        for selection in (reports.Selection(cast.cohort), reports.EVERYBODY):
            for unmasked in (False, True):
                told = {"selection": selection, "file_format": "csv", "unmasked": unmasked, "purpose": "申报补贴"}
                reports.record_export(session, cast.zhoumin, now=NOON, **told)
    with parts.database.transaction(write=False) as session:
        mine = reveals.list_of_learner(session, cast.lifang)
        assert reveals.list_of_learner(session, cast.chenmo) == []
    assert [(each.field, each.purpose, each.reason) for each in mine] == [(None, None, "申报补贴")] * 2


def test_no_crowd_of_other_rows_hides_a_reveal(parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reveals, "MOST", 2)
    monkeypatch.setattr(reveals, "PAGE", 2)
    for _ in range(3):
        reveal(parts, cast, cast.zhoumin)
    with parts.database.transaction() as session:
        told = {"selection": reports.EVERYBODY, "file_format": "csv", "unmasked": False, "purpose": ""}
        for _ in range(3):
            reports.record_export(session, cast.zhoumin, now=NOON, **told)
    with parts.database.transaction(write=False) as session:
        assert len(reveals.list_of_learner(session, cast.lifang)) == 2
        pages = [reveals.list_of_institution(session, cast.zhoumin, page=number) for number in (1, 2, 9)]
    assert [(len(each.rows), each.page, each.pages) for each in pages] == [(2, 1, 2), (1, 2, 2), (1, 2, 2)]


@pytest.mark.parametrize(
    ("reason", "code"), [("核对", "words_length"), ("她的手机号是 19900000001，要核对", "words_personal")]
)
def test_without_a_reason_nothing_is_shown(parts: Parts, cast: Cast, reason: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        reveal(parts, cast, cast.zhoumin, reason=reason)
    with parts.database.transaction(write=False) as session:
        assert reveals.list_of_learner(session, cast.lifang) == []


@pytest.mark.parametrize("who", ["sunyue", "wanglei", "lifang", "admin", "wujian"])
def test_strangers_see_no_number_and_no_list(parts: Parts, cast: Cast, who: str) -> None:
    with pytest.raises(NotFound):
        reveal(parts, cast, getattr(cast, who))
    reveal(parts, cast, cast.zhoumin)
    with parts.database.transaction(write=False) as session:
        assert reveals.list_of_institution(session, getattr(cast, who)).rows == ()
        where = {"organisation_id": cast.anhe}
        with pytest.raises(NotFound):
            reveals.list_of_institution(session, cast.wujian, Role.INSPECTOR, **where)
