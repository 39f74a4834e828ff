"""SQLAlchemy tables, one file a feature; no queries, no rules."""

from lms.models import (  # noqa: F401  # importing them all completes the registry
    accounts,
    attendance,
    audit,
    bank,
    cases,
    certificates,
    corrections,
    courses,
    dossiers,
    drafts,
    enrollments,
    evidence,
    exams,
    exchange,
    exports,
    filings,
    jobs,
    media,
    offline,
    organisations,
    pasts,
    people,
    practice,
    presence,
    quizzes,
    rights,
    rosters,
    study,
    uploads,
)
from lms.models.base import Base

metadata = Base.metadata
