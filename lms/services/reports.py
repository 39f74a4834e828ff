"""Reports of an institution: one row a learner, the same row for the page, the CSV and the XLSX."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from lms import clock
from lms.crypto import Keyring
from lms.domain import blended as rules
from lms.domain import completion
from lms.domain.blended import TrainingFacts
from lms.domain.errors import NotFound
from lms.domain.identity import mask_mobile, mask_number
from lms.domain.policies import Policy, policy_named
from lms.domain.roles import Role
from lms.domain.verdicts import Verdict
from lms.models.accounts import Account
from lms.models.courses import CourseVersion
from lms.models.enrollments import Cohort, Enrollment
from lms.models.people import Person
from lms.models.records import Record
from lms.services import blended, consents, exports, progress, scopes, sealed
from lms.services.batches import Learner, batches
from lms.services.exports import check_purpose
from lms.services.scopes import Actor, learners_of
from lms.services.selections import EVERYBODY, Selection, asked, count_learners, learners, organisation_of, reading

BATCH = 500
PAGE = 50

__all__ = ["EVERYBODY", "Selection", "check_purpose"]


@dataclass(frozen=True)
class CompletionRow:
    """What is reported of one enrollment. Times in ms, class hours in hundredths, both rounded down.

    `by_class`: credited time by evidence class, without those that have none (study-time.md, Terms).
    `number` and `phone` are masked unless the report was asked for unmasked; `phone` is empty for a
    learner without an account; `quiz_score` is None while any quiz is untried.
    """

    enrollment_id: uuid.UUID
    name: str
    number: str
    phone: str
    cohort_id: uuid.UUID
    cohort: str
    course: str
    course_en: str
    version_number: int
    credited_ms: int
    confirmed_ms: int
    by_class: Mapping[str, int]
    missing_ms: int
    class_hour_hundredths: int
    quiz_score: int | None
    verdict: Verdict
    record_code: str | None
    issued_on: date | None


@dataclass(frozen=True)
class CompletionPage:
    """One page of the report: `page` counts from 1, `total` is the number of learners over all pages."""

    rows: tuple[CompletionRow, ...]
    total: int
    page: int
    pages: int


def completion_rows(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    *,
    selection: Selection = EVERYBODY,
    unmasked: bool = False,
    now: datetime,
) -> Iterator[CompletionRow]:
    """Everybody selected, by cohort and order of entry, read in batches so that memory stays flat.

    Refused: day_not_over.
    """
    if selection.as_of is not None:
        yield from _rows_then(session, keyring, actor, selection, unmasked=unmasked, now=now)
        return
    query = learners(session, actor, selection, now=now).limit(BATCH)
    batch = _rows(session, keyring, query, now, unmasked=unmasked)
    while batch:
        yield from batch
        place = tuple_(Enrollment.cohort_id, Enrollment.id)
        last = tuple_(batch[-1].cohort_id, batch[-1].enrollment_id)
        batch = _rows(session, keyring, query.where(place > last), now, unmasked=unmasked)


def completion_page(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    *,
    selection: Selection = EVERYBODY,
    page: int = 1,
    role: Role = Role.INSTITUTION,
    now: datetime,
) -> CompletionPage:
    """One page of the report, masked; a page beyond the last is the last. Refused: day_not_over.

    As of a day only for an institution: no other desk asks for one.
    """
    query = learners(session, actor, selection, role, now=now)
    total = count_learners(session, actor, selection, role, now=now)
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    first = (page - 1) * PAGE
    if selection.as_of is None:
        rows = _rows(session, keyring, query.limit(PAGE).offset(first), now, unmasked=False)
    else:
        then = _rows_then(session, keyring, actor, selection, unmasked=False, start=first, now=now)
        rows = list(islice(then, PAGE))
    return CompletionPage(tuple(rows), total, page, pages)


def completion_row(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    enrollment_id: uuid.UUID,
    *,
    role: Role = Role.INSTITUTION,
    now: datetime,
) -> CompletionRow:
    """The row of one learner, masked; NotFound for anybody else's."""
    query = learners_of(actor, role).where(Enrollment.id == enrollment_id)
    for row in _rows(session, keyring, query, now, unmasked=False):
        return row
    raise NotFound


def record_export(
    session: Session,
    actor: Actor,
    *,
    selection: Selection,
    file_format: str,
    unmasked: bool,
    purpose: str = "",
    now: datetime,
) -> int:
    """Leaves the audit row of an export about to be sent; answers with the number of its rows.

    Refused: export_purpose_missing (unmasked only), export_purpose_too_long, export_purpose_personal.
    """
    rows = count_learners(session, actor, selection, now=now)
    exports.record(
        session,
        actor,
        "completion",
        asked(selection),
        file_format=file_format,
        rows=rows,
        organisation_id=organisation_of(session, actor, selection),
        unmasked=unmasked,
        purpose=purpose,
        now=now,
    )
    return rows


