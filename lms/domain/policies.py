"""Training policies as effective-dated data; a cohort's opening day picks one."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from lms.domain.errors import Refused

MS_PER_MINUTE = 60_000
CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class ExamRules:
    """How a theory exam is held: `attempts` at most, `cooldown_hours` between two; our own choice, unconfirmed.

    The pass mark stands in the course's blueprint. `oral`: an examiner may ask instead (养老护理员 2019).
    `reveal_after_close`: whether a learner may read the questions of her papers, with their answers, once her class
    has closed; our own choice, unconfirmed (decision 0062).
    """

    attempts: int = 3
    cooldown_hours: int = 24
    oral: bool = True
    reveal_after_close: bool = True


@dataclass(frozen=True)
class PracticeRules:
    """How practical skills are judged: by `examiners` people who did not teach the class, `attempts` at most.

    Two signatures stand on the score books read (domain.md 6.1); the attempts are our own choice, unconfirmed.
    """

    examiners: int = 2
    attempts: int = 3


@dataclass(frozen=True)
class Blended:
    """What a class asks beyond online study. None: the policy does not say, so nothing is asked.

    online_share_max: percent of the counted class hours that may be online; 50, Liaoning 2023 online notice.
    attendance_person_min, attendance_class_day_min: percent of the classes held that a person must have attended,
        and of the people on the roster who must come to a class of a class day; 80, Tianjin; unconfirmed elsewhere.
    in_person_minutes_min: minutes attended in person; None, since no national text sets them.
    theory_first: whether practicals wait for a passed theory exam; our own choice, off.
    workplace_tasks: whether a mentor's signature under each practice lesson is asked (工学一体化); off.
    """

    online_share_max: int | None = 50
    attendance_person_min: int | None = 80
    attendance_class_day_min: int | None = None
    in_person_minutes_min: int | None = None
    theory_first: bool = False
    workplace_tasks: bool = False
    exam: ExamRules | None = ExamRules()
    practice: PracticeRules | None = PracticeRules()


@dataclass(frozen=True)
class FilingRules:
    """What a filing of a class (开班申请) is measured by; a figure that is missed sends it to a person, never back.

    file_before_days: working days between filing and opening; 5, Tianjin 2019 (10 in Huoshan); unconfirmed elsewhere.
    review_days: working days in which it is answered; 5, Tianjin and Huoshan; unconfirmed elsewhere.
    class_size_max: people in a class; None, since only Huoshan (50) names one.
    """

    file_before_days: int = 5
    review_days: int = 5
    class_size_max: int | None = None


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
    family: policies of one family follow each other; a class is of the one it was opened under.
    blended: what is asked beyond online study; nothing for a class that is online only.
    filing: what a filing of the class is measured by.
    activation_first: whether study waits until she has confirmed name and number on her own phone; our own choice,
        off: no text read asks for it, and a wrong name must not cost hours.
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
    family: str = "base"
    blended: Blended | None = None
    filing: FilingRules = FilingRules()
    activation_first: bool = False

    def required_ms(self, duration_ms: int) -> int:
        """Credited milliseconds a lesson of this length needs, rounded up."""
        return -(-duration_ms * self.lesson_share // 100)

    def class_hour_hundredths(self, credited_ms: int) -> int:
        """Class hours (学时) in hundredths, rounded down: never more than was studied."""
        return credited_ms * 100 // (self.minutes_per_class_hour * MS_PER_MINUTE)


POLICIES = (
    Policy(code="base-2023", effective_from=date(2023, 1, 1)),
    Policy(code="base-activated-2023", effective_from=date(2023, 1, 1), family="base-activated", activation_first=True),
    Policy(code="blended-2023", effective_from=date(2023, 1, 1), family="blended", blended=Blended()),
    Policy(
        code="blended-untold-2023",
        effective_from=date(2023, 1, 1),
        family="blended-untold",
        blended=Blended(exam=ExamRules(reveal_after_close=False)),
    ),
)


def has_closed(closes_on: date, today: date) -> bool:
    """Whether a cohort has closed: its last day is over."""
    return today > closes_on


def check_running(opens_on: date, closes_on: date, today: date, *, approved: bool = True) -> None:
    """Refuses study outside of a cohort's days: nothing is earned before it opens or after it closes.

    `approved`: False for a class whose filing has not been approved; nothing is earned in it whatever the day.
    """
    if not approved:
        raise Refused("cohort_not_approved")
    if today < opens_on:
        raise Refused("cohort_not_open", day=opens_on.isoformat())
    if has_closed(closes_on, today):
        raise Refused("cohort_closed", day=closes_on.isoformat())


def policy_on(day: date, policies: tuple[Policy, ...] = POLICIES, family: str = "base") -> Policy:
    """The policy of a family that is in force on a cohort's opening day; Refused before the first one."""
    in_force = [policy for policy in policies if policy.family == family and policy.effective_from <= day]
    if not in_force:
        raise Refused("policy_not_in_force", day=day.isoformat())
    return max(in_force, key=lambda policy: policy.effective_from)


def policy_named(code: str, policies: tuple[Policy, ...] = POLICIES) -> Policy:
    """The policy that a stored verdict or cohort names; Refused when it is gone."""
    for policy in policies:
        if policy.code == code:
            return policy
    raise Refused("policy_unknown", policy=code)
