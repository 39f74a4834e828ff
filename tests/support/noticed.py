"""A claim of 康宁 that passed both reviews, put straight into the tables, and officers to open its notice."""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from lms.domain.claims.states import Act, ClaimState, LineState
from lms.domain.levels import Level
from lms.domain.roles import Role
from lms.domain.subsidies import Fund, SubsidyKind
from lms.models.base import new_id
from lms.models.claims import Claim, ClaimLine, ClaimPlace, ClaimStep
from lms.parts import Parts
from lms.services.claims import publicity
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast, Stage
from tests.support.places import Places, place

PHONE = "024-12333"
REASON = "本地规定没有写天数，按五个工作日"
WORDS = "名单里的人没有来上过课，请查一查"
AMOUNT = 100_000


@dataclass
class Board:
    """What a test does with notices of 康宁's claim. `person_id`, `line`: of 李芳, the only one in it."""

    parts: Parts
    cast: Cast
    places: Places
    now: datetime = NOON
    claim: uuid.UUID = field(default_factory=new_id)
    line: uuid.UUID = field(default_factory=new_id)

    def publish(self, actor: Actor | None = None, **changes: Any) -> uuid.UUID:
        """Opens the notice for five working days: 24 to 30 November 2026."""
        asked = {"days": 5, "reason": REASON, "phone": PHONE, "now": self.now} | changes
        with self.parts.database.transaction() as session:
            return publicity.publish(session, self.parts.keyring, actor or self.places.linlan, self.claim, **asked)

    def is_over(self, day: date) -> bool:
        with self.parts.database.transaction(write=False) as session:
            return publicity.is_over(session, self.claim, day)


def board(parts: Parts, cast: Cast, state: ClaimState = ClaimState.NOTICE) -> Board:
    """The board, with the claim in the tables."""
    with parts.database.transaction() as session:
        made = Board(parts, cast, place(session, parts.keyring, cast))
        who = cast.zhoumin.account_id
        session.add(
            Claim(
                id=made.claim,
                organisation_id=cast.kangning,
                cohort_id=cast.cohort,
                kind=SubsidyKind.TRAINING.value,
                fund=Fund.EMPLOYMENT.value,
                policy_code="LN-2021",
                policy_digest="0" * 64,
                state=state.value,
                made_by=who,
                made_at=NOON,
            )
        )
        session.flush()
        session.add(_line(made))
        session.flush()
        held = {"atom_key": "1" * 64, "enrollment_key": "2" * 64, "since": NOON}
        session.add(ClaimPlace(line_id=made.line, claim_id=made.claim, state=LineState.APPROVED.value, **held))
        for number, (act, after) in enumerate(
            ((Act.MAKE, "draft"), (Act.FILE, "filed"), (Act.PASS_FIRST, "first"), (Act.PASS_SECOND, "notice")), start=1
        ):
            told = {"act": act.value, "state": after, "account_id": who, "at": NOON, "note": "", "facts": {}}
            session.add(ClaimStep(claim_id=made.claim, number=number, link=str(number) * 64, **told))
    return made


def _line(made: Board) -> ClaimLine:
    return ClaimLine(
        id=made.line,
        claim_id=made.claim,
        round=1,
        number=1,
        enrollment_id=made.cast.enrollment,
        person_id=made.cast.lifang.person_id,
        kind=SubsidyKind.TRAINING.value,
        occupation="养老护理员",
        level=int(Level.JUNIOR),
        class_hour_hundredths=5000,
        first_on=date(2026, 11, 1),
        last_on=date(2026, 11, 20),
        certificate_number=None,
        certificate_on=None,
        standard_fen=AMOUNT,
        amount_fen=AMOUNT,
        body="{}",
        digest="0" * 64,
        made_at=NOON,
    )


def colleague(made: Board) -> Actor:
    """周敏's colleague at 康宁."""
    with made.parts.database.transaction() as session:
        on = Stage(session, made.parts.keyring)
        return on.account("hanmei", "韩梅", role=Role.INSTITUTION, organisation_id=made.cast.kangning)
