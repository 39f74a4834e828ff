"""SQLAlchemy tables, one file a feature; no queries, no rules."""

from lms.models import (  # noqa: F401  # importing them all completes the registry
    accounts,
    audit,
    bank,
    cases,
    certificates,
    corrections,
    courses,
    drafts,
    enrollments,
    evidence,
    jobs,
    media,
    offline,
    organisations,
    people,
    presence,
    quizzes,
    study,
    uploads,
)
from lms.models.base import Base

metadata = Base.metadata
