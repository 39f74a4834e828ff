"""After a storm: is all that was confirmed there, byte for byte, and is nothing there by halves (I11)?"""

import json
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from lms.cli.crowd import Kept
from lms.db import Database, Session
from lms.models.evidence import EvidenceEntry
from lms.models.study import LessonProgress, StudyHeartbeat, StudyInterval, StudyLease, StudySegment, StudySession

Name = tuple[uuid.UUID, int]
"""(session, sequence number): which heartbeat."""


@dataclass
class Findings:
    """Counts, and what is wrong in words."""

    confirmed: int = 0
    stored: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def are_clean(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def __str__(self) -> str:
        told = [
            f"{self.confirmed} heartbeats were confirmed to a client, {self.stored} are stored",
            f"{len(self.faults)} faults" + (":" if self.faults else ": each confirmed answer is there byte for byte,"),
            *(self.faults[:20] or ["with its evidence and its interval, and nothing is there by halves"]),
        ]
        return "\n".join(told)


def look(database: Database, kept: Iterable[Kept]) -> Findings:
    """Compares what clients hold with what the database holds, and each table with the others."""
    with database.transaction(write=False) as session:
        stored = _Stored(session)
    found = Findings(stored=len(stored.answers))
    for each in kept:
        found.confirmed += 1
        found.faults += _missing(stored, each)
    for name, answer in stored.answers.items():
        found.faults += [f"{_told(name)}: {fault}" for fault in _halves(stored, name, answer)]
    found.faults += stored.strays()
    return found


class _Stored:
    """Everything that heartbeats leave behind."""

    def __init__(self, session: Session) -> None:
        beats = select(StudyHeartbeat.session_id, StudyHeartbeat.seq, StudyHeartbeat.answer)
        self.answers: dict[Name, str] = {(row[0], row[1]): row[2] for row in session.execute(beats)}
        self.intervals: dict[Name, list[StudyInterval]] = defaultdict(list)
        for interval in session.scalars(select(StudyInterval)):
            self.intervals[interval.source_id, interval.number].append(interval)
        self.segments = set(session.scalars(select(StudySegment.interval_id)))
        self.entries = list(session.scalars(select(EvidenceEntry).order_by(EvidenceEntry.number)))
        self.beat_leaves = {each.leaf for each in self.entries if each.kind == "heartbeat"}
        self.leases = list(session.scalars(select(StudyLease)))
        self.sessions = list(session.scalars(select(StudySession)))
        self.progress = list(session.scalars(select(LessonProgress)))

    def strays(self) -> list[str]:
        """What stands in one table and has no counterpart in another."""
        faults = [f"session {each.id} is at {each.last_seq}" for each in self.sessions if not self._in_step(each)]
        faults += [
            f"the chain of {each.person_id} does not end in its lease" for each in self.leases if self._torn(each)
        ]
        faults += [f"the sum of {each.lesson_id} is wrong" for each in self.progress if not self._adds_up(each)]
        if len(self.beat_leaves) != len(self.answers):
            faults.append(f"{len(self.beat_leaves)} entries of evidence for {len(self.answers)} heartbeats")
        return faults

    def _in_step(self, opened: StudySession) -> bool:
        return opened.last_seq == max((seq for known, seq in self.answers if known == opened.id), default=0)

    def _torn(self, lease: StudyLease) -> bool:
        mine = [each for each in self.entries if each.person_id == lease.person_id]
        return (lease.entries, lease.last_leaf) != (len(mine), mine[-1].leaf if mine else "")

    def _adds_up(self, progress: LessonProgress) -> bool:
        place = (progress.enrollment_id, progress.lesson_id)
        all_of_them = (each for listed in self.intervals.values() for each in listed)
        return progress.credited_ms == sum(
            each.credited_ms for each in all_of_them if (each.enrollment_id, each.lesson_id) == place
        )


def _missing(stored: _Stored, kept: Kept) -> list[str]:
    name = (kept.session, kept.seq)
    answer = stored.answers.get(name)
    if answer is None:
        return [f"{_told(name)}: confirmed, and lost"]
    return [] if answer.encode() == kept.answer else [f"{_told(name)}: confirmed with other words"]


def _halves(stored: _Stored, name: Name, answer: str) -> list[str]:
    told: dict[str, Any] = json.loads(answer)
    intervals = stored.intervals.get(name, [])
    faults = [] if told["leaf"] in stored.beat_leaves else ["its evidence is missing"]
    if not intervals and told["verdict"] != "nothing_played":
        faults.append("its interval is missing")
    if any(each.credited_ms and each.id not in stored.segments for each in intervals):
        faults.append("its segment is missing")
    return faults


def _told(name: Name) -> str:
    return f"heartbeat {name[1]} of session {name[0]}"
