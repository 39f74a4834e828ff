"""Which version a class is paid by: pinned when its filing is approved, frozen from its opening day on.

A filed class names one programme, and a programme belongs to one jurisdiction (decision 0152). A class that is not
filed is outside subsidy and pins nothing.
"""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from lms import clock
from lms.db import in_parts
from lms.domain.filings import APPROVED
from lms.domain.programmes import PROGRAMMES, jurisdiction_of
from lms.domain.subsidies import SubsidyPolicy
from lms.domain.subsidy_policies.resolving import Published, chain_of, in_force, pinned, resolved
from lms.models.enrollments import Cohort
from lms.models.filings import Filing
from lms.models.subsidies import SubsidyPin, SubsidyVersion
from lms.services import audit
from lms.services.subsidies import versions

APPROVAL, PUBLICATION, LATE = "approval", "publication", "late"


@dataclass(frozen=True)
class Pinned:
    """The version that a class is paid by, as its filing names it."""

    version_id: uuid.UUID
    code: str
    title: str


def pinned_of(session: Session, cohort_id: uuid.UUID) -> Pinned | None:
    """The version that a class pins; None while it pins none. The caller reached the class through a scope."""
    pin = _pins(session, [cohort_id]).get(cohort_id)
    if pin is None:
        return None
    version = session.get_one(SubsidyVersion, pin.version_id)
    return Pinned(version.id, version.code, version.title)


def policies_of(session: Session, cohort_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, SubsidyPolicy]:
    """The subsidy policy that each of these cohorts pins, as it stood on its opening day, silent no more where its
    frames speak; none for a cohort that has none."""
    pins = _pins(session, list(cohort_ids))
    wanted = {digest for pin in pins.values() for digest in pin.chain}
    found = {each.digest: each for each in _by_digest(session, wanted)}
    return {cohort_id: _resolved([found[digest] for digest in pin.chain]) for cohort_id, pin in pins.items()}


def pin_approved(session: Session, cohort: Cohort, *, now: datetime) -> None:
    """Pins a class whose filing has just been approved; nothing where no policy is known for its day."""
    versions.lock(session)
    programme = session.scalar(select(Filing.programme).where(Filing.cohort_id == cohort.id)) or ""
    _pin(session, [(cohort, programme)], versions.all_versions(session), APPROVAL, now)


def pin_missing(session: Session, *, now: datetime) -> int:
    """Pins approved classes that have none: policies were loaded after them. Says how many it pinned."""
    none = Cohort.id.not_in(select(SubsidyPin.cohort_id))
    rows = session.execute(_approved().where(none)).all()
    return _pin(session, [(cohort, programme) for cohort, programme in rows], versions.all_versions(session), LATE, now)


def repin(session: Session, version: SubsidyVersion, *, now: datetime) -> int:
    """A new version holds for the classes of its place that open today or later, on a day on which it is in force."""
    places = [each.code for each in PROGRAMMES if each.jurisdiction == version.jurisdiction]
    coming = Cohort.opens_on >= clock.civil_day(now), Cohort.opens_on >= version.effective_from
    has_one = Cohort.id.in_(select(SubsidyPin.cohort_id))
    rows = session.execute(_approved().where(Filing.programme.in_(places), *coming, has_one)).all()
    open_rows = [(cohort, programme) for cohort, programme in rows]
    return _pin(session, open_rows, versions.all_versions(session), PUBLICATION, now)


def _approved() -> Select[Cohort, str]:
    approved = Cohort.filing.in_([each.value for each in APPROVED])
    return select(Cohort, Filing.programme).join(Filing, Filing.cohort_id == Cohort.id).where(approved)


def _pin(
    session: Session,
    rows: Iterable[tuple[Cohort, str]],
    known: Sequence[SubsidyVersion],
    cause: str,
    now: datetime,
) -> int:
    policies = {each.code: versions.policy_of(each.text, each.code) for each in known}
    published = [Published(policies[each.code], clock.civil_day(each.published_at)) for each in known]
    ids = {each.code: each.id for each in known}
    wanted = list(rows)
    standing = _pins(session, [cohort.id for cohort, _ in wanted])
    made = 0
    for cohort, programme in wanted:
        place, day = jurisdiction_of(programme), cohort.opens_on
        policy = in_force(policies.values(), place, day) if cause == LATE else pinned(published, place, day)
        if policy is None:
            continue
        chain = [each.digest for each in chain_of(policy, policies, day)]
        before = standing.get(cohort.id)
        if before is not None and before.chain == chain:
            continue
        number = before.number + 1 if before else 1
        row = SubsidyPin(
            cohort_id=cohort.id,
            number=number,
            version_id=ids[policy.code],
            chain=chain,
            cause=cause,
            pinned_at=now,
        )
        session.add(row)
        detail = {"policy": policy.code, "digest": policy.digest, "cause": cause}
        who = {"organisation_id": cohort.organisation_id}
        audit.record(session, "subsidy.pin", cohort.id, now=now, detail=detail, **who)
        made += 1
    session.flush()
    return made


def _pins(session: Session, cohort_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, SubsidyPin]:
    """The last pin of each class."""
    found: dict[uuid.UUID, SubsidyPin] = {}
    for part in in_parts(cohort_ids):
        query = select(SubsidyPin).where(SubsidyPin.cohort_id.in_(part)).order_by(SubsidyPin.number)
        found |= {pin.cohort_id: pin for pin in session.scalars(query)}
    return found


def count_by_version(session: Session) -> dict[uuid.UUID, int]:
    """How many classes are pinned to each version today."""
    last = select(SubsidyPin.cohort_id, func.max(SubsidyPin.number).label("number")).group_by(SubsidyPin.cohort_id)
    newest = last.subquery()
    query = select(SubsidyPin.version_id, func.count()).join(
        newest, (newest.c.cohort_id == SubsidyPin.cohort_id) & (newest.c.number == SubsidyPin.number)
    )
    return dict(session.execute(query.group_by(SubsidyPin.version_id)).all())


def _by_digest(session: Session, digests: Collection[str]) -> Sequence[SubsidyVersion]:
    return session.scalars(select(SubsidyVersion).where(SubsidyVersion.digest.in_(digests))).all()


def _resolved(chain: Sequence[SubsidyVersion]) -> SubsidyPolicy:
    return resolved([versions.policy_of(each.text, each.code) for each in chain])
