"""Books with whole numbers: what they are needed for is asked first, and stays on record."""

import uuid
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import Response

from lms import db
from lms.services import cohorts
from lms.web import access
from lms.web.forms import errors_of, refusals
from lms.web.institution.forms import FullPapersForm
from lms.web.institution.navigation import page
from lms.web.institution.reports import PURPOSE_REFUSALS


def ask_purpose(
    cohort_id: uuid.UUID, send: Callable[[str, str], Response], words: Mapping[str, str], day: date | None = None
) -> Any:
    """The form, or the file once a purpose is given: `send(file_format, purpose)`.

    `words`: name and title of the book, and the warning; `day` for a book by day. NotFound for a stranger's cohort.
    """
    form, cohort = FullPapersForm(), cohorts.get(db.current(), access.actor(), cohort_id)
    if form.validate_on_submit():
        with refusals(form, PURPOSE_REFUSALS) as outcome:
            sent = send(form.file_format.data, form.purpose.data or "")
        if not outcome.failed:
            return sent
    facts = {"form": form, "errors": errors_of(form), "cohort": cohort, "day": day, "words": words}
    return page("institution/book_full.html", "cohorts", **facts), 422 if form.errors else 200
