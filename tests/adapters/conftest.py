"""Stores of both kinds, and real clips."""

import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from lms.adapters.ffmpeg import find_ffmpeg
from lms.adapters.storage import StorageSettings, Store, open_store
from tests.support.swift import Swift


@pytest.fixture
def folder_store(tmp_path: Path) -> Store:
    return open_store(StorageSettings(kind="folder", folder=tmp_path / "objects"))


@pytest.fixture
def s3_store(swift: Swift) -> Store:
    return open_store(swift.settings(swift.new_bucket()))


@pytest.fixture(scope="session")
def ffmpeg() -> Path:
    return find_ffmpeg()


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory, ffmpeg: Path) -> Callable[..., Path]:
    """`clips(name, *arguments)`: what ffmpeg makes of the arguments, made once."""

    @cache
    def make(name: str, *arguments: str) -> Path:
        path = tmp_path_factory.mktemp("clip") / name
        command = [str(ffmpeg), "-v", "error", "-nostdin", "-y", *arguments, str(path)]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
        return path

    return make
