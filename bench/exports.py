"""How fast reports become files, beside the database's own CSV: rows a second, the ratio, the peak of memory.

    python -m bench.exports [--rows 1000000] [--learners 5000]

Works on throw-away databases of both kinds. Two things are measured on each: the writer, fed with finished rows of the
completion report by the database (beside the database's own CSV of the same rows, in the same run); and the whole
report, which reads the facts of every learner, opens her sealed number and weighs the verdict before it is written.
Each way of writing runs in a process of its own, so that its peak of memory is its own.

Yardstick: PostgreSQL's COPY … TO STDOUT (FORMAT csv), and on SQLite its shell's `.mode csv`, or, where there is no
shell, the standard library's cursor and csv.writer.
"""

import argparse
import csv
import itertools
import multiprocessing
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
from psycopg.types.string import TextLoader

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from lms.adapters.sheets import write_csv, write_xlsx
from lms.config import load, new_keys
from lms.crypto import Keyring
from lms.db import Database
from lms.models.base import new_id
from lms.models.enrollments import Enrollment
from lms.models.people import Person
from lms.models.study import LessonProgress
from lms.schema import upgrade
from lms.services import reports, sealed
from lms.web.institution import columns
from tests.support import postgres
from tests.support.cast import LESSON_MS, NOON, Cast, stage

HEADS = (
    "姓名", "证件号码", "手机号", "班期", "课程", "课程版本", "有效学习（分钟）", "已确认（分钟）", "学时",
    "还差（分钟）", "测验成绩", "结论", "还差什么", "结业记录编号", "发放日期", "学习方式", "在线（分钟）",
    "断网补记（分钟）", "离线下载学习（分钟）", "面授（分钟）", "导入（分钟）",
)  # fmt: skip
KINDS = ("text",) * 5 + ("integer",) + ("numeric",) * 4 + ("integer",) + ("text",) * 5 + ("numeric",) * 5
NAMES = [f"c{place}" for place in range(len(HEADS))]
SELECT = f"SELECT {', '.join(NAMES)} FROM completion_rows ORDER BY place"
SHEET_ROWS, SHEET_COLUMNS = 100_000, 20
TURNS = 3


def rows(many: int) -> Iterator[tuple[Any, ...]]:
    """Completion rows as long as real ones; some with what nobody has finished, as a sentence each."""
    for number in range(many):
        minutes, done = f"{number % 900}.{number % 100:02}", number % 3
        yield (
            f"测试{number % 9973}", f"2199{number:06}****{number % 10000:04}", f"199****{number % 10000:04}",
            f"2026年冬季{number // 60}班", "失智老人照护", 1, minutes, minutes, f"{number % 20}.00", "0.00",
            60 + number % 40,
            "已达到结业要求" if done else "还没达到", "" if done else "《认识失智症》还差 12 分钟；小测验还没有作答",
            f"ABCDE-{number:015}", "2026-11-23", "在线；断网补记", minutes, "1.25", "0.00", "0.00", "0.00",
        )  # fmt: skip


class Postgres:
    """PostgreSQL: rows brought by COPY."""

    name = "postgresql"

    def __init__(self, address: str) -> None:
        self.address = address.replace("+psycopg", "")

    def fill(self, many: int) -> None:
        """Makes the table."""
        columns = ", ".join(f"{name} {kind}" for name, kind in zip(NAMES, KINDS, strict=True))
        with psycopg.connect(self.address) as connection, connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS completion_rows; CREATE TABLE completion_rows (place int, {columns})")
            with cursor.copy("COPY completion_rows FROM STDIN") as copy:
                for place, row in enumerate(rows(many)):
                    copy.write_row((place, *row))
            cursor.execute("ALTER TABLE completion_rows ADD PRIMARY KEY (place)")
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE completion_rows")

    def own(self, path: Path) -> None:
        """The database's own CSV."""
        told = f"COPY ({SELECT}) TO STDOUT (FORMAT csv, HEADER)"
        with (
            psycopg.connect(self.address) as connection,
            connection.cursor() as cursor,
            path.open("wb") as file,
            cursor.copy(told) as copy,
        ):
            file.writelines(bytes(chunk) for chunk in copy)

    def read(self) -> Iterator[Any]:
        """The rows as they come, so that server and reader work at the same time."""
        with psycopg.connect(self.address) as connection, connection.cursor() as cursor:
            cursor.adapters.register_loader("numeric", TextLoader)  # finished cells, as the report's own are
            yield from cursor.stream(SELECT, size=100)

    def drop(self) -> None:
        """Leaves nothing behind."""
        with psycopg.connect(self.address) as connection:
            connection.execute("DROP TABLE completion_rows")


