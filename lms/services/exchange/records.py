"""What programs read of enrollments: masked, as of now, each kind of record for a page of them in a few queries."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms import clock
from lms.crypto import Keyring
from lms.domain import blended as rules
from lms.domain import completion
from lms.domain.blended import TrainingFacts
from lms.domain.courses import LessonKind
from lms.domain.identity import mask_mobile, mask_name, mask_number
from lms.domain.policies import Blended, Policy, policy_named
from lms.domain.practice import SittingKind
from lms.domain.records import ENDED, RecordState, hash_of
from lms.domain.study import EvidenceClass
from lms.domain.verdicts import Reason, Verdict
from lms.models.accounts import Account
from lms.models.courses import CourseVersion
from lms.models.enrollments import Cohort, Enrollment
from lms.models.organisations import Organisation
from lms.models.people import Person
from lms.models.records import Record as CompletionRecord
from lms.services import blended, progress, records, sealed

Record = dict[str, Any]


@dataclass(frozen=True)
class Reading:
    """What a page is read with: the keys, and the moment it is true for."""

    session: Session
    keyring: Keyring
    now: datetime


def learner_id(keyring: Keyring, organisation_id: uuid.UUID, person_id: uuid.UUID) -> uuid.UUID:
    """A person as one institution knows her: another institution's id for her is another."""
    found = keyring.index("learner", f"{organisation_id}:{person_id}")
    return uuid.UUID(hex=found[:32], version=5)


def cohorts(on: Reading, ids: Sequence[uuid.UUID]) -> list[Record]:
    """Cohorts that were reached through a scope, in the order of their ids as given."""
    learners = select(func.count()).where(Enrollment.cohort_id == Cohort.id).scalar_subquery()
    version = CourseVersion
    rows = (
        select(Cohort, Organisation.name, learners, version.course_id, version.title, version.number)
        .select_from(Cohort)
        .join(Organisation, Organisation.id == Cohort.organisation_id)
        .join(version, version.id == Cohort.course_version_id)
        .where(Cohort.id.in_(ids))
    )
    today = clock.civil_day(on.now)
    found = {row[0].id: _cohort(row, today) for row in on.session.execute(rows)}
    return [found[each] for each in ids if each in found]


def _cohort(told: Any, today: date) -> Record:
    row, organisation, learners, course_id, title, number = told
    return {
        "cohort": row.id,
        "organisation": row.organisation_id,
        "organisation_name": organisation,
        "name": row.name,
        "course": course_id,
        "course_title": title,
        "course_version": number,
        "opens_on": row.opens_on.isoformat(),
        "closes_on": row.closes_on.isoformat(),
        "state": "not_open" if today < row.opens_on else "closed" if today > row.closes_on else "running",
        "policy": row.policy_code,
        "learners": learners,
    }


@dataclass(frozen=True)
class Entry:
    """An enrollment with what every record says of it."""

    enrollment: Enrollment
    cohort: Cohort
    person: Person

    @property
    def policy(self) -> Policy:
        """The policy its cohort is pinned to."""
        return policy_named(self.cohort.policy_code)

    @property
    def named(self) -> Record:
        """How every record begins."""
        return {"enrollment": self.enrollment.id, "cohort": self.cohort.id}


def entries(on: Reading, ids: Sequence[uuid.UUID]) -> list[Entry]:
    """Enrollments that were reached through a scope, in the order of their ids as given."""
    rows = (
        select(Enrollment, Cohort, Person)
        .select_from(Enrollment)
        .join(Cohort, Cohort.id == Enrollment.cohort_id)
        .join(Person, Person.id == Enrollment.person_id)
        .where(Enrollment.id.in_(ids))
    )
    found = {row[0].id: Entry(*row) for row in on.session.execute(rows)}
    return [found[each] for each in ids if each in found]


def enrollments(on: Reading, found: Sequence[Entry]) -> list[Record]:
    """Who is in which cohort, since when; the name masked."""
    return [
        each.named
        | {
            "organisation": each.cohort.organisation_id,
            "learner": learner_id(on.keyring, each.cohort.organisation_id, each.person.id),
            "name": mask_name(each.person.name),
            "created_at": each.enrollment.created_at.isoformat(),
        }
        for each in found
    ]


def learners(on: Reading, found: Sequence[Entry]) -> list[Record]:
    """The people behind enrollments, once each: name, number and phone masked, with all their enrollments there."""
    wanted = {(each.cohort.organisation_id, each.person.id): each.person for each in found}
    people = {person_id for _place, person_id in wanted}
    accounts = select(Account).where(Account.person_id.in_(people))
    phones = {each.person_id: each for each in on.session.scalars(accounts)}
    places: dict[tuple[uuid.UUID, uuid.UUID], list[uuid.UUID]] = {}
    rows = select(Cohort.organisation_id, Enrollment.person_id, Enrollment.id).select_from(Enrollment)
    rows = rows.join(Cohort, Cohort.id == Enrollment.cohort_id).where(Enrollment.person_id.in_(people))
    for organisation_id, person_id, enrollment_id in on.session.execute(rows.order_by(Enrollment.id)):
        places.setdefault((organisation_id, person_id), []).append(enrollment_id)
    return [_learner(on, key[0], person, phones.get(person.id), places.get(key, [])) for key, person in wanted.items()]


