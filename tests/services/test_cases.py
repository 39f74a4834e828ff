"""Suspicion opens cases and changes nothing; people decide, the learner speaks and appeals."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.domain.cases import CaseState, CaseVerdict, StepKind
from lms.domain.errors import NotFound, Refused
from lms.domain.flags import SAID_BY_HER, FlagKind
from lms.domain.presence import CheckOutcome
from lms.domain.roles import Role
from lms.models.base import Base
from lms.models.cases import Case, Flag
from lms.parts import Parts
from lms.services import audit, cases
from lms.services.cases import Suspicion
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast
from tests.support.humans import one_human
from tests.support.scribe import Scribe, classmate

NOW = NOON
LATER = NOW + timedelta(days=16)
MINUTE = 60_000
WORDS = "那段时间我把手机借给同事看了一会儿"


def suspicion(cast: Cast, kind: FlagKind = FlagKind.TAKEOVER_STORM, key: str = "k") -> Suspicion:
    assert cast.lifang.person_id
    return Suspicion(kind, cast.lifang.person_id, cast.kangning, key, {"openings": 12})


def flag(parts: Parts, found: Suspicion) -> uuid.UUID:
    with parts.database.transaction() as session:
        cases.raise_flag(session, found, now=NOW)
        return session.scalars(select(Case.id).order_by(Case.id.desc())).first()  # type: ignore[return-value]


def colleague(cast: Cast) -> Actor:
    """Somebody else of the same institution; the teacher's account exists, so steps can name it."""
    return Actor(cast.wanglei.account_id, None, "王磊", frozenset({(Role.INSTITUTION, cast.kangning)}))


def test_a_flag_opens_a_case_and_the_next_one_joins_it(parts: Parts, cast: Cast) -> None:
    case = flag(parts, suspicion(cast))
    assert flag(parts, suspicion(cast)) == case
    assert flag(parts, suspicion(cast, FlagKind.WRONG_ANSWERS, "other")) == case
    with parts.database.transaction(write=False) as session:
        assert session.scalar(select(func.count(Flag.id))) == 2
        seen = cases.get_case(session, cast.zhoumin, Role.INSTITUTION, case)
    assert [step.kind for step in seen.steps] == [StepKind.OPENED, StepKind.FLAGGED, StepKind.FLAGGED]
    assert seen.row.kinds == (FlagKind.TAKEOVER_STORM, FlagKind.WRONG_ANSWERS)
    assert seen.row.waits


def test_a_flag_after_the_decision_opens_another_case(parts: Parts, cast: Cast) -> None:
    case = flag(parts, suspicion(cast))
    decide(parts, cast.zhoumin, case)
    assert flag(parts, suspicion(cast, key="later")) != case


def decide(parts: Parts, actor: Actor, case: uuid.UUID, verdict: CaseVerdict = CaseVerdict.NOTED) -> None:
    with parts.database.transaction() as session:
        cases.decide(session, actor, Role.INSTITUTION, case, verdict, "已经打电话问过，情况属实", now=NOW)


def test_a_case_from_flag_to_last_word(parts: Parts, cast: Cast) -> None:
    case = flag(parts, suspicion(cast))
    with parts.database.transaction() as session:
        cases.add_words(session, cast.lifang, case, WORDS, now=NOW)
    decide(parts, cast.zhoumin, case)
    with parts.database.transaction() as session:
        cases.appeal(session, cast.lifang, case, "我不同意这个处理，请再看一遍", now=NOW + timedelta(days=15))
    with parts.database.transaction() as session:
        cases.decide_appeal(
            session, colleague(cast), Role.INSTITUTION, case, CaseVerdict.UNFOUNDED, "重新核对过，没有问题", now=LATER
        )
    with parts.database.transaction(write=False) as session:
        seen = cases.get_own(session, cast.lifang, case)
        for kind in ("case.open", "case.words", "case.decision", "case.appeal", "case.appeal_decision"):
            assert audit.knows(session, kind, case)
    assert seen.row.state is CaseState.CLOSED
    assert [step.kind.value for step in seen.steps[2:]] == ["words", "decision", "appeal", "appeal_decision"]
    assert [step.is_learner for step in seen.steps[2:]] == [True, False, True, False]


def refused(parts: Parts, act: Callable[[Session], Any]) -> str:
    with pytest.raises(Refused) as refusal, parts.database.transaction() as session:
        act(session)
    return refusal.value.code


