"""Group commit: one sync for many, an answer for each, and none before the commit."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from lms.db import Database, Session
from lms.group_commit import Busy, GroupCommit
from lms.models.organisations import Organisation
from tests.support.cast import NOON
from tests.support.waiting import wait_until


def enter(session: Session, names: Sequence[str]) -> list[str]:
    """Enters organisations; one that is called “bad” spoils the transaction it is in."""
    for name in names:
        session.add(Organisation(name=name, created_at=NOON))
        session.flush()
        if name == "bad":
            raise ValueError(name)
    return [f"{name} is in" for name in names]


def names(database: Database) -> set[str]:
    with database.transaction(write=False) as session:
        return set(session.scalars(select(Organisation.name)))


@dataclass
class Gate:
    """A database whose transactions end only when they may; tells what was recorded in each."""

    database: Database
    may_commit: threading.Event = field(default_factory=threading.Event)
    groups: list[list[str]] = field(default_factory=list)

    @contextmanager
    def transaction(self, *, write: bool = True) -> Iterator[Session]:
        with self.database.transaction(write=write) as session:
            yield session
            assert self.may_commit.wait(30)

    def record(self, session: Session, items: Sequence[str]) -> list[str]:
        self.groups.append(list(items))
        return enter(session, items)


@dataclass
class Crowd:
    """Threads that each submit one item; what they were told, and what went wrong for them."""

    group: GroupCommit[str, str]
    told: dict[str, str] = field(default_factory=dict)
    failed: dict[str, Exception] = field(default_factory=dict)
    threads: list[threading.Thread] = field(default_factory=list)

    def ask(self, *items: str) -> None:
        for item in items:
            self.threads.append(threading.Thread(target=self._ask, args=(item,), daemon=True))
            self.threads[-1].start()

    def _ask(self, item: str) -> None:
        try:
            self.told[item] = self.group.submit(item)
        except Exception as error:
            self.failed[item] = error

    def join(self) -> None:
        for thread in self.threads:
            thread.join(30)
            assert not thread.is_alive()


@pytest.fixture
def gate(database: Database) -> Iterator[Gate]:
    made = Gate(database)
    yield made
    made.may_commit.set()


def behind(gate: Gate, **settings: int) -> Crowd:
    """A crowd whose first item is being committed, and does not come to an end."""
    crowd = Crowd(GroupCommit(gate, gate.record, **settings))  # type: ignore[arg-type]
    crowd.ask("first")
    wait_until(lambda: gate.groups)
    return crowd


def test_each_gets_its_own_answer(database: Database) -> None:
    wanted = [f"house {number}" for number in range(24)]
    crowd = Crowd(GroupCommit(database, enter, largest_group=7))
    crowd.ask(*wanted)
    crowd.join()
    assert crowd.told == {name: f"{name} is in" for name in wanted}
    assert names(database) == set(wanted)


def test_nobody_is_answered_before_the_commit(gate: Gate) -> None:
    crowd = behind(gate)
    crowd.ask("second", "third")
    wait_until(lambda: crowd.group.waiting == 2)
    assert (crowd.told, names(gate.database)) == ({}, set())
    gate.may_commit.set()
    crowd.join()
    assert set(crowd.told) == names(gate.database) == {"first", "second", "third"}


def test_those_who_waited_share_a_commit_in_order_of_arrival(gate: Gate) -> None:
    crowd = behind(gate, largest_group=3)
    for waiting, name in enumerate("abcd", start=1):
        crowd.ask(name)
        wait_until(lambda waiting=waiting: crowd.group.waiting == waiting)
    gate.may_commit.set()
    crowd.join()
    assert gate.groups == [["first"], ["a", "b", "c"], ["d"]]


def test_an_error_of_one_is_an_error_of_one(gate: Gate) -> None:
    crowd = behind(gate)
    crowd.ask("good", "bad", "better")
    wait_until(lambda: crowd.group.waiting == 3)
    gate.may_commit.set()
    crowd.join()
    assert set(crowd.told) == names(gate.database) == {"first", "good", "better"}
    assert isinstance(crowd.failed["bad"], ValueError)


def test_a_full_queue_is_busy(gate: Gate) -> None:
    crowd = behind(gate, longest_queue=1)
    crowd.ask("second")
    wait_until(lambda: crowd.group.waiting == 1)
    with pytest.raises(Busy):
        crowd.group.submit("third")
    gate.may_commit.set()
    crowd.join()
    assert names(gate.database) == {"first", "second"}


def test_who_has_waited_too_long_is_not_tried_again(gate: Gate) -> None:
    crowd = behind(gate, patience_seconds=0)
    crowd.ask("bad", "good")
    wait_until(lambda: crowd.group.waiting == 2)
    gate.may_commit.set()
    crowd.join()
    assert [type(error) for error in crowd.failed.values()] == [Busy, Busy]
    assert names(gate.database) == {"first"}


def test_the_process_may_not_end_in_the_middle_and_nothing_is_left_running(gate: Gate) -> None:
    crowd = behind(gate)
    (worker,) = [thread for thread in threading.enumerate() if thread.name == "group-commit"]
    assert not worker.daemon
    gate.may_commit.set()
    crowd.join()
    worker.join(30)
    assert not worker.is_alive()
    crowd.ask("later")
    crowd.join()
    assert "later" in crowd.told


def test_what_follows_the_commit_cannot_undo_the_answer(database: Database) -> None:
    def stumble(_session: Session) -> None:
        raise RuntimeError

    assert GroupCommit(database, enter, after=stumble).submit("one") == "one is in"
    assert names(database) == {"one"}


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_without_a_thread_nobody_waits_for_ever(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    group = GroupCommit(database, enter)
    monkeypatch.setattr(threading.Thread, "start", refuse)
    with pytest.raises(Busy):
        group.submit("one")
