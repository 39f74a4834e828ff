"""What a department is told: sums of places, no number of few people, and nothing that gives one away lower down."""

import uuid

import pytest
from sqlalchemy.orm import Session

from lms.domain.errors import NotFound
from lms.domain.organisations import Kind
from lms.models.base import new_id
from lms.models.people import Person
from lms.parts import Parts
from lms.services import statistics
from lms.services.statistics import Cell
from tests.support.cast import NOON, Cast, Stage
from tests.support.places import Places, add, place


@pytest.fixture
def places(parts: Parts, cast: Cast) -> Places:
    with parts.database.transaction() as session:
        return place(session, parts.keyring, cast)


def enroll_many(session: Session, cohort: uuid.UUID, count: int) -> None:
    """So many learners more, who need no numbers here."""
    on = Stage(session)
    for _ in range(count):
        made = Person(
            id=new_id(), pid=uuid.uuid4().hex, name="某", document_type="x", document_sealed="", created_at=NOON
        )
        session.add(made)
        session.flush()
        on.enroll(cohort, made.id)


def people(cells: tuple[Cell, ...]) -> dict[str, int | None]:
    return {each.name: each.people for each in cells}


def test_small_numbers_are_hidden_here_and_below(parts: Parts, cast: Cast, places: Places) -> None:
    with parts.database.transaction() as session:
        assert cast.chenmo.person_id
        school = add(session, "西岭技校", Kind.SCHOOL, places.west)
        big, _ = Stage(session).cohort(school, cast.version, "大班", cast.chenmo.person_id)
        enroll_many(session, big, 30)
        enroll_many(session, cast.cohort, 11)
    with parts.database.transaction(write=False) as session:
        city = statistics.board(session, places.majing, places.city)
        east = statistics.board(session, places.majing, places.east)
        west = statistics.board(session, places.majing, places.west)
        top = statistics.overview(session, places.majing)
    assert people(top.cells) == {"云川市": 43}
    assert people(city.cells) == {"东湖区": 12, "西岭区": 31}
    assert people(east.cells) == {"康宁养老服务中心": 12}
    assert people(west.cells) == {"安和护理院": None, "西岭技校": None}  # 陈默 alone; 31 less 31 would give him away
    assert west.hides
    assert [(each.completed, each.credited_ms) for each in west.cells] == [(None, None)] * 2
    assert (west.here and west.here.people, west.path) == (31, ((places.city, "云川市"),))


def test_what_is_hidden_above_is_hidden_below(parts: Parts, cast: Cast, places: Places) -> None:
    """The east has one learner: its table cannot say that its one institution has many, nor the west's that it has."""
    with parts.database.transaction() as session:
        enroll_many(session, cast.foreign_cohort, 40)
    with parts.database.transaction(write=False) as session:
        city = statistics.board(session, places.majing, places.city)
        west = statistics.board(session, places.majing, places.west)
    assert people(city.cells) == {"东湖区": None, "西岭区": None}
    assert people(west.cells) == {"安和护理院": None}
    assert [(each.institutions, each.cohorts) for each in city.cells] == [(2, 1), (1, 1)]


def test_there_is_no_table_of_one_institution_nor_of_another_city(parts: Parts, cast: Cast, places: Places) -> None:
    with parts.database.transaction() as session:
        elsewhere = add(session, "别的市", Kind.CITY, None)
    with parts.database.transaction(write=False) as session:
        for where in (cast.kangning, places.branch, places.bureau, elsewhere, uuid.uuid4()):
            with pytest.raises(NotFound):
                statistics.board(session, places.majing, where)
        for who in (places.linlan, cast.wujian, cast.zhoumin):
            assert statistics.overview(session, who).cells == ()