def test_who_decided_does_not_decide_the_appeal(parts: Parts, cast: Cast) -> None:
    case = flag(parts, suspicion(cast))
    decide(parts, cast.zhoumin, case)
    with parts.database.transaction() as session:
        cases.appeal(session, cast.lifang, case, WORDS, now=NOW)

    def again(session: Session) -> None:
        cases.decide_appeal(
            session, cast.zhoumin, Role.INSTITUTION, case, CaseVerdict.NOTED, "我还是这样认为，不改", now=NOW
        )

    assert refused(parts, again) == "case_second_person"
    with parts.database.transaction() as session:
        cases.decide_appeal(
            session, cast.admin, Role.PLATFORM, case, CaseVerdict.NOTED, "平台复核维持原来的处理", now=NOW
        )


def test_the_learner_does_not_judge_herself(parts: Parts, cast: Cast) -> None:
    case = flag(parts, suspicion(cast))
    her = Actor(cast.lifang.account_id, cast.lifang.person_id, "李芳", frozenset({(Role.INSTITUTION, cast.kangning)}))
    told = refused(
        parts,
        lambda s: cases.decide(s, her, Role.INSTITUTION, case, CaseVerdict.UNFOUNDED, WORDS, now=NOW),
    )
    assert told == "case_own"


def test_an_appeal_comes_in_time_or_not_at_all(parts: Parts, cast: Cast) -> None:
    case = flag(parts, suspicion(cast))
    decide(parts, cast.zhoumin, case)
    late = NOW + timedelta(days=15, seconds=1)
    assert refused(parts, lambda s: cases.appeal(s, cast.lifang, case, WORDS, now=late)) == "case_appeal_late"


def test_strangers_find_no_case(parts: Parts, cast: Cast) -> None:
    case = flag(parts, suspicion(cast))
    with parts.database.transaction(write=False) as session:
        assert cases.list_cases(session, cast.sunyue, Role.INSTITUTION) == []
        assert cases.list_own(session, cast.chenmo) == []
        assert [row.id for row in cases.list_cases(session, cast.admin, Role.PLATFORM)] == [case]
        for look in (
            lambda: cases.get_case(session, cast.sunyue, Role.INSTITUTION, case),
            lambda: cases.get_own(session, cast.chenmo, case),
        ):
            with pytest.raises(NotFound):
                look()
        with pytest.raises(Refused):
            cases.list_cases(session, cast.zhoumin, Role.PLATFORM)


def scribe(session: Session, cast: Cast, enrollment: uuid.UUID | None = None) -> Scribe:
    return Scribe(session, enrollment or cast.enrollment, cast.lessons["say-hello"], now=NOW)


def too_fast(session: Session, cast: Cast) -> None:
    on = scribe(session, cast)
    on.beats(on.open(9 * MINUTE), [(8 * MINUTE) - 20_000 * one for one in range(20)], 60_000)


def forked(action: str) -> Callable[[Session, Cast], None]:
    def act(session: Session, cast: Cast) -> None:
        on = scribe(session, cast)
        on.act(action, on.open(MINUTE))

    return act


def regular(session: Session, cast: Cast) -> None:
    for one in range(5):
        scribe(session, cast).check((60 - one) * MINUTE, 3_000 + one * 10, CheckOutcome.PASSED)


def wrong(session: Session, cast: Cast) -> None:
    for one in range(5):
        scribe(session, cast).check((60 - one) * MINUTE, 3_000 + one * 2_000, CheckOutcome.WRONG)


def in_step(session: Session, cast: Cast) -> None:
    for number, late in enumerate((0, 100, 150)):
        mine = classmate(session, cast.cohort, number, now=NOW) if number else None
        on = scribe(session, cast, mine)
        on.beats(on.open(11 * MINUTE), [10 * MINUTE - 20_000 * one - late for one in range(22)], 15_000)


