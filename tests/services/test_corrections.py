"""Corrections: two people, nothing overwritten, before and after shown."""

import hashlib
import json
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms import clock
from lms.domain.corrections import CorrectionKind, Decision
from lms.domain.errors import NotFound, Refused
from lms.domain.evidence import leaf_of
from lms.domain.presence import CheckOutcome
from lms.domain.roles import Role
from lms.domain.study import EvidenceClass
from lms.models.corrections import Correction, CorrectionDecision, StudyVoid
from lms.models.evidence import EvidenceEntry
from lms.models.study import LessonProgress, StudyInterval, StudyLease, StudySegment
from lms.parts import Parts
from lms.services import audit, corrections, study_clock, study_progress
from lms.services.corrections import Attachment, Claim
from lms.services.scopes import Actor
from tests.support.cast import LESSON_MS, NOON, Cast
from tests.support.humans import one_human
from tests.support.scribe import Scribe

REASON = "这一段是别人用她的手机播放的"
NOTE = "看过录像，确实不是本人"
PNG = Attachment("签到表.png", b"\x89PNG\r\n\x1a\n and the rest")
CLAIM = Claim(EvidenceClass.ATTENDED, 0, 60_000, date(2026, 11, 22), time(9), time(9, 30))


@pytest.fixture
def segments(parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> list[uuid.UUID]:
    """李芳 has three segments in the first lesson: [0,20) twice covered, [20,40), and [10,40) offline."""
    monkeypatch.setattr(clock, "boot_counter_ms", lambda: 3_600_000)
    with parts.database.transaction() as session:
        now_ms = study_clock.read_ms(session)
        on = Scribe(session, cast.enrollment, cast.lessons["say-hello"], now=NOON, clock_ms=now_ms)
        source, at = on.open(600_000), now_ms - 500_000
        made = [
            on.interval(source, 1, (0, 20_000), at, wall=(at - 20_000, at)),
            on.interval(source, 2, (20_000, 40_000), at + 20_000, wall=(at, at + 20_000)),
            on.interval(
                source, 3, (10_000, 40_000), at + 90_000, wall=(at + 50_000, at + 80_000), evidence_class="offline"
            ),
        ]
        on.progress(40_000, {"online": 40_000})
        on.check(300_000, 5_000, CheckOutcome.PASSED)
        session.add(StudyLease(person_id=on.person_id, entries=on.entry))
        session.flush()
        study_progress.recompute(session, on.person_id, (cast.enrollment, cast.lessons["say-hello"]), now=NOON)
    return made


def second(cast: Cast) -> Actor:
    """Another account that works for the same institution."""
    return replace(cast.wanglei, roles=frozenset({(Role.INSTITUTION, cast.kangning)}))


def void(parts: Parts, cast: Cast, chosen: list[uuid.UUID], actor: Actor | None = None) -> uuid.UUID:
    with parts.database.transaction() as session:
        return corrections.propose_void(
            session,
            parts.store,
            actor or cast.zhoumin,
            cast.enrollment,
            cast.lessons["say-hello"],
            chosen,
            REASON,
            PNG,
            now=NOON,
        )


def credit(parts: Parts, cast: Cast, claim: Claim = CLAIM, file: Attachment | None = PNG) -> uuid.UUID:
    with parts.database.transaction() as session:
        return corrections.propose_credit(
            session,
            parts.store,
            cast.zhoumin,
            cast.enrollment,
            cast.lessons["say-hello"],
            claim,
            REASON,
            file,
            now=NOON,
        )


def decide(parts: Parts, actor: Actor, made: uuid.UUID, decision: Decision = Decision.APPROVED) -> None:
    desk = Role.PLATFORM if actor.has(Role.PLATFORM) else Role.INSTITUTION
    with parts.database.transaction() as session:
        corrections.decide(session, actor, desk, made, decision, NOTE, now=NOON)


def refused(act: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.code


def progress(parts: Parts, cast: Cast) -> tuple[list[Any], int, dict[str, int], int]:
    with parts.database.transaction(write=False) as session:
        row = session.get_one(LessonProgress, (cast.enrollment, cast.lessons["say-hello"]))
        return row.covered, row.credited_ms, row.by_class, row.confirmed_ms


def entries(session: Session) -> list[dict[str, Any]]:
    rows = session.scalars(select(EvidenceEntry).order_by(EvidenceEntry.number)).all()
    for row in rows:
        assert leaf_of(row.body) == row.leaf
    return [json.loads(row.body) for row in rows]


def test_a_void_takes_its_time_away_and_overwrites_nothing(parts: Parts, cast: Cast, segments: list[uuid.UUID]) -> None:
    assert progress(parts, cast) == ([[0, 40_000]], 40_000, {"online": 40_000}, 40_000)
    made = void(parts, cast, segments[:2])
    assert progress(parts, cast)[1] == 40_000
    with parts.database.transaction(write=False) as session:
        view = corrections.get_correction(session, second(cast), Role.INSTITUTION, made, now=NOON)
    assert (view.before.credited_ms, view.after.credited_ms) == (40_000, 30_000)  # type: ignore[union-attr]
    assert view.why_not is None
    assert [row.id for row in view.segments] == segments[:2]
    decide(parts, second(cast), made)
    assert progress(parts, cast) == ([[10_000, 40_000]], 30_000, {"offline": 30_000}, 30_000)
    with parts.database.transaction(write=False) as session:
        assert session.scalar(select(func.count(StudySegment.id))) == 3
        assert set(session.scalars(select(StudyVoid.segment_id))) == set(segments[:2])
        told = session.get_one(CorrectionDecision, made)
        assert (told.before_ms, told.after_ms, told.decision) == (40_000, 30_000, "approved")
        proposal, decision = entries(session)
        assert (proposal["kind"], decision["kind"], decision["previous"]) == (
            "correction",
            "decision",
            session.scalars(select(EvidenceEntry.leaf).order_by(EvidenceEntry.number)).first(),
        )
        assert sorted(decision["voided"]) == sorted(map(str, segments[:2])) == sorted(proposal["segments"])
        assert proposal["reason_hash"] == hashlib.sha256(f"{made}{REASON}".encode()).hexdigest()
        assert proposal["attachment_hash"] == hashlib.sha256(PNG.content).hexdigest()
        assert REASON not in json.dumps([proposal, decision], ensure_ascii=False)
        assert told.entry == decision["entry"] == 5
        for act in ("correction.propose", "correction.decide"):
            assert audit.knows(session, act, made)


def test_a_rejection_changes_nothing_but_is_kept(parts: Parts, cast: Cast, segments: list[uuid.UUID]) -> None:
    before = progress(parts, cast)
    made = void(parts, cast, segments)
    decide(parts, second(cast), made, Decision.REJECTED)
    assert progress(parts, cast) == before
    with parts.database.transaction(write=False) as session:
        assert session.scalar(select(func.count(StudyVoid.segment_id))) == 0
        assert entries(session)[-1]["decision"] == "rejected"
        own = corrections.list_own(session, cast.lifang)
    assert [(row.decision, row.before_ms, row.after_ms) for row in own] == [(Decision.REJECTED, 40_000, 40_000)]
    assert refused(lambda: decide(parts, second(cast), made)) == "correction_decided"


def test_time_by_hand_is_credited_beside_what_was_there(parts: Parts, cast: Cast, segments: list[uuid.UUID]) -> None:
    made = credit(parts, cast)
    with parts.database.transaction(write=False) as session:
        view = corrections.get_correction(session, cast.admin, Role.PLATFORM, made, now=NOON)
    assert view.started_at == NOON - timedelta(days=1, hours=3)
    assert (view.before.credited_ms, view.after.credited_ms) == (40_000, 60_000)  # type: ignore[union-attr]
    decide(parts, cast.admin, made)
    assert progress(parts, cast) == ([[0, 60_000]], 60_000, {"online": 40_000, "attended": 20_000}, 40_000)
    with parts.database.transaction(write=False) as session:
        row = session.scalars(select(StudyInterval).where(StudyInterval.source_id == made)).one()
        assert (row.evidence_class, row.verdict, row.credited_ms) == ("attended", "credited_in_part", 20_000)
        assert (row.studied_on, row.rule) == (date(2026, 11, 22), "correction-1")
        told = entries(session)[-1]
        assert (told["source"], told["class"], told["intervals"][0]["id"]) == (str(made), "attended", str(row.id))
        decided = session.get_one(CorrectionDecision, made)
        assert (decided.before_ms, decided.after_ms) == (40_000, 60_000) == (told["before_ms"], told["after_ms"])


def test_a_class_over_midnight_is_two_days(parts: Parts, cast: Cast, segments: list[uuid.UUID]) -> None:
    claim = replace(CLAIM, starts=time(23, 59, 30), ends=time(0, 0, 30), to_ms=60_000)
    made = credit(parts, cast, replace(claim, day=date(2026, 11, 21)))
    decide(parts, second(cast), made)
    with parts.database.transaction(write=False) as session:
        rows = select(StudyInterval.studied_on, StudyInterval.from_ms, StudyInterval.to_ms)
        found = session.execute(rows.where(StudyInterval.source_id == made).order_by(StudyInterval.part)).all()
    assert [tuple(row) for row in found] == [
        (date(2026, 11, 21), 0, 30_000),
        (date(2026, 11, 22), 30_000, 60_000),
    ]


def test_wall_time_is_used_once_and_the_clash_is_named(parts: Parts, cast: Cast, segments: list[uuid.UUID]) -> None:
    first = credit(parts, cast)
    twice = credit(parts, cast, replace(CLAIM, starts=time(9, 29, 0), ends=time(9, 40), from_ms=60_000, to_ms=90_000))
    decide(parts, second(cast), first)
    with pytest.raises(Refused) as refusal:
        decide(parts, second(cast), twice)
    assert refusal.value.code == "correction_wall_used"
    assert refusal.value.values["title"]
    assert refusal.value.values["to"] == "09:30:00"
    assert refused(lambda: credit(parts, cast)) == "correction_wall_used"


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        (replace(CLAIM, evidence_class=EvidenceClass.ONLINE), "correction_class"),
        (replace(CLAIM, to_ms=LESSON_MS + 1), "correction_range"),
        (replace(CLAIM, starts=time(9, 29, 30)), "correction_wall_short"),
        (replace(CLAIM, day=date(2026, 11, 23), starts=time(11, 50), ends=time(12, 0, 0)), "correction_future"),
        (replace(CLAIM, day=date(2026, 10, 31)), "correction_outside_cohort"),
    ],
)
def test_time_by_hand_that_cannot_have_been(
    parts: Parts, cast: Cast, segments: list[uuid.UUID], claim: Claim, code: str
) -> None:
    assert refused(lambda: credit(parts, cast, claim)) == code


