"""A gating exam: may she sit it, until when do answers count, what are they worth.

All times in milliseconds of the study clock, which no phone has a say in.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from lms.domain.bank import FULL, Item, grade
from lms.domain.exam_papers import Given, Paper, is_answered, to_answer
from lms.domain.policies import MS_PER_MINUTE, ExamRules, has_closed
from lms.domain.verdicts import Reason

GRACE_MS = 15_000  # for what was on its way when the time was up; our own choice
HOUR_MS = 3_600_000
FEWEST_TOLD = 4  # questions that a mean is told of; our own choice


class Mode(StrEnum):
    """How a paper is answered: on her phone, or aloud, with an examiner who enters what is said."""

    ONLINE = "online"
    ORAL = "oral"


class Cause(StrEnum):
    """How a sitting ended."""

    HANDED_IN = "handed_in"
    TIME_UP = "time_up"


class RulingKind(StrEnum):
    """What is done about a faulty wording: not counted, every answer right, or counted as it is written."""

    LEAVE_OUT = "leave_out"
    ACCEPT_ALL = "accept_all"
    AS_WRITTEN = "as_written"


class Reveal(StrEnum):
    """Whether the questions of a closed sitting are told: yes, from a later day on, not while others sit, or never."""

    TOLD = "told"
    LATER = "later"
    BUSY = "busy"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class ExamFacts:
    """Where one enrollment stands with its exam; `best_percent` of the closed sittings, None before the first."""

    best_percent: int | None = None
    passed: bool = False
    tries: int = 0
    last_closed_at: datetime | None = None
    open_sitting: bool = False


@dataclass(frozen=True, slots=True)
class Try:
    """A sitting that was: when it closed, None while it is open, and whether it was passed."""

    closed_ms: int | None
    passed: bool = False


def refusals(
    rules: ExamRules, tries: Sequence[Try], study_missing_ms: int | None, now_ms: int, *, busy_elsewhere: bool = False
) -> tuple[Reason, ...]:
    """Why no new sitting may be opened now; empty when it may. The first is what the person is told.

    `study_missing_ms`: credited time that completion still asks for, None while a video is being made and nobody can
    know. `busy_elsewhere`: she sits another exam.
    """
    found = []
    if any(each.passed for each in tries):
        found.append(Reason("exam_passed_already"))
    if busy_elsewhere:
        found.append(Reason("exam_open_elsewhere"))
    if any(each.closed_ms is None for each in tries):
        found.append(Reason("exam_open_already"))
    if len(tries) >= rules.attempts:
        found.append(Reason("exam_no_tries_left", {"attempts": rules.attempts}))
    if study_missing_ms is None:
        found.append(Reason("exam_video_not_ready"))
    elif study_missing_ms > 0:
        found.append(Reason("exam_study_first", {"missing_ms": study_missing_ms}))
    if (wait := again_ms(rules, tries) - now_ms) > 0:
        found.append(Reason("exam_cooling_down", {"hours": -(-wait // HOUR_MS)}))
    return tuple(found)


def again_ms(rules: ExamRules, tries: Sequence[Try]) -> int:
    """When the cool-down after the last sitting is over; 0 before the first."""
    closed = [each.closed_ms for each in tries if each.closed_ms is not None]
    return max(closed) + rules.cooldown_hours * HOUR_MS if closed else 0


def reveal_on(closes_on: date) -> date:
    """The first day on which her questions may be told to a learner: the one after her class's last."""
    return closes_on + timedelta(days=1)


def reveal(rules: ExamRules, closes_on: date, today: date, *, still_sitting: bool) -> Reveal:
    """Whether a learner may read the questions of her closed sitting, with their answers (decision 0062).

    Nobody opens a sitting once the class has closed; one that was opened late on the last day may still run.
    `still_sitting`: somebody of her class, or she herself in another one, sits an exam now.
    """
    if not rules.reveal_after_close:
        return Reveal.NEVER
    if not has_closed(closes_on, today):
        return Reveal.LATER
    return Reveal.BUSY if still_sitting else Reveal.TOLD


def due_ms(opened_ms: int, minutes: int) -> int:
    """When the time of a sitting is up."""
    return opened_ms + minutes * MS_PER_MINUTE


def is_over(due: int, now_ms: int) -> bool:
    """Whether nothing that arrives now counts any more: the time is up, and so is the grace for what was on its way."""
    return now_ms > due + GRACE_MS


def left_ms(due: int, now_ms: int) -> int:
    """How much time is left; the grace is not told, it is for the network."""
    return max(0, due - now_ms)


