"""The bank: every wording stays, a file is looked at before it comes in and can be taken back, strangers see none."""

import io
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.adapters.banks import excel
from lms.domain.bank import Entry, ItemType
from lms.domain.bank_statistics import Remark
from lms.domain.errors import Conflict, NotFound, Refused
from lms.models.bank import BankBatch, BankQuestion, BankRevision
from lms.models.jobs import Job
from lms.parts import Parts
from lms.services import bank, media
from lms.services.bank import Choices, Filters, Place, Target
from lms.services.bank.bodies import from_json, to_json
from tests.domain.bank_entries import ENTRIES, SINGLE
from tests.support.cast import NOON, Cast
from tests.support.texts import small_course

SLUG = small_course().slug
GOAL = small_course().objectives[0].id
SOUND = [replace(entry, objective=GOAL) for entry in ENTRIES]


@pytest.fixture
def session(parts: Parts) -> Iterator[Session]:
    """One transaction for the whole test: what it says of keeping and losing is about rows, not commits."""
    with parts.database.transaction() as opened:
        yield opened


def home(session: Session, cast: Cast) -> Place:
    return bank.get_place(session, cast.wanglei, cast.kangning, SLUG)


def add(session: Session, cast: Cast, entry: Entry = SOUND[0]) -> uuid.UUID:
    return bank.add(session, cast.wanglei, home(session, cast), entry, now=NOON)


def listed(session: Session, cast: Cast, **more: object) -> list[Entry]:
    rows, _ = bank.list_questions(session, cast.wanglei, replace(Filters(cast.kangning, SLUG), **more))
    return [row.entry for row in rows]


def workbook(entries: list[Entry], tmp_path: Path) -> bytes:
    excel.write(entries, tmp_path / "bank.xlsx")
    return (tmp_path / "bank.xlsx").read_bytes()


def bring(session: Session, cast: Cast, parts: Parts, data: bytes, name: str = "题库.xlsx") -> bank.BatchView:
    facts = {"file_name": name, "data": data, "kind": None, "now": NOON}
    return bank.bring(session, parts.store, cast.wanglei, home(session, cast), **facts)


def take_in(session: Session, cast: Cast, parts: Parts, data: bytes) -> uuid.UUID:
    batch_id = bring(session, cast, parts, data).batch.id
    bank.take_in(session, parts.store, cast.wanglei, batch_id, now=NOON)
    return batch_id


@pytest.mark.parametrize("entry", SOUND)
def test_json_keeps_every_question(entry: Entry) -> None:
    assert from_json(to_json(entry)) == entry


def test_places_are_the_courses_of_her_organisations(session: Session, cast: Cast) -> None:
    assert [(place.organisation, place.course_slug) for place in bank.list_places(session, cast.wanglei)] == [
        ("康宁养老服务中心", SLUG)
    ]
    place = home(session, cast)
    words = small_course().objectives[0].text
    assert (place.objective_id(f" {words} "), place.objective_words(GOAL), place.objective_id("?")) == (
        GOAL,
        words,
        None,
    )
    for organisation, slug in ((cast.anhe, SLUG), (cast.kangning, "no-such-course")):
        with pytest.raises(NotFound):
            bank.get_place(session, cast.wanglei, organisation, slug)


def test_an_edit_is_a_new_revision(session: Session, cast: Cast) -> None:
    made = add(session, cast)
    place, changed = home(session, cast), replace(SOUND[0], difficulty=5)
    assert bank.change(session, cast.liuyang, place, made, changed, 1, now=NOON) == 2
    assert bank.change(session, cast.liuyang, place, made, changed, 2, now=NOON) == 2
    with pytest.raises(Conflict, match="bank_changed"):
        bank.change(session, cast.wanglei, place, made, SOUND[0], 1, now=NOON)
    rows = bank.history(session, cast.wanglei, made)
    assert [(row.number, row.act, row.by, row.entry.difficulty) for row in rows] == [
        (2, "edit", "刘洋", 5),
        (1, "create", "王磊", 1),
    ]
    assert bank.get_question(session, cast.wanglei, made).entry == changed


def test_what_is_not_sound_does_not_come_in(session: Session, cast: Cast) -> None:
    with pytest.raises(Refused, match="bank_objective_unknown"):
        add(session, cast, ENTRIES[0])
    made = add(session, cast)
    worse, place = replace(SOUND[0], item=replace(SINGLE, stem=" ")), home(session, cast)
    with pytest.raises(Refused, match="bank_empty"):
        bank.change(session, cast.wanglei, place, made, worse, 1, now=NOON)


