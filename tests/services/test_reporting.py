"""Reports over many classes: what their rows say, whose they are, and that a day that is over reads the same."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from lms.domain.errors import NotFound, Refused
from lms.domain.reporting import LearnerState, Pace
from lms.models.enrollments import Cohort
from lms.models.records import Record
from lms.models.study import LessonProgress
from lms.parts import Parts
from lms.services import reporting, selections
from lms.services.scopes import Actor
from lms.services.selections import EVERYBODY, Selection
from tests.support import history
from tests.support.cast import LESSON_MS, NOON, Cast
from tests.support.study import SOON, Phone, WoundClock, now
from tests.support.training import stage

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)
READERS = (
    reporting.hours_rows,
    reporting.plan_rows,
    reporting.overdue_rows,
    reporting.score_rows,
    reporting.attendance_rows,
    reporting.register_rows,
)
COUNTERS = (
    reporting.count_learners,
    reporting.count_learners,
    reporting.count_overdue,
    reporting.count_learners,
    reporting.most_attendance,
    reporting.count_registered,
)


def rows(
    parts: Parts, read: Callable[..., Iterator[Any]], actor: Actor, selection: Selection = EVERYBODY, **more: Any
) -> list[Any]:
    with parts.database.transaction(write=False) as session:
        return list(read(session, parts.keyring, actor, selection, **{"now": NOON, **more}))


def record(parts: Parts, cast: Cast) -> None:
    facts = {"course": "小课", "course_en": "A small course", "opens_on": "2026-11-01", "institution": "康宁"}
    with parts.database.transaction() as session:
        code = "ABCDE-FGHJK-MNPQR-STVWX"
        made = Record(enrollment_id=cast.enrollment, code=code, facts=facts, facts_hash="", issued_at=NOON)
        session.add(made)


def test_hours_of_a_day_that_is_over_are_the_same_for_ever(parts: Parts, cast: Cast, wound: WoundClock) -> None:
    history.watch(parts, cast, wound)
    phone = Phone(parts, cast.lifang, cast.enrollment, cast.lessons["read-hello"], check=SOON)
    phone.open()
    wound.forward(20_000)
    phone.beat(0, 20_000)
    past, later = Selection(as_of=TODAY), NOON + 30 * DAY
    (before,) = rows(parts, reporting.hours_rows, cast.zhoumin, past, now=later)
    wound.forward(24 * 3_600_000)
    phone.open()
    for at in (20_000, 40_000, 60_000, 80_000):
        wound.forward(20_000)
        answer = phone.beat(at, at + 20_000)
    phone.reply(answer["challenge"], phone.right(answer["challenge"]))
    (again,) = rows(parts, reporting.hours_rows, cast.zhoumin, past, now=later)
    (live,) = rows(parts, reporting.hours_rows, cast.zhoumin, now=now() + 2 * DAY)
    told = [replace(row, learner=None) for row in (before, again, live)]
    assert told[0] == told[1]
    assert told[2] != told[1]
    # over night the check of the first day was missed: its outcome is the second day's
    assert (live.checks, live.checks_passed, live.online_ms) == (before.checks + 2, before.checks_passed + 1, 215_000)
    assert before.evidence
    assert before.evidence != live.evidence


def test_hours_say_what_was_not_credited_and_why(parts: Parts, cast: Cast, wound: WoundClock) -> None:
    history.watch(parts, cast, wound)
    (row,) = rows(parts, reporting.hours_rows, cast.zhoumin, now=now() + DAY)
    assert (row.online_ms, row.in_person_hundredths, row.online_percent) == (115_000, 0, 100)
    assert row.total_hundredths == row.online_hundredths == 4  # 115 seconds of 45 minutes, rounded down
    assert {"already_credited", "lease_lost"} <= set(row.invalid_ms)


@pytest.mark.parametrize("read", READERS)
def test_a_day_that_is_not_over_is_refused(parts: Parts, cast: Cast, read: Callable[..., Iterator[Any]]) -> None:
    with pytest.raises(Refused, match="day_not_over"):
        rows(parts, read, cast.zhoumin, Selection(as_of=TODAY))


def test_the_plan_and_who_is_overdue(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        cohort = session.get_one(Cohort, cast.cohort)
        cohort.opens_on, cohort.closes_on = date(2026, 11, 14), date(2026, 12, 3)
        progress = {"covered": [], "by_class": {}, "confirmed_ms": 0, "updated_at": NOON}
        whole = {"enrollment_id": cast.enrollment, "lesson_id": cast.lessons["say-hello"], "credited_ms": LESSON_MS}
        session.add(LessonProgress(**whole, **progress))
    (row,) = rows(parts, reporting.plan_rows, cast.zhoumin)
    needed = LESSON_MS * 95 // 100
    assert (row.plan.required_ms, row.plan.planned_ms) == (2 * needed, 2 * needed * 9 // 20)
    assert (row.plan.pace, row.plan.credited_ms, row.days_over) == (Pace.ON_PLAN, needed, 0)
    assert rows(parts, reporting.overdue_rows, cast.zhoumin) == []
    (late,) = rows(parts, reporting.overdue_rows, cast.zhoumin, now=NOON + 15 * DAY)
    assert (late.plan.pace, late.days_over) == (Pace.OVERDUE, 5)
    (pace,) = reporting.by_cohort([late])
    assert (pace.name, pace.learners, pace.overdue, pace.behind) == ("2026年冬季一班", 1, 1, 0)
    record(parts, cast)
    assert rows(parts, reporting.overdue_rows, cast.zhoumin, now=NOON + 15 * DAY) == []


def test_the_ledger_of_records(parts: Parts, cast: Cast) -> None:
    assert rows(parts, reporting.register_rows, cast.zhoumin) == []
    record(parts, cast)
    (row,) = rows(parts, reporting.register_rows, cast.zhoumin)
    assert (row.place, row.name, row.number, row.issued_on) == (1, "李芳", "219999********0026", TODAY)
    (whole,) = rows(parts, reporting.register_rows, cast.zhoumin, unmasked=True)
    assert whole.number == "219999198501010026"
    for days in ({"since": TODAY + DAY}, {"until": TODAY - DAY}, {"as_of": TODAY - DAY}):
        assert rows(parts, reporting.register_rows, cast.zhoumin, Selection(**days)) == []
    assert len(rows(parts, reporting.register_rows, cast.zhoumin, Selection(since=TODAY, until=TODAY))) == 1
    past = rows(parts, reporting.register_rows, cast.zhoumin, Selection(as_of=TODAY), now=NOON + DAY)
    assert past == [row]


def test_scores_of_classes_that_ask_for_an_exam(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        training = stage(session, cast)
        training.sit(1, 82)
    (entry,) = rows(parts, reporting.score_rows, cast.zhoumin)
    assert (entry.cohort.id, entry.row.name, entry.row.theory) == (training.cohort, "李芳", 82)
    assert rows(parts, reporting.score_rows, cast.zhoumin, start=1) == []
    assert rows(parts, reporting.score_rows, cast.zhoumin, Selection(cohort_id=cast.cohort)) == []


@pytest.mark.parametrize(
    ("state", "many"),
    [(None, 1), (LearnerState.RECORDED, 0), (LearnerState.UNRECORDED, 1), (LearnerState.RUNNING, 1),
     (LearnerState.CLOSED, 0)],
)  # fmt: skip
def test_learners_by_state(parts: Parts, cast: Cast, state: LearnerState | None, many: int) -> None:
    assert len(rows(parts, reporting.plan_rows, cast.zhoumin, Selection(state=state))) == many
    record(parts, cast)
    turned = {LearnerState.RECORDED: 1, LearnerState.UNRECORDED: 0}
    found = rows(parts, reporting.plan_rows, cast.zhoumin, Selection(state=state))
    assert len(found) == (turned.get(state, many) if state else many)


@pytest.mark.parametrize(("read", "count"), list(zip(READERS, COUNTERS, strict=True)))
def test_no_report_holds_anything_of_strangers(
    parts: Parts, cast: Cast, read: Callable[..., Iterator[Any]], count: Callable[..., int]
) -> None:
    record(parts, cast)
    for selection in (Selection(cohort_id=cast.cohort), Selection(organisation_id=cast.kangning)):
        with pytest.raises(NotFound):
            rows(parts, read, cast.sunyue, selection)
        with parts.database.transaction(write=False) as session, pytest.raises(NotFound):
            count(session, cast.sunyue, selection, now=NOON)
    for row in rows(parts, read, cast.sunyue):
        assert "李芳" not in repr(row)


def test_shares_of_the_classes(parts: Parts, cast: Cast) -> None:
    record(parts, cast)
    with parts.database.transaction(write=False) as session:
        (share,) = reporting.shares(session, cast.zhoumin, EVERYBODY, now=NOON)
    assert (share.name, share.learners, share.recorded) == ("2026年冬季一班", 1, 1)


def test_a_selection_survives_its_words(cast: Cast) -> None:
    chosen = Selection(cast.cohort, None, cast.kangning, LearnerState.CLOSED, TODAY, TODAY, TODAY)
    assert selections.selection_of(selections.asked(chosen)) == chosen
    for wrong in ({"cohort": "x"}, {"state": "x"}, {"since": "x"}, {"organisation": "x"}):
        with pytest.raises(NotFound):
            selections.selection_of(wrong)
