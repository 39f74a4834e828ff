"""李芳 has finished a blended class of 康宁 and has her record; who says what of it."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from lms.domain.records import Decision, ProposalKind, StateReason
from lms.domain.roles import Role
from lms.models.enrollments import Enrollment
from lms.models.records import Record
from lms.parts import Parts
from lms.services import completion, records
from lms.services.records import PublicRecord
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast
from tests.support.training import finish, stage

WORDS = "签到表上不是她本人的字，要撤销"
NOTE = "问过讲师和班上的人，确实如此"
LATER = NOON + timedelta(days=1)


@dataclass
class Shelf:
    """The record, and the desk it lies at."""

    parts: Parts
    cast: Cast
    enrollment: uuid.UUID
    record: uuid.UUID
    code: str

    @property
    def second(self) -> Actor:
        """王磊, as somebody who works at 康宁's desk as well."""
        return replace(self.cast.wanglei, roles=frozenset({(Role.INSTITUTION, self.cast.kangning)}))

    def read(self, code: str = "") -> PublicRecord:
        """The record as anybody reads it."""
        with self.parts.database.transaction(write=False) as session:
            return records.get_public(session, code or self.code, now=LATER)

    def propose(self, kind: ProposalKind = ProposalKind.REVOKE, actor: Actor | None = None, **more: Any) -> uuid.UUID:
        """周敏 asks for a second person's word."""
        told = {"desk": Role.INSTITUTION, "reason": StateReason.FRAUD, "words": WORDS, "now": LATER, **more}
        record = told.pop("record", self.record)
        with self.parts.database.transaction() as session:
            return records.propose(session, actor or self.cast.zhoumin, record_id=record, kind=kind, **told)

    def decide(self, proposal: uuid.UUID, actor: Actor | None = None, **more: Any) -> None:
        """王磊 agrees, unless told otherwise."""
        told = {"desk": Role.INSTITUTION, "decision": Decision.APPROVED, "note": NOTE, "now": LATER, **more}
        record = told.pop("record", self.record)
        with self.parts.database.transaction() as session:
            records.decide(session, actor or self.second, record_id=record, proposal_id=proposal, **told)

    def last(self) -> str:
        """The code of the newest record of the enrollment."""
        with self.parts.database.transaction(write=False) as session:
            mine = select(Record.code).where(Record.enrollment_id == self.enrollment).order_by(Record.number.desc())
            return session.scalars(mine.limit(1)).one()

    def refresh(self, now: datetime = LATER) -> None:
        """Somebody's act has the verdict looked at again."""
        with self.parts.database.transaction() as session:
            completion.refresh(session, session.get_one(Enrollment, self.enrollment), now=now)


def shelve(parts: Parts, cast: Cast) -> Shelf:
    """Has her finish the class at NOON."""
    with parts.database.transaction() as session:
        training = stage(session, cast)
        finish(training, [cast.wanglei.account_id, cast.liuyang.account_id])
        made = completion.refresh(session, session.get_one(Enrollment, training.enrollment), now=NOON)
        assert made is not None
        return Shelf(parts, cast, training.enrollment, made.id, made.code)
