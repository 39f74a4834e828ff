"""What was answered, and what it says about the questions."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from lms.domain.bank_statistics import Answered, ItemStatistics, item_statistics
from lms.models.bank import BankAnswer, BankQuestion
from lms.models.base import new_id
from lms.services import scopes
from lms.services.scopes import Actor


def record_answers(
    session: Session,
    person_id: uuid.UUID,
    attempt_id: uuid.UUID,
    scores: Mapping[tuple[uuid.UUID, int], int],
    *,
    now: datetime,
) -> None:
    """Appends one attempt's answers: (question, revision) → score in ‰. An attempt answers a question once."""
    stamp = {"person_id": person_id, "attempt_id": attempt_id, "answered_at": now}
    rows = [
        {"id": new_id(), "question_id": question_id, "revision": revision, "score_permille": score, **stamp}
        for (question_id, revision), score in scores.items()
    ]
    if rows:
        session.execute(insert(BankAnswer), rows)


def statistics_of(
    session: Session, actor: Actor, organisation_id: uuid.UUID, course_slug: str, ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, ItemStatistics]:
    """Statistics of these questions, of all their revisions together, among all attempts in this bank."""
    mine = scopes.bank_of(actor).where(
        BankQuestion.organisation_id == organisation_id, BankQuestion.course_slug == course_slug
    )
    questions = mine.with_only_columns(BankQuestion.id).scalar_subquery()
    wanted = list(ids)
    answers = select(BankAnswer.question_id, BankAnswer.attempt_id, BankAnswer.score_permille)
    asked = answers.where(BankAnswer.question_id.in_(questions), BankAnswer.question_id.in_(wanted))
    totals = (
        select(BankAnswer.attempt_id, func.sum(BankAnswer.score_permille), func.count())
        .where(BankAnswer.question_id.in_(questions))
        .group_by(BankAnswer.attempt_id)
    )
    by_attempt = {attempt: (int(total), count) for attempt, total, count in session.execute(totals)}
    rows: dict[uuid.UUID, list[Answered]] = defaultdict(list)
    for question_id, attempt_id, score in session.execute(asked):
        total, count = by_attempt[attempt_id]
        rest = (total - score) // (count - 1) if count > 1 else None
        rows[question_id].append(Answered(score, rest))
    return {each: item_statistics(rows[each], len(by_attempt)) for each in wanted}
