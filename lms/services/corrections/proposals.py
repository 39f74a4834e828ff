"""Somebody proposes to void segments, or to credit time by hand. Nothing changes yet but the evidence."""

import hashlib
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.adapters.objects import Store
from lms.domain import corrections
from lms.domain.corrections import CorrectionKind, Hand
from lms.domain.days import Calendar, calendar
from lms.domain.errors import Conflict, NotFound, Refused
from lms.domain.evidence import EvidenceKind
from lms.domain.filings import check_earning
from lms.domain.policies import policy_named
from lms.domain.study import EvidenceClass
from lms.domain.words import check_words
from lms.models.base import new_id
from lms.models.corrections import Correction
from lms.models.courses import Lesson
from lms.models.enrollments import Cohort
from lms.models.study import StudySegment
from lms.services import attachments, audit, humans, study_clock
from lms.services.attachments import Attachment
from lms.services.corrections import places
from lms.services.corrections.places import LearnerPage, LessonChoice
from lms.services.scopes import Actor


@dataclass(frozen=True)
class Claim:
    """Time by hand as a form tells it: a class on a civil day from `starts` to `ends`, for content [from, to)."""

    evidence_class: EvidenceClass
    from_ms: int
    to_ms: int
    day: date
    starts: time
    ends: time


def propose_void(
    session: Session,
    store: Store,
    actor: Actor,
    enrollment_id: uuid.UUID,
    lesson_id: uuid.UUID,
    segment_ids: Collection[uuid.UUID],
    reason: str,
    attachment: Attachment | None = None,
    *,
    now: datetime,
) -> uuid.UUID:
    """Proposes that segments of one lesson no longer count; answers with the correction.

    Refused: words_*, correction_nothing_chosen, correction_own, attachment_*; Conflict: correction_segments_changed.
    """
    desk = _Desk(session, store, actor, enrollment_id, lesson_id, now)
    standing = [row.id.hex for row in desk.page.segments if not row.is_voided]
    chosen = sorted({each.hex for each in segment_ids})
    corrections.check_void(chosen, standing)
    return desk.propose(CorrectionKind.VOID, Hand(EvidenceClass.ONLINE, 0, 0, 0, 0), chosen, reason, attachment)


def propose_credit(
    session: Session,
    store: Store,
    actor: Actor,
    enrollment_id: uuid.UUID,
    lesson_id: uuid.UUID,
    claim: Claim,
    reason: str,
    attachment: Attachment | None,
    *,
    now: datetime,
) -> uuid.UUID:
    """Proposes to credit time that no phone reported; the paper that shows it is required.

    Refused: words_*, correction_*, attachment_*; Conflict: correction_wall_used, naming what it clashes with.
    """
    desk = _Desk(session, store, actor, enrollment_id, lesson_id, now)
    days = desk.calendar
    wall_from, wall_to = corrections.wall_range(claim.day, claim.starts, claim.ends, days.zone, days.ahead_ms)
    hand = Hand(claim.evidence_class, claim.from_ms, claim.to_ms, wall_from, wall_to)
    page, lesson = desk.page, desk.lesson
    if lesson.is_class:
        raise Refused("correction_of_class")
    corrections.check_hand(hand, lesson.duration_ms, page.opens_on, page.closes_on, desk.pen.now_ms, days)
    check_free(session, page.person_id, hand, days)
    if attachment is None:
        raise Refused("attachment_missing")
    return desk.propose(CorrectionKind.CREDIT, hand, [], reason, attachment)


