"""What people do in a case: the learner's words, a decision, her appeal, the last word. Each step is logged."""

import uuid
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lms.domain import cases
from lms.domain.cases import CaseState, CaseVerdict, StepKind
from lms.domain.errors import NotFound
from lms.domain.roles import Role
from lms.domain.words import check_words
from lms.models.base import new_id
from lms.models.cases import Case, CaseStep
from lms.services import audit, humans, scopes
from lms.services.scopes import Actor


def add_words(session: Session, actor: Actor, case_id: uuid.UUID, words: str, *, now: datetime) -> None:
    """What the learner has to say. Refused: words_length, words_personal, case_decided."""
    case, words = _locked(session, scopes.own_cases_of(actor), case_id), check_words(words)
    cases.speak(CaseState(case.state))
    _step(session, actor, case, StepKind.WORDS, words, now=now)


def decide(
    session: Session,
    actor: Actor,
    desk: Role,
    case_id: uuid.UUID,
    verdict: CaseVerdict,
    note: str,
    *,
    now: datetime,
) -> None:
    """The decision of somebody else than the learner; it changes no number.

    Refused: case_own, case_decided, words_length, words_personal.
    """
    case, note = _locked(session, scopes.cases_of(actor, desk), case_id), check_words(note)
    _check_judge(session, actor, case, None)
    case.state = cases.decide(CaseState(case.state)).value
    _step(session, actor, case, StepKind.DECISION, note, verdict, now=now)


def appeal(session: Session, actor: Actor, case_id: uuid.UUID, words: str, *, now: datetime) -> None:
    """The learner disagrees. Refused: case_no_appeal, case_appeal_late, words_length, words_personal."""
    case, words = _locked(session, scopes.own_cases_of(actor), case_id), check_words(words)
    decided = _decision(session, case)
    case.state = cases.appeal(CaseState(case.state), decided.at if decided else None, now).value
    _step(session, actor, case, StepKind.APPEAL, words, now=now)


def decide_appeal(
    session: Session,
    actor: Actor,
    desk: Role,
    case_id: uuid.UUID,
    verdict: CaseVerdict,
    note: str,
    *,
    now: datetime,
) -> None:
    """The last word, by somebody else than whoever decided first; it changes no number either.

    Refused: case_own, case_second_person, case_no_appeal, words_length, words_personal.
    """
    case, note = _locked(session, scopes.cases_of(actor, desk), case_id), check_words(note)
    decided = _decision(session, case)
    _check_judge(session, actor, case, decided.account_id if decided else None)
    case.state = cases.decide_appeal(CaseState(case.state)).value
    _step(session, actor, case, StepKind.APPEAL_DECISION, note, verdict, now=now)


def _check_judge(session: Session, actor: Actor, case: Case, first: uuid.UUID | None) -> None:
    me = humans.self_of(session, actor.account_id, actor.person_id)
    before = humans.self_of(session, first) if first else None
    cases.check_judge(humans.living(session, case.person_id), me, me, before)


def _locked(session: Session, scope: Select[Case], case_id: uuid.UUID) -> Case:
    case = session.scalar(scope.where(Case.id == case_id).with_for_update())
    if case is None:
        raise NotFound
    return case


def _decision(session: Session, case: Case) -> CaseStep | None:
    mine = select(CaseStep).where(CaseStep.case_id == case.id, CaseStep.kind == StepKind.DECISION.value)
    return session.scalar(mine.order_by(CaseStep.id).limit(1))


def _step(
    session: Session,
    actor: Actor,
    case: Case,
    kind: StepKind,
    words: str,
    verdict: CaseVerdict | None = None,
    *,
    now: datetime,
) -> None:
    session.add(
        CaseStep(
            id=new_id(),
            case_id=case.id,
            kind=kind.value,
            verdict=verdict.value if verdict else "",
            words=words,
            account_id=actor.account_id,
            at=now,
        )
    )
    audit.record(
        session,
        f"case.{kind.value}",
        case.id,
        now=now,
        account_id=actor.account_id,
        organisation_id=case.organisation_id,
        detail={"verdict": verdict.value} if verdict else {},
    )
    session.flush()
