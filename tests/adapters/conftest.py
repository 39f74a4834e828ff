"""Real services and real clips: an S3 service on loopback, and ffmpeg."""

import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from lms.adapters.ffmpeg import find_ffmpeg
from lms.adapters.storage import StorageSettings, Store, open_store
from tests.adapters.swift import Swift


@pytest.fixture(scope="session")
def swift(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Swift]:
    cluster = Swift(tmp_path_factory.mktemp("swift"))
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


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
