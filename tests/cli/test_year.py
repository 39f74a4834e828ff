"""`lms year --database`: a small year with its money on both databases, reconciled by the script alone."""

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from lms import schema
from lms.cli.year import year as command
from lms.db import Database
from lms.services.demo import year
from lms.services.demo.year import written
from lms.services.demo.year.plan import CHANGE_ON

SMALL = ("--learners", "60", "--cohorts", "4", "--seed", "3")
COPIED = ("fund_entries", "fund_payments", "bank_statement_rows")
BREAKS = {
    "postings_to_payments": "UPDATE fund_entries SET amount_fen = amount_fen + 1 WHERE posting_id = "
    "(SELECT id FROM fund_postings WHERE kind = 'paid' ORDER BY number LIMIT 1)",
    "payments_to_batches": "UPDATE fund_payments SET amount_fen = amount_fen - 1 WHERE place = 1",
    "ledger_to_bank": "UPDATE bank_statement_rows SET amount_fen = amount_fen - 1 WHERE receipt LIKE 'PY%'",
}


@pytest.fixture
def run(environment, monkeypatch):
    """Runs the command with the settings of this test."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return lambda *more: CliRunner().invoke(command, [*SMALL, "--database", environment["LMS_DATABASE_URL"], *more])


def check(parts, *breaks):
    """What the script finds, after these statements on copies that nobody keeps."""
    with parts.database.transaction() as session:
        for table in COPIED:
            session.execute(text(f"CREATE TEMPORARY TABLE {table} AS SELECT * FROM {table}"))  # noqa: S608
        for each in breaks:
            session.execute(text(each))
        found = {each.name: each.breaches for each in written.check(session)}
        session.rollback()
    return found


def test_a_year_reconciles_and_what_was_broken_afterwards_is_found(run, parts):
    told = run()
    assert told.exit_code == 0, told.output
    assert "reconciled: 28 checks, no breach" in told.output
    assert not any(check(parts).values())
    for name, statement in BREAKS.items():
        assert check(parts, statement)[name], name
    with parts.database.transaction(write=False) as session:
        found = written.totals(session)
    plan = year.make(60, 4, 3)
    early = sum(each.opens_on < CHANGE_ON for each in plan.classes)
    assert list(found.pins.values()) == [early, len(plan.classes) - early]
    kinds = {"appropriation", "batch", "dropped", "sent", "paid", "returned", "repaid", "clawback"}
    assert set(found.postings) == kinds
    assert {"paid", "refused", "clawed_back"} <= set(found.lines)
    paid, returned, repaid, back = (found.postings[each][1] for each in ("paid", "returned", "repaid", "clawback"))
    assert paid - returned + repaid - back == found.lines["paid"][1]
    again = run()
    assert again.exit_code == 2
    assert "into an empty one only" in again.output


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_the_same_seed_comes_to_the_same(run, parts, tmp_path):
    def sums(path):
        database = Database(f"sqlite:///{tmp_path / path}")
        schema.upgrade(database)
        list(written.write(database, parts.keyring, year.make(20, 2, 5)))
        with database.transaction(write=False) as session:
            found = written.totals(session)
        database.close()
        return found

    assert sums("one.db") == sums("other.db")


def test_a_database_without_tables_is_refused(run, environment, empty_url):
    told = CliRunner().invoke(command, [*SMALL, "--database", empty_url], env=environment)
    assert told.exit_code == 2
    assert "not migrated" in told.output
