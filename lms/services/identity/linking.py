"""Two persons on record are one human: nothing moves, and from now on their wall time is one.

What was recorded stays in the chain it is in. The leases of both name the living person, and share one wall, which
is locked after them: whoever of them studies, takes time that none of them has used (decision 0071).
"""

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lms.db import insert_if_absent
from lms.domain import changes
from lms.domain.evidence import EvidenceKind
from lms.domain.spans import Span
from lms.models.people import IdentityChange, PersonLink
from lms.models.study import SharedWall, StudySegment
from lms.services import humans, renewals, study_clock
from lms.services.evidence import Pen
from lms.services.scopes import Actor


def join(
    session: Session, actor: Actor, change: IdentityChange, living_id: uuid.UUID, other_id: uuid.UUID, *, now: datetime
) -> None:
    """Lets `other_id`, and all who are she, point at `living_id`; both chains tell of it."""
    everybody = sorted({*humans.bodies(session, living_id), *humans.bodies(session, other_id)})
    pen = Pen(session, now_ms=0, now=now)
    held = pen.hold(everybody)
    pen.now_ms = study_clock.read_ms(session)
    session.execute(delete(PersonLink).where(PersonLink.person_id.in_(everybody)))
    session.execute(delete(SharedWall).where(SharedWall.living_id.in_(set(everybody) - {living_id})))
    insert_if_absent(session, SharedWall, living_id=living_id, high_water_ms=0)
    facts = {
        "change": str(change.id),
        "living": str(living_id),
        "proposed_by": str(change.proposed_by),
        "decided_by": str(actor.account_id),
    }
    for person_id in everybody:
        held[person_id].living_id = living_id
        pen.append(held[person_id], EvidenceKind.LINK, facts)
        if person_id != living_id:
            row = {"person_id": person_id, "living_id": living_id, "change_id": change.id, "linked_at": now}
            session.add(PersonLink(**row))
    session.flush()
    pen.write()
    renewals.rejoin(session, living_id)


def overlap_ms(session: Session, one: uuid.UUID, other: uuid.UUID) -> int:
    """For how long two persons have studied in the same moments so far, in ms."""
    spans = [_spans(session, humans.bodies(session, each)) for each in (one, other)]
    return changes.overlap_ms(*spans)


def _spans(session: Session, person_ids: Collection[uuid.UUID]) -> list[Span]:
    rows = select(StudySegment.wall_from_ms, StudySegment.wall_to_ms).where(StudySegment.person_id.in_(person_ids))
    return [(start, end) for start, end in session.execute(rows)]
