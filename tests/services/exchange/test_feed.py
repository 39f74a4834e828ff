"""The order of changes: whoever pulls what changed ends with a copy that is the original, whatever commits when."""

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from lms import schema
from lms.db import Database
from lms.domain.errors import NotFound, Refused
from lms.domain.exchange import ChangeKind
from lms.domain.identity import DocumentType
from lms.domain.roles import Role
from lms.models.attendance import ClassMeeting
from lms.models.base import new_id
from lms.models.courses import Lesson
from lms.models.enrollments import Cohort, Enrollment
from lms.models.exchange import ChangeMark
from lms.models.people import Person
from lms.models.rights import Restriction
from lms.parts import Parts
from lms.services import enrollments, log
from lms.services.exchange import clerk, feed
from lms.services.exchange.feed import Asked, Cut, Listing, Since
from tests.support.cast import NOON, Cast
from tests.support.chains import append

ZHANG = {
    "name": "张秀英",
    "document_type": DocumentType.RESIDENT_ID,
    "number": "219999196503024529",
    "phone": "19900000088",
}
EVERYTHING = Asked()
RIVALS = 3
ROUNDS = 5


def place(database: Database, now: datetime = NOON) -> int:
    """The clerk's round, as the worker makes it."""
    seen = done = clerk.BATCH
    while seen == clerk.BATCH:
        with database.transaction() as session:
            seen = clerk.place(session, now=now)
        done += seen
    return done


def cut(parts: Parts, cast: Cast, kind: ChangeKind, asked: Asked = EVERYTHING, role: Role = Role.INSTITUTION) -> Cut:
    actor = cast.zhoumin if role is Role.INSTITUTION else cast.wujian
    with parts.database.transaction(write=False) as session:
        return feed.cut(session, actor, role, kind, asked)


def since(parts: Parts, cast: Cast, kind: ChangeKind) -> Since:
    """Where a program that knows everything pulls from."""
    place(parts.database)
    return cut(parts, cast, kind).since


def kinds_after(parts: Parts, cast: Cast, start: Since) -> set[str]:
    """Which kinds have changed for 李芳's enrollment or her cohort."""
    place(parts.database)
    found = set()
    for kind in ChangeKind:
        changed = cut(parts, cast, kind, Asked(start))
        found |= {kind.value} if {cast.enrollment, cast.cohort} & {*changed.ids, *changed.gone} else set()
    return found


def enroll(parts: Parts, cast: Cast) -> uuid.UUID:
    with parts.database.transaction() as session:
        return enrollments.enroll(session, parts.keyring, cast.zhoumin, cast.cohort, now=NOON, **ZHANG).id


def test_everything_is_listed_page_by_page_and_then_changes(parts: Parts, cast: Cast) -> None:
    mine = [cast.enrollment, enroll(parts, cast)]
    first = cut(parts, cast, ChangeKind.ENROLLMENT, Asked(limit=1))
    assert first.ids == (mine[0],)
    assert isinstance(first.following, Listing)
    second = cut(parts, cast, ChangeKind.ENROLLMENT, Asked(first.following, limit=1))
    assert (second.ids, second.following, second.since) == ((mine[1],), None, first.since)
    place(parts.database)
    caught_up = cut(parts, cast, ChangeKind.ENROLLMENT, Asked(second.since))
    assert set(caught_up.ids) == set(mine)  # placed after the listing began: told again rather than missed
    assert cut(parts, cast, ChangeKind.ENROLLMENT, Asked(caught_up.since)).ids == ()


def test_each_change_is_told_where_it_belongs(parts: Parts, cast: Cast) -> None:
    start = since(parts, cast, ChangeKind.ENROLLMENT)
    assert kinds_after(parts, cast, start) == set()
    assert cast.lifang.person_id is not None
    with parts.database.transaction() as session:
        append(session, cast.lifang.person_id, at_ms=1_000)
    with parts.database.transaction() as session:
        log.sequence(session)
    place(parts.database, NOON + timedelta(minutes=2))
    assert kinds_after(parts, cast, start) == {"study", "completion"}


