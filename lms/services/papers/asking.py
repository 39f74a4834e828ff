"""Certificates are asked for: one by its learner, all of a class by staff, as a job; each of it on record."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lms.adapters import certificate_pdf, press
from lms.adapters.objects import new_key
from lms.adapters.pdf_signature import PdfSigner
from lms.crypto import Keyring
from lms.domain.errors import NotFound, Refused
from lms.domain.papers import Template
from lms.models.accounts import Account
from lms.models.base import new_id
from lms.models.enrollments import Cohort, Enrollment
from lms.models.jobs import Job
from lms.models.papers import PaperBundle
from lms.models.records import Record
from lms.services import audit, cohorts, jobs, media, scopes
from lms.services.papers import drawing, making, numbering, templates
from lms.services.papers.making import Made, Wanted
from lms.services.scopes import Actor

MAKE = "make_papers"
KEPT = timedelta(days=7)
MOST_LISTED = 50
QUEUED, WORKING, READY, FAILED, REMOVED = "queued", "working", "ready", "failed", "removed"


@dataclass(frozen=True)
class BundleView:
    """One archive in the list of its class. `percent` counts while it is being made; `kept_until` once it is."""

    id: uuid.UUID
    state: str
    percent: int
    by: str
    asked_at: datetime
    made: int
    left: int
    size_bytes: int
    sha256: str
    kept_until: datetime | None

    @property
    def is_settled(self) -> bool:
        """Nothing will change any more by itself."""
        return self.state in (READY, FAILED, REMOVED)


@dataclass(frozen=True)
class Ready:
    """An archive on its way out."""

    key: str
    size: int
    cohort: str
    asked_at: datetime


@dataclass(frozen=True)
class OwnPaper:
    """One certificate as a file."""

    pdf: bytes
    title: str
    serial: str


def draw_own(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    code: str,
    *,
    address: Callable[[str], str],
    signer: PdfSigner | None,
    now: datetime,
) -> OwnPaper:
    """A learner's own certificate, numbered at the first time; on record.

    NotFound for another's record; Refused: paper_* with what is lacking (`domain.papers.Lack`).
    """
    record = session.scalar(scopes.own_records_of(actor).where(Record.code == code))
    if record is None:
        raise NotFound
    papers = numbering.number(session, making.valid(session, [record]), now=now)
    (page,) = making.pages_of(session, keyring, [record], address=address, signed=signer is not None)
    if page.sheet is None:
        raise Refused(f"paper_{page.lack}", signs=page.signs)
    serial = papers[record.id].serial
    who = {"account_id": actor.account_id, "organisation_id": _place(session, record)}
    audit.record(session, "paper.take", record.enrollment_id, now=now, detail={"serial": serial}, **who)
    return OwnPaper(press.print_one(page.sheet, signer), page.sheet.title, serial)


def _place(session: Session, record: Record) -> uuid.UUID:
    mine = select(Cohort.organisation_id).join(Enrollment, Enrollment.cohort_id == Cohort.id)
    return session.scalars(mine.where(Enrollment.id == record.enrollment_id)).one()


def draw_sample(
    session: Session,
    actor: Actor,
    organisation_id: uuid.UUID,
    template: Template,
    *,
    address: Callable[[str], str],
    today: date,
) -> bytes:
    """How certificates would look with this template: a page of nobody, unsigned. Refused as `templates.check`."""
    view = templates.get(session, actor, organisation_id)
    checked = templates.check(template)
    link = address(drawing.SAMPLE_CODE)
    return certificate_pdf.write_certificate(
        drawing.sample(checked, view.organisation, link, today=today, signed=False)
    )


def count(session: Session, actor: Actor, cohort_id: uuid.UUID) -> int:
    """How many valid records a class has, of which certificates are made; NotFound for a stranger's."""
    cohorts.get(session, actor, cohort_id)
    return len(making.valid(session, making.records_of(session, cohort_id)))


def ask(session: Session, actor: Actor, cohort_id: uuid.UUID, *, now: datetime) -> uuid.UUID:
    """Asks for the certificates of a class; who asks again while hers are being made gets the same archive.

    NotFound for a stranger's class; Refused: papers_nobody.
    """
    cohort = cohorts.get(session, actor, cohort_id)
    if not count(session, actor, cohort_id):
        raise Refused("papers_nobody")
    found = _waiting(session, actor, cohort_id)
    if found is not None:
        return found
    made = PaperBundle(id=new_id(), cohort_id=cohort_id, asked_by=actor.account_id, asked_at=now)
    made.object_key = new_key("papers", "zip")
    session.add(made)
    session.flush()
    _audit(session, "papers.ask", made, actor.account_id, cohort.organisation_id, now)
    jobs.enqueue(session, MAKE, _key(made.id), {"bundle_id": str(made.id)}, now=now)
    return made.id