@dataclass(frozen=True, slots=True)
class Saved:
    """An answer as the server has it: the `number`-th it received in this sitting, for this place of the paper.

    `received_ms` is the server's. `held_ms`: how long the phone kept it back, never more than `held` allows.
    """

    place: int
    number: int
    given: Given
    received_ms: int
    held_ms: int = 0

    @property
    def order(self) -> tuple[int, int]:
        """What makes one answer later than another: when it was given, as far as it is known; then its number."""
        return self.received_ms - self.held_ms, self.number


def held(claimed_ms: int, received_ms: int, contact_ms: int) -> int:
    """How long an answer was held back, as far as the server can vouch for it.

    The phone says so, the server bounds it: it cannot have been given before `contact_ms`, the moment of the last
    answer that the phone knew the server to have (or of the opening). It only says which of her own answers to one
    question is the later one; whether an answer is in time is decided by its arrival alone.
    """
    return min(max(0, claimed_ms), max(0, received_ms - contact_ms))


def counting(saved: Iterable[Saved], due: int) -> dict[int, Given]:
    """Place → the answer that counts: the last given of those that arrived until the time and its grace were up.

    What a phone without a line kept counts only if it arrives until then: between the last contact and the end is
    all that the server can vouch for, so no history of requests yields more time than the deadline.
    """
    last: dict[int, Saved] = {}
    for each in saved:
        if not is_over(due, each.received_ms) and (each.place not in last or last[each.place].order < each.order):
            last[each.place] = each
    return {place: each.given for place, each in last.items()}


@dataclass(frozen=True, slots=True)
class ExamGrade:
    """‰ of each place, None where it is left out of the count; the mean in whole percent, rounded down."""

    scores: tuple[int | None, ...]
    score_percent: int
    passed: bool


def raw_scores(paper: Paper, items: Sequence[Item], answers: Mapping[int, Given]) -> tuple[int, ...]:
    """‰ of each place as the questions are written; places count from 0, what is missing earns nothing."""
    asked = enumerate(zip(items, paper, strict=True))
    return tuple(grade(item, to_answer(item, slot, answers.get(place))) for place, (item, slot) in asked)


def assess(
    paper: Paper,
    items: Sequence[Item],
    answers: Mapping[int, Given],
    rulings: Mapping[tuple[str, int], RulingKind],
    pass_percent: int,
) -> ExamGrade:
    """The grade of a closed sitting, under the rulings that stand: (question, revision) → what is done about it.

    Pure, total, and the same however often and in whatever order it is given. Each question weighs the same; one
    left out weighs nothing; where every answer is accepted, any answer is right. A paper of which nothing is left
    is not passed.
    """
    raw = raw_scores(paper, items, answers)
    scores: list[int | None] = []
    for place, (item, slot) in enumerate(zip(items, paper, strict=True)):
        match rulings.get((slot.question, slot.revision)):
            case RulingKind.LEAVE_OUT:
                scores.append(None)
            case RulingKind.ACCEPT_ALL if is_answered(item, answers.get(place)):
                scores.append(FULL)
            case _:
                scores.append(raw[place])
    counted = [score for score in scores if score is not None]
    percent = sum(counted) * 100 // (FULL * len(counted)) if counted else 0
    return ExamGrade(tuple(scores), percent, bool(counted) and percent >= pass_percent)


def by_topic(paper: Paper, scores: Sequence[int | None], modules: Mapping[str, str]) -> dict[str, int]:
    """Topic → mean score in whole percent: an objective with at least FEWEST_TOLD questions that count, else the
    module it belongs to (`modules`: objective → module); what is still fewer is not told.

    A mean over one or two questions would tell which of them was right, and the bank would be read out that way. So
    would one or two that are left over, by the score less the means that are told: the smallest topic goes with them.
    """
    counted = [(slot.objective, score) for slot, score in zip(paper, scores, strict=True) if score is not None]
    sizes = Counter(objective for objective, _ in counted)
    found: dict[str, list[int]] = {}
    for objective, score in counted:
        topic = objective if sizes[objective] >= FEWEST_TOLD else modules.get(objective, "")
        found.setdefault(topic, []).append(score)
    told = {topic: each for topic, each in found.items() if len(each) >= FEWEST_TOLD}
    if told and 0 < len(counted) - sum(map(len, told.values())) < FEWEST_TOLD:
        told.pop(min(told, key=lambda topic: len(told[topic])))
    return {topic: sum(each) * 100 // (FULL * len(each)) for topic, each in told.items()}
