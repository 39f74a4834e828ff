"""The engine, and the one place that commits."""

import logging
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

__all__ = [
    "Database",
    "IntegrityError",
    "OperationalError",
    "Session",
    "UnsafeDurability",
    "aside",
    "current",
    "in_parts",
    "insert_all_absent",
    "insert_if_absent",
]

Thing = TypeVar("Thing")

PATIENCE_SECONDS = 10
PART = 500
ROWS_TOLD = "\nDETAIL:"  # where PostgreSQL begins to quote the row that it refuses

_current: ContextVar[Session] = ContextVar("lms_session")


class UnsafeDurability(Exception):
    """The database may forget a receipt it has confirmed; the application refuses to work on it."""


class Database:
    """One database, SQLite or PostgreSQL, with transactions that commit fully before they return."""

    def __init__(self, url: str, threads: int = 8) -> None:
        self.engine = _engine(url, threads)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        self._turn = threading.Lock()

    @contextmanager
    def transaction(self, *, write: bool = True) -> Iterator[Session]:
        """A session that commits at the end, or rolls back whole. Read-only ones always roll back.

        Writers queue up front on SQLite (BEGIN IMMEDIATE): a reader that turns writer half-way
        would be refused instead of waiting.
        """
        engine = self.engine.execution_options(lms_write=write)
        with self._in_turn(write), self._sessions(bind=engine) as session:
            token = _current.set(session)
            try:
                yield session
                if write:
                    session.commit()
            finally:
                _current.reset(token)

    @contextmanager
    def _in_turn(self, write: bool) -> Iterator[None]:
        """Lets the writers of this process through one by one on SQLite.

        SQLite's own waiters look again only now and then, so that with many of them the unlucky wait in vain. Whoever
        has waited too long here asks SQLite, which knows how to say that it is busy.
        """
        waited = self.is_sqlite and write and self._turn.acquire(timeout=PATIENCE_SECONDS)
        try:
            yield
        finally:
            if waited:
                self._turn.release()

    def check_durability(self) -> None:
        """Raises UnsafeDurability unless a commit reaches the disk before it is confirmed."""
        with self.engine.connect() as connection:
            problems = (_sqlite_problems if self.is_sqlite else _postgresql_problems)(connection)
        if problems:
            raise UnsafeDurability("; ".join(problems))

    def healthy(self) -> bool:
        """Whether the database answers."""
        try:
            with self.engine.connect() as connection:
                return bool(connection.execute(text("SELECT 1")).scalar_one())
        except OperationalError:
            return False

    def close(self) -> None:
        """Gives every pooled connection back."""
        self.engine.dispose()


@contextmanager
def aside(session: Session) -> Iterator[None]:
    """What is written inside is taken back at its end: for asking what would be, without its being so."""
    with session.begin_nested() as written:
        yield
        written.rollback()


def current() -> Session:
    """The session of the transaction we are in; LookupError outside of one."""
    return _current.get()


def insert_if_absent(session: Session, table: type[Any], **values: object) -> None:
    """Adds a row unless its key is there already; two at once end in one row, without an error."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(insert(table).values(**values).on_conflict_do_nothing())


def insert_all_absent(session: Session, table: type[Any], rows: Sequence[Mapping[str, object]]) -> None:
    """Adds many rows, but for those whose key is there already."""
    if rows:
        insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        session.execute(insert(table.__table__).on_conflict_do_nothing(), list(rows))


def in_parts(things: Iterable[Thing], size: int = PART) -> Iterator[list[Thing]]:
    """The same in their order, few enough at a time for one statement."""
    left = list(things)
    for start in range(0, len(left), size):
        yield left[start : start + size]


def _engine(url: str, threads: int) -> Engine:
    """Values go into statements, and into nothing else: no error and no log repeats them, at whatever level."""
    logging.getLogger("sqlalchemy").setLevel(logging.WARNING)
    ping = not url.startswith("sqlite")
    engine = create_engine(url, pool_size=threads, max_overflow=8, pool_pre_ping=ping, hide_parameters=True)
    event.listen(engine, "handle_error", _quote_no_row)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _quote_no_row(context: ExceptionContext) -> None:
    """Cuts an error's words where they begin to quote a row, which may be somebody's."""
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args and isinstance(error.args[0], str):
            error.args = (error.args[0].partition(ROWS_TOLD)[0], *error.args[1:])


def _prepare_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # SQLAlchemy begins; the driver's own guesses stay out
    cursor = connection.cursor()
    patience = f"busy_timeout={PATIENCE_SECONDS * 1000}"
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", patience):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("lms_write", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


SQLITE_FULL = 2


def _sqlite_problems(connection: Connection) -> list[str]:
    journal = connection.execute(text("PRAGMA journal_mode")).scalar_one()
    synchronous = connection.execute(text("PRAGMA synchronous")).scalar_one()
    problems = []
    if journal != "wal":
        problems.append(f"SQLite journal_mode is {journal}, not wal (a network disk or a memory database?)")
    if synchronous < SQLITE_FULL:
        problems.append("SQLite synchronous is below FULL")
    return problems


def _postgresql_problems(connection: Connection) -> list[str]:
    wanted = {
        "fsync": ("on",),
        "synchronous_commit": ("on", "remote_write", "remote_apply", "local"),
        "full_page_writes": ("on",),
    }
    found = {name: connection.execute(text(f"SHOW {name}")).scalar_one() for name in wanted}
    return [f"PostgreSQL {name} is {found[name]}" for name, good in wanted.items() if found[name] not in good]
