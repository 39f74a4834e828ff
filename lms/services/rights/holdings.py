"""What is held about a person, under which rule and until when; the periods that staff have set."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from lms.clock import civil_day
from lms.domain import retention
from lms.domain.retention import Decision, Holding, Rule, Setting
from lms.domain.roles import Role
from lms.models.accounts import Account, LoginSession
from lms.models.audit import AuditEvent
from lms.models.base import new_id
from lms.models.enrollments import Cohort, Enrollment
from lms.models.records import Record
from lms.models.rights import RetentionSetting
from lms.models.shares import Share
from lms.models.skills import Qualification
from lms.services import audit, humans, looks, scopes
from lms.services.scopes import Actor


@dataclass(frozen=True)
class RuleRow:
    """A rule as it is in force, and when staff set it (None for what ships with the platform)."""

    rule: Rule
    set_at: datetime | None


def rules(session: Session) -> tuple[RuleRow, ...]:
    """Every rule in force."""
    rows = session.scalars(select(RetentionSetting).order_by(RetentionSetting.set_at, RetentionSetting.id)).all()
    last = {row.code: row for row in rows}
    settings = {code: Setting(row.months, row.source, row.confidence) for code, row in last.items()}
    in_force = retention.in_force(settings)
    return tuple(RuleRow(rule, last[rule.code].set_at if rule.code in last else None) for rule in in_force)


def set_period(
    session: Session, actor: Actor, code: str, months: int, source: str, confidence: str, *, now: datetime
) -> None:
    """Staff of the platform enter a period with its source.

    Refused: retention_rule, retention_months, retention_source.
    """
    scopes.require(actor, Role.PLATFORM)
    found = retention.check_setting(code, months, source, confidence)
    made = RetentionSetting(
        id=new_id(),
        code=code,
        months=found.months,
        source=found.source,
        confidence=found.confidence,
        set_by=actor.account_id,
        set_at=now,
    )
    session.add(made)
    detail = {"months": found.months, "confidence": found.confidence}
    audit.record(session, "retention.set", code, now=now, account_id=actor.account_id, detail=detail)
    session.flush()


def list_holdings(session: Session, person_id: uuid.UUID) -> tuple[Holding, ...]:
    """What is held about a person and whoever else she is on record as, each under its rule."""
    bodies = humans.bodies(session, person_id)
    since = {
        "training_records": _last_class(session, bodies),
        "completion_records": _last_record(session, bodies),
        "network_logs": _last_login(session, bodies),
        "sharing_records": _last_look(session, bodies),
        "outside_certificates": _last_certificate(session, bodies),
        "share_links": _last_share(session, bodies),
    }
    return tuple(Holding(row.rule, day) for row in rules(session) if (day := since[row.rule.code]) is not None)


def decide(session: Session, person_id: uuid.UUID, today: date) -> Decision:
    """What a wish for deletion leads to today."""
    return retention.decide(list_holdings(session, person_id), today)


def _last_class(session: Session, bodies: Collection[uuid.UUID]) -> date | None:
    """The day her last class closes: from then on her training records are an archive."""
    mine = select(func.max(Cohort.closes_on)).join(Enrollment, Enrollment.cohort_id == Cohort.id)
    return session.scalar(mine.where(Enrollment.person_id.in_(bodies)))


def _last_record(session: Session, bodies: Collection[uuid.UUID]) -> date | None:
    mine = select(func.max(Record.issued_at)).join(Enrollment, Enrollment.id == Record.enrollment_id)
    return _day(session.scalar(mine.where(Enrollment.person_id.in_(bodies))))


def _last_login(session: Session, bodies: Collection[uuid.UUID]) -> date | None:
    mine = select(func.max(LoginSession.created_at)).join(Account, Account.id == LoginSession.account_id)
    return _day(session.scalar(mine.where(Account.person_id.in_(bodies))))


def _last_look(session: Session, bodies: Collection[uuid.UUID]) -> date | None:
    """The last day on which her records were shown to the authority."""
    return _day(session.scalar(select(func.max(AuditEvent.at)).where(looked_at(session, bodies))))


def _last_certificate(session: Session, bodies: Collection[uuid.UUID]) -> date | None:
    """The day the newest certificate from elsewhere was entered."""
    mine = select(func.max(Qualification.entered_at)).where(Qualification.person_id.in_(bodies))
    return _day(session.scalar(mine))


def _last_share(session: Session, bodies: Collection[uuid.UUID]) -> date | None:
    """The day the last of her links is over, were it not taken back before."""
    return _day(session.scalar(select(func.max(Share.expires_at)).where(Share.person_id.in_(bodies))))


def looked_at(session: Session, bodies: Collection[uuid.UUID]) -> ColumnElement[bool]:
    """Which audit rows tell of an inspector's look at her records or her class's lists."""
    mine = select(Enrollment.id, Enrollment.cohort_id).where(Enrollment.person_id.in_(bodies))
    subjects: Sequence[str] = [str(each) for row in session.execute(mine) for each in row]
    return (AuditEvent.action == looks.ACTION) & AuditEvent.subject.in_(subjects)


def _day(moment: datetime | None) -> date | None:
    return civil_day(moment) if moment else None
