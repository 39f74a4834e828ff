"""Wishes about own data: asked by the learner, decided by rule, answered or carried out by people, each on record."""

import uuid
from datetime import date, datetime

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from lms.clock import civil_day
from lms.crypto import Keyring
from lms.domain import rights
from lms.domain.errors import Conflict, NotFound, Refused
from lms.domain.retention import Decision, Outcome
from lms.domain.rights import RUNNING, Asked, State
from lms.domain.roles import Role
from lms.domain.words import check_words
from lms.models.accounts import Account, Membership
from lms.models.base import new_id
from lms.models.enrollments import Cohort, Enrollment
from lms.models.rights import Restriction, RightsRequest
from lms.services import accounts, activation, archives, audit, humans, scopes
from lms.services.rights import erasing, holdings
from lms.services.scopes import Actor


def ask(session: Session, actor: Actor, asked: Asked, words: str, *, now: datetime) -> uuid.UUID:
    """Takes a wish down. A wish for deletion or closing stops all other use of her data at once.

    Refused: words_length, words_personal (a correction), request_running, closing_staff.
    """
    person_id, today = activation.own_person(actor), civil_day(now)
    words = check_words(words) if asked is Asked.CORRECTION else ""
    if asked is Asked.CLOSING and _is_staff(session, actor):
        raise Refused("closing_staff")
    _check_none_runs(session, person_id, asked)
    made = RightsRequest(
        id=new_id(),
        person_id=person_id,
        organisation_id=_desk(session, actor),
        kind=asked.value,
        state=State.OPEN.value,
        words=words,
        asked_by=actor.account_id,
        asked_at=now,
        due_on=rights.due_on(today),
    )
    session.add(made)
    session.flush()
    if asked is not Asked.CORRECTION:
        _restrict(session, made, holdings.decide(session, person_id, today), now)
    _audit(session, "rights.ask", actor, made, now)
    if asked is Asked.CLOSING:
        _close_all(session, person_id, now)
    return made.id


def _close_all(session: Session, person_id: uuid.UUID, now: datetime) -> None:
    """Every login of hers but one with which she works here as well."""
    hers = select(Account).where(Account.person_id.in_(humans.bodies(session, person_id)))
    for account in session.scalars(hers.order_by(Account.id)).all():
        if not account.memberships:
            accounts.disable(session, account.id, now=now)


def _is_staff(session: Session, actor: Actor) -> bool:
    return session.scalar(select(Membership.id).where(Membership.account_id == actor.account_id).limit(1)) is not None


def _check_none_runs(session: Session, person_id: uuid.UUID, asked: Asked) -> None:
    """A correction may be asked while a deletion waits; two wishes of one human that lead to the same may not."""
    alike = [asked.value] if asked is Asked.CORRECTION else [Asked.DELETION.value, Asked.CLOSING.value]
    hers = RightsRequest.person_id.in_(humans.bodies(session, person_id)) & RightsRequest.kind.in_(alike)
    running = hers & RightsRequest.state.in_(sorted(RUNNING))
    if session.scalar(select(RightsRequest.id).where(running).limit(1)) is not None:
        raise Conflict("request_running")


def _desk(session: Session, actor: Actor) -> uuid.UUID | None:
    """The institution of her newest class answers; without one the platform does."""
    mine = scopes.enrollments_of(actor).join(Cohort, Cohort.id == Enrollment.cohort_id)
    newest = mine.order_by(Enrollment.created_at.desc(), Enrollment.id.desc())
    return session.scalar(newest.with_only_columns(Cohort.organisation_id).limit(1))


