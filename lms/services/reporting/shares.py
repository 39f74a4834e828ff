"""How many learners of each class have a completion record: the chart over a report, counted by the database."""

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlalchemy.orm import Session

from lms.models.enrollments import Cohort, Enrollment
from lms.models.records import Record
from lms.services import scopes, selections
from lms.services.scopes import Actor
from lms.services.selections import Selection

MOST_BARS = 24


@dataclass(frozen=True)
class CohortShare:
    """A class: how many learners of the selection it has, and how many of them have a record."""

    cohort_id: uuid.UUID
    name: str
    learners: int
    recorded: int


def shares(session: Session, actor: Actor, selection: Selection, *, now: datetime) -> list[CohortShare]:
    """The selected classes that opened last, the latest first; at most 24 of them.

    As of a day: with those who were taken out since, by the names of the classes as they are now.
    """
    before = selections.reading(selection, now=now).before
    query = selections.learners(session, actor, selection, now=now).order_by(None)
    counted = (
        query.outerjoin(Record, scopes.recorded(before))
        .with_only_columns(Cohort.id, Cohort.name, func.count(Enrollment.id), func.count(Record.id))
        .group_by(Cohort.id, Cohort.name, Cohort.opens_on)
        .order_by(Cohort.opens_on.desc(), Cohort.id.desc())
        .limit(MOST_BARS)
    )
    gone = Counter(each.enrollment.cohort_id for each in selections.departed(session, actor, selection, now=now))
    rows = session.execute(counted)
    return [CohortShare(key, name, number + gone[key], recorded) for key, name, number, recorded in rows]
