"""A dossier is written: part after part into one archive, one learner in memory at a time."""

import hashlib
import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from lms import clock
from lms.adapters.archives import Archive
from lms.adapters.objects import Store
from lms.adapters.sandbox import Cancelled, never
from lms.adapters.sheets import Cell, write_csv
from lms.crypto import Keyring
from lms.domain.policies import Policy
from lms.domain.roles import Role
from lms.services.dossiers import changes, classes, filing, identity, results, study, subsidies, words
from lms.services.dossiers.evidence import Evidence
from lms.services.dossiers.frame import Frame, frame
from lms.services.dossiers.readme import readme
from lms.services.dossiers.study import Sums

Row = list[Cell]
CHUNK = 1 << 20
STUDIED, PROVED = 0.5, 0.9  # how far the work is by then


@dataclass(frozen=True)
class Wanted:
    """What is to be made for whoever asked in `role`, and under which key it will lie in the store."""

    dossier_id: uuid.UUID
    cohort_id: uuid.UUID
    as_of: datetime
    role: Role
    masked: bool
    object_key: str


@dataclass(frozen=True)
class Made:
    """The archive that was written."""

    size_bytes: int
    sha256: str


def write(
    session: Session,
    keyring: Keyring,
    store: Store,
    wanted: Wanted,
    path: Path,
    *,
    on_progress: Callable[[float], None],
    cancelled: Callable[[], bool] = never,
) -> Made:
    """Writes the archive to `path`: the same bytes for the same cohort, moment, role and masking.

    Cancelled once told so.
    """

    def tell(fraction: float) -> None:
        on_progress(fraction)
        if cancelled():
            raise Cancelled

    found = frame(session, keyring, wanted.cohort_id, wanted.as_of, role=wanted.role, masked=wanted.masked)
    evidence = Evidence(found, lambda share: tell(STUDIED + share * (PROVED - STUDIED)))
    with Archive(path, wanted.as_of.astimezone(clock.CHINA)) as archive:
        archive.add("README.txt", [readme(found, evidence.checkpoint)])
        _filing(archive, found)
        _plan(archive, found)
        sums = _study(archive, found, tell)
        _table(archive, words.HOURS, study.HOURS_HEADS, study.hours(found, sums))
        _results(archive, found, store)
        _changes(archive, found, keyring)
        _evidence(archive, evidence)
        _subsidies(archive, found)
    tell(1)
    return _made(path)


def _table(archive: Archive, name: str, heads: Sequence[str], rows: Iterable[Row]) -> None:
    archive.add(name, write_csv(heads, rows))


def _filing(archive: Archive, found: Frame) -> None:
    acts = filing.acts_of(found)
    _table(archive, words.APPLICATION, filing.APPLICATION_HEADS, filing.application(found, acts))
    _table(archive, words.PLAN, filing.PLAN_HEADS, filing.plan(acts))
    _table(archive, words.ACTS, filing.ACT_HEADS, filing.history(found, acts))
    _table(archive, words.VERSIONS, filing.VERSION_HEADS, filing.versions(found))
    _table(archive, words.ROSTER_CHANGES, filing.CHANGE_HEADS, filing.changes(found))
    for each in acts:
        archive.add(f"{words.FILED}/{filing.file_of(each)}", [filing.facts_of(each)])


def _plan(archive: Archive, found: Frame) -> None:
    _table(archive, words.ROSTER, study.ROSTER_HEADS, study.roster(found))
    _table(archive, words.LESSONS, study.LESSON_HEADS, study.lessons(found))
    _table(archive, words.TIMETABLE, classes.TIMETABLE_HEADS, classes.timetable(found))
    _table(archive, words.MARKS, classes.MARK_HEADS, classes.marks(found))
    _table(archive, words.LISTS, classes.LIST_HEADS, classes.lists(found))
    _table(archive, words.LEAVES, classes.LEAVE_HEADS, classes.leaves(found))
    _table(archive, words.BOOK, classes.BOOK_HEADS, classes.book(found))


def _study(archive: Archive, found: Frame, on_progress: Callable[[float], None]) -> dict[int, Sums]:
    sums: dict[int, Sums] = {}
    for learner in found.learners:
        rows, sums[learner.place] = study.intervals(found, learner)
        _table(archive, f"{words.INTERVALS}/{study.file_of(learner)}", study.INTERVAL_HEADS, rows)
        on_progress(STUDIED * learner.place / len(found.learners))
    return sums


def _results(archive: Archive, found: Frame, store: Store) -> None:
    _table(archive, words.QUIZZES, results.QUIZ_HEADS, results.quizzes(found))
    _table(archive, words.EXAMS, results.EXAM_HEADS, results.exams(found))
    _table(archive, words.SHEETS, results.SHEET_HEADS, results.sheets(found))
    taken = list(results.pictures(found))
    _table(archive, words.PICTURES, results.PICTURE_HEADS, (each.row for each in taken))
    for picture in taken:
        if picture.key:
            name = f"{words.PICTURE_FILES}/{picture.name}"
            archive.add(name, _object(store, picture.key), packed=False, largest=picture.size)
    _table(archive, words.SCORES, results.SCORE_HEADS, results.scores(found))
    _table(archive, words.RECORDS, results.RECORD_HEADS, results.records(found))


def _object(store: Store, key: str) -> Iterator[bytes]:
    with store.open(key) as body:
        yield from body


def _changes(archive: Archive, found: Frame, keyring: Keyring) -> None:
    _table(archive, words.CORRECTIONS, changes.CORRECTION_HEADS, changes.corrections(found))
    _table(archive, words.IDENTITY, identity.IDENTITY_HEADS, identity.changes(found, keyring))
    _table(archive, words.CASES, changes.CASE_HEADS, changes.cases(found))
    _table(archive, words.CHANGES, changes.CHANGE_HEADS, changes.changes(found))
    archive.add(words.POLICY, [_policy(found.policy)])


def _policy(policy: Policy) -> bytes:
    facts = asdict(policy)
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, indent=2, default=str).encode() + b"\n"


def _evidence(archive: Archive, evidence: Evidence) -> None:
    archive.add(words.ENTRIES, evidence.entries())
    if evidence.checkpoint is not None:
        archive.add(words.PROOF, evidence.proof())
        archive.add(words.CHECKPOINT, [evidence.checkpoint.note.encode()])


def _subsidies(archive: Archive, found: Frame) -> None:
    asked = subsidies.claims_of(found)
    _table(archive, words.CLAIM_LINES, subsidies.LINE_HEADS, subsidies.lines(found, asked))
    steps = list(subsidies.steps(found, asked))
    _table(archive, words.CLAIM_STEPS, subsidies.STEP_HEADS, (each.row for each in steps))
    for each in steps:
        archive.add(f"{words.CLAIM_STEP_FILES}/{each.name}", [each.body])
    _table(archive, words.CLAIM_NOTICES, subsidies.NOTICE_HEADS, subsidies.notices(found, asked))
    _table(archive, words.PAYMENTS, subsidies.PAYMENT_HEADS, subsidies.payments(found, asked))


def _made(path: Path) -> Made:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return Made(path.stat().st_size, digest.hexdigest())
