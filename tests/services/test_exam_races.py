"""Many phones at once: one sitting, each answer once, nothing saved behind a closing; one mark, one decision."""

import threading
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import time

import pytest
from sqlalchemy import func, select

from lms.domain.attendance import MarkKind
from lms.domain.errors import Refused
from lms.models.attendance import AttendanceDecision, AttendanceMark
from lms.models.enrollments import Cohort
from lms.models.exams import ExamAnswer, ExamSitting
from lms.models.practice import PracticeSitting
from lms.parts import Parts
from lms.services import practice, study_clock
from tests.support.cast import NOON, Cast, Stage
from tests.support.classes import MINUTE, School, row
from tests.support.exams import KINDS, Hall, Sitter, fields_for, stage
from tests.support.practicals import open_class
from tests.support.study import WoundClock
from tests.verifier.test_verify import findings

HANDS = 8


def at_once(acts: Sequence[Callable[[], object]]) -> Counter[object]:
    """Lets everybody go at the same moment; what came of each, a refusal by its code."""
    found: list[object] = []
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        start.wait(timeout=60)
        try:
            found.append(act())
        except Refused as refused:
            found.append(refused.code)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(found) == len(acts)
    return Counter(found)


@pytest.fixture
def hall(parts: Parts, cast: Cast, wound: WoundClock) -> Hall:
    with parts.database.transaction() as session:
        study_clock.read_ms(session)
        return stage(session, cast, items=KINDS * 2)


def phones(parts: Parts, cast: Cast, *enrollments: uuid.UUID) -> list[Sitter]:
    places = enrollments * (HANDS // len(enrollments))
    return [Sitter(parts, cast.lifang, each, seed=f"{n}" * 16) for n, each in enumerate(places)]


def count(parts: Parts, table: type) -> int:
    with parts.database.transaction(write=False) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_all_her_phones_open_one_sitting(parts: Parts, cast: Cast, hall: Hall) -> None:
    found = at_once([phone.open for phone in phones(parts, cast, hall.enrollment)])
    assert list(found.values()) == [HANDS]
    assert count(parts, ExamSitting) == 1


def test_in_two_classes_of_one_course_she_sits_one_exam_at_a_time(parts: Parts, cast: Cast, hall: Hall) -> None:
    with parts.database.transaction() as session:
        version, person = session.get_one(Cohort, hall.cohort).course_version_id, cast.lifang.person_id
        assert person is not None
        on = Stage(session)
        cohort, second = on.cohort(cast.kangning, version, "考试二班", person)
        session.get_one(Cohort, cohort).policy_code = "blended-2023"
    found = at_once([phone.open for phone in phones(parts, cast, hall.enrollment, second)])
    assert found["exam_open_elsewhere"] == HANDS // 2
    assert count(parts, ExamSitting) == 1


def test_nothing_is_saved_twice_or_behind_the_closing(parts: Parts, cast: Cast, hall: Hall) -> None:
    first, *others = phones(parts, cast, hall.enrollment)
    sitting = first.open()
    item, slot = first.paper(sitting)[0]
    told = fields_for(item, slot)

    def same(phone: Sitter) -> Callable[[], object]:
        return lambda: phone.give(sitting, 0, told, key="one-and-the-same").number

    assert at_once([same(phone) for phone in others]) == Counter({1: HANDS - 1})
    acts = [lambda phone=phone: phone.give(sitting, 1, {}).number for phone in others]
    found = at_once([*acts, lambda: first.hand_in(sitting), lambda: first.hand_in(sitting)])
    numbers = [each for each in found if isinstance(each, int)]
    assert all(found[each] == 1 for each in numbers)
    assert found["exam_closed"] == HANDS - 1 - len(numbers)
    assert count(parts, ExamAnswer) == 1 + len(numbers)
    assert findings(parts.database) == []


def test_one_mark_and_one_posting_however_many_phones(parts: Parts, cast: Cast, wound: WoundClock) -> None:
    with parts.database.transaction() as session:
        study_clock.read_ms(session)
    school = School(parts, cast)
    made = school.add()
    for minutes, kind in ((60, MarkKind.IN), (60, MarkKind.OUT)):
        wound.forward(minutes * MINUTE)
        ticket = school.code(made, kind)
        scans = [school.scan(ticket) for _ in range(HANDS)]
        at_once([lambda scan=scan, ticket=ticket: school.sign(ticket, scan) for scan in scans])
    assert count(parts, AttendanceMark) == 2
    assert findings(parts.database) == []


def test_a_paper_list_is_decided_once(parts: Parts, cast: Cast, wound: WoundClock) -> None:
    with parts.database.transaction() as session:
        study_clock.read_ms(session)
    school = School(parts, cast)
    made = school.add()
    wound.forward(122 * MINUTE)
    lists = [school.type_in(made, [row(cast, time(13), time(14))]) for _ in range(2)]
    found = at_once([lambda each=each: school.decide(each) for each in lists * 3])
    assert found == Counter({None: 2, "list_decided": 4})
    assert (count(parts, AttendanceDecision), count(parts, AttendanceMark)) == (2, 2)
    assert findings(parts.database) == []


def test_two_examiners_open_one_practical(parts: Parts, cast: Cast, password_hash: str) -> None:
    with parts.database.transaction() as session:
        place = open_class(session, parts.keyring, cast, password_hash)
    judges = (place.examiners.heping, place.examiners.hanmei)

    def enter(judge: int) -> object:
        with parts.database.transaction() as session:
            return practice.open_sitting(session, judges[judge % 2], place.enrollment, place.wash, now=NOON)

    found = at_once([lambda judge=judge: enter(judge) for judge in range(HANDS)])
    assert list(found.values()) == [HANDS]
    assert count(parts, PracticeSitting) == 1
