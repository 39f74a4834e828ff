"""Assembling a claim from what is proved: its lines come from eligibility, nobody types one."""

import uuid
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms import clock, db
from lms.domain.claims import lines as rules
from lms.domain.claims.lines import Line
from lms.domain.claims.states import Act, ClaimState, LineState, line_after
from lms.domain.eligibility.findings import Outcome
from lms.domain.errors import NotFound, Refused
from lms.domain.roles import Role
from lms.domain.subsidies import Fund, SubsidyKind, SubsidyPolicy
from lms.domain.words import check_words
from lms.models.base import new_id
from lms.models.claims import Claim, ClaimOmission
from lms.models.enrollments import Cohort
from lms.services import sanctioned, scopes, subsidies
from lms.services.claims import assembling, places
from lms.services.claims.assembling import Omission
from lms.services.scopes import Actor

REASON_LENGTH = 4


@dataclass(frozen=True)
class DryRun:
    """What a claim would hold if it were made today."""

    cohort_id: uuid.UUID
    cohort: str
    policy: SubsidyPolicy
    kind: SubsidyKind
    fund: Fund | None
    lines: tuple[Line, ...]
    omissions: tuple[Omission, ...]

    @property
    def amount_fen(self) -> int:
        """The sum."""
        return rules.total_fen(each.amount_fen for each in self.lines)

    @property
    def unsure(self) -> int:
        """How many lines a reviewer must look at."""
        return sum(each.candidate.assessment.may_be_funded is Outcome.UNSURE for each in self.lines)

    @property
    def causes(self) -> Counter[str]:
        """How many are not asked for, by cause."""
        return Counter(each.cause for each in self.omissions)


def dry_run(session: Session, actor: Actor, cohort_id: uuid.UUID, kind: SubsidyKind, *, now: datetime) -> DryRun:
    """What a claim of this class would hold. NotFound; Refused: claim_class_running, claim_no_policy, claim_closed."""
    today = clock.civil_day(now)
    cohort, policy = _open(session, actor, cohort_id, today)
    found, omitted = assembling.sort(session, cohort, kind, today, {})
    return DryRun(cohort.id, cohort.name, policy, kind, policy.terms.fund.value, tuple(found), tuple(omitted))


def make(
    session: Session,
    actor: Actor,
    cohort_id: uuid.UUID,
    kind: SubsidyKind,
    *,
    fund: Fund | None,
    left_out: Mapping[uuid.UUID, str] | None = None,
    now: datetime,
) -> uuid.UUID:
    """Makes a draft of all who may be asked for, but for whom the maker leaves out (by enrollment, why).

    `fund` counts only where the policy names none. NotFound. Refused: claim_class_running, claim_no_policy,
    claim_closed, claim_fund, claim_empty, claim_reason, words_personal. Conflict: claim_atom_taken.
    """
    cohort, policy = _open(session, actor, cohort_id, clock.civil_day(now))
    named = policy.terms.fund.value or fund
    if named is None:
        raise Refused("claim_fund")
    said = {key: _why(text) for key, text in (left_out or {}).items()}
    claim = Claim(
        id=new_id(),
        organisation_id=cohort.organisation_id,
        cohort_id=cohort.id,
        kind=kind.value,
        fund=named.value,
        policy_code=policy.code,
        policy_digest=policy.digest,
        state=ClaimState.DRAFT.value,
        version=0,
        round=1,
        made_by=actor.account_id,
        made_at=now,
    )
    with session.begin_nested():  # the page is shown again after a refusal, and its transaction commits
        session.add(claim)
        session.flush()
        made = assembling.assemble(session, actor, claim, cohort, said, now)
        places.record(session, actor, claim, Act.MAKE, facts=made, now=now)
    return claim.id


