"""The score book of a cohort, as an inspector sees it: each look and each file leaves a row."""

import uuid

from flask import Response

from lms import clock, db
from lms.domain.roles import Role
from lms.services import looks
from lms.services import scorebook as books
from lms.services.scorebook import ScoreBook
from lms.web import access, exporting, limits, scorebook
from lms.web.authority.navigation import page

bp = access.blueprint("authority_scores", __name__, Role.INSPECTOR, url_prefix="/inspect/cohorts")


@bp.get("/<uuid:cohort_id>/scores")
@access.writes
def show(cohort_id: uuid.UUID) -> str:
    """The book, numbers masked."""
    return page("authority/scores.html", book=_read(cohort_id), words=scorebook)


@bp.get("/<uuid:cohort_id>/scores.<any(csv, xlsx):file_format>")
@limits.limiter.limit(limits.EXPORTS)
@access.writes
def export(cohort_id: uuid.UUID, file_format: str) -> Response:
    """The book as a file, numbers masked."""
    book, now = _read(cohort_id), clock.now()
    books.record_export(db.current(), access.actor(), book, file_format=file_format, now=now)
    names = scorebook.names(book, file_format, today=clock.civil_day(now))
    return exporting.send(scorebook.table(book), *names, file_format)


def _read(cohort_id: uuid.UUID) -> ScoreBook:
    session, actor, now = db.current(), access.actor(), clock.now()
    book = books.read(session, access.parts().keyring, actor, cohort_id, role=Role.INSPECTOR, now=now)
    looks.record(session, actor, "scores", cohort_id, organisation_id=book.cohort.organisation_id, now=now)
    return book
