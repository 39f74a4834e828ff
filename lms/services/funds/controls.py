"""What internal control asks about (内部风险防控), gathered below the nodes where somebody is paymaster."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.db import in_parts
from lms.domain.funds import controls as rules
from lms.domain.funds.controls import (
    Burst,
    Holder,
    Limits,
    ManyPersons,
    Paid,
    SameHuman,
    Shared,
    Step,
    Subject,
    Thing,
    Use,
)
from lms.domain.identity import mask_name
from lms.domain.roles import Role
from lms.models.accounts import Account
from lms.models.claims import Claim, ClaimStep
from lms.models.enrollments import Cohort
from lms.models.filings import Filing
from lms.models.funds import FundAct, FundBatch, FundBook, FundPayment
from lms.models.organisations import Organisation
from lms.models.people import Person
from lms.models.reconciliation import Reconciliation, ReconciliationSigning
from lms.services import audit, humans, scopes, sealed
from lms.services.funds import books, control_devices, sealing
from lms.services.scopes import Actor

SUBJECTS = {
    "money_enter": Subject.APPROPRIATION,
    "money_confirm": Subject.APPROPRIATION,
    "batch_plan": Subject.BATCH,
    "batch_check": Subject.BATCH,
    "claw_propose": Subject.CLAWBACK,
    "claw_decide": Subject.CLAWBACK,
}
CLAIM_ACTS = ("make", "file", "pass_first", "pass_second", "refuse")
APPROVALS = frozenset({"pass_first", "pass_second", "refuse", "money_confirm", "batch_check", "claw_decide", "sign"})
"""What one human agrees to after another: many of them in a short time were hardly read."""
FILED_PHONE = "filings:{id}:phone"  # where services/filings/places.py seals it, which stands above funds


@dataclass(frozen=True)
class Report:
    """All of it, with the names its evidence needs: staff by account, payees masked by person, organisations."""

    limits: Limits
    same_human: list[SameHuman]
    bursts: list[Burst]
    shared: list[Shared]
    many_persons: list[ManyPersons]
    steps: int
    payments: int
    accounts: dict[uuid.UUID, str]
    persons: dict[uuid.UUID, str]
    organisations: dict[uuid.UUID, str]
    labels: dict[uuid.UUID, str]

    @property
    def is_clean(self) -> bool:
        """Whether there is nothing to look at."""
        return not (self.same_human or self.bursts or self.shared or self.many_persons)


def report(
    session: Session, keyring: Keyring, actor: Actor, limits: Limits, *, since: datetime, until: datetime
) -> Report:
    """The signs of the time between two moments, below her nodes. Forbidden for who is no paymaster."""
    scopes.require(actor, Role.PAYMASTER)
    taken = _steps(session, actor)
    steps = [each for each in taken if since <= each.at < until]
    twice = [each for each in rules.same_human(taken) if since <= each.second.at < until]
    payments = _payments(session, actor, since, until)
    paid = _paid(session, keyring, payments)
    used = [*_account_uses(session, keyring, payments), *_phone_uses(session, keyring, actor, payments)]
    used += control_devices.uses(session, _payees(payments), steps, since=since, until=until)
    shared = rules.shared(used, rules.pairs_at_work(taken))
    approvals = [each for each in steps if each.name in APPROVALS]
    many = rules.many_persons(paid, limits)
    uses = [use for each in shared for use in each.uses]
    people = {each.human for each in uses} | {one.human for each in many for one in each.payments}
    return Report(
        limits=limits,
        same_human=twice,
        bursts=rules.bursts(approvals, limits),
        shared=shared,
        many_persons=many,
        steps=len(steps),
        payments=len(payments),
        accounts=_names(
            session, Account, {each.account_id for each in taken} | {use.account_id for use in uses if use.account_id}
        ),
        persons={each: mask_name(name) for each, name in _names(session, Person, people).items()},
        organisations=_names(session, Organisation, {each.organisation_id for each in uses if each.organisation_id}),
        labels=_labels(session, {each.subject_id for each in taken if each.subject is not Subject.RECONCILIATION}),
    )


def record_export(session: Session, actor: Actor, *, now: datetime) -> None:
    """That the report left as a file."""
    audit.record(session, "funds.controls", actor.account_id, now=now, account_id=actor.account_id)


def _steps(session: Session, actor: Actor) -> list[Step]:
    found = [*_claim_steps(session, actor), *_fund_steps(session, actor), *_signings(session, actor)]
    selves = humans.selves(session, {account for _, _, _, account, _ in found})
    return [
        Step(subject, subject_id, name, selves[account], account, at)
        for subject, subject_id, name, account, at in found
    ]


Fact = tuple[Subject, uuid.UUID, str, uuid.UUID, datetime]


def _claim_steps(session: Session, actor: Actor) -> list[Fact]:
    below = Claim.organisation_id.in_(scopes.places_of(actor, Role.PAYMASTER))
    query = select(ClaimStep).join(Claim, Claim.id == ClaimStep.claim_id).where(below, ClaimStep.act.in_(CLAIM_ACTS))
    rows = session.scalars(query.where(ClaimStep.account_id.is_not(None)))
    return [(Subject.CLAIM, row.claim_id, row.act, row.account_id, row.at) for row in rows if row.account_id]


def _fund_steps(session: Session, actor: Actor) -> list[Fact]:
    query = select(FundAct).where(FundAct.book_id.in_(_books(actor)), FundAct.act.in_(SUBJECTS))
    return [(SUBJECTS[row.act], row.subject_id, row.act, row.account_id, row.at) for row in session.scalars(query)]


def _signings(session: Session, actor: Actor) -> list[Fact]:
    query = select(Reconciliation, ReconciliationSigning).join(ReconciliationSigning)
    found: list[Fact] = []
    for prepared, signed in session.execute(query.where(Reconciliation.book_id.in_(_books(actor)))):
        told = (Subject.RECONCILIATION, prepared.id)
        found += [(*told, "prepare", prepared.prepared_by, prepared.prepared_at)]
        found += [(*told, "sign", signed.signed_by, signed.signed_at)]
    return found


def _books(actor: Actor) -> Select[Any]:
    return books.books_of(actor).with_only_columns(FundBook.id)


def _payments(session: Session, actor: Actor, since: datetime, until: datetime) -> list[FundPayment]:
    """Those that were not given up, by when their batch was made."""
    query = select(FundPayment).join(FundBatch, FundBatch.id == FundPayment.batch_id)
    query = query.where(FundBatch.book_id.in_(_books(actor)), FundPayment.state != "dropped")
    return list(session.scalars(query.where(FundBatch.made_at >= since, FundBatch.made_at < until)))


def _account_of(keyring: Keyring, payment: FundPayment) -> str:
    """The keyed index of the account it goes to; "" where it was erased."""
    number = sealing.open_payment(keyring, payment)
    return keyring.index("payee-account", "".join(number.split())) if number else ""


def _paid(session: Session, keyring: Keyring, payments: Iterable[FundPayment]) -> list[Paid]:
    to_persons = [each for each in payments if each.payee_kind == "person"]
    living = humans.living_all(session, {each.person_id for each in to_persons})
    told = [(each, _account_of(keyring, each)) for each in to_persons]
    return [Paid(each.id, key, each.account_tail, living[each.person_id], each.amount_fen) for each, key in told if key]


def _account_uses(session: Session, keyring: Keyring, payments: Iterable[FundPayment]) -> list[Use]:
    """Accounts of persons who are paid, and those of institutions, which no person's should be."""
    living = humans.living_all(session, {each.person_id for each in payments})
    found: list[Use] = []
    for each in payments:
        key, is_person = _account_of(keyring, each), each.payee_kind == "person"
        holder, who = (Holder.PAYEE, living[each.person_id]) if is_person else (Holder.STAFF, each.organisation_id)
        if key:
            found.append(Use(Thing.ACCOUNT, key, each.account_tail, holder, who, each.organisation_id))
    return found


