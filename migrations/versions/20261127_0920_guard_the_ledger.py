"""Guard the ledger: intervals, evidence, checks, corrections and cases are only ever appended."""

from alembic import op

revision = "20261127_0920"
down_revision = "20261127_0910"
branch_labels = None
depends_on = None

APPENDED = (
    "study_intervals",
    "study_parts",
    "study_batches",
    "presence_checks",
    "presence_outcomes",
    "evidence_entries",
    "log_leaves",
    "log_checkpoints",
    "corrections",
    "correction_decisions",
    "study_voids",
    "flags",
    "case_steps",
)


def upgrade() -> None:
    for table in APPENDED:
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


def downgrade() -> None:
    for table in APPENDED:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP TRIGGER tr_{table}_appended ON {table}")
            continue
        op.execute(f"DROP TRIGGER tr_{table}_no_update")
        op.execute(f"DROP TRIGGER tr_{table}_no_delete")