def test_lists_are_narrowed(session: Session, cast: Cast) -> None:
    for entry in SOUND:
        add(session, cast, entry)
    assert len(listed(session, cast)) == 7
    assert [each.item.type for each in listed(session, cast, type="fill")] == [ItemType.FILL]
    assert [each.difficulty for each in listed(session, cast, difficulty=2)] == [2, 2]
    assert len(listed(session, cast, tag="护理")) == 7
    assert listed(session, cast, tag="护") == []
    assert listed(session, cast, tag="%") == []
    assert [each.item.type for each in listed(session, cast, words="先做 什么？")] == [ItemType.CASE, ItemType.SINGLE]
    assert listed(session, cast, objective="other") == []
    assert bank.variants(session, cast.kangning, SLUG) == {GOAL: 7}
    rows, total = bank.list_questions(session, cast.wanglei, Filters(cast.kangning, SLUG), page=2, size=5)
    assert (len(rows), total) == (2, 7)


def test_retired_questions_rest_and_come_back(session: Session, cast: Cast) -> None:
    made = add(session, cast)
    bank.retire(session, cast.wanglei, made, now=NOON)
    bank.retire(session, cast.wanglei, made, now=NOON)
    assert (listed(session, cast), len(listed(session, cast, state="retired"))) == ([], 1)
    assert bank.variants(session, cast.kangning, SLUG) == {}
    bank.restore(session, cast.wanglei, made, now=NOON)
    assert len(listed(session, cast)) == 1


def test_a_file_is_looked_at_before_it_comes_in(session: Session, cast: Cast, parts: Parts, tmp_path: Path) -> None:
    data = workbook([*SOUND, replace(SOUND[0], objective="别的知识点"), replace(SOUND[0], objective="")], tmp_path)
    view = bring(session, cast, parts, data)
    assert view.counts == {"all": 9, "failed": 1, "exact": 1, "near": 0, "coming": 7, "skipped": 0}
    assert (view.batch.state, view.unknown) == ("checked", ["别的知识点"])
    assert listed(session, cast) == [], "nothing was written"
    chosen = Choices(GOAL, 3, {"别的知识点": GOAL})
    again = bank.recheck(session, parts.store, cast.wanglei, view.batch.id, chosen)
    assert (again.counts["failed"], again.counts["exact"]) == (0, 2)
    with pytest.raises(Refused, match="bank_objective_unknown"):
        bank.recheck(session, parts.store, cast.wanglei, view.batch.id, Choices("nowhere"))
    assert bank.take_in(session, parts.store, cast.wanglei, view.batch.id, now=NOON) == 7
    assert listed(session, cast) == list(reversed(SOUND))
    with pytest.raises(Conflict, match="bank_batch_done"):
        bank.take_in(session, parts.store, cast.wanglei, view.batch.id, now=NOON)


def test_files_nobody_took_in_are_forgotten_after_a_month(
    session: Session, cast: Cast, parts: Parts, tmp_path: Path
) -> None:
    left = bring(session, cast, parts, workbook(SOUND[:1], tmp_path)).batch.id
    taken = bring(session, cast, parts, workbook(SOUND[1:2], tmp_path)).batch.id
    bank.take_in(session, parts.store, cast.wanglei, taken, now=NOON)
    bank.sweep(session, now=NOON + timedelta(days=29))
    assert session.get(BankBatch, left) is not None
    bank.sweep(session, now=NOON + timedelta(days=31))
    assert (session.get(BankBatch, left), session.get(BankBatch, taken) is not None) == (None, True)
    (job,) = session.scalars(select(Job).where(Job.kind == media.FORGET)).all()
    assert [str(left) in key or left.hex in key for key in job.payload["keys"]] == [True]


def test_places_know_how_many_questions_they_have(session: Session, cast: Cast) -> None:
    add(session, cast)
    retired = add(session, cast, SOUND[1])
    bank.retire(session, cast.wanglei, retired, now=NOON)
    assert bank.count_by_place(session, cast.wanglei) == {(cast.kangning, SLUG): 1}
    assert bank.count_by_place(session, cast.zhaoqin) == {}


