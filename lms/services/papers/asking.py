"""Certificates are asked for: one by its learner, all of a class by staff, as a job; each of it on record."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lms.adapters import certificate_pdf, press
from lms.adapters.certificate_pdf import Sheet
from lms.adapters.objects import new_key
from lms.adapters.pdf_signature import PdfSigner
from lms.crypto import Keyring
from lms.domain.errors import NotFound, Refused
from lms.domain.papers import Template
from lms.models.base import new_id
from lms.models.enrollments import Cohort, Enrollment
from lms.models.papers import PaperBundle
from lms.models.records import Record
from lms.services import archives, audit, cohorts, scopes
from lms.services.archives import KEPT, PAPERS, ArchiveView, Ready
from lms.services.papers import drawing, making, numbering, templates
from lms.services.papers.making import Made, Wanted
from lms.services.scopes import Actor

__all__ = ["KEPT", "MAKE", "BundleView", "OwnPaper", "OwnSheet", "Ready"]

MAKE = PAPERS.job


@dataclass(frozen=True)
class BundleView(ArchiveView):
    """One archive in the list of its class, with what is in it: so many certificates, and `left` records without."""

    made: int
    left: int


@dataclass(frozen=True)
class OwnSheet:
    """A learner's own certificate, numbered and not drawn yet."""

    sheet: Sheet
    serial: str


@dataclass(frozen=True)
class OwnPaper:
    """One certificate as a file."""

    pdf: bytes
    title: str
    serial: str


def number_own(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    code: str,
    *,
    address: Callable[[str], str],
    signed: bool,
    now: datetime,
) -> OwnSheet:
    """A learner's own certificate, numbered at the first time; on record. `signed`: whether `draw_own` will sign it.

    NotFound for another's record; Refused: paper_* with what is lacking (`domain.papers.Lack`).
    """
    record = session.scalar(scopes.own_records_of(actor).where(Record.code == code))
    if record is None:
        raise NotFound
    papers = numbering.number(session, making.valid(session, [record], now=now), now=now)
    (page,) = making.pages_of(session, keyring, [record], address=address, signed=signed, now=now)
    if page.sheet is None:
        raise Refused(f"paper_{page.lack}", signs=page.signs)
    serial = papers[record.id].serial
    who = {"account_id": actor.account_id, "organisation_id": _place(session, record)}
    audit.record(session, "paper.take", record.enrollment_id, now=now, detail={"serial": serial}, **who)
    return OwnSheet(page.sheet, serial)


def draw_own(own: OwnSheet, signer: PdfSigner | None) -> OwnPaper:
    """Draws and signs it, without the database."""
    return OwnPaper(press.print_one(own.sheet, signer), own.sheet.title, own.serial)


def _place(session: Session, record: Record) -> uuid.UUID:
    mine = select(Cohort.organisation_id).join(Enrollment, Enrollment.cohort_id == Cohort.id)
    return session.scalars(mine.where(Enrollment.id == record.enrollment_id)).one()


def sample_sheet(
    session: Session,
    actor: Actor,
    organisation_id: uuid.UUID,
    template: Template,
    *,
    address: Callable[[str], str],
    today: date,
) -> Sheet:
    """How certificates would look with this template: a page of nobody, to be drawn. Refused as `templates.check`."""
    view = templates.get(session, actor, organisation_id)
    checked = templates.check(template)
    link = address(drawing.SAMPLE_CODE)
    return drawing.sample(checked, view.organisation, link, today=today, signed=False)


def draw_sample(sheet: Sheet) -> bytes:
    """Draws it, unsigned, without the database."""
    return certificate_pdf.write_certificate(sheet)


def count(session: Session, actor: Actor, cohort_id: uuid.UUID, *, now: datetime) -> int:
    """How many valid records a class has, of which certificates are made; NotFound for a stranger's."""
    cohorts.get(session, actor, cohort_id)
    return len(making.valid(session, making.records_of(session, cohort_id), now=now))


