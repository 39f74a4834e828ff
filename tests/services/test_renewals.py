"""Completions hold for the time of their rule, are told of, and are taken again with everything before them kept."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from lms.adapters.sms import ConsoleGateway
from lms.domain.errors import NotFound, Refused
from lms.domain.filings import State
from lms.domain.renewals import Phase, Span
from lms.domain.roles import Role
from lms.models.accounts import Account
from lms.models.audit import AuditEvent
from lms.models.courses import Course
from lms.models.enrollments import Cohort, Enrollment
from lms.models.jobs import Job
from lms.models.renewals import RenewalReminder, Validity
from lms.models.rights import Restriction
from lms.parts import Parts
from lms.services import completion, renewals
from lms.services.renewals import Asked, CourseStanding, Figures
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast, Stage
from tests.support.identity import Office
from tests.support.renewals import DUE, FIGURES, ISSUED, LAST, OPENS, OVER, SOURCE, Years, noon_of
from tests.support.texts import small_course
from tests.support.training import finish
from tests.support.training import stage as stage_training

HELD = Span(ISSUED, OPENS, DUE, LAST)


@pytest.fixture
def years(parts: Parts, cast: Cast) -> Years:
    return Years(parts, cast)


def own(years: Years, day: date) -> list[CourseStanding]:
    with years.parts.database.transaction(write=False) as session:
        return renewals.list_own(session, years.cast.lifang, now=noon_of(day))


def test_the_rule_of_the_day_of_issue_holds_for_good(years: Years) -> None:
    years.rule()
    years.rule(replace(FIGURES, months=12, effective_from=ISSUED + timedelta(days=1)))
    years.complete()
    assert years.held() == HELD
    years.rule(replace(FIGURES, months=6, effective_from=ISSUED + timedelta(days=2)), now=NOON + timedelta(days=2))
    years.complete(at=NOON + timedelta(days=9))
    assert years.held() == HELD


def test_a_day_is_a_civil_day_in_china_and_the_latest_word_of_a_day_counts(years: Years) -> None:
    years.rule(replace(FIGURES, months=1, open_days=20, due_days=10))
    years.rule(now=NOON + timedelta(hours=1))
    years.complete(at=datetime(2026, 11, 23, 16, 30, tzinfo=NOON.tzinfo))
    assert years.held() == Span(date(2026, 11, 24), date(2028, 8, 26), date(2028, 10, 25), date(2028, 11, 24))


def test_without_a_rule_a_completion_has_no_last_day(years: Years) -> None:
    years.complete()
    years.rule()
    [found] = own(years, date(2040, 1, 1))
    assert (found.current.phase, found.current.days, found.current.source) == (Phase.LASTING, None, None)
    assert not found.presses


def test_rules_are_set_by_whoever_answers_for_the_course_and_never_backwards(years: Years) -> None:
    cast, course = years.cast, years.course
    with years.parts.database.transaction() as session:
        for who in (cast.zhoumin, cast.sunyue):
            with pytest.raises(NotFound):
                renewals.set_rule(session, who, Role.INSTITUTION, course, FIGURES, now=NOON)
        session.execute(update(Course).where(Course.id == course).values(organisation_id=cast.kangning))
        with pytest.raises(NotFound):
            renewals.get_course(session, cast.sunyue, Role.INSTITUTION, course, now=NOON)
        yesterday = replace(FIGURES, effective_from=ISSUED - timedelta(days=1))
        with pytest.raises(Refused, match="renewal_backdated"):
            renewals.set_rule(session, cast.zhoumin, Role.INSTITUTION, course, yesterday, now=NOON)
        made = renewals.set_rule(session, cast.zhoumin, Role.INSTITUTION, course, FIGURES, now=NOON)
        found = renewals.get_course(session, cast.zhoumin, Role.INSTITUTION, course, now=NOON)
        act = session.scalars(select(AuditEvent).where(AuditEvent.action == "renewal.rule")).one()
    assert found.may_set
    assert found.current
    assert (found.current.months, found.current.source, found.current.set_by) == (24, SOURCE, "周敏")
    assert (act.subject, act.account_id, act.organisation_id) == (str(course), cast.zhoumin.account_id, cast.kangning)
    assert act.detail["rule"] == str(made)
    assert SOURCE not in str(act.detail)


def test_a_desk_sees_rules_of_courses_that_are_not_its_own_without_setting_them(years: Years) -> None:
    years.rule(replace(FIGURES, source="", effective_from=ISSUED + timedelta(days=1)))
    with years.parts.database.transaction(write=False) as session:
        found = renewals.list_courses(session, years.cast.zhoumin, Role.INSTITUTION, now=NOON)
        shared = next(each for each in found if each.course_id == years.course)
    assert (shared.may_set, shared.current) == (False, None)
    assert [rule.source for rule in shared.coming] == [""]


def test_completing_it_again_renews_it_and_keeps_what_was(years: Years) -> None:
    years.rule()
    first = years.complete()
    cohort = years.open_class(years.version())
    with years.parts.database.transaction() as session:
        assert renewals.retake(session, years.cast.zhoumin, cohort, [first], now=noon_of(OPENS)) == 1
    [found] = own(years, OPENS)
    assert (found.current.phase, found.presses) == (Phase.OPEN, False)
    assert found.taking
    assert found.taking.cohort == "复训班"
    second = years.complete(years.enrollment_in(cohort), at=noon_of(DUE))
    [found] = own(years, OVER)
    assert (found.current.enrollment_id, found.current.number, found.current.phase) == (second, 2, Phase.VALID)
    assert [(one.enrollment_id, one.number, one.phase) for one in found.past] == [(first, 1, Phase.RENEWED)]
    assert years.held(first) == HELD


def test_an_older_version_renews_nothing(years: Years) -> None:
    years.rule()
    newer, older = years.open_class(years.version()), years.open_class(name="旧版班")
    with years.parts.database.transaction() as session:
        stage = Stage(session)
        assert years.cast.lifang.person_id
        first, second = (stage.enroll(each, years.cast.lifang.person_id) for each in (newer, older))
    years.complete(first)
    years.complete(second, at=noon_of(DUE))
    [found] = own(years, DUE)
    assert {one.phase for one in (found.current, *found.past)} == {Phase.VALID, Phase.DUE}


def test_a_completion_under_another_record_of_the_same_human_renews(years: Years) -> None:
    years.rule()
    first = years.complete()
    Office(years.parts, years.cast).join()
    years.complete(years.cast.foreign_enrollment, at=noon_of(DUE))
    with years.parts.database.transaction(write=False) as session:
        assert session.get_one(Validity, first).renewed_by == years.cast.foreign_enrollment


def test_one_human_on_record_as_two_sees_one_history_and_gets_no_message_while_she_takes_it(years: Years) -> None:
    years.rule()
    first, mine = years.complete(), years.cast.lifang
    elsewhere = years.open_class(years.version(), at=years.cast.anhe, name="安和复训班")
    Office(years.parts, years.cast).join()
    with years.parts.database.transaction() as session:
        assert years.cast.chenmo.person_id
        begun = Stage(session).enroll(elsewhere, years.cast.chenmo.person_id)
    for who in (mine, years.cast.chenmo):
        with years.parts.database.transaction(write=False) as session:
            [found] = renewals.list_own(session, who, now=noon_of(OPENS))
        assert found.taking
        assert (found.current.enrollment_id, found.taking.enrollment_id) == (first, begun)
        assert not found.presses
    remind(years, noon_of(OPENS))
    assert told(years) == [("open", False)]


def test_an_older_version_under_way_keeps_no_message_back(years: Years) -> None:
    years.rule()
    newer = years.open_class(years.version())
    with years.parts.database.transaction() as session:
        assert years.cast.lifang.person_id
        first = Stage(session).enroll(newer, years.cast.lifang.person_id)
    years.complete(first)
    with years.parts.database.transaction() as session:
        Stage(session).enroll(years.open_class(name="旧版班"), years.cast.lifang.person_id)
    remind(years, noon_of(OPENS))
    assert told(years) == [("open", True)]


def test_what_was_completed_before_two_were_found_to_be_one_renews_too(years: Years) -> None:
    years.rule()
    first = years.complete()
    second = years.complete(years.cast.foreign_enrollment, at=noon_of(OPENS))
    Office(years.parts, years.cast).join()
    assert remind(years, noon_of(DUE)) == 0
    [found] = own(years, DUE)
    assert (found.current.enrollment_id, [one.enrollment_id for one in found.past]) == (second, [first])


def test_whoever_is_on_record_twice_joins_as_whom_she_signs_in(years: Years) -> None:
    years.rule()
    first = years.complete()
    Office(years.parts, years.cast).join()
    cohort = years.open_class(years.version())
    with years.parts.database.transaction() as session:
        mine = years.cast.lifang.person_id
        session.execute(update(Account).where(Account.person_id == mine).values(person_id=None))
        assert renewals.retake(session, years.cast.zhoumin, cohort, [first], now=noon_of(OPENS)) == 1
        inside = session.scalars(select(Enrollment.person_id).where(Enrollment.cohort_id == cohort)).all()
    assert inside == [years.cast.chenmo.person_id]


def test_the_verdict_fixes_the_days(years: Years) -> None:
    with years.parts.database.transaction() as session:
        training = stage_training(session, years.cast)
        enrollment = session.get_one(Enrollment, training.enrollment)
        figures = replace(FIGURES, months=36)
        course = enrollment.cohort.course_version.course_id
        renewals.set_rule(session, years.cast.admin, Role.PLATFORM, course, figures, now=NOON)
        finish(training, [years.cast.wanglei.account_id, years.cast.liuyang.account_id])
        for _ in range(2):
            assert completion.refresh(session, enrollment, now=NOON)
    held = years.held(training.enrollment)
    assert held
    assert (held.issued_on, held.valid_until) == (ISSUED, date(2029, 11, 23))


DAYS = [ISSUED, OPENS - timedelta(days=1), OPENS, DUE - timedelta(days=1), DUE, LAST, OVER]


def test_the_desks_list_and_its_counts_agree_with_the_rule_on_every_day(years: Years) -> None:
    years.rule()
    first = years.complete()
    for day in DAYS:
        for actor, role in ((years.cast.zhoumin, Role.INSTITUTION), (years.cast.wujian, Role.INSPECTOR)):
            with years.parts.database.transaction(write=False) as session:
                where = renewals.holdings(session, [first], now=noon_of(day))[first].phase
                counts = renewals.count(session, actor, role, now=noon_of(day))
                rows = {
                    each: renewals.list_rows(session, actor, role, Asked(each), 1, now=noon_of(day)) for each in counts
                }
                waiting = renewals.list_rows(session, actor, role, Asked(), 1, now=noon_of(day))
            assert counts == {each: int(each is where) for each in counts}
            assert {each: len(found) for each, found in rows.items()} == counts
            assert [row.name for row in waiting] == (["李芳"] if where is not Phase.VALID else [])


def test_another_desk_sees_nothing_of_it(years: Years) -> None:
    years.rule()
    first = years.complete()
    with years.parts.database.transaction(write=False) as session:
        who, now = years.cast.sunyue, noon_of(DUE)
        assert not any(renewals.count(session, who, Role.INSTITUTION, now=now).values())
        assert renewals.list_rows(session, who, Role.INSTITUTION, Asked(), 1, now=now) == []
        with pytest.raises(NotFound):
            renewals.get_history(session, who, Role.INSTITUTION, first, now=now)
        assert renewals.list_own(session, years.cast.chenmo, now=now) == []


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ("nobody", "renewal_nobody"),
        ("early", "renewal_not_open"),
        ("other course", "renewal_other_course"),
        ("older version", "renewal_older_version"),
        ("filed", "filing_roster_frozen"),
        ("renewed", "renewal_not_open"),
    ],
)
def test_what_cannot_be_taken_again(years: Years, case: str, code: str) -> None:
    years.rule()
    first, day, chosen = years.complete(), OPENS, True
    version = years.version()
    cohort = years.open_class(version)
    if case == "nobody":
        chosen = False
    elif case == "early":
        day = OPENS - timedelta(days=1)
    elif case == "other course":
        with years.parts.database.transaction() as session:
            other, _ = Stage(session).version(replace(small_course(), slug="another-course", title="另一门课"))
        cohort = years.open_class(other, name="别的课")
    elif case == "older version":
        newer = years.open_class(version, name="新版班")
        with years.parts.database.transaction() as session:
            assert years.cast.lifang.person_id
            first = Stage(session).enroll(newer, years.cast.lifang.person_id)
        years.complete(first)
        cohort = years.open_class(name="旧版班")
    elif case == "filed":
        cohort = years.open_class(version, name="已备案", filing=State.APPROVED.value)
    else:
        with years.parts.database.transaction() as session:
            renewals.retake(session, years.cast.zhoumin, cohort, [first], now=noon_of(OPENS))
        years.complete(years.enrollment_in(cohort), at=noon_of(OPENS))
    with years.parts.database.transaction() as session, pytest.raises(Refused, match=code):
        renewals.retake(session, years.cast.zhoumin, cohort, [first] if chosen else [], now=noon_of(day))


def test_nobody_enters_strangers(years: Years) -> None:
    years.rule()
    first = years.complete()
    theirs = years.complete(years.cast.foreign_enrollment)
    ours, elsewhere = years.open_class(years.version()), years.open_class(at=years.cast.anhe, name="安和复训班")
    for cohort, chosen in ((elsewhere, [first]), (ours, [theirs]), (ours, [first, theirs])):
        with years.parts.database.transaction() as session, pytest.raises(NotFound):
            renewals.retake(session, years.cast.zhoumin, cohort, chosen, now=noon_of(OPENS))
    with years.parts.database.transaction(write=False) as session:
        inside = select(func.count()).select_from(Enrollment).where(Enrollment.cohort_id.in_([ours, elsewhere]))
        assert session.scalar(inside) == 0
        classes = renewals.list_classes(session, years.cast.zhoumin, years.course, now=noon_of(OPENS))
    assert {key for key, _name in classes} == {ours, years.cast.cohort}


def test_to_enter_her_twice_is_to_enter_her_once(years: Years) -> None:
    years.rule()
    first, cohort = years.complete(), years.open_class(years.version())
    with years.parts.database.transaction() as session:
        joined = [renewals.retake(session, years.cast.zhoumin, cohort, [first], now=noon_of(DUE)) for _ in range(2)]
        acts = select(AuditEvent).where(AuditEvent.action == "learner.enroll")
        act = session.scalars(acts).one()
    assert joined == [1, 0]
    assert (act.account_id, act.detail) == (years.cast.zhoumin.account_id, {"cohort": str(cohort)})


def remind(years: Years, moment: datetime, *, by_sms: bool = True) -> int:
    with years.parts.database.transaction() as session:
        return renewals.remind(session, by_sms=by_sms, now=moment)


def told(years: Years) -> list[tuple[str, bool]]:
    with years.parts.database.transaction(write=False) as session:
        rows = select(RenewalReminder.phase, RenewalReminder.by_sms).order_by(RenewalReminder.told_at)
        return [(row.phase, row.by_sms) for row in session.execute(rows)]


def send(years: Years, moment: datetime) -> list[tuple[str, date]]:
    """Performs every job of a reminder."""
    sms = ConsoleGateway()
    with years.parts.database.transaction(write=False) as session:
        for job in session.scalars(select(Job).where(Job.kind == renewals.SEND)):
            renewals.send(session, years.parts.keyring, sms, job.payload, now=moment)
    return list(sms.reminded)


def test_she_is_told_once_of_each_phase_and_only_of_the_latest(years: Years) -> None:
    years.rule()
    years.complete()
    for day in (OPENS - timedelta(days=1), OPENS, OPENS, DUE + timedelta(days=3), OVER, OVER + timedelta(days=400)):
        remind(years, noon_of(day))
    assert told(years) == [("open", True), ("due", True), ("expired", True)]


def test_what_was_missed_meanwhile_is_not_made_up(years: Years) -> None:
    years.rule()
    years.complete()
    assert remind(years, noon_of(OVER)) == 1
    assert told(years) == [("expired", True)]
    assert remind(years, noon_of(OVER)) == 0


@pytest.mark.parametrize(("hour", "told_then"), [(0, 0), (8, 0), (9, 1), (19, 1), (20, 0)])
def test_no_phone_rings_at_night(years: Years, hour: int, told_then: int) -> None:
    years.rule()
    years.complete()
    assert remind(years, noon_of(OPENS) + timedelta(hours=hour - 12)) == told_then


def test_the_message_goes_to_her_own_phone_and_names_the_last_day(years: Years) -> None:
    years.rule()
    years.complete()
    remind(years, noon_of(OPENS))
    assert send(years, noon_of(OPENS)) == [(years.cast.phones["lifang"], LAST)]
    assert send(years, noon_of(OPENS + timedelta(days=4))) == []


def test_without_a_template_she_is_told_on_her_pages_only(years: Years) -> None:
    years.rule()
    years.complete()
    remind(years, noon_of(OPENS), by_sms=False)
    assert told(years) == [("open", False)]
    assert send(years, noon_of(OPENS)) == []


def _restrict(years: Years) -> None:
    with years.parts.database.transaction() as session:
        session.add(Restriction(person_id=years.cast.lifang.person_id, request_id=None, since=NOON))


def _close(years: Years) -> None:
    with years.parts.database.transaction() as session:
        session.get_one(Account, years.cast.lifang.account_id).disabled_at = NOON


def _renew(years: Years) -> None:
    cohort = years.open_class(years.version())
    with years.parts.database.transaction() as session:
        assert years.cast.lifang.person_id
        made = Stage(session).enroll(cohort, years.cast.lifang.person_id)
    years.complete(made, at=noon_of(OPENS))


@pytest.mark.parametrize("happens", [_close, _renew, _restrict])
def test_nothing_is_sent_any_more(years: Years, happens: Callable[[Years], None]) -> None:
    years.rule()
    years.complete()
    remind(years, noon_of(OPENS))
    happens(years)
    assert send(years, noon_of(OPENS)) == []


def test_whoever_takes_it_again_gets_no_message(years: Years) -> None:
    years.rule()
    first, cohort = years.complete(), years.open_class(years.version())
    with years.parts.database.transaction() as session:
        renewals.retake(session, years.cast.zhoumin, cohort, [first], now=noon_of(OPENS))
    remind(years, noon_of(DUE))
    assert told(years) == [("due", False)]


def test_a_class_that_is_over_uncompleted_keeps_no_message_back(years: Years) -> None:
    years.rule()
    first, cohort = years.complete(), years.open_class(years.version())
    with years.parts.database.transaction() as session:
        renewals.retake(session, years.cast.zhoumin, cohort, [first], now=noon_of(OPENS))
        session.get_one(Cohort, cohort).closes_on = DUE - timedelta(days=1)
    remind(years, noon_of(DUE))
    assert told(years) == [("due", True)]


def test_what_is_renewed_is_not_told_of(years: Years) -> None:
    years.rule()
    years.complete()
    _renew(years)
    assert remind(years, noon_of(DUE)) == 0


def test_the_history_of_a_learner_tells_what_she_was_told(years: Years) -> None:
    years.rule(Figures(24, 90, 30, "", ISSUED))
    first = years.complete()
    remind(years, noon_of(OPENS))
    with years.parts.database.transaction(write=False) as session:
        who: Actor = years.cast.zhoumin
        [row] = renewals.get_history(session, who, Role.INSTITUTION, first, now=noon_of(DUE))
    assert (row.name, row.completion.source, row.completion.phase) == ("李芳", "", Phase.DUE)
    assert [(each.phase, each.by_sms) for each in row.told] == [(Phase.OPEN, True)]


def test_what_was_taken_back_holds_no_more_and_what_it_renewed_counts_again(years: Years) -> None:
    years.rule()
    first = years.complete()
    remind(years, noon_of(OPENS))
    _renew(years)
    [found] = own(years, DUE)
    second = found.current.enrollment_id
    with years.parts.database.transaction() as session:
        for _ in range(2):
            renewals.end(session, second, now=noon_of(DUE))
    [found] = own(years, DUE)
    assert (found.current.enrollment_id, found.current.phase, found.presses) == (first, Phase.DUE, True)
    assert [one.phase for one in found.past] == [Phase.ENDED]
    assert remind(years, noon_of(DUE)) == 1
    assert told(years) == [("open", True), ("due", True)]
    years.complete(second, at=noon_of(DUE))
    assert own(years, DUE)[0].current.enrollment_id == first
    with years.parts.database.transaction() as session:
        renewals.resume(session, second)
    [found] = own(years, OVER)
    assert (found.current.enrollment_id, found.current.phase) == (second, Phase.VALID)
    assert [one.phase for one in found.past] == [Phase.RENEWED]


def test_what_is_issued_anew_after_it_was_renewed_stays_renewed(years: Years) -> None:
    years.rule()
    first = years.complete()
    with years.parts.database.transaction() as session:
        renewals.end(session, first, now=noon_of(OPENS))
    _renew(years)
    with years.parts.database.transaction() as session:
        assert renewals.holdings(session, [first], now=noon_of(DUE))[first].phase is Phase.ENDED
        renewals.resume(session, first)
        assert renewals.holdings(session, [first], now=noon_of(DUE))[first].phase is Phase.RENEWED
    assert remind(years, noon_of(DUE)) == 0
