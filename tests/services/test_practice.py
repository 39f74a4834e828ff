"""Practicals through the services: two examiners, a dispute, re-sits, mentors, and who finds nothing."""

import uuid
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from lms.domain.errors import Conflict, Forbidden, NotFound, Refused
from lms.domain.policies import policy_named
from lms.domain.practice import Outcome, SittingKind, SkillFacts
from lms.domain.roles import Role
from lms.models.attendance import ClassMeeting
from lms.models.base import new_id
from lms.models.courses import Lesson
from lms.models.enrollments import Enrollment
from lms.models.evidence import EvidenceEntry
from lms.models.practice import PracticeSheet, PracticeSitting
from lms.parts import Parts
from lms.services import practice
from lms.services.practice import places
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast, Stage
from tests.support.humans import one_human
from tests.support.practicals import BAD, GOOD, WEAK, Practicals, open_class, signing
from tests.support.statements import statements
from tests.support.training import Training


@pytest.fixture
def place(parts: Parts, cast: Cast, password_hash: str) -> Practicals:
    with parts.database.transaction() as session:
        return open_class(session, parts.keyring, cast, password_hash)


class Room:
    """Acts in transactions of their own, as requests do."""

    def __init__(self, parts: Parts, place: Practicals) -> None:
        self.parts, self.place = parts, place
        self.heping, self.hanmei, self.fengyan = vars(place.examiners).values()

    def open(self, actor: Actor, lesson: uuid.UUID | None = None, now=NOON) -> uuid.UUID:
        with self.parts.database.transaction() as session:
            where = (self.place.enrollment, lesson or self.place.wash)
            return practice.open_sitting(session, actor, *where, now=now)

    def sign(self, actor: Actor, sitting: uuid.UUID, marks=GOOD, **said) -> None:
        with self.parts.database.transaction() as session:
            practice.submit_sheet(session, actor, sitting, signing(marks, **said), now=NOON)

    def sign_task(self, actor: Actor, minutes: int = 90, **said) -> None:
        with self.parts.database.transaction() as session:
            where = (self.place.enrollment, self.place.wash)
            practice.sign_task(session, actor, *where, signing((), minutes=minutes, **said), now=NOON)

    def facts(self) -> tuple[SkillFacts, ...]:
        with self.parts.database.transaction(write=False) as session:
            enrollment = session.get_one(Enrollment, self.place.enrollment)
            return practice.facts(session, [enrollment])[enrollment.id]

    def outcome(self) -> tuple[Outcome, int | None]:
        return self.facts()[0].outcome, self.facts()[0].points

    def count(self, table) -> int:
        with self.parts.database.transaction(write=False) as session:
            return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def room(parts: Parts, place: Practicals) -> Room:
    return Room(parts, place)


def test_two_examiners_agree(room: Room) -> None:
    sitting = room.open(room.heping)
    assert room.outcome() == (Outcome.WAITING, None)
    room.sign(room.heping, sitting, GOOD)
    assert room.outcome() == (Outcome.WAITING, None)
    room.sign(room.hanmei, sitting, WEAK)
    assert room.outcome() == (Outcome.PASSED, 80)
    lesson = str(room.place.wash)
    assert room.facts()[0] == SkillFacts(
        lesson, "给老人洗脸", SittingKind.EXAM, 1, Outcome.PASSED, 80, "Washing a face"
    )
    assert [each.outcome for each in room.facts()[1:]] == [Outcome.NONE] * 3
    for act in (room.open, lambda who: room.sign(who, sitting)):
        with pytest.raises(Refused, match=r"practice_passed|practice_signed"):
            act(room.heping)


def test_a_dispute_is_decided_by_a_third(room: Room, parts: Parts, cast: Cast) -> None:
    third = replace(cast.sunyue, roles=frozenset({(Role.EXAMINER, cast.kangning)}))
    fourth = replace(cast.zhaoqin, roles=frozenset({(Role.EXAMINER, cast.kangning)}))
    sitting = room.open(room.heping)
    room.sign(room.heping, sitting, GOOD)
    room.sign(room.hanmei, sitting, BAD)
    assert room.outcome() == (Outcome.DISPUTED, None)
    assert room.open(third) == sitting
    room.sign(third, sitting, WEAK)
    assert room.outcome() == (Outcome.PASSED, 80)
    with pytest.raises(Conflict, match="practice_settled"):
        room.sign(fourth, sitting)


def test_the_same_sheet_again_changes_nothing_and_another_one_is_refused(room: Room) -> None:
    sitting = room.open(room.heping)
    room.sign(room.heping, sitting, GOOD, key="k1")
    room.sign(room.heping, sitting, BAD, key="k1")
    assert room.count(PracticeSheet) == 1
    assert room.count(EvidenceEntry) == 2
    with pytest.raises(Conflict, match="practice_signed"):
        room.sign(room.heping, sitting, GOOD, key="k2")


def test_opening_twice_opens_once(room: Room) -> None:
    assert room.open(room.heping) == room.open(room.hanmei)
    assert room.count(PracticeSitting) == 1


