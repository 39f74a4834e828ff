"""Create claims of subsidies: what is asked for, its frozen lines, its chained steps, and calls back."""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261130_1200"
down_revision = "20261130_1100"
branch_labels = None
depends_on = None

JSON_VALUE = sa.JSON().with_variant(JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
APPENDED = ("claim_lines", "claim_omissions", "claim_steps", "claim_samples", "claim_calls")


def upgrade() -> None:
    _create_claims()
    _create_claim_lines()
    _create_claim_omissions()
    _create_claim_samples()
    _create_claim_steps()
    _create_claim_calls()
    _create_claim_places()
    _guard(APPENDED)


def downgrade() -> None:
    op.drop_table("claim_places")
    op.drop_table("claim_calls")
    op.drop_table("claim_steps")
    op.drop_table("claim_samples")
    op.drop_table("claim_omissions")
    op.drop_table("claim_lines")
    op.drop_table("claims")


def _create_claims() -> None:
    op.create_table(
        "claims",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("fund", sa.String(length=16), nullable=False),
        sa.Column("policy_code", sa.String(length=40), nullable=False),
        sa.Column("policy_digest", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("filed_by", sa.Uuid(), nullable=True),
        sa.Column("filed_at", MOMENT, nullable=True),
        sa.Column("first_by", sa.Uuid(), nullable=True),
        sa.Column("first_at", MOMENT, nullable=True),
        sa.Column("second_by", sa.Uuid(), nullable=True),
        sa.Column("second_at", MOMENT, nullable=True),
        sa.Column("review_by", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohorts.id"], name=op.f("fk_claims_cohort_id")),
        sa.ForeignKeyConstraint(["filed_by"], ["accounts.id"], name=op.f("fk_claims_filed_by")),
        sa.ForeignKeyConstraint(["first_by"], ["accounts.id"], name=op.f("fk_claims_first_by")),
        sa.ForeignKeyConstraint(["made_by"], ["accounts.id"], name=op.f("fk_claims_made_by")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_claims_organisation_id")),
        sa.ForeignKeyConstraint(["second_by"], ["accounts.id"], name=op.f("fk_claims_second_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
    )
    op.create_index(op.f("ix_claims_cohort_id"), "claims", ["cohort_id"], unique=False)
    op.create_index(op.f("ix_claims_organisation_id_state"), "claims", ["organisation_id", "state"], unique=False)


def _create_claim_lines() -> None:
    op.create_table(
        "claim_lines",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("enrollment_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("occupation", sa.String(length=80), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("class_hour_hundredths", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("certificate_number", sa.String(length=80), nullable=True),
        sa.Column("certificate_on", sa.Date(), nullable=True),
        sa.Column("standard_fen", sa.BigInteger(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_claim_lines_claim_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_claim_lines_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_lines")),
        sa.UniqueConstraint("claim_id", "round", "number", name=op.f("uq_claim_lines_claim_id_round_number")),
    )
    op.create_index(op.f("ix_claim_lines_enrollment_id"), "claim_lines", ["enrollment_id"], unique=False)
    op.create_index(op.f("ix_claim_lines_person_id"), "claim_lines", ["person_id"], unique=False)


def _create_claim_omissions() -> None:
    op.create_table(
        "claim_omissions",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("enrollment_id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.String(length=12), nullable=False),
        sa.Column("atom_key", sa.String(length=64), nullable=False),
        sa.Column("reasons", JSON_VALUE, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("said_by", sa.Uuid(), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_claim_omissions_claim_id")),
        sa.ForeignKeyConstraint(["said_by"], ["accounts.id"], name=op.f("fk_claim_omissions_said_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_omissions")),
    )
    op.create_index(op.f("ix_claim_omissions_atom_key"), "claim_omissions", ["atom_key"], unique=False)
    op.create_index(op.f("ix_claim_omissions_claim_id_round"), "claim_omissions", ["claim_id", "round"], unique=False)
    op.create_index(op.f("ix_claim_omissions_enrollment_id"), "claim_omissions", ["enrollment_id"], unique=False)


def _create_claim_samples() -> None:
    op.create_table(
        "claim_samples",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("population_hash", sa.String(length=64), nullable=False),
        sa.Column("lines", JSON_VALUE, nullable=False),
        sa.Column("drawn_by", sa.Uuid(), nullable=False),
        sa.Column("drawn_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_claim_samples_claim_id")),
        sa.ForeignKeyConstraint(["drawn_by"], ["accounts.id"], name=op.f("fk_claim_samples_drawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_samples")),
    )
    op.create_index(op.f("ix_claim_samples_claim_id"), "claim_samples", ["claim_id"], unique=False)


def _create_claim_steps() -> None:
    op.create_table(
        "claim_steps",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("human", sa.Uuid(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("facts", JSON_VALUE, nullable=False),
        sa.Column("link", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_claim_steps_account_id")),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_claim_steps_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_steps")),
        sa.UniqueConstraint("claim_id", "number", name=op.f("uq_claim_steps_claim_id_number")),
    )


def _create_claim_calls() -> None:
    op.create_table(
        "claim_calls",
        sa.Column("sample_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("result", sa.String(length=12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("called_by", sa.Uuid(), nullable=False),
        sa.Column("called_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["called_by"], ["accounts.id"], name=op.f("fk_claim_calls_called_by")),
        sa.ForeignKeyConstraint(["line_id"], ["claim_lines.id"], name=op.f("fk_claim_calls_line_id")),
        sa.ForeignKeyConstraint(["sample_id"], ["claim_samples.id"], name=op.f("fk_claim_calls_sample_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_calls")),
    )
    op.create_index(op.f("ix_claim_calls_line_id"), "claim_calls", ["line_id"], unique=False)
    op.create_index(op.f("ix_claim_calls_sample_id"), "claim_calls", ["sample_id"], unique=False)


def _create_claim_places() -> None:
    op.create_table(
        "claim_places",
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("atom_key", sa.String(length=64), nullable=True),
        sa.Column("enrollment_key", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.String(length=8), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_claim_places_claim_id")),
        sa.ForeignKeyConstraint(["line_id"], ["claim_lines.id"], name=op.f("fk_claim_places_line_id")),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_claim_places")),
        sa.UniqueConstraint("atom_key", name=op.f("uq_claim_places_atom_key")),
        sa.UniqueConstraint("enrollment_key", name=op.f("uq_claim_places_enrollment_key")),
    )
    op.create_index(op.f("ix_claim_places_claim_id_state"), "claim_places", ["claim_id", "state"], unique=False)


def _guard(tables: Iterable[str]) -> None:
    for table in tables:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE TRIGGER tr_{table}_appended BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
            continue
        for act in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER tr_{table}_no_{act} BEFORE {act.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'evidence is appended, never changed: {table}'); END"
            )
