"""Claims as pages show them: lists by stage, one claim with its lines, who was left out, and its chain."""

import json
import uuid
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from lms import clock
from lms.crypto import Keyring
from lms.domain.claims import chain, states
from lms.domain.claims.chain import Step
from lms.domain.claims.states import COUNTED, Act, ClaimState
from lms.domain.errors import Forbidden
from lms.domain.identity import mask_number
from lms.domain.roles import Role
from lms.models.accounts import Account
from lms.models.claims import Claim, ClaimLine, ClaimOmission, ClaimPlace
from lms.models.enrollments import Cohort, Enrollment
from lms.models.organisations import Organisation
from lms.models.people import Person
from lms.services import humans, scopes, sealed, subsidies
from lms.services.claims import calls, notice_seam, places, rivals
from lms.services.claims.calls import Draw
from lms.services.scopes import Actor

MOST_LISTED = 200


@dataclass(frozen=True)
class ClaimRow:
    """A claim in a list. `lines` and `amount_fen` are of what is still asked for, approved or paid."""

    id: uuid.UUID
    organisation: str
    cohort_id: uuid.UUID
    cohort: str
    filing_number: str | None
    kind: str
    fund: str
    state: str
    version: int
    lines: int
    amount_fen: int
    filed_at: datetime | None
    review_by: date | None


@dataclass(frozen=True)
class LineView:
    """A line on a page; the number is masked. `findings`: those in doubt as frozen, and of the account it goes to."""

    id: uuid.UUID
    number: int
    enrollment_id: uuid.UUID
    name: str
    document: str
    state: str
    reason: str
    words: str
    occupation: str
    level: int | None
    class_hour_hundredths: int
    first_on: date
    last_on: date
    certificate_number: str | None
    certificate_on: date | None
    standard_fen: int
    amount_fen: int
    digest: str
    findings: tuple[Mapping[str, Any], ...]
    is_rival: bool = False


@dataclass(frozen=True)
class OmissionView:
    """A learner who is not asked for, and why."""

    enrollment_id: uuid.UUID
    name: str
    cause: str
    reasons: tuple[str, ...]
    words: str


@dataclass(frozen=True)
class StepView:
    """One step, with the name of who took it."""

    step: Step
    who: str


@dataclass(frozen=True)
class ClaimView:
    """All of one claim. `acts`: what this actor may do now; `is_whole`: whether its chain is unbroken."""

    row: ClaimRow
    organisation_id: uuid.UUID
    policy_code: str
    policy_digest: str
    round: int
    lines: tuple[LineView, ...]
    omissions: tuple[OmissionView, ...]
    draws: tuple[Draw, ...]
    steps: tuple[StepView, ...]
    is_whole: bool
    acts: frozenset[Act] = field(default_factory=frozenset)


def list_claims(session: Session, actor: Actor, role: Role, stages: Collection[ClaimState] = ()) -> list[ClaimRow]:
    """The claims an actor may see in this role, newest first; of these states, where some are named."""
    query = _rows(scopes.claims_of(actor, role))
    if stages:
        query = query.where(Claim.state.in_([each.value for each in stages]))
    rows = session.execute(query.order_by(Claim.id.desc()).limit(MOST_LISTED)).all()
    sums = _sums(session, [row[0].id for row in rows])
    return [_row(row, sums.get(row[0].id, (0, 0))) for row in rows]


def list_due(session: Session, actor: Actor, role: Role, *, today: date) -> list[ClaimRow]:
    """Claims whose notice is over and against which no objection is open: an officer may say that they are owed."""
    shown = list_claims(session, actor, role, [ClaimState.NOTICE])
    return [each for each in shown if notice_seam.notice_is_over(session, each.id, today)]


def is_due(session: Session, found: ClaimView, *, today: date) -> bool:
    """The same of one claim that the actor has reached."""
    return found.row.state == ClaimState.NOTICE.value and notice_seam.notice_is_over(session, found.row.id, today)


def count_stages(session: Session, actor: Actor, role: Role) -> dict[str, int]:
    """How many claims stand in each state."""
    mine = scopes.claims_of(actor, role).with_only_columns(Claim.id)
    rows = select(Claim.state, func.count()).where(Claim.id.in_(mine)).group_by(Claim.state)
    return dict(session.execute(rows).all())


def _rows(mine: Select[Claim]) -> Select[Any]:
    named = mine.join(Organisation, Organisation.id == Claim.organisation_id)
    named = named.join(Cohort, Cohort.id == Claim.cohort_id)
    return named.add_columns(Organisation.name, Cohort.name, Cohort.filing_number)


def _sums(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[int, int]]:
    counted = ClaimPlace.state.in_([each.value for each in COUNTED])
    rows = select(ClaimLine.claim_id, func.count(), func.sum(ClaimLine.amount_fen))
    rows = rows.join(ClaimPlace, ClaimPlace.line_id == ClaimLine.id).where(ClaimLine.claim_id.in_(ids), counted)
    return {key: (n, int(fen)) for key, n, fen in session.execute(rows.group_by(ClaimLine.claim_id))}


def _row(row: Any, sums: tuple[int, int]) -> ClaimRow:
    claim, organisation, cohort, number = row
    told = (claim.kind, claim.fund, claim.state, claim.version, *sums, claim.filed_at, claim.review_by)
    return ClaimRow(claim.id, organisation, claim.cohort_id, cohort, number, *told)


