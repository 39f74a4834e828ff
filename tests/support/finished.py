"""A class that is over and that a policy pays for: filed, approved, its learners certified, their groups shown.

The policy is of the tests: every figure in it is known and none comes from a document.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from lms import clock
from lms.authoring.subsidy_files import read_text
from lms.domain.eligibility.groups import Entry, Paper, State
from lms.domain.roles import Role
from lms.domain.subsidies import PersonGroup
from lms.domain.subsidy_policies.values import NAMES
from lms.models.enrollments import Cohort
from lms.models.filings import Filing
from lms.models.papers import Paper as PrintedPaper
from lms.models.people import PersonDocument
from lms.models.records import Record
from lms.parts import Parts
from lms.services import eligibility, subsidies
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast, Stage
from tests.support.funds import paymaster
from tests.support.papered import issue, join
from tests.support.places import Places, place

AMOUNT = 123_457
NUMBERS = ("509999198501010101", "509999198501010102", "509999198501010111", "509999198501010112")
NAMES_OF = ("王𠮟龑", "古丽·测试", "何小云", "孙玉兰")
NOTICE_DAYS = 5
KNOWN: Mapping[str, str] = {
    "allowed_groups": "[unemployed, hardship]",
    "excluded_groups": "[student]",
    "count_limit": "{n: 3, scope: lifetime, kinds: [training]}",
    "same_occupation_level_once": "true",
    "higher_blocks_lower": "true",
    "exclusive_funds": "[unemployment]",
    "minutes_per_class_hour": "45",
    "certificate_kinds": "[skill_level, training]",
    "claim_within_days": "365",
    "review_working_days": "10",
    "notice_working_days": str(NOTICE_DAYS),
    "payment_working_days": "10",
    "group_judged_on": "opening",
    "fund": "employment",
}
HEADER = """code: {code}
jurisdiction: CQ
title: 测试政策
issuer: 测试
document_number: 测试〔2025〕1号
source: 测试
effective:
  from: {begins}
  confidence: H
terms:
"""
CATALOGUE = """catalogue:
  - name: 养老护理员
    kind: occupation
    shortage: false
    levels: [五级, 四级]
    amounts:
      - {{kind: training, level: 五级, fen: {fen}, clause: 测试第二条, source: 测试, confidence: H}}
"""


def policy_text(code: str = "CQ-2025", begins: str = "2025-01-01", fen: int = AMOUNT, **changes: str) -> str:
    """A policy as its file: all terms that decide here are known; `changes` by name of a term."""
    known = {**KNOWN, **changes}
    terms = "".join(
        f"  {name}:\n    value: {known[name]}\n    clause: 测试第一条\n    source: 测试\n    confidence: H\n"
        if name in known
        else f"  {name}:\n"
        for name in NAMES
    )
    return HEADER.format(code=code, begins=begins) + terms + CATALOGUE.format(fen=fen)


def publish(parts: Parts, text: str, code: str, now: datetime) -> None:
    """Publishes a version and pins it where it holds."""
    file = read_text(text, f"{code}.yaml")
    assert file.policy, file.problems
    with parts.database.transaction() as session:
        subsidies.load(session, [file], now=now)


@dataclass
class Office:
    """Who acts on a finished class of 康宁. 周敏 and 冯燕 work for it, 钱进 and 何对 pay for the city."""

    parts: Parts
    cast: Cast
    places: Places
    fengyan: Actor
    qian: Actor
    he: Actor
    enrollments: tuple[uuid.UUID, ...]
    closes_on: date

    @property
    def phones(self) -> dict[str, str]:
        """By whom; the paymasters have no place in the cast."""
        return {**self.cast.phones, "qian": "19900000051", "he": "19900000052"}


def finish(parts: Parts, cast: Cast, now: datetime, password_hash: str = "", learners: int = 3) -> Office:
    """The class was over yesterday; 李芳 and others are complete, of a shown group, and have their certificates."""
    yesterday = clock.civil_day(now) - timedelta(days=1)
    with parts.database.transaction() as session:
        on = Stage(session, parts.keyring, password_hash)
        places = place(session, parts.keyring, cast, password_hash)
        fengyan = on.account("fengyan", "冯燕", role=Role.INSTITUTION, organisation_id=cast.kangning)
        qian, he = (
            paymaster(session, parts.keyring, name, number, places.city, password_hash)
            for name, number in (("钱进", "19900000051"), ("何对", "19900000052"))
        )
        cohort = session.get_one(Cohort, cast.cohort)
        cohort.opens_on, cohort.closes_on, cohort.filing = yesterday - timedelta(days=29), yesterday, "approved"
        told = {"occupation": "养老护理员", "level": "5", "certificate": "training", "resources": "省平台课程"}
        filed = {"programme": "CQ-2024", "training_kind": "pre_post"}
        session.add(Filing(cohort_id=cohort.id, created_at=NOON, **told, **filed))
        opens_on = cohort.opens_on
    others = [join(parts, cast, *each) for each in list(zip(NAMES_OF, NUMBERS, strict=True))[: learners - 1]]
    made = Office(parts, cast, places, fengyan, qian, he, (cast.enrollment, *others), yesterday)
    publish(parts, policy_text(), "CQ-2025", now)
    for number, enrollment in enumerate(made.enrollments, start=1):
        _complete(parts, enrollment, f"KX{yesterday.year}{number:04d}", now - timedelta(hours=2))
        _show_group(made, enrollment, opens_on, f"SY{yesterday.year}{number:03d}", now)
    return made


def _complete(parts: Parts, enrollment: uuid.UUID, serial: str, at: datetime) -> None:
    code = issue(parts, enrollment, at)
    with parts.database.transaction() as session:
        record = session.scalars(select(Record).where(Record.code == code)).one()
        session.add(PrintedPaper(record_id=record.id, template_id=None, serial=serial, numbered_at=at))
        for each in session.scalars(select(PersonDocument)):
            each.state = "confirmed"


def _show_group(made: Office, enrollment: uuid.UUID, opens_on: date, number: str, now: datetime) -> None:
    entry = Entry(PersonGroup.UNEMPLOYED, Paper.UNEMPLOYMENT, opens_on - timedelta(days=90), None, number)
    with made.parts.database.transaction() as session:
        who = (session, made.parts.keyring, made.cast.zhoumin, enrollment)
        evidence = eligibility.enter_group(*who, entry, now=now)
        word = (evidence, State.VERIFIED, "对照原件看过，姓名和日期都一样")
        eligibility.say_of_group(session, made.places.linlan, Role.OFFICER, *word, now=now)
