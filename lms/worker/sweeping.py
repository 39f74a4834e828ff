"""What is looked after now and then: work nobody was told of, and what only time brings due."""

from datetime import datetime

from lms import clock
from lms.parts import Parts
from lms.services import (
    accounts,
    bank,
    cases,
    crosschecks,
    dossiers,
    exams,
    exports,
    jobs,
    papers,
    records,
    renewals,
    rights,
    rosters,
    study_clock,
    uploads,
)
from lms.services import log as evidence_log
from lms.services.exchange import clerk
from lms.worker.handlers import OUTWARD, QUICK, SLOW, STEADY, WRITTEN

SWEEP_SECONDS = 10.0
LOOK_MINUTES = 10


def sweep(parts: Parts) -> None:
    """Rings for work that nobody was told of or that fell silent; keeps the clock; forgets old codes."""
    with parts.database.transaction() as session:
        now = clock.now()
        jobs.give_up_silent(session, now=now)
        shelves = ((QUICK, 100), (STEADY, 20), (WRITTEN, 4), (OUTWARD, 20), (SLOW, 4))
        due = [each for shelf, limit in shelves for each in jobs.list_due(session, shelf, now=now, limit=limit)]
        uploads.sweep(session, now=now)
        bank.sweep(session, now=now)
        dossiers.sweep(session, now=now)
        papers.sweep(session, now=now)
        rosters.sweep(session, now=now)
        exports.sweep(session, now=now)
        exports.order_due(session, now=now)
        rights.exporting.sweep(session, now=now)
        rights.statements.ask(session, now=now)
        crosschecks.ask(session, now=now)
        study_clock.store(session, now=now)
        accounts.forget_expired(session, now=now)
        clerk.forget(session, now=now)
    close_exams(parts)
    _sequence(parts)
    place_changes(parts)
    if due and not parts.bell.waiting():
        for job_id in due:
            parts.bell.ring(job_id)
    if is_time_to_look(now):
        look(parts)
        settle_records(parts)
        remind(parts)
        rosters.sweep_store(parts.store, now=now)


def is_time_to_look(now: datetime) -> bool:
    """Every ten minutes by the clock, so that no sweeper need remember; to look twice is harmless."""
    return now.minute % LOOK_MINUTES == 0 and now.second < SWEEP_SECONDS * 1.5


def look(parts: Parts) -> int:
    """Looks for what is strange in recent study; only what is new is written, so that studying never waits for it."""
    now = clock.now()
    with parts.database.transaction(write=False) as session:
        found = cases.look(session, now)
    if not found:
        return 0
    with parts.database.transaction() as session:
        return cases.raise_new(session, found, now=now)


def settle_records(parts: Parts) -> None:
    """Proves records that a checkpoint covers by now, marks those whose time is over, and forgets whose a record was
    once its period is over."""
    with parts.database.transaction() as session:
        records.prove(session)
        records.lapse(session, now=clock.now())
        rights.keeping.sweep(session, now=clock.now())


def remind(parts: Parts) -> None:
    """Tells learners whose completions must be renewed; some a transaction, and the queue is rung for messages."""
    told = renewals.BATCH
    while told == renewals.BATCH:
        with parts.database.transaction() as session:
            told = renewals.remind(session, by_sms=parts.sms.reminds, now=clock.now())
        parts.ring(session)


def close_exams(parts: Parts) -> None:
    """Closes exams whose time is up, some a transaction, so that others get through between them."""
    closed = 1
    while closed:
        with parts.database.transaction() as session:
            closed = exams.sweep(session, now=clock.now())


def _sequence(parts: Parts) -> None:
    """Gives new evidence its places in the log; a batch a transaction, so that beats get through between them."""
    placed = evidence_log.BATCH
    while placed == evidence_log.BATCH:
        with parts.database.transaction() as session:
            placed = evidence_log.sequence(session)


def place_changes(parts: Parts) -> None:
    """Gives what has changed its place in the order that other systems pull, and rings for webhooks about it."""
    seen = clerk.BATCH
    while seen == clerk.BATCH:
        with parts.database.transaction() as session:
            seen = clerk.place(session, now=clock.now())
        parts.ring(session)
