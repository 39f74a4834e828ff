"""Quizzes and exams taken in a row, and the same mistakes over a whole ring of learners."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

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


def mistakes(classes: Iterable[ClassFacts]) -> exam_flags.Counts:
    """How often each wrong answer was given over all classes, by which a ring cannot hide among its own mistakes."""
    return exam_flags.wrong_counts(sat for facts in classes for sat in _sats(facts))


def _sats(facts: ClassFacts) -> list[exam_flags.Sat]:
    return [_sat(person, tries) for person, tries in sorted(_by_person(facts).items())]


def answers_alike(facts: ClassFacts, counts: exam_flags.Counts, limits: Limits = USUAL) -> Iterator[Found]:
    """Rings of learners whose mistakes in quizzes agree beyond chance, pair by pair (exam_flags.alike)."""
    pairs = [(pair.one, pair.other) for pair in exam_flags.alike(_sats(facts), counts)]
    for ring in _rings(pairs):
        if len(ring) >= limits.alike_persons:
            told = {"persons": len(ring), "pairs": sum(one in ring for one, _ in pairs)}
            yield Found(Pattern.ANSWERS_ALIKE, facts.cohort, ring[0], tuple(ring), detail=told)


def _sat(person: str, tries: list[Try]) -> exam_flags.Sat:
    """A learner's first try at each quiz, as one paper."""
    first: dict[str, Try] = {}
    for each in tries:
        first.setdefault(each.lesson, each)
    answers = tuple(
        exam_flags.Answered(f"{lesson}:{question}", 0, each.at_ms, wrong)
        for lesson, each in sorted(first.items())
        for question, wrong in sorted(each.wrong.items())
    )
    return exam_flags.Sat(person, person, 0, 0, True, answers)


def _rings(pairs: list[tuple[str, str]]) -> list[list[str]]:
    """Who hangs together by pairs."""
    ring_of: dict[str, set[str]] = {}
    for one, other in pairs:
        joined = ring_of.get(one, {one}) | ring_of.get(other, {other})
        for each in joined:
            ring_of[each] = joined
    return [list(ring) for ring in sorted({tuple(sorted(ring)) for ring in ring_of.values()})]
