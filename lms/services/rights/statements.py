"""The monthly statement: what was counted in a person's name, class by class, for her to say whether it is right."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.clock import civil_day
from lms.domain import rights
from lms.domain.days import later
from lms.domain.errors import Conflict, NotFound
from lms.domain.flags import FlagKind
from lms.domain.policies import policy_named
from lms.domain.statements import totals
from lms.domain.words import check_words
from lms.models.base import new_id
from lms.models.cases import Flag
from lms.models.courses import CourseVersion
from lms.models.enrollments import Cohort, Enrollment
from lms.models.organisations import Organisation
from lms.models.rights import MonthlyStatement, Restriction
from lms.models.study import StudyInterval
from lms.services import activation, audit, jobs, scopes
from lms.services.ledger import rows as ledger_rows
from lms.services.scopes import Actor

WRITE = "rights.statements"
MOST_LISTED = 60


@dataclass(frozen=True)
class StatementView:
    """One month's statement; `rows` as written. `disputed`: cases by the enrollments she said are wrong."""

    id: uuid.UUID
    month: date
    rows: tuple[dict[str, Any], ...]
    made_at: datetime
    is_new: bool
    disputed: dict[str, uuid.UUID]

    @property
    def credited_ms(self) -> int:
        """What was counted in the month, in milliseconds."""
        return sum(int(row["credited_ms"]) for row in self.rows)


def ask(session: Session, *, now: datetime) -> None:
    """Has last month's statements written, once; the sweeper asks again and again."""
    month = rights.month_of(civil_day(now))
    if month is not None:
        jobs.enqueue(session, WRITE, f"statements:{month:%Y-%m}", {"month": month.isoformat()}, now=now)


def list_due(session: Session, month: date) -> list[uuid.UUID]:
    """Who studied in the month and has no statement of it yet; whose records are archive only gets none."""
    after = later(month, 1)
    studied = select(StudyInterval.person_id).where(StudyInterval.studied_on >= month, StudyInterval.studied_on < after)
    told = select(MonthlyStatement.person_id).where(MonthlyStatement.month == month)
    closed = select(Restriction.person_id).where(Restriction.lifted_at.is_(None))
    due = studied.where(StudyInterval.person_id.not_in(told), StudyInterval.person_id.not_in(closed)).distinct()
    return list(session.scalars(due.order_by(StudyInterval.person_id)))


def write(session: Session, person_id: uuid.UUID, month: date, *, now: datetime) -> bool:
    """Writes a person's statement of a month; False if it is there already."""
    mine = (MonthlyStatement.person_id == person_id) & (MonthlyStatement.month == month)
    if session.scalar(select(MonthlyStatement.id).where(mine)) is not None:
        return False
    made = MonthlyStatement(
        id=new_id(), person_id=person_id, month=month, rows=_rows(session, person_id, month), made_at=now
    )
    try:
        with session.begin_nested():  # another worker may write it in the same moment
            session.add(made)
    except IntegrityError:
        return False
    return True


def _rows(session: Session, person_id: uuid.UUID, month: date) -> list[dict[str, Any]]:
    named = (
        select(Enrollment, Cohort, Organisation.name, CourseVersion.title, CourseVersion.title_en)
        .join(Cohort, Cohort.id == Enrollment.cohort_id)
        .join(Organisation, Organisation.id == Cohort.organisation_id)
        .join(CourseVersion, CourseVersion.id == Enrollment.course_version_id)
        .where(Enrollment.person_id == person_id)
        .order_by(Enrollment.id)
    )
    told = [_row(session, month, *row) for row in session.execute(named).all()]
    return [row for row in told if row is not None]


def _row(
    session: Session, month: date, enrollment: Enrollment, cohort: Cohort, place: str, course: str, course_en: str
) -> dict[str, Any] | None:
    found = [row for row in ledger_rows.of(session, enrollment) if row.day.replace(day=1) == month]
    if not found:
        return None
    sums, policy = totals(found), policy_named(cohort.policy_code)
    return {
        "enrollment": str(enrollment.id),
        "organisation": str(cohort.organisation_id),
        "institution": place,
        "cohort": cohort.name,
        "course": course,
        "course_en": course_en,
        "days": len({row.day for row in found if row.credited_ms}),
        "credited_ms": sums.credited_ms,
        "confirmed_ms": sums.confirmed_ms,
        "hour_hundredths": policy.class_hour_hundredths(sums.credited_ms),
        "policy": policy.code,
    }


def list_own(session: Session, actor: Actor) -> list[StatementView]:
    """Her statements, the newest first."""
    mine = scopes.monthly_statements_of(actor).order_by(MonthlyStatement.month.desc()).limit(MOST_LISTED)
    return [_view(session, row) for row in session.scalars(mine)]


def find_new(session: Session, actor: Actor) -> StatementView | None:
    """The newest statement, if she has not opened it yet."""
    newest = scopes.monthly_statements_of(actor).order_by(MonthlyStatement.month.desc()).limit(1)
    row = session.scalar(newest) if actor.person_id else None
    return _view(session, row) if row is not None and row.seen_at is None else None


def open_own(session: Session, actor: Actor, statement_id: uuid.UUID, *, now: datetime) -> StatementView:
    """One of her statements; that she has opened it is remembered."""
    row = _own(session, actor, statement_id)
    found = _view(session, row)
    row.seen_at = row.seen_at or now
    return found


def get_own(session: Session, actor: Actor, statement_id: uuid.UUID) -> StatementView:
    """One of her statements; nothing is remembered."""
    return _view(session, _own(session, actor, statement_id))


def dispute(
    session: Session, actor: Actor, statement_id: uuid.UUID, enrollment: str, words: str, *, now: datetime
) -> uuid.UUID:
    """She says that a line is not right: a case for that institution, whose id this is.

    NotFound; Conflict: statement_disputed; Refused: words_length, words_personal.
    """
    row, words = _own(session, actor, statement_id), check_words(words)
    line = next((each for each in row.rows if each["enrollment"] == enrollment), None)
    if line is None:
        raise NotFound
    if enrollment in _disputed(session, row):
        raise Conflict("statement_disputed")
    place, key = uuid.UUID(line["organisation"]), f"{_key(row)}{enrollment}"
    detail = {"enrollment": enrollment, "credited_ms": line["credited_ms"], "day": row.month.isoformat()}
    case_id = activation.raise_own(session, actor, FlagKind.STATEMENT_DISPUTED, place, key, detail, words, now=now)
    audit.record(session, "statement.dispute", row.id, now=now, account_id=actor.account_id, organisation_id=place)
    return case_id


def _own(session: Session, actor: Actor, statement_id: uuid.UUID) -> MonthlyStatement:
    row = session.scalar(scopes.monthly_statements_of(actor).where(MonthlyStatement.id == statement_id))
    if row is None:
        raise NotFound
    return row


def _view(session: Session, row: MonthlyStatement) -> StatementView:
    return StatementView(row.id, row.month, tuple(row.rows), row.made_at, row.seen_at is None, _disputed(session, row))


def _disputed(session: Session, row: MonthlyStatement) -> dict[str, uuid.UUID]:
    keys = [f"{_key(row)}{each['enrollment']}" for each in row.rows]
    found = session.execute(select(Flag.key, Flag.case_id).where(Flag.key.in_(keys)))
    return {each.key.removeprefix(_key(row)): each.case_id for each in found}


def _key(row: MonthlyStatement) -> str:
    return f"statement:{row.id}:"
