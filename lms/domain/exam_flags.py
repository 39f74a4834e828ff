"""What looks strange in exams: answers quicker than reading, one moment of handing in, the same wrong answers.

As in `flags`, none of it changes a score: a flag opens a case, in which people look.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

Detail = dict[str, int]
Counts = Mapping[str, Counter[str]]
"""Question → how often each of its wrong answers was given."""


@dataclass(frozen=True)
class ExamThresholds:
    """From where on something is strange. Our own choice throughout; each says what an honest person does.

    read_signs_s, read_answers: practised readers take in 5 to 8 characters a second; 15 is no reading. Below ten
        answers a paper is too short to say.
    together_persons, together_ms: told “hand in now”, a class takes tens of seconds to do so.
    same_wrong: fewer identical mistakes are no evidence, however unlikely.
    chance_permille: how likely an honest person may be to be found like any other of her cohort, at most.
    lure_percent, lure_weight: until wrong answers are known, two people who both err are taken to err alike this
        often, as if that many pairs had been seen: a strong lure draws most of those who do not know.
    """

    read_signs_s: int = 15
    read_answers: int = 10
    together_persons: int = 10
    together_ms: int = 1_000
    same_wrong: int = 6
    chance_permille: int = 10
    lure_percent: int = 60
    lure_weight: int = 5


USUAL = ExamThresholds()


@dataclass(frozen=True)
class Answered:
    """A question of a paper: how many characters there are to read, when it was first answered (None: never).

    `wrong`: which wrong answer was given at last, "" when right or open, or when there is only one way to be wrong.
    """

    question: str
    characters: int
    first_ms: int | None
    wrong: str = ""


@dataclass(frozen=True)
class Sat:
    """A closed sitting; `handed_in`: by the person, not by the end of the time."""

    sitting: str
    person: str
    opened_ms: int
    closed_ms: int
    handed_in: bool
    answers: tuple[Answered, ...]


@dataclass(frozen=True)
class Alike:
    """Two sittings with the same wrong answers."""

    one: str
    other: str
    detail: Detail


def too_fast(sat: Sat, limits: ExamThresholds = USUAL) -> Detail | None:
    """A paper answered from first to last in less time than its words can be read.

    The whole time from the opening counts, so that a form sent in one go, and answers that a phone without a line
    held back, are judged by when they can have been thought of.
    """
    given = [answer for answer in sat.answers if answer.first_ms is not None]
    if len(given) < limits.read_answers:
        return None
    took = max(answer.first_ms or 0 for answer in given) - sat.opened_ms
    needed = sum(answer.characters for answer in given) * 1000 // limits.read_signs_s
    return {"answers": len(given), "took_ms": max(0, took), "reading_ms": needed} if took < needed else None


def handed_in_together(sats: Iterable[Sat], limits: ExamThresholds = USUAL) -> dict[str, Detail]:
    """By sitting of one cohort: many persons who hand in in the same moment. The end of the time is nobody's doing."""
    ordered = sorted((sat for sat in sats if sat.handed_in), key=lambda sat: sat.closed_ms)
    found: dict[str, Detail] = {}
    start = 0
    for end, sat in enumerate(ordered):
        while sat.closed_ms - ordered[start].closed_ms > limits.together_ms:
            start += 1
        near = ordered[start : end + 1]
        persons = len({each.person for each in near})
        if persons >= limits.together_persons:
            for each in near:
                known = found.get(each.sitting, {}).get("persons", 0)
                found[each.sitting] = {"persons": max(known, persons)}
    return found


def wrong_counts(sats: Iterable[Sat]) -> dict[str, Counter[str]]:
    """How often each wrong answer was given, over all sittings that can be compared."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for sat in sats:
        for answer in sat.answers:
            if answer.wrong:
                found[answer.question][answer.wrong] += 1
    return found


def alike(sats: Sequence[Sat], counts: Counts, limits: ExamThresholds = USUAL) -> list[Alike]:
    """The pairs of one cohort's sittings, of two persons, whose wrong answers agree beyond chance.

    Error-similarity analysis (Bellezza and Bellezza, Teaching of Psychology 16, 1989, 151-155): only questions that
    both got wrong count, right answers prove nothing. Instead of one binomial with a common chance, each question
    has its own (Poisson-binomial, exact), from how the others' wrong answers spread. The limit is divided by the
    number of others that each is compared with (Bonferroni).
    """
    pairs = [(one, other) for one, other in combinations(sats, 2) if one.person != other.person]
    others = max(1, len(sats) - 1)
    found = []
    for one, other in pairs:
        chances, same = _shared(one, other, counts, limits)
        if same < limits.same_wrong:
            continue
        chance = at_least(chances, same)
        if chance * others * 1000 <= limits.chance_permille:
            told = {"same_wrong": same, "both_wrong": len(chances), "one_in": int(min(1e9, 1 / max(chance, 1e-9)))}
            found.append(Alike(one.sitting, other.sitting, told))
    return found


def _shared(one: Sat, other: Sat, counts: Counts, limits: ExamThresholds) -> tuple[list[float], int]:
    """For each question both got wrong, the chance to err alike; and how often they did."""
    mine = {answer.question: answer.wrong for answer in one.answers if answer.wrong}
    theirs = {answer.question: answer.wrong for answer in other.answers if answer.wrong}
    both = sorted(mine.keys() & theirs.keys())
    chances = [_chance(counts.get(each, Counter()), (mine[each], theirs[each]), limits) for each in both]
    return chances, sum(mine[each] == theirs[each] for each in both)


def _chance(counts: Counter[str], own: tuple[str, str], limits: ExamThresholds) -> float:
    """How likely two persons who both err here err alike: of the pairs of others, the part that does, kept cautious."""
    left = counts.copy()
    left.subtract(own)
    others = sum(count for count in left.values() if count > 0)
    pairs = others * (others - 1)
    agreeing = sum(count * (count - 1) for count in left.values() if count > 0)
    seen = agreeing / pairs if pairs else 0.0
    weight = others if pairs else 0
    return (weight * seen + limits.lure_weight * limits.lure_percent / 100) / (weight + limits.lure_weight)


def at_least(chances: Iterable[float], successes: int) -> float:
    """The chance of so many successes or more among independent tries, each with its own chance; exact."""
    exactly = [1.0]
    for chance in chances:
        missed = [each * (1 - chance) for each in exactly]
        hit = [each * chance for each in exactly]
        exactly = [a + b for a, b in zip([*missed, 0.0], [0.0, *hit], strict=True)]
    return min(1.0, sum(exactly[successes:]))


def by_sitting(found: Iterable[Alike]) -> Iterator[tuple[str, str, Detail]]:
    """Each pair from both sides: (sitting, the other, what was noticed)."""
    for pair in found:
        yield pair.one, pair.other, pair.detail
        yield pair.other, pair.one, pair.detail
