"""`python3 -m lms`: from the standard library alone to a ready environment, then the commands.

In a checkout it builds `.venv` from the hash-locked requirements, once for each state of the locks,
and goes on inside it. Installed from a wheel there is nothing to prepare.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "lms-stamp"
LOCKS = {"run": "requirements.lock", "test": "requirements-dev.lock"}
UV_LOCK = "requirements-uv.lock"
OLDEST = (3, 11)


def main() -> None:
    """Prepares what is missing and runs the command in the environment."""
    if sys.version_info < OLDEST:
        sys.exit(f"Kangxue needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    arguments = sys.argv[1:] or ["up"]
    if (ROOT / "pyproject.toml").exists() and Path(sys.prefix).resolve() != VENV.resolve():
        prepare("test" if arguments[0] == "test" else "run")
        command = [str(venv_python()), "-m", "lms", *arguments]
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        if os.name == "nt":
            sys.exit(subprocess.call(command))
        os.execv(command[0], command)  # noqa: S606
    from lms.cli import main as run

    run(arguments, prog_name="lms")


def venv_python() -> Path:
    """The interpreter of the environment."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def wanted_stamp(kind: str) -> str:
    """Names the state of a lock and of the interpreter the environment is for."""
    lock = (ROOT / LOCKS[kind]).read_bytes()
    return f"{kind} {hashlib.sha256(lock + sys.version.encode()).hexdigest()}"


def prepare(kind: str) -> None:
    """Builds or renews `.venv` unless it already serves; an environment for tests runs the site too."""
    found = STAMP.read_text() if STAMP.exists() else ""
    if found in (wanted_stamp(kind), wanted_stamp("test")):
        return
    say("1/3 making the environment .venv")
    make_venv()
    say("2/3 fetching the installer")
    run([str(venv_python()), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(ROOT / UV_LOCK)])
    say(f"3/3 installing {LOCKS[kind]} (a minute on a fast mirror)")
    install(ROOT / LOCKS[kind])
    STAMP.write_text(wanted_stamp(kind))


def make_venv() -> None:
    """A fresh virtual environment; says which system package is missing where Python comes without."""
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True, check=False
    )
    if made.returncode:
        sys.exit(f"{made.stdout}{made.stderr}\nOn Debian and Ubuntu: apt install python3-venv, then try again.")


def install(lock: Path) -> None:
    """Installs exactly what the lock names, with uv; with pip where uv cannot."""
    uv = venv_python().with_name("uv.exe" if os.name == "nt" else "uv")
    sync = [str(uv), "pip", "install", "--quiet", "--require-hashes", "--python", str(venv_python()), "-r", str(lock)]
    if subprocess.run(sync, env={**os.environ, **uv_settings(pip_settings())}, check=False).returncode:
        say("uv could not; trying pip, which takes longer")
        run([str(venv_python()), "-m", "pip", "install", "--require-hashes", "-r", str(lock)])


def pip_settings() -> dict[str, str]:
    """What pip is configured to use, so that uv asks the same index."""
    listed = subprocess.run(
        [str(venv_python()), "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    )
    pairs = (line.partition("=") for line in listed.stdout.splitlines())
    return {name.rpartition(".")[2]: value.strip("'\"") for name, _, value in pairs}


def uv_settings(pip: Mapping[str, str]) -> dict[str, str]:
    """The same settings in uv's words; whatever is set for uv already wins."""
    words = {
        "UV_DEFAULT_INDEX": pip.get("index-url"),
        "UV_INDEX": pip.get("extra-index-url"),
        "UV_FIND_LINKS": ",".join(pip["find-links"].split()) if "find-links" in pip else None,
        "SSL_CERT_FILE": pip.get("cert"),
        "UV_INDEX_STRATEGY": "unsafe-best-match",  # as pip does; the hashes say what is right
        "UV_HTTP_TIMEOUT": "180",
    }
    return {name: value for name, value in words.items() if value and name not in os.environ}


def run(command: list[str]) -> None:
    """Runs a step that must succeed."""
    done = subprocess.run(command, check=False)
    if done.returncode:
        sys.exit(f"That did not work: {' '.join(command)}")


def say(words: str) -> None:
    """One line of progress."""
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
