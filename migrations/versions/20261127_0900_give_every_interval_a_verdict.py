"""Give every reported interval a row of its own, tied to the person's chain of evidence.

What was recorded before is carried over: each old heartbeat becomes an interval and an entry of evidence
in the format of version 1, in the order in which it was received.
"""

import hashlib
import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261127_0900"
down_revision = "20261123_1000"
branch_labels = None
depends_on = None

JSON_VALUE = sa.JSON().with_variant(JSONB(), "postgresql")
GUARDED = ("study_heartbeats", "study_segments")
MOVED = (
    ("enrollment_id", sa.Uuid()),
    ("lesson_id", sa.Uuid()),
    ("from_ms", sa.Integer()),
    ("to_ms", sa.Integer()),
    ("verdict", sa.String(length=40)),
    ("rule", sa.String(length=40)),
    ("credited_ms", sa.Integer()),
)
CHECKS = (
    sa.CheckConstraint("from_ms < to_ms AND wall_from_ms < wall_to_ms", name="ck_study_segments_not_empty"),
    sa.CheckConstraint("to_ms - from_ms <= wall_to_ms - wall_from_ms", name="ck_study_segments_content_within_wall"),
)


def upgrade() -> None:
    _take_guards_off()
    op.create_table(
        "evidence_entries",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("leaf", sa.String(length=64), nullable=False),
        sa.Column("recorded_ms", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "number", name=op.f("pk_evidence_entries")),
    )
    op.create_index("ix_evidence_entries_recorded_ms", "evidence_entries", ["recorded_ms"], unique=False)
    op.create_table(
        "study_intervals",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("enrollment_id", sa.Uuid(), nullable=False),
        sa.Column("lesson_id", sa.Uuid(), nullable=False),
        sa.Column("evidence_class", sa.String(length=12), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("from_ms", sa.Integer(), nullable=False),
        sa.Column("to_ms", sa.Integer(), nullable=False),
        sa.Column("studied_on", sa.Date(), nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("policy_code", sa.String(length=40), nullable=False),
        sa.Column("credited_ms", sa.Integer(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("recorded_ms", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["enrollment_id"], ["enrollments.id"], name=op.f("fk_study_intervals_enrollment_id")),
        sa.ForeignKeyConstraint(["lesson_id"], ["lessons.id"], name=op.f("fk_study_intervals_lesson_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_study_intervals_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_intervals")),
    )
    op.create_index(
        "ix_study_intervals_enrollment_id_lesson_id", "study_intervals", ["enrollment_id", "lesson_id"], unique=False
    )
    op.create_index(
        "ix_study_intervals_enrollment_id_studied_on", "study_intervals", ["enrollment_id", "studied_on"], unique=False
    )
    op.create_index("ix_study_intervals_source_id_number", "study_intervals", ["source_id", "number"], unique=False)
    with op.batch_alter_table("study_leases") as leases:
        leases.add_column(sa.Column("entries", sa.BigInteger(), nullable=False, server_default="0"))
        leases.add_column(sa.Column("last_leaf", sa.String(length=64), nullable=False, server_default=""))
        leases.add_column(sa.Column("check_in_ms", sa.Integer(), nullable=True))
        leases.add_column(sa.Column("open_check_id", sa.Uuid(), nullable=True))
        leases.add_column(sa.Column("closed_entry", sa.BigInteger(), nullable=False, server_default="0"))
    with op.batch_alter_table("lesson_progress") as progress:
        progress.add_column(sa.Column("by_class", JSON_VALUE, nullable=False, server_default="{}"))
        progress.add_column(sa.Column("confirmed_ms", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("study_segments", table_args=CHECKS) as segments:
        segments.add_column(sa.Column("interval_id", sa.Uuid(), nullable=True))
        segments.add_column(sa.Column("studied_on", sa.Date(), nullable=True))
        segments.add_column(sa.Column("entry", sa.BigInteger(), nullable=True))
        segments.add_column(sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True))
    _carry_over(op.get_bind())
    _drop_defaults()
    with op.batch_alter_table("study_segments", table_args=CHECKS) as segments:
        segments.drop_constraint("fk_study_segments_session_id", type_="foreignkey")
        segments.drop_column("session_id")
        segments.drop_column("seq")
        for name, kind in (
            ("interval_id", sa.Uuid()),
            ("studied_on", sa.Date()),
            ("entry", sa.BigInteger()),
            ("recorded_at", sa.DateTime(timezone=True)),
        ):
            segments.alter_column(name, existing_type=kind, nullable=False)
        segments.create_foreign_key("fk_study_segments_interval_id", "study_intervals", ["interval_id"], ["id"])
        segments.create_index("ix_study_segments_interval_id", ["interval_id"])
    with op.batch_alter_table("study_heartbeats") as heartbeats:
        heartbeats.drop_index("ix_study_heartbeats_enrollment_id_lesson_id")
        heartbeats.drop_constraint("fk_study_heartbeats_enrollment_id", type_="foreignkey")
        heartbeats.drop_constraint("fk_study_heartbeats_lesson_id", type_="foreignkey")
        for name, _kind in MOVED:
            heartbeats.drop_column(name)
    _put_guards_on()


def downgrade() -> None:
    _take_guards_off()
    with op.batch_alter_table("study_heartbeats") as heartbeats:
        for name, kind in MOVED:
            heartbeats.add_column(sa.Column(name, kind, nullable=True))
    with op.batch_alter_table("study_segments", table_args=CHECKS) as segments:
        segments.add_column(sa.Column("session_id", sa.Uuid(), nullable=True))
        segments.add_column(sa.Column("seq", sa.Integer(), nullable=True))
    _carry_back(op.get_bind())
    with op.batch_alter_table("study_heartbeats") as heartbeats:
        for name, kind in MOVED:
            heartbeats.alter_column(name, existing_type=kind, nullable=False)
        heartbeats.create_foreign_key("fk_study_heartbeats_enrollment_id", "enrollments", ["enrollment_id"], ["id"])
        heartbeats.create_foreign_key("fk_study_heartbeats_lesson_id", "lessons", ["lesson_id"], ["id"])
        heartbeats.create_index("ix_study_heartbeats_enrollment_id_lesson_id", ["enrollment_id", "lesson_id"])
    with op.batch_alter_table("study_segments", table_args=CHECKS) as segments:
        segments.drop_index("ix_study_segments_interval_id")
        segments.drop_constraint("fk_study_segments_interval_id", type_="foreignkey")
        for name in ("interval_id", "studied_on", "entry", "recorded_at"):
            segments.drop_column(name)
        segments.alter_column("session_id", existing_type=sa.Uuid(), nullable=False)
        segments.alter_column("seq", existing_type=sa.Integer(), nullable=False)
        segments.create_foreign_key("fk_study_segments_session_id", "study_sessions", ["session_id"], ["id"])
    with op.batch_alter_table("lesson_progress") as progress:
        progress.drop_column("confirmed_ms")
        progress.drop_column("by_class")
    with op.batch_alter_table("study_leases") as leases:
        for name in ("closed_entry", "open_check_id", "check_in_ms", "last_leaf", "entries"):
            leases.drop_column(name)
    op.drop_table("study_intervals")
    op.drop_table("evidence_entries")
    _put_guards_on()


def _drop_defaults() -> None:
    with op.batch_alter_table("study_leases") as leases:
        for name in ("entries", "last_leaf", "closed_entry"):
            leases.alter_column(name, server_default=None)
    with op.batch_alter_table("lesson_progress") as progress:
        for name in ("by_class", "confirmed_ms"):
            progress.alter_column(name, server_default=None)


def _take_guards_off() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in GUARDED:
            op.execute(f"DROP TRIGGER tr_{table}_appended ON {table}")
        return
    for table in GUARDED:
        op.execute(f"DROP TRIGGER tr_{table}_no_update")
        op.execute(f"DROP TRIGGER tr_{table}_no_delete")
    op.execute("DROP TRIGGER tr_study_segments_wall_once")


def _put_guards_on() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in GUARDED:
            op.execute(
                f"CREATE TRIGGER tr_{table}_appended BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
        return
    op.execute(
        "CREATE TRIGGER tr_study_segments_wall_once BEFORE INSERT ON study_segments "
        "WHEN EXISTS (SELECT 1 FROM study_segments WHERE person_id = NEW.person_id"
        " AND wall_from_ms < NEW.wall_to_ms AND wall_to_ms > NEW.wall_from_ms) "
        "BEGIN SELECT RAISE(ABORT, 'wall time of this person is used already'); END"
    )
    for table in GUARDED:
        for act in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER tr_{table}_no_{act} BEFORE {act.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'evidence is appended, never changed: {table}'); END"
            )


def _tables(bind: sa.Connection, *names: str) -> list[sa.Table]:
    found = sa.MetaData()
    for name in names:
        sa.Table(name, found, autoload_with=bind)
    for table in found.tables.values():
        for column in table.columns:  # SQLite tells of CHAR(32); the rows hold uuids
            if str(column.type) in ("CHAR(32)", "UUID"):
                column.type = sa.Uuid()
    return [found.tables[name] for name in names]


def _old_beats(bind: sa.Connection) -> Iterator[Any]:
    beats, sessions, segments, enrollments, cohorts = _tables(
        bind, "study_heartbeats", "study_sessions", "study_segments", "enrollments", "cohorts"
    )
    told = (
        sa.select(beats, sessions.c.person_id, cohorts.c.policy_code, segments.c.id.label("segment_id"))
        .add_columns(segments.c.from_ms.label("got_from"), segments.c.to_ms.label("got_to"))
        .add_columns(segments.c.wall_from_ms, segments.c.wall_to_ms)
        .join(sessions, sessions.c.id == beats.c.session_id)
        .join(enrollments, enrollments.c.id == beats.c.enrollment_id)
        .join(cohorts, cohorts.c.id == enrollments.c.cohort_id)
        .outerjoin(segments, sa.and_(segments.c.session_id == beats.c.session_id, segments.c.seq == beats.c.seq))
        .order_by(beats.c.received_ms, beats.c.session_id, beats.c.seq)
    )
    return iter(bind.execute(told).all())


def _carry_over(bind: sa.Connection) -> None:
    intervals, entries, leases, segments, progress = _tables(
        bind, "study_intervals", "evidence_entries", "study_leases", "study_segments", "lesson_progress"
    )
    chains: dict[uuid.UUID, tuple[int, str]] = {}
    for beat in _old_beats(bind):
        number, previous = chains.get(beat.person_id, (0, ""))
        at = beat.received_at.replace(tzinfo=UTC) if beat.received_at.tzinfo is None else beat.received_at
        interval_id, day = uuid.uuid4(), at.astimezone(ZoneInfo("Asia/Shanghai")).date()
        body = _body(beat, number + 1, previous, interval_id, day.isoformat(), at)
        leaf = hashlib.sha256(body.encode()).hexdigest()
        chains[beat.person_id] = (number + 1, leaf)
        recorded = {"entry": number + 1, "recorded_at": at}
        bind.execute(
            intervals.insert().values(
                id=interval_id,
                person_id=beat.person_id,
                evidence_class="online",
                source_id=beat.session_id,
                number=beat.seq,
                part=0,
                studied_on=day,
                policy_code=beat.policy_code,
                recorded_ms=beat.received_ms,
                **{name: getattr(beat, name) for name, _kind in MOVED},
                **recorded,
            )
        )
        bind.execute(
            entries.insert().values(
                person_id=beat.person_id,
                number=number + 1,
                kind="heartbeat",
                body=body,
                leaf=leaf,
                recorded_ms=beat.received_ms,
                recorded_at=at,
            )
        )
        if beat.segment_id:
            bind.execute(
                segments.update()
                .where(segments.c.id == beat.segment_id)
                .values(interval_id=interval_id, studied_on=day, **recorded)
            )
    for person_id, (number, leaf) in chains.items():
        bind.execute(leases.update().where(leases.c.person_id == person_id).values(entries=number, last_leaf=leaf))
    for row in bind.execute(sa.select(progress)).all():
        mine = (progress.c.enrollment_id == row.enrollment_id) & (progress.c.lesson_id == row.lesson_id)
        by_class = {"online": row.credited_ms} if row.credited_ms else {}
        bind.execute(progress.update().where(mine).values(by_class=by_class))


def _body(beat: Any, number: int, previous: str, interval_id: uuid.UUID, day: str, at: datetime) -> str:
    segments = []
    if beat.segment_id:
        segments.append(
            {
                "id": str(beat.segment_id),
                "from_ms": beat.got_from,
                "to_ms": beat.got_to,
                "wall_from_ms": beat.wall_from_ms,
                "wall_to_ms": beat.wall_to_ms,
            }
        )
    interval = {
        "id": str(interval_id),
        "number": beat.seq,
        "part": 0,
        "from_ms": beat.from_ms,
        "to_ms": beat.to_ms,
        "day": day,
        "verdict": beat.verdict,
        "credited_ms": beat.credited_ms,
        "segments": segments,
    }
    facts = {
        "v": 1,
        "kind": "heartbeat",
        "person": str(beat.person_id),
        "entry": number,
        "previous": previous,
        "clock_ms": beat.received_ms,
        "at": at.isoformat(),
        "source": str(beat.session_id),
        "enrollment": str(beat.enrollment_id),
        "lesson": str(beat.lesson_id),
        "class": "online",
        "report": beat.body_hash,
        "policy": beat.policy_code,
        "rule": beat.rule,
        "position_ms": beat.to_ms,
        "intervals": [interval],
    }
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _carry_back(bind: sa.Connection) -> None:
    intervals, beats, segments = _tables(bind, "study_intervals", "study_heartbeats", "study_segments")
    online = sa.select(intervals).where(intervals.c.evidence_class == "online").order_by(intervals.c.part)
    for row in bind.execute(online).all():
        mine = (beats.c.session_id == row.source_id) & (beats.c.seq == row.number)
        values = {name: getattr(row, name) for name, _kind in MOVED}
        bind.execute(beats.update().where(mine, beats.c.verdict.is_(None)).values(**values))
        bind.execute(
            segments.update().where(segments.c.interval_id == row.id).values(session_id=row.source_id, seq=row.number)
        )