def _learner(
    on: Reading, organisation_id: uuid.UUID, person: Person, account: Account | None, ids: Sequence[uuid.UUID]
) -> Record:
    phone = sealed.open_phone(on.keyring, account.id, account.phone_sealed) if account else ""
    return {
        "learner": learner_id(on.keyring, organisation_id, person.id),
        "organisation": organisation_id,
        "name": mask_name(person.name),
        "document_type": person.document_type,
        "number": mask_number(sealed.open_document(on.keyring, person.id, person.document_sealed)),
        "phone": mask_mobile(phone) if phone else "",
        "enrollments": list(ids),
    }


def completions(on: Reading, found: Sequence[Entry]) -> list[Record]:
    """The verdict on each enrollment with its reasons: of `unmet` something is missing, `unsure` waits for a person."""
    facts, done = _facts(on, found), _certificates(on, found)
    states = records.states(on.session, [row.id for row in done.values()])
    standing = {row.enrollment_id for row in done.values() if states[row.id] not in ENDED}
    told = ((each, each.enrollment.id) for each in found)
    return [each.named | _completion(facts[id_], each.policy, id_ in standing) for each, id_ in told]


def _completion(facts: TrainingFacts, policy: Policy, is_done: bool) -> Record:
    verdict = rules.assess(facts, policy)
    return {
        "policy": policy.code,
        "verdict": _word(verdict),
        "unmet": [_reason(each) for each in verdict.unmet],
        "unsure": [_reason(each) for each in verdict.unsure],
        "missing_ms": sum(completion.missing_ms(lesson, policy) for lesson in facts.lessons),
        "certificate_issued": is_done,
    }


def _word(verdict: Verdict) -> str:
    return "yes" if verdict.is_yes else "no" if verdict.unmet else "unsure"


def _reason(reason: Reason) -> Record:
    return {"code": reason.code, "values": dict(reason.values)}


def study_times(on: Reading, found: Sequence[Entry]) -> list[Record]:
    """Credited study time in ms, in all and by evidence class, and what of it is confirmed."""
    facts = _facts(on, found)
    evidence = progress.evidence(on.session, [each.enrollment for each in found])
    return [each.named | _study(facts[each.enrollment.id], evidence[each.enrollment.id], each.policy) for each in found]


def _study(facts: TrainingFacts, evidence: progress.Evidence, policy: Policy) -> Record:
    credited_ms = completion.credited_total_ms(facts.lessons) + evidence.in_class_ms
    return {
        "credited_ms": credited_ms,
        "confirmed_ms": evidence.confirmed_ms,
        "in_class_ms": evidence.in_class_ms,
        "by_class": {each.value: evidence.by_class.get(each.value, 0) for each in EvidenceClass},
        "class_hour_hundredths": policy.class_hour_hundredths(credited_ms),
        "minutes_per_class_hour": policy.minutes_per_class_hour,
    }


def certificates(on: Reading, found: Sequence[Entry]) -> list[Record]:
    """The last completion record of each enrollment, with its state; `code` is what anybody may verify under /v/."""
    done = _certificates(on, found)
    states = records.states(on.session, [row.id for row in done.values()])
    return [each.named | _certificate(done[each.enrollment.id], states) for each in found if each.enrollment.id in done]


def _certificate(row: CompletionRecord, states: Mapping[uuid.UUID, RecordState]) -> Record:
    return {
        "code": row.code,
        "issued_at": row.issued_at.isoformat(),
        "facts_hash": row.facts_hash,
        "is_intact": hash_of(row.body) == row.facts_hash,
        "state": states[row.id].value,
    }


def scores(on: Reading, found: Sequence[Entry]) -> list[Record]:
    """Quizzes, theory and practice as they stand; None: not known yet."""
    facts = _facts(on, found)
    return [each.named | _score(facts[each.enrollment.id], each.policy.blended) for each in found]


def _score(facts: TrainingFacts, asked: Blended | None) -> Record:
    blended_rules = asked or Blended(exam=None, practice=None)
    return {
        "quiz_score": completion.mean_best_score(facts.lessons),
        "quizzes": [
            {"lesson": each.lesson_id, "title": each.title, "best_score": each.best_score}
            for each in facts.lessons
            if each.kind is LessonKind.QUIZ
        ],
        "theory": {
            "best_percent": facts.exam.best_percent,
            "is_passed": facts.exam.passed,
            "tries": facts.exam.tries,
        },
        "skills": [
            {
                "lesson": each.lesson_id,
                "title": each.title,
                "is_workplace": each.kind is SittingKind.WORKPLACE,
                "outcome": each.outcome.value,
                "points": each.points,
                "tries": each.tries,
            }
            for each in facts.skills
        ],
        "conclusion": rules.conclude(facts, blended_rules).value if asked else None,
        "resits": rules.resits(facts, blended_rules),
    }


def _facts(on: Reading, found: Sequence[Entry]) -> Mapping[uuid.UUID, TrainingFacts]:
    policies = {each.enrollment.id: each.policy for each in found}
    return blended.facts(on.session, [each.enrollment for each in found], policies, now=on.now)


def _certificates(on: Reading, found: Sequence[Entry]) -> Mapping[uuid.UUID, CompletionRecord]:
    rows = select(CompletionRecord).where(CompletionRecord.enrollment_id.in_([each.enrollment.id for each in found]))
    return {row.enrollment_id: row for row in on.session.scalars(rows.order_by(CompletionRecord.number))}
