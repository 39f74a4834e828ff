"""Who of a class is asked for today and who is not, and the rows that say so."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms import clock
from lms.db import IntegrityError
from lms.domain.claims import lines as rules
from lms.domain.claims.lines import Line
from lms.domain.claims.states import LineState
from lms.domain.eligibility.findings import Candidate, Outcome
from lms.domain.errors import Conflict, Refused
from lms.domain.levels import Level
from lms.domain.subsidies import Atom, ReasonCode, SubsidyKind
from lms.models.base import new_id
from lms.models.claims import Claim, ClaimLine, ClaimOmission, ClaimPlace
from lms.models.enrollments import Cohort, Enrollment
from lms.models.people import Person
from lms.services import eligibility, humans, scopes
from lms.services.scopes import Actor


@dataclass(frozen=True)
class Omission:
    """A candidate who is not asked for: `cause` of models.claims.ClaimOmission."""

    candidate: Candidate
    cause: str
    reasons: tuple[str, ...] = ()
    words: str = ""


def to_atom(line: ClaimLine) -> Atom:
    """What a line asks for."""
    level = None if line.level is None else Level(line.level)
    return Atom(line.person_id, SubsidyKind(line.kind), line.occupation, level)


def sort(
    session: Session, cohort: Cohort, kind: SubsidyKind, today: date, left_out: Mapping[uuid.UUID, str]
) -> tuple[list[Line], list[Omission]]:
    """Who is asked for and who is not, in the order of the roster."""
    candidates = eligibility.of_cohort(session, cohort.id, kind, today=today)
    keys = {each.enrollment_id: rules.atom_key(each.assessment.atom) for each in candidates}
    taken = set(session.scalars(select(ClaimPlace.atom_key).where(ClaimPlace.atom_key.in_(list(keys.values())))))
    asked = [f"{each}:{kind.value}" for each in keys]
    claimed = set(session.scalars(select(ClaimPlace.enrollment_key).where(ClaimPlace.enrollment_key.in_(asked))))
    found: list[Line] = []
    omitted: list[Omission] = []
    archived = _archived(session, cohort)
    for each in candidates:
        key = keys[each.enrollment_id]
        if each.enrollment_id in archived:
            omitted.append(Omission(each, "archived"))
            continue
        omission = _omission(each, left_out, is_taken=key in taken or f"{each.enrollment_id}:{kind.value}" in claimed)
        if omission:
            omitted.append(omission)
            continue
        taken.add(key)
        found.append(rules.freeze(each, cohort.opens_on, cohort.closes_on))
    return found, omitted


def _archived(session: Session, cohort: Cohort) -> set[uuid.UUID]:
    """The enrollments of those whose records are kept and no longer used (PIPL 47): nothing new is asked for them."""
    mine = select(Enrollment.id).where(Enrollment.cohort_id == cohort.id)
    return set(session.scalars(mine.where(Enrollment.person_id.in_(scopes.archive_only()))))


def _omission(candidate: Candidate, left_out: Mapping[uuid.UUID, str], *, is_taken: bool) -> Omission | None:
    assessment = candidate.assessment
    if assessment.may_be_funded is Outcome.UNMET:
        no = [each for each in assessment.funding if each.outcome is Outcome.UNMET and each.reason]
        return Omission(candidate, "unmet", tuple(sorted({each.reason.value for each in no if each.reason})))
    if not rules.may_ask(assessment):
        return Omission(candidate, "no_amount", (ReasonCode.OFF_CATALOGUE.value,))
    if is_taken:
        return Omission(candidate, "taken", (ReasonCode.DUPLICATE_IN_BATCH.value,))
    if candidate.enrollment_id in left_out:
        return Omission(candidate, "maker", (), left_out[candidate.enrollment_id])
    return None


def assemble(
    session: Session, actor: Actor, claim: Claim, cohort: Cohort, left_out: Mapping[uuid.UUID, str], now: datetime
) -> dict[str, object]:
    """Writes the lines of the present round and who is left out; what the step says of them. Refused: claim_empty.

    The humans of the class are locked first, in one order: claims that ask for the same person queue here.
    """
    _lock(session, cohort)
    kind = SubsidyKind(claim.kind)
    found, omitted = sort(session, cohort, kind, clock.civil_day(now), left_out)
    if not found:
        raise Refused("claim_empty")
    rows = [_line(claim, line, number, now) for number, line in enumerate(found, start=1)]
    session.add_all(rows)
    session.flush()
    session.add_all(_place(claim, row, line, now) for row, line in zip(rows, found, strict=True))
    try:
        session.flush()
    except IntegrityError:  # somebody was found to be another while we assembled
        raise Conflict("claim_atom_taken") from None
    for each in omitted:
        key = rules.atom_key(each.candidate.assessment.atom)
        told = (each.candidate.enrollment_id, each.cause, key, each.reasons, each.words)
        session.add(omitted_row(claim, actor, *told, now))
    session.flush()
    digests = {str(row.id): row.digest for row in rows}
    total = rules.total_fen(each.amount_fen for each in found)
    return {"round": claim.round, "lines": digests, "left_out": len(omitted), "amount_fen": total}


def _lock(session: Session, cohort: Cohort) -> None:
    enrolled = session.scalars(select(Enrollment.person_id).where(Enrollment.cohort_id == cohort.id))
    living = sorted(set(humans.living_all(session, set(enrolled)).values()))
    session.execute(
        select(Person.id).where(Person.id.in_(living)).order_by(Person.id).with_for_update(key_share=True)
    ).all()


def _line(claim: Claim, line: Line, number: int, now: datetime) -> ClaimLine:
    candidate, atom = line.candidate, line.atom
    return ClaimLine(
        id=new_id(),
        claim_id=claim.id,
        round=claim.round,
        number=number,
        enrollment_id=candidate.enrollment_id,
        person_id=candidate.person_id,
        kind=atom.kind.value,
        occupation=atom.occupation,
        level=None if atom.level is None else int(atom.level),
        class_hour_hundredths=candidate.class_hour_hundredths,
        first_on=line.first_on,
        last_on=line.last_on,
        certificate_number=candidate.certificate_number,
        certificate_on=candidate.certificate_on,
        standard_fen=line.standard_fen,
        amount_fen=line.amount_fen,
        body=line.body,
        digest=line.digest,
        made_at=now,
    )


def _place(claim: Claim, row: ClaimLine, line: Line, now: datetime) -> ClaimPlace:
    return ClaimPlace(
        line_id=row.id,
        claim_id=claim.id,
        state=LineState.ASKED.value,
        atom_key=rules.atom_key(line.atom),
        enrollment_key=f"{row.enrollment_id}:{row.kind}",
        since=now,
    )


def omitted_row(
    claim: Claim,
    actor: Actor,
    enrollment_id: uuid.UUID,
    cause: str,
    key: str,
    reasons: Sequence[str],
    words: str,
    now: datetime,
) -> ClaimOmission:
    return ClaimOmission(
        id=new_id(),
        claim_id=claim.id,
        round=claim.round,
        enrollment_id=enrollment_id,
        cause=cause,
        atom_key=key,
        reasons=list(reasons),
        words=words,
        said_by=actor.account_id,
        said_at=now,
    )