def _waiting(session: Session, actor: Actor, cohort_id: uuid.UUID) -> uuid.UUID | None:
    mine = select(PaperBundle).where(PaperBundle.cohort_id == cohort_id, PaperBundle.asked_by == actor.account_id)
    for row in session.scalars(mine.where(PaperBundle.made_at.is_(None)).order_by(PaperBundle.id.desc())):
        job = jobs.find(session, _key(row.id))
        if job is not None and job.state in (jobs.QUEUED, jobs.RUNNING):
            return row.id
    return None


def _key(bundle_id: uuid.UUID) -> str:
    return f"papers:{bundle_id}"


def _audit(
    session: Session,
    action: str,
    row: PaperBundle,
    account_id: uuid.UUID | None,
    organisation_id: uuid.UUID,
    now: datetime,
    **more: object,
) -> None:
    detail = {"cohort": str(row.cohort_id), **more}
    who = {"account_id": account_id, "organisation_id": organisation_id}
    audit.record(session, action, row.id, now=now, detail=detail, **who)


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
    rows = query.join(Account, Account.id == PaperBundle.asked_by).add_columns(Account.name)
    found = session.execute(rows.order_by(PaperBundle.asked_at.desc(), PaperBundle.id.desc()).limit(MOST_LISTED)).all()
    asked = select(Job).where(Job.key.in_([_key(row[0].id) for row in found]))
    by_key = {job.key: job for job in session.scalars(asked)}
    return [_view(row[0], row[1], by_key.get(_key(row[0].id))) for row in found]


def _view(row: PaperBundle, by: str, job: Job | None) -> BundleView:
    state = _state(row, job)
    return BundleView(
        id=row.id,
        state=state,
        percent=job.progress if job and state == WORKING else 0,
        by=by,
        asked_at=row.asked_at,
        made=row.made or 0,
        left=row.left or 0,
        size_bytes=row.size_bytes or 0,
        sha256=row.sha256 or "",
        kept_until=row.made_at + KEPT if row.made_at else None,
    )


def _state(row: PaperBundle, job: Job | None) -> str:
    if row.removed_at is not None:
        return REMOVED
    if row.made_at is not None:
        return READY
    return {jobs.RUNNING: WORKING, jobs.QUEUED: QUEUED}.get(job.state, FAILED) if job else FAILED


def open_file(session: Session, actor: Actor, bundle_id: uuid.UUID, *, now: datetime) -> Ready:
    """Where a finished archive lies; that it is taken is on record. NotFound while there is none."""
    row = session.scalar(_visible(actor).where(PaperBundle.id == bundle_id))
    if row is None or row.made_at is None or row.removed_at is not None:
        raise NotFound
    cohort = session.get_one(Cohort, row.cohort_id)
    _audit(session, "papers.take", row, actor.account_id, cohort.organisation_id, now, sha256=row.sha256)
    return Ready(row.object_key, row.size_bytes or 0, cohort.name, row.asked_at)


def prepare(session: Session, bundle_id: uuid.UUID, *, now: datetime) -> None:
    """Every valid record of the class has its serial number afterwards."""
    row = session.get_one(PaperBundle, bundle_id)
    found = making.records_of(session, row.cohort_id)
    numbering.number(session, making.valid(session, found), now=now)


def wanted(
    session: Session, keyring: Keyring, bundle_id: uuid.UUID, *, address: Callable[[str], str], signed: bool
) -> Wanted:
    """What the worker is to make, once it is prepared."""
    row = session.get_one(PaperBundle, bundle_id)
    found = making.records_of(session, row.cohort_id)
    pages = making.pages_of(session, keyring, found, address=address, signed=signed)
    return Wanted(row.id, row.asked_at, row.object_key, pages)


def settle(session: Session, bundle_id: uuid.UUID, made: Made, *, now: datetime) -> None:
    """The archive lies in the store: its hash goes on record."""
    row = session.get_one(PaperBundle, bundle_id)
    row.made, row.left, row.size_bytes, row.sha256, row.made_at = (
        made.papers, made.left, made.size_bytes, made.sha256, now,
    )  # fmt: skip
    cohort = session.get_one(Cohort, row.cohort_id)
    told = {"papers": made.papers, "left": made.left, "sha256": made.sha256}
    _audit(session, "papers.make", row, None, cohort.organisation_id, now, **told)


def sweep(session: Session, *, now: datetime) -> int:
    """Forgets archives that have lain for a week; whoever needs one again asks again."""
    old = select(PaperBundle).where(PaperBundle.made_at <= now - KEPT, PaperBundle.removed_at.is_(None))
    found = session.scalars(old.limit(MOST_LISTED)).all()
    for row in found:
        row.removed_at = now
    if found:
        media.forget(session, keys=[row.object_key for row in found], now=now)
    return len(found)