def ask(session: Session, actor: Actor, cohort_id: uuid.UUID, *, now: datetime) -> uuid.UUID:
    """Asks for the certificates of a class; who asks again while hers are being made gets the same archive.

    NotFound for a stranger's class; Refused: papers_nobody; TooMany as `archives.put`.
    """
    if not count(session, actor, cohort_id, now=now):
        raise Refused("papers_nobody")
    found = _waiting(session, actor, cohort_id)
    if found is not None:
        return found
    made = PaperBundle(id=new_id(), cohort_id=cohort_id, asked_by=actor.account_id, asked_at=now)
    made.object_key = new_key("papers", "zip")
    return archives.put(session, PAPERS, made, now=now)


def _waiting(session: Session, actor: Actor, cohort_id: uuid.UUID) -> uuid.UUID | None:
    mine = select(PaperBundle).where(PaperBundle.cohort_id == cohort_id, PaperBundle.asked_by == actor.account_id)
    mine = mine.where(PaperBundle.made_at.is_(None), PaperBundle.removed_at.is_(None))
    for row in session.scalars(mine.order_by(PaperBundle.id.desc())):
        job = archives.job_of(session, PAPERS, row)
        if job is not None and job.state in archives.RUNNING:
            return row.id
    return None


def _visible(actor: Actor) -> Select[PaperBundle]:
    mine = scopes.cohorts_of(actor).with_only_columns(Cohort.id)
    return select(PaperBundle).where(PaperBundle.cohort_id.in_(mine))


def list_of(session: Session, actor: Actor, cohort_id: uuid.UUID) -> list[BundleView]:
    """The archives of one class, the newest first; NotFound for a stranger's."""
    cohorts.get(session, actor, cohort_id)
    return _views(session, _visible(actor).where(PaperBundle.cohort_id == cohort_id))


def get(session: Session, actor: Actor, bundle_id: uuid.UUID) -> BundleView:
    """One archive; NotFound for a stranger's."""
    for view in _views(session, _visible(actor).where(PaperBundle.id == bundle_id)):
        return view
    raise NotFound


def _views(session: Session, query: Select[PaperBundle]) -> list[BundleView]:
    found = archives.views(session, PAPERS, query)
    return [BundleView(**vars(view), made=row.made or 0, left=row.left or 0) for row, view in found]


def open_file(session: Session, actor: Actor, bundle_id: uuid.UUID, *, now: datetime) -> Ready:
    """Where a finished archive lies; that it is taken is on record. NotFound while there is none."""
    row = session.scalar(_visible(actor).where(PaperBundle.id == bundle_id))
    return archives.take(session, PAPERS, row, actor.account_id, now=now)


def prepare(session: Session, bundle_id: uuid.UUID, *, now: datetime) -> None:
    """Every valid record of the class has its serial number afterwards."""
    row = session.get_one(PaperBundle, bundle_id)
    found = making.records_of(session, row.cohort_id)
    numbering.number(session, making.valid(session, found, now=now), now=now)


def wanted(
    session: Session,
    keyring: Keyring,
    bundle_id: uuid.UUID,
    *,
    address: Callable[[str], str],
    signed: bool,
    now: datetime,
) -> Wanted:
    """What the worker is to make, once it is prepared."""
    row = session.get_one(PaperBundle, bundle_id)
    found = making.records_of(session, row.cohort_id)
    pages = making.pages_of(session, keyring, found, address=address, signed=signed, now=now)
    return Wanted(row.id, row.asked_at, row.object_key, pages)


def settle(session: Session, bundle_id: uuid.UUID, made: Made, *, now: datetime) -> None:
    """The archive lies in the store, unless it was taken away meanwhile."""
    told = {"papers": made.papers, "left": made.left}
    row = archives.settle(session, PAPERS, bundle_id, made.size_bytes, made.sha256, now=now, **told)
    if row is not None:
        row.made, row.left = made.papers, made.left


def sweep(session: Session, *, now: datetime) -> int:
    """Forgets archives that have lain for a week; whoever needs one again asks again."""
    return archives.sweep(session, PAPERS, now=now)
