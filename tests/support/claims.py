"""Claims in tests: two finished classes, what eligibility would say of their learners, and who makes, files, reviews.

冯燕 makes for 康宁 and 周敏 files; 林岚 and 高原 review. 安和 has 孙悦 and 韩梅. Eligibility and policies are other
services' work: here their seams say what a test wants.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain.eligibility.findings import Assessment, Candidate, Finding, Outcome
from lms.domain.levels import Level
from lms.domain.roles import Role
from lms.domain.subsidies import Atom, Fund, ReasonCode, SubsidyKind, SubsidyPolicy, Term, Terms
from lms.models.claims import Claim, ClaimLine, ClaimPlace
from lms.models.enrollments import Cohort, Enrollment
from lms.parts import Parts
from lms.services import claims, eligibility, humans, subsidies
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast, Stage
from tests.support.places import Places, place

AMOUNT = 100_000
NUMBERS = ("21999919700101101X", "219999197001011036", "219999197001011052", "219999197001011079")
POLICY = SubsidyPolicy(
    code="LN-2021",
    jurisdiction="LN",
    title="测试政策",
    issuer="测试",
    document_number="测试〔2021〕1号",
    source="https://example.invalid/",
    effective_from=date(2021, 1, 1),
    effective_to=None,
    verified_by="",
    verified_on=None,
    terms=Terms(fund=Term(Fund.EMPLOYMENT, "测试"), review_working_days=Term(5, "测试")),
    digest="a" * 64,
)
Told = dict[uuid.UUID, dict[str, Any]]


def candidate(person: uuid.UUID, **told: Any) -> Candidate:
    """A candidate as eligibility would tell of her; `outcome`, `amount`, `occupation`, `level`, `kind` as asked.

    `more`: findings beside that of her hours.
    """
    kind = told.get("kind", SubsidyKind.TRAINING)
    atom = Atom(person, kind, told.get("occupation", "养老护理员"), told.get("level", Level.JUNIOR))
    outcome = told.get("outcome", Outcome.MET)
    reason = ReasonCode.HOURS_SHORT if outcome in (Outcome.UNMET, Outcome.UNSURE) else None
    hours = {"total": "30", "least": "40"}
    finding = Finding("hours", outcome, "hours_short" if reason else "", reason, "测试第一条", hours)
    amount = told.get("amount", AMOUNT)
    findings = (finding, *told.get("more", ()))
    assessment = Assessment(kind, atom, POLICY.code, POLICY.digest, (), findings, amount)
    enrollment = told.get("enrollment") or uuid.uuid4()
    proof = ("DEMO0000001", date(2026, 11, 20))
    return Candidate(enrollment, person, told.get("enrolled_as", person), assessment, 5000, *proof)


@dataclass
class Claims:
    """Everything a test of claims needs; `told` by enrollment: what eligibility says otherwise than usual."""

    parts: Parts
    cast: Cast
    places: Places
    maker: Actor
    other_maker: Actor
    now: datetime = NOON
    told: Told = field(default_factory=dict)

    def of_cohort(
        self,
        session: Session,
        cohort_id: uuid.UUID,
        kind: SubsidyKind,
        *,
        today: date,  # noqa: ARG002
        enrollments: Sequence[uuid.UUID] | None = None,  # noqa: ARG002
    ) -> list[Candidate]:
        """What the stub of eligibility says: everybody may be funded, unless a test tells otherwise."""
        rows = select(Enrollment).where(Enrollment.cohort_id == cohort_id).order_by(Enrollment.id)
        found = session.scalars(rows).all()
        living = humans.living_all(session, {each.person_id for each in found})
        usual = {"kind": kind}
        return [
            candidate(
                living[each.person_id],
                **usual | {"enrollment": each.id, "enrolled_as": each.person_id} | self.told.get(each.id, {}),
            )
            for each in found
        ]

    def act(self, step: Callable[..., Any], actor: Actor, claim_id: uuid.UUID, **told: Any) -> Any:
        """One step in a transaction of its own, from the page as it is now."""
        with self.parts.database.transaction() as session:
            version = told.pop("version", None) or session.get_one(Claim, claim_id).version
            return step(session, actor, claim_id, version=version, now=self.now, **told)

    def make(self, cohort_id: uuid.UUID | None = None, actor: Actor | None = None, **told: Any) -> uuid.UUID:
        """A draft."""
        with self.parts.database.transaction() as session:
            where = (session, actor or self.maker, cohort_id or self.cast.cohort)
            kind = told.pop("kind", SubsidyKind.TRAINING)
            return claims.make(*where, kind, fund=told.pop("fund", None), now=self.now, **told)

    def filed(self, **told: Any) -> uuid.UUID:
        """A claim that was handed in."""
        made = self.make(**told)
        self.act(claims.file, self.cast.zhoumin, made, committed=True)
        return made

    def noticed(self, **told: Any) -> uuid.UUID:
        """A claim that two officers passed."""
        made = self.filed(**told)
        self.act(claims.pass_first, self.places.linlan, made)
        self.act(claims.pass_second, self.places.gaoyuan, made)
        return made

    def state(self, claim_id: uuid.UUID) -> str:
        """Where a claim stands."""
        with self.parts.database.transaction(write=False) as session:
            return session.get_one(Claim, claim_id).state

    def lines(self, claim_id: uuid.UUID) -> list[tuple[ClaimLine, ClaimPlace]]:
        """The lines of its present round."""
        with self.parts.database.transaction(write=False) as session:
            claim = session.get_one(Claim, claim_id)
            rows = select(ClaimLine, ClaimPlace).join(ClaimPlace, ClaimPlace.line_id == ClaimLine.id)
            mine = rows.where(ClaimLine.claim_id == claim_id, ClaimLine.round == claim.round)
            return [(line, where) for line, where in session.execute(mine.order_by(ClaimLine.number))]

    def view(self, claim_id: uuid.UUID, actor: Actor | None = None, role: Role = Role.INSTITUTION) -> claims.ClaimView:
        """The claim as a page shows it."""
        with self.parts.database.transaction(write=False) as session:
            return claims.get(session, self.parts.keyring, actor or self.maker, claim_id, role)

    def enroll(self, cohort_id: uuid.UUID, name: str, number: str) -> uuid.UUID:
        """One more learner in a class, by a person of her own; her enrollment."""
        with self.parts.database.transaction() as session:
            person = Stage(session, self.parts.keyring).person(name, number)
            return self.seat(session, cohort_id, person)

    def seat(self, session: Session, cohort_id: uuid.UUID, person: uuid.UUID) -> uuid.UUID:
        """Enrols somebody on record."""
        cohort = session.get_one(Cohort, cohort_id)
        told = {"course_version_id": cohort.course_version_id, "created_at": NOON}
        made = Enrollment(id=uuid.uuid4(), cohort_id=cohort_id, person_id=person, **told)
        session.add(made)
        session.flush()
        return made.id


def claims_desk(parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch, password_hash: str = "") -> Claims:
    """Ends both classes, puts the officers above, and lets the seams say what the tests want."""
    yesterday = NOON.date() - timedelta(days=1)
    with parts.database.transaction() as session:
        on = Stage(session, parts.keyring, password_hash)
        tree = place(session, parts.keyring, cast, password_hash)
        maker = on.account("fengyan", "冯燕", role=Role.INSTITUTION, organisation_id=cast.kangning)
        other = on.account("hanmei", "韩梅", role=Role.INSTITUTION, organisation_id=cast.anhe)
        for cohort in session.scalars(select(Cohort)):
            cohort.opens_on, cohort.closes_on = min(cohort.opens_on, yesterday), yesterday
    desk = Claims(parts, cast, tree, maker, other)
    monkeypatch.setattr(eligibility, "of_cohort", desk.of_cohort)
    monkeypatch.setattr(subsidies, "policies_of", lambda _session, ids: {each: replace(POLICY) for each in ids})
    return desk