def test_twins_are_found_in_the_bank_and_in_the_file(
    session: Session, cast: Cast, parts: Parts, tmp_path: Path
) -> None:
    long = replace(SINGLE, stem="给失智老人喂饭之前，护理员首先应当做的是下面的哪一件事情呢")
    held = add(session, cast, replace(SOUND[0], item=long))
    near = replace(SOUND[0], item=replace(long, stem=long.stem.replace("应当", "应该")))
    view = bring(session, cast, parts, workbook([replace(SOUND[0], item=long), near, near], tmp_path))
    exact, alike, twice = (row.twin for row in view.rows)
    assert exact
    assert alike
    assert twice
    assert (exact.is_exact, exact.question_id) == (True, held)
    assert (alike.is_exact, alike.question_id) == (False, held)
    assert (twice.is_exact, twice.place) == (True, view.rows[1].found.place)
    assert view.counts["coming"] == 0
    kept = bank.recheck(session, parts.store, cast.wanglei, view.batch.id, Choices(near=True))
    assert [row.comes_in(kept.choices) for row in kept.rows] == [False, True, False]


def test_a_batch_is_taken_back_but_not_what_was_used(
    session: Session, cast: Cast, parts: Parts, tmp_path: Path
) -> None:
    batch_id = take_in(session, cast, parts, workbook(SOUND, tmp_path))
    rows, _ = bank.list_questions(session, cast.wanglei, Filters(cast.kangning, SLUG, batch_id=batch_id))
    changed, answered = rows[0].question_id, rows[1].question_id
    place = home(session, cast)
    bank.change(session, cast.wanglei, place, changed, replace(rows[0].entry, difficulty=1), 1, now=NOON)
    assert cast.lifang.person_id
    bank.record_answers(session, cast.lifang.person_id, uuid.uuid4(), {(answered, 1): 1000}, now=NOON)
    assert bank.undo(session, cast.wanglei, batch_id, now=NOON) == (5, 2)
    assert session.scalar(select(func.count()).select_from(BankQuestion)) == 2
    assert session.scalar(select(func.count()).select_from(BankRevision)) == 3
    (row,) = bank.list_batches(session, cast.wanglei, place)
    assert (row.state, row.counts["undone"], row.counts["kept"], row.by) == ("undone", 5, 2, "王磊")
    with pytest.raises(Conflict, match="bank_batch_done"):
        bank.undo(session, cast.wanglei, batch_id, now=NOON)


def test_two_thousand_rows_come_in(session: Session, cast: Cast, parts: Parts, tmp_path: Path) -> None:
    many = [
        replace(SOUND[0], item=replace(SINGLE, stem=f"第 {n * 7919 % 100003} 题：{n} 号房的老人{n * n}要喝水吗"))
        for n in range(2000)
    ]
    batch_id = take_in(session, cast, parts, workbook(many, tmp_path))
    _rows, total = bank.list_questions(session, cast.wanglei, Filters(cast.kangning, SLUG, batch_id=batch_id))
    view = bank.check(session, parts.store, cast.wanglei, batch_id)
    assert (view.counts["all"], total + view.batch.counts["near"]) == (2000, 2000)
    assert view.counts["exact"] == total


@pytest.mark.parametrize("target", list(Target))
def test_exports_come_back_unchanged(
    session: Session, cast: Cast, parts: Parts, tmp_path: Path, target: Target
) -> None:
    for entry in SOUND:
        add(session, cast, entry)
    filters = Filters(cast.kangning, SLUG)
    place = home(session, cast)
    made = bank.export(session, parts.store, cast.wanglei, place, filters, target, now=NOON)
    made.fill(tmp_path / "bank")
    view = bring(session, cast, parts, (tmp_path / "bank").read_bytes(), f"bank.{target}")
    assert made.questions == 7
    assert view.failed == []
    assert all(row.twin and row.twin.is_exact for row in view.rows)
    assert [row.entry for row in view.rows] == [
        e for e in SOUND if target is not Target.GIFT or e in SOUND[:3] + SOUND[4:5]
    ]


