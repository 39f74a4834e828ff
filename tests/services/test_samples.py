"""Samples: drawn in scope, made again from the seed on record, findings appended, nobody else's business."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.domain import sampling
from lms.domain.errors import NotFound, Refused
from lms.domain.roles import Role
from lms.domain.sampling import Finding, SampleKind
from lms.models.audit import AuditEvent
from lms.models.dossiers import SampleFinding, SampleItem
from lms.models.enrollments import Enrollment
from lms.models.study import StudyInterval
from lms.parts import Parts
from lms.services import enrollments, samples
from lms.services.samples import SampleView
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast
from tests.support.classroom import Classroom
from tests.support.ledger import Scribe

SEED = "0123456789abcdef"


@pytest.fixture
def busy(parts: Parts, cast: Cast) -> Parts:
    """李芳 studied four intervals; eleven more people are in the institution's classes."""
    scribe = Scribe(parts, cast)
    for at in range(4):
        scribe.study("say-hello", (at * 10_000, at * 10_000 + 10_000), NOON + timedelta(minutes=at))
    return parts


def draw(parts: Parts, cast: Cast, kind: SampleKind, wanted: int, actor: Actor | None = None) -> SampleView:
    who = actor or cast.wujian
    with parts.database.transaction() as session:
        place = samples.place_of(session, who, cast.kangning)
        made = samples.draw(session, who, place, kind, wanted, seed=SEED, now=NOON)
    return read(parts, cast, made)


def read(parts: Parts, cast: Cast, made: uuid.UUID) -> SampleView:
    with parts.database.transaction(write=False) as session:
        return samples.get(session, parts.keyring, cast.wujian, made)


def test_a_draw_can_be_made_again_from_what_is_on_record(busy: Parts, cast: Cast) -> None:
    found = draw(busy, cast, SampleKind.INTERVALS, 3)
    with busy.database.transaction(write=False) as session:
        ids = list(session.scalars(select(StudyInterval.id).order_by(StudyInterval.id)))
        act = session.scalars(select(AuditEvent).where(AuditEvent.action == "sample.draw")).one()
    assert [item.interval_id for item in found.items] == sampling.draw(SEED, ids, 3)
    assert (found.population, found.wanted) == (4, 3)
    assert found.population_hash == sampling.population_hash(map(str, ids))
    assert act.detail["seed"] == SEED
    assert act.detail["population_hash"] == found.population_hash
    assert (act.account_id, act.organisation_id) == (cast.wujian.account_id, cast.kangning)
    assert {(item.name, item.number, item.lesson, item.verdict) for item in found.items} == {
        ("李芳", "219999********0026", "怎么问好", "credited")
    }


def test_learners_are_drawn_from_her_institutions_only(busy: Parts, cast: Cast) -> None:
    found = draw(busy, cast, SampleKind.LEARNERS, 10)
    assert [item.enrollment_id for item in found.items] == [cast.enrollment]
    assert found.wanted == 1


def test_the_last_finding_counts_and_all_stay(busy: Parts, cast: Cast) -> None:
    made = draw(busy, cast, SampleKind.INTERVALS, 2)
    for finding, words in ((Finding.QUESTION, "夜里两点学的"), (Finding.OK, ""), (Finding.PROBLEM, "本人说没有学过")):
        with busy.database.transaction() as session:
            samples.note(session, cast.wujian, made.id, 1, finding, words, now=NOON)
    found = read(busy, cast, made.id)
    assert [(item.finding, item.words) for item in found.items] == [("problem", "本人说没有学过"), ("", "")]
    assert found.counts == {"problem": 1, "": 1}
    with busy.database.transaction(write=False) as session:
        assert len(session.scalars(select(SampleFinding)).all()) == 3
        acts = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "sample.find").order_by(AuditEvent.id)
        ).all()
    assert [act.detail for act in acts][-1] == {"item": 1, "finding": "problem"}


@pytest.mark.parametrize(
    ("finding", "words", "code"),
    [
        (Finding.PROBLEM, "", "sample_words"),
        (Finding.OK, "x" * 501, "sample_words"),
        (Finding.QUESTION, "证件 219999198501010026", "words_personal"),
    ],
)
def test_words_are_asked_for(busy: Parts, cast: Cast, finding: Finding, words: str, code: str) -> None:
    made = draw(busy, cast, SampleKind.LEARNERS, 1)
    with pytest.raises(Refused, match=code), busy.database.transaction() as session:
        samples.note(session, cast.wujian, made.id, 1, finding, words, now=NOON)


def test_a_learner_who_left_the_class_leaves_the_draw_whole(parts: Parts, cast: Cast) -> None:
    made = draw(parts, cast, SampleKind.LEARNERS, 1)
    with parts.database.transaction() as session:
        enrollments.remove(session, cast.zhoumin, cast.cohort, cast.enrollment, now=NOON)
    (item,) = read(parts, cast, made.id).items
    assert (item.enrollment_id, item.name, item.number) == (cast.enrollment, "", "")


def test_strangers_draw_and_read_nothing(busy: Parts, cast: Cast) -> None:
    made = draw(busy, cast, SampleKind.LEARNERS, 1)
    elsewhere = Actor(cast.admin.account_id, None, "", frozenset({(Role.INSPECTOR, cast.anhe)}))
    colleague = Actor(cast.admin.account_id, None, "", frozenset({(Role.INSPECTOR, cast.kangning)}))
    with busy.database.transaction() as session:
        for place in ({"organisation_id": cast.kangning}, {"cohort_id": cast.cohort}):
            for who in (elsewhere, cast.zhoumin, cast.lifang):
                with pytest.raises(NotFound):
                    samples.place_of(session, who, **place)
        for who in (elsewhere, colleague, cast.zhoumin):
            with pytest.raises(NotFound):
                samples.get(session, busy.keyring, who, made.id)
            with pytest.raises(NotFound):
                samples.note(session, who, made.id, 1, Finding.OK, "", now=NOON)
            assert samples.list_own(session, who) == []
        assert [each.id for each in samples.list_own(session, cast.wujian)] == [made.id]
        with pytest.raises(NotFound):
            samples.note(session, cast.wujian, made.id, 2, Finding.OK, "", now=NOON)
        place = samples.place_of(session, elsewhere, cast.anhe)
        with pytest.raises(Refused, match="sample_nothing"):
            samples.draw(session, elsewhere, place, SampleKind.INTERVALS, 1, seed=SEED, now=NOON)


def test_one_class_alone(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        everybody = Classroom(session, cast, cast.cohort).learners(11)
        place = samples.place_of(session, cast.wujian, cohort_id=cast.cohort)
        made = samples.draw(session, cast.wujian, place, SampleKind.LEARNERS, 5, seed=SEED, now=NOON)
        ids = sorted([cast.enrollment, *(each.enrollment for each in everybody)])
        drawn = session.scalars(select(Enrollment.id).order_by(Enrollment.id)).all()
    assert set(ids) <= set(drawn)
    with parts.database.transaction(write=False) as session:
        rows = session.scalars(select(SampleItem).where(SampleItem.sample_id == made).order_by(SampleItem.place)).all()
    assert [row.enrollment_id for row in rows] == sampling.draw(SEED, ids, 5)
