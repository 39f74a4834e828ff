"""The learner at her browser."""

import pytest
from flask.testing import FlaskClient

from lms.parts import Parts
from tests.support.browser import session_for
from tests.support.cast import Cast


@pytest.fixture
def lifang(client: FlaskClient, parts: Parts, cast: Cast) -> FlaskClient:
    """李芳, signed in."""
    session_for(client, parts, cast.lifang)
    return client
