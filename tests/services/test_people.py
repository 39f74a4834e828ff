"""One person per document over all institutions."""

import threading

import pytest
from sqlalchemy import func, select

from lms.domain.errors import Refused
from lms.domain.identity import DocumentType
from lms.models.people import Person
from lms.parts import Parts
from lms.services import people, sealed
from tests.support.cast import NOON, Cast
from tests.support.identity import LIFANG

NUMBER = "509999199006150033"


def register(parts: Parts, name: str = "赵 敏", number: str = NUMBER) -> Person:
    with parts.database.transaction() as session:
        return people.register(
            session,
            parts.keyring,
            name=name,
            document_type=DocumentType.RESIDENT_ID,
            number=number,
            now=NOON,
        )


def count(parts: Parts) -> int:
    with parts.database.transaction(write=False) as session:
        return session.scalar(select(func.count()).select_from(Person)) or 0


def test_a_person_is_made_once(parts: Parts) -> None:
    first = register(parts)
    again = register(parts, name="赵敏", number=" 509999 19900615 0033 ")
    assert again.id == first.id
    assert again.name == "赵 敏"  # as first typed
    assert count(parts) == 1


def test_the_number_is_stored_encrypted_and_bound_to_its_person(parts: Parts) -> None:
    made = register(parts)
    assert NUMBER not in made.document_sealed + made.pid
    assert sealed.open_document(parts.keyring, made.id, made.document_sealed) == NUMBER
    assert made.document_type == "resident_id"


def test_another_name_is_refused_and_tells_nothing(parts: Parts, cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        register(parts, name="李方", number="219999198501010026")
    assert (refused.value.code, refused.value.values) == ("person_name_differs", {})
    assert count(parts) == 2


@pytest.mark.parametrize(
    ("name", "number", "code"),
    [
        (" ", NUMBER, "name_missing"),
        ("赵敏", "509999199006150034", "document_check_digit"),
        ("赵敏", "810000199408230021", "document_wrong_type"),
    ],
)
def test_what_cannot_be_right_makes_nobody(parts: Parts, name: str, number: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        register(parts, name, number)
    assert refused.value.code == code
    assert count(parts) == 0


def test_the_kind_of_document_is_part_of_the_person(parts: Parts) -> None:
    """The same digits on another kind of document would be somebody else."""
    pids = {sealed.pid(parts.keyring, kind, NUMBER) for kind in DocumentType}
    assert len(pids) == len(DocumentType)


def test_two_institutions_at_once_make_one_person(parts: Parts) -> None:
    found = []
    start = threading.Barrier(8)

    def enter() -> None:
        start.wait(timeout=60)
        found.append(register(parts).id)

    threads = [threading.Thread(target=enter) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(found) == 8
    assert len(set(found)) == 1
    assert count(parts) == 1


def test_whose_document_is_found_to_be_anothers_leaves_nobody_behind(parts: Parts, cast: Cast) -> None:
    """Another transaction gave the number to 李芳 after it was looked for."""
    before = count(parts)
    asked = {"name": "赵敏", "document_type": DocumentType.RESIDENT_ID, "number": NUMBER, "now": NOON}
    with parts.database.transaction() as session:
        told = people.named(parts.keyring, **asked)  # type: ignore[arg-type]
        assert cast.lifang.person_id
        people.add_document(session, parts.keyring, cast.lifang.person_id, told.document, now=NOON)
        people._create_all(session, parts.keyring, [told], NOON)
    assert count(parts) == before
    with parts.database.transaction() as session:
        found = people.register_all(session, parts.keyring, [told], now=NOON)[told.pid]
        assert (found.person.id, found.is_named("赵敏")) == (cast.lifang.person_id, False)


def test_a_number_withdrawn_is_free_and_its_old_owner_stays_who_she_was(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        document = people.find_document(session, session.get_one(Person, cast.lifang.person_id).pid)
        assert document is not None
        people.withdraw_document(session, document, now=NOON)
    first, again = (register(parts, name="王红", number=LIFANG) for _ in range(2))
    assert first.id == again.id != cast.lifang.person_id
    with parts.database.transaction(write=False) as session:
        assert session.get_one(Person, cast.lifang.person_id).pid not in (first.pid, "")
