"""The sample world of a demo: a city, two institutions, their people, the shipped courses. Known to everybody.

No study time, grade, attendance or record is made up: those appear when somebody studies, sits or comes.
"""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.adapters.objects import Store
from lms.crypto import Keyring
from lms.models.organisations import Organisation
from lms.services import audit, subsidies
from lms.services.demo import authorities, blended, classes, content, filed, people
from lms.services.demo.blended import REMARK
from lms.services.demo.people import ANHE, CITY, KANGNING, LOGINS, PASSWORD, WORKING, Login, find_actor

__all__ = ["ANHE", "KANGNING", "LOGINS", "PASSWORD", "REMARK", "Login", "find_actor", "seed"]

SEEDED = "demo.courses"


def seed(session: Session, keyring: Keyring, store: Store, *, now: datetime) -> int:
    """Puts the sample world in place once; later calls publish changed courses and plan a class for today.

    Returns how many lesson videos belong to the published courses.
    """
    digest = content.digest()
    if not audit.knows(session, SEEDED, digest):
        _publish(session, keyring, store, now)
        audit.record(session, SEEDED, digest, now=now)
    authorities.place(session, keyring, now)
    for organisation, roles in ((KANGNING, WORKING), (CITY, authorities.AUTHORITY)):
        people.let_in(session, keyring, organisation, roles, now)
    subsidies.load_shipped(session, now=now)
    filed.open_class(session, keyring, now)
    blended.meet_today(session, keyring, now)
    return content.count_videos(session)


def _publish(session: Session, keyring: Keyring, store: Store, now: datetime) -> None:
    versions = {version.course.slug: version for version in content.publish(session, now)}
    if not session.scalar(select(func.count()).select_from(Organisation)):
        classes.people_and_classes(session, keyring, versions, now)
    blended.open_class(session, keyring, store, versions[content.FIRST_COURSE], now)
