"""`lms keys`: every sealed field moves to the new key, in steps that can stop; the old one is retired only then."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from lms import models
from lms.cli.keys import group
from lms.config import new_keys
from lms.crypto import Keyring
from lms.domain.roles import Role
from lms.domain.roster_columns import Field
from lms.domain.webhooks import Event
from lms.models.exchange import WebhookSubscription
from lms.models.rosters import EnrollmentDetail
from lms.parts import Parts
from lms.services import accounts, filings, identity, resealing, sealed
from lms.services import rosters as importing
from lms.services.exchange import webhooks
from lms.services.filings import books
from lms.services.rosters import details
from tests.support import filing, roster_acts, rosters
from tests.support.cast import NOON, PHONES, Cast
from tests.support.identity import FREE, Office

OTHER_KEYS = {
    "roster_imports",
    "roster_rows",
    "enrollment_details",
    "filings",
    "roster_changes",
    "webhook_subscriptions",
}
HOOK = "https://hooks.example.cn/kangxue"
FRESH = new_keys()["LMS_FIELD_KEYS"].removeprefix("k1:")


def run(environment: dict[str, str], *arguments: str, keys: str | None = None) -> Result:
    told = environment | ({"LMS_FIELD_KEYS": keys} if keys else {})
    return CliRunner(env={"LC_ALL": "C", **told}).invoke(group, list(arguments))


@pytest.fixture
def both(environment: dict[str, str]) -> str:
    """The new key before the old one."""
    return f"k2:{FRESH},{environment['LMS_FIELD_KEYS']}"


@pytest.fixture
def full(parts: Parts, cast: Cast) -> Parts:
    """Something is sealed in every field."""
    Office(parts, cast).number(FREE)
    with parts.database.transaction() as session:
        accounts.request_code(session, parts.keyring, phone=PHONES["lifang"], now=NOON)
    return parts


def test_every_sealed_column_is_known() -> None:
    """A column that is forgotten would keep an old key alive for ever, or lose what it holds."""
    columns = {f"{table.name}.{column.name}" for table in models.metadata.tables.values() for column in table.columns}
    assert {each for each in columns if each.endswith("_sealed")} == {field.name for field in resealing.FIELDS}


def test_everything_is_sealed_anew_and_can_be_read(
    full: Parts, cast: Cast, environment: dict[str, str], both: str
) -> None:
    assert run(environment, "status").exit_code == 0
    before = run(environment, "status", keys=both)
    assert (before.exit_code, "k1 is still needed" in before.output) == (1, True)
    result = run(environment, "rotate", "--batch", "2", keys=both)
    assert result.exit_code == 0, result.output
    assert "accounts.phone_sealed: 9 of 9" in result.output
    assert "people.document_sealed: 2 of 2" in result.output
    assert "k1 is needed no more" in result.output
    only = Keyring((("k2", bytes.fromhex(FRESH)),), full.keyring.index_key)
    with full.database.transaction(write=False) as session:
        assert {key for by_key in resealing.count(session).values() for key in by_key} == {"k2"}
        view = identity.of_learner(session, only, cast.zhoumin, cast.enrollment, now=NOON)
        (change,) = identity.list_of_learner(session, only, cast.zhoumin, cast.enrollment)
    assert (view.phone, view.documents[0].number, change.after) == (
        "199****0001",
        "219999********0026",
        "509999********0033",
    )
    assert run(environment, "rotate", keys=both).output.startswith("accounts.phone_sealed: 9 under k2")


def test_rows_with_other_keys_move_too_and_can_be_read(parts: Parts, cast: Cast) -> None:
    """Rosters, what they told of a learner, filings, their changes, secrets of programs."""
    keyring = parts.keyring
    ring = Keyring((("k2", bytes.fromhex(FRESH)), *keyring.field_keys), keyring.index_key)
    office = filing.Office(parts, cast).approved()
    brought = roster_acts.checked(parts, cast, rosters.workbook(rosters.plain(5)))
    with parts.database.transaction() as session:
        session.add(EnrollmentDetail(**details.row(keyring, cast.enrollment, {Field.EDUCATION: "初中"})))
        told: dict[str, Any] = {"reason": filing.REASON, "now": NOON, **filing.NEW}
        mine: tuple[Any, ...] = (session, keyring, cast.zhoumin)
        change = filings.propose_addition(*mine, office.cohort, **told)
        asked = {"organisation_id": cast.kangning, "address": HOOK, "events": [Event.COHORT_CHANGED.value]}
        hook_id, old = webhooks.subscribe(*mine, **asked, demo=False, now=NOON)
        fresh = webhooks.rotate(*mine, hook_id, now=NOON)
    steps = list(resealing.rotate(parts.database.transaction, ring, batch=2))
    assert [step.done for step in steps if step.field == "roster_rows.cells_sealed"] == [2, 4, 5]
    only = Keyring(ring.field_keys[:1], keyring.index_key)
    with parts.database.transaction() as session:
        found = resealing.count(session)
        assert {key for by_key in found.values() for key in by_key} == {"k2"}
        assert [name for name, by_key in found.items() if not by_key and name.split(".")[0] in OTHER_KEYS] == []
        view = importing.look(session, only, cast.zhoumin, brought)
        assert view.top.heading.titles[1] == "姓名"
        assert importing.samples(session, only, view)[1][0] == rosters.name(0)
        assert details.find_all(session, only, [cast.enrollment])[cast.enrollment] == {Field.EDUCATION: "初中"}
        row = session.get_one(WebhookSubscription, hook_id)
        held = (row.secret_sealed, row.old_secret_sealed or "")
        assert [sealed.open_webhook_secret(only, hook_id, each) for each in held] == [fresh, old]
        papers = books.read(session, only, cast.zhoumin, office.cohort, unmasked=True)
        assert papers.facts["phone"] == filing.SAID.phone
    with parts.database.transaction() as session:
        filings.decide_change(session, only, cast.admin, change, role=Role.PLATFORM, approved=True, now=NOON)


def test_files_that_wait_are_told_with_the_keys(parts: Parts, cast: Cast, environment: dict[str, str]) -> None:
    waits = "1 files of rosters wait"
    assert waits not in run(environment, "status").output
    roster_acts.bring(parts, cast, rosters.workbook(rosters.plain(1)))
    assert waits in run(environment, "status").output


def test_a_run_that_stops_goes_on_where_it_was(full: Parts, both: str) -> None:
    ring = Keyring((("k2", bytes.fromhex(FRESH)), *full.keyring.field_keys), full.keyring.index_key)
    for stopped in (1, 3):
        for step, _ in zip(range(stopped), resealing.rotate(full.database.transaction, ring, batch=2), strict=False):
            assert step < stopped
        with full.database.transaction(write=False) as session:
            assert resealing.count(session)["accounts.phone_sealed"]["k1"] > 0
    left = [(step.done, step.total) for step in resealing.rotate(full.database.transaction, ring, batch=100)]
    assert left[0][0] == left[0][1] < 9


def test_a_value_that_changes_meanwhile_is_not_overwritten(full: Parts, cast: Cast, both: str) -> None:
    ring = Keyring((("k2", bytes.fromhex(FRESH)), *full.keyring.field_keys), full.keyring.index_key)
    real, seal = full.keyring, ring.seal

    class Busy(Keyring):
        """Somebody gives the row a new number between reading and writing."""

        def seal(self, plain: str, place: str) -> str:
            if place.startswith("people:"):
                session.execute(text("UPDATE people SET document_sealed = 'k1:00'"))
            return seal(plain, place)

    with full.database.transaction() as session:
        busy = Busy(ring.field_keys, real.index_key)
        moved, _last = resealing._batch(session, busy, resealing.FIELDS[2], None, 10)
    assert moved == 0


def test_a_missing_key_and_a_moved_value_are_told(full: Parts, environment: dict[str, str], both: str) -> None:
    alone = run(environment, "rotate", keys=f"k2:{FRESH}")
    assert (alone.exit_code, "LMS_FIELD_KEYS does not hold" in alone.output) == (1, True)
    with full.database.transaction() as session:
        swap = "UPDATE accounts SET phone_sealed = (SELECT phone_sealed FROM accounts ORDER BY id DESC LIMIT 1)"
        session.execute(text(swap))
    moved = run(environment, "rotate", keys=both)
    assert (moved.exit_code, "cannot be opened" in moved.output) == (1, True)


def test_lms_keys_alone_prints_new_ones(tmp_path: Path) -> None:
    output = CliRunner().invoke(group, []).output
    assert output.splitlines()[1].startswith("LMS_FIELD_KEYS=k1:")
