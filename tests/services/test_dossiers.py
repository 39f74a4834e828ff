"""A class's dossier: asked for in scope and on record, the same bytes again, and it tells on whoever changes it."""

import csv
import hashlib
import io
import shutil
import uuid
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from lms import worker
from lms.crypto import NoteSigner
from lms.domain.errors import NotFound, Refused
from lms.domain.identity import DocumentType
from lms.domain.roles import Role
from lms.models.audit import AuditEvent
from lms.models.dossiers import Dossier
from lms.models.enrollments import Cohort
from lms.models.jobs import Job
from lms.parts import Parts
from lms.services import dossiers, enrollments, jobs, ledger, practice
from lms.services.dossiers import Made, Wanted, words
from lms.verifier import dossier
from lms.verifier.anchors import read_key
from tests.support import history
from tests.support.cast import NOON, Cast
from tests.support.practicals import open_class, photo
from tests.support.study import WoundClock, now
from tests.support.training import stage

NUMBER, MASKED = "219999198501010026", "219999********0026"
LATER = timedelta(days=2)
Members = dict[str, bytes]


@pytest.fixture
def studied(parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Parts:
    """A history of every kind, signed."""
    history.study(parts, cast, WoundClock(monkeypatch))
    return parts


def make(
    parts: Parts, cohort: uuid.UUID, path: Path, as_of: datetime, *, role: Role = Role.INSTITUTION, masked: bool = True
) -> Made:
    wanted = Wanted(uuid.uuid4(), cohort, as_of, role, masked, "dossiers/x.zip")
    with parts.database.transaction(write=False) as session:
        return dossiers.write(session, parts.keyring, parts.store, wanted, path, on_progress=lambda _share: None)


def rows(path: Path, name: str) -> list[dict[str, str]]:
    with zipfile.ZipFile(path) as archive:
        return list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"), newline="")))


def test_it_holds_the_class_and_is_proved_by_the_checkpoint(studied: Parts, cast: Cast, tmp_path: Path) -> None:
    path, vkey = tmp_path / "d.zip", NoteSigner("kangxue", studied.config.log_key or b"").vkey
    made = make(studied, cast.cohort, path, now() + timedelta(minutes=1))
    report = dossier.check(path, keys=[read_key(vkey)])
    assert report.findings == []
    assert (report.sha256, report.signed) == (made.sha256, True)
    assert report.proved == report.entries > 20
    assert report.unplaced == 0
    assert report.intervals > 10
    (person,) = rows(path, words.ROSTER)
    assert (person["姓名"], person["证件号码"], person["学员编号"]) == ("李芳", MASKED, str(cast.lifang.person_id))
    verdicts = {row["结论"] for row in rows(path, "08-学习明细/0001.csv")}
    assert {"全部计入", "换到另一部手机学习了"} <= verdicts
    assert {row["状态"] for row in rows(path, words.BOOK)} == {"出勤"}
    assert [row["结果"] for row in rows(path, words.CORRECTIONS)] == ["通过", "通过", "没有通过"]
    assert {row["方式"] for row in rows(path, words.MARKS)} == {"扫码", "手签"}
    assert "class.add" in {row["操作"] for row in rows(path, words.CHANGES)}


def test_the_sums_are_those_of_the_live_ledger(studied: Parts, cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "d.zip"
    make(studied, cast.cohort, path, now() + timedelta(minutes=1))
    with studied.database.transaction(write=False) as session:
        live = ledger.read(session, studied.keyring, cast.zhoumin, cast.enrollment, role=Role.INSTITUTION)
    told = rows(path, words.HOURS)
    assert sum(int(row["计入（毫秒）"]) for row in told) == live.totals.credited_ms
    assert sum(int(row["已确认（毫秒）"]) for row in told) == live.totals.confirmed_ms


def test_the_same_moment_is_the_same_bytes_whatever_comes_after(studied: Parts, cast: Cast, tmp_path: Path) -> None:
    as_of = NOON + timedelta(minutes=3)
    first = make(studied, cast.cohort, tmp_path / "a.zip", as_of)
    with studied.database.transaction() as session:
        stage(session, cast)
        given = {"document_type": DocumentType.RESIDENT_ID, "number": "110101199003070011", "phone": "19900000077"}
        enrollments.enroll(session, studied.keyring, cast.zhoumin, cast.cohort, name="新学员", now=now(), **given)
    again = make(studied, cast.cohort, tmp_path / "b.zip", as_of)
    assert (first.sha256, first.size_bytes) == (again.sha256, again.size_bytes)
    whole = make(studied, cast.cohort, tmp_path / "c.zip", now() + LATER)
    assert whole.sha256 != first.sha256
    assert dossier.check(tmp_path / "a.zip").findings == []
    assert len(rows(tmp_path / "c.zip", words.ROSTER)) == 2


def test_numbers_are_whole_only_when_asked_for(studied: Parts, cast: Cast, tmp_path: Path) -> None:
    """Masked, no byte of the number is anywhere; a person's other classes stay out of both."""
    make(studied, cast.cohort, tmp_path / "m.zip", now() + LATER)
    make(studied, cast.cohort, tmp_path / "f.zip", now() + LATER, masked=False)
    everything = {name: _everything(tmp_path / name) for name in ("m.zip", "f.zip")}
    assert NUMBER not in everything["m.zip"]
    assert cast.phones["lifang"] not in everything["m.zip"]
    assert NUMBER in everything["f.zip"]
    for text in everything.values():
        assert str(cast.foreign_enrollment) not in text
        assert "陈默" not in text
    assert "实操一班" not in everything["m.zip"]


def _everything(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())


def test_a_practical_class_has_its_sheets_and_scores(studied: Parts, tmp_path: Path) -> None:
    with studied.database.transaction(write=False) as session:
        cohort = session.scalars(select(Cohort.id).where(Cohort.name == "实操一班")).one()
    make(studied, cohort, tmp_path / "d.zip", now() + LATER)
    assert [(row["类别"], row["得分"]) for row in rows(tmp_path / "d.zip", words.SHEETS)][:2] == [
        ("实操考核", "100"), ("实操考核", "70"),
    ]  # fmt: skip
    (score,) = rows(tmp_path / "d.zip", words.SCORES)
    assert (score["综合结论"], score["考评员 1"] != "", score["考评员 2"] != "") == ("等待复核", True, True)
    assert dossier.check(tmp_path / "d.zip").findings == []


def test_pictures_only_with_whole_numbers_and_her_consent(
    parts: Parts, cast: Cast, password_hash: str, tmp_path: Path
) -> None:
    with parts.database.transaction() as session:
        place = open_class(session, parts.keyring, cast, password_hash)
        sitting = practice.open_sitting(session, place.examiners.heping, place.enrollment, place.wash, now=NOON)
        practice.record_given(session, place.examiners.heping, sitting, now=NOON)
        ready = practice.Ready(photo(), "jpeg", "image/jpeg")
        practice.keep(session, parts.store, place.examiners.heping, sitting, ready, now=NOON)
    as_of = NOON + LATER
    pictures = {}
    for name, masked in (("masked", True), ("full", False)):
        make(parts, place.cohort, tmp_path / f"{name}.zip", as_of, masked=masked)
        pictures[name] = _pictures(tmp_path / f"{name}.zip")
    assert pictures == {"masked": [], "full": [ready.content]}
    with parts.database.transaction() as session:
        practice.say_own(session, cast.lifang, place.enrollment, place.wash, given=False, now=NOON + timedelta(hours=1))
    make(parts, place.cohort, tmp_path / "after.zip", as_of, masked=False)
    assert _pictures(tmp_path / "after.zip") == []
    (row,) = rows(tmp_path / "after.zip", words.PICTURES)
    assert "没有同意" in row["没有放进来的原因"]


def _pictures(path: Path) -> list[bytes]:
    with zipfile.ZipFile(path) as archive:
        return [archive.read(name) for name in archive.namelist() if name.startswith(words.PICTURE_FILES + "/")]


def rewrite(path: Path, change: Callable[[Members], None], *, sums: bool) -> Path:
    """The archive with something changed; with `sums`, by somebody who writes the list of hashes anew as well."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    if sums:
        lines = [f"{hashlib.sha256(members[name]).hexdigest()}  {name}\n" for name in members if name != "SHA256SUMS"]
        members["SHA256SUMS"] = "".join(lines).encode()
    changed = path.with_name("changed.zip")
    with zipfile.ZipFile(changed, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return changed


FIRST = "08-学习明细/0001.csv"


def credit_more(members: Members) -> None:
    members[FIRST] = members[FIRST].replace(b",20000,20000,", b",30000,30000,", 1)


def leave_out_a_row(members: Members) -> None:
    lines = members[FIRST].split(b"\r\n")
    members[FIRST] = b"\r\n".join([*lines[:2], *lines[3:]])


def rewrite_an_entry(members: Members) -> None:
    lines = members[words.ENTRIES].split(b"\n")
    lines[1] = lines[1].replace(b'"credited_ms":20000', b'"credited_ms":25000')
    members[words.ENTRIES] = b"\n".join(lines)


def rewrite_an_entry_with_its_hash(members: Members) -> None:
    lines = members[words.ENTRIES].decode().split("\n")
    place, _leaf, body = lines[1].split("\t")
    body = body.replace('"credited_ms":20000', '"credited_ms":25000')
    lines[1] = "\t".join([place, hashlib.sha256(body.encode()).hexdigest(), body])
    members[words.ENTRIES] = "\n".join(lines).encode()


def leave_out_an_entry(members: Members) -> None:
    members[words.ENTRIES] = members[words.ENTRIES].split(b"\n", 1)[1]


def turn_the_proof(members: Members) -> None:
    members[words.PROOF] = members[words.PROOF].replace(b"\ta", b"\tb").replace(b"\t1", b"\t2", 3)


def drop_the_checkpoint(members: Members) -> None:
    del members[words.CHECKPOINT]


CHANGES: list[tuple[Callable[[Members], None], str]] = [
    (credit_more, FIRST),
    (leave_out_a_row, FIRST),
    (rewrite_an_entry, words.ENTRIES),
    (rewrite_an_entry_with_its_hash, words.PROOF),
    (leave_out_an_entry, words.PROOF),
    (drop_the_checkpoint, words.CHECKPOINT),
]


def test_whatever_is_changed_is_named(studied: Parts, cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "d.zip"
    make(studied, cast.cohort, path, now() + LATER)
    for change, where in CHANGES:
        told = dossier.check(rewrite(path, change, sums=True)).findings
        assert any(where in finding for finding in told), (change.__name__, told)
    plain = dossier.check(rewrite(path, credit_more, sums=False)).findings
    assert f"{FIRST}: was changed after SHA256SUMS was written" in plain
    extra = dossier.check(rewrite(path, lambda members: members.update({"a.exe": b""}), sums=False)).findings
    assert extra == ["a.exe: is not in SHA256SUMS"]


def test_what_is_no_dossier_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"not a zip")
    assert "not a whole ZIP" in dossier.check(tmp_path / "a.zip").findings[0]
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("a", b"a")
    assert any("SHA256SUMS: is missing" in each for each in dossier.check(tmp_path / "b.zip").findings)


def ask(parts: Parts, cast: Cast, at: datetime = NOON + LATER, **more: object) -> uuid.UUID:
    known: dict[str, object] = {"actor": cast.zhoumin, "role": Role.INSTITUTION, "cohort_id": cast.cohort} | more
    with parts.database.transaction() as session:
        return dossiers.ask(session, now=at, **known)  # type: ignore[arg-type]


def acts(parts: Parts) -> list[tuple[str, uuid.UUID | None]]:
    with parts.database.transaction(write=False) as session:
        found = select(AuditEvent).where(AuditEvent.action.like("dossier.%")).order_by(AuditEvent.id)
        return [(each.action, each.account_id) for each in session.scalars(found)]


def test_the_worker_makes_it_once_and_it_is_on_record(parts: Parts, cast: Cast, tmp_path: Path) -> None:
    made = ask(parts, cast)
    assert ask(parts, cast, NOON + LATER + timedelta(seconds=5)) == made
    with parts.database.transaction(write=False) as session:
        job = session.scalars(select(Job).where(Job.kind == dossiers.MAKE)).one()
    assert job.payload == {"dossier_id": str(made)}
    worker.run(parts, job.id)
    with parts.database.transaction() as session:
        view = dossiers.get(session, cast.zhoumin, Role.INSTITUTION, made)
        ready = dossiers.open_file(session, cast.zhoumin, Role.INSTITUTION, made, now=NOON + LATER)
    assert view.state == "ready"
    with parts.store.open(ready.key) as body:
        (tmp_path / "d.zip").write_bytes(body.read())
    report = dossier.check(tmp_path / "d.zip")
    assert (report.findings, report.sha256) == ([], view.sha256)
    hers = cast.zhoumin.account_id
    assert acts(parts) == [("dossier.ask", hers), ("dossier.make", None), ("dossier.take", hers)]
    with parts.database.transaction() as session:
        assert dossiers.sweep(session, now=view.kept_until or NOON) == 1
    with parts.database.transaction() as session:
        assert dossiers.get(session, cast.zhoumin, Role.INSTITUTION, made).state == "removed"
        with pytest.raises(NotFound):
            dossiers.open_file(session, cast.zhoumin, Role.INSTITUTION, made, now=NOON + LATER)
        forget = session.scalars(select(Job).where(Job.kind == "forget_objects")).one()
    assert forget.payload["keys"] == [ready.key]


def test_whole_numbers_need_a_purpose_and_stay_with_whoever_gave_it(parts: Parts, cast: Cast) -> None:
    with pytest.raises(Refused, match="export_purpose_missing"):
        ask(parts, cast, unmasked=True)
    with pytest.raises(Refused, match="export_purpose_personal"):
        ask(parts, cast, unmasked=True, purpose=f"查 {NUMBER}")
    with pytest.raises(Refused, match="dossier_masked_only"):
        ask(parts, cast, actor=cast.wujian, role=Role.INSPECTOR, unmasked=True, purpose="检查")
    with pytest.raises(Refused, match="day_not_over"):
        ask(parts, cast, day=(NOON + LATER).date())
    made = ask(parts, cast, unmasked=True, purpose="向区人社局申报")
    colleague = replace(cast.zhoumin, account_id=cast.sunyue.account_id)
    with parts.database.transaction(write=False) as session:
        assert session.get_one(Dossier, made).purpose == "向区人社局申报"
        assert dossiers.list_of(session, colleague, Role.INSTITUTION, cast.cohort) == []
        with pytest.raises(NotFound):
            dossiers.get(session, colleague, Role.INSTITUTION, made)
        with pytest.raises(NotFound):
            dossiers.get(session, cast.wujian, Role.INSPECTOR, made)


def test_a_given_up_job_stands_in_nobodys_way(parts: Parts, cast: Cast) -> None:
    first = ask(parts, cast)
    with parts.database.transaction() as session:
        job = session.scalars(select(Job).where(Job.kind == dossiers.MAKE)).one()
        jobs.cancel(session, job.id, now=NOON)
    assert ask(parts, cast) != first


def test_strangers_find_nothing(parts: Parts, cast: Cast) -> None:
    made = ask(parts, cast)
    for actor, role in (
        (cast.sunyue, Role.INSTITUTION),
        (cast.zhoumin, Role.INSPECTOR),
        (cast.lifang, Role.INSTITUTION),
    ):
        with pytest.raises(NotFound):
            ask(parts, cast, actor=actor, role=role)
        with parts.database.transaction(write=False) as session:
            with pytest.raises(NotFound):
                dossiers.list_of(session, actor, role, cast.cohort)
            with pytest.raises(NotFound):
                dossiers.get(session, actor, role, made)


def test_a_dossier_is_a_plain_zip(studied: Parts, cast: Cast, tmp_path: Path) -> None:
    make(studied, cast.cohort, tmp_path / "d.zip", now() + LATER)
    shutil.unpack_archive(tmp_path / "d.zip", tmp_path / "out")
    assert "截至：" in (tmp_path / "out" / "README.txt").read_text()
