"""`lms privacy`: the rules in force, and the ledger that a restored database is put right by."""

import json
import uuid

from click.testing import CliRunner

from lms.cli.privacy import group
from lms.domain.identity import GONE
from lms.models.people import Person
from lms.parts import Parts
from lms.services.rights import erasing
from tests.support.cast import NOON, Cast


def run(environment: dict[str, str], command: str) -> str:
    result = CliRunner(env={"LC_ALL": "C", **environment}).invoke(group, [command])
    assert result.exit_code == 0, result.output
    return result.output


def test_rules_say_what_nobody_knows(environment: dict[str, str], parts: Parts, cast: Cast) -> None:
    told = run(environment, "rules").splitlines()
    assert told[0] == "training_records: not known  no source  -"
    assert told[1] == "completion_records: not known  no source  -"
    assert told[2].startswith("network_logs: 6 months")


def test_whoever_is_in_the_ledger_is_erased_again(environment: dict[str, str], parts: Parts, cast: Cast) -> None:
    assert cast.lifang.person_id
    ids = dict.fromkeys(("request", "proposed_by", "approved_by"), str(uuid.uuid4()))
    entry = {"person": str(cast.lifang.person_id), "erased_at": NOON.isoformat(), **ids}
    parts.store.put_bytes(erasing.ledger_key(cast.lifang.person_id), json.dumps(entry).encode(), "application/json")
    assert run(environment, "reapply") == "1 erased by the ledger, 1 erased again\n"
    with parts.database.transaction(write=False) as session:
        assert session.get_one(Person, cast.lifang.person_id).name == GONE
    assert run(environment, "reapply") == "1 erased by the ledger, 0 erased again\n"
