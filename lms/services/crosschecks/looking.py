"""The look at whole classes: facts go to the patterns, and what is new becomes flags. By night, or by hand."""

import uuid
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms import clock
from lms.db import in_parts, insert_all_absent, insert_if_absent
from lms.domain.crosschecks import fraud
from lms.domain.crosschecks.patterns import Found
from lms.domain.errors import NotFound
from lms.domain.roles import Role
from lms.models.base import new_id
from lms.models.crosschecks import PatternFlag, PatternPerson
from lms.models.enrollments import Cohort
from lms.services import audit, humans, jobs, scopes
from lms.services.crosschecks import gathering
from lms.services.scopes import Actor

LOOK = "crosschecks.look"
BACK = timedelta(days=90)
"""So long after its last day a class is looked at: by then what it claims was decided. Our own choice."""
LONGEST_SUBJECT = 80
TOGETHER = 50


def ask(session: Session, *, now: datetime) -> None:
    """Once a night the worker is asked to compare lists and to look at classes."""
    day = clock.civil_day(now).isoformat()
    jobs.enqueue(session, LOOK, f"crosschecks:{day}", {"day": day}, now=now)


def look_at(session: Session, actor: Actor, cohort_id: uuid.UUID, *, now: datetime) -> int:
    """An officer has one class looked at now, with the others of its time; answers with how many flags are new.

    NotFound for a class that is not below her.
    """
    mine = scopes.cohorts_of(actor, Role.OFFICER).where(Cohort.id == cohort_id)
    found = session.scalar(mine)
    if found is None:
        raise NotFound
    beside = select(Cohort.id).where(
        Cohort.organisation_id.in_(scopes.places_of(actor, Role.OFFICER)),
        Cohort.opens_on <= found.closes_on,
        Cohort.closes_on >= found.opens_on,
    )
    raised = raise_new(session, find(session, session.scalars(beside).all()), now=now)
    audit.record(session, "pattern.look", cohort_id, now=now, account_id=actor.account_id, detail={"flags": raised})
    return raised


def find_running(session: Session, *, now: datetime) -> list[Found]:
    """What is strange in every class that is running or was lately. Writes nothing."""
    return find(session, running(session, clock.civil_day(now)))


def settle_look(session: Session, found: Iterable[Found], *, now: datetime) -> None:
    """Raises what a look of the worker found."""
    raise_new(session, found, now=now)


def running(session: Session, today: date) -> list[uuid.UUID]:
    """The classes that have begun, and are not long over."""
    lately = (Cohort.opens_on <= today) & (Cohort.closes_on >= today - BACK)
    return list(session.scalars(select(Cohort.id).where(lately).order_by(Cohort.id)))


def find(session: Session, cohort_ids: Collection[uuid.UUID]) -> list[Found]:
    """What is strange in these classes and between them. Writes nothing."""
    some = in_parts(sorted(cohort_ids), TOGETHER)
    return fraud.judge([facts for each in some for facts in gathering.gather(session, each)])


def raise_new(session: Session, found: Iterable[Found], *, now: datetime) -> int:
    """Raises what is not known yet: a pattern of a class once, and again for persons who were not among those of
    before. Two looks at once end in one flag."""
    raised = 0
    for each in found:
        raised += _raise(session, each, now)
    return raised


def _raise(session: Session, found: Found, now: datetime) -> bool:
    subject = found.subject[:LONGEST_SUBJECT]
    cohort = session.get_one(Cohort, uuid.UUID(found.cohort))
    known = _known(session, cohort.id, found.pattern.value, subject)
    new = {person for person in found.persons if uuid.UUID(person) not in known}
    if known and not new:
        return False
    key = f"{found.pattern.value}:{cohort.id}:{subject}:{len(known)}"
    row = {"id": new_id(), "key": key, "pattern": found.pattern.value, "cohort_id": cohort.id, "subject": subject}
    row |= {"organisation_id": cohort.organisation_id, "detail": dict(found.detail), "raised_at": now}
    insert_if_absent(session, PatternFlag, **row, evidence=[list(each) for each in found.evidence])
    stands = session.scalar(select(PatternFlag.id).where(PatternFlag.key == key))
    if stands != row["id"]:
        return False
    persons = [
        {"flag_id": stands, "person_id": uuid.UUID(person), "is_suspect": person in found.suspects}
        for person in sorted(new)
    ]
    insert_all_absent(session, PatternPerson, persons)
    place = {"organisation_id": cohort.organisation_id}
    audit.record(session, "pattern.raise", row["id"], now=now, detail={"pattern": found.pattern.value}, **place)
    return True


def _known(session: Session, cohort_id: uuid.UUID, pattern: str, subject: str) -> set[uuid.UUID]:
    """Who is in flags of the same thing already, under whichever record."""
    rows = session.scalars(
        select(PatternPerson.person_id)
        .join(PatternFlag, PatternFlag.id == PatternPerson.flag_id)
        .where(PatternFlag.cohort_id == cohort_id, PatternFlag.pattern == pattern, PatternFlag.subject == subject)
    )
    return set(humans.living_all(session, set(rows)).values())
