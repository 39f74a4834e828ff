"""Files made in the background and saved views: for one person, for a time, on record, once a period."""

import uuid
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from lms import clock
from lms.domain.errors import Conflict, NotFound, Refused
from lms.domain.reporting import SETTLED_AFTER
from lms.domain.roles import Role
from lms.models.accounts import Membership
from lms.models.audit import AuditEvent
from lms.models.exports import Export, SavedView
from lms.models.jobs import Job
from lms.parts import Parts
from lms.services import exports
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast

DAY = timedelta(days=1)
MONDAY = NOON + 7 * DAY
ORDER = exports.Order("hours", {"cohort": None}, "csv", 3_000, "学时统计表.csv", "hours.csv", "zh_Hans")


def ordered(parts: Parts, actor: Actor) -> uuid.UUID:
    with parts.database.transaction() as session:
        return exports.order(session, actor, ORDER, now=NOON)


def ready(parts: Parts, actor: Actor, tmp_path: Path) -> uuid.UUID:
    export_id, file = ordered(parts, actor), tmp_path / "file"
    file.write_bytes(b"a,b\r\n")
    parts.store.put_file("exports/one.csv", file, "text/csv")
    with parts.database.transaction() as session:
        exports.settle(session, export_id, key="exports/one.csv", size=5, digest="d" * 64, now=NOON)
    return export_id


def read(parts: Parts, actor: Actor, export_id: uuid.UUID, days: int = 0) -> bytes:
    with parts.database.transaction() as session:
        _view, body = exports.open_file(session, parts.store, actor, export_id, now=NOON + days * DAY)
        with body:
            return body.read()


def test_a_file_is_offered_for_a_day_to_who_ordered_it(parts: Parts, cast: Cast, tmp_path: Path) -> None:
    export_id = ready(parts, cast.zhoumin, tmp_path)
    assert read(parts, cast.zhoumin, export_id) == b"a,b\r\n"
    with parts.database.transaction(write=False) as session:
        assert exports.get_own(session, cast.zhoumin, export_id, now=NOON).state == "ready"
        assert session.scalars(select(AuditEvent.subject).where(AuditEvent.action == "report.fetch")).all() == [
            str(export_id)
        ]
    with pytest.raises(Refused, match="export_expired"):
        read(parts, cast.zhoumin, export_id, days=1)


def test_nobody_else_finds_it_nor_who_has_left(parts: Parts, cast: Cast, tmp_path: Path) -> None:
    export_id = ready(parts, cast.zhoumin, tmp_path)
    left = replace(cast.zhoumin, roles=frozenset({(Role.INSTITUTION, cast.anhe)}))
    for stranger in (cast.sunyue, cast.wanglei, left):
        with pytest.raises(NotFound):
            read(parts, stranger, export_id)
        with parts.database.transaction(write=False) as session, pytest.raises(NotFound):
            exports.get_own(session, stranger, export_id, now=NOON)


def test_it_is_not_there_before_it_is_made(parts: Parts, cast: Cast) -> None:
    export_id = ordered(parts, cast.zhoumin)
    with pytest.raises(NotFound):
        read(parts, cast.zhoumin, export_id)
    with parts.database.transaction(write=False) as session:
        (view,) = exports.list_own(session, cast.zhoumin, now=NOON)
    assert (view.state, view.progress, view.size) == ("waiting", 0, None)


