"""The independent script (docs/reconcile.sql), run as it is."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from lms import resources

COMMENT = "--"


@dataclass(frozen=True)
class Check:
    """One row of it: how many breaches, and both sums in fen."""

    name: str
    breaches: int
    left_fen: int
    right_fen: int


def script() -> str:
    """The script without its comments; FileNotFoundError where a build left the docs out."""
    told = (resources.find("docs") / "reconcile.sql").read_text("utf-8")
    return "\n".join(line.split(COMMENT)[0] for line in told.splitlines())


def check(session: Session) -> list[Check]:
    """What it says of a database."""
    return [Check(each[0], int(each[1]), int(each[2]), int(each[3])) for each in session.execute(text(script()))]
