"""What a line of a claim freezes: the atom it asks for, the facts it rests on as bytes, and sums to the fen."""

import json
import unicodedata
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date

from lms.domain.eligibility.findings import Assessment, Candidate, Finding, Outcome
from lms.domain.evidence import canonical, leaf_of
from lms.domain.subsidies import Atom

FORMAT = 1
OPEN_TO_ALL = frozenset({"nothing_open", "case_open"})
"""What any reader of a line may know of what is looked into."""


@dataclass(frozen=True)
class Line:
    """One line as it is frozen. `body` is canonical JSON of all it rests on, `digest` its SHA-256; sums in fen."""

    candidate: Candidate
    first_on: date
    last_on: date
    standard_fen: int
    amount_fen: int
    body: str
    digest: str

    @property
    def atom(self) -> Atom:
        """What may be paid once."""
        return self.candidate.assessment.atom


def atom_key(atom: Atom) -> str:
    """The atom as one text, the same however its occupation is typed (full-width signs, capitals, spaces)."""
    occupation = "".join(unicodedata.normalize("NFKC", atom.occupation).casefold().split())
    level = "" if atom.level is None else str(int(atom.level))
    return leaf_of(f"{atom.person_id}|{atom.kind.value}|{occupation}|{level}")


def may_ask(assessment: Assessment) -> bool:
    """Whether a line may be made: nothing says no, and the policy knows an amount. A doubt goes to the reviewers."""
    return assessment.may_be_funded is not Outcome.UNMET and bool(assessment.amount_fen)


def freeze(candidate: Candidate, first_on: date, last_on: date) -> Line:
    """The line of one candidate. ValueError for one that may not be asked for."""
    assessment = candidate.assessment
    if not may_ask(assessment) or assessment.amount_fen is None:
        raise ValueError("no line is made of what the policy does not fund")
    standard = _standard(assessment, assessment.amount_fen)
    body = canonical(_facts(candidate, first_on, last_on, standard))
    return Line(candidate, first_on, last_on, standard, assessment.amount_fen, body, leaf_of(body))


def _standard(assessment: Assessment, otherwise: int) -> int:
    """The standard that the amount was reckoned from, where a finding tells it (补贴标准, in fen)."""
    told = (each.values.get("standard_fen") for each in assessment.funding)
    return next((value for value in told if isinstance(value, int)), otherwise)


def _facts(candidate: Candidate, first_on: date, last_on: date, standard_fen: int) -> dict[str, object]:
    assessment, atom = candidate.assessment, candidate.assessment.atom
    return _sealed_certificate(candidate) | {
        "format": FORMAT,
        "enrollment": str(candidate.enrollment_id),
        "person": str(candidate.person_id),
        "kind": assessment.kind.value,
        "occupation": atom.occupation,
        "level": None if atom.level is None else int(atom.level),
        "class_hour_hundredths": candidate.class_hour_hundredths,
        "first_on": first_on.isoformat(),
        "last_on": last_on.isoformat(),
        "certificate": candidate.certificate_number,
        "certificate_on": candidate.certificate_on.isoformat() if candidate.certificate_on else None,
        "standard_fen": standard_fen,
        "amount_fen": assessment.amount_fen,
        "policy": assessment.policy_code,
        "policy_digest": assessment.policy_digest,
        "findings": [_finding(each) for each in assessment.funding],
    }


def _sealed_certificate(candidate: Candidate) -> dict[str, object]:
    """Which certificate from elsewhere it rests on, where its number is sealed; nothing where the number is told."""
    if candidate.certificate_id is None or candidate.certificate_number is not None:
        return {}
    return {"certificate_id": str(candidate.certificate_id), "certificate_kind": candidate.certificate_kind}


def sealed_certificate_of(body: str) -> uuid.UUID | None:
    """The certificate whose sealed number a frozen line rests on."""
    told = json.loads(body).get("certificate_id")
    return uuid.UUID(told) if told else None


def group_of(body: str) -> str | None:
    """The group that was shown and verified when the line was frozen; None where nothing shows one."""
    told = next((each for each in json.loads(body)["findings"] if each["code"] == "group_shown"), None)
    return str(told["values"]["group"]) if told else None


def is_for_authority(body: str) -> bool:
    """Whether a frozen line tells of lists and patterns, which may be of other institutions: the authority's alone."""
    told = (each for each in json.loads(body)["findings"] if each["criterion"] == "investigation")
    return any(each["code"] not in OPEN_TO_ALL for each in told)


def _finding(finding: Finding) -> dict[str, object]:
    """A finding as plain JSON: what is no number, text, list or mapping is written as text."""
    told: dict[str, object] = json.loads(json.dumps(_plain(asdict(finding)), ensure_ascii=False, default=str))
    return told


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(str(each) for each in value)
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, float) else value


def essence(line: Line) -> tuple[object, ...]:
    """What must still be true when a line is filed; days that merely pass change nothing."""
    candidate = line.candidate
    certificate = (candidate.certificate_number, candidate.certificate_on)
    told = (candidate.enrollment_id, candidate.class_hour_hundredths, certificate, line.first_on, line.last_on)
    return (atom_key(line.atom), *told, line.standard_fen, line.amount_fen, line.candidate.assessment.policy_digest)


def total_fen(amounts: Iterable[int]) -> int:
    """The sum of lines, in fen. ValueError for an amount that is not above zero."""
    found = list(amounts)
    if any(each <= 0 for each in found):
        raise ValueError("an amount of a claim is above zero")
    return sum(found)