def _rows_then(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    selection: Selection,
    *,
    unmasked: bool,
    start: int = 0,
    now: datetime,
) -> Iterator[CompletionRow]:
    """As of a day that is over. Phones are of now and stand in no report of then."""
    at = reading(selection, now=now)
    for batch in batches(session, keyring, actor, selection, unmasked=unmasked, start=start, now=now):
        mine = [each.enrollment for each in batch]
        policies = {each.enrollment_id: policy_named(each.cohort.policy_code) for each in batch}
        facts = blended.facts(session, mine, policies, now=at.now, before=at.before)
        evidence = progress.evidence(session, mine, at.before)
        issued = _issued(session, [each.id for each in mine], at.before)
        for each in batch:
            key = each.enrollment_id
            yield _told(each, "", facts[key], evidence[key], policies[key], issued.get(key, (None, None)))


def _issued(
    session: Session, ids: Sequence[uuid.UUID], before: datetime | None
) -> dict[uuid.UUID, tuple[str | None, datetime | None]]:
    rows = select(Record.enrollment_id, Record.code, Record.issued_at)
    rows = rows.where(Record.enrollment_id.in_(ids), scopes.standing(before))
    return {row.enrollment_id: (row.code, row.issued_at) for row in session.execute(rows)}


def _rows(
    session: Session, keyring: Keyring, query: Select[Enrollment], now: datetime, *, unmasked: bool
) -> list[CompletionRow]:
    version = CourseVersion
    told = (
        query.select_from(Enrollment)  # the columns below could all be where the joins begin
        .join(Person, Person.id == Enrollment.person_id)
        .join(version, version.id == Enrollment.course_version_id)
        .outerjoin(Account, Account.person_id == Person.id)
        .outerjoin(Record, scopes.recorded())
        .add_columns(Person.name, Person.document_sealed, Account.id, Account.phone_sealed)
        .add_columns(Cohort, version)
        .add_columns(Record.code, Record.issued_at)
    )
    found = session.execute(told).all()
    enrollments = [row[0] for row in found]
    policies = {row[0].id: policy_named(row.Cohort.policy_code) for row in found}
    facts = blended.facts(session, enrollments, policies, now=now)
    evidence = progress.evidence(session, enrollments)
    refusing = consents.refusing(session, {each.person_id for each in enrollments}) if unmasked else set()
    return [
        _row(
            keyring,
            row,
            facts[row[0].id],
            evidence[row[0].id],
            unmasked=unmasked,
            hides_number=row[0].person_id in refusing,
        )
        for row in found
    ]


def _row(
    keyring: Keyring, row: Any, facts: TrainingFacts, evidence: progress.Evidence, *, unmasked: bool, hides_number: bool
) -> CompletionRow:
    """`hides_number`: she does not agree that her identity number is used (services/consents)."""
    enrollment, name, document, account_id, phone, cohort, version, code, issued_at = row
    number = sealed.open_document(keyring, enrollment.person_id, document)
    phone = sealed.open_phone(keyring, account_id, phone) if account_id else ""
    shown = number if unmasked and not hides_number else mask_number(number)
    who = Learner(enrollment, cohort, name, shown, version.title, version.title_en, version.number)
    shown_phone = phone if unmasked or not phone else mask_mobile(phone)
    return _told(who, shown_phone, facts, evidence, policy_named(cohort.policy_code), (code, issued_at))


def _told(
    who: Learner,
    phone: str,
    facts: TrainingFacts,
    evidence: progress.Evidence,
    policy: Policy,
    issued: tuple[str | None, datetime | None],
) -> CompletionRow:
    lessons, (code, issued_at) = facts.lessons, issued
    credited_ms = completion.credited_total_ms(lessons) + evidence.in_class_ms
    return CompletionRow(
        enrollment_id=who.enrollment_id,
        name=who.name,
        number=who.number,
        phone=phone,
        cohort_id=who.cohort.id,
        cohort=who.cohort.name,
        course=who.course,
        course_en=who.course_en,
        version_number=who.version_number,
        credited_ms=credited_ms,
        confirmed_ms=evidence.confirmed_ms,
        by_class=evidence.by_class,
        missing_ms=sum(completion.missing_ms(lesson, policy) for lesson in lessons),
        class_hour_hundredths=policy.class_hour_hundredths(credited_ms),
        quiz_score=completion.mean_best_score(lessons),
        verdict=rules.assess(facts, policy),
        record_code=code,
        issued_on=clock.civil_day(issued_at) if issued_at else None,
    )
