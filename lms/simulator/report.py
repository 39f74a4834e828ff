"""What the simulation showed: claimed, credited and confirmed against the time that passed, and what was wrong."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

ONLINE_SHARE, AFTER_SHARE = 0.97, 0.999  # I12: with losses, and after the gap upload (a few ms may wait for a beat)
FLAGGED_SHARE = 0.01
WITHOUT_UPLOAD = "honest_plain"
HEAD = ("behaviour", "persons", "elapsed s", "claimed s", "credited s", "per s", "confirmed s", "checks", "flagged")


@dataclass(frozen=True)
class Outcome:
    """One person's run; `person` is her phone, `source` her first session or pass.

    `played_ms` and `online_ms` (by reports alone, without uploads) are told of the honest only.
    """

    behaviour: str
    is_honest: bool
    person: str
    elapsed_ms: float
    claimed_ms: int
    credited_ms: int
    confirmed_ms: int
    played_ms: int = 0
    online_ms: int = 0
    passed: int = 0
    uploads_failed: int = 0
    most_ms: int | None = None
    source: str = ""
    answers: Mapping[str, int] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Credited seconds per elapsed second."""
        return self.credited_ms / self.elapsed_ms if self.elapsed_ms else float(self.credited_ms > 0)


@dataclass(frozen=True)
class Row:
    """One behaviour: sums over its persons, and the worst of them. `flagged` None: not measured."""

    behaviour: str
    is_honest: bool
    persons: int
    elapsed_s: float
    claimed_s: float
    credited_s: float
    highest_rate: float
    confirmed_s: float
    checks_passed: int
    flagged: int | None
    played_s: float
    share_online: float | None
    share: float | None


def rows(outcomes: Sequence[Outcome], flagged: Mapping[str, Sequence[str]] | None) -> list[Row]:
    """One row a behaviour, in the order in which they began. `flagged`: the flags of each person, if known."""
    names = list(dict.fromkeys(outcome.behaviour for outcome in outcomes))
    return [_row([each for each in outcomes if each.behaviour == name], flagged) for name in names]


def _row(mine: list[Outcome], flagged: Mapping[str, Sequence[str]] | None) -> Row:
    played = sum(each.played_ms for each in mine)
    return Row(
        behaviour=mine[0].behaviour,
        is_honest=mine[0].is_honest,
        persons=len(mine),
        elapsed_s=sum(each.elapsed_ms for each in mine) / 1000,
        claimed_s=sum(each.claimed_ms for each in mine) / 1000,
        credited_s=sum(each.credited_ms for each in mine) / 1000,
        highest_rate=max(each.rate for each in mine),
        confirmed_s=sum(each.confirmed_ms for each in mine) / 1000,
        checks_passed=sum(each.passed for each in mine),
        flagged=None if flagged is None else sum(each.person in flagged for each in mine),
        played_s=played / 1000,
        share_online=sum(each.online_ms for each in mine) / played if played else None,
        share=sum(each.credited_ms for each in mine) / played if played else None,
    )


def problems(outcomes: Sequence[Outcome], flagged: Mapping[str, Sequence[str]] | None) -> list[str]:
    """Each promise that was not kept, in plain words; none means the test is passed."""
    found = [problem for outcome in outcomes for problem in _of_person(outcome)]
    found += [problem for row in rows(outcomes, flagged) if row.is_honest for problem in _of_honest(row)]
    honest = [outcome for outcome in outcomes if outcome.is_honest]
    if flagged is not None and honest:
        count = sum(outcome.person in flagged for outcome in honest)
        if count > FLAGGED_SHARE * len(honest):
            found.append(f"{count} of {len(honest)} honest persons were flagged")
    return found


def _of_person(outcome: Outcome) -> list[str]:
    who, found = f"{outcome.behaviour} {outcome.person}", []
    if outcome.credited_ms > outcome.elapsed_ms:
        found.append(f"{who}: {outcome.credited_ms} ms credited in {outcome.elapsed_ms:.0f} ms")
    if outcome.most_ms is not None and outcome.credited_ms > outcome.most_ms:
        found.append(f"{who}: {outcome.credited_ms} ms credited, {outcome.most_ms} ms at most are right")
    if outcome.confirmed_ms and not outcome.passed:
        found.append(f"{who}: {outcome.confirmed_ms} ms confirmed without an answer")
    if outcome.confirmed_ms > outcome.credited_ms:
        found.append(f"{who}: more confirmed than credited")
    faults = [f"{count} × {told}" for told, count in outcome.answers.items() if told.startswith(("500", "failed"))]
    return [*found, *(f"{who}: {fault}" for fault in faults)]


def _of_honest(row: Row) -> list[str]:
    if row.share is None:
        return [f"{row.behaviour}: nobody studied; these learners have begun all their lessons already"]
    least = ONLINE_SHARE if row.behaviour == WITHOUT_UPLOAD else AFTER_SHARE
    if row.share < least:
        return [f"{row.behaviour}: {row.share:.2%} of what was played is credited, less than {least:.1%}"]
    return []


def table(outcomes: Sequence[Outcome], flagged: Mapping[str, Sequence[str]] | None) -> str:
    """The rows for people, then what the honest were credited of what they played."""
    told = [HEAD, *(_cells(row) for row in rows(outcomes, flagged))]
    widths = [max(len(line[column]) for line in told) for column in range(len(HEAD))]
    lines = [
        "  ".join(cell.ljust(width) if place == 0 else cell.rjust(width) for place, (cell, width) in enumerate(pairs))
        for pairs in (list(zip(line, widths, strict=True)) for line in told)
    ]
    return "\n".join([*lines, "", *_honest_lines(outcomes, flagged)])


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.behaviour,
        str(row.persons),
        f"{row.elapsed_s:.1f}",
        f"{row.claimed_s:.1f}",
        f"{row.credited_s:.1f}",
        f"{row.highest_rate:.3f}",
        f"{row.confirmed_s:.1f}",
        str(row.checks_passed),
        "not measured" if row.flagged is None else str(row.flagged),
    )


def _honest_lines(outcomes: Sequence[Outcome], flagged: Mapping[str, Sequence[str]] | None) -> list[str]:
    lines = [
        f"{row.behaviour}: played {row.played_s:.1f} s, by reports alone {row.share_online:.2%},"
        f" after everything was uploaded {row.share:.2%}"
        for row in rows(outcomes, flagged)
        if row.share is not None and row.share_online is not None
    ]
    honest = [outcome for outcome in outcomes if outcome.is_honest]
    if flagged is None:
        return [*lines, "honest persons flagged: not measured (say --database)"]
    kinds = Counter(kind for outcome in honest for kind in flagged.get(outcome.person, ()))
    count = sum(outcome.person in flagged for outcome in honest)
    return [*lines, f"honest persons flagged: {count} of {len(honest)} {dict(kinds) or ''}".rstrip()]


def as_json(outcomes: Sequence[Outcome], flagged: Mapping[str, Sequence[str]] | None) -> dict[str, Any]:
    """The same for programs."""
    return {
        "behaviours": [vars(row) for row in rows(outcomes, flagged)],
        "persons": [vars(outcome) | {"flags": sorted((flagged or {}).get(outcome.person, ()))} for outcome in outcomes],
        "problems": problems(outcomes, flagged),
    }
