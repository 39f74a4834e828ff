"""The register of assessors: one of the platform's staff copies a filing, another compares it, acts follow in order."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms import clock
from lms.domain import assessors
from lms.domain.assessors import Act, Done, Filing, Registered, Scope
from lms.domain.errors import Conflict, NotFound
from lms.domain.labels import check_label, check_reference
from lms.domain.levels import Level
from lms.domain.roles import Role
from lms.domain.scope_lines import read_scopes, write_scope
from lms.domain.words import check_words
from lms.models.accounts import Account
from lms.models.base import new_id
from lms.models.skills import AssessorAct, AssessorFiling
from lms.services import audit, humans, scopes
from lms.services.scopes import Actor

MOST = 500


@dataclass(frozen=True)
class Written:
    """A filing as somebody types it from the authority's register; `scopes`: a line each (domain/scope_lines.py)."""

    code: str
    name: str
    number: str
    authority: str
    from_on: date
    until_on: date | None
    scopes: str


@dataclass(frozen=True)
class ActRow:
    """One act on a filing, as pages show it."""

    act: Act
    state: Filing
    on: date
    note: str
    who: str
    at: datetime


@dataclass(frozen=True)
class FilingRow:
    """One filing as pages show it. `acts_open`: what may be done with it now, by this reader."""

    id: uuid.UUID
    code: str
    name: str
    number: str
    authority: str
    from_on: date
    until_on: date | None
    scopes: tuple[str, ...]
    state: Filing
    is_over: bool
    entered_by: str
    entered_at: datetime
    acts: tuple[ActRow, ...]
    acts_open: tuple[Act, ...]


def enter_filing(session: Session, actor: Actor, written: Written, *, now: datetime) -> uuid.UUID:
    """Enters a filing; it counts once another of the platform's staff has compared it.

    Refused: credit_code_*, assessor_name, assessor_number, assessor_authority, assessor_term, scope_*; Conflict:
    assessor_taken where this code and number stand there already.
    """
    scopes.require(actor, Role.PLATFORM)
    assessors.check_term(written.from_on, written.until_on)
    code = assessors.check_code(written.code)
    number = check_reference(written.number, assessors.LONGEST_NUMBER, "assessor_number")
    taken = select(AssessorFiling.id).where(AssessorFiling.code == code, AssessorFiling.number == number)
    if session.scalar(taken) is not None:
        raise Conflict("assessor_taken")
    made = AssessorFiling(
        id=new_id(),
        code=code,
        name=check_label(written.name, assessors.LONGEST_NAME, "assessor_name"),
        number=number,
        authority=check_label(written.authority, assessors.LONGEST_NAME, "assessor_authority"),
        from_on=written.from_on,
        until_on=written.until_on,
        scopes=[[each.occupation, int(each.lowest), int(each.highest)] for each in read_scopes(written.scopes)],
        entered_by=actor.account_id,
        entered_at=now,
    )
    session.add(made)
    session.flush()
    audit.record(session, "assessor.enter", made.id, now=now, account_id=actor.account_id, detail={"code": code})
    return made.id


def act(
    session: Session, actor: Actor, filing_id: uuid.UUID, wanted: Act, on: date, note: str, *, now: datetime
) -> None:
    """Does the next thing with a filing, holding from day `on`.

    Refused: assessor_day, words_*; Forbidden: assessor_second_person; Conflict: assessor_step.
    """
    scopes.require(actor, Role.PLATFORM)
    row = session.get(AssessorFiling, filing_id, with_for_update=True)
    if row is None:
        raise NotFound
    acts = _acts(session, [row.id]).get(row.id, [])
    state = assessors.step(Filing(acts[-1].state) if acts else Filing.ENTERED, wanted)
    entered_by = humans.self_of(session, row.entered_by)
    assessors.check_second(wanted, entered_by, humans.self_of(session, actor.account_id, actor.person_id))
    note = check_words(note)
    assessors.check_on([_done(each) for each in acts], on, clock.civil_day(now))
    told = {"act": wanted.value, "state": state.value, "holds_on": on, "note": note}
    session.add(AssessorAct(filing_id=row.id, place=len(acts) + 1, account_id=actor.account_id, at=now, **told))
    audit.record(session, f"assessor.{wanted}", row.id, now=now, account_id=actor.account_id)
    session.flush()


