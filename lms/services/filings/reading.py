"""Filings as pages show them: lists, one with its checklist, its history, and what changed since it was returned."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms import clock
from lms.crypto import Keyring
from lms.domain import filing_checks, filings, workdays
from lms.domain.filing_checks import Totals
from lms.domain.filings import Act
from lms.domain.roles import Role
from lms.domain.verdicts import Reason, Verdict
from lms.models.accounts import Account
from lms.models.enrollments import Cohort
from lms.models.filings import Filing, FilingEvent, PlanItem
from lms.models.organisations import Organisation
from lms.services import scopes, subsidies
from lms.services.filings import places, waiting
from lms.services.scopes import Actor
from lms.services.subsidies import Pinned


@dataclass(frozen=True)
class EventRow:
    """One act in the history, with who did it; `remarks` by field, of a filing that was returned."""

    act: str
    state: str
    by: str
    at: datetime
    note: str
    remarks: Mapping[str, str]
    facts: Mapping[str, Any]
    digest: str


@dataclass(frozen=True)
class FilingView:
    """A filing for whoever may see it. `facts` as filed (numbers masked); `state` as told today.

    `verdict`: what is missing and in doubt, asked of the day it is read; `left`: what stands against closing it;
    `changed`: the fields that differ from the filing before; `remarks`: the last ones, by field; `subsidy`: the policy
    that the class is paid by.
    """

    cohort_id: uuid.UUID
    organisation: str
    name: str
    opens_on: date
    closes_on: date
    state: str
    number: str | None
    version: int
    filed_by_id: uuid.UUID | None
    review_by: date | None
    review_by_certain: bool
    facts: Mapping[str, Any]
    before: Mapping[str, Any]
    changed: tuple[str, ...]
    remarks: Mapping[str, str]
    totals: Totals
    plan: tuple[tuple[PlanItem, str], ...]
    verdict: Verdict
    left: tuple[Reason, ...]
    subsidy: Pinned | None


@dataclass(frozen=True)
class FilingRow:
    """A filing in a list."""

    cohort_id: uuid.UUID
    organisation: str
    name: str
    opens_on: date
    closes_on: date
    state: str
    number: str | None
    filed_at: datetime | None
    review_by: date | None


def list_all(session: Session, actor: Actor, role: Role, *, now: datetime) -> list[FilingRow]:
    """Filings that the actor may see in this role: those that wait for an answer first, the longest waiting on top."""
    rows = (
        scopes.filings_of(actor, role)
        .join(Filing, Filing.cohort_id == Cohort.id)
        .join(Organisation, Organisation.id == Cohort.organisation_id)
        .add_columns(Organisation.name, Filing.filed_at, Filing.review_by)
        .order_by(Cohort.filing != filings.State.FILED.value, Filing.filed_at, Cohort.id)
    )
    today = clock.civil_day(now)
    return [
        FilingRow(
            cohort_id=cohort.id,
            organisation=organisation,
            name=cohort.name,
            opens_on=cohort.opens_on,
            closes_on=cohort.closes_on,
            state=filings.standing(cohort.filing, cohort.opens_on, today),
            number=cohort.filing_number,
            filed_at=filed_at,
            review_by=review_by,
        )
        for cohort, organisation, filed_at, review_by in session.execute(rows)
    ]


def get(
    session: Session, keyring: Keyring, actor: Actor, cohort_id: uuid.UUID, role: Role, *, now: datetime
) -> FilingView:
    """One filing; NotFound for what is not the actor's. Whoever reviews sees it as it was filed, the institution as
    it is being written."""
    cohort, filing = places.find(session, actor, cohort_id, role)
    today, policy = clock.civil_day(now), places.policy_of(cohort)
    filed = [each for each in timeline(session, actor, cohort_id, role) if each.act == Act.FILE]
    live = places.facts_of(session, keyring, cohort, filing)
    facts = live if role is Role.INSTITUTION or not filed else filed[0].facts
    before = _before(filed, is_written=cohort.filing in filings.OPEN)
    to_check = places.to_check(session, cohort, filing)
    is_over = cohort.filing in (filings.State.APPROVED, filings.State.CLOSED)
    return FilingView(
        cohort_id=cohort.id,
        organisation=cohort.organisation.name,
        name=cohort.name,
        opens_on=cohort.opens_on,
        closes_on=cohort.closes_on,
        state=filings.standing(cohort.filing, cohort.opens_on, today),
        number=cohort.filing_number,
        version=filing.version,
        filed_by_id=filing.filed_by,
        review_by=filing.review_by,
        review_by_certain=bool(filing.review_by and workdays.is_certain(today, filing.review_by)),
        facts=facts,
        before=before,
        changed=tuple(filings.compare(before, facts)) if before else (),
        remarks=_remarks(session, cohort_id) if cohort.filing == filings.State.RETURNED else {},
        totals=filing_checks.totals(to_check.plan),
        plan=tuple(places.plan_of(session, cohort.id)),
        verdict=filing_checks.completeness(to_check, policy, today),
        left=waiting.left(session, cohort, now=now) if is_over else (),
        subsidy=subsidies.pinned_of(session, cohort.id),
    )


def _before(filed: list[EventRow], *, is_written: bool) -> Mapping[str, Any]:
    """What to compare with: while it is being mended the last filing, once it is filed again the one before."""
    place = 0 if is_written else 1
    return filed[place].facts if len(filed) > place else {}


def _remarks(session: Session, cohort_id: uuid.UUID) -> Mapping[str, str]:
    last = select(FilingEvent.remarks).where(FilingEvent.cohort_id == cohort_id, FilingEvent.act == Act.RETURN.value)
    return session.scalar(last.order_by(FilingEvent.number.desc()).limit(1)) or {}


def timeline(session: Session, actor: Actor, cohort_id: uuid.UUID, role: Role) -> list[EventRow]:
    """What happened to a filing that the actor may see, the newest first; nothing for a class that is not filed."""
    mine = scopes.filings_of(actor, role).where(Cohort.id == cohort_id).with_only_columns(Cohort.id)
    rows = (
        select(FilingEvent, Account.name)
        .join(Account, Account.id == FilingEvent.account_id)
        .where(FilingEvent.cohort_id.in_(mine))
        .order_by(FilingEvent.number.desc())
    )
    return [
        EventRow(each.act, each.state, name, each.at, each.note, each.remarks, each.facts, each.digest)
        for each, name in session.execute(rows)
    ]
