"""What a dossier tells of the filing, of changed names and numbers, and of whom it is not to tell."""

import json
import zipfile
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lms.domain import filings as rules
from lms.domain.changes import ChangeKind
from lms.domain.documents import DocumentType
from lms.domain.filings import Act, State
from lms.domain.roles import Role
from lms.models.rights import Restriction
from lms.parts import Parts
from lms.services import filings
from lms.services.dossiers import words
from lms.verifier import dossier
from tests.services.test_dossiers import LATER, Members, make, rewrite, rows
from tests.support import filing, identity
from tests.support.cast import NOON, Cast
from tests.support.filing import NEW, REASON, WANGHONG
from tests.support.identity import CHENMO, FREE
from tests.support.study import Phone, WoundClock

END = NOON + LATER
NUMBERS = (WANGHONG["number"], NEW["number"], WANGHONG["phone"], filing.SAID.phone)


def text_of(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())


@pytest.fixture
def filed(parts: Parts, cast: Cast) -> filing.Office:
    """Sent back once, approved, and changed once by two people."""
    office = filing.Office(parts, cast)
    office.start()
    office.fill()
    office.file()
    office.send_back(remarks={"place": "请写到门牌号"})
    office.file()
    office.approve()
    who = (parts.keyring, cast.zhoumin)
    with parts.database.transaction() as session:
        asked = filings.propose_addition(session, *who, office.cohort, **NEW, reason=REASON, now=NOON)
    with parts.database.transaction() as session:
        more: dict[str, Any] = {"role": Role.INSTITUTION, "approved": True, "now": NOON + timedelta(hours=1)}
        filings.decide_change(session, parts.keyring, filing.colleague(parts, cast), asked, **more)
    return office


def test_the_filing_stands_in_plain_columns(filed: filing.Office, parts: Parts, tmp_path: Path) -> None:
    path = tmp_path / "d.zip"
    make(parts, filed.cohort, path, END)
    assert dossier.check(path).findings == []
    told = {row["项目"]: row["内容"] for row in rows(path, words.APPLICATION)}
    assert told["班期备案号"] == filed.read().number
    assert (told["培训类型"], told["培训项目"]) == ("岗位技能提升培训", "康养职业技能培训计划（辽宁）")
    assert (told["等级"], told["开班和结课日期"]) == ("五级（初级工）", "2026-12-01 至 2027-01-31")
    assert {(row["课名"], row["方式"], row["课时"], row["老师"]) for row in rows(path, words.PLAN)} == {
        ("翻身与拍背", "线下", "8", "王磊"), ("怎么问好", "线上", "8", "王磊"),
    }  # fmt: skip
    acts = rows(path, words.ACTS)
    assert [row["办理"] for row in acts] == ["开始填写", "提交申报", "退回修改", "提交申报", "批准"]
    assert (acts[2]["逐项意见"], acts[2]["意见"]) == ("培训地点：请写到门牌号", "请补齐材料")
    versions = rows(path, words.VERSIONS)
    assert [(row["第几版"], row["变更原因"], row["姓名"]) for row in versions] == [
        ("1", "", "王*"), ("2", REASON, "王*"), ("2", REASON, "赵*"),
    ]  # fmt: skip
    (change,) = rows(path, words.ROSTER_CHANGES)
    assert (change["加入或移出"], change["姓名"], change["结果"]) == ("加入", "赵*", "通过")
    assert {"filing.approve", "roster.propose", "roster.approve"} <= {row["操作"] for row in rows(path, words.CHANGES)}
    assert [each for each in NUMBERS if each in text_of(path)] == []


def test_up_to_a_moment_the_filing_stood_as_it_stood(filed: filing.Office, parts: Parts, tmp_path: Path) -> None:
    """What was decided after the moment is not told, though the rows know it by now."""
    path = tmp_path / "d.zip"
    make(parts, filed.cohort, path, NOON + timedelta(minutes=1))
    (change,) = rows(path, words.ROSTER_CHANGES)
    assert (change["结果"], change["核对人"]) == ("等核对", "")
    assert {row["第几版"] for row in rows(path, words.VERSIONS)} == {"1"}
    assert [row["姓名"] for row in rows(path, words.ROSTER)] == ["王红"]


def file_another_day(members: Members) -> None:
    (name,) = [each for each in members if each.endswith("申报内容/0002.json")]
    facts = json.loads(members[name])
    members[name] = rules.canonical({**facts, "days": ["2026-11-01", "2027-01-31"]}).encode()


