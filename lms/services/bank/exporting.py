"""The bank as files: Excel, Word, Moodle XML and GIFT, the template, and the rows that could not come in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import partial
from pathlib import Path

from sqlalchemy.orm import Session

from lms.adapters.banks import document, excel, gift_out, moodle_out
from lms.adapters.objects import Store
from lms.domain.bank import Entry
from lms.domain.bank_rules import Fault
from lms.services import audit
from lms.services.bank.batches import BatchView
from lms.services.bank.listing import Filters, list_questions, read_picture
from lms.services.bank.places import Place
from lms.services.scopes import Actor

MOST_EXPORTED = 50_000  # far more than an organisation has


class Target(StrEnum):
    """What we write."""

    EXCEL = "xlsx"
    WORD = "docx"
    MOODLE = "xml"
    GIFT = "gift"


CONTENT_TYPES = {
    Target.EXCEL: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Target.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Target.MOODLE: "application/xml",
    Target.GIFT: "text/plain; charset=utf-8",
}


@dataclass(frozen=True)
class Exported:
    """A file to be written: `fill` does it, apart from any session."""

    fill: Callable[[Path], None]
    content_type: str
    questions: int


def export(
    session: Session, store: Store, actor: Actor, place: Place, filters: Filters, target: Target, *, now: datetime
) -> Exported:
    """The questions that the filters leave, the oldest first; who took them stands in the audit."""
    rows, _total = list_questions(session, actor, filters, size=MOST_EXPORTED)
    entries = [_worded(row.entry, place) for row in reversed(rows)]
    detail = {"format": target.value, "questions": len(entries), "course": place.course_slug}
    home = {"account_id": actor.account_id, "organisation_id": place.organisation_id}
    audit.record(session, "bank.export", place.course_slug, now=now, detail=detail, **home)
    return Exported(_filler(entries, store, target), CONTENT_TYPES[target], len(entries))


def template(place: Place) -> Exported:
    """An Excel file with an example of each kind."""
    objective = place.objectives[0].text if place.objectives else ""
    return Exported(partial(excel.write_template, objective), CONTENT_TYPES[Target.EXCEL], 0)


def failed_rows(view: BatchView, tell: Callable[[Fault], str]) -> Exported:
    """The rows of a file that could not come in, in the form of the template, each with what is wrong."""
    rows = [
        (raw, "\n".join(map(tell, row.faults)) if number == 0 else "")
        for row in view.failed
        for number, raw in enumerate(row.found.raws)
    ]
    return Exported(partial(excel.write_failed, rows), CONTENT_TYPES[Target.EXCEL], len(view.failed))


def _worded(entry: Entry, place: Place) -> Entry:
    return replace(entry, objective=place.objective_words(entry.objective))


def _filler(entries: Sequence[Entry], store: Store, target: Target) -> Callable[[Path], None]:
    pictures = partial(read_picture, store)
    match target:
        case Target.EXCEL:
            return partial(excel.write, entries)
        case Target.WORD:
            return partial(document.write, entries, pictures)
        case Target.MOODLE:
            return partial(moodle_out.write, entries, pictures)
        case _:
            return partial(gift_out.write, entries)
