"""档案袋: a learner's own records over all institutions and employers, and what they add up to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from lms.clock import civil_day
from lms.domain import transcripts
from lms.domain.transcripts import Entry, Transcript
from lms.models.people import Person
from lms.services import audit, humans, records
from lms.services.records import PublicRecord
from lms.services.scopes import Actor


@dataclass(frozen=True)
class Wallet:
    """Her name as it is today, her records, the newest first, and the transcript over them."""

    name: str
    records: tuple[PublicRecord, ...]
    transcript: Transcript


def of_learner(session: Session, actor: Actor, *, now: datetime) -> Wallet:
    """Everything the learner holds, under every person she is found to be."""
    own = tuple(records.list_own(session, actor, now=now))
    person = session.get(Person, humans.living(session, actor.person_id)) if actor.person_id else None
    name = person.name if person else actor.name
    return Wallet(name, own, transcript_of(own, now=now))


def take_out(session: Session, actor: Actor, file_format: str, *, now: datetime) -> Wallet:
    """The same for a file that leaves the platform, which is on record."""
    found = of_learner(session, actor, now=now)
    detail = {"format": file_format, "records": len(found.records)}
    audit.record(session, "transcript.export", actor.person_id, now=now, account_id=actor.account_id, detail=detail)
    return found


def transcript_of(found: Iterable[PublicRecord], *, now: datetime) -> Transcript:
    """What these records add up to today; days are civil days in China."""
    return transcripts.transcript(_entry(each, civil_day(now)) for each in found)


def _entry(record: PublicRecord, today: date) -> Entry:
    told = (record.code, record.state, civil_day(record.issued_at), record.facts)
    return transcripts.entry(*told, today=today, valid_until=record.holding.valid_until)