class Sqlite:
    """SQLite: a file of its own."""

    name = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.path = folder / "exports.db"

    def fill(self, many: int) -> None:
        """Makes the table."""
        with sqlite3.connect(self.path) as connection:
            kinds = ["text" if kind == "numeric" else kind for kind in KINDS]  # it has no decimals: 5.00 would be 5
            columns = ", ".join(f"{name} {kind}" for name, kind in zip(NAMES, kinds, strict=True))
            connection.execute(f"CREATE TABLE completion_rows (place integer primary key, {columns})")
            marks = ", ".join("?" * (len(NAMES) + 1))
            numbered = ((place, *row) for place, row in enumerate(rows(many)))
            connection.executemany(f"INSERT INTO completion_rows VALUES ({marks})", numbered)

    def own(self, path: Path) -> None:
        """The shell's CSV; without a shell, the standard library's."""
        if shell := shutil.which("sqlite3"):
            with path.open("wb") as file:
                subprocess.run([shell, "-header", "-csv", str(self.path), SELECT], stdout=file, check=True)
            return
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(self.read())

    def read(self) -> Iterator[Any]:
        """The rows, one by one."""
        return sqlite3.connect(self.path).execute(SELECT)

    def drop(self) -> None:
        """The folder goes as a whole."""


def ours(place: Postgres | Sqlite, path: Path) -> None:
    """The same rows by the writer that every report uses."""
    with path.open("wb") as file:
        file.writelines(write_csv(HEADS, place.read()))


def sheet(path: Path) -> None:
    """100,000 rows of 20 columns: texts, numbers, days, telling how far it is."""
    cells = ["测试甲", "219999198501010018", 12, Decimal("12.34"), date(2026, 11, 23), "2026年冬季一班", "", None]
    one = list(itertools.islice(itertools.cycle(cells), SHEET_COLUMNS))
    told = 0

    def counted() -> Iterator[list[Any]]:
        nonlocal told
        for number in range(SHEET_ROWS):
            if number * 100 // SHEET_ROWS > told:
                told = number * 100 // SHEET_ROWS
            yield [number, *one[1:]]

    write_xlsx([f"栏目{place}" for place in range(SHEET_COLUMNS)], counted(), path)


