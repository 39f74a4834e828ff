"""What happened to a filing: one row an act, with everything that was filed at that moment."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain.filings import Act, State, digest
from lms.models.base import new_id
from lms.models.enrollments import Cohort
from lms.models.filings import Filing, FilingEvent
from lms.services import audit
from lms.services.filings import places
from lms.services.scopes import Actor


def record(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    cohort: Cohort,
    filing: Filing,
    act: Act,
    *,
    note: str = "",
    remarks: Mapping[str, str] | None = None,
    now: datetime,
) -> None:
    """Appends an act, and its audit row. The caller has written the state, and holds the cohort's lock."""
    facts = places.facts_of(session, keyring, cohort, filing)
    count = session.scalar(select(func.count()).where(FilingEvent.cohort_id == cohort.id)) or 0
    made = FilingEvent(
        id=new_id(),
        cohort_id=cohort.id,
        number=count + 1,
        act=act.value,
        state=State(cohort.filing).value,
        account_id=actor.account_id,
        at=now,
        note=note,
        remarks=dict(remarks or {}),
        facts=facts,
        digest=digest(facts),
    )
    session.add(made)
    session.flush()
    detail = {"state": made.state, "digest": made.digest, "people": len(facts["roster"])}
    who = {"account_id": actor.account_id, "organisation_id": cohort.organisation_id}
    audit.record(session, f"filing.{act.value}", cohort.id, now=now, detail=detail, **who)
