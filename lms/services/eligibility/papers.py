"""Certificates of humans: those from elsewhere with what is known of each, and those printed here for a record."""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms import clock
from lms.domain import qualifications
from lms.domain.assessors import Registered
from lms.domain.eligibility.facts import CertificateFact, Known
from lms.domain.qualifications import Kind, State, Told
from lms.domain.records import ENDED, RecordState
from lms.models.enrollments import Enrollment
from lms.models.filings import Filing
from lms.models.papers import Paper
from lms.models.records import Record
from lms.models.skills import Qualification, QualificationWord
from lms.services import records
from lms.services.skills.reading import told_of
from lms.services.skills.register import registered

Bodies = Mapping[uuid.UUID, uuid.UUID]
Found = dict[uuid.UUID, list[CertificateFact]]
PENDING = (State.ENTERED, State.SEEN)


def certificates(session: Session, living: Bodies, today: date) -> Found:
    """By living person; those that were refuted, revoked or withdrawn say nothing, nor those of days to come."""
    found: Found = defaultdict(list)
    _from_elsewhere(session, living, found)
    _printed_here(session, living, found)
    return {her: [each for each in all_ if each.issued_on <= today] for her, all_ in found.items()}


def _from_elsewhere(session: Session, living: Bodies, found: Found) -> None:
    """All desks' words count here: the question is what is true, not what one institution may read."""
    hers = Qualification.person_id.in_(living)
    rows = session.scalars(select(Qualification).where(hers).order_by(Qualification.id)).all()
    if not rows:
        return
    words = (
        select(QualificationWord.qualification_id, QualificationWord.state)
        .join(Qualification, Qualification.id == QualificationWord.qualification_id)
        .where(hers)
        .order_by(QualificationWord.number)
    )
    states = {key: State(state) for key, state in session.execute(words)}
    filings = registered(session, {row.issuer_code for row in rows} - {""})
    seen: set[tuple[uuid.UUID, str, bool]] = set()
    for row in rows:
        state, told = states.get(row.id, State.ENTERED), told_of(row)
        key = (living[row.person_id], row.number_index, state is State.VERIFIED)
        if key in seen or not (state is State.VERIFIED or state in PENDING):
            continue
        seen.add(key)  # one that she and an institution entered is one certificate
        known = Known.VERIFIED if state is State.VERIFIED else Known.PENDING
        fact = CertificateFact(row.id, row.kind, row.occupation, told.level, row.issued_on, known)
        found[living[row.person_id]].append(_weighed(fact, told, filings))


def _weighed(fact: CertificateFact, told: Told, filings: list[Registered]) -> CertificateFact:
    """`carries_level` None where the register of assessors does not know the issuer, or not for this level."""
    if told.level is None or told.kind is not Kind.SKILL_LEVEL:
        return fact
    verdict = qualifications.assess(told, State.VERIFIED, filings)
    settled = True if verdict.is_yes else None
    return CertificateFact(**{**vars(fact), "carries_level": settled})


def _printed_here(session: Session, living: Bodies, found: Found) -> None:
    """培训合格证 of records that stand, dated by the day they were numbered."""
    rows = session.execute(
        select(Paper, Record.id, Enrollment.id, Enrollment.person_id, Filing.occupation)
        .join(Record, Record.id == Paper.record_id)
        .join(Enrollment, Enrollment.id == Record.enrollment_id)
        .outerjoin(Filing, Filing.cohort_id == Enrollment.cohort_id)
        .where(Enrollment.person_id.in_(living))
        .order_by(Paper.id)
    ).all()
    states = records.states(session, [row[1] for row in rows]) if rows else {}
    for paper, record_id, enrollment_id, person_id, occupation in rows:
        if states.get(record_id, RecordState.VALID) in ENDED:
            continue
        found[living[person_id]].append(
            CertificateFact(
                id=paper.id,
                kind=Kind.TRAINING.value,
                occupation=occupation or "",
                level=None,
                issued_on=clock.civil_day(paper.numbered_at),
                known=Known.VERIFIED,
                number=paper.serial,
                enrollment_id=enrollment_id,
            )
        )