def _restrict(session: Session, request: RightsRequest, decided: Decision, now: datetime) -> None:
    if decided.outcome is Outcome.RESTRICT:
        request.state = State.RESTRICTED.value
    request.rule, request.until = decided.rule, decided.until
    for person_id in humans.bodies(session, request.person_id):
        row = session.get(Restriction, person_id)
        if row is None:
            session.add(Restriction(person_id=person_id, request_id=request.id, since=now))
        else:
            row.request_id, row.since, row.lifted_at = request.id, now, None
        archives.take_away(session, erasing.classes_of(session, person_id), supervised=False, now=now)
    session.flush()


def withdraw(session: Session, actor: Actor, request_id: uuid.UUID, *, now: datetime) -> None:
    """She has changed her mind: her data are used as before. NotFound; Conflict: request_closed."""
    row = _locked(session, scopes.own_requests_of(actor), request_id)
    row.state = rights.withdraw(State(row.state)).value
    row.decided_at = now
    session.execute(update(Restriction).where(Restriction.request_id == row.id).values(lifted_at=now))
    _audit(session, "rights.withdraw", actor, row, now)


def answer(
    session: Session, actor: Actor, desk: Role, request_id: uuid.UUID, *, done: bool, note: str, now: datetime
) -> None:
    """A correction was made, or cannot be, with the reason. Refused: words_length, words_personal, request_own."""
    row, note = _locked(session, scopes.requests_of(actor, desk), request_id), check_words(note)
    _check_not_own(session, actor, row)
    row.state = rights.answer(Asked(row.kind), State(row.state), done=done).value
    row.note, row.decided_by, row.decided_at = note, actor.account_id, now
    _audit(session, "rights.answer", actor, row, now)


def propose(session: Session, actor: Actor, desk: Role, request_id: uuid.UUID, *, now: datetime) -> None:
    """The first of two agrees that name and number go. Refused: erasure_too_early, request_own."""
    row = _locked(session, scopes.requests_of(actor, desk), request_id)
    _check_not_own(session, actor, row)
    row.state = rights.propose(
        Asked(row.kind), State(row.state), may_erase=may_erase(session, row, civil_day(now))
    ).value
    row.decided_by, row.decided_at = actor.account_id, now
    _audit(session, "rights.propose", actor, row, now)


def approve(session: Session, keyring: Keyring, actor: Actor, request_id: uuid.UUID, *, now: datetime) -> None:
    """The second, who works for the platform since a person is no institution's own: her name and number are gone.

    Refused: erasure_too_early, request_own; Forbidden: erasure_second_person.
    """
    row = _locked(session, scopes.requests_of(actor, Role.PLATFORM), request_id)
    _check_not_own(session, actor, row)
    allowed = may_erase(session, row, civil_day(now))
    first = humans.self_of(session, row.decided_by) if row.decided_by else None
    second = humans.self_of(session, actor.account_id, actor.person_id)
    row.state = rights.approve(State(row.state), first, second, may_erase=allowed).value
    row.second_by, row.second_at = actor.account_id, now
    erasing.erase(session, keyring, row, now=now)
    _audit(session, "rights.erase", actor, row, now)


def may_erase(session: Session, row: RightsRequest, today: date) -> bool:
    """Whether no rule holds her records any more; asked anew each time, since periods run out and are set."""
    return holdings.decide(session, row.person_id, today).outcome is Outcome.ERASE


def _check_not_own(session: Session, actor: Actor, row: RightsRequest) -> None:
    if humans.is_own(session, row.person_id, actor.account_id, actor.person_id):
        raise Refused("request_own")


def _locked(session: Session, scope: Select[RightsRequest], request_id: uuid.UUID) -> RightsRequest:
    row = session.scalar(scope.where(RightsRequest.id == request_id).with_for_update())
    if row is None:
        raise NotFound
    return row


def _audit(session: Session, action: str, actor: Actor, row: RightsRequest, now: datetime) -> None:
    session.flush()
    audit.record(
        session,
        action,
        row.id,
        now=now,
        account_id=actor.account_id,
        organisation_id=row.organisation_id,
        detail={"kind": row.kind, "state": row.state, "rule": row.rule},
    )
