"""The two papers of a filing as files: 开班申请表 and 学员花名册, numbers masked unless a purpose is given."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain import documents, filing_checks
from lms.domain.documents import DocumentType, Sex
from lms.domain.filing_checks import Totals
from lms.domain.identity import mask_mobile, mask_number
from lms.domain.roles import Role
from lms.models.accounts import Account
from lms.services import consents, exports, sealed
from lms.services.filings import places
from lms.services.scopes import Actor


@dataclass(frozen=True)
class RosterLine:
    """One learner. `born_on` and `sex` where the number tells them; number and phone masked unless asked for."""

    name: str
    document_type: str
    number: str
    born_on: date | None
    sex: Sex | None
    phone: str


@dataclass(frozen=True)
class Papers:
    """What both papers say: the class, the facts as they stand, and everybody in it who may be shown."""

    cohort_id: uuid.UUID
    organisation_id: uuid.UUID
    name: str
    opens_on: date
    closes_on: date
    number: str | None
    family: str
    facts: Mapping[str, Any]
    totals: Totals
    lines: tuple[RosterLine, ...]


def read(session: Session, keyring: Keyring, actor: Actor, cohort_id: uuid.UUID, *, unmasked: bool = False) -> Papers:
    """The papers of a filed class of the actor's institutions; NotFound for any other."""
    cohort, filing = places.find(session, actor, cohort_id, Role.INSTITUTION)
    facts = places.facts_of(session, keyring, cohort, filing)
    if unmasked:
        facts["phone"] = places.open_phone(keyring, filing)
    return Papers(
        cohort_id=cohort.id,
        organisation_id=cohort.organisation_id,
        name=cohort.name,
        opens_on=cohort.opens_on,
        closes_on=cohort.closes_on,
        number=cohort.filing_number,
        family=places.policy_of(cohort).family,
        facts=facts,
        totals=filing_checks.totals(places.to_check(session, cohort, filing).plan),
        lines=_lines(session, keyring, cohort.id, unmasked=unmasked),
    )


def _lines(session: Session, keyring: Keyring, cohort_id: uuid.UUID, *, unmasked: bool) -> tuple[RosterLine, ...]:
    people = [person for _enrollment, person in places.people_of(session, cohort_id, Role.INSTITUTION)]
    rows = select(Account).where(Account.person_id.in_([person.id for person in people]))
    phones = {each.person_id: sealed.open_phone(keyring, each.id, each.phone_sealed) for each in session.scalars(rows)}
    refusing = consents.refusing(session, {person.id for person in people}) if unmasked else set()
    return tuple(
        _line(
            person.name,
            person.document_type,
            sealed.open_document(keyring, person.id, person.document_sealed),
            phones.get(person.id, ""),
            unmasked=unmasked,
            hides_number=person.id in refusing,
        )
        for person in people
    )


def _line(name: str, document_type: str, number: str, phone: str, *, unmasked: bool, hides_number: bool) -> RosterLine:
    told = documents.read(DocumentType(document_type), number) if number else None
    return RosterLine(
        name=name,
        document_type=document_type,
        number=number if unmasked and not hides_number else mask_number(number),
        born_on=told.birth_on if told else None,
        sex=told.sex if told else None,
        phone=phone if unmasked or not phone else mask_mobile(phone),
    )


def record_export(
    session: Session,
    actor: Actor,
    papers: Papers,
    *,
    paper: str,
    file_format: str,
    unmasked: bool = False,
    purpose: str = "",
    now: datetime,
) -> None:
    """Leaves the audit row of a paper about to be sent as a file; `paper`: application or roster.

    Refused: export_purpose_missing (unmasked only), export_purpose_too_long, export_purpose_personal.
    """
    exports.record(
        session,
        actor,
        f"filing_{paper}",
        {"cohort": str(papers.cohort_id)},
        file_format=file_format,
        rows=len(papers.lines) if paper == "roster" else 1,
        organisation_id=papers.organisation_id,
        unmasked=unmasked,
        purpose=purpose,
        now=now,
    )
