"""A second person decides. What is approved is posted beside what was there; before and after are kept."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from lms.domain import corrections, study
from lms.domain.corrections import CorrectionKind, Decision, Hand
from lms.domain.errors import Conflict, NotFound
from lms.domain.evidence import EvidenceKind
from lms.domain.ledger import Posting, Tally
from lms.domain.roles import Role
from lms.domain.study import EvidenceClass, StudyVerdict
from lms.domain.words import check_words
from lms.models.corrections import Correction, CorrectionDecision, StudyVoid
from lms.services import audit, scopes, study_clock, study_progress
from lms.services.corrections import places
from lms.services.corrections.proposals import check_free, hash_of
from lms.services.evidence import Held, Pen
from lms.services.scopes import Actor
from lms.services.study import sittings
from lms.services.study.ledger import Ledger, Source
from lms.services.study_progress import Place

AFTER_ALL = 2**62  # the entry that a credit still to be approved will come after


def decide(
    session: Session,
    actor: Actor,
    desk: Role,
    correction_id: uuid.UUID,
    decision: Decision,
    note: str,
    *,
    now: datetime,
) -> None:
    """Approves or rejects; an approval takes effect at once, together with its evidence.

    Refused: correction_own, correction_second_person, words_*; Conflict: correction_decided,
    correction_segments_changed, correction_wall_used where the ledger has moved on since the proposal.
    """
    row = session.scalar(scopes.corrections_of(actor, desk).where(Correction.id == correction_id))
    if row is None:
        raise NotFound
    places.check_decider(session, actor, row)
    note = check_words(note)
    pen, held = study_clock.hold_one(session, row.person_id, now=now)
    if session.get(CorrectionDecision, row.id) is not None:
        raise Conflict("correction_decided")
    _Decision(pen, held, row, decision, note, actor).take()
    audit.record(
        session,
        "correction.decide",
        row.id,
        now=now,
        account_id=actor.account_id,
        organisation_id=row.organisation_id,
        detail={"decision": decision.value},
    )
    session.flush()


def place_of(row: Correction) -> Place:
    """The lesson that a correction is about."""
    return row.enrollment_id, row.lesson_id


def outlook(session: Session, row: Correction) -> tuple[Tally, Tally]:
    """What the lesson adds up to now, and what it would after the correction."""
    before = places.sum_without(session, row.person_id, place_of(row))
    if row.kind == CorrectionKind.VOID:
        chosen = {uuid.UUID(each) for each in row.segment_ids}
        return before, places.sum_without(session, row.person_id, place_of(row), voided=chosen)
    added = Posting(AFTER_ALL, row.from_ms, row.to_ms, row.evidence_class)
    return before, places.sum_without(session, row.person_id, place_of(row), added=[added])


class _Decision:
    """One decision being carried out."""

    def __init__(self, pen: Pen, held: Held, row: Correction, decision: Decision, note: str, actor: Actor) -> None:
        self.pen, self.held, self.row = pen, held, row
        self.decision, self.note, self.actor = decision, note, actor
        self.session = pen.session
        self.before, self.after = outlook(pen.session, row)

    def take(self) -> None:
        if self.decision is Decision.REJECTED:
            self.after = self.before
            self._sign(self._append([]))
        elif self.row.kind == CorrectionKind.VOID:
            self._void()
        else:
            self._credit()

    def _void(self) -> None:
        known = places.list_segments(self.session, place_of(self.row))
        corrections.check_void(self.row.segment_ids, [each.id.hex for each in known if not each.is_voided])
        entry = self._append(self.row.segment_ids)
        for each in self.row.segment_ids:
            self.session.add(
                StudyVoid(segment_id=uuid.UUID(each), correction_id=self.row.id, entry=entry, recorded_at=self.pen.now)
            )
        self._sign(entry)
        self._recompute()

    def _credit(self) -> None:
        row, ledger = self.row, Ledger(self.pen)
        course = sittings.load_courses(self.session, row.enrollment_id, [row.lesson_id])[row.lesson_id]
        progress = sittings.load_progress(self.session, row.enrollment_id, row.lesson_id)
        kind, days = EvidenceClass(row.evidence_class), ledger.calendar(course)
        hand = Hand(kind, row.from_ms, row.to_ms, row.wall_from_ms, row.wall_to_ms)
        check_free(self.session, row.person_id, hand, days)
        earned = study.settle(
            (row.from_ms, row.to_ms),
            study.split(row.from_ms, row.to_ms, row.wall_from_ms, row.wall_to_ms, days),
            progress.covered,
            ledger.allowance(course, kind, row.wall_from_ms),
            today=days.day_of(row.wall_from_ms),
            short=StudyVerdict.WALL_TIME_USED,
            capped=StudyVerdict.DAILY_CAP,
        )
        gained = self.before.credited_ms + earned.gained_ms  # less than foreseen where a day's cap is reached
        source = Source(row.id, 1, kind, corrections.RULE)
        facts = self._facts([], gained)
        entry = ledger.post(
            self.held,
            course,
            progress,
            source,
            earned,
            EvidenceKind.DECISION,
            facts,
            position_ms=progress.position_ms,
        )
        self._sign(entry.number, gained)
        ledger.write()
        self._recompute()

    def _append(self, voided: list[str]) -> int:
        row = self.row
        place = {"enrollment": str(row.enrollment_id), "lesson": str(row.lesson_id), "intervals": []}
        facts = self._facts(voided, self.after.credited_ms) | place
        number = self.pen.append(self.held, EvidenceKind.DECISION, facts).number
        self.pen.write()
        return number

    def _facts(self, voided: list[str], after_ms: int) -> dict[str, Any]:
        return {
            "correction": str(self.row.id),
            "decision": self.decision.value,
            "before_ms": self.before.credited_ms,
            "after_ms": after_ms,
            "voided": [str(uuid.UUID(each)) for each in voided],
            "note_hash": hash_of(self.row.id, self.note),
            "decided_by": str(self.actor.account_id),
        }

    def _sign(self, entry: int, after_ms: int | None = None) -> None:
        self.session.add(
            CorrectionDecision(
                correction_id=self.row.id,
                decision=self.decision.value,
                note=self.note,
                before_ms=self.before.credited_ms,
                after_ms=self.after.credited_ms if after_ms is None else after_ms,
                decided_by=self.actor.account_id,
                decided_at=self.pen.now,
                entry=entry,
            )
        )

    def _recompute(self) -> None:
        self.session.flush()
        study_progress.recompute(self.session, self.row.person_id, place_of(self.row), now=self.pen.now)
