"""How many rows of a file came to what."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.models.rosters import RosterImport, RosterRow

BESIDE = ("warned", "differs", "phones", "rows")


def count(session: Session, found: RosterImport) -> dict[str, int]:
    """Rows by state; what was counted beside them while the rows were checked is kept."""
    rows = select(RosterRow.state, func.count()).where(RosterRow.import_id == found.id).group_by(RosterRow.state)
    beside = {name: number for name, number in found.counts.items() if name in BESIDE}
    return beside | dict(session.execute(rows).all())
