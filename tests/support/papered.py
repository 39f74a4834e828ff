"""Completion records of the cast and of more learners, issued through the real service."""

import uuid
from datetime import datetime

from lms.models.certificates import Certificate

from lms import crypto
from lms.domain.policies import policy_named
from lms.models.enrollments import Enrollment
from lms.parts import Parts
from lms.services import certificates
from tests.support.cast import NOON, Cast, Stage

OTHERS = (("王𠮟龑", "509999198501010101"), ("古丽·测试", "509999198501010102"))


def issue(parts: Parts, enrollment_id: uuid.UUID, at: datetime = NOON) -> str:
    """Issues the record of an enrollment, whatever was studied; answers with its code."""
    with parts.database.transaction() as session:
        enrollment = session.get_one(Enrollment, enrollment_id)
        policy = policy_named(enrollment.cohort.policy_code)
        return certificates.issue(session, enrollment, [], policy, now=at).code


def issue_old(parts: Parts, enrollment_id: uuid.UUID) -> str:
    """A record from a time whose facts do not say what a certificate must."""
    code = crypto.verification_code()
    with parts.database.transaction() as session:
        told = {"facts": {"format": 0}, "facts_hash": "", "issued_at": NOON}
        session.add(Certificate(enrollment_id=enrollment_id, code=code, **told))
    return code


def join(parts: Parts, cast: Cast, name: str, number: str) -> uuid.UUID:
    """One more learner of 康宁's class, without an account."""
    with parts.database.transaction() as session:
        on = Stage(session, parts.keyring)
        return on.enroll(cast.cohort, on.person(name, number))


def issue_class(parts: Parts, cast: Cast) -> list[str]:
    """The records of 李芳 and two others of her class."""
    places = [cast.enrollment, *(join(parts, cast, *each) for each in OTHERS)]
    return [issue(parts, place) for place in places]
