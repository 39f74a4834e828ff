"""Whose paper was it? From the watermark, or from the order of questions, for institutions whose paper leaked."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain.bank import fold
from lms.domain.errors import Refused
from lms.domain.exam_papers import from_json
from lms.domain.roles import Role
from lms.models.bank import BankQuestion, BankRevision
from lms.models.enrollments import Cohort, Enrollment
from lms.models.exams import ExamSitting
from lms.models.people import Person
from lms.services import audit, scopes
from lms.services.scopes import Actor

FEWEST_LINES, MOST_LINES = 3, 100  # each line is looked for in every wording of the bank
SHORTEST_LINE = 4


@dataclass(frozen=True)
class Trace:
    """A sitting that the paper may be from; `questions`: how many of the lines stand in it, in this order."""

    sitting_id: uuid.UUID
    name: str
    cohort: str
    number: int
    mode: str
    opened_at: datetime
    watermark: str


def trace(session: Session, actor: Actor, text: str, *, now: datetime) -> list[Trace]:
    """The sittings of her institutions that a watermark names, or that have these questions (one a line) in this order.

    What was looked for and how many were found is on record. Refused: exam_trace_too_little.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()][:MOST_LINES]
    code = "".join(filter(str.isalnum, text)).upper()
    found = _rows(session, actor, code) if len(lines) == 1 else []
    if not found:
        if len(lines) < FEWEST_LINES:
            _note(session, actor, "watermark", 0, now)
            return []
        found = _by_order(session, actor, lines)
    _note(session, actor, "watermark" if len(lines) == 1 else "order", len(found), now)
    return found


def _rows(session: Session, actor: Actor, watermark: str | None) -> list[Trace]:
    return [row for row, _ in _read(session, actor, watermark)]


def _read(session: Session, actor: Actor, watermark: str | None) -> list[tuple[Trace, tuple[str, ...]]]:
    mine = (
        scopes.learners_of(actor)
        .join(ExamSitting, ExamSitting.enrollment_id == Enrollment.id)
        .join(Person, Person.id == Enrollment.person_id)
        .with_only_columns(ExamSitting, Person.name, Cohort.name)
        .order_by(ExamSitting.opened_at.desc(), ExamSitting.id)
    )
    if watermark is not None:
        mine = mine.where(ExamSitting.watermark == watermark)
    return [
        (
            Trace(row.id, name, cohort, row.number, row.mode, row.opened_at, row.watermark),
            tuple(slot.question for slot in from_json(row.paper)),
        )
        for row, name, cohort in session.execute(mine)
    ]


def _by_order(session: Session, actor: Actor, lines: Sequence[str]) -> list[Trace]:
    wordings = (
        select(BankRevision)
        .join(BankQuestion, BankQuestion.id == BankRevision.question_id)
        .where(BankQuestion.organisation_id.in_(scopes.places_of(actor, Role.INSTITUTION)))
    )
    known = [(str(row.question_id), _signs(row.body["item"]["stem"])) for row in session.scalars(wordings)]
    told = [signs for signs in map(_signs, lines) if len(signs) >= SHORTEST_LINE]
    wanted = [{question for question, text in known if line in text} for line in told]
    wanted = [each for each in wanted if each]
    if len(wanted) < FEWEST_LINES:
        raise Refused("exam_trace_too_little", fewest=FEWEST_LINES)
    return [row for row, order in _read(session, actor, None) if _stands_in(wanted, order)]


def _signs(text: str) -> str:
    """What of a text survives being copied by hand: its letters and digits."""
    return "".join(filter(str.isalnum, fold(text)))


def _stands_in(wanted: Sequence[set[str]], order: Sequence[str]) -> bool:
    """Whether the questions stand in the paper in this order, others between them or not."""
    places = iter(order)
    return all(any(question in each for question in places) for each in wanted)


def _note(session: Session, actor: Actor, by: str, found: int, now: datetime) -> None:
    places = actor.organisation_ids(Role.INSTITUTION)
    who = {"account_id": actor.account_id, "organisation_id": next(iter(places), None)}
    audit.record(session, "exam.trace", actor.account_id, now=now, detail={"by": by, "found": found}, **who)
