"""Filing a class with the authority (开班申请, 备案): its states, what must be in it, and what holds afterwards.

Source: domain.md 1.4: roster, plan, teachers, resources and exam plan are filed, reviewed and numbered (班期备案号);
the roster is frozen at approval, later changes are versioned with a reason; nothing is backdated; each transition has
an actor, a time and a note. Columns of the form: domain.md 6.1.
"""

import hashlib
import json
import re
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from lms.domain.errors import Conflict, Forbidden, Refused
from lms.domain.roles import Role
from lms.domain.verdicts import Reason
from lms.domain.words import check_words

UNFILED = ""
"""The state of a class that is not filed at all (不申报): opened directly, outside subsidy."""


class State(StrEnum):
    """Where a filed class stands. RUNNING is told, never stored: an approved class whose opening day has come."""

    DRAFT = "draft"
    FILED = "filed"
    RETURNED = "returned"
    APPROVED = "approved"
    RUNNING = "running"
    CLOSED = "closed"
    ARCHIVED = "archived"


class Act(StrEnum):
    """What somebody does to a filing."""

    DRAFT = "draft"
    FILE = "file"
    RETURN = "return"
    APPROVE = "approve"
    CLOSE = "close"
    ARCHIVE = "archive"


STEPS: Mapping[tuple[State, Act], State] = {
    (State.DRAFT, Act.FILE): State.FILED,
    (State.RETURNED, Act.FILE): State.FILED,
    (State.FILED, Act.RETURN): State.RETURNED,
    (State.FILED, Act.APPROVE): State.APPROVED,
    (State.APPROVED, Act.CLOSE): State.CLOSED,
    (State.CLOSED, Act.ARCHIVE): State.ARCHIVED,
}
OPEN = (State.DRAFT, State.RETURNED)
APPROVED = (State.APPROVED, State.RUNNING, State.CLOSED, State.ARCHIVED)
REVIEWED = (Act.RETURN, Act.APPROVE)
REVIEWERS = (Role.OFFICER, Role.PLATFORM)
"""Who answers filings: the office of the district or city, and the platform where no office is set up."""
FIELDS = (
    "name",
    "days",
    "training_kind",
    "occupation",
    "level",
    "certificate",
    "size",
    "place",
    "manager",
    "phone",
    "materials",
    "resources",
    "exam_plan",
    "plan",
    "teachers",
    "roster",
)
LEVELS = ("none", "5", "4", "3", "2", "1")
CERTIFICATES = ("vocational", "skill_level", "special_skill", "training", "none")
NUMBER = re.compile(r"[0-9A-Za-z\u4e00-\u9fff〔〕（）()\[\]-]{4,40}")
LONGEST_CLASS = 500


def step(state: str, act: Act) -> State:
    """The state an act leads to; Conflict: filing_step where it cannot follow on this state."""
    for (before, each), after in STEPS.items():
        if before == state and each is act:
            return after
    raise Conflict("filing_step")


def standing(state: str, opens_on: date, today: date) -> str:
    """The state as it is told today: an approved class runs from its opening day on."""
    return State.RUNNING if state == State.APPROVED and opens_on <= today else state


def may_study(state: str) -> bool:
    """Whether study can be earned, as far as the filing goes: a class that is not filed, or one that is approved."""
    return state == UNFILED or state in APPROVED


def check_actor(act: Act, role: Role) -> None:
    """The institution files, closes and archives; whoever reviews returns and approves. Forbidden: role_needed."""
    needed = REVIEWERS if act in REVIEWED else (Role.INSTITUTION,)
    if role not in needed:
        raise Forbidden("role_needed", role=needed[0].value)


def check_apart(*, works_there: bool) -> None:
    """Nobody answers what the institution she works for asks. Forbidden: filing_reviewer_works_there."""
    if works_there:
        raise Forbidden("filing_reviewer_works_there")


def check_second_person(first: uuid.UUID | None, second: uuid.UUID) -> None:
    """Nobody decides on what she filed or proposed herself. Forbidden: filing_second_person."""
    if first == second:
        raise Forbidden("filing_second_person")


