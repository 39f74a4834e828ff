"""Study sessions and heartbeats: load → decide → record → a signed receipt (study-time.md, Online)."""

import uuid
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.crypto import Signer
from lms.db import insert_if_absent
from lms.domain import study
from lms.domain.courses import LessonKind
from lms.domain.errors import Conflict, NotFound, Refused
from lms.domain.policies import Policy, policy_named
from lms.domain.study import Credit, Lease, OpenSession
from lms.models.base import new_id
from lms.models.courses import Lesson
from lms.models.enrollments import Enrollment
from lms.models.study import LessonProgress, StudyHeartbeat, StudyLease, StudySegment, StudySession
from lms.services import audit, completion, receipts, scopes, study_clock
from lms.services.receipts import Answer, Draws, Heard, Report
from lms.services.scopes import Actor


def open_session(
    session: Session,
    actor: Actor,
    *,
    enrollment_id: uuid.UUID,
    lesson_id: uuid.UUID,
    idempotency_key: str | None,
    draws: Draws,
    now: datetime,
) -> Answer:
    """Takes the person's single lease for one lesson; an older session of hers ends here."""
    enrollment, lesson = _studied(session, actor, enrollment_id, lesson_id, now)
    lease = _locked_lease(session, enrollment.person_id)
    again = _opened_before(session, enrollment.person_id, idempotency_key)
    if again is not None:
        if (again.enrollment_id, again.lesson_id) != (enrollment.id, lesson.id):
            raise Conflict("idempotency_key_reused")
        return Answer(again.opened_answer)
    now_ms = study_clock.read_ms(session)
    taken = study.open_lease(Lease(lease.epoch, lease.high_water_ms), now_ms)
    lease.epoch, lease.high_water_ms = taken.epoch, taken.high_water_ms
    opened = StudySession(
        id=new_id(),
        person_id=enrollment.person_id,
        enrollment_id=enrollment.id,
        lesson_id=lesson.id,
        idempotency_key=idempotency_key,
        epoch=taken.epoch,
        nonce=draws.nonce,
        opened_ms=now_ms,
        opened_at=now,
        answered_ms=now_ms,
    )
    progress = session.get(LessonProgress, (enrollment.id, lesson.id))
    opened.opened_answer = receipts.session_answer(opened, lesson, _policy(enrollment), progress, draws)
    session.add(opened)
    return Answer(opened.opened_answer)


def record_heartbeat(
    session: Session, actor: Actor, signer: Signer, report: Report, *, draws: Draws, now: datetime
) -> Answer:
    """Credits one heartbeat against the person's clock, or answers a redelivery as before."""
    opened = _own_session(session, actor, report.session_id)
    lease = _locked_lease(session, opened.person_id)
    session.refresh(opened)
    if report.beat.seq <= opened.last_seq:
        return _answer_again(session, actor, opened, report, now)
    heard = _heard(session, report, opened, lease, now)
    completion.require_running(heard.enrollment, now=now)
    held = Lease(lease.epoch, lease.high_water_ms)
    known = OpenSession(opened.epoch, opened.last_seq, opened.nonce, heard.duration_ms)
    study.check(known, held, report.beat)
    earned = study.credit(held, report.beat, heard.now_ms, [(a, b) for a, b in heard.progress.covered])
    _keep(session, heard, earned, draws)
    if heard.progress.credited_ms - earned.gained_ms < heard.required_ms <= heard.progress.credited_ms:
        completion.refresh(session, heard.enrollment, now=now)
    text = receipts.heartbeat_answer(signer, heard, earned, draws)
    session.add(receipts.heartbeat_row(heard, earned, text))
    return Answer(text)