def swap_a_learner(members: Members) -> None:
    members[words.VERSIONS] = members[words.VERSIONS].replace("王*".encode(), "李*".encode(), 1)


def drop_a_learner(members: Members) -> None:
    lines = members[words.VERSIONS].split(b"\r\n")
    members[words.VERSIONS] = b"\r\n".join([*lines[:2], *lines[3:]])


def test_a_filing_that_was_changed_is_named(filed: filing.Office, parts: Parts, tmp_path: Path) -> None:
    path = tmp_path / "d.zip"
    make(parts, filed.cohort, path, END)
    for change, where in (
        (file_another_day, f"{words.ACTS} line 3"),
        (swap_a_learner, "version 1"),
        (drop_a_learner, "version 2"),
    ):
        told = dossier.check(rewrite(path, change, sums=True)).findings
        assert any(where in each for each in told), (change.__name__, told)


def test_changed_names_and_numbers_are_told_masked(parts: Parts, cast: Cast, tmp_path: Path) -> None:
    """A name is told as it was by then; that somebody is on record twice is told to nobody."""
    office = identity.Office(parts, cast, NOON + timedelta(hours=1))
    office.decide(office.name("李方"))
    office.decide(office.number(FREE, kind=DocumentType.RESIDENT_ID))
    office.now += timedelta(hours=1)
    office.decide(office.number(CHENMO), living=cast.lifang.person_id)
    make(parts, cast.cohort, tmp_path / "a.zip", NOON + timedelta(minutes=59))
    make(parts, cast.cohort, tmp_path / "b.zip", END)
    make(parts, cast.cohort, tmp_path / "c.zip", END, masked=False)
    assert [row["姓名"] for row in rows(tmp_path / "a.zip", words.ROSTER)] == ["李芳"]
    assert rows(tmp_path / "a.zip", words.IDENTITY) == []
    assert [row["姓名"] for row in rows(tmp_path / "b.zip", words.ROSTER)] == ["李方"]
    told = [(row["改什么"], row["原来"], row["改成"]) for row in rows(tmp_path / "b.zip", words.IDENTITY)]
    assert told == [
        ("姓名", "李芳", "李方"), ("增加证件", "", "509999********0033"), ("增加证件", "", "219999********0018"),
    ]  # fmt: skip
    assert {FREE, CHENMO} <= {row["改成"] for row in rows(tmp_path / "c.zip", words.IDENTITY)}
    for name in ("b.zip", "c.zip"):
        assert "person.join" not in text_of(tmp_path / name)
        assert "identity.decide" in {row["操作"] for row in rows(tmp_path / name, words.CHANGES)}
    assert [each for each in (FREE, CHENMO) if each in text_of(tmp_path / "b.zip")] == []


def test_what_is_archive_only_is_for_the_supervising_office(
    parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    wound, phone = WoundClock(monkeypatch), Phone(parts, cast.lifang, cast.enrollment, cast.lessons["say-hello"])
    phone.open()
    wound.forward(20_000)
    phone.beat(0, 20_000)
    with parts.database.transaction() as session:
        session.add(Restriction(person_id=cast.lifang.person_id, since=NOON))
    make(parts, cast.cohort, tmp_path / "ours.zip", END)
    make(parts, cast.cohort, tmp_path / "theirs.zip", END, role=Role.INSPECTOR)
    for name in ("ours.zip", "theirs.zip"):
        assert dossier.check(tmp_path / name).findings == []
    assert rows(tmp_path / "ours.zip", words.ROSTER) == []
    ours = text_of(tmp_path / "ours.zip")
    assert [each for each in ("李芳", str(cast.enrollment), str(cast.lifang.person_id)) if each in ours] == []
    assert [row["姓名"] for row in rows(tmp_path / "theirs.zip", words.ROSTER)] == ["李芳"]
    assert len(rows(tmp_path / "theirs.zip", "08-学习明细/0001.csv")) == 1


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("document", DocumentType),
        ("change", ChangeKind),
        ("act", Act),
        ("filing", State),
        ("field", rules.FIELDS),
        ("level", rules.LEVELS),
        ("certificate", rules.CERTIFICATES),
    ],
)
def test_every_code_has_its_word(kind: str, codes: Iterable[str]) -> None:
    assert [each for each in codes if each not in words.WORDS[kind]] == []
