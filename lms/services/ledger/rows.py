"""The rows of a ledger: each interval with what counts of it today, when it was, and where its check stands."""

import uuid
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain import presence
from lms.domain.presence import CheckKind
from lms.domain.statements import CheckState, Entries, Piece, Row, Share, check_of, shares
from lms.models.corrections import StudyVoid
from lms.models.enrollments import Enrollment
from lms.models.presence import PresenceCheck, PresenceOutcome
from lms.models.study import StudyInterval, StudySegment
from lms.services import study_progress

RECOVERY = timedelta(milliseconds=presence.RECOVERY_MS)
NAMES = (
    *("id", "lesson_id", "source_id", "evidence_class", "number", "part", "from_ms", "to_ms", "studied_on"),
    *("verdict", "rule", "policy_code", "credited_ms", "entry", "recorded_ms", "recorded_at"),
)
COLUMNS = tuple(StudyInterval.__table__.c[name] for name in NAMES)  # a course is thousands of rows: no objects for them


@dataclass(frozen=True)
class _Known:
    """What the rows of one enrollment are made of, beside the intervals themselves."""

    walls: Mapping[uuid.UUID, tuple[int, int]]
    voided: frozenset[Hashable]
    shares: Mapping[Hashable, Share]
    missed: Entries
    until: Sequence[tuple[int, int, datetime]]
    parts: Mapping[Hashable, int]


def of(session: Session, enrollment: Enrollment, before: datetime | None = None) -> tuple[Row, ...]:
    """All rows of an enrollment, or those known `before` a moment, latest day first, each from its morning on."""
    mine = select(*COLUMNS).where(StudyInterval.enrollment_id == enrollment.id)
    if before is not None:
        mine = mine.where(StudyInterval.recorded_at < before)
    intervals = session.execute(mine.order_by(StudyInterval.entry, StudyInterval.number, StudyInterval.part)).all()
    known = _known(session, enrollment, intervals, before)
    rows = (_row(each, known) for each in intervals)
    return tuple(sorted(rows, key=lambda row: (-row.day.toordinal(), row.starts_at, row.entry, row.from_ms)))


def _known(session: Session, enrollment: Enrollment, intervals: Sequence[Any], before: datetime | None) -> _Known:
    segment = StudySegment
    voided = StudyVoid.segment_id == segment.id
    rows = (
        select(segment.interval_id, segment.lesson_id, segment.from_ms, segment.to_ms, segment.entry)
        .add_columns(segment.wall_from_ms, segment.wall_to_ms, StudyVoid.segment_id)
        .outerjoin(StudyVoid, voided if before is None else voided & (StudyVoid.recorded_at < before))
        .where(segment.enrollment_id == enrollment.id)
        .order_by(segment.entry, segment.from_ms)
    )
    if before is not None:
        rows = rows.where(segment.recorded_at < before)
    found = session.execute(rows).all()
    passed, missed = _outcomes(session, enrollment.person_id, before)
    pieces = [Piece(each[0], each[1], (each[2], each[3]), each[4], each[7] is not None) for each in found]
    walls: dict[uuid.UUID, tuple[int, int]] = {}
    for each in found:
        start, end = walls.get(each[0], (each[5], each[6]))
        walls[each[0]] = (min(start, each[5]), max(end, each[6]))
    return _Known(
        walls=walls,
        voided=frozenset(piece.interval for piece in pieces if piece.is_voided),
        shares=shares(pieces, Entries(passed)),
        missed=Entries((start, end) for start, end, _at in missed),
        until=missed,
        parts=Counter((each.source_id, each.entry, each.number) for each in intervals),
    )


def _outcomes(
    session: Session, person_id: uuid.UUID, before: datetime | None
) -> tuple[list[tuple[int, int]], list[tuple[int, int, datetime]]]:
    """The stretches of entries (from, to] that are confirmed, and those that checks in mid-lesson left open."""
    outcome = PresenceOutcome
    rows = (
        select(outcome.outcome, outcome.from_entry, outcome.to_entry, outcome.recorded_at, PresenceCheck.kind)
        .join(PresenceCheck, PresenceCheck.id == outcome.check_id)
        .where(outcome.person_id == person_id)
    )
    if before is not None:
        rows = rows.where(outcome.recorded_at < before)
    found = session.execute(rows).all()
    passed = study_progress.passed_stretches(session, person_id, before)
    missed = [row for row in found if row[0] in presence.UNCONFIRMED and row[4] == CheckKind.STUDY]
    return passed, [(row[1], row[2], row[3]) for row in missed]


def _row(interval: Any, known: _Known) -> Row:
    share = known.shares.get(interval.id, Share())
    wall = known.walls.get(interval.id)
    check = check_of(share, interval.entry, known.missed)
    starts_at, ends_at = _moments(interval, wall)
    return Row(
        id=interval.id,
        lesson_id=interval.lesson_id,
        evidence_class=interval.evidence_class,
        from_ms=interval.from_ms,
        to_ms=interval.to_ms,
        day=interval.studied_on,
        starts_at=starts_at,
        ends_at=ends_at,
        has_wall=wall is not None,
        verdict=interval.verdict,
        rule=interval.rule,
        policy_code=interval.policy_code,
        posted_ms=interval.credited_ms,
        credited_ms=share.credited_ms,
        confirmed_ms=share.confirmed_ms,
        check=check,
        confirm_until=_until(known, interval.entry) if check is CheckState.MISSED else None,
        is_voided=interval.id in known.voided,
        crosses_midnight=known.parts[(interval.source_id, interval.entry, interval.number)] > 1,
        entry=interval.entry,
    )


def _moments(interval: Any, wall: tuple[int, int] | None) -> tuple[datetime, datetime]:
    """From when to when: its wall time on the study clock, told by the moment at which it was recorded."""
    if wall is None:
        return interval.recorded_at, interval.recorded_at
    start, end = (interval.recorded_at - timedelta(milliseconds=interval.recorded_ms - at) for at in wall)
    return start, end


def _until(known: _Known, entry: int) -> datetime | None:
    """How long the check that was missed at this entry can be made up for."""
    return max((at + RECOVERY for start, end, at in known.until if start < entry <= end), default=None)
