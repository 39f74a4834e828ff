"""Training policies as effective-dated data; a cohort's opening day picks one."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from lms.domain.errors import Refused

MS_PER_MINUTE = 60_000
CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Policy:
    """The figures that verdicts rest on. Each says where it comes from, or that it is ours.

    minutes_per_class_hour: 45, Liaoning 2023 online notice (also Shanghai, Jiangsu, Hunan).
    quiz_pass_mark: 60 percent, common practice, unconfirmed by any document read: a parameter.
    lesson_share: part of a lesson's length that must be credited before it counts as studied, in
        percent; our own choice: it forgives the last seconds that a weak network loses.
    zone: whose civil days count.
    daily_cap_ms: most that is credited to a person on a civil day, over all classes; none, since no
        national text sets one (Hunan counts 7 class hours a day, Tianjin 8): a parameter, unconfirmed.
    offline_daily_cap_ms: most that is credited on a civil day for downloaded lessons; our own choice.
    gap_share, offline_share: how much may be paid of what was made up after a gap, in percent of its
        session, and of offline study, in percent of online study; our own choice (study-time.md).
    """

    code: str
    effective_from: date
    minutes_per_class_hour: int = 45
    quiz_pass_mark: int = 60
    lesson_share: int = 95
    zone: ZoneInfo = CHINA
    daily_cap_ms: int | None = None
    offline_daily_cap_ms: int | None = 2 * 3_600_000
    gap_share: int = 15
    offline_share: int = 30

    def required_ms(self, duration_ms: int) -> int:
        """Credited milliseconds a lesson of this length needs, rounded up."""
        return -(-duration_ms * self.lesson_share // 100)

    def class_hour_hundredths(self, credited_ms: int) -> int:
        """Class hours (学时) in hundredths, rounded down: never more than was studied."""
        return credited_ms * 100 // (self.minutes_per_class_hour * MS_PER_MINUTE)


POLICIES = (Policy(code="base-2023", effective_from=date(2023, 1, 1)),)


def check_running(opens_on: date, closes_on: date, today: date) -> None:
    """Refuses study outside of a cohort's days: nothing is earned before it opens or after it closes."""
    if today < opens_on:
        raise Refused("cohort_not_open", day=opens_on.isoformat())
    if today > closes_on:
        raise Refused("cohort_closed", day=closes_on.isoformat())


def policy_on(day: date, policies: tuple[Policy, ...] = POLICIES) -> Policy:
    """The policy in force on a cohort's opening day; Refused before the first one."""
    in_force = [policy for policy in policies if policy.effective_from <= day]
    if not in_force:
        raise Refused("policy_not_in_force", day=day.isoformat())
    return max(in_force, key=lambda policy: policy.effective_from)


def policy_named(code: str, policies: tuple[Policy, ...] = POLICIES) -> Policy:
    """The policy that a stored verdict or cohort names; Refused when it is gone."""
    for policy in policies:
        if policy.code == code:
            return policy
    raise Refused("policy_unknown", policy=code)
