"""What a dry run tells of people whom others brought has an end: nobody learns by trying who is on record."""

import pytest

from lms import clock
from lms.domain.errors import Conflict
from lms.domain.identity import DocumentType
from lms.parts import Parts
from lms.services import accounts, people, rosters
from lms.services.rosters import checking
from lms.services.rosters.states import READ, UNSEEN
from tests.support.cast import Cast
from tests.support.roster_acts import bring, checked, choose, row_of, rows_of
from tests.support.rosters import name, number, phone, plain, work, workbook


def test_names_that_do_not_belong_to_their_numbers_are_not_told_without_end(
    parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(checking.MOST_TOLD, "differs", 2)
    with parts.database.transaction() as session:
        for place in range(3):
            who = {"name": "另一个", "document_type": DocumentType.RESIDENT_ID, "number": number(place)}
            people.register(session, parts.keyring, now=clock.now(), **who)
    import_id = bring(parts, cast, workbook(plain(4)))
    work(parts)
    found = choose(parts, cast, import_id)
    assert (found.state, found.problem) == (READ, "roster_too_many_differ")
    assert [(each.state, each.remarks) for each in rows_of(parts, import_id).values()] == [(UNSEEN, [])] * 4
    with parts.database.transaction() as session, pytest.raises(Conflict, match="roster_moved_on"):
        rosters.failed_rows(session, parts.keyring, cast.zhoumin, import_id, now=clock.now())


def test_each_dry_run_of_a_file_counts_for_what_is_told_in_a_day(
    parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(checking.MOST_TOLD, "phones", 3)
    with parts.database.transaction() as session:
        who = {"name": name(0), "document_type": DocumentType.RESIDENT_ID, "number": number(0)}
        known = people.register(session, parts.keyring, now=clock.now(), **who)
        signs_in = {"person_id": known.id, "phone": phone(0), "organisation_id": cast.anhe}
        accounts.account_for_learner(session, parts.keyring, now=clock.now(), **signs_in)
    rows = plain(2)
    rows[1][4], rows[2][4] = phone(800), phone(0)  # hers is another one; somebody else has it
    import_id = checked(parts, cast, workbook(rows))
    assert row_of(parts, import_id).counts["phones"] == 2
    found = choose(parts, cast, import_id)
    assert (found.state, found.problem) == (READ, "roster_too_many_phones")
