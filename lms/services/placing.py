"""Many persons into one class: what is on record of them is read at once, decided in the domain, written at once."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.db import insert_all_absent
from lms.domain.enrollments import Applicant, Decision, Known, Register
from lms.domain.errors import Conflict
from lms.domain.identity import DocumentType, check_mobile, matching_name
from lms.models.base import new_id
from lms.models.enrollments import Cohort, Enrollment
from lms.services import accounts, people, sealed
from lms.services.accounts import Line
from lms.services.people import Named


@dataclass(frozen=True)
class Entry:
    """Somebody to be enrolled, in normal form, with the fingerprint of her phone."""

    named: Named
    phone: str
    phone_index: str

    @property
    def applicant(self) -> Applicant:
        """As the rules know her."""
        return Applicant(self.named.pid, self.named.name, self.phone_index)


def entry(keyring: Keyring, *, name: str, document_type: DocumentType, number: str, phone: str) -> Entry:
    """Somebody as a form or a file tells of her. Refused: the codes of `domain.identity`."""
    told = people.named(keyring, name=name, document_type=document_type, number=number)
    phone = check_mobile(phone)
    return Entry(told, phone, sealed.phone_index(keyring, phone))


def learn(session: Session, cohort: Cohort, entries: Collection[Entry], register: Register) -> None:
    """Tells the register what is on record of these persons and phones."""
    found = people.find_all(session, {each.named.pid for each in entries})
    ids = {person.id for person in found.values()}
    phones = accounts.phones_of(session, ids)
    within = select(Enrollment.person_id).where(Enrollment.cohort_id == cohort.id, Enrollment.person_id.in_(ids))
    inside = set(session.scalars(within))
    known = {pid: Known(each.name, phones.get(each.id), each.id in inside) for pid, each in found.items()}
    lines = accounts.free_lines(session, {each.phone_index for each in entries}, cohort.organisation_id)
    register.learn(known, lines)


def place(
    session: Session, keyring: Keyring, cohort: Cohort, decided: Sequence[tuple[Entry, Decision]], *, now: datetime
) -> list[uuid.UUID | None]:
    """Writes what was decided; for each the enrollment, None for whoever was refused.

    Conflict("changed_meanwhile") when another transaction was quicker: read and decide again.
    """
    taken = [(each, decision) for each, decision in decided if decision.refusal is None]
    persons = people.register_all(session, keyring, [each.named for each, _ in taken], now=now)
    for each, _ in taken:
        if matching_name(persons[each.named.pid].name) != matching_name(each.named.name):
            raise Conflict("changed_meanwhile")
    signing = [(persons[each.named.pid], each) for each, decision in taken if decision.signs_in]
    lines = [Line(person.id, person.name, each.phone, each.phone_index) for person, each in signing]
    accounts.link_all(session, keyring, lines, now=now)
    joining = [persons[each.named.pid].id for each, decision in taken if decision.joins]
    places = _join(session, cohort, joining, [person.id for person in persons.values()], now)
    return [None if decision.refusal else places[persons[each.named.pid].id] for each, decision in decided]


def _join(
    session: Session, cohort: Cohort, joining: Sequence[uuid.UUID], everybody: Collection[uuid.UUID], now: datetime
) -> dict[uuid.UUID, uuid.UUID]:
    same = {"cohort_id": cohort.id, "course_version_id": cohort.course_version_id, "created_at": now}
    made = {person_id: new_id() for person_id in joining}
    insert_all_absent(session, Enrollment, [{"id": made[each], "person_id": each, **same} for each in joining])
    columns = select(Enrollment.person_id, Enrollment.id).where(
        Enrollment.cohort_id == cohort.id, Enrollment.person_id.in_(everybody)
    )
    places = dict(session.execute(columns).all())
    if any(places.get(person_id) != enrollment_id for person_id, enrollment_id in made.items()):
        raise Conflict("changed_meanwhile")
    return places
