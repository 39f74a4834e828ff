"""What people were told and what they agreed to: each word of theirs is a row that names the text it answers."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms import resources
from lms.domain import notices
from lms.domain.notices import Notice, Purpose
from lms.models.accounts import Account
from lms.models.base import new_id
from lms.models.people import Person
from lms.models.practice import Consent
from lms.services import audit, humans
from lms.services.scopes import Actor


@dataclass(frozen=True)
class Standing:
    """Her last word on a purpose; `by`: who recorded it, "" for herself; `at` is None where she never said."""

    purpose: Purpose
    holds: bool
    given: bool
    at: datetime | None
    by: str


@cache
def text(purpose: Purpose, language: str) -> Notice:
    """The text in force, in one of `notices.LANGUAGES`."""
    return notices.read(
        purpose, language, (resources.find("notices") / notices.file_name(purpose, language)).read_bytes()
    )


def last(session: Session, person_id: uuid.UUID, purpose: Purpose) -> Consent | None:
    """The last row of a person and a purpose: the one that holds."""
    mine = select(Consent).where(Consent.person_id == person_id, Consent.purpose == purpose.value)
    return session.scalar(mine.order_by(Consent.recorded_at.desc(), Consent.id.desc()).limit(1))


def standing(session: Session, person_id: uuid.UUID, purpose: Purpose) -> Standing:
    """Where a person stands on a purpose."""
    row = last(session, person_id, purpose)
    if row is None:
        return Standing(purpose, holds=False, given=False, at=None, by="")
    recorder = session.get_one(Account, row.recorded_by)
    by = "" if recorder.person_id == person_id else recorder.name
    holds = notices.holds(row.given, purpose, row.version)
    return Standing(purpose, holds=holds, given=row.given, at=row.recorded_at, by=by)


def answered(session: Session, person_id: uuid.UUID) -> set[tuple[str, str]]:
    """(purpose, version) of everything she said yes or no to."""
    rows = select(Consent.purpose, Consent.version).where(Consent.person_id == person_id).distinct()
    return {(row.purpose, row.version) for row in session.execute(rows)}


def refusing(session: Session, person_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the persons whose last word on the use of their identity number is no, under whichever person said."""
    living = humans.living_all(session, person_ids)
    others = humans.other_bodies(session, set(living.values()))
    human = {body: first for first, bodies in others.items() for body in (first, *bodies)}
    newest = func.row_number().over(
        partition_by=Consent.person_id, order_by=(Consent.recorded_at.desc(), Consent.id.desc())
    )
    mine = (Consent.purpose == Purpose.IDENTITY.value) & Consent.person_id.in_({*person_ids, *human})
    ranked = select(Consent.person_id, Consent.given, Consent.recorded_at, newest.label("place")).where(mine).subquery()
    last = session.execute(select(ranked).where(ranked.c.place == 1).order_by(ranked.c.recorded_at))
    given = {human.get(row.person_id, row.person_id): row.given for row in last}
    return {each for each, first in living.items() if given.get(first) is False}


def lock(session: Session, person_id: uuid.UUID) -> None:
    """What rests on a consent and a consent that is taken back wait for each other."""
    session.scalar(select(Person.id).where(Person.id == person_id).with_for_update())


def record(
    session: Session,
    actor: Actor,
    person_id: uuid.UUID,
    purpose: Purpose,
    *,
    given: bool,
    language: str = "zh",
    organisation_id: uuid.UUID | None = None,
    now: datetime,
) -> Consent:
    """A person's word, with the text she read; the row says who recorded it."""
    shown = text(purpose, language if language in notices.LANGUAGES else "zh")
    made = Consent(
        id=new_id(),
        person_id=person_id,
        purpose=purpose.value,
        version=shown.version,
        language=shown.language,
        text_hash=shown.digest,
        given=given,
        recorded_by=actor.account_id,
        recorded_at=now,
    )
    session.add(made)
    audit.record(
        session,
        "consent.give" if given else "consent.withdraw",
        made.id,
        now=now,
        account_id=actor.account_id,
        organisation_id=organisation_id,
        detail={"purpose": made.purpose, "version": made.version},
    )
    session.flush()
    return made
