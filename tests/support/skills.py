"""Certificates, the register and tables of credits through the services, for tests of what comes of them."""

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from lms.domain.assessors import Act
from lms.domain.levels import Level
from lms.domain.qualifications import Kind, State, Way
from lms.domain.roles import Role
from lms.models.accounts import Membership
from lms.parts import Parts
from lms.services import skills
from lms.services.scopes import Actor
from lms.services.skills import Entered, Profile, TableWritten, Written
from tests.support.cast import NOON, Cast

CODE, OTHER_CODE = "91210100MA0AAAAAAY", "52210100MJ0BBBBBBU"
NOTE = "在官方网站上查到，姓名和编号都一样"
ISSUED = date(2026, 3, 1)
PAPER = Entered(
    Kind.SKILL_LEVEL, "养老护理员", Level.JUNIOR, "松龄职业技能评价中心", CODE, "S000021017266245000001", ISSUED
)
FILING = Written(
    CODE, "松龄职业技能评价中心", "沈人社评备2026-1", "沈阳市人力资源和社会保障局",
    date(2026, 1, 1), date(2099, 12, 31), "养老护理员 初级工-高级工",
)  # fmt: skip
ROWS = "课程,{slug},,0.5,0.01,老年护理\n等级,养老护理员,初级工,3,,老年护理实训"
TABLE = TableWritten("CQ-2026-1", "某职业学院", "某市学分互认办法", True, date(2026, 1, 1), None, ROWS)

FORM = {
    "kind": "skill_level", "occupation": "养老护理员", "level": "1", "issuer": PAPER.issuer, "issuer_code": CODE,
    "number": PAPER.number, "issued_on": "2026-03-01", "valid_until": "",
}  # fmt: skip


@dataclass
class Desk:
    """李芳, 周敏 and the platform's people at work on certificates."""

    parts: Parts
    cast: Cast
    now: datetime = NOON

    def colleague(self) -> Actor:
        """王磊 works for the platform as well, as its second person."""
        with self.parts.database.transaction() as session:
            session.add(Membership(account_id=self.cast.wanglei.account_id, role=Role.PLATFORM.value))
        return Actor(self.cast.wanglei.account_id, None, "王磊", frozenset({(Role.PLATFORM, None)}))

    def enter(self, actor: Actor | None = None, **changes: Any) -> uuid.UUID:
        """李芳 enters a certificate of her own."""
        with self.parts.database.transaction() as session:
            who = (session, self.parts.keyring, actor or self.cast.lifang)
            return skills.enter_own(*who, replace(PAPER, **changes), now=self.now)

    def enter_for(self, actor: Actor | None = None, **changes: Any) -> uuid.UUID:
        """周敏 enters one of 李芳's."""
        enrollment = changes.pop("enrollment", self.cast.enrollment)
        with self.parts.database.transaction() as session:
            who = (session, self.parts.keyring, actor or self.cast.zhoumin, enrollment)
            return skills.enter_of_learner(*who, replace(PAPER, **changes), now=self.now)

    def say(self, one: uuid.UUID, word: State = State.VERIFIED, **who: Any) -> None:
        """The platform has looked it up, unless told otherwise."""
        actor, desk = who.get("actor", self.cast.admin), who.get("desk", Role.PLATFORM)
        way = Way.ORIGINAL if word is State.SEEN else Way.REGISTER
        with self.parts.database.transaction() as session:
            skills.say(session, actor, desk, one, word, who.get("way", way), NOTE, now=self.now)

    def file(self, **changes: Any) -> uuid.UUID:
        """The platform's admin copies a filing of the register."""
        with self.parts.database.transaction() as session:
            return skills.enter_filing(session, self.cast.admin, replace(FILING, **changes), now=self.now)

    def act(self, filing: uuid.UUID, act: Act, actor: Actor, on: date | None = None) -> None:
        """The next step of it."""
        with self.parts.database.transaction() as session:
            skills.act(session, actor, filing, act, on or NOON.date(), NOTE, now=self.now)

    def publish(self, **changes: Any) -> uuid.UUID:
        """A table of credits."""
        with self.parts.database.transaction() as session:
            return skills.publish_table(session, self.cast.admin, replace(TABLE, **changes), now=self.now)

    def own(self) -> Profile:
        """What 李芳 sees."""
        with self.parts.database.transaction(write=False) as session:
            return skills.get_own_profile(session, self.parts.keyring, self.cast.lifang, now=self.now)

    def seen_by(self, actor: Actor) -> Profile:
        """What an institution's staff see of her."""
        with self.parts.database.transaction(write=False) as session:
            who = (session, self.parts.keyring, actor, self.cast.enrollment)
            return skills.get_profile(*who, now=self.now)


def listed(desk: Desk) -> uuid.UUID:
    """A filing that somebody copied and another compared."""
    filing = desk.file()
    desk.act(filing, Act.LIST, desk.colleague())
    return filing