def _measured(work: Callable[..., None], arguments: tuple[Any, ...], answer: Any) -> None:
    before, busy = time.perf_counter(), time.process_time()
    work(*arguments)
    took, busy = time.perf_counter() - before, time.process_time() - busy
    answer.put((took, busy, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def measure(work: Callable[..., None], *arguments: Any) -> tuple[float, float, float]:
    """Seconds by the clock, seconds of a processor, and MB, of a process that does nothing else."""
    context = multiprocessing.get_context("spawn")
    answer: Any = context.Queue()
    process = context.Process(target=_measured, args=(work, arguments, answer))
    process.start()
    found: tuple[float, float, float] = answer.get()
    process.join()
    return found


def compare(place: Postgres | Sqlite, folder: Path, many: int) -> None:
    """Both ways in turn, so that both meet the same machine, and the line that says so."""
    place.fill(many)
    turns = [(measure(place.own, folder / "own.csv"), measure(ours, place, folder / "ours.csv")) for _ in range(TURNS)]
    lines = sum(1 for _ in (folder / "ours.csv").open("rb"))
    assert lines == many + 1, f"{lines} lines of {many} rows"
    own = sum(own for (own, _busy, _memory), _mine in turns)
    mine, busy = (sum(figures[at] for _own, figures in turns) for at in (0, 1))
    told = many * TURNS
    print(
        f"{place.name}: {many} rows as CSV, {TURNS} turns: own {told / own:,.0f} rows/s, ours {told / mine:,.0f} rows/s"
        f" ({told / busy:,.0f} a second of its processor's time), ratio {own / mine:.0%},"
        f" peak {max(mine[2] for _own, mine in turns):.0f} MB",
        flush=True,
    )
    place.drop()


def settle(url: str, keys: dict[str, str], folder: Path, many: int) -> Cast:
    """A class of so many learners, each with half of her course studied."""
    told = load({**keys, "LMS_DATABASE_URL": url, "LMS_DATA_DIR": str(folder)})
    database, keyring = Database(url), Keyring(told.field_keys, told.index_key)
    upgrade(database)
    with database.transaction() as session:
        cast = stage(session, keyring, "")
        people, places, done = [], [], []
        for number in range(many):
            person, place = new_id(), new_id()
            document = sealed.seal_document(keyring, person, "219999198501010026")
            told_of = {"document_type": "resident_id", "document_sealed": document, "created_at": NOON}
            people.append({"id": person, "pid": f"{number:064}", "name": f"测试{number}", **told_of})
            where = {"cohort_id": cast.cohort, "course_version_id": cast.version, "created_at": NOON}
            places.append({"id": place, "person_id": person, **where})
            progress = {"covered": [[0, LESSON_MS]], "by_class": {"online": LESSON_MS}, "confirmed_ms": LESSON_MS}
            lesson = {"lesson_id": cast.lessons["say-hello"], "credited_ms": LESSON_MS, "updated_at": NOON}
            done.append({"enrollment_id": place, **progress, **lesson})
        for table, values in ((Person, people), (Enrollment, places), (LessonProgress, done)):
            session.bulk_insert_mappings(table.__mapper__, values)
    database.close()
    return cast


def report(url: str, keys: dict[str, str], cast: Cast, folder: Path) -> None:
    """The completion report as the worker writes it, but for the words of a page's language."""
    told = load({**keys, "LMS_DATABASE_URL": url, "LMS_DATA_DIR": str(folder)})
    database, keyring = Database(url), Keyring(told.field_keys, told.index_key)
    with database.transaction(write=False) as session, (folder / "whole.csv").open("wb") as file:
        found = reports.completion_rows(session, keyring, cast.zhoumin, now=NOON)
        file.writelines(write_csv(HEADS, (columns.cells(row) for row in found)))


def whole(kind: str, url: str, folder: Path, many: int) -> None:
    """The line on the whole report."""
    keys = {name: key for name, key in new_keys().items() if name != "LMS_LOG_KEY"}
    cast = settle(url, keys, folder, many)
    took, _busy, memory = measure(report, url, keys, cast, folder)
    print(f"{kind}: whole report of {many} learners: {many / took:,.0f} rows/s, peak {memory:.0f} MB")


def main() -> None:
    """Prints one line a measurement."""
    parser = argparse.ArgumentParser(description="Reports as files, beside the database's own CSV.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--learners", type=int, default=5_000, help="for the whole report, with verdicts; 0 for none")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kangxue-bench-") as name, postgres.server(on_disk=True) as server:
        folder = Path(name)
        took, busy, memory = measure(sheet, folder / "a.xlsx")
        print(
            f"xlsx: {SHEET_ROWS} rows x {SHEET_COLUMNS}: {SHEET_ROWS / took:,.0f} rows/s"
            f" ({SHEET_ROWS / busy:,.0f} a second of its processor's time), peak {memory:.0f} MB",
            flush=True,
        )
        for database in ("plain", "whole"):
            postgres.execute(server, f"CREATE DATABASE {database}")
        address = server.format(name="plain")
        for place in (Sqlite(folder), Postgres(address)):
            compare(place, folder, given.rows)
        if given.learners:
            url = server.format(name="whole").replace("postgresql://", "postgresql+psycopg://")
            for kind, at in (("sqlite", f"sqlite:///{folder / 'whole.db'}"), ("postgresql", url)):
                whole(kind, at, folder, given.learners)


if __name__ == "__main__":
    sys.exit(main())
