"""Archives of a class: none outlives a learner's wish, however far it was, and no institution asks without end."""

import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from lms import clock, worker
from lms.domain.errors import NotFound, TooMany
from lms.domain.rights import Asked
from lms.domain.roles import Role
from lms.models.jobs import Job
from lms.parts import Parts
from lms.services import archives, dossiers, jobs, media, papers
from lms.services.rights import erasing, requests
from tests.support.cast import NOON, Cast
from tests.support.papered import issue_class
from tests.support.study import now

AT = NOON + timedelta(hours=2)


def make(parts: Parts) -> None:
    """Whatever is asked for."""
    with parts.database.transaction(write=False) as session:
        found = select(Job.id).where(Job.kind.in_([papers.MAKE, dossiers.MAKE]), Job.state == jobs.QUEUED)
        waiting = session.scalars(found).all()
    for each in waiting:
        worker.run(parts, each)


def ask_all(parts: Parts, cast: Cast) -> tuple[uuid.UUID, uuid.UUID, uuid.UUID]:
    """Certificates, the institution's dossier, and an inspector's."""
    with parts.database.transaction() as session:
        bundle = papers.ask(session, cast.zhoumin, cast.cohort, now=clock.now())
        own = dossiers.ask(session, cast.zhoumin, Role.INSTITUTION, cast.cohort, now=clock.now())
        theirs = dossiers.ask(session, cast.wujian, Role.INSPECTOR, cast.cohort, now=clock.now())
    return bundle, own, theirs


def states(parts: Parts, cast: Cast, asked: tuple[uuid.UUID, uuid.UUID, uuid.UUID]) -> list[str]:
    with parts.database.transaction(write=False) as session:
        return [
            papers.get(session, cast.zhoumin, asked[0]).state,
            dossiers.get(session, cast.zhoumin, Role.INSTITUTION, asked[1]).state,
            dossiers.get(session, cast.wujian, Role.INSPECTOR, asked[2]).state,
        ]


def restrict(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        requests.ask(session, cast.lifang, Asked.DELETION, "", now=clock.now())


def erase(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        assert cast.lifang.person_id
        erasing.overwrite(session, parts.keyring, cast.lifang.person_id, clock.now())


def objects(parts: Parts) -> list[str]:
    """What lies in the store once everything asked to leave it has left."""
    with parts.database.transaction(write=False) as session:
        leaving = session.scalars(select(Job.id).where(Job.kind == media.FORGET)).all()
    for each in leaving:
        worker.run(parts, each)
    return [*parts.store.list("papers/"), *parts.store.list("dossiers/")]


@pytest.mark.parametrize(
    ("wish", "left"), [(restrict, ["removed", "removed", "ready"]), (erase, ["removed", "removed", "removed"])]
)
def test_what_is_there_is_taken_away_at_once(parts: Parts, cast: Cast, wish: object, left: list[str]) -> None:
    issue_class(parts, cast)
    asked = ask_all(parts, cast)
    make(parts)
    assert states(parts, cast, asked) == ["ready"] * 3
    wish(parts, cast)  # type: ignore[operator]
    assert states(parts, cast, asked) == left
    with parts.database.transaction() as session:
        with pytest.raises(NotFound):
            papers.open_file(session, cast.zhoumin, asked[0], now=now())
        with pytest.raises(NotFound):
            dossiers.open_file(session, cast.zhoumin, Role.INSTITUTION, asked[1], now=now())
    assert len(objects(parts)) == left.count("ready")


@pytest.mark.parametrize(
    ("wish", "left"), [(restrict, ["removed", "removed", "ready"]), (erase, ["removed", "removed", "removed"])]
)
def test_what_is_being_made_is_not_handed_out(
    parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch, wish: object, left: list[str]
) -> None:
    issue_class(parts, cast)
    asked = ask_all(parts, cast)
    kept = parts.store.put_file
    done: list[str] = []

    def wish_first(key: str, *told: object) -> None:
        if not done:
            wish(parts, cast)  # type: ignore[operator]
        done.append(key)
        kept(key, *told)  # type: ignore[arg-type]

    monkeypatch.setattr(parts.store, "put_file", wish_first)
    make(parts)
    assert len(done) == 3
    assert states(parts, cast, asked) == left
    assert len(objects(parts)) == left.count("ready")


def test_who_asks_again_gets_one_without_her(parts: Parts, cast: Cast) -> None:
    issue_class(parts, cast)
    first = ask_all(parts, cast)
    restrict(parts, cast)
    again = ask_all(parts, cast)
    make(parts)
    assert (again[0] != first[0], again[1] != first[1]) == (True, True)
    assert states(parts, cast, again) == ["ready"] * 3
    with parts.database.transaction(write=False) as session:
        assert papers.get(session, cast.zhoumin, again[0]).made == 2


def ask_dossier(parts: Parts, cast: Cast, at: datetime) -> uuid.UUID:
    with parts.database.transaction() as session:
        return dossiers.ask(session, cast.zhoumin, Role.INSTITUTION, cast.cohort, now=at)


def refused(parts: Parts, cast: Cast, at: datetime) -> str:
    with pytest.raises(TooMany) as told:
        ask_dossier(parts, cast, at)
    assert told.value.retry_after_seconds > 0
    return told.value.code


def test_no_institution_asks_for_all_at_once(parts: Parts, cast: Cast) -> None:
    for minute in range(archives.MOST_MAKING):
        ask_dossier(parts, cast, AT + timedelta(minutes=minute))
    later = AT + timedelta(minutes=30)
    assert refused(parts, cast, later) == "archives_making"
    with parts.database.transaction() as session:  # an inspector has her own
        dossiers.ask(session, cast.wujian, Role.INSPECTOR, cast.cohort, now=later)
        waiting = session.scalars(select(Job.id).where(Job.kind == dossiers.MAKE).order_by(Job.id)).first()
        assert waiting
        jobs.cancel(session, waiting, now=later)
    ask_dossier(parts, cast, later)


def test_no_institution_asks_all_day(parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_A_DAY", 2)
    for minute in range(2):
        ask_dossier(parts, cast, AT + timedelta(minutes=minute))
    assert refused(parts, cast, AT + timedelta(hours=3)) == "archives_day"
    ask_dossier(parts, cast, AT + timedelta(days=1))
