"""Third-party browser files are the ones that were reviewed, and their pins agree."""

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "lms" / "web" / "static" / "vendor"
ENTRIES: list[dict[str, str]] = json.loads((FOLDER / "VENDOR.json").read_text())
PACKAGE: dict[str, Any] = json.loads((ROOT / "package.json").read_text())
LOCKED: dict[str, dict[str, str]] = json.loads((ROOT / "package-lock.json").read_text())["packages"]


@pytest.fixture
def vendor() -> ModuleType:
    spec = importlib.util.spec_from_file_location("vendor", ROOT / "bin" / "vendor.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["file"])
def test_each_file_has_the_written_hash(entry: dict[str, str], vendor: ModuleType) -> None:
    assert vendor.sha384((FOLDER / entry["file"]).read_bytes()) == entry["sha384"]


def test_nothing_else_stands_in_the_folder() -> None:
    assert {file.name for file in FOLDER.iterdir()} == {entry["file"] for entry in ENTRIES} | {"VENDOR.json"}


def test_the_entries_are_what_package_json_asks_for() -> None:
    asked = {
        (target, f"{name}@{PACKAGE['dependencies'][name]}/{source}")
        for name, files in PACKAGE["vendor"].items()
        for source, target in files.items()
    }
    assert {(entry["file"], entry["source"]) for entry in ENTRIES} == asked


@pytest.mark.parametrize("name", sorted(PACKAGE["dependencies"]))
def test_each_pin_is_exact_and_the_lock_agrees(name: str) -> None:
    locked = LOCKED[f"node_modules/{name}"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", PACKAGE["dependencies"][name])
    assert locked["version"] == PACKAGE["dependencies"][name]
    assert locked["integrity"].startswith("sha512-")


def test_the_lock_names_no_download_address() -> None:
    assert not any("resolved" in locked for locked in LOCKED.values())


def test_another_tarball_than_the_locked_one_is_refused(vendor: ModuleType) -> None:
    locked = "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg=="
    assert vendor.verified(b"", locked) == b""
    with pytest.raises(SystemExit, match="not the locked one"):
        vendor.verified(b"tampered", locked)


def test_a_file_that_is_no_longer_wanted_leaves(tmp_path: Path, vendor: ModuleType) -> None:
    (tmp_path / "old.js").write_text("old")
    vendor.replace_folder([({"file": "new.js"}, b"new")], tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == {"new.js", "VENDOR.json"}
