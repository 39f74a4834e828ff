"""Completion records: issued once, frozen, found again by code."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms import crypto
from lms.domain import completion
from lms.domain.certificates import facts_hash, normal_code
from lms.domain.completion import LessonFacts
from lms.domain.courses import TIMED, LessonKind
from lms.domain.identity import mask_name
from lms.domain.policies import Policy
from lms.models.certificates import Certificate
from lms.models.enrollments import Enrollment
from lms.services import audit, scopes
from lms.services.scopes import Actor


@dataclass(frozen=True)
class CertificateView:
    """A completion record as pages show it: its code, day and frozen facts."""

    code: str
    issued_at: datetime
    facts: dict[str, Any]
    intact: bool
    enrollment_id: uuid.UUID


def issue(
    session: Session, enrollment: Enrollment, lessons: Sequence[LessonFacts], policy: Policy, *, now: datetime
) -> Certificate:
    """Freezes what is true now into a record; issuing twice is issuing once."""
    found = session.scalar(select(Certificate).where(Certificate.enrollment_id == enrollment.id))
    if found is not None:
        return found
    facts = _facts(enrollment, lessons, policy, now)
    made = Certificate(
        enrollment_id=enrollment.id,
        code=crypto.verification_code(),
        facts=facts,
        facts_hash=facts_hash(facts),
        issued_at=now,
    )
    session.add(made)
    organisation_id = enrollment.cohort.organisation_id
    audit.record(session, "certificate.issue", enrollment.id, now=now, organisation_id=organisation_id)
    return made


def _facts(enrollment: Enrollment, lessons: Sequence[LessonFacts], policy: Policy, now: datetime) -> dict[str, Any]:
    cohort, version = enrollment.cohort, enrollment.cohort.course_version
    credited = completion.credited_total_ms(lessons)
    return {
        "format": 1,
        "name_masked": mask_name(enrollment.person.name),
        "course": version.title,
        "course_en": version.title_en,
        "course_version": version.number,
        "content_hash": version.content_hash,
        "institution": cohort.organisation.name,
        "cohort": cohort.name,
        "opens_on": cohort.opens_on.isoformat(),
        "closes_on": cohort.closes_on.isoformat(),
        "credited_ms": {"online": credited},
        "class_hour_hundredths": policy.class_hour_hundredths(credited),
        "minutes_per_class_hour": policy.minutes_per_class_hour,
        "quiz_score": completion.mean_best_score(lessons),
        "policy": policy.code,
        "issued_at": now.isoformat(),
        "lessons": [_lesson(lesson) for lesson in lessons],
    }


def _lesson(lesson: LessonFacts) -> dict[str, Any]:
    if lesson.kind is LessonKind.QUIZ:
        return {"title": lesson.title, "kind": lesson.kind.value, "score": lesson.best_score}
    if lesson.kind not in TIMED:
        return {"title": lesson.title, "kind": lesson.kind.value}
    return {
        "title": lesson.title,
        "kind": lesson.kind.value,
        "duration_ms": lesson.duration_ms,
        "credited_ms": lesson.credited_ms,
    }


def _view(row: Certificate) -> CertificateView:
    intact = facts_hash(row.facts) == row.facts_hash
    return CertificateView(row.code, row.issued_at, row.facts, intact, row.enrollment_id)


def find_public(session: Session, code: str) -> CertificateView | None:
    """The record behind a code, which anybody who holds the code may check."""
    normal = normal_code(code)
    row = session.scalar(select(Certificate).where(Certificate.code == normal)) if normal else None
    return _view(row) if row else None


def list_own(session: Session, actor: Actor) -> list[CertificateView]:
    """A learner's own records, newest first."""
    rows = scopes.certificates_of(actor).order_by(Certificate.issued_at.desc())
    return [_view(row) for row in session.scalars(rows)]


def find_code(session: Session, enrollment_id: uuid.UUID) -> str | None:
    """The code of the record of an enrollment the caller has already reached through a scope."""
    return session.scalar(select(Certificate.code).where(Certificate.enrollment_id == enrollment_id))
