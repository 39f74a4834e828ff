"""A claim of 康宁 that passed both reviews, put straight into the tables, and officers to open its notice."""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from lms.domain.claims.states import Act, ClaimState, LineState
from lms.domain.levels import Level
from lms.domain.roles import Role
from lms.domain.subsidies import Fund, SubsidyKind
from lms.models.base import new_id
from lms.models.claims import Claim, ClaimLine, ClaimPlace, ClaimStep
from lms.models.payees import PayeeAccount
from lms.models.publicity import NoticeObjection, PublicNotice
from lms.models.sanctions import Sanction
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
    places: Places | None = None
    now: datetime = NOON
    claim: uuid.UUID = field(default_factory=new_id)
    line: uuid.UUID = field(default_factory=new_id)

    @property
    def city(self) -> Places:
        """The officers above 康宁."""
        assert self.places
        return self.places

    def publish(self, actor: Actor | None = None, **changes: Any) -> uuid.UUID:
        """Opens the notice for five working days: 24 to 30 November 2026."""
        asked = {"days": 5, "reason": REASON, "phone": PHONE, "now": self.now} | changes
        with self.parts.database.transaction() as session:
            return publicity.publish(session, self.parts.keyring, actor or self.city.linlan, self.claim, **asked)

    def is_over(self, day: date) -> bool:
        with self.parts.database.transaction(write=False) as session:
            return publicity.is_over(session, self.claim, day)


def board(parts: Parts, cast: Cast, state: ClaimState = ClaimState.NOTICE) -> Board:
    """The board, with the city over the institutions and the claim in the tables."""
    with parts.database.transaction() as session:
        places = place(session, parts.keyring, cast)
    return claim(Board(parts, cast, places), state)


def claim(made: Board, state: ClaimState = ClaimState.NOTICE, line: LineState = LineState.APPROVED) -> Board:
    """The board, with its claim put into the tables."""
    cast = made.cast
    with made.parts.database.transaction() as session:
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
                version=4,
                state=state.value,
                made_by=who,
                made_at=NOON,
            )
        )
        session.flush()
        session.add(_line(made))
        session.flush()
        held = {"atom_key": made.line.hex, "enrollment_key": made.claim.hex, "since": NOON}
        session.add(ClaimPlace(line_id=made.line, claim_id=made.claim, state=line.value, **held))
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


def notices(parts: Parts, cast: Cast) -> dict[str, object]:
    """What the crawl asks for: a claim of 康宁 with a notice and an objection, an account, a sanction in force."""
    made, who, at = claim(Board(parts, cast)), cast.zhoumin.account_id, NOON
    ids: dict[str, Any] = {name: new_id() for name in ("notice_id", "objection_id", "payee_id", "sanction_id")}
    with parts.database.transaction() as session:
        place = {"organisation_id": cast.kangning}
        days = {"first_on": date(2026, 11, 24), "last_on": date(2099, 12, 31), "days": 5, "days_reason": REASON}
        about = {**place, "cohort_id": cast.cohort, "kind": SubsidyKind.TRAINING.value, "claim_id": made.claim, **days}
        told = {"number": 1, "is_certain": False, "phone": PHONE, "digest": "0" * 64, "opened_by": who, "opened_at": at}
        session.add(PublicNotice(id=ids["notice_id"], **about, **told))
        said = {
            "words": WORDS,
            "contact_sealed": "",
            "state": "open",
            "made_at": at,
            "person_id": cast.lifang.person_id,
        }
        session.flush()
        session.add(NoticeObjection(id=ids["objection_id"], notice_id=ids["notice_id"], **said))
        bank = {"card": "bank", "holder": "康宁", "bank": "云川银行", "account_index": "0" * 64, "account_tail": "2222"}
        held = {**bank, "account_sealed": "", "state": "proposed", "entered_by": who, "entered_at": at}
        session.add(PayeeAccount(id=ids["payee_id"], **place, **held))
        number = (session.scalar(select(func.count()).select_from(Sanction)) or 0) + 1
        talk = {"number": number, "rung": "talk", "words": WORDS, "state": "in_force"}
        session.add(Sanction(id=ids["sanction_id"], **place, **talk, proposed_by=who, proposed_at=at))
    return {**ids, "claim_id": made.claim}
