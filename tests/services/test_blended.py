"""The one verdict over real tables: what is asked, what is there, and the record only on a yes."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.authoring.frozen import content_hash, freeze
from lms.domain.errors import Refused
from lms.models.attendance import ClassMeeting
from lms.models.courses import CourseVersion
from lms.models.enrollments import Cohort, Enrollment
from lms.models.records import Record
from lms.parts import Parts
from lms.services import cohorts, completion, reports
from lms.services.facts import attendance, skills
from lms.services.reports import Selection
from tests.support.cast import NOON, Cast, Stage
from tests.support.statements import statements
from tests.support.training import Training, finish, stage, whole_course

ONLINE = {"video_not_ready", "lesson_time_missing", "quiz_not_tried", "quiz_not_passed"}


def codes(session: Session, training: Training) -> list[str]:
    enrollment = session.get_one(Enrollment, training.enrollment)
    verdict = completion.standing(session, enrollment, now=NOON).verdict
    return [reason.code for reason in (*verdict.unmet, *verdict.unsure)]


def refresh(session: Session, training: Training) -> Record | None:
    return completion.refresh(session, session.get_one(Enrollment, training.enrollment), now=NOON)


def signers(cast: Cast) -> list[uuid.UUID]:
    return [cast.wanglei.account_id, cast.liuyang.account_id, cast.zhaoqin.account_id]


def test_the_record_comes_when_the_last_thing_is_there_and_not_before(parts: Parts, cast: Cast) -> None:
    two = signers(cast)[:2]
    with parts.database.transaction() as session:
        training = stage(session, cast)
        assert set(codes(session, training)) - ONLINE == {"online_share_over", "exam_not_tried", "skill_not_judged"}
        training.study()
        assert refresh(session, training) is None
        training.meet(3, came=True)
        assert codes(session, training) == ["exam_not_tried", "skill_not_judged"]
        training.sit(1, None)
        assert codes(session, training) == ["exam_waiting", "skill_not_judged"]
        training.sit(2, 82)
        assert codes(session, training) == ["skill_not_judged"]
        training.show(1, [80], two[:1])
        assert codes(session, training) == ["skill_waiting"]
        assert refresh(session, training) is None
        training.show(2, [80, 70], two)
        assert codes(session, training) == []
        made = refresh(session, training)
        assert made is not None
        assert refresh(session, training) is made
        assert session.scalar(select(func.count(Record.id))) == 1


def test_of_an_exam_the_last_grading_of_each_sitting_counts(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        training = stage(session, cast)
        finish(training, signers(cast)[:2])
        assert codes(session, training) == []
        sitting = training.sit(2, 90)
        training.grade(sitting, 2, 40)
        assert codes(session, training) == []  # the first sitting still is a pass


def test_a_regrade_can_take_a_pass_away(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        training = stage(session, cast)
        training.study()
        training.meet(3, came=True)
        training.show(1, [80, 70], signers(cast)[:2])
        training.grade(training.sit(1, 60), 2, 50)
        assert codes(session, training) == ["exam_not_passed"]


def test_examiners_who_disagree_leave_it_to_a_person(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        training = stage(session, cast)
        training.study()
        training.meet(3, came=True)
        training.sit(1, 82)
        training.show(1, [80, 40], signers(cast)[:2])
        assert codes(session, training) == ["skill_disputed"]
        assert refresh(session, training) is None


def test_classes_that_were_cancelled_or_are_still_to_come_are_not_asked_for(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        training = stage(session, cast)
        finish(training, signers(cast)[:2])
        training.meet(2, came=False, cancelled=True)
        training.meet(-1, came=False)
        assert codes(session, training) == []
        training.meet(1, came=False)
        assert codes(session, training) == ["attendance_low"]


def test_a_class_day_counts_everybody_once(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        training = stage(session, cast)
        training.meet(3, came=True)
        training.meet(3, came=False)
        missed = training.meet(2, came=False)
        session.get_one(ClassMeeting, training.meet(1, came=True)).makes_up_for = missed
        session.flush()
        assert _days(training) == ((3, 1, 1), (2, 1, 0))  # the make-up class is no class day


def test_on_the_roster_of_a_class_day_is_whoever_was_entered_before_it_ended(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        training = stage(session, cast)
        training.meet(3, came=True)
        training.meet(1, came=True)
        assert cast.chenmo.person_id
        other = Stage(session).enroll(training.cohort, cast.chenmo.person_id)
        session.get_one(Enrollment, other).created_at = NOON - timedelta(days=2)
        session.flush()
        assert _days(training) == ((3, 1, 1), (1, 2, 1))


def test_who_signed_in_and_never_out_did_not_come(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        training = stage(session, cast)
        training.meet(3, came=True, signs_out=False)
        assert _days(training) == ((3, 1, 0),)


def _days(training: Training) -> tuple[tuple[int, int, int], ...]:
    """(so many days before NOON, roster, present)."""
    days = attendance.class_days(training.session, [training.cohort], NOON)[training.cohort]
    return tuple(((NOON.date() - each.day).days, each.roster, each.present) for each in days)


def test_a_class_online_is_judged_as_ever(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        training = stage(session, cast)
        session.get_one(Cohort, training.cohort).policy_code = "base-2023"
        training.study()
        assert codes(session, training) == []
        assert refresh(session, training) is not None


def test_a_skill_is_known_by_its_points(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        training = stage(session, cast)
        training.show(1, [50, 40], signers(cast)[:2])
        training.show(2, [81, 70], signers(cast)[:2])
        exam, task = skills.facts(session, [session.get_one(Enrollment, training.enrollment)])[training.enrollment]
        assert (exam.tries, exam.outcome.value, exam.points) == (2, "passed", 75)
        assert (task.tries, task.outcome.value, task.points) == (0, "none", None)


def test_the_report_says_what_she_reads_in_a_few_queries(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        training = stage(session, cast)
        training.study()
        chosen = Selection(cohort_id=training.cohort)
        with statements(parts.database.engine) as asked:
            (row,) = reports.completion_rows(session, parts.keyring, cast.zhoumin, selection=chosen, now=NOON)
        verdict = completion.standing(session, session.get_one(Enrollment, training.enrollment), now=NOON).verdict
        assert row.verdict == verdict
        assert len(asked) <= 22


def open_class(session: Session, cast: Cast, version: uuid.UUID, family: str) -> str:
    made = cohorts.create(
        session,
        cast.zhoumin,
        organisation_id=cast.kangning,
        course_version_id=version,
        name="新班",
        opens_on=NOON.date(),
        closes_on=NOON.date(),
        family=family,
        now=NOON,
    )
    return made.policy_code


def test_the_kind_of_class_picks_the_policy(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        training = stage(session, cast)
        assert open_class(session, cast, training.version, "blended") == "blended-2023"


@pytest.mark.parametrize(("with_exam", "code"), [(False, "course_without_exam"), (True, "course_without_practice")])
def test_a_course_must_hold_what_the_class_asks(parts: Parts, cast: Cast, with_exam: bool, code: str) -> None:
    with parts.database.transaction() as session:
        version = session.get_one(CourseVersion, cast.version)
        if with_exam:
            examined(session, version)
        with pytest.raises(Refused, match=code):
            open_class(session, cast, version.id, "blended")
        assert open_class(session, cast, version.id, "base") == "base-2023"


def examined(session: Session, version: CourseVersion) -> None:
    """The small course with a blueprint, without a practice list."""
    text = whole_course()
    module = replace(text.modules[0], lessons=text.modules[0].lessons[:-1])
    version.frozen = freeze(replace(text, modules=(module,)))
    version.content_hash = content_hash(version.frozen)
    session.flush()
