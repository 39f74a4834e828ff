"""Subsidy policies and facts for tests, made by hand; their figures are of the tests, not of any document."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from lms.domain.eligibility.facts import (
    CertificateFact,
    ClassFacts,
    Exam,
    Facts,
    GroupFact,
    IdentityState,
    Known,
    StudyFacts,
)
from lms.domain.eligibility.findings import Assessment, Finding
from lms.domain.levels import Level
from lms.domain.subsidies import (
    Atom,
    CatalogueItem,
    Confidence,
    CountLimit,
    CountScope,
    ExcludedGroup,
    Fund,
    PastClaim,
    PastState,
    PersonGroup,
    SubsidyKind,
    SubsidyPolicy,
    Term,
    Terms,
)

Value = TypeVar("Value")
NURSE = "养老护理员"
OPENS, CLOSES, TODAY = date(2026, 5, 11), date(2026, 5, 29), date(2026, 6, 15)
CERTIFIED = date(2026, 6, 5)
SIX = frozenset(PersonGroup) - {PersonGroup.EMPLOYEE}
HOUR_MS = 45 * 60_000


def sure(value: Value, clause: str = "渝人社发〔2024〕13号 第三条") -> Term[Value]:
    """A term that the document itself says."""
    return Term(value, clause, Confidence.HIGH)


def guessed(value: Value) -> Term[Value]:
    """A term that nobody confirmed."""
    return Term(value, "", Confidence.UNCONFIRMED)


def terms(**told: Any) -> Terms:
    """The terms of a strict policy with every figure known, but for what is told otherwise."""
    known: dict[str, Any] = {
        "allowed_groups": sure(SIX | {PersonGroup.EMPLOYEE}),
        "excluded_groups": sure(frozenset(ExcludedGroup)),
        "count_limit": sure(CountLimit(3, CountScope.LIFETIME, frozenset({SubsidyKind.TRAINING}))),
        "same_occupation_level_once": sure(True),
        "higher_blocks_lower": sure(True),
        "exclusive_funds": sure(frozenset({Fund.UNEMPLOYMENT})),
        "minutes_per_class_hour": sure(45),
        "online_share_max": sure(50),
        "online_free_occupations": sure(frozenset[str]()),
        "platform_listed": sure(True),
        "online_before_offline": sure(True),
        "class_hours_min": sure({NURSE: 50}),
        "attendance_min": sure(80),
        "certificate_kinds": sure(frozenset({"skill_level", "special_skill", "training"})),
        "appraisal_certificate_kinds": sure(frozenset({"skill_level", "special_skill"})),
        "living_fen_per_day": sure(2500),
        "living_groups": sure(frozenset({PersonGroup.RURAL_WORKER, PersonGroup.HARDSHIP})),
        "claim_within_days": sure(365),
        "group_judged_on": sure("opening"),
        "fund": sure(Fund.EMPLOYMENT),
    }
    return Terms(**{**known, **told})


def item(**told: Any) -> CatalogueItem:
    """养老护理员 with five levels and a standard for the fifth."""
    amounts: Mapping[tuple[SubsidyKind, Level | None], Term[int]] = {
        (SubsidyKind.TRAINING, Level.JUNIOR): sure(100_000),
        (SubsidyKind.APPRAISAL, Level.JUNIOR): sure(20_000),
    }
    made = CatalogueItem(NURSE, "occupation", tuple(Level)[1:6], is_shortage=True, amounts_fen=amounts)
    return replace(made, **told)


def policy(**told: Any) -> SubsidyPolicy:
    """A policy of 重庆's kind: six groups and employees. Terms by name, the rest by field."""
    fields = {key: told.pop(key) for key in list(told) if key in SubsidyPolicy.__dataclass_fields__}
    made = SubsidyPolicy(
        code="CQ-TEST",
        jurisdiction="CQ",
        title="测试政策",
        issuer="测试",
        document_number="渝人社发〔2024〕13号",
        source="",
        effective_from=date(2024, 1, 1),
        effective_to=None,
        verified_by="",
        verified_on=None,
        terms=terms(**told),
        catalogue=(item(),),
    )
    return replace(made, **fields)


def liaoning(**told: Any) -> SubsidyPolicy:
    """A policy of 辽宁's kind: anybody willing; region, hukou, age and social insurance may not be asked."""
    known: dict[str, Any] = {
        "code": "LN-TEST",
        "jurisdiction": "LN",
        "document_number": "辽宁康养职业技能培训计划",
        "forbidden_preconditions": frozenset({"region", "hukou", "age", "social_insurance"}),
        "allowed_groups": sure(frozenset[PersonGroup](), "面向有意愿从事康养服务的各类人员"),
        "excluded_groups": Term(),
    }
    return policy(**{**known, **told})


def silent(**told: Any) -> SubsidyPolicy:
    """A policy that knows nothing."""
    return replace(policy(), terms=Terms(**told), catalogue=())


def uid(number: int) -> uuid.UUID:
    """A fixed id."""
    return uuid.UUID(int=number)


def group(which: PersonGroup | ExcludedGroup = PersonGroup.UNEMPLOYED, **told: Any) -> GroupFact:
    """Verified evidence of a group that covers everything."""
    return replace(GroupFact(uid(70), which, Known.VERIFIED, date(2025, 1, 1)), **told)


def certificate(**told: Any) -> CertificateFact:
    """A verified 养老护理员 五级 certificate of after the class."""
    made = CertificateFact(uid(80), "skill_level", NURSE, Level.JUNIOR, CERTIFIED, Known.VERIFIED)
    return replace(made, **told)


def past(level: Level | None = Level.JUNIOR, **told: Any) -> PastClaim:
    """An earlier paid line of hers, at another institution."""
    kind = told.pop("kind", SubsidyKind.TRAINING)
    atom = Atom(uid(2), kind, told.pop("occupation", NURSE), level)
    made = PastClaim(atom, Fund.EMPLOYMENT, PastState.PAID, date(2025, 9, 1), uid(90), uid(91))
    return replace(made, **told)


def study(**told: Any) -> StudyFacts:
    """Twenty class hours online and thirty in person, all attended, everything passed."""
    made = StudyFacts(
        online_ms=20 * HOUR_MS,
        in_person_ms=30 * HOUR_MS,
        record="valid",
        record_id=uid(60),
        held=10,
        attended=10,
        offline_days=5,
        exam=Exam.PASSED,
        theory_until=date(2026, 5, 15),
        practice_from=date(2026, 5, 18),
    )
    return replace(made, **told)


def training(**told: Any) -> ClassFacts:
    """An approved class of 养老护理员 五级."""
    made = ClassFacts(uid(3), uid(4), OPENS, CLOSES, NURSE, Level.JUNIOR, "approved", resources_named=True)
    return replace(made, **told)


def facts(**told: Any) -> Facts:
    """Everything as the strict policy wants it."""
    made = Facts(
        enrollment_id=uid(1),
        person_id=uid(2),
        today=TODAY,
        training=training(),
        study=study(),
        identity=IdentityState.CONFIRMED,
        document_id=uid(5),
        groups=(group(), group(PersonGroup.RURAL_WORKER, id=uid(71))),
        certificates=(certificate(),),
    )
    return replace(made, **told)


def finding(found: Assessment, criterion: str) -> Finding:
    """The first finding of a criterion."""
    return next(each for each in (*found.training, *found.funding) if each.criterion == criterion)
