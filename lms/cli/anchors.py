"""Options of whoever checks against checkpoints kept elsewhere."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click


def anchored(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command `--anchors` (files and folders) and `--key` (verifier keys), each as often as one likes."""
    key = click.option("--key", multiple=True, help="A verifier key, “name+hash+base64”.")
    anchors = click.option(
        "--anchors",
        multiple=True,
        type=click.Path(exists=True, path_type=Path),
        help="A checkpoint kept elsewhere, or a folder of them; *.vkey files in it are keys.",
    )
    return anchors(key(command))
