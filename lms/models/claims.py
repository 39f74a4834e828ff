"""Claims of subsidies: what is asked for, its frozen lines, every step on it, and who was called back."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Identified


class Claim(Identified, Base):
    """One class, one kind of subsidy, one fund. `state`: domain/claims/states.ClaimState, as its last step says.

    `version` grows with every step, so that nobody decides on what she has not read; `round` with each assembling.
    `made_by` … `second_by`: the accounts whose hands the present round went through. `policy_digest`: of the policy
    its lines were judged by. `review_by`: the last day of the review, where the policy knows a term.
    """

    __tablename__ = "claims"
    __table_args__ = (
        Index("ix_claims_cohort_id", "cohort_id"),
        Index("ix_claims_organisation_id_state", "organisation_id", "state"),
    )

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisations.id"))
    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohorts.id"))
    kind: Mapped[str] = mapped_column(String(12))
    fund: Mapped[str] = mapped_column(String(16))
    policy_code: Mapped[str] = mapped_column(String(40))
    policy_digest: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(12))
    version: Mapped[int] = mapped_column(default=0)
    round: Mapped[int] = mapped_column(default=1)
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime]
    filed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))
    filed_at: Mapped[datetime | None]
    first_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))
    first_at: Mapped[datetime | None]
    second_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))
    second_at: Mapped[datetime | None]
    review_by: Mapped[date | None]


class ClaimLine(Identified, Base):
    """One person's line, frozen when it was assembled. Insert-only; where it stands is in `claim_places`.

    `person_id`: the living person of that day; `enrollment_id` is no key: she may be taken out of the class. `body`:
    canonical JSON of all facts and findings, `digest` its SHA-256. Sums are in fen.
    """

    __tablename__ = "claim_lines"
    __table_args__ = (UniqueConstraint("claim_id", "round", "number"),)

    claim_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("claims.id"))
    round: Mapped[int]
    number: Mapped[int]
    enrollment_id: Mapped[uuid.UUID] = mapped_column(index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    occupation: Mapped[str] = mapped_column(String(80))
    level: Mapped[int | None]
    class_hour_hundredths: Mapped[int]
    first_on: Mapped[date]
    last_on: Mapped[date]
    certificate_number: Mapped[str | None] = mapped_column(String(80))
    certificate_on: Mapped[date | None]
    standard_fen: Mapped[int] = mapped_column(BigInteger)
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    body: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]


class ClaimPlace(Base):
    """Where a line stands now: `state` of domain/claims/states.LineState, as the steps say.

    `atom_key` and `enrollment_key` are set while the line holds what it asks for and None afterwards: the database
    lets no two lines hold the same atom, nor the same enrollment for the same kind of subsidy.
    """

    __tablename__ = "claim_places"
    __table_args__ = (Index("ix_claim_places_claim_id_state", "claim_id", "state"),)

    line_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("claim_lines.id"), primary_key=True)
    claim_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("claims.id"))
    state: Mapped[str] = mapped_column(String(12))
    atom_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    enrollment_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    reason: Mapped[str] = mapped_column(String(8), default="")
    words: Mapped[str] = mapped_column(Text, default="")
    since: Mapped[datetime]


class ClaimOmission(Identified, Base):
    """A learner of the class who is not asked for in a round, and why. Insert-only.

    `cause`: unmet, no_amount, archived (her records are kept and not used), taken (somebody asked before) or maker, who
    says why in `words`; `reasons`: the codes;
    `atom_key`: what she could not be asked for, so that the authority finds who asks for it.
    """

    __tablename__ = "claim_omissions"
    __table_args__ = (Index("ix_claim_omissions_claim_id_round", "claim_id", "round"),)

    claim_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("claims.id"))
    round: Mapped[int]
    enrollment_id: Mapped[uuid.UUID] = mapped_column(index=True)
    cause: Mapped[str] = mapped_column(String(12))
    atom_key: Mapped[str] = mapped_column(String(64), index=True)
    reasons: Mapped[list[Any]]
    words: Mapped[str] = mapped_column(Text)
    said_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    said_at: Mapped[datetime]


class ClaimStep(Identified, Base):
    """One step on a claim, bound to the one before by `link` (domain/claims/chain.py). Insert-only.

    `human`: who acted, over all her accounts, as known that day. `facts`: lines, digests, sums; no name and no number.
    """

    __tablename__ = "claim_steps"
    __table_args__ = (UniqueConstraint("claim_id", "number"),)

    claim_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("claims.id"))
    number: Mapped[int]
    act: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12))
    account_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))
    human: Mapped[uuid.UUID | None]
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, Any]]
    link: Mapped[str] = mapped_column(String(64))


class ClaimSample(Identified, Base):
    """A draw of lines to be called back: anybody can make it again from seed and population. Insert-only."""

    __tablename__ = "claim_samples"
    __table_args__ = (Index("ix_claim_samples_claim_id", "claim_id"),)

    claim_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("claims.id"))
    round: Mapped[int]
    seed: Mapped[str] = mapped_column(String(64))
    wanted: Mapped[int]
    population: Mapped[int]
    population_hash: Mapped[str] = mapped_column(String(64))
    lines: Mapped[list[Any]]
    drawn_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    drawn_at: Mapped[datetime]


class ClaimCall(Identified, Base):
    """One call to somebody drawn, and what she said; the last one counts. Insert-only.

    `result`: confirmed, denied or unreached.
    """

    __tablename__ = "claim_calls"
    __table_args__ = (Index("ix_claim_calls_sample_id", "sample_id"),)

    sample_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("claim_samples.id"))
    line_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("claim_lines.id"), index=True)
    result: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(Text)
    called_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    called_at: Mapped[datetime]
