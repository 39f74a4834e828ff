"""Certificates on paper: numbered once and without gaps, frozen with their number, all of a class as one file."""

import csv
import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import select, update

from lms import clock, worker
from lms.domain.errors import NotFound, Refused
from lms.domain.papers import Lack, Template, Tone, serial_of
from lms.domain.records import RecordState
from lms.models.audit import AuditEvent
from lms.models.jobs import Job
from lms.models.organisations import Organisation
from lms.models.papers import Paper, PaperBundle, PaperTemplate
from lms.models.people import Person, PersonName
from lms.models.records import Record
from lms.models.rights import Restriction
from lms.parts import Parts
from lms.services import papers, records, reporting
from lms.services.papers import making, numbering
from lms.services.papers.making import LEDGER, WHY
from lms.services.rights import erasing
from lms.services.selections import Selection
from tests.support.cast import NOON, Cast
from tests.support.papered import OTHERS, end, issue, issue_class, issue_old, join
from tests.support.renewals import LAST, OVER, Years, noon_of
from tests.support.study import now

MINE = Template(title="结业证书", tone=Tone.RED, note="遗失不补", hours=False)
TOMORROW = NOON + timedelta(days=1)


def text_of(pdf: bytes) -> str:
    return "".join(str(page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages).replace("\n", "")


def own(parts: Parts, cast: Cast, code: str, at: datetime | None = None) -> papers.OwnPaper:
    with parts.database.transaction() as session:
        how = {"address": parts.record_address, "signed": False, "now": at or now()}
        made = papers.number_own(session, parts.keyring, cast.lifang, code, **how)
    return papers.draw_own(made, None)


def bundle(
    parts: Parts, cast: Cast, path: Path, at: datetime | None = None
) -> tuple[papers.Made, list[dict[str, str]], dict[str, bytes]]:
    """Asks for the class, makes it without a signature, and reads the archive."""
    when = at or now()
    with parts.database.transaction() as session:
        made = papers.ask(session, cast.zhoumin, cast.cohort, now=when)
        papers.prepare(session, made, now=when)
    shares: list[float] = []
    with parts.database.transaction(write=False) as session:
        how = {"address": parts.record_address, "signed": False, "now": when}
        wanted = papers.wanted(session, parts.keyring, made, **how)
    told = papers.write(wanted, path, signer=None, on_progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1:] in ([1.0], [])
    with parts.database.transaction() as session:
        papers.settle(session, made, told, now=when)
    with zipfile.ZipFile(path) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read(LEDGER).decode("utf-8-sig"), newline="")))
        files = {name: archive.read(name) for name in archive.namelist() if name.endswith(".pdf")}
    return told, rows, files


def test_a_class_is_one_file_with_its_ledger(parts: Parts, cast: Cast, tmp_path: Path) -> None:
    codes = issue_class(parts, cast)
    told, rows, files = bundle(parts, cast, tmp_path / "a.zip")
    assert (told.papers, told.left) == (3, 0)
    assert [row["查验码"] for row in rows] == codes
    assert {row["证书序列号"] for row in rows} == {serial_of(2026, number) for number in (1, 2, 3)}
    assert [row["姓名"] for row in rows] == ["李芳", *(name for name, _ in OTHERS)]
    assert rows[0]["身份信息"] == "219999********0026"
    for row in rows:
        text = text_of(files[row["文件"]])
        for field in ("证书序列号", "姓名", "身份信息", "培训项目名称", "培训起止日期", "培训机构名称", "发证日期"):
            assert row[field] in text, field
        assert row["查验码"] in text


def test_a_number_is_given_once(parts: Parts, cast: Cast, tmp_path: Path) -> None:
    codes = issue_class(parts, cast)
    first = own(parts, cast, codes[0])
    assert first.serial == serial_of(2026, 1)
    one, two = (bundle(parts, cast, tmp_path / name) for name in ("a.zip", "b.zip"))
    assert one[1:] == two[1:]
    assert one[1][0]["证书序列号"] == first.serial
    later = issue(parts, join(parts, cast, "测试", "810000198808080013"), NOON + timedelta(days=60))
    with parts.database.transaction() as session:
        record = session.scalars(select(Record).where(Record.code == later)).one()
        paper = numbering.number(session, [record], now=now())[record.id]
        assert paper.serial == serial_of(2027, 1)