def test_who_is_gone_is_told_even_if_nobody_placed_her(parts: Parts, cast: Cast) -> None:
    start = since(parts, cast, ChangeKind.ENROLLMENT)
    made = enroll(parts, cast)
    assert made in cut(parts, cast, ChangeKind.ENROLLMENT).ids  # a listing may have seen her already
    with parts.database.transaction() as session:
        enrollments.remove(session, cast.zhoumin, cast.cohort, made, now=NOON)
    place(parts.database)
    for kind in (ChangeKind.ENROLLMENT, ChangeKind.LEARNER, ChangeKind.COMPLETION, ChangeKind.STUDY):
        assert cut(parts, cast, kind, Asked(start)).gone == (made,)


def test_who_is_archive_only_is_gone_for_programs_until_she_is_shown_again(parts: Parts, cast: Cast) -> None:
    start = since(parts, cast, ChangeKind.ENROLLMENT)
    with parts.database.transaction() as session:
        session.add(Restriction(person_id=cast.lifang.person_id, since=NOON))
    place(parts.database)
    hidden = cut(parts, cast, ChangeKind.ENROLLMENT, Asked(start))
    assert (hidden.ids, hidden.gone) == ((), (cast.enrollment,))
    with parts.database.transaction() as session:
        session.get_one(Restriction, cast.lifang.person_id).lifted_at = NOON
    place(parts.database)
    shown = cut(parts, cast, ChangeKind.ENROLLMENT, Asked(hidden.since))
    assert (shown.ids, shown.gone) == ((cast.enrollment,), ())


def test_a_moment_serves_as_well_as_a_number(parts: Parts, cast: Cast) -> None:
    place(parts.database, NOON)
    with parts.database.transaction() as session:
        session.execute(update(Cohort).where(Cohort.id == cast.cohort).values(name="改了名"))
    place(parts.database, NOON + timedelta(minutes=5))
    later = Asked(Since(moment=NOON + timedelta(minutes=1)))
    assert cut(parts, cast, ChangeKind.COHORT, later).ids == (cast.cohort,)
    assert cut(parts, cast, ChangeKind.COHORT, Asked(Since(moment=NOON + timedelta(minutes=6)))).ids == ()


def test_a_clock_that_steps_back_does_not_turn_the_order_round(parts: Parts, cast: Cast) -> None:
    place(parts.database, NOON)
    with parts.database.transaction() as session:
        session.execute(update(Cohort).where(Cohort.id == cast.cohort).values(name="改了名"))
    place(parts.database, NOON - timedelta(hours=1))
    assert cast.cohort in cut(parts, cast, ChangeKind.COHORT, Asked(Since(moment=NOON))).ids


def test_nobody_sees_what_is_not_hers(parts: Parts, cast: Cast) -> None:
    place(parts.database)
    for asked in (Asked(), Asked(Since(0))):
        assert cut(parts, cast, ChangeKind.ENROLLMENT, asked).ids == (cast.enrollment,)
        assert cut(parts, cast, ChangeKind.COHORT, asked, Role.INSPECTOR).ids == (cast.cohort,)
        with pytest.raises(NotFound):
            cut(parts, cast, ChangeKind.ENROLLMENT, Asked(asked.start, cohort_id=cast.foreign_cohort))
    with pytest.raises(Refused, match="cursor_unknown"):
        cut(parts, cast, ChangeKind.COHORT, Asked(Since(10**9)))


def forged(text: str) -> str:
    """The same with another last sign."""
    return text[:-1] + ("1" if text[-1] == "0" else "0")


def test_places_are_sealed_and_bound_to_their_kind(parts: Parts, cast: Cast) -> None:
    for start in (Listing(cast.cohort, 7), Since(12)):
        written = feed.write(parts.keyring, ChangeKind.SCORE, start)
        assert feed.read(parts.keyring, ChangeKind.SCORE, written, where="cursor") == start
        for kind, wrong in (
            (ChangeKind.COHORT, written),
            (ChangeKind.SCORE, forged(written)),
            (ChangeKind.SCORE, "l::0"),
        ):
            with pytest.raises(Refused, match="cursor_unknown"):
                feed.read(parts.keyring, kind, wrong, where="cursor")
    with pytest.raises(Refused, match="cursor_unknown"):  # a page of a listing is no point in the order
        feed.read_since(
            parts.keyring, ChangeKind.SCORE, feed.write(parts.keyring, ChangeKind.SCORE, Listing(cast.cohort, 7))
        )