def _phone_uses(session: Session, keyring: Keyring, actor: Actor, payments: Iterable[FundPayment]) -> list[Use]:
    """Mobile numbers that institutions file as their own (开班申请, 负责人电话), and those by which payees log in."""
    below = Cohort.organisation_id.in_(scopes.places_of(actor, Role.PAYMASTER))
    rows = session.execute(
        select(Filing, Cohort.organisation_id).join(Cohort, Cohort.id == Filing.cohort_id).where(below)
    )
    found = []
    for filing, place in rows:
        if filing.phone_sealed:
            phone = keyring.open(filing.phone_sealed, FILED_PHONE.format(id=filing.cohort_id))
            key = sealed.phone_index(keyring, phone)
            found.append(Use(Thing.PHONE, key, phone[-4:], Holder.STAFF, place, place))
    return found + _payee_phones(session, keyring, payments)


def _payees(payments: Iterable[FundPayment]) -> dict[uuid.UUID, uuid.UUID]:
    """Whom payments are for, with the institution."""
    return {each.person_id: each.organisation_id for each in payments}


def _payee_phones(session: Session, keyring: Keyring, payments: Iterable[FundPayment]) -> list[Use]:
    places_by = _payees(payments)
    living = humans.living_all(session, set(places_by))
    found: list[Use] = []
    for ids in in_parts(sorted(places_by)):
        for account in session.scalars(select(Account).where(Account.person_id.in_(ids))):
            if account.person_id is None:
                continue
            tail = sealed.open_phone(keyring, account.id, account.phone_sealed)[-4:]
            who = (Holder.PAYEE, living[account.person_id], places_by[account.person_id])
            found.append(Use(Thing.PHONE, account.phone_index, tail, *who))
    return found


def _names(
    session: Session, table: type[Account | Organisation | Person], ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, str]:
    query = select(table.id, table.name)
    rows = (row for part in in_parts(sorted(ids)) for row in session.execute(query.where(table.id.in_(part))))
    return {row.id: row.name for row in rows}


def _labels(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """What subjects are called: batches by number, claims by class."""
    found: dict[uuid.UUID, str] = {}
    for part in in_parts(sorted(ids)):
        numbers = select(FundBatch.id, FundBatch.number).where(FundBatch.id.in_(part))
        classes = select(Claim.id, Cohort.name).join(Cohort, Cohort.id == Claim.cohort_id).where(Claim.id.in_(part))
        found |= {row[0]: row[1] for query in (numbers, classes) for row in session.execute(query)}
    return found
