"""What pages show of inspections and sanctions: the list of both (检查记录、处理台账), one sanction with its steps."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lms import clock
from lms.domain.claims import sanctions
from lms.domain.claims.sanctions import SECOND, STEPS, Act, Rung, State, Way
from lms.domain.errors import NotFound, Refused
from lms.domain.identity import check_name
from lms.domain.roles import Role
from lms.domain.words import check_words
from lms.models.accounts import Account
from lms.models.base import new_id
from lms.models.enrollments import Cohort
from lms.models.organisations import Organisation
from lms.models.sanctions import Inspection, Sanction, SanctionStep
from lms.services import audit, humans, scopes
from lms.services.scopes import Actor

MOST = 2000


@dataclass(frozen=True)
class Checked:
    """A check as an officer enters it. `second`: the name of the other inspector (检查人×2)."""

    organisation_id: uuid.UUID
    cohort_id: uuid.UUID | None
    checked_on: date
    way: Way
    expected: int | None
    present: int | None
    problems: str
    second: str


@dataclass(frozen=True)
class StepRow:
    """One thing that was done with a sanction."""

    act: Act
    words: str
    who: str
    at: datetime


@dataclass(frozen=True)
class SanctionRow:
    """One sanction. `acts_open`: what this reader may do with it now; `holds`: it casts a doubt on claims today."""

    id: uuid.UUID
    organisation_id: uuid.UUID
    organisation: str
    number: int
    rung: Rung
    words: str
    fix_until: date | None
    closed_until: date | None
    state: State
    holds: bool
    inspection_id: uuid.UUID | None
    proposed_by: str
    proposed_at: datetime
    steps: tuple[StepRow, ...]
    acts_open: tuple[Act, ...]

    @property
    def recheck(self) -> str:
        """What was found when it was checked again (复查结果), the last time; "" before."""
        return next((each.words for each in reversed(self.steps) if each.act is Act.RECHECK), "")


@dataclass(frozen=True)
class InspectionRow:
    """One check with what followed from it."""

    id: uuid.UUID
    organisation_id: uuid.UUID
    organisation: str
    cohort: str
    checked_on: date
    way: Way
    expected: int | None
    present: int | None
    problems: str
    inspectors: tuple[str, str]
    sanctions: tuple[SanctionRow, ...]


def inspect(session: Session, actor: Actor, seen: Checked, *, now: datetime) -> uuid.UUID:
    """Enters a check by two people. Refused: inspection_day, inspection_count, inspection_alone, words_*, name_*."""
    scopes.require(actor, Role.OFFICER)
    place = scopes.organisations_of(actor, Role.OFFICER).where(Organisation.id == seen.organisation_id)
    if session.scalar(place) is None or not _is_theirs(session, seen):
        raise NotFound
    if seen.checked_on > clock.civil_day(now):
        raise Refused("inspection_day")
    sanctions.check_counts(seen.expected, seen.present)
    second = check_name(seen.second)
    if second == actor.name:
        raise Refused("inspection_alone")
    made = Inspection(
        id=new_id(),
        organisation_id=seen.organisation_id,
        cohort_id=seen.cohort_id,
        checked_on=seen.checked_on,
        way=seen.way.value,
        expected=seen.expected,
        present=seen.present,
        problems=check_words(seen.problems) if seen.problems.strip() else "",
        second_inspector=second[:50],
        recorded_by=actor.account_id,
        recorded_at=now,
    )
    session.add(made)
    session.flush()
    place_id, who = seen.organisation_id, actor.account_id
    audit.record(session, "inspection.enter", made.id, now=now, account_id=who, organisation_id=place_id)
    return made.id


def _is_theirs(session: Session, seen: Checked) -> bool:
    if seen.cohort_id is None:
        return True
    return session.scalar(select(Cohort.organisation_id).where(Cohort.id == seen.cohort_id)) == seen.organisation_id


def list_all(session: Session, actor: Actor, *, now: datetime) -> tuple[list[InspectionRow], list[SanctionRow]]:
    """Checks in an officer's reach, the newest first, each with its sanctions; then sanctions without a check."""
    scopes.require(actor, Role.OFFICER)
    mine = scopes.places_of(actor, Role.OFFICER)
    rows = _shown(session, actor, Role.OFFICER, select(Sanction).where(Sanction.organisation_id.in_(mine)), now)
    named = select(Inspection, Organisation.name, Cohort.name, Account.name)
    named = named.join(Organisation, Organisation.id == Inspection.organisation_id)
    named = named.join(Account, Account.id == Inspection.recorded_by)
    named = named.outerjoin(Cohort, Cohort.id == Inspection.cohort_id).where(Inspection.organisation_id.in_(mine))
    newest = named.order_by(Inspection.checked_on.desc(), Inspection.id.desc()).limit(MOST)
    checks = [_inspection(*row, rows) for row in session.execute(newest)]
    return checks, [row for row in rows if row.inspection_id is None]


