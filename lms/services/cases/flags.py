"""A flag is raised once, and opens a case or joins the one that is open."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain.cases import CaseState, StepKind
from lms.domain.flags import FlagKind
from lms.models.base import new_id
from lms.models.cases import Case, CaseStep, Flag
from lms.models.people import Person
from lms.services import audit


@dataclass(frozen=True)
class Suspicion:
    """Something strange about one person's study in one institution. `detail` holds counts and ids only."""

    kind: FlagKind
    person_id: uuid.UUID
    organisation_id: uuid.UUID
    key: str
    detail: Mapping[str, object]


def raise_flag(session: Session, found: Suspicion, *, now: datetime) -> bool:
    """Puts the flag into the person's open case, opening one if need be; False if this key is known already."""
    mine = select(Person.id).where(Person.id == found.person_id)
    session.scalar(mine.with_for_update(key_share=True))  # two at once must not open two cases
    if session.scalar(select(Flag.id).where(Flag.key == found.key)) is not None:
        return False
    case = _open_case(session, found, now)
    session.add(
        Flag(
            id=new_id(),
            key=found.key,
            kind=found.kind.value,
            person_id=found.person_id,
            organisation_id=found.organisation_id,
            detail=dict(found.detail),
            raised_at=now,
            case_id=case.id,
        )
    )
    session.add(CaseStep(id=new_id(), case_id=case.id, kind=StepKind.FLAGGED.value, words=found.kind.value, at=now))
    session.flush()
    return True


def _open_case(session: Session, found: Suspicion, now: datetime) -> Case:
    mine = (Case.person_id == found.person_id) & (Case.organisation_id == found.organisation_id)
    case = session.scalar(select(Case).where(mine, Case.state == CaseState.OPEN.value))
    if case is not None:
        return case
    made = Case(
        id=new_id(),
        person_id=found.person_id,
        organisation_id=found.organisation_id,
        state=CaseState.OPEN.value,
        opened_at=now,
    )
    session.add(made)
    session.flush()
    session.add(CaseStep(id=new_id(), case_id=made.id, kind=StepKind.OPENED.value, at=now))
    audit.record(session, "case.open", made.id, now=now, organisation_id=found.organisation_id)
    return made