def test_the_register_of_a_day_has_the_numbers_of_that_day(parts: Parts, cast: Cast) -> None:
    serial = own(parts, cast, issue(parts, cast.enrollment)).serial
    with parts.database.transaction() as session:
        session.execute(update(Paper).values(numbered_at=TOMORROW))

    def read(as_of: date | None) -> list[str]:
        with parts.database.transaction(write=False) as session:
            asked, when = Selection(as_of=as_of), TOMORROW + timedelta(days=2)
            rows = reporting.register_rows(session, parts.keyring, cast.zhoumin, asked, now=when)
            return [row.serial for row in rows]

    assert (read(None), read(TOMORROW.date()), read(NOON.date())) == ([serial], [serial], [""])


def test_two_who_number_at_once_leave_no_gap(parts: Parts, cast: Cast) -> None:
    codes = issue_class(parts, cast)

    def number(code: str) -> None:
        with parts.database.transaction() as session:
            mine = session.scalars(select(Record).where(Record.code.in_([code, codes[0]]))).all()
            numbering.number(session, mine, now=now())

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(number, codes))
    with parts.database.transaction(write=False) as session:
        assert set(session.scalars(select(Paper.serial))) == {serial_of(2026, number) for number in (1, 2, 3)}


def test_later_changes_change_no_byte(parts: Parts, cast: Cast) -> None:
    code = issue(parts, cast.enrollment)
    with parts.database.transaction() as session:
        session.add(PersonName(person_id=cast.lifang.person_id, name="李方", since=TOMORROW))
        session.execute(update(Person).where(Person.id == cast.lifang.person_id).values(name="李方"))
    first = own(parts, cast, code)
    assert "李芳" in text_of(first.pdf)  # as she was called when the record was issued, though numbered later
    with parts.database.transaction() as session:
        papers.templates.save(session, cast.zhoumin, cast.kangning, MINE, now=now())
        session.execute(update(Organisation).where(Organisation.id == cast.kangning).values(name="康宁新名"))
    assert own(parts, cast, code).pdf == first.pdf