def _inspection(
    row: Inspection, place: str, cohort: str | None, who: str, known: Collection[SanctionRow]
) -> InspectionRow:
    return InspectionRow(
        id=row.id,
        organisation_id=row.organisation_id,
        organisation=place,
        cohort=cohort or "",
        checked_on=row.checked_on,
        way=Way(row.way),
        expected=row.expected,
        present=row.present,
        problems=row.problems,
        inspectors=(who, row.second_inspector),
        sanctions=tuple(each for each in known if each.inspection_id == row.id),
    )


def get(session: Session, actor: Actor, role: Role, sanction_id: uuid.UUID, *, now: datetime) -> SanctionRow:
    """One sanction, for an officer or for the institution it is about, once it was imposed; NotFound otherwise."""
    found = [row for row in list_of(session, actor, role, now=now) if row.id == sanction_id]
    if not found:
        raise NotFound
    return found[0]


def list_of(session: Session, actor: Actor, role: Role, *, now: datetime) -> list[SanctionRow]:
    """Sanctions in an officer's reach, or those an institution may see, the newest first."""
    scopes.require(actor, role)
    query = select(Sanction).where(Sanction.organisation_id.in_(scopes.places_of(actor, role)))
    if role is Role.INSTITUTION:
        query = query.where(Sanction.state.in_([each.value for each in sanctions.SEEN_BY_INSTITUTION]))
    return _shown(session, actor, role, query, now)


def _shown(session: Session, actor: Actor, role: Role, query: Select[Sanction], now: datetime) -> list[SanctionRow]:
    rows = session.scalars(query.order_by(Sanction.id.desc()).limit(MOST)).all()
    steps: dict[uuid.UUID, list[SanctionStep]] = {}
    mine = select(SanctionStep).where(SanctionStep.sanction_id.in_([row.id for row in rows]))
    for each in session.scalars(mine.order_by(SanctionStep.number)):
        steps.setdefault(each.sanction_id, []).append(each)
    ids = {row.proposed_by for row in rows} | {each.account_id for some in steps.values() for each in some}
    names = dict(session.execute(select(Account.id, Account.name).where(Account.id.in_(ids))).all())
    places = {row.organisation_id for row in rows}
    names |= dict(session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(places))).all())
    hers, today = humans.accounts_of(session, actor.account_id), clock.civil_day(now)
    return [_row(row, steps.get(row.id, []), names, hers, role, today) for row in rows]


def _row(
    row: Sanction,
    steps: list[SanctionStep],
    names: Mapping[uuid.UUID, str],
    hers: Collection[uuid.UUID],
    role: Role,
    today: date,
) -> SanctionRow:
    standing = sanctions.Standing(Rung(row.rung), State(row.state), row.closed_until)
    return SanctionRow(
        id=row.id,
        organisation_id=row.organisation_id,
        organisation=names.get(row.organisation_id, ""),
        number=row.number,
        rung=standing.rung,
        words=row.words,
        fix_until=row.fix_until,
        closed_until=row.closed_until,
        state=standing.state,
        holds=sanctions.holds(standing, today),
        inspection_id=row.inspection_id,
        proposed_by=names.get(row.proposed_by, ""),
        proposed_at=row.proposed_at,
        steps=tuple(StepRow(Act(each.act), each.words, names.get(each.account_id, ""), each.at) for each in steps),
        acts_open=tuple(each for each in Act if _is_open(row, steps, each, hers, role)),
    )


def _is_open(row: Sanction, steps: list[SanctionStep], act: Act, hers: Collection[uuid.UUID], role: Role) -> bool:
    if (State(row.state), act) not in STEPS or (act is Act.ANSWER) != (role is Role.INSTITUTION):
        return False
    asked = [each.account_id for each in steps if each.act == Act.ASK_LIFT.value]
    before = asked[-1] if act in (Act.LIFT, Act.KEEP) and asked else row.proposed_by
    return act not in SECOND or before not in hers
