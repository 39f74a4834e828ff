"""`lms cases`: the look at once, and the count that says what honest persons pay."""

import json
from datetime import timedelta

from click.testing import CliRunner

from lms import clock
from lms.cli.cases import group
from lms.parts import Parts
from tests.support.cast import Cast
from tests.support.scribe import Scribe


def run(environment: dict[str, str], *arguments: str) -> str:
    result = CliRunner(env={"LC_ALL": "C", **environment}).invoke(group, list(arguments))
    assert result.exit_code == 0, result.output
    return result.output


def test_look_and_count(environment: dict[str, str], parts: Parts, cast: Cast) -> None:
    assert run(environment, "count") == "0 of 0 persons flagged (0.00 %)\n"
    now = clock.now() - timedelta(seconds=1)
    with parts.database.transaction() as session:
        Scribe(session, cast.foreign_enrollment, cast.lessons["say-hello"], now=now).open(0)
        on = Scribe(session, cast.enrollment, cast.lessons["say-hello"], now=now)
        on.beats(on.open(600_000), [590_000 - 20_000 * one for one in range(20)], 60_000)
    assert run(environment, "look") == "1 new flags\n"
    assert run(environment, "look") == "0 new flags\n"
    assert run(environment, "count") == "1 of 2 persons flagged (50.00 %)\n  impossible_advance: 1\n"
    told = json.loads(run(environment, "count", "--json"))
    assert told == {
        "persons": 2,
        "persons_flagged": 1,
        "flagged": {"impossible_advance": [str(cast.lifang.person_id)]},
    }
