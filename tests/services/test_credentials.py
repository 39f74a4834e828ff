"""Credentials of records: signed once, kept byte for byte, withdrawn for good; keys that change."""

import json
import random
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from lms.adapters import data_integrity, vc_jwt
from lms.adapters.data_integrity import NotGenuine
from lms.db import Session
from lms.domain import status_list
from lms.domain.credentials import Withdrawal
from lms.domain.errors import NotFound
from lms.models.audit import AuditEvent
from lms.models.credentials import Credential, CredentialKey, CredentialList
from lms.parts import Parts
from lms.services import credentials, resealing
from lms.services.credentials import Issued
from tests.support.cast import NOON
from tests.support.credentials import CODE, FACTS, ISSUER, Record, bit_of

LATER = NOON + timedelta(days=400)
OTHER = "ZBCDE-FGHJK-MNPQR-STVWX"


def drawing(*places: int) -> Callable[[int], int]:
    """Draws these, one after the other, then any."""
    left = list(places)
    return lambda below: left.pop(0) if left else random.Random(5).randrange(below)


def issue(
    parts: Parts, record: Record | None = None, draw: Callable[[int], int] | None = None, now: datetime = NOON
) -> Issued:
    with parts.database.transaction() as session:
        return credentials.issue(session, parts.keyring, ISSUER, record or Record(), draw or drawing(7), now=now)


def verified(session: Session, made: Issued) -> bool:
    """Whether each of the three forms verifies against the keys published today."""
    data_integrity.verify(json.loads(made.document), credentials.trusted_methods(session, ISSUER))
    vc_jwt.verify(made.token, credentials.token_keys(session, ISSUER))
    vc_jwt.read_compact(made.compact, credentials.compact_keys(session))
    return True


def listed(parts: Parts, number: int = 1, now: datetime = NOON) -> str:
    """The encoded bits of a status list, as signed; its signature is checked on the way."""
    with parts.database.transaction() as session:
        found = credentials.current_list(session, parts.keyring, ISSUER, number, now=now)
        assert found is not None
        read = data_integrity.verify(json.loads(found), credentials.trusted_methods(session, ISSUER))
    encoded: str = read["credentialSubject"]["encodedList"]
    return encoded


def test_it_is_signed_once_and_stays_byte_for_byte(parts: Parts) -> None:
    made = issue(parts)
    changed = Record(facts={**FACTS, "name_masked": "王*", "course": "改过的课程"})
    assert issue(parts, changed, now=LATER) == made
    with parts.database.transaction(write=False) as session:
        assert verified(session, made)
        assert session.scalar(select(func.count()).select_from(CredentialKey)) == 2
        acts = list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))
    assert acts == ["credential.key", "credential.key", "credential.sign"]


def test_what_was_signed_cannot_be_changed_in_the_database(parts: Parts) -> None:
    issue(parts)
    for act in ("UPDATE credentials SET edition = 9", "DELETE FROM credentials"):
        with pytest.raises(DBAPIError, match="never changed"), parts.database.transaction() as session:
            session.execute(text(act))


def test_private_keys_lie_sealed_and_are_sealed_anew_with_the_rest(parts: Parts) -> None:
    issue(parts)
    assert "credential_keys.private_sealed" in {field.name for field in resealing.FIELDS}
    with parts.database.transaction(write=False) as session:
        kept = list(session.scalars(select(CredentialKey.private_sealed)))
    assert all("PRIVATE KEY" not in each and each.startswith("k1:") for each in kept)


def test_places_are_drawn_and_never_taken_twice(parts: Parts) -> None:
    issue(parts, draw=drawing(7))
    issue(parts, Record(code=OTHER), drawing(7, 7, 9))
    with parts.database.transaction(write=False) as session:
        found = session.execute(select(Credential.code, Credential.list_index)).all()
    assert sorted(tuple(row) for row in found) == [(CODE, 7), (OTHER, 9)]


def test_a_list_that_is_half_full_is_followed_by_another(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status_list, "HALF", 1)
    issue(parts, draw=drawing(7))
    assert "/credentials/status/2#7" in issue(parts, Record(code=OTHER), drawing(7)).document
    assert not bit_of(listed(parts, 2), 7)


def test_a_withdrawn_record_has_its_bit_set_and_its_neighbour_has_not(parts: Parts) -> None:
    issue(parts, draw=drawing(7))
    issue(parts, Record(code=OTHER), drawing(9))
    before = listed(parts)
    with parts.database.transaction() as session:
        credentials.withdraw(session, CODE, Withdrawal.REVOKED, now=LATER)
        credentials.withdraw(session, CODE, Withdrawal.SUPERSEDED, now=LATER)
        assert credentials.withdrawal_of(session, CODE) is Withdrawal.REVOKED
        assert credentials.withdrawal_of(session, OTHER) is None
    after = listed(parts, now=LATER)
    assert [bit_of(each, 7) for each in (before, after)] == [False, True]
    assert not bit_of(after, 9)


def test_a_record_withdrawn_before_it_was_ever_signed_is_withdrawn_too(parts: Parts) -> None:
    with parts.database.transaction() as session:
        credentials.withdraw(session, CODE, Withdrawal.SUPERSEDED, now=NOON)
    issue(parts, draw=drawing(7))
    assert bit_of(listed(parts), 7)


def test_a_list_is_signed_anew_only_when_it_says_something_else(parts: Parts) -> None:
    issue(parts)
    listed(parts)
    with parts.database.transaction(write=False) as session:
        first = session.scalar(select(CredentialList.document))
    listed(parts, now=LATER)
    with parts.database.transaction(write=False) as session:
        assert session.scalar(select(CredentialList.document)) == first


def test_there_is_no_list_that_nobody_began(parts: Parts) -> None:
    with parts.database.transaction() as session:
        assert credentials.current_list(session, parts.keyring, ISSUER, 2, now=NOON) is None


def test_keys_change_and_what_the_old_ones_signed_stays_good(parts: Parts) -> None:
    old = issue(parts)
    with parts.database.transaction() as session:
        credentials.rotate(session, parts.keyring, now=LATER)
    new = issue(parts, Record(code=OTHER), drawing(9), now=LATER)
    assert issue(parts, now=LATER) == old
    with parts.database.transaction(write=False) as session:
        assert verified(session, old)
        assert verified(session, new)
        assert [key.signs for key in credentials.list_keys(session)] == [False, False, True, True]
        methods = credentials.did_document(session, ISSUER)["verificationMethod"]
    assert [each["type"] for each in methods] == ["JsonWebKey", "JsonWebKey", "Multikey", "Multikey"]


def test_what_a_stolen_key_signed_counts_no_more_and_is_signed_anew_in_its_place(parts: Parts) -> None:
    old = issue(parts, draw=drawing(7))
    with parts.database.transaction() as session:
        stolen = next(iter(credentials.compact_keys(session)))
        credentials.distrust(session, stolen, now=LATER)
    new = issue(parts, draw=drawing(), now=LATER)
    assert '"statusListIndex": "7"' in new.document
    with parts.database.transaction(write=False) as session:
        assert verified(session, new)
        with pytest.raises(NotGenuine):
            vc_jwt.read_compact(old.compact, credentials.compact_keys(session))
        assert ISSUER.method(stolen) not in credentials.did_document(session, ISSUER)["assertionMethod"]
    listed(parts, now=LATER)


def test_a_key_that_never_was_cannot_be_distrusted(parts: Parts) -> None:
    with pytest.raises(NotFound), parts.database.transaction() as session:
        credentials.distrust(session, "nobody", now=NOON)
