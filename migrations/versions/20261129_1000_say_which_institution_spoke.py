"""Say which institution spoke of a certificate from elsewhere."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_1000"
down_revision = "20261129_0950"
branch_labels = None
depends_on = None

TABLE = "qualification_words"
OF_ENTRY = """
UPDATE qualification_words SET organisation_id =
 (SELECT q.organisation_id FROM qualifications q WHERE q.id = qualification_words.qualification_id)
WHERE state IN ('seen', 'withdrawn')"""
OF_AUTHOR = """
UPDATE qualification_words SET organisation_id =
 (SELECT c.organisation_id FROM qualifications q
  JOIN enrollments e ON e.person_id = q.person_id
  JOIN cohorts c ON c.id = e.cohort_id
  JOIN memberships m ON m.organisation_id = c.organisation_id AND m.account_id = qualification_words.said_by
  WHERE q.id = qualification_words.qualification_id ORDER BY c.opens_on DESC, c.id LIMIT 1)
WHERE state = 'seen' AND organisation_id IS NULL"""


def upgrade() -> None:
    """Words of before belong to who entered the certificate, else to where their author works and she learns; where
    neither is known they stay nobody's, and no institution reads them."""
    _unguard()
    with op.batch_alter_table(TABLE) as words:
        words.add_column(sa.Column("organisation_id", sa.Uuid(), nullable=True))
        words.create_foreign_key(f"fk_{TABLE}_organisation_id", "organisations", ["organisation_id"], ["id"])
    op.execute(OF_ENTRY)
    op.execute(OF_AUTHOR)
    _guard()


def downgrade() -> None:
    _unguard()
    with op.batch_alter_table(TABLE) as words:
        words.drop_constraint(f"fk_{TABLE}_organisation_id", type_="foreignkey")
        words.drop_column("organisation_id")
    _guard()


def _guard() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER tr_{TABLE}_appended BEFORE UPDATE OR DELETE ON {TABLE} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        return
    for act in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER tr_{TABLE}_no_{act} BEFORE {act.upper()} ON {TABLE} "
            f"BEGIN SELECT RAISE(ABORT, 'evidence is appended, never changed: {TABLE}'); END"
        )


def _unguard() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP TRIGGER tr_{TABLE}_appended ON {TABLE}")
        return
    for act in ("update", "delete"):
        op.execute(f"DROP TRIGGER tr_{TABLE}_no_{act}")