def test_a_resit_until_the_tries_are_used_up(room: Room) -> None:
    for number in range(1, 4):
        sitting = room.open(room.heping)
        for examiner in (room.heping, room.hanmei):
            room.sign(examiner, sitting, BAD)
        assert (room.facts()[0].tries, *room.outcome()) == (number, Outcome.FAILED, 70)
    with pytest.raises(Refused, match="practice_no_tries"):
        room.open(room.heping)


def test_who_taught_the_class_or_is_the_learner_does_not_sign(room: Room, parts: Parts, cast: Cast) -> None:
    sitting = room.open(room.heping)
    trainer = replace(room.hanmei, roles=room.hanmei.roles | {(Role.TRAINER, cast.kangning)})
    elsewhere = replace(room.hanmei, roles=room.hanmei.roles | {(Role.TRAINER, cast.anhe)})
    learner = replace(room.hanmei, person_id=cast.lifang.person_id)
    for actor, code in ((trainer, "practice_taught"), (learner, "practice_own")):
        for act in (lambda who: room.sign(who, sitting), room.open):
            with pytest.raises(Forbidden, match=code):
                act(actor)
    room.sign(elsewhere, sitting)
    with parts.database.transaction() as session:
        _in_timetable(session, room, room.heping)
    with pytest.raises(Forbidden, match="practice_taught"):
        room.sign(room.heping, sitting)


def test_classmates_do_not_examine_each_other(room: Room, parts: Parts, cast: Cast) -> None:
    sitting, classmate = room.open(room.heping), replace(room.hanmei, person_id=cast.chenmo.person_id)
    room.sign(classmate, sitting)
    with parts.database.transaction() as session:
        assert cast.chenmo.person_id is not None
        Stage(session).enroll(room.place.cohort, cast.chenmo.person_id)
    for act in (lambda who: room.sign(who, sitting), room.open):
        with pytest.raises(Forbidden, match="practice_own"):
            act(classmate)
    with parts.database.transaction(write=False) as session:
        people = practice.list_learners(session, classmate, Role.EXAMINER, room.place.cohort)
    assert not any(each.waiting for each in people)


def _in_timetable(session, room: Room, teacher: Actor) -> None:
    slot = Lesson(id=new_id(), module_slug="", slug="slot", position=1, kind="class", title="面授", title_en="")
    session.add(slot)
    session.flush()
    session.add(
        ClassMeeting(
            cohort_id=room.place.cohort,
            lesson_id=slot.id,
            title="面授",
            module_slug="",
            content="theory",
            place="一楼",
            teacher_id=teacher.account_id,
            held_on=date(2026, 11, 23),
            starts_at=NOON,
            ends_at=NOON,
            created_by=teacher.account_id,
            created_at=NOON,
            cancel_reason="",
        )
    )


def test_what_is_not_of_her_institution_is_not_found(room: Room, cast: Cast) -> None:
    sitting = room.open(room.heping)
    stranger = replace(cast.sunyue, roles=frozenset({(Role.EXAMINER, cast.anhe), (Role.MENTOR, cast.anhe)}))
    office = cast.zhoumin  # of the institution, but no examiner
    for actor in (stranger, office, cast.lifang):
        for act in (room.open, room.sign_task, lambda who: room.sign(who, sitting)):
            with pytest.raises(NotFound):
                act(actor)


def test_every_step_wants_a_mark(room: Room) -> None:
    sitting = room.open(room.heping)
    for marks, code in (((True, None, True), "practice_step_unmarked"), ((True,), "practice_other_steps")):
        with pytest.raises(Refused, match=code):
            room.sign(room.heping, sitting, marks)
    keys = [({"key": key}, "practice_key") for key in ("k" * 81, "k\x00k")]
    for said, code in (*keys, ({"note": "电话 19900000001"}, "words_personal")):
        with pytest.raises(Refused, match=code):
            room.sign(room.heping, sitting, **said)
    assert room.count(PracticeSheet) == 0
    assert room.count(EvidenceEntry) == 1


def test_a_sitting_is_opened_on_a_day_of_the_class_for_a_practice_lesson(room: Room, parts: Parts, cast: Cast) -> None:
    with pytest.raises(Refused, match="cohort_not_open"):
        room.open(room.heping, now=NOON.replace(year=2025))
    with pytest.raises(NotFound):
        room.open(room.heping, lesson=cast.lessons["say-hello"])