def test_time_by_hand_needs_its_paper(parts: Parts, cast: Cast, segments: list[uuid.UUID]) -> None:
    assert refused(lambda: credit(parts, cast, file=None)) == "attachment_missing"
    assert refused(lambda: credit(parts, cast, file=Attachment("x.png", b"MZ"))) == "attachment_kind"
    big = Attachment("x.png", PNG.content + bytes(5 * 1024 * 1024))
    assert refused(lambda: credit(parts, cast, file=big)) == "attachment_too_large"


def test_it_takes_two_people(parts: Parts, cast: Cast, segments: list[uuid.UUID]) -> None:
    made = void(parts, cast, segments[:1])
    assert refused(lambda: decide(parts, cast.zhoumin, made)) == "correction_second_person"
    her = replace(cast.lifang, roles=frozenset({(Role.INSTITUTION, cast.kangning)}))
    assert refused(lambda: decide(parts, her, made)) == "correction_own"
    assert refused(lambda: void(parts, cast, segments[:1], her)) == "correction_own"


def test_two_voids_of_one_segment_end_in_one(parts: Parts, cast: Cast, segments: list[uuid.UUID]) -> None:
    one, other = void(parts, cast, segments[:2]), void(parts, cast, segments[1:])
    decide(parts, second(cast), one)
    assert refused(lambda: decide(parts, second(cast), other)) == "correction_segments_changed"
    assert refused(lambda: void(parts, cast, segments[:1])) == "correction_segments_changed"
    assert refused(lambda: void(parts, cast, [])) == "correction_nothing_chosen"


