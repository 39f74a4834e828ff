"""A backup of the database as the operators' guide has it made, and put back: `.backup` of SQLite, pg_dump."""

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from tests.support import postgres


def keep(url: str, place: Path) -> None:
    """Copies the database at `url` into the file `place`, while it is in use."""
    if url.startswith("sqlite"):
        _copy(url.removeprefix("sqlite:///"), str(place))
        return
    _run("pg_dump", "--format=custom", f"--file={place}", _address(url))


def put_back(url: str, place: Path) -> None:
    """Makes the database at `url` anew from `place`. Nobody holds a connection to it."""
    if url.startswith("sqlite"):
        file = url.removeprefix("sqlite:///")
        for end in ("", "-wal", "-shm"):
            Path(file + end).unlink(missing_ok=True)
        _copy(str(place), file)
        return
    head, _, rest = _address(url).partition("@/")
    name, _, query = rest.partition("?")
    server = f"{head}@/{{name}}?{query}"
    postgres.execute(server, f"DROP DATABASE {name} WITH (FORCE)")
    postgres.execute(server, f"CREATE DATABASE {name} TEMPLATE template0")
    _run("pg_restore", "--exit-on-error", f"--dbname={_address(url)}", str(place))


def _address(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def _copy(source: str, goal: str) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(goal)) as new:
        old.backup(new)


def _run(program: str, *arguments: str) -> None:
    found = postgres.binaries()
    assert found is not None
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    done = subprocess.run([str(found / program), *arguments], capture_output=True, text=True, env=environment)
    if done.returncode:
        raise RuntimeError(f"{program}: {done.stderr}")
