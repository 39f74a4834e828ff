"""Replays the evidence: from the entries alone to the rows that the tables must hold."""

from collections import defaultdict
from typing import Any

from lms.verifier.columns import COLUMNS
from lms.verifier.reading import moment
from lms.verifier.spans import Span, join, length

Row = dict[str, Any]
Facts = dict[str, Any]


class Replay:
    """The tables as the evidence tells them, built entry by entry."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[tuple[Any, ...], Row]] = {table: {} for table in COLUMNS}
        self.sessions: dict[tuple[Any, ...], Row] = {}
        self.parts: dict[tuple[Any, ...], Row] = {}
        self.questions: dict[str, str] = {}
        self.texts: dict[str, tuple[str, str]] = {}
        self.meetings: dict[str, list[Row]] = {}
        self.lists: dict[str, Row] = {}
        self.slots: dict[str, int] = {}
        self.rulings: dict[str, str] = {}
        self.leases: dict[str, Row] = {}
        self._epochs: dict[str, tuple[int | None, int | None]] = {}
        self._postings: dict[tuple[str, str], list[tuple[int, Row]]] = defaultdict(list)
        self._positions: dict[tuple[str, str], int] = {}
        self._passed: dict[str, list[Span]] = defaultdict(list)

    def take(self, facts: Facts, leaf: str) -> None:
        """One entry, in the order of its person's chain."""
        person = facts["person"]
        lease = self.leases.setdefault(person, {"open_check_id": None, "closed_entry": 0})
        lease |= {"person_id": person, "entries": facts["entry"], "last_leaf": leaf}
        getattr(self, f"_{facts['kind']}")(facts, lease)
        for interval in facts.get("intervals", ()):
            self._interval(facts, interval)
        if "position_ms" in facts:
            self._positions[facts["enrollment"], facts["lesson"]] = facts["position_ms"]
        if facts.get("high_water_ms") is not None:
            epoch = facts.get("epoch", self._epochs.get(person, (None, None))[0])
            self._epochs[person] = (epoch, facts["high_water_ms"])

    def finish(self) -> None:
        """Adds up what the entries left, once all have been taken."""
        voided = {key[0] for key in self.tables["study_voids"]}
        for place in {*self._postings, *self._positions}:
            self._put("lesson_progress", self._sum(place, voided))
        for lease in self.leases.values():
            self._put("study_leases", lease)

    def lease_clock(self, person: str) -> tuple[int | None, int | None]:
        """The lease's epoch and high-water mark as the last entry told them; None where none did."""
        return self._epochs.get(person, (None, None))

    def _put(self, table: str, row: Row) -> None:
        self.tables[table][tuple(row[name] for name in COLUMNS[table][0])] = row

    def _sum(self, place: tuple[str, str], voided: set[str]) -> Row:
        covered: list[Span] = []
        sure: list[Span] = []
        by_class: dict[str, int] = defaultdict(int)
        for entry, segment in sorted(self._postings[place], key=lambda each: (each[0], each[1]["from_ms"])):
            if segment["id"] in voided:
                continue
            span = (segment["from_ms"], segment["to_ms"])
            after = join([*covered, span])
            by_class[segment["evidence_class"]] += length(after) - length(covered)
            covered = after
            if any(start < entry <= end for start, end in self._passed[segment["person_id"]]):
                sure.append(span)
        return {
            "enrollment_id": place[0],
            "lesson_id": place[1],
            "covered": [list(span) for span in covered],
            "credited_ms": length(covered),
            "by_class": {name: value for name, value in by_class.items() if value},
            "confirmed_ms": length(sure),
            "position_ms": self._positions.get(place, 0),
        }

    def _interval(self, facts: Facts, told: Facts) -> None:
        shared = {
            "person_id": facts["person"],
            "enrollment_id": facts["enrollment"],
            "lesson_id": facts["lesson"],
            "evidence_class": facts["class"],
            "studied_on": told["day"],
            "entry": facts["entry"],
            "recorded_at": moment(facts["at"]),
        }
        spans = {"from_ms": told["from_ms"], "to_ms": told["to_ms"]}
        row = {**shared, **spans, "id": told["id"], "source_id": facts["source"], "rule": facts["rule"]}
        row |= {"number": told["number"], "part": told["part"], "verdict": told["verdict"]}
        row |= {"policy_code": facts["policy"], "credited_ms": told["credited_ms"], "recorded_ms": facts["clock_ms"]}
        self._put("study_intervals", row)
        for segment in told["segments"]:
            posted = {**shared, **segment, "interval_id": told["id"]}
            self._put("study_segments", posted)
            self._postings[facts["enrollment"], facts["lesson"]].append((facts["entry"], posted))

    def _session(self, facts: Facts, _lease: Row) -> None:
        self.sessions[(facts["source"],)] = {
            "id": facts["source"],
            "person_id": facts["person"],
            "enrollment_id": facts["enrollment"],
            "lesson_id": facts["lesson"],
            "epoch": facts["epoch"],
            "opened_ms": facts["clock_ms"],
            "opened_at": moment(facts["at"]),
            "last_seq": 0,
            "answered_ms": facts["clock_ms"],
        }

    def _heartbeat(self, facts: Facts, _lease: Row) -> None:
        seq = facts.get("seq") or facts["intervals"][0]["number"]
        self._put(
            "study_heartbeats",
            {
                "session_id": facts["source"],
                "seq": seq,
                "body_hash": facts["report"],
                "received_ms": facts["clock_ms"],
                "received_at": moment(facts["at"]),
            },
        )
        opened = self.sessions.get((facts["source"],))
        if opened:
            opened |= {"last_seq": seq, "answered_ms": facts["clock_ms"]}

    def _refused(self, _facts: Facts, _lease: Row) -> None:
        """Its interval says all."""

    def _pass(self, facts: Facts, _lease: Row) -> None:
        self._put(
            "study_passes",
            {
                "id": facts["source"],
                "person_id": facts["person"],
                "enrollment_id": facts["enrollment"],
                "lesson_ids": [each.replace("-", "") for each in facts["lessons"]],
                "issued_ms": facts["issued_ms"],
                "issued_at": moment(facts["at"]),
                "expires_ms": facts["expires_ms"],
            },
        )
        self.texts[f"study_passes {facts['source']} seed"] = (facts["seed_hash"], "")

    def _chain(self, facts: Facts, _lease: Row) -> None:
        names = ["after_seq", "seed_hash", "head", "count", "anchor_ms", "window_from_ms", "window_to_ms"]
        row = {name: facts[name] for name in names}
        row |= {"source_id": facts["source"], "evidence_class": facts["class"], "person_id": facts["person"]}
        row |= {"enrollment_id": facts["enrollment"], "committed_ms": facts["clock_ms"]}
        row |= {"committed_at": moment(facts["at"]), "settled": 0, "settled_leaf": facts["seed_hash"]}
        self._put("study_chains", {**row, "cursor_ms": facts["window_from_ms"]})

    def _part(self, facts: Facts, _lease: Row) -> None:
        chain = self.tables["study_chains"][facts["source"], facts["after_seq"]]
        spans = facts["intervals"]
        self.parts[facts["source"], facts["after_seq"], facts["number"]] = {
            "source_id": facts["source"],
            "after_seq": facts["after_seq"],
            "number": facts["number"],
            "lesson_id": facts["lesson"],
            "from_ms": spans[0]["from_ms"],
            "to_ms": spans[-1]["to_ms"],
            "mono_from_ms": facts["mono"][0],
            "mono_to_ms": facts["mono"][1],
            "leaf": facts["part"],
        }
        chain |= {"settled": facts["number"], "settled_leaf": facts["part"], "cursor_ms": facts["cursor_ms"]}

    def _check(self, facts: Facts, lease: Row) -> None:
        row = {"id": facts["check"], "person_id": facts["person"], "kind": facts["check_kind"]}
        row |= {"enrollment_id": facts["enrollment"], "lesson_id": facts["lesson"], "entry": facts["entry"]}
        row |= {name: facts[name] for name in ("from_entry", "to_entry", "due_ms")}
        self._put("presence_checks", {**row, "issued_ms": facts["clock_ms"], "issued_at": moment(facts["at"])})
        self.questions[facts["check"]] = facts["question_hash"]
        if facts["check_kind"] == "study":
            lease["open_check_id"] = facts["check"]

    def _outcome(self, facts: Facts, lease: Row) -> None:
        row = {name: facts[name] for name in ("outcome", "picked", "from_entry", "to_entry", "entry")}
        row |= {"check_id": facts["check"], "person_id": facts["person"], "recorded_ms": facts["clock_ms"]}
        self._put("presence_outcomes", {**row, "recorded_at": moment(facts["at"])})
        if lease["open_check_id"] == facts["check"]:
            lease["open_check_id"] = None
        passed = facts["outcome"] == "passed"
        if passed:
            self._passed[facts["person"]].append((facts["from_entry"], facts["to_entry"]))
        asked = self.tables["presence_checks"].get((facts["check"],), {})
        if passed or (asked.get("kind") == "study" and facts["outcome"] != "busy"):
            lease["closed_entry"] = max(lease["closed_entry"], facts["to_entry"])

    def _attendance(self, facts: Facts, _lease: Row) -> None:
        """Marks of a class; a sign-out confirms, by how it was made, what its own entry posts."""
        shared = {"meeting_id": facts["meeting"], "enrollment_id": facts["enrollment"], "method": facts["method"]}
        shared |= {"ticket": facts["ticket"], "list_id": facts["list"] or None, "recorded_by": facts["by"]}
        shared |= {"recorded_ms": facts["clock_ms"], "recorded_at": moment(facts["at"]), "entry": facts["entry"]}
        for told in facts["marks"]:
            row = {"id": told["id"], "kind": told["kind"], "late_ms": told["late_ms"]}
            self._put("attendance_marks", {**shared, **row, "stands_from_ms": told["stands_ms"]})
            if told["kind"] == "out":
                self._passed[facts["person"]].append((facts["entry"] - 1, facts["entry"]))
        slot = {"cohort_id": facts["cohort"], "lesson_id": facts["lesson"], "held_on": facts["held_on"]}
        slot |= {"starts_at": moment(facts["starts_at"]), "ends_at": moment(facts["ends_at"])}
        slot |= {"makes_up_for": facts["makes_up_for"], "cancelled_at": None}
        self.meetings.setdefault(facts["meeting"], []).append(slot)
        self.slots[facts["lesson"]] = facts["slot_ms"]
        if facts["list"]:
            paper = {"meeting_id": facts["meeting"], "entered_by": facts["by"], "attachment_hash": facts["paper_hash"]}
            self.lists[facts["list"]] = paper | {"decision": "approved", "decided_by": facts["approved_by"]}

    def _correction(self, facts: Facts, _lease: Row) -> None:
        names = ["from_ms", "to_ms", "wall_from_ms", "wall_to_ms", "attachment_hash", "proposed_by"]
        row = {name: facts[name] for name in names}
        row |= {"id": facts["correction"], "person_id": facts["person"], "kind": facts["correction_kind"]}
        row |= {"enrollment_id": facts["enrollment"], "lesson_id": facts["lesson"]}
        row |= {"evidence_class": facts["class"], "proposed_at": moment(facts["at"])}
        row["segment_ids"] = [each.replace("-", "") for each in facts["segments"]]
        self._put("corrections", row)
        self.texts[f"corrections {facts['correction']} reason"] = (facts["reason_hash"], facts["correction"])

    def _decision(self, facts: Facts, _lease: Row) -> None:
        row = {name: facts[name] for name in ("decision", "before_ms", "after_ms", "decided_by", "entry")}
        row |= {"correction_id": facts["correction"], "decided_at": moment(facts["at"])}
        self._put("correction_decisions", row)
        self.texts[f"correction_decisions {facts['correction']} note"] = (facts["note_hash"], facts["correction"])
        for segment in facts["voided"]:
            void = {"segment_id": segment, "correction_id": facts["correction"], "entry": facts["entry"]}
            self._put("study_voids", {**void, "recorded_at": moment(facts["at"])})

    def _exam(self, facts: Facts, _lease: Row) -> None:
        names = ("number", "mode", "paper_hash", "watermark", "policy_code", "pass_percent", "due_ms", "entry")
        row = {name: facts[name] for name in names}
        row |= {"id": facts["sitting"], "enrollment_id": facts["enrollment"], "person_id": facts["person"]}
        row["examiner_id"] = facts["examiner"]
        self._put("exam_sittings", {**row, "opened_ms": facts["clock_ms"], "opened_at": moment(facts["at"])})
        self.texts[f"exam_sittings {facts['sitting']} seed"] = (facts["seed_hash"], facts["sitting"])

    def _answers(self, facts: Facts, _lease: Row) -> None:
        row = {name: facts[name] for name in ("cause", "answers_hash", "closed_ms", "entry")}
        self._put("exam_closings", {**row, "sitting_id": facts["sitting"], "closed_at": moment(facts["closed_at"])})

    def _grade(self, facts: Facts, _lease: Row) -> None:
        row = {name: facts[name] for name in ("number", "scores", "score_percent", "passed", "entry")}
        row |= {"sitting_id": facts["sitting"], "ruling_id": facts["ruling"], "graded_at": moment(facts["at"])}
        self._put("exam_grades", row)
        if facts["ruling"] is not None:
            self.rulings[facts["ruling"]] = facts["ruling_hash"]

    def _practice(self, facts: Facts, _lease: Row) -> None:
        row = {name: facts[name] for name in ("number", "examiners", "opened_by", "entry")}
        row |= {"id": facts["sitting"], "enrollment_id": facts["enrollment"], "lesson_id": facts["lesson"]}
        row |= {"kind": facts["sitting_kind"], "policy_code": facts["policy"], "opened_ms": facts["clock_ms"]}
        self._put("practice_sittings", {**row, "opened_at": moment(facts["at"])})

    def _sheet(self, facts: Facts, _lease: Row) -> None:
        row = {name: facts[name] for name in ("marks", "points", "critical_missed", "minutes", "entry")}
        row |= {"id": facts["sheet"], "sitting_id": facts["sitting"], "account_id": facts["examiner"]}
        row |= {"submitted_ms": facts["clock_ms"], "submitted_at": moment(facts["at"])}
        self._put("practice_sheets", row)
        self.texts[f"practice_sheets {facts['sheet']} note"] = (facts["note_hash"], facts["sheet"])
