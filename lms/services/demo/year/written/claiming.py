"""One class from its filing to what is owed: made by one, filed by another, reviewed by two, shown in public."""

import uuid
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain.claims import publicity
from lms.domain.claims.states import Act, ClaimState
from lms.domain.errors import Refused
from lms.domain.subsidies import ReasonCode, SubsidyKind
from lms.models.claims import Claim, ClaimLine
from lms.models.publicity import PublicNotice, PublicNoticeRow
from lms.services import claims, subsidies
from lms.services.claims import objections
from lms.services.claims.publicity import publish
from lms.services.demo.year.plan import Fate, Planned
from lms.services.demo.year.written import lives
from lms.services.demo.year.written.world import NOTHING, World

if TYPE_CHECKING:
    from lms.services.demo.year.written.diary import Diary

DAY = timedelta(days=1)
APPROVED_BEFORE, PHONE = 25 * DAY, "12333"
WRONG = "编造的理由：材料和登记不一致"
DOUBT = "编造的异议：这一位没有来上课"


@dataclass
class Class:
    """A class while its claim goes its way. `fates`: by line, told to whoever pays."""

    keyring: Keyring
    world: World
    planned: Planned
    fates: MutableMapping[uuid.UUID, Fate]
    cohort: uuid.UUID = NOTHING
    claim: uuid.UUID = NOTHING
    notice: uuid.UUID = NOTHING
    enrolled: dict[str, uuid.UUID] = field(default_factory=dict)

    def live(self, diary: "Diary") -> None:
        """Enters its days until the notice; what follows is entered when it is known when that ends."""
        opens, closes = self.planned.opens_on, self.planned.closes_on
        diary.enter(opens - APPROVED_BEFORE, self.approve)
        diary.enter(closes + DAY, self.finish)
        for after, act in ((6, self.make), (7, self.file), (9, self.first), (11, self.second), (12, self.show)):
            diary.enter(closes + after * DAY, act)
        diary.enter(closes + 13 * DAY, self.object)
        diary.enter(closes + 13 * DAY, lambda session, _: self.wait(session, diary))

    def approve(self, session: Session, now: datetime) -> None:
        cohort, self.enrolled = lives.open_class(session, self.world, self.planned, now)
        self.cohort = cohort.id
        subsidies.pin_approved(session, cohort, now=now)

    def finish(self, session: Session, now: datetime) -> None:
        lives.finish_class(session, self.world, self.planned, self.enrolled, now)

    def make(self, session: Session, now: datetime) -> None:
        """The draft. A class of which nobody may be asked for has none."""
        maker = self.world.place(self.planned.institution).makes
        try:
            self.claim = claims.make(session, maker, self.cohort, SubsidyKind.TRAINING, fund=None, now=now)
        except Refused as refused:
            if refused.code != "claim_empty":
                raise
            return
        told = {self.enrolled[person]: fate for person, fate in self.planned.fates}
        lines = session.execute(select(ClaimLine.id, ClaimLine.enrollment_id).where(ClaimLine.claim_id == self.claim))
        self.fates.update({line: told[enrollment] for line, enrollment in lines})

    def file(self, session: Session, now: datetime) -> None:
        files = self.world.place(self.planned.institution).files
        self._step(session, claims.file, files, committed=True, now=now)

    def first(self, session: Session, now: datetime) -> None:
        """The first review takes out whom the plan refuses."""
        officer = self.world.district(self.planned.institution).first
        for line in self._lines(session, Fate.REFUSED):
            told = {"reason": ReasonCode.HOURS_SHORT.value, "words": WRONG}
            self._step(session, claims.decide_line, officer, line, Act.REFUSE_LINE, **told, now=now)
        self._step(session, claims.pass_first, officer, now=now)

    def second(self, session: Session, now: datetime) -> None:
        self._step(session, claims.pass_second, self.world.district(self.planned.institution).second, now=now)

    def show(self, session: Session, now: datetime) -> None:
        if self._stands(session):
            officer, told = self.world.district(self.planned.institution).first, {"days": None, "reason": ""}
            self.notice = publish(session, self.keyring, officer, self.claim, **told, phone=PHONE, now=now)  # type: ignore[arg-type]

    def object(self, session: Session, now: datetime) -> None:
        """Objections that are upheld take off whom the plan voids."""
        if not self._stands(session):
            return
        officer = self.world.district(self.planned.institution).second
        for line in self._lines(session, Fate.VOIDED):
            shown = select(PublicNoticeRow.place).where(PublicNoticeRow.line_id == line)
            made = objections.make(session, self.keyring, self.notice, session.scalar(shown), DOUBT, "", now=now)
            objections.settle(session, officer, made, publicity.Act.UPHOLD, WRONG, now=now)

    def wait(self, session: Session, diary: "Diary") -> None:
        """Its lines are owed on the first day after the notice."""
        if self._stands(session):
            last: date = session.get_one(PublicNotice, self.notice).last_on
            diary.enter(last + DAY, self.owe)

    def owe(self, session: Session, now: datetime) -> None:
        self._step(session, claims.owe, self.world.district(self.planned.institution).second, now=now)

    def _stands(self, session: Session) -> bool:
        """Whether two officers let anything of it pass."""
        claim = session.get(Claim, self.claim)
        return claim is not None and claim.state == ClaimState.NOTICE.value

    def _step(self, session: Session, step: Callable[..., Any], *who: Any, **told: Any) -> None:
        claim = session.get(Claim, self.claim)
        if claim is not None:
            step(session, who[0], claim.id, *who[1:], version=claim.version, **told)

    def _lines(self, session: Session, fate: Fate) -> list[uuid.UUID]:
        rows = session.scalars(select(ClaimLine.id).where(ClaimLine.claim_id == self.claim).order_by(ClaimLine.number))
        return [each for each in rows if self.fates[each] is fate]
