"""Courses and their frozen versions."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.models.base import Base, Identified


class Course(Identified, Base):
    """A course over all its versions. Those that ship with the platform belong to no organisation."""

    __tablename__ = "courses"

    slug: Mapped[str] = mapped_column(String(80), unique=True)
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    created_at: Mapped[datetime]


class CourseVersion(Identified, Base):
    """What was published: canonical text and its SHA-256, never changed again."""

    __tablename__ = "course_versions"
    __table_args__ = (UniqueConstraint("course_id", "content_hash"), UniqueConstraint("course_id", "number"))

    course_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("courses.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200))
    content_hash: Mapped[str] = mapped_column(String(64))
    frozen: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)  # large, and read once a process
    published_at: Mapped[datetime]

    course: Mapped[Course] = relationship()
    lessons: Mapped[list["Lesson"]] = relationship(back_populates="course_version", order_by="Lesson.position")


class Lesson(Identified, Base):
    """One lesson of one version: the immutable thing that study time is credited for.

    `duration_ms` is measured by the server: for reading from its text at publication, for video by
    probing the finished media, empty until then; 0 for quizzes. A class in person is one of kind `class` that
    belongs to no course version: its length is its slot.
    """

    __tablename__ = "lessons"
    __table_args__ = (
        UniqueConstraint("course_version_id", "slug"),
        UniqueConstraint("course_version_id", "position"),
    )

    course_version_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("course_versions.id"))
    module_slug: Mapped[str] = mapped_column(String(80))
    slug: Mapped[str] = mapped_column(String(80))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200))
    duration_ms: Mapped[int | None]
    media_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("media.id"), index=True)

    course_version: Mapped[CourseVersion | None] = relationship(back_populates="lessons")
