"""What people see of cases: the queue of a desk, one case with everything that happened in it, the learner's own."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lms.domain.cases import CaseState, CaseVerdict, StepKind, appeal_until
from lms.domain.errors import NotFound
from lms.domain.flags import FlagKind
from lms.domain.roles import Role
from lms.models.accounts import Account
from lms.models.cases import Case, CaseStep, Flag
from lms.models.courses import Lesson
from lms.models.enrollments import Cohort, Enrollment
from lms.models.organisations import Organisation
from lms.models.people import Person
from lms.services import scopes
from lms.services.scopes import Actor

WAITING = (CaseState.OPEN, CaseState.APPEALED)
MOST = 200


@dataclass(frozen=True)
class CaseRow:
    """One case in a list; `decided_at` tells when the first decision was made."""

    id: uuid.UUID
    state: CaseState
    name: str
    organisation: str
    opened_at: datetime
    kinds: tuple[FlagKind, ...]
    decided_at: datetime | None

    @property
    def appeal_until(self) -> datetime | None:
        """Until when the learner may appeal, if there is a decision and no appeal yet."""
        if self.state is not CaseState.DECIDED or self.decided_at is None:
            return None
        return appeal_until(self.decided_at)

    @property
    def waits(self) -> bool:
        """Whether somebody of the institution has to look into it."""
        return self.state in WAITING


@dataclass(frozen=True)
class FlagRow:
    """One flag: what was noticed, in counts, and where in the course if it was at one place."""

    kind: FlagKind
    detail: dict[str, Any]
    raised_at: datetime
    enrollment_id: uuid.UUID | None
    lesson_id: uuid.UUID | None
    lesson: str
    lesson_en: str


@dataclass(frozen=True)
class StepRow:
    """One step: by whom (empty where the system took it), whether that is the learner, what was said."""

    kind: StepKind
    verdict: CaseVerdict | None
    words: str
    account_id: uuid.UUID | None
    who: str
    is_learner: bool
    at: datetime


@dataclass(frozen=True)
class CaseView:
    """One case with all that happened. `enrollments`: (id, cohort) of the person in this institution."""

    row: CaseRow
    person_id: uuid.UUID
    flags: tuple[FlagRow, ...]
    steps: tuple[StepRow, ...]
    enrollments: tuple[tuple[uuid.UUID, str], ...]

    @property
    def decision(self) -> StepRow | None:
        """The first decision, if there is one."""
        return next((step for step in self.steps if step.kind is StepKind.DECISION), None)


def list_cases(session: Session, actor: Actor, desk: Role) -> list[CaseRow]:
    """The cases of a desk, those that wait first, then the newest."""
    return _rows(session, scopes.cases_of(actor, desk))


def list_own(session: Session, actor: Actor) -> list[CaseRow]:
    """The learner's own cases."""
    return _rows(session, scopes.own_cases_of(actor))


def get_case(session: Session, actor: Actor, desk: Role, case_id: uuid.UUID) -> CaseView:
    """One case of a desk."""
    return _view(session, scopes.cases_of(actor, desk), case_id)


def get_own(session: Session, actor: Actor, case_id: uuid.UUID) -> CaseView:
    """One of the learner's own cases."""
    return _view(session, scopes.own_cases_of(actor), case_id)


def _rows(session: Session, scope: Select[Case]) -> list[CaseRow]:
    told = scope.add_columns(Person.name, Organisation.name)
    told = told.join(Person, Person.id == Case.person_id).join(Organisation, Organisation.id == Case.organisation_id)
    found = session.execute(told.order_by(Case.id.desc()).limit(MOST)).all()
    kinds: dict[uuid.UUID, dict[FlagKind, None]] = {row[0].id: {} for row in found}
    of_these = select(Flag.case_id, Flag.kind).where(Flag.case_id.in_(kinds)).order_by(Flag.id)
    for case_id, kind in session.execute(of_these):
        kinds[case_id][FlagKind(kind)] = None
    decided = _decided(session, list(kinds))
    rows = [
        _row(case, name, organisation, tuple(kinds[case.id]), decided.get(case.id))
        for case, name, organisation in found
    ]
    return sorted(rows, key=lambda row: not row.waits)


def _decided(session: Session, ids: list[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    first = select(CaseStep.case_id, CaseStep.at).where(CaseStep.case_id.in_(ids))
    return {row.case_id: row.at for row in session.execute(first.where(CaseStep.kind == StepKind.DECISION.value))}


def _row(case: Case, name: str, organisation: str, kinds: tuple[FlagKind, ...], decided_at: datetime | None) -> CaseRow:
    return CaseRow(case.id, CaseState(case.state), name, organisation, case.opened_at, kinds, decided_at)


def _view(session: Session, scope: Select[Case], case_id: uuid.UUID) -> CaseView:
    case = session.scalar(scope.where(Case.id == case_id))
    if case is None:
        raise NotFound
    told = _flags(session, case.id)
    names = session.get_one(Person, case.person_id).name, session.get_one(Organisation, case.organisation_id).name
    mine = (
        select(Enrollment.id, Cohort.name)
        .join(Cohort, Cohort.id == Enrollment.cohort_id)
        .where(Enrollment.person_id == case.person_id, Cohort.organisation_id == case.organisation_id)
        .order_by(Enrollment.id)
    )
    return CaseView(
        row=_row(
            case, *names, tuple(dict.fromkeys(flag.kind for flag in told)), _decided(session, [case.id]).get(case.id)
        ),
        person_id=case.person_id,
        flags=told,
        steps=_steps(session, case),
        enrollments=tuple((enrollment_id, cohort) for enrollment_id, cohort in session.execute(mine)),
    )


def _flags(session: Session, case_id: uuid.UUID) -> tuple[FlagRow, ...]:
    found = session.scalars(select(Flag).where(Flag.case_id == case_id).order_by(Flag.id)).all()
    wanted = {uuid.UUID(flag.detail["lesson"]) for flag in found if "lesson" in flag.detail}
    lessons = {lesson.id: lesson for lesson in session.scalars(select(Lesson).where(Lesson.id.in_(wanted)))}
    return tuple(_flag(flag, lessons) for flag in found)


def _flag(flag: Flag, lessons: dict[uuid.UUID, Lesson]) -> FlagRow:
    place = {name: uuid.UUID(flag.detail[name]) for name in ("enrollment", "lesson") if name in flag.detail}
    lesson = lessons.get(place["lesson"]) if "lesson" in place else None
    return FlagRow(
        kind=FlagKind(flag.kind),
        detail=flag.detail,
        raised_at=flag.raised_at,
        enrollment_id=place.get("enrollment"),
        lesson_id=lesson.id if lesson else None,
        lesson=lesson.title if lesson else "",
        lesson_en=lesson.title_en if lesson else "",
    )


def _steps(session: Session, case: Case) -> tuple[StepRow, ...]:
    rows = select(CaseStep, Account.name, Account.person_id).outerjoin(Account, Account.id == CaseStep.account_id)
    found = session.execute(rows.where(CaseStep.case_id == case.id)).all()
    order = list(StepKind)  # ids of one millisecond have no order
    found = sorted(found, key=lambda row: (row[0].at, order.index(StepKind(row[0].kind)), row[0].id))
    return tuple(
        StepRow(
            kind=StepKind(step.kind),
            verdict=CaseVerdict(step.verdict) if step.verdict else None,
            words=step.words,
            account_id=step.account_id,
            who=name or "",
            is_learner=person_id is not None and person_id == case.person_id,
            at=step.at,
        )
        for step, name, person_id in found
    )
