"""The look at exams: closed sittings go to the detectors, findings become flags. Scores are never touched.

Looked at are the newest written sittings of each institution in which somebody closed one lately; what an examiner
entered for somebody (an oral exam) says nothing of how she answered.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lms.domain import exam_flags
from lms.domain.bank import FULL, ItemType
from lms.domain.exam_flags import Answered, Sat
from lms.domain.exams import Cause, Mode
from lms.domain.flags import FlagKind
from lms.models.bank import BankRevision
from lms.models.base import first_id
from lms.models.enrollments import Cohort, Enrollment
from lms.models.exams import ExamAnswer, ExamClosing, ExamGrade, ExamSitting
from lms.services.cases.flags import Suspicion

BACK = timedelta(days=1)
SITTINGS_BACK = timedelta(days=180)  # what wrong answers are common is known from them
LONGEST_SITTING = timedelta(days=1)
MOST_SITTINGS = 500
COMPARED = (ItemType.SINGLE.value, ItemType.MULTIPLE.value)


@dataclass(frozen=True)
class _Closed:
    """A closed sitting with its place, and whether that was lately."""

    row: ExamSitting
    cohort_id: uuid.UUID
    organisation_id: uuid.UUID
    is_new: bool
    sat: Sat


def look(session: Session, now: datetime) -> Iterator[Suspicion]:
    """What looks strange in the sittings closed in the last day. Writes nothing."""
    for organisation_id in session.scalars(_organisations(now)):
        closed = _closed(session, organisation_id, now)
        counts = exam_flags.wrong_counts(each.sat for each in closed.values())
        by_cohort: dict[uuid.UUID, list[_Closed]] = defaultdict(list)
        for each in closed.values():
            by_cohort[each.cohort_id].append(each)
        for mine in by_cohort.values():
            if any(each.is_new for each in mine):
                yield from _judge(closed, [each.sat for each in mine], counts)


def _judge(closed: Mapping[str, _Closed], sats: Sequence[Sat], counts: exam_flags.Counts) -> Iterator[Suspicion]:
    for sat in sats:
        if detail := exam_flags.too_fast(sat):
            yield _suspect(FlagKind.EXAM_TOO_FAST, closed[sat.sitting], detail)
    for sitting, detail in exam_flags.handed_in_together(sats).items():
        yield _suspect(FlagKind.EXAM_HANDED_IN_TOGETHER, closed[sitting], detail)
    for sitting, other, detail in exam_flags.by_sitting(exam_flags.alike(sats, counts)):
        yield _suspect(FlagKind.EXAM_ALIKE, closed[sitting], detail, other)


def _suspect(kind: FlagKind, of: _Closed, detail: exam_flags.Detail, other: str = "") -> Suspicion:
    place = {"sitting": of.sat.sitting} | ({"other_sitting": other} if other else {})
    key = ":".join([kind.value, *place.values()])
    return Suspicion(kind, of.row.person_id, of.organisation_id, key, {**detail, **place})


def _organisations(now: datetime) -> Select[uuid.UUID]:
    since = now - BACK
    return (
        select(Cohort.organisation_id)
        .join(Enrollment, Enrollment.cohort_id == Cohort.id)
        .join(ExamSitting, ExamSitting.enrollment_id == Enrollment.id)
        .join(ExamClosing, ExamClosing.sitting_id == ExamSitting.id)
        .where(ExamSitting.id >= first_id(since - LONGEST_SITTING), ExamClosing.closed_at >= since)
        .where(ExamSitting.mode == Mode.ONLINE.value)
        .distinct()
    )


def _closed(session: Session, organisation_id: uuid.UUID, now: datetime) -> dict[str, _Closed]:
    rows = (
        select(ExamSitting, ExamClosing, Enrollment.cohort_id)
        .join(ExamClosing, ExamClosing.sitting_id == ExamSitting.id)
        .join(Enrollment, Enrollment.id == ExamSitting.enrollment_id)
        .join(Cohort, Cohort.id == Enrollment.cohort_id)
        .where(Cohort.organisation_id == organisation_id, ExamSitting.mode == Mode.ONLINE.value)
        .where(ExamSitting.id >= first_id(now - SITTINGS_BACK))
        .order_by(ExamSitting.id.desc())
        .limit(MOST_SITTINGS)
    )
    found = session.execute(rows).all()
    read = _Read(session, [sitting for sitting, _, _ in found])
    return {
        str(sitting.id): _Closed(
            sitting, cohort_id, organisation_id, closing.closed_at >= now - BACK, read.sat(sitting, closing)
        )
        for sitting, closing, cohort_id in found
    }


class _Read:
    """What was answered in some sittings, with the wordings and the grades that count."""

    def __init__(self, session: Session, sittings: Sequence[ExamSitting]) -> None:
        ids = [sitting.id for sitting in sittings]
        self._answers: dict[tuple[uuid.UUID, int], list[ExamAnswer]] = defaultdict(list)
        saved = select(ExamAnswer).where(ExamAnswer.sitting_id.in_(ids)).order_by(ExamAnswer.number, ExamAnswer.id)
        for answer in session.scalars(saved):
            self._answers[answer.sitting_id, answer.place].append(answer)
        graded = select(ExamGrade).where(ExamGrade.sitting_id.in_(ids)).order_by(ExamGrade.number)
        self._scores = {grade.sitting_id: grade.scores for grade in session.scalars(graded)}
        questions = {uuid.UUID(slot["question"]) for sitting in sittings for slot in sitting.paper}
        wordings = select(BankRevision).where(BankRevision.question_id.in_(questions))
        self._items = {(str(row.question_id), row.number): row.body["item"] for row in session.scalars(wordings)}

    def sat(self, sitting: ExamSitting, closing: ExamClosing) -> Sat:
        """The sitting as the detectors want it."""
        scores = self._scores.get(sitting.id, [])
        answers = tuple(
            self._answered(slot, self._answers[sitting.id, place], scores[place] if place < len(scores) else None)
            for place, slot in enumerate(sitting.paper)
        )
        is_own = closing.cause == Cause.HANDED_IN
        person = str(sitting.person_id)
        return Sat(str(sitting.id), person, sitting.opened_ms, closing.closed_ms, is_own, answers)

    def _answered(self, slot: dict[str, Any], saved: list[ExamAnswer], score: int | None) -> Answered:
        item = self._items.get((slot["question"], slot["revision"]), {})
        first = min((answer.received_ms - answer.held_ms for answer in saved), default=None)
        wrong = ""
        if saved and score is not None and score < FULL and item.get("type") in COMPARED:
            shown = slot["order"]
            picked = saved[-1].answer.get("picked", [])
            wrong = ",".join(map(str, sorted(shown[at] for at in picked if 0 <= at < len(shown))))
        return Answered(slot["question"], characters(item), first, wrong)


def characters(item: Mapping[str, Any]) -> int:
    """How much there is to read in a question."""
    told = [item.get("stem", ""), *(option["text"] for option in item.get("options", ())), *item.get("steps", ())]
    told += [side for pair in item.get("pairs", ()) for side in pair]
    return sum(map(len, told)) + sum(map(characters, item.get("parts", ())))
