"""Everybody of these tests at her browser, on a day when the cohort is open."""

from collections.abc import Iterator

import pytest
import time_machine
from flask.testing import FlaskClient

from lms.parts import Parts
from tests.support.browser import session_for
from tests.support.cast import NOON, Cast


@pytest.fixture(autouse=True)
def in_winter() -> Iterator[None]:
    """The views read the clock themselves."""
    with time_machine.travel(NOON):
        yield


@pytest.fixture
def zhoumin(client: FlaskClient, parts: Parts, cast: Cast) -> FlaskClient:
    """康宁's staff, signed in."""
    session_for(client, parts, cast.zhoumin)
    return client
