"""From draft to archive: each step is one act of one person, checked against the rules and on record."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms import clock
from lms.crypto import Keyring
from lms.domain import filing_checks, filings, workdays
from lms.domain.errors import Conflict, Refused
from lms.domain.filings import Act
from lms.domain.roles import Role
from lms.domain.words import check_words
from lms.models.enrollments import Cohort
from lms.models.filings import Filing
from lms.services import subsidies
from lms.services.filings import history, places, roster, waiting
from lms.services.scopes import Actor


def file(session: Session, keyring: Keyring, actor: Actor, cohort_id: uuid.UUID, *, now: datetime) -> None:
    """The institution hands the filing in; from now on it is closed to changes.

    Refused: filing_incomplete, with the number of gaps; Conflict: filing_step.
    """
    cohort, filing = places.find(session, actor, cohort_id, Role.INSTITUTION, lock=True)
    after, today = filings.step(cohort.filing, Act.FILE), clock.civil_day(now)
    policy = places.policy_of(cohort)
    verdict = filing_checks.completeness(places.to_check(session, cohort, filing), policy, today)
    if verdict.unmet:
        raise Refused("filing_incomplete", n=len(verdict.unmet))
    cohort.filing = after.value
    filing.version += 1
    filing.filed_by, filing.filed_at = actor.account_id, now
    filing.review_by = workdays.after_working_days(today, policy.filing.review_days)
    history.record(session, keyring, actor, cohort, filing, Act.FILE, now=now)


def send_back(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    cohort_id: uuid.UUID,
    *,
    role: Role,
    version: int,
    remarks: Mapping[str, str],
    note: str,
    now: datetime,
) -> None:
    """Whoever reviews returns it, saying field by field what is wrong.

    Refused: filing_return_words, words_*; Forbidden: role_needed, filing_second_person, filing_reviewer_works_there;
    Conflict: filing_step, filing_changed.
    """
    filings.check_actor(Act.RETURN, role)
    cohort, filing = _reviewed(session, actor, cohort_id, role, version)
    after = filings.step(cohort.filing, Act.RETURN)
    said, words = filings.check_remarks(remarks, note)
    cohort.filing = after.value
    history.record(session, keyring, actor, cohort, filing, Act.RETURN, note=words, remarks=said, now=now)


def approve(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    cohort_id: uuid.UUID,
    *,
    role: Role,
    version: int,
    number: str = "",
    note: str = "",
    now: datetime,
) -> str:
    """Approves it, gives it its number (the authority's own, or one of ours), freezes the roster and pins the subsidy
    policy of its opening day.

    Refused: filing_opens_before_approval, filing_number_shape, words_*; Forbidden: role_needed, filing_second_person,
    filing_reviewer_works_there; Conflict: filing_step, filing_changed, filing_number_taken.
    """
    filings.check_actor(Act.APPROVE, role)
    cohort, filing = _reviewed(session, actor, cohort_id, role, version)
    after, today = filings.step(cohort.filing, Act.APPROVE), clock.civil_day(now)
    filings.check_approval(cohort.opens_on, today)
    words = check_words(note, shortest=2) if note.strip() else ""
    cohort.filing_number = _number(session, number, now)
    cohort.filing = after.value
    session.flush()
    roster.freeze(session, keyring, actor, cohort, None, now=now)
    subsidies.pin_approved(session, cohort, now=now)
    history.record(session, keyring, actor, cohort, filing, Act.APPROVE, note=words, now=now)
    return cohort.filing_number


def _reviewed(session: Session, actor: Actor, cohort_id: uuid.UUID, role: Role, version: int) -> tuple[Cohort, Filing]:
    cohort, filing = places.find(session, actor, cohort_id, role, lock=True)
    if filing.version != version:
        raise Conflict("filing_changed")
    places.check_second_person(session, actor, filing.filed_by)
    places.check_apart(session, actor, cohort, role)
    return cohort, filing


def _number(session: Session, asked: str, now: datetime) -> str:
    if asked.strip():
        number = filings.check_number(asked)
        if session.scalar(select(Cohort.id).where(Cohort.filing_number == number)):
            raise Conflict("filing_number_taken", number=number)
        return number
    today = clock.civil_day(now)
    known = select(Cohort.filing_number).where(Cohort.filing_number.like(f"KX-{today:%Y%m%d}-%"))
    return filings.next_number(today, [each for each in session.scalars(known) if each])


def close(session: Session, keyring: Keyring, actor: Actor, cohort_id: uuid.UUID, note: str, *, now: datetime) -> None:
    """The institution closes the class, once everything in it is finished.

    Refused: filing_unfinished, with the number of things; words_*; Conflict: filing_step.
    """
    _finish(session, keyring, actor, cohort_id, Act.CLOSE, note, now)


def archive(
    session: Session, keyring: Keyring, actor: Actor, cohort_id: uuid.UUID, note: str, *, now: datetime
) -> None:
    """The institution puts a closed class into the archive: for reading only from now on. As `close`."""
    _finish(session, keyring, actor, cohort_id, Act.ARCHIVE, note, now)


def _finish(
    session: Session, keyring: Keyring, actor: Actor, cohort_id: uuid.UUID, act: Act, note: str, now: datetime
) -> None:
    cohort, filing = places.find(session, actor, cohort_id, Role.INSTITUTION, lock=True)
    after = filings.step(cohort.filing, act)
    if left := waiting.left(session, cohort, now=now):
        raise Refused("filing_unfinished", n=len(left))
    words = check_words(note, shortest=2) if note.strip() else ""
    cohort.filing = after.value
    history.record(session, keyring, actor, cohort, filing, act, note=words, now=now)