def test_pictures_travel_and_nobody_takes_a_strangers(
    session: Session, cast: Cast, parts: Parts, tmp_path: Path
) -> None:
    made = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(made, "PNG")
    picture = bank.keep_picture(parts.store, made.getvalue())
    with pytest.raises(Refused, match="asset_kind"):
        bank.keep_picture(parts.store, b"%PDF-1.7")
    entry = replace(SOUND[0], item=replace(SINGLE, picture=picture))
    held = add(session, cast, entry)
    assert bank.open_picture(session, cast.wanglei, held, 1) == picture
    data = workbook([entry], tmp_path)
    assert bring(session, cast, parts, data).rows[0].entry == entry
    theirs = bank.get_place(session, cast.zhaoqin, cast.anhe, SLUG)
    stranger = bank.bring(
        session, parts.store, cast.zhaoqin, theirs, file_name="x.xlsx", data=data, kind=None, now=NOON
    )
    assert [fault.code for fault in stranger.rows[0].faults] == ["bank_picture_unknown"]
    exported = bank.export(
        session, parts.store, cast.wanglei, home(session, cast), Filters(cast.kangning, SLUG), Target.MOODLE, now=NOON
    )
    exported.fill(tmp_path / "bank.xml")
    view = bring(session, cast, parts, (tmp_path / "bank.xml").read_bytes(), "bank.xml")
    assert view.rows[0].twin == bank.checking.Twin(True, question_id=held)


def test_failed_rows_say_what_is_wrong(session: Session, cast: Cast, parts: Parts, tmp_path: Path) -> None:
    view = bring(session, cast, parts, workbook([SOUND[0], ENTRIES[6]], tmp_path))
    made = bank.failed_rows(view, lambda fault: fault.code)
    made.fill(tmp_path / "failed.xlsx")
    mended = bring(session, cast, parts, (tmp_path / "failed.xlsx").read_bytes())
    assert (made.questions, [row.found.raws for row in mended.rows] != []) == (1, True)
    assert [fault.code for fault in mended.rows[0].faults] == ["bank_objective_unknown"]


def test_statistics_count_attempts(session: Session, cast: Cast) -> None:
    hard, easy = add(session, cast), add(session, cast, SOUND[1])
    assert cast.lifang.person_id
    for number in range(20):
        scores = {(hard, 1): 1000 if number >= 10 else 0, (easy, 1): 1000 if number >= 5 else 0}
        bank.record_answers(session, cast.lifang.person_id, uuid.uuid4(), scores, now=NOON)
    bank.record_answers(session, cast.lifang.person_id, uuid.uuid4(), {(easy, 1): 1000}, now=NOON)
    found = bank.statistics_of(session, cast.wanglei, cast.kangning, SLUG, [hard, easy])
    assert (found[hard].answers, found[hard].difficulty, found[hard].exposure) == (20, 500, 952)
    assert (found[easy].answers, found[easy].difficulty, found[easy].exposure) == (21, 761, 1000)
    assert found[hard].discrimination == 666
    unseen = add(session, cast, SOUND[2])
    none = bank.statistics_of(session, cast.wanglei, cast.kangning, SLUG, [unseen])[unseen]
    assert (none.answers, none.exposure, none.remarks) == (0, 0, (Remark.FEW,))


def test_strangers_find_nothing(session: Session, cast: Cast, parts: Parts, tmp_path: Path) -> None:
    made = add(session, cast)
    batch_id = bring(session, cast, parts, workbook(SOUND, tmp_path)).batch.id
    place = home(session, cast)
    attempts = [
        lambda: bank.get_question(session, cast.zhaoqin, made),
        lambda: bank.history(session, cast.zhaoqin, made),
        lambda: bank.retire(session, cast.zhaoqin, made, now=NOON),
        lambda: bank.restore(session, cast.zhaoqin, made, now=NOON),
        lambda: bank.change(session, cast.zhaoqin, place, made, SOUND[0], 1, now=NOON),
        lambda: bank.open_picture(session, cast.zhaoqin, made, 1),
        lambda: bank.check(session, parts.store, cast.zhaoqin, batch_id),
        lambda: bank.recheck(session, parts.store, cast.zhaoqin, batch_id, Choices()),
        lambda: bank.take_in(session, parts.store, cast.zhaoqin, batch_id, now=NOON),
        lambda: bank.undo(session, cast.zhaoqin, batch_id, now=NOON),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound):
            attempt()
    assert bank.list_questions(session, cast.zhaoqin, Filters(cast.kangning, SLUG)) == ([], 0)
    assert bank.list_batches(session, cast.zhaoqin, place) == []
    with pytest.raises(NotFound):
        bank.open_picture(session, cast.wanglei, made, 1)
