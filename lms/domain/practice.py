"""Practical skills: a sheet's points, the outcome of a sitting, who may examine, how often one may sit.

The checklist and its points are the course's (`courses.Practice`). How many examiners sign and how often a learner may
sit is policy (`policies.PracticeRules`). What is not said by an official form is our own choice and marked so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from lms.domain.courses import Practice
from lms.domain.errors import Conflict, Forbidden, Refused
from lms.domain.policies import Policy, PracticeRules
from lms.domain.words import check_words

LONGEST_NOTE = 500
MOST_MINUTES = 600
MOST_PICTURES = 10
MOST_PHOTO_BYTES = 10 * 1024 * 1024
MOST_VIDEO_BYTES = 20 * 1024 * 1024
MOST_VIDEO_MS = 60_000


class SittingKind(StrEnum):
    """An examination by examiners (考核), or a task at work that a mentor signs (工学一体化)."""

    EXAM = "exam"
    WORKPLACE = "workplace"


class Outcome(StrEnum):
    """What became of a sitting, or of a skill over all its sittings; `none`: never sat."""

    NONE = "none"
    WAITING = "waiting"
    DISPUTED = "disputed"
    PASSED = "passed"
    FAILED = "failed"


SETTLED = frozenset({Outcome.PASSED, Outcome.FAILED})


@dataclass(frozen=True, slots=True)
class Sheet:
    """One signature: the points of the steps done, and how many critical steps were missed."""

    points: int
    critical_missed: int

    def passed(self, pass_points: int) -> bool:
        """Enough points, and no critical step missed: one missed fails the whole, whatever the points."""
        return self.critical_missed == 0 and self.points >= pass_points


@dataclass(frozen=True, slots=True)
class Result:
    """A sitting's outcome; `points` once it is settled; `missing`: how many signatures it waits for."""

    outcome: Outcome
    points: int | None
    missing: int


@dataclass(frozen=True, slots=True)
class SkillFacts:
    """One practical skill of one enrollment: `tries` sittings were opened, `points` are those of the deciding one."""

    lesson_id: str
    title: str
    kind: SittingKind
    tries: int
    outcome: Outcome
    points: int | None
    title_en: str = ""


@dataclass(frozen=True, slots=True)
class Examiner:
    """Who wants to sign. The role in the class's institution is a matter of scope: without it, nothing is found."""

    is_learner: bool
    teaches: bool
    has_signed: bool


def rules_of(policy: Policy) -> PracticeRules:
    """A policy that asks for no practicals forbids none: they are held by the rules that score books show."""
    return (policy.blended.practice if policy.blended else None) or PracticeRules()


def score(practice: Practice, done: Sequence[bool | None]) -> Sheet:
    """Adds up a sheet: each step done earns its points.

    Refused: practice_other_steps when the marks are not of this checklist, practice_step_unmarked (`step` from 1).
    """
    if len(done) != len(practice.steps):
        raise Refused("practice_other_steps")
    for number, mark in enumerate(done, 1):
        if mark is None:
            raise Refused("practice_step_unmarked", step=number)
    marked = list(zip(practice.steps, done, strict=True))
    points = sum(step.points for step, is_done in marked if is_done)
    return Sheet(points, sum(step.critical and not is_done for step, is_done in marked))


def judge(sheets: Sequence[Sheet], examiners: int, pass_points: int) -> Result:
    """The outcome of a sitting from its sheets in the order of signing.

    While fewer than `examiners` have signed it waits. When all of those agree, that is the outcome. When they differ it
    is disputed, and the next sheet, of one examiner more, decides. Points: the mean of the sheets that agree with the
    outcome, rounded down, so that who passed never shows fewer than the bar. The dispute rule is our own, unconfirmed.
    """
    if len(sheets) < examiners:
        return Result(Outcome.WAITING, None, examiners - len(sheets))
    verdicts = [sheet.passed(pass_points) for sheet in sheets]
    is_agreed = len(set(verdicts[:examiners])) == 1
    if not is_agreed and len(sheets) == examiners:
        return Result(Outcome.DISPUTED, None, 1)
    decided = verdicts[0] if is_agreed else verdicts[examiners]
    agreeing = [sheet.points for sheet, verdict in zip(sheets, verdicts, strict=True) if verdict is decided]
    return Result(Outcome.PASSED if decided else Outcome.FAILED, sum(agreeing) // len(agreeing), 0)


def summarise(
    lesson_id: str, title: str, kind: SittingKind, results: Sequence[Result], title_en: str = ""
) -> SkillFacts:
    """A skill from its sittings in order: the one that was passed, else the last."""
    deciding = next((each for each in results if each.outcome is Outcome.PASSED), results[-1] if results else None)
    outcome = deciding.outcome if deciding else Outcome.NONE
    points = deciding.points if deciding else None
    return SkillFacts(lesson_id, title, kind, len(results), outcome, points, title_en)


def check_opening(facts: SkillFacts, attempts: int) -> None:
    """Whether one more sitting may be opened. Refused: practice_passed, practice_no_tries; Conflict: practice_open."""
    if facts.outcome in (Outcome.WAITING, Outcome.DISPUTED):
        raise Conflict("practice_open")
    if facts.outcome is Outcome.PASSED:
        raise Refused("practice_passed")
    if facts.tries >= attempts:
        raise Refused("practice_no_tries", most=attempts)


def why_not(examiner: Examiner) -> str | None:
    """The code that forbids somebody to sign: who learns in the class, who taught it, who has signed already."""
    if examiner.is_learner:
        return "practice_own"
    if examiner.teaches:
        return "practice_taught"
    return "practice_signed" if examiner.has_signed else None


def check_examiner(examiner: Examiner, result: Result) -> None:
    """Whether she may sign. Forbidden: practice_own, practice_taught; Conflict: practice_signed, practice_settled."""
    code = why_not(examiner)
    if code == "practice_signed":
        raise Conflict("practice_signed")
    if code:
        raise Forbidden(code)
    if result.outcome in SETTLED:
        raise Conflict("practice_settled")


def check_note(text: str) -> str:
    """A remark on a sheet, trimmed, may be empty. Refused: practice_note_long, words_personal."""
    return check_words(text, shortest=0, longest=LONGEST_NOTE, code="practice_note_long")


def check_minutes(minutes: int) -> None:
    """How long a task at work took, in whole minutes. Refused: practice_minutes."""
    if not 1 <= minutes <= MOST_MINUTES:
        raise Refused("practice_minutes", most=MOST_MINUTES)


def check_weight(size: int, most_bytes: int) -> None:
    """Refused: picture_too_heavy."""
    if size > most_bytes:
        raise Refused("picture_too_heavy", megabytes=most_bytes // 1024 // 1024)


def check_picture(pictures: int, has_consent: bool) -> None:
    """Whether one more picture may be kept beside so many. Refused: picture_no_consent, picture_too_many."""
    if not has_consent:
        raise Refused("picture_no_consent")
    if pictures >= MOST_PICTURES:
        raise Refused("picture_too_many", most=MOST_PICTURES)