def _studied(
    session: Session, actor: Actor, enrollment_id: uuid.UUID, lesson_id: uuid.UUID, now: datetime
) -> tuple[Enrollment, Lesson]:
    mine = scopes.lessons_of(actor, enrollment_id)
    found = session.execute(mine.where(Lesson.id == lesson_id)).one_or_none()
    if found is None:
        raise NotFound
    enrollment, lesson = found
    completion.require_running(enrollment, now=now)
    if lesson.kind == LessonKind.QUIZ:
        raise Refused("lesson_not_for_study")
    if lesson.duration_ms is None:
        raise Conflict("video_not_ready", title=lesson.title)
    return enrollment, lesson


def _locked_lease(session: Session, person_id: uuid.UUID) -> StudyLease:
    insert_if_absent(session, StudyLease, person_id=person_id, epoch=0, high_water_ms=0)
    return session.get_one(StudyLease, person_id, with_for_update=True, populate_existing=True)


def _opened_before(session: Session, person_id: uuid.UUID, key: str | None) -> StudySession | None:
    if key is None:
        return None
    mine = select(StudySession).where(StudySession.person_id == person_id)
    return session.scalar(mine.where(StudySession.idempotency_key == key))


def _own_session(session: Session, actor: Actor, session_id: uuid.UUID) -> StudySession:
    mine = select(StudySession).where(StudySession.person_id == actor.person_id)
    found = session.scalar(mine.where(StudySession.id == session_id))
    if found is None:
        raise NotFound
    return found


def _policy(enrollment: Enrollment) -> Policy:
    return policy_named(enrollment.cohort.policy_code)


def _answer_again(session: Session, actor: Actor, opened: StudySession, report: Report, now: datetime) -> Answer:
    kept = session.get_one(StudyHeartbeat, (opened.id, report.beat.seq))
    if kept.body_hash == report.body_hash:
        return Answer(kept.answer)
    if not audit.knows(session, "heartbeat.forked", opened.id):  # once a session: a flood must not bury other acts
        _flag_fork(session, actor, opened, report, now)
    return Answer("", forked=True)


def _flag_fork(session: Session, actor: Actor, opened: StudySession, report: Report, now: datetime) -> None:
    audit.record(
        session,
        "heartbeat.forked",
        opened.id,
        now=now,
        account_id=actor.account_id,
        detail={"seq": report.beat.seq, "body_hash": report.body_hash},
    )


def _heard(session: Session, report: Report, opened: StudySession, lease: StudyLease, now: datetime) -> Heard:
    enrollment = session.get_one(Enrollment, opened.enrollment_id)
    return Heard(
        report=report,
        opened=opened,
        lease=lease,
        enrollment=enrollment,
        lesson=session.get_one(Lesson, opened.lesson_id),
        progress=_progress(session, opened, now),
        policy=_policy(enrollment),
        now_ms=study_clock.read_ms(session),
        now=now,
    )


def _progress(session: Session, opened: StudySession, now: datetime) -> LessonProgress:
    found = session.get(LessonProgress, (opened.enrollment_id, opened.lesson_id))
    if found is not None:
        return found
    made = LessonProgress(
        enrollment_id=opened.enrollment_id,
        lesson_id=opened.lesson_id,
        covered=[],
        credited_ms=0,
        position_ms=0,
        updated_at=now,
    )
    session.add(made)
    return made


def _keep(session: Session, heard: Heard, earned: Credit, draws: Draws) -> None:
    opened, progress, beat = heard.opened, heard.progress, heard.report.beat
    heard.lease.high_water_ms = earned.high_water_ms
    opened.last_seq, opened.nonce, opened.answered_ms = beat.seq, draws.nonce, heard.now_ms
    progress.covered = [list(span) for span in earned.covered]
    progress.credited_ms += earned.gained_ms
    progress.position_ms, progress.updated_at = beat.to_ms, heard.now
    if earned.segment is None:
        return
    session.add(
        StudySegment(
            person_id=opened.person_id,
            enrollment_id=opened.enrollment_id,
            lesson_id=opened.lesson_id,
            session_id=opened.id,
            seq=beat.seq,
            evidence_class=receipts.EVIDENCE_CLASS,
            **asdict(earned.segment),
        )
    )
