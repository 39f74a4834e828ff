"""The bank as it is and as it was, read by whoever teaches for the organisation."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from lms.adapters.objects import Store
from lms.domain.bank import Entry, fold
from lms.domain.courses import Asset
from lms.domain.errors import NotFound
from lms.models.accounts import Account
from lms.models.bank import BankAnswer, BankQuestion, BankRevision
from lms.services import assets, scopes
from lms.services.bank import bodies
from lms.services.bank.writing import ACTIVE
from lms.services.scopes import Actor

PAGE = 50


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; what is empty does not narrow."""

    organisation_id: uuid.UUID
    course_slug: str
    objective: str = ""
    type: str = ""
    difficulty: int | None = None
    tag: str = ""
    words: str = ""
    state: str = ACTIVE
    batch_id: uuid.UUID | None = None


@dataclass(frozen=True)
class Row:
    """One question in a list."""

    question_id: uuid.UUID
    entry: Entry
    state: str
    revision: int
    changed_at: datetime


@dataclass(frozen=True)
class QuestionView:
    """One question as it is now; `answered` counts answers to any of its revisions."""

    question_id: uuid.UUID
    organisation_id: uuid.UUID
    course_slug: str
    entry: Entry
    state: str
    revision: int
    answered: int


@dataclass(frozen=True)
class RevisionRow:
    """One wording, with who wrote it when."""

    number: int
    act: str
    by: str
    at: datetime
    entry: Entry


def list_questions(
    session: Session, actor: Actor, filters: Filters, *, page: int = 1, size: int = PAGE
) -> tuple[list[Row], int]:
    """One page of the questions, the newest first, and how many there are in all."""
    rows = _filtered(scopes.bank_of(actor), filters)
    total = session.scalar(rows.with_only_columns(func.count())) or 0
    told = rows.join(
        BankRevision, (BankRevision.question_id == BankQuestion.id) & (BankRevision.number == BankQuestion.revision)
    ).add_columns(BankRevision.body)
    told = told.order_by(BankQuestion.id.desc()).limit(size).offset((max(1, page) - 1) * size)
    found = [
        Row(each.id, bodies.from_json(body), each.state, each.revision, each.changed_at)
        for each, body in session.execute(told)
    ]
    return found, total


def _filtered(rows: Select[BankQuestion], filters: Filters) -> Select[BankQuestion]:
    place = (BankQuestion.organisation_id == filters.organisation_id, BankQuestion.course_slug == filters.course_slug)
    rows = rows.where(*place)
    for column, value in (
        (BankQuestion.objective, filters.objective),
        (BankQuestion.type, filters.type),
        (BankQuestion.difficulty, filters.difficulty),
        (BankQuestion.state, filters.state),
        (BankQuestion.batch_id, filters.batch_id),
    ):
        if value:
            rows = rows.where(column == value)
    if filters.tag:
        rows = rows.where(BankQuestion.tags.contains(f"|{filters.tag}|", autoescape=True))
    plain = "".join(sign for sign in fold(filters.words) if sign.isalnum())
    return rows.where(BankQuestion.words.contains(plain, autoescape=True)) if plain else rows


def find_row(session: Session, actor: Actor, question_id: uuid.UUID) -> BankQuestion:
    """The row of a question. NotFound."""
    found = session.scalar(scopes.bank_of(actor).where(BankQuestion.id == question_id))
    if found is None:
        raise NotFound
    return found


def get_question(session: Session, actor: Actor, question_id: uuid.UUID) -> QuestionView:
    """One question of the actor's organisations. NotFound."""
    found = find_row(session, actor, question_id)
    body = session.get_one(BankRevision, (found.id, found.revision)).body
    counted = select(func.count()).select_from(BankAnswer).where(BankAnswer.question_id == found.id)
    entry, answered = bodies.from_json(body), session.scalar(counted) or 0
    place = (found.organisation_id, found.course_slug)
    return QuestionView(found.id, *place, entry, found.state, found.revision, answered)


def history(session: Session, actor: Actor, question_id: uuid.UUID) -> list[RevisionRow]:
    """All wordings of a question, the newest first. NotFound."""
    found = find_row(session, actor, question_id)
    rows = (
        select(BankRevision, Account.name)
        .join(Account, Account.id == BankRevision.changed_by)
        .where(BankRevision.question_id == found.id)
        .order_by(BankRevision.number.desc())
    )
    return [
        RevisionRow(each.number, each.act, name, each.changed_at, bodies.from_json(each.body))
        for each, name in session.execute(rows)
    ]


def open_picture(session: Session, actor: Actor, question_id: uuid.UUID, number: int) -> Asset:
    """The picture of one revision of a question. NotFound."""
    found = find_row(session, actor, question_id)
    revision = session.get(BankRevision, (found.id, number)) if 0 < number <= found.revision else None
    picture = bodies.from_json(revision.body).item.picture if revision else None
    if picture is None:
        raise NotFound
    return picture


def read_picture(store: Store, picture: Asset) -> bytes:
    """The bytes of a picture."""
    with assets.open_bytes(store, picture) as body:
        return body.read()


def count_by_place(session: Session, actor: Actor) -> dict[tuple[uuid.UUID, str], int]:
    """How many questions in use the banks of the actor's organisations have: (organisation, course slug) → number."""
    place = (BankQuestion.organisation_id, BankQuestion.course_slug)
    rows = scopes.bank_of(actor).where(BankQuestion.state == ACTIVE).with_only_columns(*place, func.count())
    return {(organisation, slug): count for organisation, slug, count in session.execute(rows.group_by(*place))}


def variants(session: Session, organisation_id: uuid.UUID, course_slug: str) -> dict[str, int]:
    """How many questions in use the bank has for each objective of a course."""
    rows = (
        select(BankQuestion.objective, func.count())
        .where(BankQuestion.organisation_id == organisation_id, BankQuestion.course_slug == course_slug)
        .where(BankQuestion.state == ACTIVE)
        .group_by(BankQuestion.objective)
    )
    return dict(session.execute(rows).all())
