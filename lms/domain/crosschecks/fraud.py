"""All patterns at once, over the classes of a place."""

from collections.abc import Iterator, Sequence

from lms.domain.crosschecks import fraud_devices, fraud_places, fraud_presence, fraud_sittings
from lms.domain.crosschecks.facts import ClassFacts
from lms.domain.crosschecks.patterns import USUAL, Found, Limits


def judge(classes: Sequence[ClassFacts], limits: Limits = USUAL) -> list[Found]:
    """What is strange in these classes and between them, in a fixed order."""
    found = [each for facts in classes for each in _of_class(facts, limits)]
    counts = fraud_sittings.mistakes(classes)
    found += [each for facts in classes for each in fraud_sittings.answers_alike(facts, counts, limits)]
    rooms = (room for facts in classes for room in facts.rooms)
    found += fraud_places.trainer_two_rooms(rooms, limits)
    found += fraud_places.attendance_dense(classes, limits)
    found += fraud_devices.account_shared(classes, limits)
    return sorted(found, key=lambda each: (each.cohort, each.pattern, each.subject))


def _of_class(facts: ClassFacts, limits: Limits) -> Iterator[Found]:
    of_class = (
        fraud_presence.ghost_cohort(facts, limits),
        fraud_presence.identical_traces(facts, limits),
        fraud_sittings.burst_sittings(facts, limits),
    )
    yield from (each for each in of_class if each)
    yield from fraud_devices.device_farm(facts, limits)
