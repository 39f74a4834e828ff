"""Into which accounts learners are to be paid, by fingerprint: what the pattern of shared accounts looks at."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain.claims.payees import State
from lms.models.enrollments import Enrollment
from lms.models.payees import PayeeAccount
from lms.services import humans

Accounts = Mapping[uuid.UUID, Mapping[uuid.UUID, str]]
"""Class → living person → keyed index of her account."""


def accounts_of(session: Session, cohort_ids: Collection[uuid.UUID]) -> Accounts:
    """The accounts in force of the learners of these classes, under whichever record each was entered; of several the
    newest. The caller reached the classes through a scope."""
    enrolled = select(Enrollment.cohort_id, Enrollment.person_id).where(Enrollment.cohort_id.in_(cohort_ids))
    rows = session.execute(enrolled.distinct()).all()
    living = humans.circles(session, {row.person_id for row in rows})
    account = select(PayeeAccount.person_id, PayeeAccount.account_index).where(PayeeAccount.person_id.in_(living))
    kept = account.where(PayeeAccount.state == State.IN_FORCE.value, PayeeAccount.account_index != "")
    accounts = session.execute(kept.order_by(PayeeAccount.id)).all()
    paid = {living[person_id]: index for person_id, index in accounts if person_id}
    found: dict[uuid.UUID, dict[uuid.UUID, str]] = defaultdict(dict)
    for cohort_id, person_id in rows:
        if (human := living.get(person_id)) in paid:
            found[cohort_id][human] = paid[human]
    return found
