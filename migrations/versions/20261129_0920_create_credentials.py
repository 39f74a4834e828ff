"""Create credentials, their keys and their status lists."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261129_0920"
down_revision = "20261129_0910"
branch_labels = None
depends_on = None

JSON_VALUE = sa.JSON().with_variant(JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
APPENDED = ("credentials", "credential_withdrawals")


def upgrade() -> None:
    op.create_table(
        "credential_keys",
        sa.Column("kid", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("public_jwk", JSON_VALUE, nullable=False),
        sa.Column("private_sealed", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("retired_at", MOMENT, nullable=True),
        sa.Column("distrusted_at", MOMENT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credential_keys")),
        sa.UniqueConstraint("kid", name=op.f("uq_credential_keys_kid")),
    )
    lists = op.create_table(
        "credential_lists",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_credential_lists")),
    )
    op.bulk_insert(lists, [{"number": 1, "document": "", "fingerprint": ""}])
    _create_credentials()
    for table in APPENDED:
        _guard(table)


def _create_credentials() -> None:
    places = ["list_number", "list_index", "edition"]
    op.create_table(
        "credentials",
        sa.Column("code", sa.String(length=23), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("facts_hash", sa.String(length=64), nullable=False),
        sa.Column("list_number", sa.Integer(), nullable=False),
        sa.Column("list_index", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("compact", sa.Text(), nullable=False),
        sa.Column("key_ids", JSON_VALUE, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["list_number"], ["credential_lists.number"], name=op.f("fk_credentials_list_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials")),
        sa.UniqueConstraint("code", "edition", name=op.f("uq_credentials_code_edition")),
        sa.UniqueConstraint(*places, name=op.f("uq_credentials_list_number_list_index_edition")),
    )
    op.create_table(
        "credential_withdrawals",
        sa.Column("code", sa.String(length=23), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_credential_withdrawals")),
    )


def _guard(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER tr_{table}_appended BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        return
    for act in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER tr_{table}_no_{act} BEFORE {act.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'evidence is appended, never changed: {table}'); END"
        )


def downgrade() -> None:
    for table in ("credential_withdrawals", "credentials", "credential_lists", "credential_keys"):
        op.drop_table(table)