@pytest.mark.parametrize("words", ["2026-11-23T04:00:00+00:00", "2026-11-23T04:00:00Z", "2026-11-23T12:00:00 08:00"])
def test_moments_in_any_zone_are_read(parts: Parts, words: str) -> None:
    assert feed.read_since(parts.keyring, ChangeKind.COHORT, words) == Since(moment=NOON)


@pytest.mark.parametrize(
    "words", ["2026-11-23", "2026-11-23T04:00:00", "0001-01-01T00:00:00+14:00", "now", "c:1", "k1:00"]
)
def test_other_texts_are_no_place(parts: Parts, words: str) -> None:
    with pytest.raises(Refused, match="cursor_unknown"):
        feed.read_since(parts.keyring, ChangeKind.COHORT, words)


def add_person(session: Session, cast: Cast, number: int) -> uuid.UUID:
    """Somebody new in 李芳's cohort."""
    who = Person(
        id=new_id(), pid=f"{number:064d}", name="某人", document_type="x", document_sealed="x", created_at=NOON
    )
    session.add(who)
    session.flush()
    made = Enrollment(
        id=new_id(), cohort_id=cast.cohort, person_id=who.id, course_version_id=cast.version, created_at=NOON
    )
    session.add(made)
    session.flush()
    return made.id


def test_what_commits_late_is_told_behind(parts: Parts, cast: Cast) -> None:
    """One writer is slow: her mark is the older one, and another's is placed and read before she commits."""
    start, told = since(parts, cast, ChangeKind.ENROLLMENT), []
    quick: list[uuid.UUID] = []

    def be_quick() -> None:
        with parts.database.transaction() as session:
            quick.append(add_person(session, cast, 2))
        place(parts.database)
        told.append(cut(parts, cast, ChangeKind.ENROLLMENT, Asked(start)))

    other = threading.Thread(target=be_quick)
    with parts.database.transaction() as session:
        slow = add_person(session, cast, 1)
        other.start()
        if not parts.database.is_sqlite:  # there, one writer waits for the other
            other.join()
            assert told[0].ids == tuple(quick)
    other.join()
    place(parts.database)
    after = cut(parts, cast, ChangeKind.ENROLLMENT, Asked(told[0].since))
    assert {*told[0].ids, *after.ids} == {slow, *quick}
    if not parts.database.is_sqlite:
        assert after.ids == (slow,)


@dataclass
class Copy:
    """What a program keeps of cohorts: their names, as it pulled them, a few at a time."""

    parts: Parts
    cast: Cast
    start: Listing | Since = field(default_factory=Listing)
    names: dict[uuid.UUID, str] = field(default_factory=dict)

    def pull(self) -> bool:
        """One page; whether there is more."""
        with self.parts.database.transaction(write=False) as session:
            asked = Asked(self.start, limit=2)
            found = feed.cut(session, self.cast.zhoumin, Role.INSTITUTION, ChangeKind.COHORT, asked)
            rows = select(Cohort.id, Cohort.name).where(Cohort.id.in_(found.ids))
            self.names |= {row.id: row.name for row in session.execute(rows)}
        self.start = found.following or found.since
        return found.following is not None


def _rivals(
    parts: Parts, ids: list[uuid.UUID], copy: Copy
) -> tuple[list[Callable[[], None]], list[Callable[[], None]]]:
    """Writers, who come to an end, and those who work beside them: two clerks, and a program that pulls."""

    def write(number: int) -> None:
        for turn in range(ROUNDS):
            with parts.database.transaction() as session:
                for each in ids:
                    session.execute(update(Cohort).where(Cohort.id == each).values(name=f"{each}-{number}-{turn}"))

    writers = [partial(write, number) for number in range(RIVALS)]
    return writers, [lambda: place(parts.database), lambda: place(parts.database), copy.pull]


