"""Writing a filing, step by step: every step is kept, so that nothing is lost between two evenings."""

import uuid
from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain import programmes
from lms.domain.attendance import ClassContent
from lms.domain.bank import clean_line
from lms.domain.errors import NotFound, Refused
from lms.domain.filing_checks import Mode
from lms.domain.filings import CERTIFICATES, LEVELS, LONGEST_CLASS, Act, State
from lms.domain.identity import check_mobile, has_strange_sign, holds_number
from lms.domain.roles import Role
from lms.models.base import new_id
from lms.models.filings import Filing, PlanItem
from lms.services import audit, cohorts
from lms.services.attendance import meetings
from lms.services.cohorts import CohortView
from lms.services.filings import history, places
from lms.services.scopes import Actor

LONGEST_LINE, LONGEST_TEXT = 80, 1000
MOST_ITEMS, MOST_HOURS = 200, 500
LINES = ("occupation", "place", "manager")
TEXTS = ("materials", "resources", "exam_plan")


@dataclass(frozen=True)
class Described:
    """A step of the filing; None leaves a field as it is, "" empties it. `phone` in clear: of the person in charge."""

    programme: str | None = None
    training_kind: str | None = None
    occupation: str | None = None
    level: str | None = None
    certificate: str | None = None
    size: int | None = None
    place: str | None = None
    manager: str | None = None
    phone: str | None = None
    materials: str | None = None
    resources: str | None = None
    exam_plan: str | None = None


@dataclass(frozen=True)
class Line:
    """One line of the plan as a form tells it; `hours` are class hours."""

    subject: str
    content: ClassContent
    mode: Mode
    hours: int
    teacher_id: uuid.UUID | None
    place: str
    held_on: date | None


def start(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    *,
    organisation_id: uuid.UUID,
    course_version_id: uuid.UUID,
    name: str,
    opens_on: date,
    closes_on: date,
    family: str = "base",
    now: datetime,
) -> CohortView:
    """Opens a class that shall be filed, as a draft; the refusals of `cohorts.create`."""
    told = {"name": name, "opens_on": opens_on, "closes_on": closes_on, "family": family, "now": now}
    place = {"organisation_id": organisation_id, "course_version_id": course_version_id}
    made = cohorts.create(session, actor, **place, **told, filing=State.DRAFT.value)  # type: ignore[arg-type]
    session.add(Filing(cohort_id=made.id, created_at=now))
    session.flush()
    history.record(session, keyring, actor, *places.find(session, actor, made.id, Role.INSTITUTION), Act.DRAFT, now=now)
    return made


def rename(
    session: Session,
    actor: Actor,
    cohort_id: uuid.UUID,
    *,
    name: str,
    opens_on: date,
    closes_on: date,
    now: datetime,
) -> None:
    """Another name and other days, while the filing is open. Conflict: filing_not_open; refusals of `cohorts.amend`."""
    cohort, _filing = places.find(session, actor, cohort_id, Role.INSTITUTION, lock=True)
    places.require_open(cohort)
    cohorts.amend(session, actor, cohort, name=name, opens_on=opens_on, closes_on=closes_on, now=now)


def describe(
    session: Session, keyring: Keyring, actor: Actor, cohort_id: uuid.UUID, said: Described, *, now: datetime
) -> None:
    """Keeps a step of the filing, finished or not.

    Refused: filing_programme, filing_kind, filing_level, filing_certificate, filing_size, filing_line, filing_text,
    mobile_shape; Conflict: filing_not_open.
    """
    cohort, filing = places.find(session, actor, cohort_id, Role.INSTITUTION, lock=True)
    places.require_open(cohort)
    told = {each.name: getattr(said, each.name) for each in fields(said) if getattr(said, each.name) is not None}
    phone = told.pop("phone", None)
    if phone is not None:
        told["phone_sealed"] = places.seal_phone(keyring, cohort.id, check_mobile(phone) if phone.strip() else "")
    if said.training_kind:
        programmes.check_kind(said.programme or filing.programme, said.training_kind)
    checked = {name: _checked(name, value) for name, value in told.items()}  # all of it, before any of it is written
    for name, value in checked.items():
        setattr(filing, name, value)
    session.flush()
    who = {"account_id": actor.account_id, "organisation_id": cohort.organisation_id}
    audit.record(session, "filing.write", cohort.id, now=now, detail={"fields": sorted(told)}, **who)


