"""Where a filing is found, and what is told of it: the facts that are filed, compared and frozen."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain import filing_checks, filings
from lms.domain.errors import NotFound
from lms.domain.filing_checks import Mode
from lms.domain.identity import mask_mobile, mask_name, mask_number
from lms.domain.policies import Policy, policy_named
from lms.domain.roles import Role
from lms.models.accounts import Account
from lms.models.enrollments import Cohort, Enrollment
from lms.models.filings import Filing, PlanItem
from lms.models.people import Person
from lms.services import humans, organisations, scopes, sealed
from lms.services.scopes import Actor

WORKING = frozenset({Role.INSTITUTION, Role.TRAINER, Role.EXAMINER, Role.MENTOR})
SAID = (
    "training_kind",
    "occupation",
    "level",
    "certificate",
    "place",
    "manager",
    "materials",
    "resources",
    "exam_plan",
)


def find(
    session: Session, actor: Actor, cohort_id: uuid.UUID, role: Role, *, lock: bool = False
) -> tuple[Cohort, Filing]:
    """A filed class that the actor may see in this role; NotFound for any other. `lock`: to act on it."""
    query = scopes.filings_of(actor, role).where(Cohort.id == cohort_id)
    if lock:
        query = query.with_for_update(of=Cohort).execution_options(populate_existing=True)
    cohort = session.scalar(query)
    if cohort is None:
        raise NotFound
    return cohort, session.get_one(Filing, cohort.id)


def policy_of(cohort: Cohort) -> Policy:
    """The policy that the class is pinned to."""
    return policy_named(cohort.policy_code)


def seal_phone(keyring: Keyring, cohort_id: uuid.UUID, phone: str) -> str:
    """The phone of the person in charge, encrypted and bound to the filing."""
    return keyring.seal(phone, f"filings:{cohort_id}:phone") if phone else ""


def open_phone(keyring: Keyring, filing: Filing) -> str:
    """The same in clear, "" where none was given; callers mask it unless a reason is on record."""
    return keyring.open(filing.phone_sealed, f"filings:{filing.cohort_id}:phone") if filing.phone_sealed else ""


def plan_of(session: Session, cohort_id: uuid.UUID) -> Sequence[tuple[PlanItem, str]]:
    """The lines of the plan with their teachers' names, those with a day first and by day."""
    rows = (
        select(PlanItem, Account.name)
        .outerjoin(Account, Account.id == PlanItem.teacher_id)
        .where(PlanItem.cohort_id == cohort_id)
        .order_by(PlanItem.held_on.is_(None), PlanItem.held_on, PlanItem.id)
    )
    return [(item, name or "") for item, name in session.execute(rows)]


def people_of(session: Session, cohort_id: uuid.UUID, shown: Role | None = None) -> Sequence[tuple[Enrollment, Person]]:
    """Everybody in the class, in the order of entry; `shown`: only whose records may be shown to this role."""
    rows = (
        select(Enrollment, Person)
        .join(Person, Person.id == Enrollment.person_id)
        .where(Enrollment.cohort_id == cohort_id, scopes.may_show(shown) if shown else true())
        .order_by(Enrollment.created_at, Enrollment.id)
    )
    return [(enrollment, person) for enrollment, person in session.execute(rows)]


def roster_of(session: Session, keyring: Keyring, cohort_id: uuid.UUID) -> list[dict[str, str]]:
    """The roster as it is frozen: ids, and masked facts."""
    return [_roster_row(keyring, enrollment, person) for enrollment, person in people_of(session, cohort_id)]


def _roster_row(keyring: Keyring, enrollment: Enrollment, person: Person) -> dict[str, str]:
    return {
        "enrollment": str(enrollment.id),
        "person": str(person.id),
        "name": mask_name(person.name),
        "document_type": person.document_type,
        "number": masked_number(keyring, person),
    }


def masked_number(keyring: Keyring, person: Person) -> str:
    """The number of her document, its ends only."""
    return mask_number(sealed.open_document(keyring, person.id, person.document_sealed))


def facts_of(session: Session, keyring: Keyring, cohort: Cohort, filing: Filing) -> dict[str, Any]:
    """Everything that is filed, as it stands: what is compared, frozen and printed; numbers masked."""
    phone, version, place = open_phone(keyring, filing), cohort.course_version, cohort.organisation
    plan = [_plan_row(item, teacher) for item, teacher in plan_of(session, cohort.id)]
    return {
        **{field: getattr(filing, field) for field in SAID},
        "name": cohort.name,
        "days": [cohort.opens_on.isoformat(), cohort.closes_on.isoformat()],
        "organisation": place.name,
        "credit_code": place.credit_code or "",
        "course": f"{version.title} v{version.number}",
        "policy": cohort.policy_code,
        "programme": filing.programme,
        "size": filing.size,
        "phone": mask_mobile(phone) if phone else "",
        "plan": plan,
        "teachers": sorted({row["teacher"] for row in plan if row["teacher"]}),
        "roster": roster_of(session, keyring, cohort.id),
    }


def _plan_row(item: PlanItem, teacher: str) -> dict[str, Any]:
    names = ("subject", "content", "mode", "hours", "place")
    told = {name: getattr(item, name) for name in names}
    return {**told, "teacher": teacher, "held_on": item.held_on.isoformat() if item.held_on else ""}


def to_check(session: Session, cohort: Cohort, filing: Filing) -> filing_checks.Filing:
    """The filing as the rules read it."""
    said = {field: getattr(filing, field) for field in SAID} | {"phone": filing.phone_sealed}
    plan = tuple(
        filing_checks.PlanItem(
            subject=item.subject,
            content=item.content,
            mode=Mode(item.mode),
            hours=item.hours,
            teacher=teacher,
            place=item.place,
            held_on=item.held_on,
        )
        for item, teacher in plan_of(session, cohort.id)
    )
    people = len(people_of(session, cohort.id))
    return filing_checks.Filing(cohort.opens_on, cohort.closes_on, said, filing.size, people, plan)


def check_apart(session: Session, actor: Actor, cohort: Cohort, role: Role) -> None:
    """Forbidden: filing_reviewer_works_there, for a reviewer who works for the institution, above it or below it."""
    if role in filings.REVIEWERS:
        hers = {place for each, place in actor.roles if each in WORKING and place is not None}
        hers |= humans.works_at(session, actor.account_id, WORKING)
        filings.check_apart(works_there=organisations.touch(session, hers, cohort.organisation_id))


def check_second_person(session: Session, actor: Actor, first: uuid.UUID | None) -> None:
    """Forbidden: filing_second_person, for whoever filed or proposed it, by whichever of her accounts."""
    before = humans.self_of(session, first) if first else None
    filings.check_second_person(before, humans.self_of(session, actor.account_id, actor.person_id))


def require_open(cohort: Cohort) -> None:
    """Conflict: filing_not_open, once it is filed."""
    filings.check_open(cohort.filing)
