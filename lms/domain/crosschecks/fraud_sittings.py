"""Quizzes and exams taken in a row, and the same mistakes over a whole ring of learners."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from lms.domain import exam_flags
from lms.domain.crosschecks.facts import ClassFacts, Sitting, Try
from lms.domain.crosschecks.patterns import USUAL, Found, Limits, Pattern


def burst_sittings(facts: ClassFacts, limits: Limits = USUAL) -> Found | None:
    """Learners who handed in quiz after quiz without time to read them, and exams taken one after the other."""
    runs = {person: most for person, tries in _by_person(facts).items() if (most := _run(tries, limits))}
    runs = runs if len(runs) >= limits.run_persons else {}
    chain = _chain(facts.sittings, limits)
    persons = sorted(set(runs) | {each.person for each in chain})
    if not persons:
        return None
    told = {"quizzes": max(runs.values(), default=0), "quick": len(runs), "exams": len(chain), "persons": len(persons)}
    evidence = tuple(("exam_sitting", each.id) for each in chain)
    return Found(Pattern.BURST_SITTINGS, facts.cohort, suspects=tuple(persons), detail=told, evidence=evidence)


def _by_person(facts: ClassFacts) -> dict[str, list[Try]]:
    mine: dict[str, list[Try]] = defaultdict(list)
    for each in sorted(facts.tries, key=lambda each: each.at_ms):
        mine[each.person].append(each)
    return mine


def _run(tries: list[Try], limits: Limits) -> int:
    """The most different quizzes handed in within `run_ms` of each other; 0 where they are too few to be strange."""
    most, start = 0, 0
    for end, last in enumerate(tries):
        while last.at_ms - tries[start].at_ms > limits.run_ms:
            start += 1
        most = max(most, len({each.lesson for each in tries[start : end + 1]}))
    return most if most >= limits.run_quizzes else 0


def _chain(sittings: tuple[Sitting, ...], limits: Limits) -> list[Sitting]:
    """The longest row of exams of different persons, each opened soon after the one before was closed, while no other
    of the class was open."""
    ordered = sorted(sittings, key=lambda each: (each.opened_ms, each.id))
    longest: list[Sitting] = []
    row: list[Sitting] = []
    for each in ordered:
        follows = bool(row) and 0 <= each.opened_ms - row[-1].closed_ms <= limits.chain_gap_ms
        row = [*row, each] if follows else [each]
        if len({one.person for one in row}) > len({one.person for one in longest}):
            longest = row
    return longest if len({each.person for each in longest}) >= limits.chain_sittings else []


@dataclass(frozen=True)
class Mistakes:
    """How often each question's wrong answers were given in first tries, and how often its quiz was tried."""

    given: Mapping[str, Counter[str]]
    asked: Mapping[str, int]

    def hardness(self, question: str) -> float:
        """The part of all who got a question wrong."""
        return sum(self.given[question].values()) / max(1, self.asked[_quiz_of(question)])

    def share(self, question: str, wrong: str) -> float:
        """How many of those who err give this answer; cautious where few are known."""
        told = self.given[question]
        return (told[wrong] + 2) / (sum(told.values()) + 3)


def mistakes(classes: Iterable[ClassFacts]) -> Mistakes:
    """What is known of wrong answers over all classes, so that a ring cannot hide among its own mistakes."""
    given: dict[str, Counter[str]] = defaultdict(Counter)
    asked: Counter[str] = Counter()
    for facts in classes:
        for tries in _by_person(facts).values():
            first = _first(tries)
            asked.update(first.keys())
            for question, wrong in _wrong(first).items():
                given[question][wrong] += 1
    return Mistakes(given, asked)


def _quiz_of(question: str) -> str:
    return question.rpartition(":")[0]


def _first(tries: list[Try]) -> dict[str, Try]:
    """A learner's first try at each quiz, by quiz."""
    first: dict[str, Try] = {}
    for each in tries:
        first.setdefault(each.lesson, each)
    return first


def _wrong(first: Mapping[str, Try]) -> dict[str, str]:
    return {f"{quiz}:{number}": wrong for quiz, each in first.items() for number, wrong in each.wrong.items()}


def answers_alike(facts: ClassFacts, known: Mistakes, limits: Limits = USUAL) -> Iterator[Found]:
    """Rings of learners whose mistakes in quizzes agree beyond chance, pair by pair.

    As `exam_flags.alike` does it, with one thing more: quizzes are of the course, so how hard each question is, and how
    much each learner knows, is known from many. The chance is that the other makes the very mistakes of the one, each
    with its own chance (after the K-index: Holland, ETS Research Report 96-7, 1996; Poisson-binomial, exact).
    """
    first = {person: _first(tries) for person, tries in sorted(_by_person(facts).items())}
    papers = {person: _Paper(_wrong(tried), known, tried) for person, tried in first.items()}
    tests = max(1, 2 * (len(papers) - 1))
    pairs = [
        (one, other)
        for one, other in combinations(papers, 2)
        if _chance(papers[one], papers[other], limits) * tests * 1_000_000 <= limits.alike_per_million
    ]
    for ring in _rings(pairs):
        if len(ring) >= limits.alike_persons:
            told = {"persons": len(ring), "pairs": sum(one in ring for one, _ in pairs)}
            yield Found(Pattern.ANSWERS_ALIKE, facts.cohort, ring[0], tuple(ring), detail=told)


class _Paper:
    """A learner's mistakes, and how much more often she errs than others do at the same quizzes."""

    def __init__(self, wrong: Mapping[str, str], known: Mistakes, tried: Mapping[str, Try]) -> None:
        self.wrong, self.known, self.tried = wrong, known, tried
        expected = sum(known.hardness(question) for question in known.given if _quiz_of(question) in tried)
        self.errs = min(3.0, max(0.3, len(wrong) / expected if expected else 1.0))

    def makes(self, question: str, wrong: str) -> float:
        """The chance that she makes this mistake."""
        return min(0.95, self.known.hardness(question) * self.errs) * self.known.share(question, wrong)


def _chance(one: _Paper, other: _Paper, limits: Limits) -> float:
    """How likely the mistakes of one are so often the other's by chance; 1 where too few are shared to say."""
    same = sum(other.wrong.get(question) == wrong for question, wrong in one.wrong.items())
    if same < limits.alike_mistakes:
        return 1.0
    return min(exam_flags.at_least(_chances(*pair), same) for pair in ((one, other), (other, one)))


def _chances(one: _Paper, other: _Paper) -> list[float]:
    return [other.makes(each, wrong) for each, wrong in one.wrong.items() if _quiz_of(each) in other.tried]


def _rings(pairs: list[tuple[str, str]]) -> list[list[str]]:
    """Who hangs together by pairs."""
    ring_of: dict[str, set[str]] = {}
    for one, other in pairs:
        joined = ring_of.get(one, {one}) | ring_of.get(other, {other})
        for each in joined:
            ring_of[each] = joined
    return [list(ring) for ring in sorted({tuple(sorted(ring)) for ring in ring_of.values()})]