def _checked(name: str, value: str | int) -> str | int:
    if name == "size":
        if not 0 < int(value) <= LONGEST_CLASS:
            raise Refused("filing_size", most=LONGEST_CLASS)
        return value
    if name == "level" and value not in ("", *LEVELS):
        raise Refused("filing_level")
    if name == "certificate" and value not in ("", *CERTIFICATES):
        raise Refused("filing_certificate")
    return _text(name, str(value)) if name in (*LINES, *TEXTS) else str(value)


def _text(name: str, text: str) -> str:
    line = name in LINES
    words, longest = (clean_line(text), LONGEST_LINE) if line else (text.strip(), LONGEST_TEXT)
    if len(words) > longest:
        raise Refused("filing_text", longest=longest)
    if holds_number(words.replace("\r\n", " ").replace("\n", " ")) if not line else has_strange_sign(words):
        raise Refused("words_personal")
    return words


def add_item(session: Session, actor: Actor, cohort_id: uuid.UUID, line: Line, *, now: datetime) -> uuid.UUID:
    """Adds a line to the plan, while the filing is open.

    Refused: filing_line, filing_hours, filing_plan_full, class_teacher; Conflict: filing_not_open.
    """
    cohort, _filing = places.find(session, actor, cohort_id, Role.INSTITUTION, lock=True)
    places.require_open(cohort)
    subject, place = clean_line(line.subject), clean_line(line.place)
    if not 0 < len(subject) <= LONGEST_LINE or len(place) > LONGEST_LINE:
        raise Refused("filing_line", longest=LONGEST_LINE)
    if not 0 < line.hours <= MOST_HOURS:
        raise Refused("filing_hours", most=MOST_HOURS)
    if (session.scalar(select(func.count()).where(PlanItem.cohort_id == cohort.id)) or 0) >= MOST_ITEMS:
        raise Refused("filing_plan_full", most=MOST_ITEMS)
    if line.teacher_id and line.teacher_id not in dict(meetings.list_teachers(session, cohort)):
        raise Refused("class_teacher")
    meets = line.mode is Mode.IN_PERSON
    made = PlanItem(
        id=new_id(),
        cohort_id=cohort.id,
        subject=subject,
        content=line.content.value,
        mode=line.mode.value,
        hours=line.hours,
        teacher_id=line.teacher_id,
        place=place if meets else "",
        held_on=line.held_on if meets else None,
    )
    session.add(made)
    session.flush()
    who = {"account_id": actor.account_id, "organisation_id": cohort.organisation_id}
    audit.record(session, "filing.plan_add", made.id, now=now, detail={"cohort": str(cohort.id)}, **who)
    return made.id


def remove_item(session: Session, actor: Actor, cohort_id: uuid.UUID, item_id: uuid.UUID, *, now: datetime) -> None:
    """Takes a line out of the plan, while the filing is open. NotFound; Conflict: filing_not_open."""
    cohort, _filing = places.find(session, actor, cohort_id, Role.INSTITUTION, lock=True)
    places.require_open(cohort)
    item = session.scalar(select(PlanItem).where(PlanItem.id == item_id, PlanItem.cohort_id == cohort.id))
    if item is None:
        raise NotFound
    session.delete(item)
    session.flush()
    who = {"account_id": actor.account_id, "organisation_id": cohort.organisation_id}
    audit.record(session, "filing.plan_remove", item_id, now=now, detail={"cohort": str(cohort.id)}, **who)
