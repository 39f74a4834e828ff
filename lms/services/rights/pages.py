"""What people see of wishes about own data: a desk's list with its deadlines, one wish, the learner's own page."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lms.clock import civil_day
from lms.domain.errors import NotFound
from lms.domain.notices import Purpose
from lms.domain.retention import Decision, Holding
from lms.domain.rights import RUNNING, WAITING, Asked, State
from lms.domain.roles import Role
from lms.models.accounts import Account
from lms.models.organisations import Organisation
from lms.models.people import Person
from lms.models.rights import RightsRequest
from lms.services import activation, consents, humans, scopes
from lms.services.consents import Standing
from lms.services.rights import holdings, requests
from lms.services.scopes import Actor

MOST = 200


@dataclass(frozen=True)
class RequestView:
    """One wish; `decided_by`, `second_by`: names of who decided. `late`: waits beyond its day."""

    id: uuid.UUID
    asked: Asked
    state: State
    name: str
    organisation: str
    words: str
    note: str
    rule: str
    until: date | None
    asked_at: datetime
    due_on: date
    late: bool
    decided_by: str
    decided_at: datetime | None
    second_by: str
    person_id: uuid.UUID
    proposer: uuid.UUID | None

    @property
    def waits(self) -> bool:
        """Whether somebody has to do something."""
        return self.state in WAITING

    @property
    def runs(self) -> bool:
        """Whether she can still take it back."""
        return self.state in RUNNING


@dataclass(frozen=True)
class DeskView:
    """One wish at a desk. `may_erase`: whether no rule holds her records any more; `is_own`: it is the reader's."""

    row: RequestView
    may_erase: bool
    is_own: bool
    is_first: bool


@dataclass(frozen=True)
class MineView:
    """A learner's own page: what is kept under which rule, what she agreed to, what she asked."""

    holdings: tuple[Holding, ...]
    decision: Decision
    consents: tuple[Standing, ...]
    requests: tuple[RequestView, ...]

    @property
    def leaving(self) -> RequestView | None:
        """Her wish for deletion or closing that is not yet done."""
        return next((each for each in self.requests if each.runs and each.asked is not Asked.CORRECTION), None)


def list_desk(session: Session, actor: Actor, desk: Role, *, now: datetime) -> list[RequestView]:
    """The wishes of a desk: what waits first, by its deadline, then the newest."""
    rows = _views(session, scopes.requests_of(actor, desk).order_by(RightsRequest.id.desc()).limit(MOST), now)
    return sorted(rows, key=lambda row: (not row.waits, row.due_on if row.waits else date.min))


def get_desk(session: Session, actor: Actor, desk: Role, request_id: uuid.UUID, *, now: datetime) -> DeskView:
    """One wish of a desk."""
    found = _views(session, scopes.requests_of(actor, desk).where(RightsRequest.id == request_id), now)
    if not found:
        raise NotFound
    row = session.get_one(RightsRequest, request_id)
    return DeskView(
        row=found[0],
        may_erase=requests.may_erase(session, row, civil_day(now)),
        is_own=humans.is_own(session, row.person_id, actor.account_id, actor.person_id),
        is_first=humans.is_same(session, row.decided_by, actor.account_id),
    )


def get_mine(session: Session, actor: Actor, *, now: datetime) -> MineView:
    """Her own page. NotFound for an account that is nobody's yet."""
    person_id = activation.own_person(actor)
    asked = scopes.own_requests_of(actor).order_by(RightsRequest.id.desc()).limit(MOST)
    return MineView(
        holdings=holdings.list_holdings(session, person_id),
        decision=holdings.decide(session, person_id, civil_day(now)),
        consents=tuple(consents.standing(session, person_id, each) for each in Purpose),
        requests=tuple(_views(session, asked, now)),
    )


def _views(session: Session, scope: Select[RightsRequest], now: datetime) -> list[RequestView]:
    told = scope.add_columns(Person.name, Organisation.name).join(Person, Person.id == RightsRequest.person_id)
    found = session.execute(told.outerjoin(Organisation, Organisation.id == RightsRequest.organisation_id)).all()
    wanted = {each for row, _, _ in found for each in (row.decided_by, row.second_by) if each}
    names = {
        each.id: each.name for each in session.execute(select(Account.id, Account.name).where(Account.id.in_(wanted)))
    }
    return [_view(row, name, organisation or "", names, civil_day(now)) for row, name, organisation in found]


def _view(row: RightsRequest, name: str, organisation: str, names: dict[uuid.UUID, str], today: date) -> RequestView:
    state = State(row.state)
    return RequestView(
        id=row.id,
        asked=Asked(row.kind),
        state=state,
        name=name,
        organisation=organisation,
        words=row.words,
        note=row.note,
        rule=row.rule,
        until=row.until,
        asked_at=row.asked_at,
        due_on=row.due_on,
        late=state in WAITING and today > row.due_on,
        decided_by=names.get(row.decided_by, "") if row.decided_by else "",
        decided_at=row.decided_at,
        second_by=names.get(row.second_by, "") if row.second_by else "",
        person_id=row.person_id,
        proposer=row.decided_by,
    )
