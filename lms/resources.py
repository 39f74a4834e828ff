"""Finds templates, migrations and courses inside the installed package, or beside it in a checkout."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def find(name: str) -> Path:
    """The folder `name` of this installation; raises FileNotFoundError where a build left it out."""
    for place in (PACKAGE / name, PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"{name} is neither in the package nor beside it")


def checkout() -> Path | None:
    """The root of the source checkout this runs from, or None when installed from a wheel."""
    root = PACKAGE.parent
    return root if (root / "pyproject.toml").is_file() else None
