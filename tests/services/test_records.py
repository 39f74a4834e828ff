"""Completion records against both databases: taken back by two people, issued anew, ended by time."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from lms.domain.errors import NotFound, Refused
from lms.domain.records import Decision, ProposalKind, RecordState, StateReason
from lms.domain.roles import Role
from lms.models.exchange import ChangeMark
from lms.models.people import Person
from lms.models.renewals import Validity
from lms.models.study import LessonProgress
from lms.parts import Parts
from lms.services import audit, records, reporting, reports
from lms.services.selections import EVERYBODY, Selection
from tests.support.cast import NOON, Cast
from tests.support.humans import one_human
from tests.support.identity import Office
from tests.support.records import LATER, Shelf, shelve


@pytest.fixture
def shelf(parts: Parts, cast: Cast) -> Shelf:
    return shelve(parts, cast)


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.code


def recorded(parts: Parts, cast: Cast) -> int:
    with parts.database.transaction(write=False) as session:
        return reporting.count_registered(session, cast.zhoumin, EVERYBODY, now=LATER)


def test_a_record_is_her_own_under_each_person_she_is_found_to_be(parts: Parts, cast: Cast, shelf: Shelf) -> None:
    proposal = shelf.propose()
    other = replace(cast.chenmo, roles=frozenset({(Role.INSTITUTION, cast.kangning)}))
    Office(parts, cast).join()
    assert refused(lambda: shelf.decide(proposal, other)) == "record_own"


def test_two_people_take_a_record_back_and_everybody_reads_why(parts: Parts, cast: Cast, shelf: Shelf) -> None:
    before = shelf.read()
    proposal = shelf.propose()
    assert shelf.read() == before
    assert refused(shelf.propose) == "record_proposal_waits"
    assert refused(lambda: shelf.decide(proposal, cast.zhoumin)) == "record_second_person"
    her = replace(cast.lifang, roles=frozenset({(Role.INSTITUTION, cast.kangning)}))
    assert refused(lambda: shelf.decide(proposal, her)) == "record_own"
    assert recorded(parts, cast) == 1
    shelf.decide(proposal)
    after = shelf.read()
    assert (after.body, after.facts_hash) == (before.body, before.facts_hash)
    assert (after.state, after.last.reason, after.last.at) == (RecordState.REVOKED, StateReason.FRAUD, LATER)
    assert after.intact
    assert refused(lambda: shelf.decide(proposal)) == "record_decided"
    assert refused(shelf.propose) == "record_state_closed"
    assert recorded(parts, cast) == 0
    shelf.refresh()
    assert shelf.last() == shelf.code  # the same verdict brings no new record
    with parts.database.transaction(write=False) as session:
        assert audit.knows(session, "record.decide", shelf.enrollment)
        assert records.find_code(session, shelf.enrollment) is None


def test_what_is_turned_down_changes_nothing(shelf: Shelf) -> None:
    before = shelf.read()
    shelf.decide(shelf.propose(), decision=Decision.REJECTED)
    assert shelf.read() == before
    shelf.decide(shelf.propose())  # may be asked for again


def test_reports_of_a_day_before_the_revocation_still_count_the_record(parts: Parts, cast: Cast, shelf: Shelf) -> None:
    shelf.decide(shelf.propose(now=LATER), now=NOON + timedelta(days=2))
    days = [NOON.date(), NOON.date() + timedelta(days=2)]
    with parts.database.transaction(write=False) as session:
        told = [Selection(as_of=day) for day in days]
        now = NOON + timedelta(days=9)
        found = [reporting.count_registered(session, cast.zhoumin, each, now=now) for each in told]
    assert found == [1, 0]


def test_a_record_is_issued_anew_from_what_is_true_today(parts: Parts, cast: Cast, shelf: Shelf) -> None:
    with parts.database.transaction() as session:
        session.execute(update(Person).where(Person.id == cast.lifang.person_id).values(name="欧阳芳"))
    before = shelf.read()
    shelf.decide(shelf.propose(ProposalKind.REISSUE, now=NOON), now=NOON)
    old, new = shelf.read(), shelf.read(shelf.last())
    assert (old.state, old.last.reason, old.last.successor) == (
        RecordState.SUPERSEDED,
        StateReason.CORRECTED,
        new.code,
    )
    assert (old.body, new.state) == (before.body, RecordState.VALID)
    assert (old.facts["name_masked"], new.facts["name_masked"]) == ("李*", "欧**")
    assert recorded(parts, cast) == 1
    with parts.database.transaction(write=False) as session:
        assert records.find_code(session, shelf.enrollment) == new.code
        rows = list(reports.completion_rows(session, parts.keyring, cast.zhoumin, selection=EVERYBODY, now=LATER))
        assert [row.record_code for row in rows if row.record_code] == [new.code]
    assert refused(lambda: shelf.propose(ProposalKind.REISSUE)) == "record_state_closed"


def test_what_is_not_earned_any_more_is_not_issued_anew(parts: Parts, shelf: Shelf) -> None:
    proposal = shelf.propose(ProposalKind.REISSUE, now=NOON)
    with parts.database.transaction() as session:
        session.execute(update(LessonProgress).values(credited_ms=0))
    before = shelf.read()
    assert refused(lambda: shelf.decide(proposal, now=NOON)) == "record_not_earned"
    assert (shelf.read(), shelf.last()) == (before, shelf.code)


def test_after_a_revocation_a_new_record_leaves_the_old_one_revoked(shelf: Shelf) -> None:
    shelf.decide(shelf.propose(now=NOON), now=NOON)
    shelf.decide(shelf.propose(ProposalKind.REISSUE, now=NOON), now=NOON)
    assert shelf.read().state is RecordState.REVOKED
    assert shelf.read(shelf.last()).state is RecordState.VALID


def test_time_ends_a_record_the_day_after_its_last(parts: Parts, cast: Cast, shelf: Shelf) -> None:
    with parts.database.transaction() as session:
        session.execute(update(Validity).values(valid_until=NOON.date()))
        assert records.lapse(session, now=NOON) == 0
    with parts.database.transaction() as session:
        assert records.lapse(session, now=LATER) == 1
        assert records.lapse(session, now=LATER) == 0
    found = shelf.read()
    assert (found.state, found.last.reason, found.intact) == (RecordState.EXPIRED, StateReason.LAPSED, True)
    assert recorded(parts, cast) == 1  # the training was completed


def test_validity_ends_with_the_last_record_and_goes_on_with_a_new_one(parts: Parts, shelf: Shelf) -> None:
    def ended() -> bool:
        with parts.database.transaction(write=False) as session:
            return session.get_one(Validity, shelf.enrollment).ended_at is not None

    shelf.decide(shelf.propose(now=NOON), now=NOON)
    assert ended()
    shelf.decide(shelf.propose(ProposalKind.REISSUE, now=NOON), now=NOON)
    assert not ended()


def test_strangers_find_nothing(parts: Parts, cast: Cast, shelf: Shelf) -> None:
    proposal = shelf.propose()
    for act in (
        lambda: shelf.propose(actor=cast.sunyue),
        lambda: shelf.decide(proposal, cast.sunyue),
        lambda: shelf.decide(uuid.uuid4()),
    ):
        with pytest.raises(NotFound):
            act()
    with parts.database.transaction(write=False) as session:
        with pytest.raises(NotFound):
            records.get_of_desk(session, cast.sunyue, Role.INSTITUTION, shelf.record, now=NOON)
        assert records.find_of_code(session, cast.sunyue, Role.INSTITUTION, shelf.code) is None
        assert records.find_of_enrollment(session, cast.sunyue, Role.INSTITUTION, shelf.enrollment) is None
        assert records.list_proposals(session, cast.sunyue, Role.INSTITUTION) == []
        assert records.list_own(session, cast.chenmo, now=NOON) == []
        assert [each.code for each in records.list_own(session, cast.lifang, now=NOON)] == [shelf.code]
        assert len(records.list_proposals(session, cast.admin, Role.PLATFORM)) == 1
        with pytest.raises(NotFound):
            records.get_public(session, "01ABC-DEFGH-JKMNP-QRSTV", now=NOON)


def test_other_systems_hear_of_a_change_of_state(parts: Parts, shelf: Shelf) -> None:
    shelf.decide(shelf.propose())
    with parts.database.transaction(write=False) as session:
        marks = session.execute(select(ChangeMark.kind).where(ChangeMark.subject_id == shelf.enrollment))
        assert {"certificate", "record_state"} <= set(marks.scalars())


def test_two_accounts_of_one_human_are_not_two_people(parts: Parts, cast: Cast, shelf: Shelf) -> None:
    proposer, again = one_human(parts, cast, [cast.zhoumin, shelf.second])
    proposal = shelf.propose(actor=proposer)
    assert refused(lambda: shelf.decide(proposal, again)) == "record_second_person"
    with parts.database.transaction(write=False) as session:
        (row,) = records.list_proposals(session, again, Role.INSTITUTION)
    assert row.is_mine
