"""Guard evidence: wall time of a person is used once, and evidence is only ever appended."""

from alembic import op

revision = "20261123_1000"
down_revision = "20261123_0950"
branch_labels = None
depends_on = None

APPENDED = ("study_heartbeats", "study_segments", "quiz_attempts", "certificates", "audit_events")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _upgrade_postgresql()
    else:
        _upgrade_sqlite()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _downgrade_postgresql()
    else:
        for table in APPENDED:
            op.execute(f"DROP TRIGGER tr_{table}_no_update")
            op.execute(f"DROP TRIGGER tr_{table}_no_delete")
        op.execute("DROP TRIGGER tr_study_segments_wall_once")


def _upgrade_postgresql() -> None:
    # A range of one uuid: GiST compares ranges without the btree_gist extension, which slim builds lack.
    op.execute("CREATE TYPE uuidrange AS RANGE (subtype = uuid)")
    op.execute(
        "ALTER TABLE study_segments ADD CONSTRAINT ex_study_segments_wall_once EXCLUDE USING gist ("
        " uuidrange(person_id, person_id, '[]') WITH =,"
        " int8range(wall_from_ms, wall_to_ms, '(]') WITH &&)"
    )
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'evidence is appended, never changed: %', TG_TABLE_NAME; END $$"
    )
    for table in APPENDED:
        op.execute(
            f"CREATE TRIGGER tr_{table}_appended BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


def _downgrade_postgresql() -> None:
    for table in APPENDED:
        op.execute(f"DROP TRIGGER tr_{table}_appended ON {table}")
    op.execute("DROP FUNCTION refuse_change()")
    op.execute("ALTER TABLE study_segments DROP CONSTRAINT ex_study_segments_wall_once")
    op.execute("DROP TYPE uuidrange")


def _upgrade_sqlite() -> None:
    op.execute(
        "CREATE TRIGGER tr_study_segments_wall_once BEFORE INSERT ON study_segments "
        "WHEN EXISTS (SELECT 1 FROM study_segments WHERE person_id = NEW.person_id"
        " AND wall_from_ms < NEW.wall_to_ms AND wall_to_ms > NEW.wall_from_ms) "
        "BEGIN SELECT RAISE(ABORT, 'wall time of this person is used already'); END"
    )
    for table in APPENDED:
        for act in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER tr_{table}_no_{act} BEFORE {act.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'evidence is appended, never changed: {table}'); END"
            )
