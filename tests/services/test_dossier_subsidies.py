"""Subsidies in a class's dossier: frozen lines, the chain of steps, the notice and what was paid; changes are found."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from lms.domain.eligibility.telling import unsure
from lms.domain.roles import Role
from lms.domain.subsidies import Fund, ReasonCode
from lms.models.accounts import Account
from lms.models.base import new_id
from lms.models.funds import FundBatch, FundPayment, FundPosting
from lms.parts import Parts
from lms.services import claims, people
from lms.services.claims import publicity
from lms.services.dossiers import words
from lms.services.funds import books
from lms.verifier import dossier
from tests.services.test_dossiers import Members, make, rewrite, rows
from tests.support.cast import NOON, Cast, Stage
from tests.support.claims import NUMBERS, Claims, claims_desk
from tests.support.funds import paymaster
from tests.support.identity import FREE, Office

AS_OF = NOON + timedelta(days=2)


@pytest.fixture
def desk(parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Claims:
    return claims_desk(parts, cast, monkeypatch)


def publish(desk: Claims) -> None:
    made = desk.noticed()
    with desk.parts.database.transaction() as session:
        told = {"days": 5, "reason": "政策没有写明，按惯例公示五个工作日", "phone": "024-12345678", "now": desk.now}
        publicity.publish(session, desk.parts.keyring, desk.places.linlan, made, **told)
    ((line, _place),) = desk.lines(made)
    with desk.parts.database.transaction() as session:
        qian = paymaster(session, desk.parts.keyring, "钱进", "19900000051", desk.places.city)
        book = books.open_book(session, qian, desk.places.city, Fund.EMPLOYMENT, now=NOON)
        who = {"made_by": qian.account_id}
        batch = FundBatch(
            id=new_id(),
            book_id=book,
            number="B2026-01",
            state="sent",
            count=1,
            total_fen=100_000,
            digest="",
            made_at=NOON,
            **who,
        )
        session.add(batch)
        session.flush()
        payment = FundPayment(
            id=new_id(),
            batch_id=batch.id,
            place=1,
            reference="R1",
            line_id=line.id,
            claim_id=made,
            cohort_id=desk.cast.cohort,
            organisation_id=desk.cast.kangning,
            person_id=line.person_id,
            kind=line.kind,
            occupation=line.occupation,
            level=line.level,
            atom="a",
            payee_kind="organisation",
            payee_id=desk.cast.kangning,
            payee_name="康宁养老服务中心",
            bank="测试银行",
            account_sealed="",
            account_tail="0019",
            amount_fen=100_000,
            state="paid",
        )
        session.add(payment)
        session.flush()
        days = dict.fromkeys(("fact_on", "booked_on", "period_on"), NOON.date())
        told = {"number": 1, "serial": 1, "key": "k", "kind": "paid", "receipt": "R001", "note": "", "booked_at": NOON}
        links = {"book_id": book, "batch_id": batch.id, "payment_id": payment.id, "booked_by": qian.account_id}
        session.add(FundPosting(id=new_id(), **told, **days, **links, **who))


def test_a_claim_lies_in_the_dossier_of_its_class(desk: Claims, tmp_path: Path) -> None:
    publish(desk)
    path = tmp_path / "d.zip"
    first = make(desk.parts, desk.cast.cohort, path, AS_OF)
    assert dossier.check(path).findings == []
    (line,) = rows(path, words.CLAIM_LINES)
    assert (line["姓名"], line["金额（元）"], line["等级"]) == ("李芳", "1000.00", "五级")
    steps = rows(path, words.CLAIM_STEPS)
    assert [each["办理"] for each in steps] == ["汇总成申请", "承诺属实并提交", "初审完成", "复审完成"]
    assert hashlib.sha256(desk_file(path, steps[0])).hexdigest() == steps[0]["校验码"]
    (notice,) = rows(path, words.CLAIM_NOTICES)
    assert (notice["姓名"], notice["证件号码"]) == ("李芳", "219999********0026")
    (paid,) = rows(path, words.PAYMENTS)
    told = [paid[each] for each in ("姓名", "状态", "金额（元）", "账号尾号", "拨付日期", "银行回单号")]
    assert told == ["李芳", "已付", "1000.00", "0019", "2026-11-23", "R001"]
    assert make(desk.parts, desk.cast.cohort, tmp_path / "e.zip", AS_OF).sha256 == first.sha256
    office = tmp_path / "o.zip"
    make(desk.parts, desk.cast.cohort, office, AS_OF, role=Role.OFFICER)
    assert (dossier.check(office).findings, len(rows(office, words.CLAIM_LINES))) == ([], 1)


def desk_file(path: Path, step: dict[str, str]) -> bytes:
    found: Members = {}
    rewrite(path, found.update, sums=False)
    return found[f"{words.CLAIM_STEP_FILES}/{step['办理内容文件']}"]


def more_money(members: Members) -> None:
    members[words.CLAIM_LINES] = members[words.CLAIM_LINES].replace(b"1000.00", b"9000.00")


def another_line_with_its_hash(members: Members) -> None:
    text = members[words.CLAIM_LINES].decode()
    body = text.split('"{', 1)[1].split('}"', 1)[0]
    plain = "{" + body.replace('""', '"') + "}"
    changed = plain.replace('"amount_fen":100000', '"amount_fen":900000')
    assert changed != plain
    digests = [hashlib.sha256(each.encode()).hexdigest() for each in (plain, changed)]
    text = text.replace(body, changed[1:-1].replace('"', '""')).replace(*digests)
    members[words.CLAIM_LINES] = text.encode()


def other_words(members: Members) -> None:
    name = f"{words.CLAIM_STEP_FILES}/01-0002.json"
    members[name] = members[name].replace(b'"act":"file"', b'"act":"make"')


def a_step_left_out(members: Members) -> None:
    del members[f"{words.CLAIM_STEP_FILES}/01-0003.json"]
    lines = members[words.CLAIM_STEPS].split(b"\r\n")
    members[words.CLAIM_STEPS] = b"\r\n".join([*lines[:3], *lines[4:]])


def a_step_put_in(members: Members) -> None:
    members[f"{words.CLAIM_STEP_FILES}/01-0009.json"] = b"{}"


def replaced(name: str, before: str, after: str) -> Callable[[Members], None]:
    def change(members: Members) -> None:
        assert before.encode() in members[name]
        members[name] = members[name].replace(before.encode(), after.encode())

    return change


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (replaced(words.CLAIM_LINES, "50.00", "90.00"), words.CLAIM_LINES),
        (replaced(words.CLAIM_LINES, "DEMO0000001,", "DEMO0000002,"), words.CLAIM_LINES),
        (replaced(words.CLAIM_LINES, ",养老护理员,", ",育婴员,"), words.CLAIM_LINES),
        (replaced(words.CLAIM_STEPS, "2026-11-23 ", "2026-11-22 "), words.CLAIM_STEPS),
        (replaced(words.CLAIM_NOTICES, "1000.00", "900.00"), words.CLAIM_NOTICES),
        (replaced(words.PAYMENTS, "1000.00", "9000.00"), words.PAYMENTS),
        (replaced(words.PAYMENTS, ",1,李芳,", ",2,李芳,"), words.PAYMENTS),
    ],
)
def test_what_was_changed_in_a_table_beside_the_lines_is_named(
    desk: Claims, tmp_path: Path, change: object, where: str
) -> None:
    publish(desk)
    path = tmp_path / "d.zip"
    make(desk.parts, desk.cast.cohort, path, AS_OF)
    told = dossier.check(rewrite(path, change, sums=True)).findings  # type: ignore[arg-type]
    assert any(where in each for each in told), told


def test_who_acted_is_told_as_she_was_called_then(desk: Claims, tmp_path: Path) -> None:
    with desk.parts.database.transaction() as session:
        person = Stage(session, desk.parts.keyring).person(desk.maker.name, NUMBERS[1])
        session.get_one(Account, desk.maker.account_id).person_id = person
    desk.filed()
    ground = Office(desk.parts, desk.cast).number(FREE)
    first = make(desk.parts, desk.cast.cohort, tmp_path / "a.zip", AS_OF)
    with desk.parts.database.transaction() as session:
        people.rename(session, desk.parts.keyring, person, "冯双燕", ground, now=AS_OF)
        session.get_one(Account, desk.maker.account_id).name = "冯双燕"
    again = make(desk.parts, desk.cast.cohort, tmp_path / "b.zip", AS_OF)
    assert again.sha256 == first.sha256
    assert rows(tmp_path / "b.zip", words.CLAIM_STEPS)[0]["办理人"] == "冯燕"


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (more_money, words.CLAIM_LINES),
        (another_line_with_its_hash, words.CLAIM_LINES),
        (other_words, words.CLAIM_STEPS),
        (a_step_left_out, words.CLAIM_STEPS),
        (a_step_put_in, words.CLAIM_STEP_FILES),
    ],
)
def test_what_was_changed_is_named(desk: Claims, tmp_path: Path, change: object, where: str) -> None:
    desk.noticed()
    path = tmp_path / "d.zip"
    make(desk.parts, desk.cast.cohort, path, AS_OF)
    told = dossier.check(rewrite(path, change, sums=True)).findings  # type: ignore[arg-type]
    assert any(where in each for each in told), told


def test_whom_the_maker_left_out_stays_told(desk: Claims, tmp_path: Path) -> None:
    desk.enroll(desk.cast.cohort, "学员甲", NUMBERS[0])
    made = desk.make()
    line, _place = desk.lines(made)[1]
    desk.act(claims.leave_out, desk.maker, made, line_id=line.id, words="本人不愿意申请")
    desk.act(claims.bring_back, desk.maker, made, enrollment_id=line.enrollment_id)
    path = tmp_path / "d.zip"
    make(desk.parts, desk.cast.cohort, path, AS_OF)
    assert dossier.check(path).findings == []
    assert [each["第几次汇总"] for each in rows(path, words.CLAIM_LINES)] == ["1", "1", "2", "2"]


def doubted(desk: Claims) -> None:
    """Her line rests on what a list of the authority and a class of another institution say."""
    values = {"kind": "payroll", "source": "财政供养人员名单", "as_of": "2026-11-01", "match": "1"}
    listed = unsure("investigation", "outside_listed", ReasonCode.GROUP_EXCLUDED, "", (), **values)
    values = {"pattern": "same_answers", "flag": "2", "cohort": str(desk.cast.foreign_cohort)}
    strange = unsure("investigation", "pattern_open", ReasonCode.UNDER_INVESTIGATION, "", (), **values)
    desk.told = {desk.cast.enrollment: {"more": (listed, strange)}}
    publish(desk)


def test_what_is_for_the_authoritys_eyes_is_in_its_dossier_alone(desk: Claims, tmp_path: Path) -> None:
    doubted(desk)
    kept = {}
    for role in (Role.INSTITUTION, Role.INSPECTOR, Role.OFFICER):
        path = tmp_path / f"{role}.zip"
        make(desk.parts, desk.cast.cohort, path, AS_OF, role=role)
        assert dossier.check(path).findings == []
        found: Members = {}
        rewrite(path, found.update, sums=False)
        kept[role] = b"".join(found.values()).decode(errors="replace")
    told = {role: "财政供养人员名单" in text or str(desk.cast.foreign_cohort) in text for role, text in kept.items()}
    assert told == {Role.INSTITUTION: False, Role.INSPECTOR: False, Role.OFFICER: True}


@pytest.mark.parametrize("sum_told", ["9000.00", "1000.01"])
def test_the_sum_of_a_line_whose_words_are_held_back_is_checked(desk: Claims, tmp_path: Path, sum_told: str) -> None:
    doubted(desk)
    path = tmp_path / "d.zip"
    make(desk.parts, desk.cast.cohort, path, AS_OF)
    change = replaced(words.CLAIM_LINES, "1000.00", sum_told)
    told = dossier.check(rewrite(path, change, sums=True)).findings  # type: ignore[arg-type]
    assert any(words.CLAIM_LINES in each for each in told), told
