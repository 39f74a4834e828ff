"""Sanctions against institutions, as far as money is concerned: doubts on their claims, and days without new ones.

A sanction is for an institution and all its branches.
"""

import uuid
from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain.claims import sanctions
from lms.domain.claims.sanctions import HOLDS, Rung, Standing, State
from lms.domain.subsidies import Doubt, ReasonCode
from lms.models.sanctions import Sanction
from lms.services import scopes


def doubts(session: Session, organisation_ids: Collection[uuid.UUID], day: date) -> dict[uuid.UUID, list[Doubt]]:
    """The doubts that sanctions in force on a day cast on claims of these institutions, by institution."""
    found: dict[uuid.UUID, list[Doubt]] = {}
    for place, row in _in_force(session, organisation_ids):
        if sanctions.holds(_standing(row), day):
            values = {"rung": row.rung, "number": row.number, "until": row.closed_until}
            found.setdefault(place, []).append(Doubt("sanction_in_force", ReasonCode.UNDER_INVESTIGATION, values))
    return found


def closed(
    session: Session, organisation_ids: Collection[uuid.UUID], day: date
) -> dict[uuid.UUID, tuple[str, date | None]]:
    """By institution that may file no new claim on this day: the rung that says so and its last day, the farthest one;
    None: until it is lifted."""
    found: dict[uuid.UUID, tuple[str, date | None]] = {}
    for place, row in _in_force(session, organisation_ids):
        if sanctions.closes(_standing(row), day):
            before = found.get(place)
            if before is None or (before[1] or date.max) < (row.closed_until or date.max):
                found[place] = (row.rung, row.closed_until)
    return found


def _in_force(session: Session, organisation_ids: Collection[uuid.UUID]) -> list[tuple[uuid.UUID, Sanction]]:
    """(institution, sanction on it or on what stands above it), the oldest first."""
    states = [each.value for each in HOLDS]
    rows = session.scalars(select(Sanction).where(Sanction.state.in_(states)).order_by(Sanction.id)).all()
    if not rows:
        return []
    tree = scopes.organisations_under({row.organisation_id for row in rows})
    below: dict[uuid.UUID, list[uuid.UUID]] = {}
    for top, place in session.execute(select(tree.c.top, tree.c.id).where(tree.c.id.in_(organisation_ids))):
        below.setdefault(top, []).append(place)
    return [(place, row) for row in rows for place in below.get(row.organisation_id, [])]


def _standing(row: Sanction) -> Standing:
    return Standing(Rung(row.rung), State(row.state), row.closed_until)
