"""A faulty question: an institution decides what becomes of it, and every sitting that had it is graded again."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from lms.domain.errors import NotFound, Refused
from lms.domain.exam_papers import from_json
from lms.domain.exams import RulingKind
from lms.domain.identity import holds_number
from lms.domain.roles import Role
from lms.models.bank import BankAnswer, BankQuestion, BankRevision
from lms.models.base import new_id
from lms.models.enrollments import Enrollment
from lms.models.exams import ExamRuling, ExamSitting
from lms.services import audit, completion, scopes, study_clock
from lms.services.bank import bodies
from lms.services.exams import grading, rows
from lms.services.scopes import Actor

LONGEST_REASON = 500


@dataclass(frozen=True)
class AskedQuestion:
    """A wording that exams have asked: how often, how well it was answered in percent, the ruling that stands."""

    question_id: uuid.UUID
    revision: int
    course_slug: str
    stem: str
    asked: int
    mean_percent: int
    ruling: RulingKind | None


def list_questions(session: Session, actor: Actor, *, worst: int = 100) -> list[AskedQuestion]:
    """The wordings asked by the actor's institutions, those answered worst first."""
    mean = func.sum(BankAnswer.score_permille) / func.count()
    found = session.execute(_asked(actor).order_by(mean, BankAnswer.question_id).limit(worst)).all()
    return _rows(session, found)


def get_question(session: Session, actor: Actor, question_id: uuid.UUID, revision: int) -> AskedQuestion:
    """One of these. NotFound."""
    one = _asked(actor).where(BankAnswer.question_id == question_id, BankAnswer.revision == revision)
    for row in _rows(session, session.execute(one).all()):
        return row
    raise NotFound


def rule(
    session: Session,
    actor: Actor,
    question_id: uuid.UUID,
    revision: int,
    kind: RulingKind,
    reason: str,
    *,
    now: datetime,
) -> int:
    """Decides on one wording and grades anew what it changes; tells how many grades changed.

    NotFound for a stranger's question or one never asked; Refused: exam_reason_missing, exam_reason_too_long,
    words_personal.
    """
    told = " ".join(reason.split())
    if not told:
        raise Refused("exam_reason_missing")
    if len(told) > LONGEST_REASON:
        raise Refused("exam_reason_too_long", longest=LONGEST_REASON)
    if holds_number(told):
        raise Refused("words_personal")
    get_question(session, actor, question_id, revision)
    organisation_id = session.get_one(BankQuestion, question_id).organisation_id
    made = ExamRuling(
        id=new_id(),
        organisation_id=organisation_id,
        question_id=question_id,
        revision=revision,
        ruling=kind.value,
        reason=told,
        decided_by=actor.account_id,
        decided_at=now,
    )
    session.add(made)
    session.flush()
    changed = _regrade(session, made, now)
    detail = {"question": str(question_id), "revision": revision, "ruling": kind.value, "changed": changed}
    who = {"account_id": actor.account_id, "organisation_id": organisation_id}
    audit.record(session, "exam.ruling", made.id, now=now, detail=detail, **who)
    return changed


def _regrade(session: Session, ruling: ExamRuling, now: datetime) -> int:
    attempts = select(BankAnswer.attempt_id).where(
        BankAnswer.question_id == ruling.question_id, BankAnswer.revision == ruling.revision
    )
    found = session.scalars(select(ExamSitting).where(ExamSitting.id.in_(attempts)).order_by(ExamSitting.id)).all()
    pen, held = study_clock.hold(session, [each.person_id for each in found], now=now)
    items = rows.items_of(session, [from_json(each.paper) for each in found])
    standing = grading.standing(session, {uuid.UUID(question) for question, _revision in items})
    changed = [each for each in found if grading.again(pen, held[each.person_id], each, ruling, standing, items)]
    pen.write()
    for each in changed:
        completion.refresh(session, session.get_one(Enrollment, each.enrollment_id), now=now)
    return len(changed)


def _asked(actor: Actor) -> Select[Any]:
    mine = BankQuestion.organisation_id.in_(scopes.places_of(actor, Role.INSTITUTION))
    counted: tuple[Any, ...] = (func.count(), func.sum(BankAnswer.score_permille))
    columns: tuple[Any, ...] = (BankAnswer.question_id, BankAnswer.revision, BankQuestion.course_slug, *counted)
    return (
        select(*columns)
        .join(BankQuestion, BankQuestion.id == BankAnswer.question_id)
        .where(mine)
        .group_by(BankAnswer.question_id, BankAnswer.revision, BankQuestion.course_slug)
    )


def _rows(session: Session, found: Any) -> list[AskedQuestion]:
    ids = {row[0] for row in found}
    bodies_of = select(BankRevision).where(BankRevision.question_id.in_(ids))
    stems = {(row.question_id, row.number): bodies.from_json(row.body).item.stem for row in session.scalars(bodies_of)}
    ruled = grading.standing(session, ids)
    return [
        AskedQuestion(
            question_id,
            revision,
            slug,
            stems[question_id, revision],
            count,
            int(total) // (10 * count),
            ruled.get((str(question_id), revision)),
        )
        for question_id, revision, slug, count, total in found
    ]
