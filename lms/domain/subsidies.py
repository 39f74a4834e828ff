"""Subsidies: the words that policy, eligibility, claims, funds and cross-checks share.

Kinds, groups, limits and reason codes: domain.md 1, 2 and 4. A figure that nobody confirmed is a `Term` that says so,
and one that is not known is a `Term` without a value: never a silent default.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Generic, TypeVar

from lms.domain.levels import Level

Value = TypeVar("Value")


class SubsidyKind(StrEnum):
    """What is paid: 培训补贴, 生活费（含交通费）补贴, 评价（鉴定）补贴. Each has rules and ledger lines of its own."""

    TRAINING = "training"
    LIVING = "living"
    APPRAISAL = "appraisal"


class Fund(StrEnum):
    """资金来源, as the ledger of paid subsidies prints it (domain.md 6.1, 6.2)."""

    ACTION = "action"  # 职业技能提升行动专账资金
    EMPLOYMENT = "employment"  # 就业补助资金
    UNEMPLOYMENT = "unemployment"  # 失业保险基金
    ENTERPRISE = "enterprise"  # 企业职工教育经费
    OTHER = "other"


class PersonGroup(StrEnum):
    """人员类别 that rules name: the six of 财社〔2023〕181号 article 5, and qualifying employees (domain.md N1)."""

    MONITORED = "monitored"  # 防止返贫监测对象
    GRADUATE = "graduate"  # 毕业年度高校毕业生
    SCHOOL_LEAVER = "school_leaver"  # 城乡未继续升学的应届初高中毕业生
    RURAL_WORKER = "rural_worker"  # 农村转移就业劳动者
    UNEMPLOYED = "unemployed"  # 城镇登记失业人员
    HARDSHIP = "hardship"  # 就业困难人员
    EMPLOYEE = "employee"  # 符合条件的企业职工


class ExcludedGroup(StrEnum):
    """Who some policies do not fund (domain.md 2, `excluded_groups`)."""

    ESTABLISHMENT = "establishment"  # 机关事业单位编制人员
    PENSIONER = "pensioner"  # 已退休、领取养老金人员
    STUDENT = "student"  # 全日制在校学生


class ReasonCode(StrEnum):
    """Why somebody may not be funded, or why a person must look (domain.md 4, suggested codes)."""

    IDENTITY_INVALID = "E01"
    IDENTITY_UNVERIFIED = "E02"
    GROUP_NOT_COVERED = "E10"
    GROUP_EXCLUDED = "E11"
    COUNT_LIMIT = "E20"
    SAME_OCCUPATION_LEVEL = "E21"
    HIGHER_LEVEL_HELD = "E22"
    OTHER_FUND = "E23"
    HOURS_SHORT = "E30"
    ONLINE_SHARE_OVER = "E31"
    ATTENDANCE_LOW = "E32"
    PRACTICE_BEFORE_THEORY = "E33"
    SESSION_UNVERIFIED = "E34"
    EXAM_FAILED = "E40"
    NO_CERTIFICATE = "E41"
    CERTIFICATE_MISMATCH = "E42"
    LATE = "E50"
    OFF_CATALOGUE = "E51"
    CLASS_NOT_FILED = "E52"
    AMOUNT_MISMATCH = "E60"
    ACCOUNT_MISMATCH = "E61"
    DUPLICATE_IN_BATCH = "E70"
    UNDER_INVESTIGATION = "E90"


class CountScope(StrEnum):
    """Over which time a count limit counts."""

    LIFETIME = "lifetime"
    CALENDAR_YEAR = "calendar_year"


class Confidence(StrEnum):
    """How sure a figure is (domain.md): document itself, one paraphrase, weak, common knowledge, or nobody looked."""

    HIGH = "H"
    MEDIUM = "M"
    LOW = "L"
    KNOWN = "K"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True)
class CountLimit:
    """At most `n` subsidies of these kinds over `scope`."""

    n: int
    scope: CountScope
    kinds: frozenset[SubsidyKind]


@dataclass(frozen=True)
class Term(Generic[Value]):
    """One parameter of a policy. `value` None: not known, which is not the same as “no rule”.

    `clause`: document and article it stands in, in Chinese, "" where none was found. `source`: where it was read;
    `note`: what somebody must know who sets or applies it, in Chinese. `inherits`: whether the frame's value holds
    where this one is not known; False keeps it unknown, so that a person looks.
    """

    value: Value | None = None
    clause: str = ""
    confidence: Confidence = Confidence.UNCONFIRMED
    source: str = ""
    note: str = ""
    inherits: bool = True

    @property
    def is_known(self) -> bool:
        """Whether there is a value that a verdict may rest on."""
        return self.value is not None


@dataclass(frozen=True)
class CatalogueItem:
    """One line of a subsidy catalogue (补贴目录). `kind`: occupation, new_occupation or special_skill.

    `levels`: empty for what knows no levels (专项职业能力). `amounts_fen`: the standard by kind of subsidy and level
    (None for what knows no levels), only where a figure was found. `is_shortage`: 急需紧缺.
    """

    name: str
    kind: str
    levels: tuple[Level, ...] = ()
    is_shortage: bool = False
    amounts_fen: Mapping[tuple[SubsidyKind, Level | None], Term[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Terms:
    """The parameters of domain.md section 2 that decide on money. Percents are whole numbers; amounts are in fen."""

    allowed_groups: Term[frozenset[PersonGroup]] = Term()  # an empty set: anybody willing
    excluded_groups: Term[frozenset[ExcludedGroup]] = Term()
    count_limit: Term[CountLimit] = Term()
    same_occupation_level_once: Term[bool] = Term()
    higher_blocks_lower: Term[bool] = Term()
    exclusive_funds: Term[frozenset[Fund]] = Term()
    minutes_per_class_hour: Term[int] = Term()
    online_share_max: Term[int] = Term()
    online_free_occupations: Term[frozenset[str]] = Term()  # 知识技能型: may be wholly online
    platform_listed: Term[bool] = Term()  # online study must be on the provincial platform's list
    online_before_offline: Term[bool] = Term()
    class_hours_min: Term[Mapping[str, int]] = Term()  # by occupation, "" for all
    attendance_min: Term[int] = Term()
    daily_class_hours_max: Term[int] = Term()
    certificate_kinds: Term[frozenset[str]] = Term()  # of domain/filings.CERTIFICATES
    appraisal_certificate_kinds: Term[frozenset[str]] = Term()
    pay_percent_blended: Term[int] = Term()
    living_fen_per_day: Term[int] = Term()
    living_groups: Term[frozenset[PersonGroup]] = Term()
    shortage_uplift_percent: Term[int] = Term()
    claim_within_days: Term[int] = Term()  # calendar days after the certificate or the last class day
    review_working_days: Term[int] = Term()
    notice_working_days: Term[int] = Term()  # 公示
    payment_working_days: Term[int] = Term()
    group_judged_on: Term[str] = Term()  # "opening", "certificate" or "claim"
    fund: Term[Fund] = Term()


@dataclass(frozen=True)
class SubsidyPolicy:
    """One subsidy policy in one version; a cohort pins the one in force on its opening day.

    `code`: e.g. "LN-2021"; `jurisdiction`: "LN", "CQ", "CN"; `based_on`: the code of the national frame whose terms
    hold where this one is silent, "" for none. `digest`: SHA-256 of the file, "" for one made in a test.
    `effective_confidence`: how sure the days are. `tensions`: terms of the frame that this policy's own, wider ones
    contradict, by name: shown, and a reason for a person to look, never for an automatic no (domain.md 4).
    """

    code: str
    jurisdiction: str
    title: str
    issuer: str
    document_number: str
    source: str
    effective_from: date
    effective_to: date | None
    verified_by: str
    verified_on: date | None
    terms: Terms
    catalogue: tuple[CatalogueItem, ...] = ()
    forbidden_preconditions: frozenset[str] = frozenset()
    based_on: str = ""
    digest: str = ""
    effective_confidence: Confidence = Confidence.UNCONFIRMED
    forbidden_clause: str = ""
    note: str = ""
    tensions: Mapping[str, Term[Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Atom:
    """What may be paid once: one kind of subsidy for one human's one occupation and level, whoever asks for it.

    `person_id`: the living person (services/humans.py), so that two persons who are one human share their atoms.
    """

    person_id: uuid.UUID
    kind: SubsidyKind
    occupation: str
    level: Level | None


class PastState(StrEnum):
    """How far an earlier claim of a person has come; all but REFUSED and CLAWED_BACK take up a place in counts."""

    PENDING = "pending"
    APPROVED = "approved"
    PAID = "paid"
    REFUSED = "refused"
    CLAWED_BACK = "clawed_back"


@dataclass(frozen=True)
class PastClaim:
    """One earlier line of a claim, here or from an imported list. `is_outside`: known from a list only.

    `organisation_id` is for the authority's eyes: one institution never learns another's name from it.
    """

    atom: Atom
    fund: Fund | None
    state: PastState
    on: date
    organisation_id: uuid.UUID | None = None
    enrollment_id: uuid.UUID | None = None
    is_outside: bool = False


@dataclass(frozen=True)
class Doubt:
    """That a person must look before anybody is paid: a code worded in web, and its values. Never a refusal."""

    code: str
    reason: ReasonCode
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Payee:
    """Who gets the money. `kind`: organisation or person; `account_sealed` is opened only for the bank file.

    `account_id`: the row of the account, to which the seal is bound.
    """

    kind: str
    id: uuid.UUID
    name: str
    bank: str
    account_sealed: str
    account_tail: str
    account_id: uuid.UUID


@dataclass(frozen=True)
class Payable:
    """One approved line of a claim that is still to be paid, to the fen. `line_id` is paid at most once."""

    line_id: uuid.UUID
    claim_id: uuid.UUID
    cohort_id: uuid.UUID
    organisation_id: uuid.UUID
    atom: Atom
    fund: Fund
    payee: Payee
    amount_fen: int
