"""What the official forms of a claim tell (补贴申请表, 补贴人员明细): from evidence alone; what is not known is empty.

Numbers are masked; whole ones only for an export with a purpose, which `record_export` writes down (0193).
"""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms import clock
from lms.crypto import Keyring
from lms.domain import documents
from lms.domain.claims import lines as rules
from lms.domain.claims.ordinals import Ordinal, ordinal
from lms.domain.claims.states import COUNTED, LineState
from lms.domain.documents import DocumentType, Sex
from lms.domain.identity import mask_mobile, mask_number
from lms.domain.roles import Role
from lms.domain.subsidies import Payee, SubsidyKind
from lms.models.accounts import Account
from lms.models.claims import ClaimLine, ClaimPlace
from lms.models.people import Person
from lms.models.skills import Qualification
from lms.services import claimed, consents, exports, humans, scopes, sealed
from lms.services.claims import notice_seam, places, reading
from lms.services.claims.reading import ClaimRow
from lms.services.scopes import Actor

PAPERS = ("application", "people")


@dataclass(frozen=True)
class PayeeView:
    """Who gets the money. `account`: the tail, or the whole number where that was asked for."""

    name: str
    bank: str
    account: str


@dataclass(frozen=True)
class PersonRow:
    """One row of 补贴人员明细. None or "" is what nothing on record tells; sums in fen."""

    number: int
    name: str
    document: str
    sex: Sex | None
    phone: str
    group: str | None
    occupation: str
    level: int | None
    class_hour_hundredths: int
    first_on: date
    last_on: date
    certificate: str
    certificate_on: date | None
    standard_fen: int
    amount_fen: int
    payee: PayeeView | None
    ordinal: Ordinal | None
    state: str
    reason: str


@dataclass(frozen=True)
class ClaimForms:
    """Both forms of one claim. `rows` hold every line of its present round; `payees`: of those it asks for.

    `filed_by`, `filed_on`: who committed to its truth and when; "" and None while nobody has.
    """

    row: ClaimRow
    organisation_id: uuid.UUID
    rows: tuple[PersonRow, ...]
    payees: tuple[PayeeView, ...]
    filed_by: str
    filed_on: date | None
    unmasked: bool

    @property
    def asked(self) -> tuple[PersonRow, ...]:
        """The rows that the sums of the application are made of."""
        return tuple(each for each in self.rows if LineState(each.state) in COUNTED)


@dataclass(frozen=True)
class _People:
    """What is read of all persons of a claim at once: by the person of a line, or by the line."""

    people: Mapping[uuid.UUID, Person]
    phones: Mapping[uuid.UUID, str]
    refusing: Collection[uuid.UUID]
    certificates: Mapping[uuid.UUID, str]
    payees: Mapping[uuid.UUID, Payee]
    ordinals: Mapping[uuid.UUID, Ordinal | None]


def read(
    session: Session, keyring: Keyring, actor: Actor, claim_id: uuid.UUID, role: Role, *, unmasked: bool = False
) -> ClaimForms:
    """The forms of a claim that the actor may see in this role; NotFound for any other."""
    claim = places.find(session, actor, claim_id, role)
    view = reading.get(session, keyring, actor, claim_id, role)
    pairs = places.lines_of(session, claim)
    known = _gather(session, keyring, [line for line, _place in pairs], role)
    rows = tuple(_row(keyring, line, place, known, unmasked=unmasked) for line, place in pairs)
    filed = next((each for each in reversed(view.steps) if each.step.act.value == "file"), None)
    is_filed = filed if claim.filed_at and claim.filed_by else None
    payees = [each.payee for each in rows if each.payee and LineState(each.state) in COUNTED]
    return ClaimForms(
        row=view.row,
        organisation_id=claim.organisation_id,
        rows=rows,
        payees=tuple(dict.fromkeys(payees)),
        filed_by=is_filed.who if is_filed else "",
        filed_on=clock.civil_day(is_filed.step.at) if is_filed else None,
        unmasked=unmasked,
    )


