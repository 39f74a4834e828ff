"""A class with an exam on an empty database: for bots, and for a crowd that hands in at once."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import update

from lms import clock, resources
from lms.authoring.package import read_package
from lms.db import Session
from lms.domain.bank import Entry, Item, ItemType, Pair
from lms.domain.courses import TIMED, Exam, ExamPart, Option
from lms.domain.policies import ExamRules, policy_on
from lms.domain.roles import Role
from lms.models.accounts import Account
from lms.models.base import new_id
from lms.models.courses import Lesson
from lms.models.enrollments import Cohort, Enrollment
from lms.models.organisations import Organisation
from lms.models.people import Person
from lms.models.study import StudyClock
from lms.services import courses
from lms.services.bank import Place
from lms.services.bank.writing import add_all
from lms.services.scopes import Actor

COURSE = "getting-started"
PARTS = 4
MINUTES = 60
PASS_PERCENT = 60
FAR = date(2099, 12, 31)
KINDS = (*[ItemType.SINGLE] * 10, *[ItemType.MULTIPLE] * 3, *[ItemType.TRUE_FALSE] * 3, *list(ItemType)[3:])
"""How many of each kind a bank of twenty has: mostly what is easiest to guess."""


@dataclass(frozen=True)
class World:
    """What was made: the learners with their enrollments, and what their exam asks."""

    rules: ExamRules
    learners: tuple[tuple[Actor, uuid.UUID], ...]


def build(session: Session, *, pool: int, questions: int, persons: int, now: datetime) -> World:
    """A class whose study is done, with `pool` questions in its bank and papers of `questions`."""
    policy = policy_on(clock.civil_day(now), family="blended")
    if policy.blended is None or policy.blended.exam is None:
        raise LookupError("the policy in force has no exam")
    organisation, staff = Organisation(id=new_id(), name="考场", created_at=now), _account("staff", now)
    session.add_all([organisation, staff])
    session.flush()
    cohort = _cohort(session, organisation.id, policy.code, questions, now)
    entries = [Entry(item, f"exam-{number % PARTS}") for number, item in enumerate(_items(pool))]
    place = Place(organisation.id, organisation.name, COURSE, COURSE)
    actor = Actor(staff.id, None, "staff", frozenset({(Role.TRAINER, organisation.id)}))
    add_all(session, actor, place, entries, act="create", batch_id=None, now=now)
    learners = tuple(_learner(session, cohort, number, now) for number in range(persons))
    session.flush()
    return World(policy.blended.exam, learners)


def forward(session: Session, by: timedelta) -> None:
    """Lets the study clock of this database go on at once; only ever for one that is thrown away."""
    ahead = StudyClock.base_ms + int(by.total_seconds() * 1000)
    session.execute(update(StudyClock).values(base_ms=ahead, last_ms=ahead))


def _cohort(session: Session, organisation_id: uuid.UUID, policy: str, questions: int, now: datetime) -> Cohort:
    course, _ = read_package(resources.find("courses") / COURSE)
    if course is None:
        raise LookupError(COURSE)
    share, more = divmod(questions, PARTS)
    parts = tuple(ExamPart(f"exam-{number}", share + (number < more)) for number in range(PARTS))
    version = courses.publish(session, replace(course, exam=Exam(MINUTES, PASS_PERCENT, parts)), now=now)
    timed = update(Lesson).where(Lesson.course_version_id == version.id, Lesson.kind.in_(TIMED))
    session.execute(timed.values(duration_ms=0))
    made = Cohort(id=new_id(), organisation_id=organisation_id, course_version_id=version.id, policy_code=policy)
    made.name, made.opens_on, made.closes_on, made.created_at = "考场", clock.civil_day(now), FAR, now
    session.add(made)
    session.flush()
    return made


def _account(name: str, now: datetime, person_id: uuid.UUID | None = None) -> Account:
    return Account(
        id=new_id(), phone_index=new_id().hex, phone_sealed="", name=name, person_id=person_id, created_at=now
    )


def _learner(session: Session, cohort: Cohort, number: int, now: datetime) -> tuple[Actor, uuid.UUID]:
    person = Person(id=new_id(), pid=new_id().hex, name=f"考生{number}", document_type="resident_id")
    person.document_sealed, person.created_at = "", now
    session.add(person)
    session.flush()
    account = _account(person.name, now, person.id)
    enrollment = Enrollment(id=new_id(), cohort_id=cohort.id, person_id=person.id, created_at=now)
    enrollment.course_version_id = cohort.course_version_id
    session.add_all([account, enrollment])
    return Actor(account.id, person.id, person.name), enrollment.id


def _items(count: int) -> Iterator[Item]:
    for number in range(count):
        yield _item(KINDS[number % len(KINDS)], number)


def _item(kind: ItemType, number: int) -> Item:
    stem = f"第 {number} 号题：照护老人时应该怎么做？"
    match kind:
        case ItemType.TRUE_FALSE:
            return Item(kind, stem, options=(Option("对", "", number % 2 == 0), Option("错", "", number % 2 == 1)))
        case ItemType.ORDERING:
            return Item(kind, stem, steps=tuple(f"{number} 的第{step}步" for step in "一二三四五"))
        case ItemType.MATCHING:
            return Item(kind, stem, pairs=tuple(Pair(f"{number}左{n}", f"{number}右{n}") for n in range(4)))
        case ItemType.FILL:
            return Item(kind, f"{stem}____", blanks=((f"答案{number}",),))
        case ItemType.CASE:
            return Item(kind, stem, parts=tuple(_item(ItemType.SINGLE, 10 * number + n) for n in range(3)))
        case _:
            right = {number % 4} if kind is ItemType.SINGLE else {number % 4, (number + 1 + number % 3) % 4}
            return Item(kind, stem, options=tuple(Option(f"做法{n}", "", n in right) for n in range(4)))
