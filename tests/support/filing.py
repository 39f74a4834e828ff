"""A filed class for tests: written whole, handed in, approved, its days as a test wants them."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from lms.domain.attendance import ClassContent
from lms.domain.filing_checks import Mode
from lms.domain.identity import DocumentType
from lms.domain.roles import Role
from lms.parts import Parts
from lms.services import enrollments, filings
from lms.services.filings import FilingView
from lms.services.filings.writing import Described, Line
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast, Stage

OPENS, CLOSES = date(2026, 12, 1), date(2027, 1, 31)
SAID = Described(
    programme="LN-2021",
    training_kind="upgrade",
    occupation="养老护理员",
    level="5",
    certificate="skill_level",
    size=30,
    place="康宁路 12 号二楼",
    manager="周敏",
    phone="19900000044",
    materials="平台课程第 1 版",
    resources="教室一间，护理床六张",
    exam_plan="结课前一周理论考试，两位考评员考实操",
)
WANGHONG = {
    "name": "王红",
    "document_type": DocumentType.RESIDENT_ID,
    "number": "509999199006150033",
    "phone": "13800000001",
}
ZHANGLI: dict[str, Any] = {**WANGHONG, "name": "张丽", "number": "219999198501010018", "phone": "13800000002"}
NEW = {**WANGHONG, "name": "赵梅", "number": "810000198808080013", "document_type": DocumentType.RESIDENCE_PERMIT}
NEW["phone"] = "13800000003"
NOBODY = uuid.UUID(int=0)
REASON = "学员家里有事，单位换人来参加"


@dataclass
class Office:
    """康宁's office in a test: who acts, on which class, at which moment."""

    parts: Parts
    cast: Cast
    now: datetime = NOON
    cohort: uuid.UUID = NOBODY

    def start(self, name: str = "补贴一班", **changes: Any) -> uuid.UUID:
        """A draft without anything in it."""
        asked: dict[str, Any] = {"name": name, "opens_on": OPENS, "closes_on": CLOSES} | changes
        place = {"organisation_id": self.cast.kangning, "course_version_id": self.cast.version}
        with self.parts.database.transaction() as session:
            who = (session, self.parts.keyring, self.cast.zhoumin)
            self.cohort = filings.start(*who, **place, **asked, now=self.now).id
        return self.cohort

    def fill(self, said: Described = SAID, plan_on: date = OPENS) -> None:
        """Everything that a filing needs."""
        with self.parts.database.transaction() as session:
            who = (session, self.parts.keyring, self.cast.zhoumin, self.cohort)
            filings.describe(*who, said, now=self.now)
            enrollments.enroll(*who, **WANGHONG, now=self.now)  # type: ignore[arg-type]
        self.add_item(held_on=plan_on)
        self.add_item("怎么问好", Mode.ONLINE, plan_on)

    def add_item(self, subject: str = "翻身与拍背", mode: Mode = Mode.IN_PERSON, held_on: date = OPENS) -> uuid.UUID:
        """One line of the plan."""
        teacher = self.cast.wanglei.account_id
        line = Line(subject, ClassContent.PRACTICE, mode, 8, teacher, "三楼实训室", held_on)
        with self.parts.database.transaction() as session:
            return filings.add_item(session, self.cast.zhoumin, self.cohort, line, now=self.now)

    def file(self) -> None:
        """Hands it in."""
        self._act(filings.file, self.cast.zhoumin)

    def send_back(self, **more: Any) -> None:
        """The platform returns it."""
        self._act(
            filings.send_back, self.cast.admin, **self._reviewer(), **{"remarks": {}, "note": "请补齐材料"} | more
        )

    def approve(self, actor: Actor | None = None, **more: Any) -> None:
        """The platform approves it."""
        self._act(filings.approve, actor or self.cast.admin, **self._reviewer() | more)

    def close(self, note: str = "") -> None:
        """The institution closes it."""
        self._act(filings.close, self.cast.zhoumin, note)

    def archive(self) -> None:
        """The institution archives it."""
        self._act(filings.archive, self.cast.zhoumin, "")

    def _reviewer(self) -> dict[str, Any]:
        return {"role": Role.PLATFORM, "version": self.read().version}

    def _act(self, act: Any, actor: Actor, *told: Any, **more: Any) -> None:
        with self.parts.database.transaction() as session:
            act(session, self.parts.keyring, actor, self.cohort, *told, **more, now=self.now)

    def read(self, actor: Actor | None = None, role: Role = Role.INSTITUTION) -> FilingView:
        """The filing as its page shows it."""
        with self.parts.database.transaction(write=False) as session:
            who = (session, self.parts.keyring, actor or self.cast.zhoumin)
            return filings.get(*who, self.cohort, role, now=self.now)

    def approved(self) -> "Office":
        """A class that was filed and approved."""
        self.start()
        self.fill()
        self.file()
        self.approve()
        return self

    def pass_days(self, days: int) -> None:
        """It is so much later."""
        self.now += timedelta(days=days)


def colleague(parts: Parts, cast: Cast, key: str = "fengyan") -> Actor:
    """A second person in 康宁's office."""
    with parts.database.transaction() as session:
        on = Stage(session, parts.keyring)
        return on.account(key, "冯燕", role=Role.INSTITUTION, organisation_id=cast.kangning)
