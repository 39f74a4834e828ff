"""I11: a crash at any instant loses nothing that was confirmed and leaves nothing by halves (study-time.md)."""

import uuid
from pathlib import Path

import pytest

from lms.cli import aftermath, storm
from lms.cli.crowd import Kept
from lms.cli.rig import Rig

SECONDS = 240


def test_i11_no_confirmed_heartbeat_is_lost_when_the_server_is_killed(empty_url: str, tmp_path: Path) -> None:
    told = storm.run(tmp_path / "storm", empty_url, clients=8, kills=3, seconds=SECONDS)
    assert told.findings.faults == []
    assert told.kills == 3
    assert 0 < told.findings.confirmed <= told.findings.stored


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_the_aftermath_tells_what_is_missing(empty_url: str, tmp_path: Path) -> None:
    made = Rig(tmp_path / "storm", empty_url)
    (learner,) = made.prepare(1)
    found = aftermath.look(made.parts.database, [Kept(learner.session, 1, b"{}"), Kept(uuid.uuid4(), 1, b"{}")])
    made.close()
    assert [fault.rpartition(": ")[2] for fault in found.faults] == ["confirmed, and lost"] * 2
    assert not found.are_clean
