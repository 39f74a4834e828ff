"""Class dossiers (一期一档) asked for, and inspectors' samples with what they found."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified


class Dossier(Identified, Base):
    """One archive of one cohort as it stood at `as_of`, asked for at one desk (`role`).

    The archive lies in the object store under a random key until `removed_at`; its SHA-256 stays. `purpose` is why
    whole numbers were needed, "" for a masked one.
    """

    __tablename__ = "dossiers"
    __table_args__ = (Index("ix_dossiers_cohort_id_asked_at", "cohort_id", "asked_at"),)

    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohorts.id"))
    role: Mapped[str] = mapped_column(String(20))
    as_of: Mapped[datetime]
    masked: Mapped[bool]
    purpose: Mapped[str] = mapped_column(String(200))
    asked_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime]
    object_key: Mapped[str | None] = mapped_column(String(200))
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    sha256: Mapped[str | None] = mapped_column(String(64))
    made_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]


class Sample(Identified, Base):
    """A draw of learners or intervals by one inspector, made again from its seed. Insert-only.

    `population`: how many there were to draw from; `population_hash`: SHA-256 over their ids in order.
    """

    __tablename__ = "samples"
    __table_args__ = (Index("ix_samples_account_id", "account_id"),)

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisations.id"))
    cohort_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("cohorts.id"))
    kind: Mapped[str] = mapped_column(String(12))
    seed: Mapped[str] = mapped_column(String(64))
    wanted: Mapped[int]
    population: Mapped[int]
    population_hash: Mapped[str] = mapped_column(String(64))
    drawn_at: Mapped[datetime]


class SampleItem(Identified, Base):
    """One thing drawn, in the order of drawing: an enrollment, or an interval of one. Insert-only.

    `enrollment_id` is no foreign key: a learner who is taken out of her cohort later leaves the draw whole.
    """

    __tablename__ = "sample_items"
    __table_args__ = (UniqueConstraint("sample_id", "place"),)

    sample_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("samples.id"))
    place: Mapped[int]
    enrollment_id: Mapped[uuid.UUID]
    interval_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("study_intervals.id"))


class SampleFinding(Identified, Base):
    """What the inspector found: ok, question or problem, with words. Insert-only; the last one of an item counts."""

    __tablename__ = "sample_findings"
    __table_args__ = (Index("ix_sample_findings_item_id", "item_id"),)

    item_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sample_items.id"))
    finding: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(Text)
    found_at: Mapped[datetime]
