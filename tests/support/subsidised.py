"""A class for subsidies in the database: approved, with a policy made by hand, its learners complete and certified."""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from lms.domain.eligibility.groups import Entry, Paper, State
from lms.domain.roles import Role
from lms.domain.subsidies import PersonGroup, SubsidyPolicy
from lms.models.enrollments import Cohort, Enrollment
from lms.models.filings import Filing
from lms.models.papers import Paper as PrintedPaper
from lms.models.people import PersonDocument
from lms.models.records import Record
from lms.parts import Parts
from lms.services import claimed, eligibility, outside, sanctioned, subsidies
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast, Stage
from tests.support.certified import certify
from tests.support.places import Places, place
from tests.support.subsidies import NURSE, policy

TODAY = NOON.date()
NOTE = "对照原件看过，姓名和日期都一样"


@dataclass
class Seams:
    """What other parts of the house would say, as a test wants it."""

    policy: SubsidyPolicy | None = field(default_factory=policy)
    past: dict[uuid.UUID, list[object]] = field(default_factory=dict)
    persons: dict[uuid.UUID, list[object]] = field(default_factory=dict)
    places: dict[uuid.UUID, list[object]] = field(default_factory=dict)

    def fit(self, patch: pytest.MonkeyPatch) -> None:
        """Puts them in the place of the real ones."""
        patch.setattr(subsidies, "policies_of", lambda _s, ids: {each: self.policy for each in ids if self.policy})
        patch.setattr(claimed, "past_claims", lambda _s, _ids: self.past)
        patch.setattr(outside, "doubts", lambda _s, _ids, _day: self.persons)
        patch.setattr(sanctioned, "doubts", lambda _s, _ids, _day: self.places)


@dataclass
class Funded:
    """康宁's class in a test, and who acts on it."""

    parts: Parts
    cast: Cast
    now: datetime = NOON

    def approve(self, occupation: str = NURSE, level: str = "5", resources: str = "省平台课程") -> None:
        """The class was filed for this occupation and level, and approved."""
        with self.parts.database.transaction() as session:
            row = session.get_one(Cohort, self.cast.cohort)
            row.filing = "approved"
            told = {"occupation": occupation, "level": level, "certificate": "training", "resources": resources}
            session.add(Filing(cohort_id=row.id, created_at=NOON, **told))

    def confirm(self) -> None:
        """An authority confirmed every document."""
        with self.parts.database.transaction() as session:
            for each in session.scalars(select(PersonDocument)):
                each.state = "confirmed"

    def complete(self, at: datetime = NOON, serial: str = "KX20260001") -> uuid.UUID:
        """李芳 has her record and a 培训合格证 with this number."""
        code = certify(self.parts, self.cast.enrollment, at=at)
        with self.parts.database.transaction() as session:
            record = session.scalars(select(Record).where(Record.code == code)).one()
            session.add(PrintedPaper(record_id=record.id, template_id=None, serial=serial, numbered_at=at))
            return record.id

    def enroll(self, number: int, cohort: uuid.UUID | None = None) -> list[uuid.UUID]:
        """So many more learners."""
        with self.parts.database.transaction() as session:
            stage, made = Stage(session, self.parts.keyring), []
            cohort = cohort or self.cast.cohort
            for each in range(number):
                person = stage.person(f"学员{each}", f"2199991985{each:08d}")
                row = Enrollment(cohort_id=cohort, person_id=person, course_version_id=self.cast.version)
                row.created_at = NOON
                session.add(row)
                session.flush()
                made.append(row.id)
            return made

    def officials(self) -> Places:
        """A city above the institutions, with its officers."""
        with self.parts.database.transaction() as session:
            return place(session, self.parts.keyring, self.cast)

    def enter(self, group: PersonGroup = PersonGroup.UNEMPLOYED, number: str = "SY2026001") -> uuid.UUID:
        """周敏 enters 李芳's paper."""
        entry = Entry(group, Paper.UNEMPLOYMENT, date(2026, 1, 1), None, number)
        with self.parts.database.transaction() as session:
            who = (session, self.parts.keyring, self.cast.zhoumin, self.cast.enrollment)
            return eligibility.enter_group(*who, entry, now=self.now)

    def say(self, evidence: uuid.UUID, actor: Actor, desk: Role = Role.OFFICER, word: State = State.VERIFIED) -> None:
        """A word on it."""
        with self.parts.database.transaction() as session:
            eligibility.say_of_group(session, actor, desk, evidence, word, NOTE, now=self.now)


def later(days: int) -> date:
    """So many days after the cast's today."""
    return TODAY + timedelta(days)