def check_open(state: str) -> None:
    """Whether the institution may write in the filing. Conflict: filing_not_open."""
    if state not in OPEN:
        raise Conflict("filing_not_open")


def check_roster(state: str) -> None:
    """Whether people can still be entered and taken out directly.

    Refused: filing_in_review while somebody reads it, filing_roster_frozen once it is approved: then a change with a
    reason and a second person is asked for; filing_over.
    """
    if state == State.FILED:
        raise Refused("filing_in_review")
    if state in (State.CLOSED, State.ARCHIVED):
        raise Refused("filing_over")
    if state in APPROVED:
        raise Refused("filing_roster_frozen")


def check_change(state: str) -> None:
    """Whether a change of a frozen roster can be asked for, or decided. Conflict: filing_no_change."""
    if state not in (State.APPROVED, State.RUNNING):
        raise Conflict("filing_no_change")


def check_writable(state: str) -> None:
    """What is archived is for reading only. Refused: filing_archived."""
    if state == State.ARCHIVED:
        raise Refused("filing_archived")


def check_earning(state: str) -> None:
    """Whether time in person or by hand can be entered: not before approval, and not in the archive.

    Refused: cohort_not_approved, filing_archived.
    """
    if not may_study(state):
        raise Refused("cohort_not_approved")
    check_writable(state)


def check_approval(opens_on: date, today: date) -> None:
    """Nothing is backdated: no class opens before its approval. Refused: filing_opens_before_approval."""
    if opens_on < today:
        raise Refused("filing_opens_before_approval", day=opens_on.isoformat())


def check_remarks(remarks: Mapping[str, str], note: str) -> tuple[dict[str, str], str]:
    """What is wrong with a filing, field by field, and in one word for all of it; one of both must be said.

    Refused: filing_return_words, words_length, words_personal.
    """
    said = {field: check_words(text, shortest=4) for field, text in remarks.items() if text.strip()}
    if not set(said) <= set(FIELDS) or not (said or note.strip()):
        raise Refused("filing_return_words")
    return said, check_words(note, shortest=4) if note.strip() else ""


def check_number(text: str) -> str:
    """A number that the authority itself gave, trimmed. Refused: filing_number_shape."""
    number = text.strip()
    if not NUMBER.fullmatch(number):
        raise Refused("filing_number_shape")
    return number


def next_number(day: date, known: Collection[str]) -> str:
    """Our own number (班期备案号) where the authority gave none: the day of approval and a running number in it."""
    head = f"KX-{day:%Y%m%d}-"
    used = [int(each.removeprefix(head)) for each in known if re.fullmatch(re.escape(head) + r"\d{4,9}", each)]
    return f"{head}{max(used, default=0) + 1:04d}"


def canonical(rows: Any) -> str:
    """Rows or facts in one form: keys sorted, no spaces."""
    return json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(rows: Any) -> str:
    """SHA-256 of rows or facts in their canonical form, UTF-8."""
    return hashlib.sha256(canonical(rows).encode()).hexdigest()


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The fields, in the order of the form, in which two filings of one class differ."""
    order = [*FIELDS, *sorted((set(before) | set(after)) - set(FIELDS))]
    return [field for field in order if before.get(field) != after.get(field)]


@dataclass(frozen=True)
class Waiting:
    """What is not finished in a class, by number: roster changes, paper lists, corrections, cases, exams."""

    changes: int = 0
    lists: int = 0
    corrections: int = 0
    cases: int = 0
    exams: int = 0


def closing(waiting: Waiting, closes_on: date, today: date) -> tuple[Reason, ...]:
    """What must be finished before a class is closed; none where it can be."""
    over = () if today > closes_on else (Reason("filing_days_left", {"day": closes_on.isoformat()}),)
    counts = {name: count for name, count in vars(waiting).items() if count}
    return over + tuple(Reason(f"filing_waiting_{name}", {"n": count}) for name, count in counts.items())
