"""Completion records of the cast and of more learners, issued through the real service."""

import uuid
from datetime import datetime

from lms.domain.policies import policy_named
from lms.models.enrollments import Enrollment
from lms.parts import Parts
from lms.services import certificates
from tests.support.cast import NOON, Cast, Stage

OTHERS = (("王𠮟龑", "219999198501010018"), ("古丽·测试", "509999199006150033"))


def issue(parts: Parts, enrollment_id: uuid.UUID, at: datetime = NOON) -> str:
    """Issues the record of an enrollment, whatever was studied; answers with its code."""
    with parts.database.transaction() as session:
        enrollment = session.get_one(Enrollment, enrollment_id)
        policy = policy_named(enrollment.cohort.policy_code)
        return certificates.issue(session, enrollment, [], policy, now=at).code


def join(parts: Parts, cast: Cast, name: str, number: str) -> uuid.UUID:
    """One more learner of 康宁's class, without an account."""
    with parts.database.transaction() as session:
        on = Stage(session, parts.keyring)
        return on.enroll(cast.cohort, on.person(name, number))


def issue_class(parts: Parts, cast: Cast) -> list[str]:
    """The records of 李芳 and two others of her class."""
    places = [cast.enrollment, *(join(parts, cast, *each) for each in OTHERS)]
    return [issue(parts, place) for place in places]
