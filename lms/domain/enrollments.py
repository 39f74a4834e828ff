"""Who may be placed in a class, and whether she can sign in: decided from what is on record, and from each other.

A class is full of relatives: two who share one phone are both enrolled, but a phone signs in one person only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from lms.domain.identity import matching_name


@dataclass(frozen=True)
class Applicant:
    """Somebody who asks for a place, by the fingerprints of her document and of her phone."""

    pid: str
    name: str
    phone_index: str


@dataclass(frozen=True)
class Known:
    """A person on record: her name, the phone she signs in with (None: no account), whether she is in this class.

    `other_names` are those she has where she is on record as several persons; `human`: the same text for each of her
    documents, so that somebody with two of them is placed once.
    """

    name: str
    phone_index: str | None = None
    is_enrolled: bool = False
    other_names: frozenset[str] = frozenset()
    human: str = ""

    def is_named(self, name: str) -> bool:
        """Whether a name is hers, however it is spaced and dotted."""
        return matching_name(name) in map(matching_name, {self.name, *self.other_names})


@dataclass(frozen=True)
class Decision:
    """What becomes of an applicant: a refusal's code, or whether she joins the class and gets the phone's account.

    `lacks_phone` tells that she joins and has no account: the phone is another person's.
    """

    refusal: str | None = None
    joins: bool = False
    signs_in: bool = False
    lacks_phone: bool = False


def phone_obstacle(hers: str | None, phone_index: str, is_free: bool | None) -> str | None:
    """Why this phone cannot be hers; `is_free` says whether its account may become hers, None where it has none.

    Whoever entered her first must not own her studies by a number, so a known person keeps the phone she has.
    """
    if hers is not None:
        return None if hers == phone_index else "person_has_other_phone"
    return "phone_of_another_person" if is_free is False else None


@dataclass
class Register:
    """Places applicants one after the other; each decision counts for those that follow."""

    shares_phones: bool = False
    known: dict[str, Known] = field(default_factory=dict)
    lines: dict[str, bool] = field(default_factory=dict)
    humans: dict[str, str] = field(default_factory=dict)

    def learn(self, known: Mapping[str, Known], lines: Mapping[str, bool]) -> None:
        """Takes in what is on record of persons and phones; what was decided since stays."""
        for pid, person in known.items():
            human = self.humans.setdefault(pid, person.human or pid)
            self.known.setdefault(human, self.known.get(pid, person))
        for phone_index, is_free in lines.items():
            self.lines.setdefault(phone_index, is_free)

    def place(self, applicant: Applicant) -> Decision:
        """What becomes of her."""
        human = self.humans.get(applicant.pid, applicant.pid)
        known = self.known.get(human)
        decision = self._decide(applicant, known)
        if decision.refusal is None:
            before = known or Known(applicant.name)
            phone = applicant.phone_index if decision.signs_in else before.phone_index
            self.known[human] = replace(before, phone_index=phone, is_enrolled=True)
        if decision.signs_in:
            self.lines[applicant.phone_index] = False
        return decision

    def _decide(self, applicant: Applicant, known: Known | None) -> Decision:
        if known and not known.is_named(applicant.name):
            return Decision("person_name_differs")
        hers = known.phone_index if known else None
        obstacle = phone_obstacle(hers, applicant.phone_index, self.lines.get(applicant.phone_index))
        if known and known.is_enrolled and (hers or obstacle):
            return Decision("already_enrolled")
        if obstacle == "phone_of_another_person" and self.shares_phones:
            return Decision(joins=True, lacks_phone=True)
        if obstacle:
            return Decision(obstacle)
        return Decision(joins=not (known and known.is_enrolled), signs_in=hers is None)