def refresh(
    session: Session,
    actor: Actor,
    claim_id: uuid.UUID,
    *,
    version: int,
    bring_back: Collection[uuid.UUID] = (),
    now: datetime,
) -> None:
    """Assembles the lines anew from today's facts, in a new round; who does so has made it (decision 0164).

    Whom a maker left out stays out, but for the enrollments of `bring_back`. Refusals of `places.hold` and `make`.
    """
    with session.begin_nested():
        claim = places.hold(session, actor, claim_id, Act.REFRESH, Role.INSTITUTION, version)
        cohort = session.get_one(Cohort, claim.cohort_id)
        policy = _policy(session, cohort, clock.civil_day(now))
        for _line, place in places.lines_of(session, claim):
            if place.state not in (LineState.LEFT_OUT, LineState.REPLACED):
                places.move(place, line_after(LineState(place.state), Act.REFRESH), ClaimState(claim.state), now)
        left_out = left_out_of(session, claim)
        if not left_out.keys() >= set(bring_back):
            raise NotFound
        left_out = {key: why for key, why in left_out.items() if key not in bring_back}
        claim.round += 1
        claim.policy_code, claim.policy_digest = policy.code, policy.digest
        claim.made_by, claim.made_at, claim.first_by, claim.first_at = actor.account_id, now, None, None
        session.flush()
        made = assembling.assemble(session, actor, claim, cohort, left_out, now)
        places.record(session, actor, claim, Act.REFRESH, facts=made, now=now)


def bring_back(
    session: Session, actor: Actor, claim_id: uuid.UUID, enrollment_id: uuid.UUID, *, version: int, now: datetime
) -> None:
    """Asks again for one whom a maker left out, while the claim is open: all lines are assembled anew (0194).

    NotFound for who was not left out by a maker. Refusals of `refresh`.
    """
    refresh(session, actor, claim_id, version=version, bring_back=(enrollment_id,), now=now)


def left_out_of(session: Session, claim: Claim) -> dict[uuid.UUID, str]:
    """By enrollment: why the maker does not ask for her in the present round."""
    mine = select(ClaimOmission.enrollment_id, ClaimOmission.words)
    mine = mine.where(ClaimOmission.claim_id == claim.id, ClaimOmission.round == claim.round)
    return dict(session.execute(mine.where(ClaimOmission.cause == "maker")).all())


def leave_out(
    session: Session, actor: Actor, claim_id: uuid.UUID, line_id: uuid.UUID, *, version: int, words: str, now: datetime
) -> None:
    """Takes one line out of a claim that is still open, saying why. Refused: claim_reason, words_personal."""
    why = _why(words)
    claim = places.hold(session, actor, claim_id, Act.LEAVE_OUT, Role.INSTITUTION, version)
    ((line, place),) = places.lines_of(session, claim, [line_id])
    key = rules.atom_key(assembling.to_atom(line))
    places.move(place, line_after(LineState(place.state), Act.LEAVE_OUT), ClaimState(claim.state), now)
    session.add(assembling.omitted_row(claim, actor, line.enrollment_id, "maker", key, (), why, now))
    session.flush()
    places.record(session, actor, claim, Act.LEAVE_OUT, note=why, facts={"lines": [str(line.id)]}, now=now)


def fresh_lines(session: Session, claim: Claim, *, today: date) -> list[Line]:
    """What the lines would be today, had this claim not been made. The caller holds the claim."""
    cohort = session.get_one(Cohort, claim.cohort_id)
    with db.aside(session):
        for _line, place in places.lines_of(session, claim):
            place.state, place.atom_key, place.enrollment_key = LineState.REPLACED.value, None, None
        session.flush()
        found, _rest = assembling.sort(session, cohort, SubsidyKind(claim.kind), today, left_out_of(session, claim))
    return found


def check_open(session: Session, organisation_id: uuid.UUID, today: date) -> None:
    """A sanction may stop what is new of an institution (decision 0172). Refused: claim_closed."""
    if sanctioned.closed(session, [organisation_id], today):
        raise Refused("claim_closed")


def _why(text: str) -> str:
    return check_words(text, shortest=REASON_LENGTH, code="claim_reason")


def _open(session: Session, actor: Actor, cohort_id: uuid.UUID, today: date) -> tuple[Cohort, SubsidyPolicy]:
    """A class of which a new claim may be made, and its policy. NotFound; Refused: as `make`."""
    found = session.scalar(scopes.cohorts_of(actor, Role.INSTITUTION).where(Cohort.id == cohort_id))
    if found is None:
        raise NotFound
    check_open(session, found.organisation_id, today)
    return found, _policy(session, found, today)


def _policy(session: Session, cohort: Cohort, today: date) -> SubsidyPolicy:
    if cohort.closes_on >= today:
        raise Refused("claim_class_running")
    policy = subsidies.policies_of(session, [cohort.id]).get(cohort.id)
    if policy is None:
        raise Refused("claim_no_policy")
    return policy