def storm(session: Session, cast: Cast) -> None:
    for one in range(12):
        scribe(session, cast).open((60 - one) * MINUTE // 2)


def burst(session: Session, cast: Cast) -> None:
    for number in range(15):
        mine = classmate(session, cast.cohort, number, now=NOW) if number else None
        scribe(session, cast, mine).open(10 * MINUTE + 100 * number)


def afterwards(session: Session, cast: Cast) -> None:
    on = scribe(session, cast)
    on.chain([MINUTE])
    on.progress(3 * 3_600_000, {"online": 3_600_000, "offline": 7_200_000})


def ahead(session: Session, cast: Cast) -> None:
    scribe(session, cast).chain([60 * MINUTE + 70_000 + one * 20_000 for one in range(5)])


SCENES: dict[FlagKind, tuple[Callable[[Session, Cast], None], int]] = {
    FlagKind.IMPOSSIBLE_ADVANCE: (too_fast, 1),
    FlagKind.FORKED_SEQUENCE: (forked("heartbeat.forked"), 1),
    FlagKind.CHAIN_FORKED: (forked("chain.forked"), 1),
    FlagKind.CHECKS_TOO_REGULAR: (regular, 1),
    FlagKind.WRONG_ANSWERS: (wrong, 1),
    FlagKind.BEATS_IN_STEP: (in_step, 3),
    FlagKind.TAKEOVER_STORM: (storm, 1),
    FlagKind.INSTITUTION_BURST: (burst, 15),
    FlagKind.MOSTLY_OFFLINE: (afterwards, 1),
    FlagKind.IMPOSSIBLE_CLOCK: (ahead, 1),
}


def test_each_kind_of_study_has_a_scene() -> None:
    """The kinds of exams have theirs in test_exam_flags.py."""
    assert {kind for kind in FlagKind if not kind.value.startswith("exam_")} - SAID_BY_HER == set(SCENES)


@pytest.mark.parametrize("kind", SCENES)
def test_the_look_finds_each_kind_once(parts: Parts, cast: Cast, kind: FlagKind) -> None:
    stage, persons = SCENES[kind]
    with parts.database.transaction() as session:
        stage(session, cast)
    with parts.database.transaction() as session:
        assert cases.sweep(session, NOW) == persons
    with parts.database.transaction() as session:
        assert cases.sweep(session, NOW + timedelta(minutes=10)) == 0
        assert session.scalars(select(Flag.kind).distinct()).all() == [kind.value]
        case = session.scalars(select(Case.id)).first()
        assert case
        assert cases.get_case(session, cast.zhoumin, Role.INSTITUTION, case).row.kinds == (kind,)
        assert len(cases.count(session).anybody) == persons


def test_what_is_long_ago_is_left_alone(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        storm(session, cast)
        too_fast(session, cast)
    with parts.database.transaction() as session:
        assert cases.look(session, NOW + timedelta(days=2)) == []


def test_an_evening_of_honest_study_raises_nothing(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        on = scribe(session, cast)
        source, before, times = on.open(28 * MINUTE), 27 * MINUTE, []
        for one in range(70):
            before -= 16_000 + one * 7919 % 8_000
            times.append(max(before, 0))
        on.beats(source, times, 24_000)
        for one, latency in enumerate((4_000, 9_500, 6_200, 21_000, 5_100, 7_700)):
            on.check((25 - one) * MINUTE, latency, CheckOutcome.PASSED)
    with parts.database.transaction(write=False) as session:
        assert cases.look(session, NOW) == []


def numbers(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but those that suspicion itself writes."""
    own = {"flags", "cases", "case_steps", "audit_events"}
    return {
        table.name: sorted((tuple(row) for row in session.execute(select(table))), key=str)
        for table in Base.metadata.sorted_tables
        if table.name not in own
    }


def test_i13_a_flag_alone_changes_no_number(parts: Parts, cast: Cast) -> None:
    """Every kind of flag, a decision of every kind and an appeal: all other tables stay as they were, to the byte."""
    with parts.database.transaction() as session:
        for stage, _ in SCENES.values():
            if stage not in (in_step, burst):
                stage(session, cast)
        on = scribe(session, cast)
        on.interval(on.open(0), 1, (0, 20_000), on.clock_ms, wall=(on.clock_ms - 20_000, on.clock_ms))
    with parts.database.transaction(write=False) as session:
        before = numbers(session)
        assert {"study_segments", "lesson_progress", "records"} <= before.keys()
    for place, kind in enumerate(FlagKind):
        case = flag(parts, suspicion(cast, kind, f"key {place}"))
        if place % 3 == 2:
            decide(parts, cast.zhoumin, case, list(CaseVerdict)[place // 3 % 3])
    with parts.database.transaction() as session:
        cases.sweep(session, NOW)
    with parts.database.transaction(write=False) as session:
        assert numbers(session) == before
        assert set(session.scalars(select(Flag.kind))) == set(FlagKind)


def test_two_accounts_of_one_human_are_not_two_people(parts: Parts, cast: Cast) -> None:
    case = flag(parts, suspicion(cast))
    first, again = one_human(parts, cast, [cast.zhoumin, colleague(cast)])
    decide(parts, first, case)
    with parts.database.transaction() as session:
        cases.appeal(session, cast.lifang, case, WORDS, now=NOW)

    def judge(session: Session) -> None:
        told = (case, CaseVerdict.NOTED, "我还是这样认为，不改")
        cases.decide_appeal(session, again, Role.INSTITUTION, *told, now=NOW)

    assert refused(parts, judge) == "case_second_person"