def check_free(session: Session, person_id: uuid.UUID, hand: Hand, days: Calendar) -> None:
    """Conflict("correction_wall_used") where the person's time is used already, voided or not."""
    rows = (
        select(StudySegment.wall_from_ms, StudySegment.wall_to_ms, Lesson.title)
        .join(Lesson, Lesson.id == StudySegment.lesson_id)
        .where(StudySegment.person_id.in_(humans.bodies(session, person_id)))
        .where(StudySegment.wall_from_ms < hand.wall_to_ms, StudySegment.wall_to_ms > hand.wall_from_ms)
    )
    titles = {(start, end): title for start, end, title in session.execute(rows)}
    clash = corrections.find_clash(hand, list(titles))
    if clash is not None:
        at = (days.moment_of(clash[0]).strftime("%H:%M:%S"), days.moment_of(clash[1]).strftime("%H:%M:%S"))
        raise Conflict("correction_wall_used", title=titles[clash], **{"from": at[0], "to": at[1]})


def hash_of(correction_id: uuid.UUID, text: str) -> str:
    """How the evidence names free words: without them."""
    return hashlib.sha256((str(correction_id) + text).encode()).hexdigest()


class _Desk:
    """One proposal on the table, with the person's lease held."""

    def __init__(
        self,
        session: Session,
        store: Store,
        actor: Actor,
        enrollment_id: uuid.UUID,
        lesson_id: uuid.UUID,
        now: datetime,
    ) -> None:
        self.session, self.store, self.actor, self.now = session, store, actor, now
        self.page: LearnerPage = places.learner_page(session, actor, enrollment_id, lesson_id)
        places.check_proposer(session, actor, self.page.person_id)
        self.pen, self.held = study_clock.hold_one(session, self.page.person_id, now=now)
        self.cohort = session.get_one(Cohort, self.page.cohort_id)
        check_earning(self.cohort.filing)

    @property
    def lesson(self) -> LessonChoice:
        if self.page.lesson is None:
            raise NotFound
        return self.page.lesson

    @property
    def calendar(self) -> Calendar:
        return calendar(policy_named(self.cohort.policy_code).zone, self.now, self.pen.now_ms)

    def propose(
        self, kind: CorrectionKind, hand: Hand, segment_ids: list[str], reason: str, attachment: Attachment | None
    ) -> uuid.UUID:
        reason = check_words(reason)
        kept = attachments.keep(self.store, "corrections", attachment)
        made = Correction(
            id=new_id(),
            organisation_id=self.cohort.organisation_id,
            person_id=self.page.person_id,
            enrollment_id=self.page.enrollment_id,
            lesson_id=self.lesson.id,
            kind=kind.value,
            evidence_class=hand.evidence_class.value if kind is CorrectionKind.CREDIT else "",
            segment_ids=segment_ids,
            from_ms=hand.from_ms,
            to_ms=hand.to_ms,
            wall_from_ms=hand.wall_from_ms,
            wall_to_ms=hand.wall_to_ms,
            reason=reason,
            attachment_key=kept.key,
            attachment_name=kept.name,
            attachment_hash=kept.digest,
            proposed_by=self.actor.account_id,
            proposed_at=self.now,
        )
        self.session.add(made)
        self.pen.append(self.held, EvidenceKind.CORRECTION, facts_of(made))
        self.pen.write()
        self._audit(made)
        return made.id

    def _audit(self, made: Correction) -> None:
        audit.record(
            self.session,
            "correction.propose",
            made.id,
            now=self.now,
            account_id=self.actor.account_id,
            organisation_id=made.organisation_id,
            detail={"kind": made.kind, "enrollment": str(made.enrollment_id), "lesson": str(made.lesson_id)},
        )
        self.session.flush()


def facts_of(row: Correction) -> dict[str, Any]:
    """A proposal as its entry of evidence tells it."""
    return {
        "correction": str(row.id),
        "correction_kind": row.kind,
        "enrollment": str(row.enrollment_id),
        "lesson": str(row.lesson_id),
        "class": row.evidence_class,
        "segments": [str(uuid.UUID(each)) for each in row.segment_ids],
        "from_ms": row.from_ms,
        "to_ms": row.to_ms,
        "wall_from_ms": row.wall_from_ms,
        "wall_to_ms": row.wall_to_ms,
        "reason_hash": hash_of(row.id, row.reason),
        "attachment_hash": row.attachment_hash,
        "proposed_by": str(row.proposed_by),
    }
