"""Asking an authority's service about a document: once, as a job, with source, moment and who asked on record.

A question that left this machine is never sent again by itself: it may be charged for. A service that stays silent is
left in peace for a while. Whatever it says, nobody is kept from learning.
"""

import logging
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.adapters.identity import Answer, IdentityService, NoAnswer, Question
from lms.crypto import Keyring
from lms.domain import verification
from lms.domain.documents import DocumentType
from lms.domain.errors import Conflict, Refused, Unavailable
from lms.domain.verification import Outcome, State
from lms.models.base import new_id
from lms.models.people import DocumentCheck, Person, PersonDocument, PersonName
from lms.services import audit, jobs, sealed
from lms.services.identity import places
from lms.services.scopes import Actor

CHECK = "identity_check"  # the kind of job

log = logging.getLogger(__name__)


def ask(
    session: Session, actor: Actor, enrollment_id: uuid.UUID, document_id: uuid.UUID, source: str, *, now: datetime
) -> uuid.UUID:
    """Asks for one document of a learner to be checked. Refused: identity_service_off; Conflict: identity_asked."""
    if not source:
        raise Refused("identity_service_off")
    place = places.find(session, actor, enrollment_id)
    found = places.document(session, place.person.id, document_id)
    waiting = select(DocumentCheck.id).where(DocumentCheck.document_id == found.id, DocumentCheck.outcome == "")
    session.get_one(PersonDocument, found.id, with_for_update=True)  # two clicks are one question
    if session.scalar(waiting.limit(1)) is not None:
        raise Conflict("identity_asked")
    made = DocumentCheck(
        id=new_id(),
        document_id=found.id,
        organisation_id=place.cohort.organisation_id,
        source=source,
        asked_by=actor.account_id,
        asked_at=now,
    )
    session.add(made)
    session.flush()
    jobs.enqueue(session, CHECK, f"{CHECK}:{made.id}", {"check_id": str(made.id)}, now=now)
    at: dict[str, Any] = {"now": now, "account_id": actor.account_id, "organisation_id": made.organisation_id}
    audit.record(session, "identity.ask", made.id, detail={"enrollment": str(enrollment_id)}, **at)
    return made.id


def begin(session: Session, keyring: Keyring, payload: Mapping[str, object], *, now: datetime) -> Question | Outcome:
    """What to ask, marked as sent before it is; or what became of it without asking (again).

    Its transaction is committed before the question leaves: whoever takes the job over knows that it may have left.
    """
    check = session.get_one(DocumentCheck, uuid.UUID(str(payload["check_id"])), with_for_update=True)
    if check.outcome:
        return Outcome(check.outcome)
    if check.sent_at is not None:
        return Outcome.UNCLEAR
    if verification.is_resting(_recent(session), now):
        return Outcome.LATER
    document = session.get_one(PersonDocument, check.document_id)
    if document.withdrawn_at is not None:  # typed wrong, or erased, while the question waited
        return Outcome.LATER
    check.sent_at = now
    number = sealed.open_document(keyring, document.id, document.number_sealed)
    name = session.get_one(Person, document.person_id).name
    return Question(str(check.id), DocumentType(document.document_type), name, number)


def put(service: IdentityService | None, asked: Question | Outcome) -> Answer:
    """Puts the question, outside of any transaction; what was not asked, or not answered, is an answer as well."""
    if isinstance(asked, Outcome) or service is None:
        return Answer(asked if isinstance(asked, Outcome) else Outcome.LATER)
    try:
        return service.check(asked)
    except Unavailable:
        return Answer(Outcome.LATER)
    except NoAnswer as silence:
        log.warning("the real-name service did not answer question %s: %s", asked.key, silence)
        return Answer(Outcome.UNCLEAR)


def _recent(session: Session) -> list[tuple[Outcome, datetime]]:
    sent = DocumentCheck.answered_at.is_not(None) & DocumentCheck.sent_at.is_not(None)
    last = select(DocumentCheck.outcome, DocumentCheck.answered_at).where(sent)
    rows = session.execute(last.order_by(DocumentCheck.answered_at.desc()).limit(verification.MOST_SILENT))
    return [(Outcome(outcome), at) for outcome, at in rows if at is not None]


def settle(session: Session, check_id: uuid.UUID, answer: Answer, *, now: datetime) -> None:
    """Keeps what the service said; the document's state follows where it said anything. Settled once.

    An answer about a name that was changed while it was on its way is kept and says nothing of the new one.
    """
    check = session.get_one(DocumentCheck, check_id, with_for_update=True)
    if check.outcome:
        return
    check.outcome, check.reference, check.answered_at = answer.outcome.value, answer.reference, now
    document = session.get_one(PersonDocument, check.document_id)
    if not _is_renamed(session, document.person_id, check.sent_at):
        document.state = verification.after(State(document.state), answer.outcome).value
    session.flush()


def _is_renamed(session: Session, person_id: uuid.UUID, since: datetime | None) -> bool:
    """Whether she has got another name after a moment; never, where nothing was asked."""
    if since is None:
        return False
    later = (PersonName.since >= since) & PersonName.change_id.is_not(None)
    return session.scalar(select(PersonName.id).where(PersonName.person_id == person_id, later).limit(1)) is not None