def list_filings(session: Session, actor: Actor, *, now: datetime) -> list[FilingRow]:
    """The register: what waits to be compared first, then by name."""
    scopes.require(actor, Role.PLATFORM)
    rows = session.scalars(select(AssessorFiling).order_by(AssessorFiling.name, AssessorFiling.id).limit(MOST)).all()
    shown = _shown(session, actor, rows, clock.civil_day(now))
    return sorted(shown, key=lambda row: row.state is not Filing.ENTERED)


def get_filing(session: Session, actor: Actor, filing_id: uuid.UUID, *, now: datetime) -> FilingRow:
    """One filing with all that was done with it."""
    scopes.require(actor, Role.PLATFORM)
    row = session.get(AssessorFiling, filing_id)
    if row is None:
        raise NotFound
    return _shown(session, actor, [row], clock.civil_day(now))[0]


def registered(session: Session, codes: Collection[str]) -> list[Registered]:
    """All filings of these codes with their acts, for the rule that asks what a level rests on."""
    rows = session.scalars(select(AssessorFiling).where(AssessorFiling.code.in_(codes))).all() if codes else []
    acts = _acts(session, [row.id for row in rows])
    return [
        Registered(row.code, row.from_on, row.until_on, _scopes(row), tuple(map(_done, acts.get(row.id, []))))
        for row in rows
    ]


def _scopes(row: AssessorFiling) -> tuple[Scope, ...]:
    return tuple(Scope(name, Level(lowest), Level(highest)) for name, lowest, highest in row.scopes)


def _done(row: AssessorAct) -> Done:
    return Done(Act(row.act), Filing(row.state), row.holds_on)


def _acts(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[AssessorAct]]:
    found: dict[uuid.UUID, list[AssessorAct]] = {}
    mine = select(AssessorAct).where(AssessorAct.filing_id.in_(ids)).order_by(AssessorAct.place)
    for each in session.scalars(mine):
        found.setdefault(each.filing_id, []).append(each)
    return found


def _shown(session: Session, actor: Actor, rows: Sequence[AssessorFiling], today: date) -> list[FilingRow]:
    acts = _acts(session, [row.id for row in rows])
    ids = {row.entered_by for row in rows} | {each.account_id for some in acts.values() for each in some}
    names = dict(session.execute(select(Account.id, Account.name).where(Account.id.in_(ids))).all())
    hers = humans.accounts_of(session, actor.account_id)
    return [_row(row, acts.get(row.id, []), names, today, is_own=row.entered_by in hers) for row in rows]


def _row(
    row: AssessorFiling,
    acts: Sequence[AssessorAct],
    names: Mapping[uuid.UUID, str],
    today: date,
    *,
    is_own: bool,
) -> FilingRow:
    state = Filing(acts[-1].state) if acts else Filing.ENTERED
    return FilingRow(
        id=row.id,
        code=row.code,
        name=row.name,
        number=row.number,
        authority=row.authority,
        from_on=row.from_on,
        until_on=row.until_on,
        scopes=tuple(write_scope(each) for each in _scopes(row)),
        state=state,
        is_over=row.until_on is not None and row.until_on < today,
        entered_by=names.get(row.entered_by, ""),
        entered_at=row.entered_at,
        acts=tuple(
            ActRow(Act(each.act), Filing(each.state), each.holds_on, each.note, names.get(each.account_id, ""), each.at)
            for each in acts
        ),
        acts_open=tuple(
            wanted
            for wanted in Act
            if (state, wanted) in assessors.STEPS and not (is_own and wanted in assessors.SECOND)
        ),
    )
