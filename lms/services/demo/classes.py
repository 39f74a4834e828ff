"""The institutions of a demo and their classes online."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from lms import clock
from lms.crypto import Keyring
from lms.domain.organisations import Kind
from lms.domain.roles import Role
from lms.models.courses import CourseVersion
from lms.services import cohorts, organisations
from lms.services.demo import people
from lms.services.demo.content import FIRST_COURSE, MAIN_COURSE
from lms.services.demo.people import ANHE, KANGNING, LOGINS, WORKING
from lms.services.scopes import Actor

COHORT_DAYS = timedelta(days=90)
ONLINE = {KANGNING: (MAIN_COURSE,), ANHE: (MAIN_COURSE, FIRST_COURSE)}  # 康宁 has a blended class of the short one


def people_and_classes(session: Session, keyring: Keyring, versions: dict[str, CourseVersion], now: datetime) -> None:
    """Both institutions with everybody in them, and their classes that ask for online study only."""
    admin = people.staff(session, keyring, LOGINS[-1], None, now)
    for name, slugs in ONLINE.items():
        made = organisations.create(session, admin, name=name, kind=Kind.ELDER_CARE, now=now)
        working = [people.staff(session, keyring, login, made.id, now) for login in people.of(name, *WORKING)]
        people.let_in_inspectors(session, keyring, admin, made.id, name, now)
        office = next(actor for actor in working if actor.has(Role.INSTITUTION))
        for slug in slugs:
            cohort_id = open_cohort(session, office, made.id, versions[slug], now)
            people.enroll(session, keyring, office, cohort_id, name, now)


def open_cohort(
    session: Session,
    office: Actor,
    organisation_id: uuid.UUID,
    version: CourseVersion,
    now: datetime,
    *,
    family: str = "base",
    remark: str = "",
) -> uuid.UUID:
    """A class for three months, whose name says that it is a sample."""
    today = clock.civil_day(now)
    made = cohorts.create(
        session,
        office,
        organisation_id=organisation_id,
        course_version_id=version.id,
        name=f"{version.title} {today.year} 年示例班{remark}",
        opens_on=today,
        closes_on=today + COHORT_DAYS,
        family=family,
        now=now,
    )
    return made.id