def test_where_theory_comes_first_practicals_wait(
    room: Room, parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    blended = policy_named("blended-2023")
    assert blended.blended is not None
    strict = replace(blended, blended=replace(blended.blended, theory_first=True))
    monkeypatch.setattr(places, "policy_named", lambda _code: strict)
    with pytest.raises(Refused, match="theory_first"):
        room.open(room.heping)
    room.sign_task(room.fengyan)
    with parts.database.transaction() as session:
        class_of_hers = Training(session, cast, new_id(), room.place.cohort, room.place.enrollment, {})
        sitting = class_of_hers.sit(1, 40)
    with pytest.raises(Refused, match="theory_first"):
        room.open(room.heping)
    with parts.database.transaction() as session:
        replace(class_of_hers, session=session).grade(sitting, 2, 82)
    room.open(room.heping)
    assert room.outcome() == (Outcome.WAITING, None)


def test_a_mentor_signs_a_task_once(room: Room, cast: Cast) -> None:
    room.sign_task(room.fengyan, key="k1", note="独立完成")
    room.sign_task(room.fengyan, key="k1")
    told = room.facts()[1]
    assert (told.kind, told.tries, told.outcome, told.points) == (SittingKind.WORKPLACE, 1, Outcome.PASSED, None)
    assert room.facts()[0].outcome is Outcome.NONE
    with pytest.raises(Refused, match="practice_passed"):
        room.sign_task(room.fengyan, key="k2")
    assert room.count(EvidenceEntry) == 2


def test_what_a_mentor_may_not_sign(room: Room, cast: Cast) -> None:
    with pytest.raises(Forbidden, match="practice_own"):
        room.sign_task(replace(room.fengyan, person_id=cast.lifang.person_id))
    with pytest.raises(Refused, match="practice_minutes"):
        room.sign_task(room.fengyan, minutes=0)
    with pytest.raises(NotFound):
        room.sign_task(room.heping)


def test_facts_of_many_learners_take_the_same_few_queries(room: Room, parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        Stage(session).enroll(room.place.cohort, cast.chenmo.person_id)
    sitting = room.open(room.heping)
    room.sign(room.heping, sitting)
    with parts.database.transaction(write=False) as session:
        people = session.scalars(select(Enrollment).where(Enrollment.cohort_id == room.place.cohort)).all()
        practice.facts(session, people)
        for some in (people[:1], people):
            with statements(parts.database.engine) as sent:
                assert {len(each) for each in practice.facts(session, some).values()} == {4}
            assert len(sent) == 3


def test_the_second_examiner_does_not_see_the_first_ones_marks(room: Room, parts: Parts) -> None:
    sitting = room.open(room.heping)
    room.sign(room.heping, sitting, WEAK, note="水温没有试")
    with parts.database.transaction(write=False) as session:
        hers = practice.get_sitting(session, room.hanmei, sitting)
        mine = practice.get_sitting(session, room.heping, sitting)
    assert (hers.is_mine, hers.sitting.sheets, hers.sitting.signed) == (False, (), 1)
    assert "没有试" not in repr(hers)
    assert (mine.is_mine, mine.sitting.sheets[0].points) == (True, 60)
    assert hers.sitting.result.points is None


def test_what_waits_for_whom(room: Room, parts: Parts, cast: Cast) -> None:
    sitting = room.open(room.heping)
    room.sign(room.heping, sitting)

    def waiting(actor: Actor, role: Role) -> list[int]:
        with parts.database.transaction(write=False) as session:
            return [len(each.waiting) for each in practice.list_learners(session, actor, role, room.place.cohort)]

    assert waiting(room.heping, Role.EXAMINER) == [0]
    assert waiting(room.hanmei, Role.EXAMINER) == [1]
    trainer = replace(room.hanmei, roles=room.hanmei.roles | {(Role.TRAINER, cast.kangning)})
    assert waiting(trainer, Role.EXAMINER) == [0]
    for actor, role in ((cast.sunyue, Role.INSTITUTION), (cast.zhoumin, Role.EXAMINER)):
        with pytest.raises(NotFound):
            waiting(actor, role)


def test_the_learner_reads_her_marks_once_it_is_settled(room: Room, parts: Parts, cast: Cast) -> None:
    def page(actor: Actor, role: Role) -> practice.SkillPage:
        with parts.database.transaction(write=False) as session:
            return practice.get_skill(session, actor, role, room.place.enrollment, room.place.wash)

    sitting = room.open(room.heping)
    room.sign(room.heping, sitting, GOOD)
    assert page(cast.lifang, Role.LEARNER).sittings[0].sheets == ()
    assert len(page(cast.zhoumin, Role.INSTITUTION).sittings[0].sheets) == 1
    room.sign(room.hanmei, sitting, WEAK)
    sheets = page(cast.lifang, Role.LEARNER).sittings[0].sheets
    assert [(sheet.points, sheet.is_pass, sheet.marks) for sheet in sheets] == [(100, True, GOOD), (60, True, WEAK)]
    with pytest.raises(NotFound):
        page(cast.chenmo, Role.LEARNER)


def test_two_accounts_of_one_human_are_not_two_examiners(room: Room, parts: Parts, cast: Cast) -> None:
    first, again = one_human(parts, cast, [room.heping, room.hanmei])
    sitting = room.open(first)
    room.sign(first, sitting)
    with pytest.raises(Conflict, match="practice_signed"):
        room.sign(again, sitting)


def test_who_taught_the_class_does_not_examine_it_by_another_account(room: Room, parts: Parts, cast: Cast) -> None:
    _, again = one_human(parts, cast, [cast.wanglei, room.hanmei])
    with pytest.raises(Forbidden, match="practice_taught"):
        room.open(again)