def record_export(
    session: Session,
    actor: Actor,
    claim_id: uuid.UUID,
    found: ClaimForms,
    *,
    paper: str,
    file_format: str,
    purpose: str = "",
    now: datetime,
) -> None:
    """Leaves the audit row of a form about to be sent as a file.

    Refused: export_purpose_missing (whole numbers only), export_purpose_too_long, export_purpose_personal.
    """
    exports.record(
        session,
        actor,
        f"claim_{paper}",
        {"claim": str(claim_id)},
        file_format=file_format,
        rows=len(found.rows) if paper == "people" else 1,
        organisation_id=found.organisation_id,
        unmasked=found.unmasked,
        purpose=purpose,
        now=now,
    )


def _gather(session: Session, keyring: Keyring, lines: Collection[ClaimLine], role: Role) -> _People:
    ids = {line.person_id for line in lines}
    shown = session.scalars(select(Person).where(Person.id.in_(ids), scopes.may_show(role, Person.id))).all()
    accounts = session.scalars(select(Account).where(Account.person_id.in_([each.id for each in shown])))
    phones = {
        each.person_id: sealed.open_phone(keyring, each.id, each.phone_sealed) for each in accounts if each.person_id
    }
    return _People(
        people={each.id: each for each in shown},
        phones=phones,
        refusing=consents.refusing(session, {each.id for each in shown}),
        certificates=_certificates(session, keyring, lines),
        payees=notice_seam.payees_of(session, [line.id for line in lines]),
        ordinals=_ordinals(session, lines),
    )


def _certificates(session: Session, keyring: Keyring, lines: Collection[ClaimLine]) -> dict[uuid.UUID, str]:
    """By line: the number of the certificate from elsewhere that it rests on."""
    named = {line.id: rules.sealed_certificate_of(line.body) for line in lines}
    found = session.scalars(
        select(Qualification).where(Qualification.id.in_([each for each in named.values() if each]))
    )
    numbers = {each.id: sealed.open_qualification(keyring, each.id, each.number_sealed) for each in found}
    return {line: numbers[each] for line, each in named.items() if each in numbers}


def _ordinals(session: Session, lines: Collection[ClaimLine]) -> dict[uuid.UUID, Ordinal | None]:
    living = humans.living_all(session, {line.person_id for line in lines})
    past = claimed.past_claims(session, set(living.values()))
    return {
        line.id: ordinal(past.get(living[line.person_id], []), line.enrollment_id, SubsidyKind(line.kind))
        for line in lines
    }


def _row(keyring: Keyring, line: ClaimLine, place: ClaimPlace, known: _People, *, unmasked: bool) -> PersonRow:
    """One row; of somebody whose records are archive only her institution reads no name, number or account."""
    person, whole = known.people.get(line.person_id), unmasked and line.person_id not in known.refusing
    document = sealed.open_document(keyring, person.id, person.document_sealed) if person else ""
    told = documents.read(DocumentType(person.document_type), document) if person and document else None
    phone = known.phones.get(line.person_id, "")
    own = known.certificates.get(line.id, "")
    payee = known.payees.get(line.id)
    is_told = payee and (person or payee.kind == "organisation")
    return PersonRow(
        number=line.number,
        name=person.name if person else "",
        document=document if whole else mask_number(document) if document else "",
        sex=told.sex if told else None,
        phone=phone if unmasked or not phone else mask_mobile(phone),
        group=rules.group_of(line.body) if person else None,
        occupation=line.occupation,
        level=line.level,
        class_hour_hundredths=line.class_hour_hundredths,
        first_on=line.first_on,
        last_on=line.last_on,
        certificate=line.certificate_number or _number(own if person else "", whole=whole),
        certificate_on=line.certificate_on,
        standard_fen=line.standard_fen,
        amount_fen=line.amount_fen,
        payee=_payee(keyring, payee, unmasked=unmasked) if payee and is_told else None,
        ordinal=known.ordinals[line.id] if person else None,
        state=place.state,
        reason=place.reason,
    )


def _number(number: str, *, whole: bool) -> str:
    return number if whole or not number else mask_number(number)


def _payee(keyring: Keyring, payee: Payee, *, unmasked: bool) -> PayeeView:
    account = payee.account_tail
    if unmasked and payee.account_sealed:
        account = sealed.open_account(keyring, payee.account_id or payee.id, payee.account_sealed)
    return PayeeView(payee.name, payee.bank, account)
