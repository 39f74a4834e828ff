"""Every file of a day that is over, CSV, XLSX and paper, is the same bytes whenever it is asked for."""

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import time_machine
from flask import Flask
from flask.testing import FlaskClient

from lms import clock
from lms.domain.errors import Refused
from lms.domain.reporting import ReportKind
from lms.parts import Parts
from lms.signer import folder_of, run_round
from tests.support.browser import session_for
from tests.support.cast import NOON, Cast
from tests.support.days import HOUR, Days
from tests.support.study import WoundClock, now

BASE, DAY = "/institution/reports", NOON.date()


def addresses(days: Days) -> list[str]:
    """Each report in each format, and papers that bear the name of a class or place which will be called otherwise."""
    told = [f"{BASE}/{kind}.{file_format}?as_of={DAY}" for kind in ReportKind for file_format in ("csv", "xlsx", "pdf")]
    told += [f"{BASE}/{kind}.pdf?as_of={DAY}&cohort={days.draft}" for kind in ("completion", "progress")]
    return [*told, f"{BASE}/rollup.pdf?as_of={DAY}&organisation={days.places.branch}"]


def fetch(client: FlaskClient, days: Days) -> dict[str, bytes]:
    """All of them as they are made now."""
    found = {}
    with time_machine.travel(now()):
        session_for(client, days.parts, days.cast.zhoumin)
        for address in addresses(days):
            answer = client.get(address)
            assert answer.status_code == 200, address
            found[address] = answer.data
    return found


def do(days: Days, *acts: Callable[[], object]) -> None:
    for act in acts:
        with suppress(Refused):
            act()
        days.wait(60_000)


def sign(parts: Parts) -> None:
    assert parts.note_signer is not None
    run_round(parts.database, parts.note_signer, folder_of(parts.config), now=now())


def test_a_file_of_a_past_day_stays_the_same_bytes(
    client: FlaskClient, parts: Parts, cast: Cast, wound: WoundClock, app: Flask
) -> None:
    days = Days(parts, cast, wound, app, random.Random(3))
    do(days, days.enter, days.enter, days.enter, days.plan, days.study, days.quiz, days.exam, days.practise)
    do(days, days.complete, days.leave)
    wound.forward(24 * HOUR)
    sign(parts)
    then = fetch(client, days)
    assert fetch(client, days) == then
    do(days, days.rename, days.renumber, days.redraft, days.rename_place, days.regrade, days.take_out, days.take_out)
    do(days, days.enter, days.study, days.void, days.quiz, days.exam, days.practise, days.answer, days.paper)
    do(days, days.call_off, days.rename, days.redraft, days.regrade, days.rename_place)
    wound.forward(24 * HOUR)
    sign(parts)
    after = fetch(client, days)
    assert [address for address, data in after.items() if data != then[address]] == []
    with time_machine.travel(now()):
        present = client.get(f"{BASE}/completion.csv?as_of={clock.civil_day(now()) - timedelta(days=1)}").data
    assert present != then[f"{BASE}/completion.csv?as_of={DAY}"]
