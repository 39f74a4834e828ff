"""Copies pinned browser files out of npm packages into lms/web/static/vendor/ and writes VENDOR.json."""

import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
VENDOR = ROOT / "lms" / "web" / "static" / "vendor"


def sha384(content: bytes) -> str:
    """The hash in the form browsers use for integrity: `sha384-` and base64."""
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()


def verified(tarball: bytes, integrity: str) -> bytes:
    """The tarball, if it is the one the lock names; otherwise ends with a sentence."""
    found = "sha512-" + base64.b64encode(hashlib.sha512(tarball).digest()).decode()
    if found != integrity:
        sys.exit(f"the package is not the locked one: {found} instead of {integrity}")
    return tarball


def fetch(name: str, version: str, integrity: str, into: Path) -> Path:
    """Asks npm for exactly this version, from whatever registry npm is configured for."""
    command = ["npm", "pack", f"{name}@{version}", "--json", "--pack-destination", str(into)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    tarball = into / str(json.loads(answer)[0]["filename"])
    verified(tarball.read_bytes(), integrity)
    return tarball


def member(tarball: Path, path: str) -> bytes:
    """One file of an npm package; its files stand under `package/`."""
    with tarfile.open(tarball) as archive:
        file = archive.extractfile(f"package/{path}")
        if file is None:
            sys.exit(f"{tarball.name} has no file {path}")
        return file.read()


def unpack(name: str, files: dict[str, str], locked: dict[str, Any]) -> list[tuple[dict[str, str], bytes]]:
    """The wanted files of one package, each with its entry for VENDOR.json."""
    version = locked["version"]
    with tempfile.TemporaryDirectory() as folder:
        tarball = fetch(name, version, locked["integrity"], Path(folder))
        licence = json.loads(member(tarball, "package.json"))["license"]
        contents = {source: member(tarball, source) for source in files}
    return [
        (
            {
                "file": target,
                "name": name,
                "version": version,
                "licence": licence,
                "sha384": sha384(contents[source]),
                "source": f"{name}@{version}/{source}",
            },
            contents[source],
        )
        for source, target in files.items()
    ]


def replace_folder(unpacked: list[tuple[dict[str, str], bytes]], folder: Path) -> None:
    """Empties the folder and fills it again, so that nothing in it is without an entry."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for entry, content in unpacked:
        (folder / entry["file"]).write_bytes(content)
    entries = [entry for entry, _ in unpacked]
    (folder / "VENDOR.json").write_text(json.dumps(entries, indent=2) + "\n")


def main() -> None:
    """Fetches everything first: a failing download leaves the folder as it was."""
    wanted: dict[str, dict[str, str]] = json.loads((ROOT / "package.json").read_text())["vendor"]
    lock = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    unpacked = [
        pair for name, files in sorted(wanted.items()) for pair in unpack(name, files, lock[f"node_modules/{name}"])
    ]
    replace_folder(unpacked, VENDOR)


if __name__ == "__main__":
    main()
