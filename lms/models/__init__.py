"""SQLAlchemy tables, one file a feature; no queries, no rules."""

from lms.models import (  # noqa: F401  # importing them all completes the registry
    accounts,
    audit,
    certificates,
    courses,
    enrollments,
    jobs,
    media,
    organisations,
    people,
    quizzes,
    study,
)
from lms.models.base import Base

metadata = Base.metadata
