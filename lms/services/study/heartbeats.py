"""Heartbeats, many persons' at once: one load, pure decisions, one write, so that they can share one sync."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, func, select, tuple_
from sqlalchemy.orm import Session

from lms.clock import civil_day
from lms.crypto import Signer
from lms.domain import study
from lms.domain.errors import Conflict, NotFound, Refused
from lms.domain.evidence import EvidenceKind
from lms.domain.policies import check_running
from lms.domain.study import EvidenceClass, Heartbeat, Lease, OpenSession
from lms.models.study import StudyHeartbeat, StudyInterval, StudySession
from lms.services import audit, presence, receipts, study_clock
from lms.services.evidence import Held
from lms.services.receipts import Answer, Draws, Report
from lms.services.study import sittings
from lms.services.study.ledger import Ledger, Source
from lms.services.study.sittings import Sitting

BEATS: Table = StudyHeartbeat.metadata.tables[StudyHeartbeat.__tablename__]
SESSIONS: Table = StudySession.metadata.tables[StudySession.__tablename__]


@dataclass(frozen=True)
class Asked:
    """One heartbeat, by whom it came, and the randomness its answer is made with."""

    person_id: uuid.UUID | None
    account_id: uuid.UUID | None
    report: Report
    draws: Draws


def record_heartbeats(
    session: Session, signer: Signer, asked: Sequence[Asked], *, now: datetime
) -> list[Answer | Refused]:
    """Credits each heartbeat against its person's clock, or says why not; redelivered ones are answered as before.

    A refusal is a value here, not a raise: what was recorded about it stays, and the others are not harmed.
    """
    desk = _Desk(session, signer, asked, now)
    answers = [desk.answer(each) for each in asked]
    desk.write()
    return answers


class _Desk:
    """Everything that one group of heartbeats is judged by, and what comes of it."""

    def __init__(self, session: Session, signer: Signer, asked: Sequence[Asked], now: datetime) -> None:
        self.session, self.signer, self.now = session, signer, now
        self.pen, self.held = study_clock.hold(session, [each.person_id for each in asked if each.person_id], now=now)
        self.ledger = Ledger(self.pen)
        self.sittings = sittings.load(session, {each.report.session_id for each in asked})
        self.kept = self._kept_answers(asked)
        self.rows: list[dict[str, Any]] = []
        self.moved: dict[uuid.UUID, Sitting] = {}
        self.refusals: Counter[uuid.UUID] = Counter()

    def _kept_answers(self, asked: Sequence[Asked]) -> dict[tuple[uuid.UUID, int], tuple[str, str]]:
        old = {
            (each.report.session_id, each.report.beat.seq)
            for each in asked
            if (sitting := self.sittings.get(each.report.session_id)) and each.report.beat.seq <= sitting.last_seq
        }
        if not old:
            return {}
        rows = select(BEATS.c.session_id, BEATS.c.seq, BEATS.c.body_hash, BEATS.c.answer)
        found = self.session.execute(rows.where(tuple_(BEATS.c.session_id, BEATS.c.seq).in_(old)))
        return {(row.session_id, row.seq): (row.body_hash, row.answer) for row in found}

    def answer(self, asked: Asked) -> Answer | Refused:
        sitting = self.sittings.get(asked.report.session_id)
        if sitting is None or sitting.course.person_id != asked.person_id:
            return NotFound()
        kept = self.kept.get((sitting.session_id, asked.report.beat.seq))
        if kept is not None:
            return self._again(asked, kept)
        try:
            self._check(sitting, asked.report.beat)
        except Refused as refused:
            self._refuse(sitting, asked.report, refused)
            return refused
        return self._accept(sitting, asked)

    def _again(self, asked: Asked, kept: tuple[str, str]) -> Answer | Refused:
        body_hash, text = kept
        if body_hash == asked.report.body_hash:
            return Answer(text)
        session_id = asked.report.session_id
        if not audit.knows(self.session, "heartbeat.forked", session_id):  # once: a flood must not bury other acts
            audit.record(
                self.session,
                "heartbeat.forked",
                session_id,
                now=self.now,
                account_id=asked.account_id,
                detail={"seq": asked.report.beat.seq, "body_hash": asked.report.body_hash},
            )
        return Conflict("heartbeat_changed")

    def _check(self, sitting: Sitting, beat: Heartbeat) -> None:
        course = sitting.course
        check_running(course.opens_on, course.closes_on, civil_day(self.now, course.policy.zone))
        known = OpenSession(sitting.epoch, sitting.last_seq, sitting.nonce, course.duration_ms)
        study.check(known, self._lease(sitting), beat)

    def _lease(self, sitting: Sitting) -> Lease:
        held = self._held(sitting)
        return Lease(held.epoch, held.high_water_ms)

    def _held(self, sitting: Sitting) -> Held:
        return self.held[sitting.course.person_id]

    def _refuse(self, sitting: Sitting, report: Report, refused: Refused) -> None:
        """Keeps the verdict on what was refused; a bot that goes on and on is not written down for ever."""
        if self._refused_before(sitting) >= study.MOST_REFUSALS_KEPT:
            return
        self.refusals[sitting.session_id] += 1
        beat, course = report.beat, sitting.course
        today = self.ledger.calendar(course).day_of(self.pen.now_ms)
        interval = study.refused((beat.from_ms, beat.to_ms), refused.code, today)
        source = Source(sitting.session_id, beat.seq, EvidenceClass.ONLINE, study.RULE)
        self.ledger.refuse(self._held(sitting), course, source, interval, {"report": report.body_hash})

    def _refused_before(self, sitting: Sitting) -> int:
        codes = [verdict.value for verdict in study.REFUSALS]
        mine = (StudyInterval.source_id == sitting.session_id) & StudyInterval.verdict.in_(codes)
        return (self.session.scalar(select(func.count()).where(mine)) or 0) + self.refusals[sitting.session_id]

    def _accept(self, sitting: Sitting, asked: Asked) -> Answer:
        report, beat, course, held = asked.report, asked.report.beat, sitting.course, self._held(sitting)
        presence.expire(self.pen, held, asked.draws)
        allowance = self.ledger.allowance(course, EvidenceClass.ONLINE, self.pen.now_ms - study.HORIZON_MS)
        earned = study.credit(
            self._lease(sitting),
            beat,
            self.pen.now_ms,
            sitting.progress.covered,
            self.ledger.calendar(course),
            allowance,
        )
        held.high_water_ms = earned.high_water_ms
        sitting.last_seq, sitting.nonce, sitting.answered_ms = beat.seq, asked.draws.nonce, self.pen.now_ms
        self.moved[sitting.session_id] = sitting
        entry = self.ledger.post(
            held,
            course,
            sitting.progress,
            Source(sitting.session_id, beat.seq, EvidenceClass.ONLINE, study.RULE),
            earned,
            EvidenceKind.HEARTBEAT,
            {"report": report.body_hash, "seq": beat.seq, "high_water_ms": earned.high_water_ms},
            position_ms=beat.to_ms,
        )
        challenge = presence.ask_when_due(
            self.pen, held, course.enrollment_id, course.lesson_id, beat.to_ms, earned.gained_ms, asked.draws
        )
        standing = course.standing(sitting.progress)
        at = self.now.isoformat()
        text = receipts.heartbeat_answer(self.signer, report, earned, standing, challenge, asked.draws, entry, at)
        self._keep(asked, text)
        return Answer(text)

    def _keep(self, asked: Asked, text: str) -> None:
        report = asked.report
        self.kept[report.session_id, report.beat.seq] = (report.body_hash, text)
        self.rows.append(
            {
                "session_id": report.session_id,
                "seq": report.beat.seq,
                "body_hash": report.body_hash,
                "advisory": report.advisory,
                "received_ms": self.pen.now_ms,
                "received_at": self.now,
                "answer": text,
            }
        )

    def write(self) -> None:
        self.pen.batch.insert(BEATS, self.rows)
        moved = [
            {
                "id": sitting.session_id,
                "last_seq": sitting.last_seq,
                "nonce": sitting.nonce,
                "answered_ms": sitting.answered_ms,
            }
            for sitting in self.moved.values()
        ]
        self.pen.batch.update(SESSIONS, moved)
        self.ledger.write()
