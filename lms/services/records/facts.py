"""What is true of an enrollment now, as a record freezes it: copies only, so that no later edit changes it."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain import blended as rules
from lms.domain import completion
from lms.domain.blended import TrainingFacts
from lms.domain.completion import LessonFacts
from lms.domain.courses import TIMED, LessonKind
from lms.domain.identity import mask_name
from lms.domain.policies import Policy
from lms.domain.practice import SkillFacts
from lms.domain.records import FORMAT, RecordClass, holder_hash, policy_hash
from lms.domain.study import EvidenceClass
from lms.models.courses import Course
from lms.models.enrollments import Enrollment
from lms.models.evidence import EvidenceEntry
from lms.services import log, progress

Facts = dict[str, Any]


def gather(
    session: Session, enrollment: Enrollment, training: TrainingFacts, policy: Policy, salt: str, *, now: datetime
) -> Facts:
    """The facts of a new record. Times in ms, class hours in hundredths, days and moments in ISO 8601.

    What format 1 had is still there under its old names; `credited_ms.online` is all that was credited in lessons.
    """
    return {
        "format": FORMAT,
        "record_class": RecordClass.COMPLETION.value,
        **_who(enrollment, salt),
        **_where(session, enrollment),
        **_hours(session, enrollment, training, policy),
        **_results(training, policy),
        "policy": policy.code,
        "policy_hash": policy_hash(policy),
        "evidence": _evidence(session, enrollment),
        "issued_at": now.isoformat(),
        "lessons": [_lesson(each) for each in training.lessons],
    }


def _who(enrollment: Enrollment, salt: str) -> Facts:
    person = enrollment.person
    return {
        "name_masked": mask_name(person.name),
        "document_type": person.document_type,
        "holder_hash": holder_hash(person.name, person.document_type, person.pid, salt),
    }


def _where(session: Session, enrollment: Enrollment) -> Facts:
    cohort, version = enrollment.cohort, enrollment.cohort.course_version
    return {
        "course": version.title,
        "course_en": version.title_en,
        "course_slug": session.get_one(Course, version.course_id).slug,
        "course_version": version.number,
        "content_hash": version.content_hash,
        "institution": cohort.organisation.name,
        "cohort": cohort.name,
        "filing_number": cohort.filing_number or "",
        "opens_on": cohort.opens_on.isoformat(),
        "closes_on": cohort.closes_on.isoformat(),
    }


def _hours(session: Session, enrollment: Enrollment, training: TrainingFacts, policy: Policy) -> Facts:
    credited, counted = completion.credited_total_ms(training.lessons), rules.hours(training, policy)
    evidence = progress.evidence(session, [enrollment])[enrollment.id]
    return {
        "credited_ms": {"online": credited},
        "by_class_ms": {each.value: evidence.by_class.get(each.value, 0) for each in EvidenceClass},
        "confirmed_ms": evidence.confirmed_ms,
        "class_hour_hundredths": policy.class_hour_hundredths(credited),
        "hours_hundredths": {"online": counted.online, "in_person": counted.in_person, "total": counted.total},
        "minutes_per_class_hour": policy.minutes_per_class_hour,
        "attendance": asdict(training.attendance),
    }


def _results(training: TrainingFacts, policy: Policy) -> Facts:
    exam, asked = training.exam, policy.blended
    return {
        "quiz_score": completion.mean_best_score(training.lessons),
        "exam": {"percent": exam.best_percent, "tries": exam.tries} if exam.tries else None,
        "skills": [_skill(each) for each in training.skills],
        "conclusion": rules.conclude(training, asked).value if asked else None,
    }


def _skill(skill: SkillFacts) -> Facts:
    told = {"title": skill.title, "title_en": skill.title_en, "kind": skill.kind.value}
    return {**told, "outcome": skill.outcome.value, "points": skill.points, "tries": skill.tries}


def _lesson(lesson: LessonFacts) -> Facts:
    told: Facts = {"title": lesson.title, "kind": lesson.kind.value}
    if lesson.kind is LessonKind.QUIZ:
        return {**told, "score": lesson.best_score}
    if lesson.kind not in TIMED:
        return told
    return {**told, "duration_ms": lesson.duration_ms, "credited_ms": lesson.credited_ms}


def _evidence(session: Session, enrollment: Enrollment) -> Facts:
    """The last entry of her chain, which names all before it, and the newest checkpoint there is."""
    entry = EvidenceEntry
    hers = select(entry.number, entry.leaf).where(entry.person_id == enrollment.person_id)
    last = session.execute(hers.order_by(entry.number.desc()).limit(1)).first()
    checkpoint = log.latest(session)
    return {
        "entries": last.number if last else 0,
        "leaf": last.leaf if last else "",
        "checkpoint": {"size": checkpoint.size, "root": checkpoint.root} if checkpoint else None,
    }
