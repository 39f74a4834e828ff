"""Grades of closed sittings: the first, and later ones when a ruling changes what counts."""

import uuid
from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain import exam_papers, exams
from lms.domain.evidence import EvidenceKind, canonical, leaf_of
from lms.domain.exams import RulingKind
from lms.models.exams import ExamGrade, ExamRuling, ExamSitting
from lms.services.bank import record_answers
from lms.services.evidence import Held, Pen
from lms.services.exams import rows

Rulings = dict[tuple[str, int], RulingKind]


def standing(session: Session, question_ids: Collection[uuid.UUID]) -> Rulings:
    """(question, revision) → the ruling that stands, which is the last one."""
    found = select(ExamRuling).where(ExamRuling.question_id.in_(question_ids))
    ordered = found.order_by(ExamRuling.decided_at, ExamRuling.id)
    return {(str(row.question_id), row.revision): RulingKind(row.ruling) for row in session.scalars(ordered)}


def first(pen: Pen, held: Held, sitting: ExamSitting, answers: dict[int, exam_papers.Given]) -> ExamGrade:
    """Grades a sitting at its closing, and tells the bank how its questions were answered."""
    session, paper = pen.session, exam_papers.from_json(sitting.paper)
    items = rows.in_order(rows.items_of(session, [paper]), paper)
    rulings = standing(session, [uuid.UUID(slot.question) for slot in paper])
    scores = exams.raw_scores(paper, items, answers)
    told = {(uuid.UUID(slot.question), slot.revision): score for slot, score in zip(paper, scores, strict=True)}
    record_answers(session, sitting.person_id, sitting.id, told, now=pen.now)
    graded = exams.assess(paper, items, answers, rulings, sitting.pass_percent)
    return _write(pen, held, sitting, 1, graded, None)


def again(
    pen: Pen, held: Held, sitting: ExamSitting, ruling: ExamRuling, standing_now: Rulings, items: rows.Items
) -> bool:
    """Grades a closed sitting once more; whether anything changed, for only then is there a new grade.

    `items`: the wordings of at least its paper.
    """
    session, paper = pen.session, exam_papers.from_json(sitting.paper)
    answers = exams.counting(map(rows.as_saved, rows.saved(session, sitting.id)), sitting.due_ms)
    graded = exams.assess(paper, rows.in_order(items, paper), answers, standing_now, sitting.pass_percent)
    before = latest(session, sitting.id)
    if before is None or tuple(before.scores) == graded.scores:
        return False
    _write(pen, held, sitting, before.number + 1, graded, ruling)
    return True


def latest(session: Session, sitting_id: uuid.UUID) -> ExamGrade | None:
    """The grade that counts; None before the closing."""
    mine = select(ExamGrade).where(ExamGrade.sitting_id == sitting_id)
    return session.scalar(mine.order_by(ExamGrade.number.desc()).limit(1))


def ruling_hash(ruling: ExamRuling) -> str:
    """What an entry binds of a ruling: the question, the decision, the reason, and who decided."""
    names = ("id", "question_id", "revision", "ruling", "reason", "decided_by")
    facts = {name: str(getattr(ruling, name)) for name in names}
    return leaf_of(canonical(facts))


def _write(
    pen: Pen, held: Held, sitting: ExamSitting, number: int, graded: exams.ExamGrade, ruling: ExamRuling | None
) -> ExamGrade:
    facts: dict[str, Any] = {"number": number, "scores": list(graded.scores)}
    facts |= {"score_percent": graded.score_percent, "passed": graded.passed}
    told = {"sitting": str(sitting.id), "ruling": str(ruling.id) if ruling else None}
    bound = {"ruling_hash": ruling_hash(ruling) if ruling else None}
    entry = pen.append(held, EvidenceKind.GRADE, {**facts, **told, **bound})
    made = ExamGrade(
        sitting_id=sitting.id,
        ruling_id=ruling.id if ruling else None,
        graded_at=pen.now,
        entry=entry.number,
        **facts,
    )
    pen.session.add(made)
    return made
