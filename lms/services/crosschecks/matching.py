"""Numbers of lists compared with the numbers of everybody the list's authority reaches; new matches are written."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lms import clock
from lms.crypto import Keyring
from lms.db import insert_all_absent
from lms.domain.identity import matching_name
from lms.models.base import new_id
from lms.models.crosschecks import OutsideEntry, OutsideList, OutsideMatch
from lms.models.people import PersonDocument, PersonName
from lms.services import audit, humans, outside

NAME = "outside_name"


def name_index(keyring: Keyring, name: str) -> str:
    """By which the name on a list is compared with hers; the name itself is not kept."""
    return keyring.index(NAME, matching_name(name))


def match_all(session: Session, keyring: Keyring, *, now: datetime) -> int:
    """Compares every list that stands with who is on record by now; answers with how many matches are new."""
    standing = select(OutsideList).where(OutsideList.removed_at.is_(None)).order_by(OutsideList.id)
    return sum(match(session, keyring, listed, now=now) for listed in session.scalars(standing))


def match(session: Session, keyring: Keyring, listed: OutsideList, *, now: datetime) -> int:
    """Compares one list. A human is matched once, whichever of her documents stands on it."""
    hits = (
        select(OutsideEntry, PersonDocument.person_id)
        .join(PersonDocument, PersonDocument.pid == OutsideEntry.pid)
        .where(OutsideEntry.list_id == listed.id, PersonDocument.withdrawn_at.is_(None))
        .order_by(OutsideEntry.pid)
    )
    rows = session.execute(hits).all()
    people = {row[1] for row in rows}
    living = humans.living_all(session, people)
    reached = outside.reached_by(session, [listed.organisation_id], people)
    names = _names(session, people)
    known = set(session.scalars(select(OutsideMatch.person_id).where(OutsideMatch.list_id == listed.id)))
    made: dict[uuid.UUID, dict[str, Any]] = {}
    for entry, person_id in rows:
        human = living[person_id]
        if (listed.organisation_id, person_id) in reached and human not in known and human not in made:
            fits = entry.name_index in {name_index(keyring, name) for name in names.get(human, ())}
            made[human] = _row(listed, entry, human, fits, now)
    insert_all_absent(session, OutsideMatch, list(made.values()))
    if made:
        detail = {"matches": len(made)}
        place = {"organisation_id": listed.organisation_id}
        audit.record(session, "outside.match", listed.id, now=now, detail=detail, **place)
    return len(made)


def _row(listed: OutsideList, entry: OutsideEntry, person_id: uuid.UUID, fits: bool, now: datetime) -> dict[str, Any]:
    told = {"name_fits": fits, "from_on": entry.from_on, "until_on": entry.until_on, "found_at": now}
    return {"id": new_id(), "list_id": listed.id, "person_id": person_id, **told}


def _names(session: Session, person_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, set[str]]:
    """By human: every name she is or was on record with."""
    circles = humans.circles(session, person_ids)
    found: dict[uuid.UUID, set[str]] = {}
    told = select(PersonName.person_id, PersonName.name).where(PersonName.person_id.in_(circles))
    for person_id, name in session.execute(told):
        found.setdefault(circles[person_id], set()).add(name)
    return found


def forget(session: Session, listed: Sequence[OutsideList], *, by: uuid.UUID | None, now: datetime) -> None:
    """The numbers of lists go; that there were lists, and whom they matched, stays."""
    for each in listed:
        session.execute(delete(OutsideEntry).where(OutsideEntry.list_id == each.id))
        each.removed_at, each.removed_by = now, by
        place = {"account_id": by, "organisation_id": each.organisation_id}
        audit.record(session, "outside.remove", each.id, now=now, detail={"entries": each.entries}, **place)
    session.flush()


def sweep(session: Session, keyring: Keyring, *, now: datetime) -> int:
    """Lets go of lists whose last day is over, and compares the others; answers with how many matches are new."""
    over = OutsideList.removed_at.is_(None) & (OutsideList.kept_until < clock.civil_day(now))
    forget(session, session.scalars(select(OutsideList).where(over)).all(), by=None, now=now)
    return match_all(session, keyring, now=now)
