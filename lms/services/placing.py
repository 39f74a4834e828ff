"""Many persons into one class: what is on record of them is read at once, decided in the domain, written at once."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.db import insert_all_absent
from lms.domain.enrollments import Applicant, Decision, Known, Register
from lms.domain.errors import Conflict
from lms.domain.identity import DocumentType, check_mobile
from lms.models.base import new_id
from lms.models.enrollments import Cohort, Enrollment
from lms.models.people import Person
from lms.services import accounts, humans, people, sealed
from lms.services.accounts import Line
from lms.services.people import Human, Named


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


@dataclass(frozen=True)
class Place:
    """Where somebody on record would sit in a class: under which person, and her enrollment if she has one."""

    person_id: uuid.UUID
    phone_index: str | None
    enrollment_id: uuid.UUID | None

    @property
    def is_taken(self) -> bool:
        """Whether she is in the class already."""
        return self.enrollment_id is not None


def entry(keyring: Keyring, *, name: str, document_type: DocumentType, number: str, phone: str, now: datetime) -> Entry:
    """Somebody as a form or a file tells of her. Refused: the codes of `domain.identity` and `domain.documents`."""
    told = people.named(keyring, name=name, document_type=document_type, number=number, now=now)
    phone = check_mobile(phone)
    return Entry(told, phone, sealed.phone_index(keyring, phone))


def learn(session: Session, cohort: Cohort, entries: Collection[Entry], register: Register) -> None:
    """Tells the register what is on record of these persons and phones."""
    found = people.find_all(session, {each.named.pid for each in entries})
    places = _places(session, cohort, entries, found)
    known = {
        pid: Known(
            each.person.name,
            places[pid].phone_index,
            places[pid].is_taken,
            frozenset(each.names.values()),
            str(each.person.id),
        )
        for pid, each in found.items()
    }
    lines = accounts.free_lines(session, {each.phone_index for each in entries}, cohort.organisation_id)
    register.learn(known, lines)


def _places(
    session: Session, cohort: Cohort, entries: Collection[Entry], found: Mapping[str, Human]
) -> dict[str, Place]:
    """Where one human is on record as several persons: the one whose phone was given, so that she finds the class.

    Else one of them who signs in, the living one first: a number gets nobody a second account.
    """
    bodies = {body for human in found.values() for body in human.names}
    phones = accounts.phones_of(session, bodies)
    within = select(Enrollment.person_id, Enrollment.id).where(
        Enrollment.cohort_id == cohort.id, Enrollment.person_id.in_(bodies)
    )
    inside = dict(session.execute(within).all())
    places: dict[str, Place] = {}
    for each in entries:
        if human := found.get(each.named.pid):
            signing = [body for body in human.names if body in phones]
            given = (body for body in signing if phones[body] == each.phone_index)
            person_id = next(given, signing[0] if signing else human.person.id)
            enrolled = next((inside[body] for body in human.names if body in inside), None)
            places.setdefault(each.named.pid, Place(person_id, phones.get(person_id), enrolled))
    return places


def place(
    session: Session, keyring: Keyring, cohort: Cohort, decided: Sequence[tuple[Entry, Decision]], *, now: datetime
) -> list[uuid.UUID | None]:
    """Writes what was decided; for each the enrollment, None for whoever was refused.

    Conflict("changed_meanwhile") when another transaction was quicker: read and decide again.
    """
    taken = [(each, decision) for each, decision in decided if decision.refusal is None]
    entries = [each for each, _ in taken]
    found = people.register_all(session, keyring, [each.named for each in entries], now=now)
    if not all(found[each.named.pid].is_named(each.named.name) for each in entries):
        raise Conflict("changed_meanwhile")
    _take_turns(session, found)
    places = _places(session, cohort, entries, found)
    if any(places[each.named.pid].is_taken for each, decision in taken if decision.joins):
        raise Conflict("changed_meanwhile")
    lines = [_line(found, places, each) for each, decision in taken if decision.signs_in]
    accounts.link_all(session, keyring, lines, now=now)
    joining = {places[each.named.pid].person_id for each, decision in taken if decision.joins}
    made = _join(session, cohort, joining, now)
    ids = {pid: made.get(where.person_id, where.enrollment_id) for pid, where in places.items()}
    return [None if decision.refusal else ids[each.named.pid] for each, decision in decided]


def _take_turns(session: Session, found: Mapping[str, Human]) -> None:
    """Two who enter one human as two persons at once: the class knows persons only, so the second waits and reads."""
    several = {human.person.id for human in found.values() if len(human.names) > 1}
    if several:
        held = select(Person.id).where(Person.id.in_(several)).order_by(Person.id)
        session.execute(held.with_for_update())


def _line(found: Mapping[str, Human], places: Mapping[str, Place], entry: Entry) -> Line:
    person_id = places[entry.named.pid].person_id
    return Line(person_id, found[entry.named.pid].names[person_id], entry.phone, entry.phone_index)


def _join(
    session: Session, cohort: Cohort, joining: Collection[uuid.UUID], now: datetime
) -> dict[uuid.UUID, uuid.UUID]:
    same = {"cohort_id": cohort.id, "course_version_id": cohort.course_version_id, "created_at": now}
    made = {person_id: new_id() for person_id in sorted(joining)}
    insert_all_absent(session, Enrollment, [{"id": made[each], "person_id": each, **same} for each in made])
    columns = select(Enrollment.person_id, Enrollment.id).where(
        Enrollment.cohort_id == cohort.id, Enrollment.person_id.in_(joining)
    )
    if dict(session.execute(columns).all()) != made:
        raise Conflict("changed_meanwhile")
    return made


def rejoin(
    session: Session, cohort: Cohort, person_ids: Collection[uuid.UUID], *, now: datetime
) -> dict[uuid.UUID, uuid.UUID]:
    """Persons on record who join one more class, as the person they sign in as; by who was asked for, the enrollment.

    Who is in the class already, as whichever person, is left out. Conflict("changed_meanwhile"): read again.
    """
    living = humans.living_all(session, person_ids)
    held = select(Person.id).where(Person.id.in_(living.values())).order_by(Person.id)
    session.execute(held.with_for_update())
    bodies = {first: [first] for first in living.values()}
    for first, others in humans.other_bodies(session, bodies.keys()).items():
        bodies[first] += others
    everybody = [body for each in bodies.values() for body in each]
    phones = accounts.phones_of(session, everybody)
    within = select(Enrollment.person_id).where(Enrollment.cohort_id == cohort.id, Enrollment.person_id.in_(everybody))
    inside = set(session.scalars(within))
    joining = {
        first: next((body for body in each if body in phones), first)
        for first, each in bodies.items()
        if not inside & set(each)
    }
    made = _join(session, cohort, joining.values(), now)
    return {asked: made[joining[first]] for asked, first in living.items() if first in joining}
