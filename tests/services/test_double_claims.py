"""However the same thing is asked for twice, exactly one is payable."""

import threading
import uuid
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import func, select

from lms.domain.errors import Refused
from lms.domain.identity import DocumentType
from lms.domain.subsidies import Payee
from lms.models.claims import ClaimLine, ClaimPlace
from lms.models.enrollments import Cohort, Enrollment
from lms.models.people import PersonLink
from lms.parts import Parts
from lms.services import claims, enrollments, payable
from lms.services.claims import notice_seam
from tests.support.cast import NOON, Cast
from tests.support.claims import NUMBERS, POLICY, Claims, claims_desk
from tests.support.identity import FREE, Office

NUMBER = "11010519491231002X"
HANDS = 32


@pytest.fixture
def desk(parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Claims:
    payee = Payee("person", uuid.UUID(int=1), "李芳", "测试银行", "", "0001", uuid.UUID(int=2))
    monkeypatch.setattr(notice_seam, "notice_is_over", lambda *_args: True)
    monkeypatch.setattr(notice_seam, "payees_of", lambda _session, ids: dict.fromkeys(ids, payee))
    return claims_desk(parts, cast, monkeypatch)


def through(desk: Claims, cohort: uuid.UUID, *, east: bool) -> uuid.UUID | None:
    """A claim of a class all the way to owed, None where nobody is left to ask for."""
    maker, filer = (desk.maker, desk.cast.zhoumin) if east else (desk.other_maker, desk.cast.sunyue)
    first, second = (desk.places.gaoyuan if east else desk.places.weiguang), desk.places.linlan
    try:
        made = desk.make(cohort, maker)
        desk.act(claims.file, filer, made, committed=True)
        desk.act(claims.pass_first, first, made)
        desk.act(claims.pass_second, second, made)
        desk.act(claims.owe, second, made)
    except Refused as refused:
        return {"claim_empty": None, "claim_rival": None}[refused.code]
    return made


def payables(desk: Claims) -> list[Any]:
    with desk.parts.database.transaction(write=False) as session:
        return payable.list_payables(session, [desk.cast.kangning, desk.cast.anhe])


def both(desk: Claims, here: dict[str, Any], there: dict[str, Any]) -> int:
    """She is enrolled at both institutions, in these words; how many lines about her can be paid."""
    seats = []
    for cohort, actor, told in (
        (desk.cast.cohort, desk.cast.zhoumin, here),
        (desk.cast.foreign_cohort, desk.cast.sunyue, there),
    ):
        usual = {"name": "测试甲", "document_type": DocumentType.RESIDENT_ID, "number": NUMBER, "phone": "13800000001"}
        with desk.parts.database.transaction() as session:
            who = (session, desk.parts.keyring, actor, cohort)
            seats.append(enrollments.enroll(*who, **usual | told, now=desk.now).id)
    through(desk, desk.cast.cohort, east=True)
    through(desk, desk.cast.foreign_cohort, east=False)
    with desk.parts.database.transaction(write=False) as session:
        lines = {each.line_id for each in payables(desk)}
        mine = select(func.count()).select_from(ClaimLine).where(ClaimLine.id.in_(lines))
        return session.scalar(mine.where(ClaimLine.enrollment_id.in_(seats))) or 0


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ({}, {}),
        ({}, {"number": NUMBER.lower()}),
        ({}, {"number": "１１０１０５１９４９１２３１００２Ｘ"}),
        ({}, {"number": f" {NUMBER[:6]} {NUMBER[6:]} "}),
    ],
    ids=["two institutions", "x and X", "full-width", "spaces"],
)
def test_one_human_at_two_institutions(desk: Claims, here: dict[str, Any], there: dict[str, Any]) -> None:
    with desk.parts.database.transaction() as session:
        for cohort in (desk.cast.cohort, desk.cast.foreign_cohort):
            row = session.get_one(Cohort, cohort)
            row.closes_on = NOON.date().replace(year=2027)
    desk.now = NOON
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lms.services.claims.making._policy", lambda *_args: POLICY)
        assert both(desk, here, there) == 1


def test_typed_otherwise_in_another_year(desk: Claims) -> None:
    assert desk.cast.lifang.person_id
    with desk.parts.database.transaction() as session:
        there = desk.seat(session, desk.cast.foreign_cohort, desk.cast.lifang.person_id)
        row = session.get_one(Cohort, desk.cast.foreign_cohort)
        row.opens_on, row.closes_on = row.opens_on.replace(year=2025), row.closes_on.replace(year=2025)
    desk.told = {there: {"occupation": " 养老 护理员"}}
    assert through(desk, desk.cast.cohort, east=True)
    through(desk, desk.cast.foreign_cohort, east=False)
    assert sum(each.atom.person_id == desk.cast.lifang.person_id for each in payables(desk)) == 1


@pytest.mark.parametrize("when", ["before", "between", "after"])
def test_two_persons_found_to_be_one(desk: Claims, when: str) -> None:
    """Another document (15 digits, a new name) made a second person; two people find that they are one."""
    there = desk.enroll(desk.cast.foreign_cohort, "李芳芳", NUMBERS[0])
    with desk.parts.database.transaction() as session:
        other = session.get_one(Enrollment, there).person_id
    ground = Office(desk.parts, desk.cast).number(FREE)

    def link() -> None:
        assert desk.cast.lifang.person_id
        with desk.parts.database.transaction() as session:
            told = {"living_id": desk.cast.lifang.person_id, "change_id": ground, "linked_at": NOON}
            session.add(PersonLink(person_id=other, **told))

    if when == "before":
        link()
    through(desk, desk.cast.cohort, east=True)
    if when == "between":
        link()
    through(desk, desk.cast.foreign_cohort, east=False)
    if when == "after":
        link()
    hers = {desk.cast.lifang.person_id, other}
    assert sum(each.atom.person_id in hers for each in payables(desk)) == 1


def test_32_at_once(desk: Claims) -> None:
    assert desk.cast.lifang.person_id
    with desk.parts.database.transaction() as session:
        desk.seat(session, desk.cast.foreign_cohort, desk.cast.lifang.person_id)
    found: list[str] = []
    start = threading.Barrier(HANDS)

    def ask(n: int) -> None:
        here = n % 2 == 0
        start.wait(timeout=60)
        try:
            desk.make(desk.cast.cohort if here else desk.cast.foreign_cohort, desk.maker if here else desk.other_maker)
            found.append("made")
        except Refused as refused:
            found.append(refused.code)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(HANDS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert len(found) == HANDS
    assert set(found) <= {"made", "claim_empty", "claim_atom_taken"}
    with desk.parts.database.transaction(write=False) as session:
        held = session.scalars(select(ClaimPlace.atom_key).where(ClaimPlace.atom_key.is_not(None))).all()
    assert max(Counter(held).values()) == 1
