"""A wheel built from the tree carries everything and runs where there is no checkout."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CARRIED = (
    "lms/templates/layouts/base.html",
    "lms/migrations/env.py",
    "lms/migrations/script.py.mako",
    "lms/courses/dementia-care/course.yaml",
    "lms/subsidies/LN-2021.yaml",
    "lms/web/static/js/heartbeat.js",
    "lms/web/static/css/ORDER",
    "lms/translations/en/LC_MESSAGES/messages.mo",
)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's content in a folder of its own, as an installer would lay it out."""
    place = tmp_path_factory.mktemp("wheel")
    source = place / "source"  # a copy: building beside running tests would see their caches
    wanted = ("lms", "templates", "migrations", "courses")
    for name in wanted:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copyfile(ROOT / name, source / name)
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)]
    subprocess.run(build, cwd=source, check=True, capture_output=True)
    (wheel,) = place.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(place / "site")
    return place / "site"


def lms(installed: Path, data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
    environment |= {"PYTHONPATH": str(installed), "LMS_DATA_DIR": str(data)}
    command = [sys.executable, "-P", "-m", "lms", *arguments]
    return subprocess.run(command, cwd=data, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", CARRIED)
def test_it_carries_what_it_needs(installed: Path, name: str) -> None:
    assert (installed / name).is_file()


def test_it_carries_no_tests_and_no_local_files(installed: Path) -> None:
    tops = {path.name for path in installed.iterdir() if not path.name.endswith(".dist-info")}
    assert tops == {"lms"}


def test_it_runs_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    checked = lms(installed, tmp_path, "courses", "check")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    upgraded = lms(installed, tmp_path, "database", "upgrade")
    assert upgraded.returncode == 0, upgraded.stderr
    seeded = lms(installed, tmp_path, "seed")
    assert "19900000001" in seeded.stdout, seeded.stderr
    assert (tmp_path / "kangxue.db").is_file()