def get(session: Session, keyring: Keyring, actor: Actor, claim_id: uuid.UUID, role: Role) -> ClaimView:
    """One claim with everything on it. NotFound."""
    claim = places.find(session, actor, claim_id, role)
    found = session.execute(_rows(select(Claim).where(Claim.id == claim.id))).one()
    steps = places.read_chain(session, claim.id)
    return ClaimView(
        row=_row(found, _sums(session, [claim.id]).get(claim.id, (0, 0))),
        organisation_id=claim.organisation_id,
        policy_code=claim.policy_code,
        policy_digest=claim.policy_digest,
        round=claim.round,
        lines=tuple(_lines(session, keyring, claim, role)),
        omissions=tuple(_omissions(session, claim, role)),
        draws=tuple(calls.list_draws(session, claim)),
        steps=tuple(_named(session, steps)),
        is_whole=chain.is_whole(claim.id, steps),
        acts=_acts(session, actor, claim, role),
    )


def _lines(session: Session, keyring: Keyring, claim: Claim, role: Role) -> list[LineView]:
    rows = places.lines_of(session, claim)
    ids = {line.person_id for line, _place in rows}
    shown = select(Person).where(Person.id.in_(ids), scopes.may_show(role, Person.id))
    people = {each.id: each for each in session.scalars(shown)}
    rival = rivals.of_lines(session, [line for line, place in rows if place.atom_key])
    accounts = notice_seam.payee_doubts(session, [line.id for line, _place in rows])
    lines = [_line(keyring, line, place, people.get(line.person_id), is_rival=line.id in rival) for line, place in rows]
    return [replace(each, findings=(*each.findings, *map(asdict, accounts.get(each.id, [])))) for each in lines]


def _line(keyring: Keyring, line: ClaimLine, place: ClaimPlace, person: Person | None, *, is_rival: bool) -> LineView:
    """A person whose records are archive only stays nameless for her institution."""
    number = mask_number(sealed.open_document(keyring, person.id, person.document_sealed)) if person else ""
    names = (
        *("occupation", "level", "class_hour_hundredths", "first_on", "last_on", "certificate_number"),
        *("certificate_on", "standard_fen", "amount_fen", "digest", "number", "enrollment_id"),
    )
    told: dict[str, Any] = {name: getattr(line, name) for name in names}
    said: dict[str, Any] = {"state": place.state, "reason": place.reason, "words": place.words}
    doubts = tuple(each for each in json.loads(line.body)["findings"] if each["outcome"] == "unsure")
    told |= said | {"id": line.id, "name": person.name if person else "", "document": number, "findings": doubts}
    return LineView(**told, is_rival=is_rival)


def _omissions(session: Session, claim: Claim, role: Role) -> list[OmissionView]:
    rows = select(ClaimOmission, Person.name).join(Enrollment, Enrollment.id == ClaimOmission.enrollment_id)
    rows = rows.join(Person, Person.id == Enrollment.person_id)
    shown = rows.where(scopes.may_show(role, Person.id))
    mine = shown.where(ClaimOmission.claim_id == claim.id, ClaimOmission.round == claim.round)
    return [
        OmissionView(each.enrollment_id, name, each.cause, tuple(each.reasons), each.words)
        for each, name in session.execute(mine.order_by(ClaimOmission.id))
    ]


def _named(session: Session, steps: Collection[Step]) -> list[StepView]:
    accounts = select(Account.id, Account.name).where(Account.id.in_([each.account_id for each in steps]))
    names = dict(session.execute(accounts).all())
    return [StepView(each, names.get(each.account_id, "") if each.account_id else "") for each in steps]


def _acts(session: Session, actor: Actor, claim: Claim, role: Role) -> frozenset[Act]:
    """What the table lets this human do now; the step itself asks again."""
    hands, human = places.hands_of(session, claim), humans.self_of(session, actor.account_id, actor.person_id)
    may = set()
    for act, rule in states.RULES.items():
        if rule.role is not role or ClaimState(claim.state) not in rule.before:
            continue
        try:
            states.check_hands(act, hands, human)
        except Forbidden:
            continue
        may.add(act)
    return frozenset(may)


@dataclass(frozen=True)
class ClassRow:
    """A finished class with a subsidy policy, of which a claim can be made."""

    cohort_id: uuid.UUID
    name: str
    closes_on: date
    policy_code: str
    claims: int


def list_classes(session: Session, actor: Actor, *, now: datetime) -> list[ClassRow]:
    """The finished classes of the actor's institutions that pin a subsidy policy, the last finished first."""
    mine = scopes.cohorts_of(actor, Role.INSTITUTION).where(Cohort.closes_on < clock.civil_day(now))
    found = session.scalars(mine.order_by(Cohort.closes_on.desc(), Cohort.id).limit(MOST_LISTED)).all()
    policies = subsidies.policies_of(session, [each.id for each in found])
    made = select(Claim.cohort_id, func.count()).where(Claim.cohort_id.in_(list(policies))).group_by(Claim.cohort_id)
    counts = dict(session.execute(made).all())
    rows = [each for each in found if each.id in policies]
    return [
        ClassRow(each.id, each.name, each.closes_on, policies[each.id].code, counts.get(each.id, 0)) for each in rows
    ]
