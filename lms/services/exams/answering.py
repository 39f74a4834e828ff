"""An answer is saved as it is given: once for each key of the phone, however often it is sent."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from lms.domain import exam_papers, exams
from lms.domain.errors import Conflict, Refused
from lms.domain.exam_answers import Fields, read_given
from lms.domain.exam_papers import Given
from lms.models.base import new_id
from lms.models.exams import ExamAnswer, ExamSitting
from lms.services import study_clock
from lms.services.exams import rows
from lms.services.scopes import Actor

MOST_ANSWERS = 3_000  # of one sitting: room for every change of mind, none for a flood; our own choice


@dataclass(frozen=True)
class Delivery:
    """What a phone or a form brings: the place from 0, the fields, and the phone's own key for this answer.

    `seen`: the number of the last answer that the phone knows the server to have; `held_ms`: how long it kept this
    one back, by its own counting.
    """

    place: int
    key: str
    fields: Fields
    seen: int = 0
    held_ms: int = 0


@dataclass(frozen=True)
class Receipt:
    """An answer is saved: its number in the sitting, whether the question is wholly answered, the time left."""

    number: int
    is_answered: bool
    left_ms: int


@dataclass
class _Book:
    """What is saved in one sitting while it is locked."""

    by_key: dict[str, ExamAnswer] = field(default_factory=dict)
    received: dict[int, int] = field(default_factory=dict)


def save(
    session: Session, actor: Actor, sitting_id: uuid.UUID, deliveries: list[Delivery], *, now: datetime
) -> list[Receipt]:
    """Saves answers, those known by their key not again.

    NotFound; Conflict: exam_closed, exam_answer_changed (the same key with another answer); Refused: exam_time_over,
    exam_place_unknown, exam_too_many_answers.
    """
    sitting = rows.find(session, actor, sitting_id, lock=True)
    if rows.is_closed(session, sitting_id):
        raise Conflict("exam_closed")
    now_ms = study_clock.read_ms(session)
    if exams.is_over(sitting.due_ms, now_ms):
        raise Refused("exam_time_over")
    kept = rows.saved(session, sitting_id)
    book = _Book({row.client_key: row for row in kept}, {row.number: row.received_ms for row in kept})
    paper = exam_papers.from_json(sitting.paper)
    if any(not 0 <= each.place < len(paper) for each in deliveries):
        raise Refused("exam_place_unknown")
    items = rows.items_of(session, [tuple(paper[each.place] for each in deliveries)])
    receipts = []
    for each in deliveries:
        slot = paper[each.place]
        item = exam_papers.as_shown(items[slot.question, slot.revision], slot)
        given = read_given(item, each.fields)
        row = _known(book, each, given) or _add(session, sitting, book, each, given, now_ms, now)
        left = exams.left_ms(sitting.due_ms, now_ms)
        receipts.append(Receipt(row.number, exam_papers.is_answered(item, given), left))
    return receipts


def save_form(
    session: Session, actor: Actor, sitting_id: uuid.UUID, by_place: Mapping[int, Fields], *, now: datetime
) -> None:
    """Saves a whole page without script: only the places whose answer is another than the one that counts."""
    sitting = rows.find(session, actor, sitting_id, lock=True)
    paper = exam_papers.from_json(sitting.paper)
    before = exams.counting(map(rows.as_saved, rows.saved(session, sitting_id)), sitting.due_ms)
    items = rows.items_of(session, [paper])
    changed = []
    for place, slot in enumerate(paper):
        item = exam_papers.as_shown(items[slot.question, slot.revision], slot)
        empty = read_given(item, {})
        if read_given(item, by_place.get(place, {})) != before.get(place, empty):
            changed.append(Delivery(place, new_id().hex, by_place.get(place, {})))
    if changed:
        save(session, actor, sitting_id, changed, now=now)


def _known(book: _Book, delivery: Delivery, given: Given) -> ExamAnswer | None:
    row = book.by_key.get(delivery.key)
    if row is not None and (row.place, row.answer) != (delivery.place, given):
        raise Conflict("exam_answer_changed")
    return row


def _add(
    session: Session,
    sitting: ExamSitting,
    book: _Book,
    delivery: Delivery,
    given: Given,
    now_ms: int,
    now: datetime,
) -> ExamAnswer:
    number = len(book.received) + 1
    if number > MOST_ANSWERS:
        raise Refused("exam_too_many_answers")
    row = ExamAnswer(
        id=new_id(),
        sitting_id=sitting.id,
        place=delivery.place,
        number=number,
        client_key=delivery.key,
        answer=given,
        held_ms=exams.held(delivery.held_ms, now_ms, book.received.get(delivery.seen, sitting.opened_ms)),
        received_ms=now_ms,
        received_at=now,
    )
    session.add(row)
    book.by_key[delivery.key], book.received[number] = row, now_ms
    return row