def test_a_long_name_is_cut_and_keeps_its_ending(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        export_id = exports.order(session, cast.zhoumin, replace(ORDER, name="长" * 500 + ".csv"), now=NOON)
        assert exports.get_own(session, cast.zhoumin, export_id, now=NOON).name == "长" * 200 + ".csv"


def test_it_is_not_made_for_who_may_not_see_it_any_more(parts: Parts, cast: Cast) -> None:
    export_id = ordered(parts, cast.zhoumin)
    with parts.database.transaction() as session:
        session.delete(
            session.scalars(select(Membership).where(Membership.account_id == cast.zhoumin.account_id)).one()
        )
    with parts.database.transaction(write=False) as session, pytest.raises(Refused, match="export_not_allowed"):
        exports.to_make(session, export_id, now=NOON)


def test_what_is_over_leaves_the_store_and_in_the_end_the_table(parts: Parts, cast: Cast, tmp_path: Path) -> None:
    ready(parts, cast.zhoumin, tmp_path)
    with parts.database.transaction() as session:
        exports.sweep(session, now=NOON + DAY)
    with parts.database.transaction() as session:
        job = session.scalars(select(Job).where(Job.kind == "forget_objects")).one()
        (view,) = exports.list_own(session, cast.zhoumin, now=NOON + DAY)
        assert (job.payload["keys"], view.state) == (["exports/one.csv"], "gone")
        exports.sweep(session, now=NOON + 92 * DAY)
    with parts.database.transaction(write=False) as session:
        assert session.scalars(select(Export)).all() == []


def save(parts: Parts, actor: Actor, name: str = "每周学时", every: str = "weekly", kind: str = "hours") -> uuid.UUID:
    with parts.database.transaction() as session:
        return exports.save_view(
            session,
            actor,
            name=name,
            kind=kind,
            asked={"cohort": None},
            every=every,
            file_format="csv",
            language="zh_Hans",
            now=NOON,
        )


def due(parts: Parts, now: object = MONDAY) -> int:
    with parts.database.transaction() as session:
        return exports.order_due(session, now=now)  # type: ignore[arg-type]


def test_a_regular_view_is_ordered_once_a_period_and_tells_of_its_last_day(parts: Parts, cast: Cast) -> None:
    save(parts, cast.zhoumin)
    assert (due(parts, NOON), due(parts, NOON + 6 * DAY)) == (0, 0)  # NOON is a Monday: its week is not over
    assert (due(parts), due(parts), due(parts, MONDAY + 6 * DAY), due(parts, MONDAY + 7 * DAY)) == (1, 0, 0, 1)
    with parts.database.transaction(write=False) as session:
        first, second = session.scalars(select(Export).order_by(Export.created_at))
    assert (first.asked["as_of"], second.asked["as_of"]) == ("2026-11-29", "2026-12-06")
    assert (first.name, first.unmasked, first.expires_at) == ("每周学时_2026-11-29.csv", False, MONDAY + 14 * DAY)


def test_a_period_is_over_when_nothing_of_it_can_come_any_more(parts: Parts, cast: Cast) -> None:
    save(parts, cast.zhoumin, kind="progress")
    midnight = clock.begin_of_day(clock.civil_day(MONDAY))
    assert (due(parts, midnight), due(parts, midnight + SETTLED_AFTER)) == (0, 1)
    with parts.database.transaction(write=False) as session:
        assert session.scalars(select(Export)).one().asked["as_of"] == "2026-11-29"


def test_a_view_without_a_period_makes_no_file(parts: Parts, cast: Cast) -> None:
    save(parts, cast.zhoumin, every="")
    assert due(parts, MONDAY + 60 * DAY) == 0


def test_who_has_no_role_any_more_gets_no_file(parts: Parts, cast: Cast) -> None:
    save(parts, cast.zhoumin)
    with parts.database.transaction() as session:
        session.delete(
            session.scalars(select(Membership).where(Membership.account_id == cast.zhoumin.account_id)).one()
        )
    assert due(parts) == 0


def test_views_are_ones_own(parts: Parts, cast: Cast) -> None:
    view_id = save(parts, cast.zhoumin)
    with parts.database.transaction() as session:
        assert exports.list_views(session, cast.sunyue) == []
        for ask in (exports.get_view, lambda *them: exports.forget_view(*them, now=NOON)):
            with pytest.raises(NotFound):
                ask(session, cast.sunyue, view_id)
        exports.forget_view(session, cast.zhoumin, view_id, now=NOON)
    with parts.database.transaction(write=False) as session:
        assert session.scalars(select(SavedView)).all() == []


@pytest.mark.parametrize(
    ("name", "every", "code"),
    [
        (" ", "", "view_name_length"),
        ("长" * 61, "", "view_name_length"),
        ("给 19900000001", "", "view_name_personal"),
        ("每天", "daily", "view_every_unknown"),
    ],
)
def test_what_a_view_may_not_be(parts: Parts, cast: Cast, name: str, every: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        save(parts, cast.zhoumin, name, every)


def test_a_name_is_taken_once(parts: Parts, cast: Cast) -> None:
    save(parts, cast.zhoumin)
    with pytest.raises(Conflict, match="view_name_taken"):
        save(parts, cast.zhoumin)
    save(parts, cast.sunyue)


def test_no_more_views_than_anybody_can_use(parts: Parts, cast: Cast) -> None:
    for number in range(30):
        save(parts, cast.zhoumin, f"报表{number}")
    with pytest.raises(Refused, match="view_too_many"):
        save(parts, cast.zhoumin, "又一个")


def test_the_first_file_is_of_the_first_whole_month_after(parts: Parts, cast: Cast) -> None:
    view_id = save(parts, cast.zhoumin, every="monthly")
    with parts.database.transaction(write=False) as session:
        assert exports.get_view(session, cast.zhoumin, view_id).made_through == date(2026, 10, 31)
