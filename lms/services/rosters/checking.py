"""The dry run: each row judged by itself, by its neighbours, and by what is on record; nobody is enrolled."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lms import clock
from lms.crypto import Keyring
from lms.domain.enrollments import Decision, Register
from lms.domain.identity import DocumentType
from lms.domain.roster_columns import Field
from lms.domain.rosters import Judged, Neighbours, Remark, is_person, judge
from lms.models.enrollments import Cohort
from lms.models.rosters import RosterImport, RosterRow
from lms.services import placing
from lms.services.placing import Entry
from lms.services.rosters import keeping
from lms.services.rosters.counting import count
from lms.services.rosters.states import BAD, CHECKED, CHECKING, GOOD, READ, SKIPPED, THERE, TWIN, UNSEEN
from lms.services.rosters.steps import Steps, load, write_rows

TOGETHER = 250
GATHERED = 1000
MOST_TOLD = {"differs": 50, "phones": 500}
"""So many names that do not belong to their numbers, and phones at odds with what is on record, are told an institution
in a day: nobody is to learn by trying who and which phones are on record. Numbers of ours, from no regulation."""
CELL_OF = {"person_name_differs": Field.NAME, "person_has_other_phone": Field.PHONE}
Cells = dict[int, str]


def check_steps(keyring: Keyring, import_id: uuid.UUID) -> Steps:
    """Checks the rows of a file."""
    work = _Check(keyring, import_id)
    yield work.begin
    while work.is_waiting and not work.is_gathered:
        yield work.gather
    while work.is_waiting and not work.is_judged:
        yield work.judge
    if work.is_waiting:
        yield work.finish


class Sheet:
    """How a file is to be read: which column tells what, under which titles, for a class that opens when."""

    def __init__(self, keyring: Keyring, session: Session, found: RosterImport, now: datetime) -> None:
        self.columns = {Field(name): column for name, column in found.columns.items()}
        self.titles: Mapping[int, str] = keeping.open_top(keyring, found.id, found.heading_sealed).heading.titles
        self.document_type = DocumentType(found.document_type)
        self.today = clock.civil_day(now)
        self.opens_on: date = session.get_one(Cohort, found.cohort_id).opens_on

    def judge(self, cells: Cells) -> Judged | None:
        """What a row tells; None when it tells of nobody."""
        if not is_person(cells, self.columns, self.titles):
            return None
        return judge(cells, self.columns, self.document_type, self.opens_on, self.today)


class _Check:
    """The state of one dry run between its transactions."""

    def __init__(self, keyring: Keyring, import_id: uuid.UUID) -> None:
        self._keyring = keyring
        self._import_id = import_id
        self._neighbours = Neighbours()
        self._register = Register(shares_phones=True)
        self._gathered = self._judged = self._total = 0
        self._warned = 0
        self._told = dict.fromkeys(MOST_TOLD, 0)
        self._sheet: Sheet | None = None
        self.is_waiting = False
        self.is_gathered = self.is_judged = False

    def begin(self, session: Session, now: datetime) -> float:
        found = load(session, self._import_id, CHECKING)
        if found is not None:
            self.is_waiting = True
            self._sheet, self._total = Sheet(self._keyring, session, found, now), found.counts["rows"]
        return 0.0

    def _rows(self, session: Session, after: int, most: int) -> list[tuple[int, Judged | None]]:
        columns = select(RosterRow.number, RosterRow.cells_sealed).where(
            RosterRow.import_id == self._import_id, RosterRow.number > after
        )
        assert self._sheet is not None  # noqa: S101  # begin comes first
        return [
            (number, self._sheet.judge(keeping.open_cells(self._keyring, self._import_id, number, sealed)))
            for number, sealed in session.execute(columns.order_by(RosterRow.number).limit(most))
        ]

    def gather(self, session: Session, _now: datetime) -> float:
        """Takes in some rows, so that each can be compared with all others."""
        rows = self._rows(session, self._gathered, GATHERED)
        for number, judged in rows:
            self._gathered = number
            if judged is not None:
                self._neighbours.add(number, judged)
        self.is_gathered = len(rows) < GATHERED
        return 0.1

    def judge(self, session: Session, now: datetime) -> float:
        """Judges some rows, and writes what is to be said about them."""
        rows = self._rows(session, self._judged, TOGETHER)
        compared = [(number, *self._compared(number, judged)) for number, judged in rows]
        sound = [(number, judged) for number, judged, state in compared if judged and state == GOOD]
        entries = {number: entry_of(self._keyring, judged, now) for number, judged in sound}
        cohort = session.get_one(Cohort, session.get_one(RosterImport, self._import_id).cohort_id)
        placing.learn(session, cohort, list(entries.values()), self._register)
        changes = [self._change(number, judged, state, entries.get(number)) for number, judged, state in compared]
        write_rows(session, self._import_id, changes)
        self._judged = rows[-1][0] if rows else self._judged
        self.is_judged = len(rows) < TOGETHER
        return 0.1 + 0.9 * min(1.0, self._judged / max(1, self._total))

    def _compared(self, number: int, judged: Judged | None) -> tuple[Judged | None, str]:
        if judged is None:
            return None, SKIPPED
        judged, twin = self._neighbours.compare(number, judged)
        if twin is not None:
            return Judged(judged.told, (Remark("roster_twin", Field.NUMBER, {"row": twin}, is_fault=False),)), TWIN
        return judged, GOOD if judged.is_sound else BAD

    def _change(self, number: int, judged: Judged | None, state: str, entry: Entry | None) -> dict[str, object]:
        remarks = list(judged.remarks) if judged else []
        if entry is not None:
            decision = self._register.place(entry.applicant)
            state, more = outcome(decision)
            remarks += [each for each in more if not _is_told(remarks, each)]
            self._told["differs"] += decision.refusal == "person_name_differs"
            self._told["phones"] += decision.refusal == "person_has_other_phone" or decision.lacks_phone
        self._warned += state == GOOD and bool(remarks)
        return {"number": number, "state": state, "remarks": [to_json(each) for each in remarks]}

    def finish(self, session: Session, now: datetime) -> float:
        found = load(session, self._import_id, CHECKING)
        if found is None:
            return 1.0
        told = {kind: found.counts.get(kind, 0) + number for kind, number in self._told.items()}
        found.counts = {**found.counts, **told, "warned": self._warned}
        found.counts, found.state = count(session, found), CHECKED
        session.flush()
        over = [kind for kind, most in MOST_TOLD.items() if _told_today(session, found, kind, now) > most]
        if over:
            _say_no_more(session, found, over[0])
        return 1.0


def _told_today(session: Session, found: RosterImport, kind: str, now: datetime) -> int:
    """By all dry runs of the institution's files of a day; one more of the same file counts once more."""
    files = select(RosterImport.counts).where(
        RosterImport.organisation_id == found.organisation_id, RosterImport.created_at > now - timedelta(days=1)
    )
    return sum(counts.get(kind, 0) for counts in session.scalars(files))


