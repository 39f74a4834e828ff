"""档案袋: a learner's own records over all institutions and employers, and what they add up to."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from lms.clock import civil_day
from lms.domain import transcripts
from lms.domain.transcripts import Entry, Transcript
from lms.services import public_records
from lms.services.public_records import PublicRecord
from lms.services.scopes import Actor


@dataclass(frozen=True)
class Wallet:
    """Her records, the newest first, and the transcript over them."""

    records: tuple[PublicRecord, ...]
    transcript: Transcript


def of_learner(session: Session, actor: Actor) -> Wallet:
    """Everything the learner holds, under every person she is found to be."""
    records = tuple(public_records.list_own(session, actor))
    return Wallet(records, transcripts.transcript(entry_of(each) for each in records))


def entry_of(record: PublicRecord) -> Entry:
    """A record as a line of a transcript; its day is a civil day in China."""
    return transcripts.entry(record.code, record.state, civil_day(record.issued_at), record.facts)