def test_the_copy_is_the_original_whoever_writes_when(parts: Parts, cast: Cast) -> None:
    """Writers, two clerks and a program that pulls, all at once."""
    copy, over = Copy(parts, cast), threading.Event()
    writers, others = _rivals(parts, [_cohort(parts, cast, number) for number in range(RIVALS)], copy)

    def again(work: Callable[[], None]) -> None:
        while not over.is_set():
            work()

    with ThreadPoolExecutor(len(writers) + len(others)) as pool:
        beside = [pool.submit(again, work) for work in others]
        try:
            for written in [pool.submit(work) for work in writers]:
                written.result()
        finally:
            over.set()
        for each in beside:
            each.result()
    place(parts.database)
    while copy.pull():
        pass
    with parts.database.transaction(write=False) as session:
        mine = select(Cohort.id, Cohort.name).where(Cohort.organisation_id == cast.kangning)
        assert copy.names == {row.id: row.name for row in session.execute(mine)}
        assert session.scalars(select(ChangeMark)).all() == []


def _cohort(parts: Parts, cast: Cast, number: int) -> uuid.UUID:
    with parts.database.transaction() as session:
        made = Cohort(
            id=new_id(),
            organisation_id=cast.kangning,
            course_version_id=cast.version,
            name=f"{number} 班",
            opens_on=date(2026, 11, 1),
            closes_on=date(2026, 12, 1),
            policy_code="base-2023",
            created_at=NOON,
        )
        session.add(made)
    return made.id


def test_every_table_that_tells_has_its_triggers(database: Database) -> None:
    """A later migration that copies a table on SQLite loses what hangs on it, without a word."""
    scripts = ScriptDirectory.from_config(schema.alembic_config())
    first, records = (scripts.get_revision(each).module for each in ("20261128_1000", "20261129_0900"))
    wanted = {f"tr_{table}_{act.lower()}_marks" for table, act, _columns, _body in first.MARKS}
    wanted = wanted - {f"tr_{name}_marks" for name in records.OLD_MARKS} | {
        f"tr_{name}_marks" for name in records.NEW_MARKS
    }
    assert len(wanted) == 24
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if database.is_sqlite
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with database.transaction(write=False) as session:
        found = set(session.execute(text(query)).scalars())
    assert wanted <= found


def test_a_class_that_comes_to_its_end_changes_verdicts_by_time_alone(parts: Parts, cast: Cast) -> None:
    start = since(parts, cast, ChangeKind.ATTENDANCE)
    with parts.database.transaction() as session:
        session.add(_meeting(cast, session))
    assert kinds_after(parts, cast, start) == {"attendance", "completion"}
    for late in (timedelta(minutes=61), timedelta(minutes=91)):
        begun = cut(parts, cast, ChangeKind.ATTENDANCE).since
        place(parts.database, NOON + late - timedelta(minutes=2))
        quiet = cut(parts, cast, ChangeKind.ATTENDANCE, Asked(begun))
        place(parts.database, NOON + late)
        assert cast.enrollment in cut(parts, cast, ChangeKind.ATTENDANCE, Asked(quiet.since)).ids


def _meeting(cast: Cast, session: Session) -> ClassMeeting:
    lesson = Lesson(
        id=new_id(), module_slug="", slug="c", position=0, kind="class", title="课", title_en="", duration_ms=3_600_000
    )
    session.add(lesson)
    session.flush()
    return ClassMeeting(
        id=new_id(),
        cohort_id=cast.cohort,
        lesson_id=lesson.id,
        title="课",
        module_slug="",
        content="theory",
        place="教室",
        teacher_id=cast.wanglei.account_id,
        held_on=NOON.date(),
        starts_at=NOON,
        ends_at=NOON + timedelta(minutes=60),
        created_by=cast.zhoumin.account_id,
        created_at=NOON,
        cancel_reason="",
    )
