"""The look that the worker takes every few minutes: recent facts go to the detectors, findings become flags.

Only recent rows are read, newest first, and found by primary keys, which are in the order of making. What was
found before is found again and recognised by its key, so that nothing need remember how far the last look went.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.clock import civil_day
from lms.db import in_parts
from lms.domain import flags
from lms.domain.flags import Answered, Beat, FlagKind, Opening
from lms.domain.presence import CheckOutcome
from lms.domain.study import REFUSALS, EvidenceClass
from lms.models.audit import AuditEvent
from lms.models.base import first_id
from lms.models.enrollments import Cohort, Enrollment
from lms.models.offline import StudyChain, StudyPart, StudyPass
from lms.models.presence import PresenceCheck, PresenceOutcome
from lms.models.study import LessonProgress, StudyInterval, StudySession
from lms.services.cases import exams
from lms.services.cases.flags import Suspicion, raise_flag

BEATS_BACK = timedelta(minutes=30)
BACK = timedelta(days=1)
PASSES_BACK = timedelta(days=7)  # a pass lasts three days, and may be told of later still
MOST_ROWS = 50_000
FORKS = {"heartbeat.forked": FlagKind.FORKED_SEQUENCE, "chain.forked": FlagKind.CHAIN_FORKED}


def sweep(session: Session, now: datetime) -> int:
    """Looks, and raises what is new; answers with how many flags that were."""
    return raise_new(session, look(session, now), now=now)


def raise_new(session: Session, found: Iterable[Suspicion], *, now: datetime) -> int:
    """Raises what is not known yet; answers with how many flags that were."""
    in_order = sorted(found, key=lambda each: (each.person_id, each.key))  # of the locks, for any two at once
    return sum(raise_flag(session, each, now=now) for each in in_order)


def look(session: Session, now: datetime) -> list[Suspicion]:
    """Everything that looks strange in the last day, or half an hour for heartbeats. Writes nothing."""
    sessions = _Sessions(session)
    return [
        *_beats(session, sessions, now),
        *_forks(session, sessions, now),
        *_openings(session, now),
        *_checks(session, now),
        *_chains(session, now),
        *_afterwards(session, now),
        *exams.look(session, now),
    ]


class _Sessions:
    """Study sessions and passes by id, with their institution, loaded as they are asked for."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def load(self, ids: set[uuid.UUID]) -> dict[uuid.UUID, tuple[StudySession | StudyPass, uuid.UUID]]:
        found: dict[uuid.UUID, tuple[StudySession | StudyPass, uuid.UUID]] = {}
        for some in in_parts(sorted(ids)):
            rows = [
                *self._session.scalars(select(StudySession).where(StudySession.id.in_(some))),
                *self._session.scalars(select(StudyPass).where(StudyPass.id.in_(some))),
            ]
            places = self._organisations({row.enrollment_id for row in rows})
            found |= {row.id: (row, places[row.enrollment_id]) for row in rows}
        return found

    def _organisations(self, enrollment_ids: set[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
        rows = select(Enrollment.id, Cohort.organisation_id).join(Cohort, Cohort.id == Enrollment.cohort_id)
        found = self._session.execute(rows.where(Enrollment.id.in_(enrollment_ids)))
        return {row.id: row.organisation_id for row in found}

    def suspect(self, kind: FlagKind, by_id: dict[uuid.UUID, flags.Detail]) -> Iterator[Suspicion]:
        for source_id, (row, organisation_id) in self.load(set(by_id)).items():
            lesson = {"lesson": str(row.lesson_id)} if isinstance(row, StudySession) else {}
            place = {"source": str(source_id), "enrollment": str(row.enrollment_id), **lesson}
            detail = {**by_id[source_id], **place}
            yield Suspicion(kind, row.person_id, organisation_id, f"{kind}:{source_id}", detail)


def _beats(session: Session, sessions: _Sessions, now: datetime) -> Iterator[Suspicion]:
    by_session: dict[str, list[Beat]] = defaultdict(list)
    for beat in _recent_beats(session, now):
        by_session[beat.session].append(beat)
    opened = {str(key): row for key, (row, _) in sessions.load({uuid.UUID(key) for key in by_session}).items()}
    fast: dict[uuid.UUID, flags.Detail] = {}
    for name, beats in by_session.items():
        row = opened.get(name)
        whole = beats[0].seq == 1 and isinstance(row, StudySession)
        start = row.opened_ms if isinstance(row, StudySession) and whole else beats[0].at_ms
        if detail := flags.impossible_advance(beats if whole else beats[1:], start):
            fast[uuid.UUID(name)] = detail
    yield from sessions.suspect(FlagKind.IMPOSSIBLE_ADVANCE, fast)
    together = flags.beats_in_step(beat for beats in by_session.values() for beat in beats)
    yield from sessions.suspect(FlagKind.BEATS_IN_STEP, {uuid.UUID(key): found for key, found in together.items()})


def _recent_beats(session: Session, now: datetime) -> list[Beat]:
    since = now - BEATS_BACK
    rows = (
        select(
            StudyInterval.source_id,
            StudyInterval.person_id,
            StudyInterval.number,
            StudyInterval.from_ms,
            StudyInterval.to_ms,
            StudyInterval.recorded_ms,
        )
        .where(
            StudyInterval.id >= first_id(since),
            StudyInterval.recorded_at >= since,
            StudyInterval.evidence_class == EvidenceClass.ONLINE.value,
            StudyInterval.verdict.not_in([verdict.value for verdict in REFUSALS]),
        )
        .order_by(StudyInterval.id.desc())
        .limit(MOST_ROWS)
    )
    claimed: dict[tuple[uuid.UUID, uuid.UUID, int, int], int] = defaultdict(int)
    for source_id, person_id, number, from_ms, to_ms, recorded_ms in session.execute(rows):
        claimed[source_id, person_id, number, recorded_ms] += to_ms - from_ms
    found = [Beat(str(key[0]), str(key[1]), key[2], length, key[3]) for key, length in claimed.items()]
    return sorted(found, key=lambda beat: (beat.session, beat.seq))


def _forks(session: Session, sessions: _Sessions, now: datetime) -> Iterator[Suspicion]:
    since = now - BACK
    rows = select(AuditEvent.action, AuditEvent.subject).where(
        AuditEvent.id >= first_id(since), AuditEvent.at >= since, AuditEvent.action.in_(FORKS)
    )
    found: dict[FlagKind, dict[uuid.UUID, flags.Detail]] = {kind: {} for kind in FORKS.values()}
    for action, subject in session.execute(rows.limit(MOST_ROWS)):
        found[FORKS[action]][uuid.UUID(subject)] = {}
    for kind, by_id in found.items():
        yield from sessions.suspect(kind, by_id)


def _openings(session: Session, now: datetime) -> Iterator[Suspicion]:
    since = now - BACK
    rows = (
        select(StudySession.person_id, StudySession.opened_ms, StudySession.opened_at, Cohort.organisation_id)
        .join(Enrollment, Enrollment.id == StudySession.enrollment_id)
        .join(Cohort, Cohort.id == Enrollment.cohort_id)
        .where(StudySession.id >= first_id(since), StudySession.opened_at >= since)
        .order_by(StudySession.id.desc())
    )
    by_place: dict[tuple[uuid.UUID, str], list[Opening]] = defaultdict(list)
    for person_id, opened_ms, opened_at, organisation_id in session.execute(rows.limit(MOST_ROWS)):
        day = civil_day(opened_at).isoformat()
        by_place[organisation_id, day].append(Opening(str(person_id), opened_ms))
    for (organisation_id, day), openings in by_place.items():
        yield from _by_person(FlagKind.INSTITUTION_BURST, organisation_id, day, flags.institution_burst(openings))
        storms = {name: flags.takeover_storm(mine) for name, mine in _grouped(openings).items()}
        found = {name: detail for name, detail in storms.items() if detail}
        yield from _by_person(FlagKind.TAKEOVER_STORM, organisation_id, day, found)


def _grouped(openings: list[Opening]) -> dict[str, list[Opening]]:
    mine: dict[str, list[Opening]] = defaultdict(list)
    for opening in openings:
        mine[opening.person].append(opening)
    return mine


def _by_person(
    kind: FlagKind, organisation_id: uuid.UUID, day: str, found: dict[str, flags.Detail]
) -> Iterator[Suspicion]:
    for name, detail in found.items():
        yield Suspicion(kind, uuid.UUID(name), organisation_id, f"{kind}:{name}:{day}", {**detail, "day": day})


def _checks(session: Session, now: datetime) -> Iterator[Suspicion]:
    since = now - BACK
    answered = [CheckOutcome.PASSED.value, CheckOutcome.WRONG.value]
    check, outcome = PresenceCheck, PresenceOutcome
    rows = (
        select(check.person_id, Cohort.organisation_id, check.issued_ms, outcome.recorded_ms)
        .add_columns(outcome.recorded_at, outcome.outcome)
        .join(outcome, outcome.check_id == check.id)
        .join(Enrollment, Enrollment.id == check.enrollment_id)
        .join(Cohort, Cohort.id == Enrollment.cohort_id)
        .where(check.id >= first_id(since), check.issued_at >= since, outcome.outcome.in_(answered))
        .order_by(check.id)
    )
    by_day: dict[tuple[uuid.UUID, uuid.UUID, str], list[Answered]] = defaultdict(list)
    for person_id, organisation_id, issued_ms, recorded_ms, recorded_at, told in session.execute(rows.limit(MOST_ROWS)):
        right = told == CheckOutcome.PASSED.value
        day = civil_day(recorded_at).isoformat()
        by_day[organisation_id, person_id, day].append(Answered(recorded_ms - issued_ms, right))
    for (organisation_id, person_id, day), answers in by_day.items():
        for kind, judge in (
            (FlagKind.CHECKS_TOO_REGULAR, flags.checks_too_regular),
            (FlagKind.WRONG_ANSWERS, flags.wrong_answers),
        ):
            if detail := judge(answers):
                yield from _by_person(kind, organisation_id, day, {str(person_id): detail})


def _chains(session: Session, now: datetime) -> Iterator[Suspicion]:
    since = now - BACK
    ahead = StudyChain.anchor_ms + StudyPart.mono_to_ms - StudyChain.committed_ms
    rows = (
        select(StudyChain.person_id, Cohort.organisation_id, StudyChain.enrollment_id)
        .add_columns(StudyChain.source_id, StudyChain.after_seq, ahead)
        .join(StudyPart, (StudyPart.source_id == StudyChain.source_id) & (StudyPart.after_seq == StudyChain.after_seq))
        .join(Enrollment, Enrollment.id == StudyChain.enrollment_id)
        .join(Cohort, Cohort.id == Enrollment.cohort_id)
        .where(StudyChain.source_id >= first_id(now - PASSES_BACK), StudyChain.committed_at >= since, ahead > 0)
    )
    by_chain: dict[tuple[uuid.UUID, uuid.UUID, uuid.UUID, str], list[int]] = defaultdict(list)
    for person_id, organisation_id, enrollment_id, source_id, after_seq, ahead_ms in session.execute(
        rows.limit(MOST_ROWS)
    ):
        by_chain[person_id, organisation_id, enrollment_id, f"{source_id}:{after_seq}"].append(ahead_ms)
    for (person_id, organisation_id, enrollment_id, chain), beyond in by_chain.items():
        if detail := flags.impossible_clock(beyond):
            kind = FlagKind.IMPOSSIBLE_CLOCK
            place = {"source": chain, "enrollment": str(enrollment_id)}
            yield Suspicion(kind, person_id, organisation_id, f"{kind}:{chain}", {**detail, **place})


def _afterwards(session: Session, now: datetime) -> Iterator[Suspicion]:
    recent = (
        select(StudyChain.enrollment_id)
        .where(StudyChain.source_id >= first_id(now - PASSES_BACK), StudyChain.committed_at >= now - BACK)
        .distinct()
        .limit(MOST_ROWS)
    )
    rows = (
        select(Enrollment.id, Enrollment.person_id, Cohort.organisation_id, LessonProgress.by_class)
        .join(Cohort, Cohort.id == Enrollment.cohort_id)
        .join(LessonProgress, LessonProgress.enrollment_id == Enrollment.id)
        .where(Enrollment.id.in_(recent))
    )
    totals: dict[tuple[uuid.UUID, uuid.UUID, uuid.UUID], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for enrollment_id, person_id, organisation_id, by_class in session.execute(rows):
        for name, credited_ms in by_class.items():
            totals[enrollment_id, person_id, organisation_id][name] += credited_ms
    for (enrollment_id, person_id, organisation_id), total in totals.items():
        if detail := flags.mostly_offline(total):
            kind = FlagKind.MOSTLY_OFFLINE
            told = {**detail, "enrollment": str(enrollment_id)}
            yield Suspicion(kind, person_id, organisation_id, f"{kind}:{enrollment_id}", told)