def _say_no_more(session: Session, found: RosterImport, kind: str) -> None:
    """Back to the columns, and nothing of what was found stays with the rows."""
    code = "roster_too_many_differ" if kind == "differs" else "roster_too_many_phones"
    rows = update(RosterRow).where(RosterRow.import_id == found.id)
    session.execute(rows.values(state=UNSEEN, remarks=[]), execution_options={"synchronize_session": False})
    found.state, found.problem, found.problem_values = READ, code, {"most": MOST_TOLD[kind]}
    found.counts = count(session, found)


def entry_of(keyring: Keyring, judged: Judged, now: datetime) -> Entry:
    """Whom a sound row tells of."""
    told = judged.told
    who = {"name": told.name, "number": told.number, "phone": told.phone}
    return placing.entry(keyring, document_type=told.document_type, now=now, **who)


def outcome(decision: Decision) -> tuple[str, Sequence[Remark]]:
    """What the rules of enrolment make of a sound row, as a state and what there is to be said."""
    if decision.refusal == "already_enrolled":
        return THERE, ()
    if decision.refusal:
        return BAD, (Remark(decision.refusal, CELL_OF.get(decision.refusal, Field.NUMBER)),)
    if decision.lacks_phone:
        return GOOD, (Remark("roster_phone_taken", Field.PHONE, is_fault=False),)
    if not decision.joins:
        return GOOD, (Remark("roster_phone_added", Field.PHONE, is_fault=False),)
    return GOOD, ()


def _is_told(remarks: Sequence[Remark], more: Remark) -> bool:
    """The row further up with the same phone says better why she cannot sign in."""
    return more.code == "roster_phone_taken" and any(each.code == "roster_phone_shared" for each in remarks)


def to_json(remark: Remark) -> dict[str, Any]:
    """As a row keeps it."""
    return {"code": remark.code, "field": remark.field.value, "values": dict(remark.values), "fault": remark.is_fault}


def from_json(told: Mapping[str, Any]) -> Remark:
    """The remark again."""
    return Remark(told["code"], Field(told["field"]), told["values"], told["fault"])
