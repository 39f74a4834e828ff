"""Which completion records count: at most one of an enrollment, now or at the end of a day."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, select, true

from lms.domain.records import ENDED
from lms.models.enrollments import Enrollment
from lms.models.records import Record, RecordStep


def standing(until: datetime | None = None) -> ColumnElement[bool]:
    """Records that are neither superseded nor taken back; before `until`, where a past day is asked for.

    An expired record stands: the training was completed.
    """
    ended = select(RecordStep.record_id).where(
        RecordStep.record_id == Record.id, RecordStep.state.in_([each.value for each in ENDED])
    )
    if until is not None:
        ended = ended.where(RecordStep.at < until)
    issued = true() if until is None else Record.issued_at < until
    return and_(issued, ~ended.correlate(Record).exists())


def recorded(until: datetime | None = None) -> ColumnElement[bool]:
    """What joins an enrollment to its standing record."""
    return and_(Record.enrollment_id == Enrollment.id, standing(until))