def test_a_template_is_for_what_is_numbered_after_it(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        assert papers.templates.get(session, cast.zhoumin, cast.kangning).number == 0
        assert papers.templates.save(session, cast.zhoumin, cast.kangning, MINE, now=now()) == 1
        assert papers.templates.save(session, cast.zhoumin, cast.kangning, MINE, now=now()) == 1
        with pytest.raises(NotFound):
            papers.templates.save(session, cast.sunyue, cast.kangning, MINE, now=now())
        for wrong, code in ((replace(MINE, title="国家证书"), "paper_title_reserved"),
                            (replace(MINE, note="好🙂"), "paper_sign_missing")):  # fmt: skip
            with pytest.raises(Refused) as refused:
                papers.templates.save(session, cast.zhoumin, cast.kangning, wrong, now=now())
            assert refused.value.code == code
    made = own(parts, cast, issue(parts, cast.enrollment))
    assert made.title == "结业证书"
    assert "遗失不补" in text_of(made.pdf)
    assert "培训学时" not in text_of(made.pdf)
    with parts.database.transaction() as session:
        assert papers.templates.save(session, cast.zhoumin, cast.kangning, Template(), now=now()) == 2
        assert len(session.scalars(select(PaperTemplate)).all()) == 2


def test_a_sample_is_nobodys(parts: Parts, cast: Cast) -> None:
    issue(parts, cast.enrollment)
    with parts.database.transaction(write=False) as session:
        where = {"address": parts.record_address, "today": NOON.date()}
        text = text_of(papers.draw_sample(papers.sample_sheet(session, cast.zhoumin, cast.kangning, MINE, **where)))
        assert "李芳" not in text
        assert all(words in text for words in ("样张", "张三", "康宁养老服务中心"))
        with pytest.raises(NotFound):
            papers.sample_sheet(session, cast.sunyue, cast.kangning, MINE, **where)


@pytest.fixture
def odd(parts: Parts, cast: Cast) -> list[str]:
    """A class of which one record is too old, one learner is erased, one has a name without a shape, one is closed."""
    places = [join(parts, cast, name, f"2199991985010{n:02d}0018") for n, name in enumerate(("旧", "删", "🙂", "停"))]
    issuing = (issue, issue_old, issue, issue, issue)
    codes = [act(parts, each) for act, each in zip(issuing, (cast.enrollment, *places), strict=True)]
    with parts.database.transaction() as session:
        numbering.number(session, session.scalars(select(Record)).all(), now=now())
        people = {each.name: each.id for each in session.scalars(select(Person))}
        erasing.overwrite(session, parts.keyring, people["删"], now())
        session.add(Restriction(person_id=people["停"], since=now()))
    return codes


def test_what_cannot_be_made_is_told_with_its_reason(parts: Parts, cast: Cast, odd: list[str], tmp_path: Path) -> None:
    told, rows, files = bundle(parts, cast, tmp_path / "a.zip")
    assert (told.papers, told.left, len(files)) == (1, 2, 1)
    why = {row["查验码"]: row["说明"] for row in rows}
    assert why == {odd[0]: "", odd[1]: WHY[Lack.OLD], odd[3]: "有打印不出来的字：🙂"}


def test_an_erased_holder_is_nowhere(parts: Parts, cast: Cast, odd: list[str]) -> None:
    with parts.database.transaction(write=False) as session:
        record = session.scalars(select(Record).where(Record.code == odd[2])).one()
        (page,) = making.pages_of(
            session, parts.keyring, [record], address=parts.record_address, signed=False, now=now()
        )
        assert (page.sheet, page.lack) == (None, Lack.ERASED)
        assert (page.row[2], page.row[3]) == ("", "")


def test_the_job_makes_it_and_acts_are_on_record(parts: Parts, cast: Cast) -> None:
    issue_class(parts, cast)
    with parts.database.transaction() as session:
        asked = papers.ask(session, cast.zhoumin, cast.cohort, now=clock.now())
        assert papers.ask(session, cast.zhoumin, cast.cohort, now=clock.now()) == asked
        assert papers.get(session, cast.zhoumin, asked).state == "queued"
        job = session.scalars(select(Job.id).where(Job.kind == papers.MAKE)).one()
    worker.run(parts, job)
    with parts.database.transaction() as session:
        (view,) = papers.list_of(session, cast.zhoumin, cast.cohort)
        assert (view.state, view.made, view.left) == ("ready", 3, 0)
        ready = papers.open_file(session, cast.zhoumin, asked, now=clock.now())
        acts = {each.action: each.detail for each in session.scalars(select(AuditEvent))}
        assert acts["papers.take"]["sha256"] == view.sha256
        assert acts["papers.make"]["papers"] == 3
        assert "papers.ask" in acts
        for act in (papers.get, lambda *who: papers.open_file(*who, now=clock.now())):
            with pytest.raises(NotFound):
                act(session, cast.sunyue, asked)
        count = partial(papers.count, now=now())
        for act in (papers.list_of, count, lambda *who: papers.ask(*who, now=clock.now())):
            with pytest.raises(NotFound):
                act(session, cast.sunyue, cast.cohort)
    with parts.store.open(ready.key) as body:
        archive = zipfile.ZipFile(io.BytesIO(body.read()))
    signed = [archive.read(name) for name in archive.namelist() if name.endswith(".pdf")]
    assert len(signed) == 3
    assert all((b"/ETSI.CAdES.detached" in each) == (parts.pdf_signer is not None) for each in signed)


def test_a_file_is_forgotten_after_a_week(parts: Parts, cast: Cast, tmp_path: Path) -> None:
    issue_class(parts, cast)
    bundle(parts, cast, tmp_path / "a.zip")
    with parts.database.transaction() as session:
        assert papers.sweep(session, now=now() + timedelta(days=6)) == 0
        assert papers.sweep(session, now=now() + timedelta(days=7)) == 1
        (view,) = papers.list_of(session, cast.zhoumin, cast.cohort)
        assert (view.state, len(view.sha256)) == ("removed", 64)
        with pytest.raises(NotFound):
            papers.open_file(session, cast.zhoumin, view.id, now=now())
        kept = session.scalars(select(PaperBundle.object_key)).one()
        (job,) = session.scalars(select(Job).where(Job.kind == "forget_objects")).all()
        assert job.payload["keys"] == [kept]


def test_her_own_and_nobody_elses(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session, pytest.raises(Refused) as refused:
        papers.ask(session, cast.zhoumin, cast.cohort, now=now())
    assert refused.value.code == "papers_nobody"
    code = issue(parts, cast.enrollment)
    assert own(parts, cast, code).serial == serial_of(2026, 1)
    with parts.database.transaction() as session:
        how = {"address": parts.record_address, "signed": False, "now": now()}
        with pytest.raises(NotFound):
            papers.number_own(session, parts.keyring, cast.chenmo, code, **how)
        taken = session.scalars(select(AuditEvent).where(AuditEvent.action == "paper.take")).one()
        assert taken.detail == {"serial": serial_of(2026, 1)}


@pytest.mark.parametrize(("facts_hash", "code"), [("", "paper_old"), ("0" * 64, "paper_changed")])
def test_a_record_too_old_or_not_as_issued_is_told(parts: Parts, cast: Cast, facts_hash: str, code: str) -> None:
    made = issue_old(parts, cast.enrollment, facts_hash=facts_hash)
    with pytest.raises(Refused) as refused:
        own(parts, cast, made)
    assert refused.value.code == code


@pytest.mark.parametrize("state", [RecordState.REVOKED, RecordState.SUPERSEDED, RecordState.EXPIRED])
def test_what_holds_no_more_has_no_certificate(parts: Parts, cast: Cast, tmp_path: Path, state: RecordState) -> None:
    codes = issue_class(parts, cast)
    first = own(parts, cast, codes[0])
    end(parts, codes[0], state)
    end(parts, codes[1], state)
    with pytest.raises(Refused) as refused:
        own(parts, cast, codes[0])
    assert refused.value.code == f"paper_{state}"
    told, rows, files = bundle(parts, cast, tmp_path / "a.zip")
    assert (told.papers, told.left, len(files)) == (1, 2, 1)
    assert [row["证书序列号"] for row in rows] == [first.serial, "", serial_of(2026, 2)]
    assert [row["说明"] for row in rows] == [WHY[Lack(state.value)]] * 2 + [""]
    end(parts, codes[2], state)
    with parts.database.transaction() as session, pytest.raises(Refused) as nobody:
        papers.ask(session, cast.zhoumin, cast.cohort, now=now())
    assert nobody.value.code == "papers_nobody"


def test_a_record_past_its_last_day_has_no_certificate(parts: Parts, cast: Cast, tmp_path: Path) -> None:
    codes = issue_class(parts, cast)
    years = Years(parts, cast)
    years.rule()
    years.complete()
    for day, codes_why in ((LAST, {}), (OVER, {codes[0]: WHY[Lack.EXPIRED]})):  # no sweep has been by
        told, rows, _ = bundle(parts, cast, tmp_path / f"{day}.zip", noon_of(day))
        assert {row["查验码"]: row["说明"] for row in rows} == dict.fromkeys(codes, "") | codes_why
        assert (told.papers, told.left) == (3 - len(codes_why), len(codes_why))
    assert own(parts, cast, codes[0], noon_of(LAST)).serial
    with pytest.raises(Refused, match="paper_expired"):
        own(parts, cast, codes[0], noon_of(OVER))
    with parts.database.transaction() as session:
        assert papers.count(session, cast.zhoumin, cast.cohort, now=noon_of(OVER)) == 2
        records.lapse(session, now=noon_of(OVER))
        assert papers.count(session, cast.zhoumin, cast.cohort, now=noon_of(OVER)) == 2


def test_who_has_her_number_waits_for_nobody(parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    code = issue(parts, cast.enrollment)
    first = own(parts, cast, code).serial
    monkeypatch.delattr(numbering, "_counters")
    assert own(parts, cast, code).serial == first