def test_strangers_find_nothing(parts: Parts, cast: Cast, segments: list[uuid.UUID]) -> None:
    made = void(parts, cast, segments[:1])
    for act in (
        lambda: decide(parts, cast.sunyue, made),
        lambda: void(parts, cast, segments[:1], cast.sunyue),
    ):
        with pytest.raises(NotFound):
            act()
    with parts.database.transaction() as session:
        assert corrections.list_corrections(session, cast.sunyue, Role.INSTITUTION) == []
        assert corrections.list_own(session, cast.chenmo) == []
        assert [row.kind for row in corrections.list_corrections(session, cast.zhoumin, Role.INSTITUTION)] == [
            CorrectionKind.VOID
        ]
        with pytest.raises(NotFound):
            corrections.get_correction(session, cast.sunyue, Role.INSTITUTION, made, now=NOON)
        with pytest.raises(NotFound):
            corrections.open_attachment(session, parts.store, cast.sunyue, Role.INSTITUTION, made, now=NOON)


def test_the_file_comes_back_as_it_was_and_the_look_is_logged(
    parts: Parts, cast: Cast, segments: list[uuid.UUID]
) -> None:
    made = void(parts, cast, segments[:1])
    with parts.database.transaction() as session:
        sent = corrections.open_attachment(session, parts.store, second(cast), Role.INSTITUTION, made, now=NOON)
        assert audit.knows(session, "correction.attachment", made)
        row = session.get_one(Correction, made)
    with sent.body:
        assert sent.body.read() == PNG.content
    assert (sent.name, sent.content_type) == ("签到表.png", "image/png")
    assert row.attachment_key.startswith("corrections/")
    assert "签到" not in row.attachment_key


def test_a_voided_segment_can_be_made_up_for_elsewhere_but_not_on_the_same_clock(
    parts: Parts, cast: Cast, segments: list[uuid.UUID]
) -> None:
    decide(parts, second(cast), void(parts, cast, segments))
    assert progress(parts, cast)[1:] == (0, {}, 0)
    decide(parts, second(cast), credit(parts, cast))
    assert progress(parts, cast)[1] == 60_000


def test_two_accounts_of_one_human_are_not_two_people(parts: Parts, cast: Cast, segments: list[uuid.UUID]) -> None:
    proposer, again = one_human(parts, cast, [cast.zhoumin, second(cast)])
    made = void(parts, cast, segments[:1], proposer)
    assert refused(lambda: decide(parts, again, made)) == "correction_second_person"
    with parts.database.transaction(write=False) as session:
        shown = corrections.get_correction(session, again, Role.INSTITUTION, made, now=NOON)
    assert shown.why_not == "correction_second_person"
