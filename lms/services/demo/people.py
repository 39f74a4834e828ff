"""The people of a demo and their logins."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms import clock
from lms.crypto import Keyring
from lms.domain.identity import DocumentType
from lms.domain.roles import Role
from lms.models.organisations import Organisation
from lms.services import accounts, enrollments, inspectors, sealed
from lms.services.accounts import registry
from lms.services.scopes import Actor

PASSWORD = "kangxue-demo-2026"  # noqa: S105  # public on purpose: demo mode listens on loopback only
KANGNING, ANHE = "康宁养老服务中心（示例）", "安和护理院（示例）"
CITY, BUREAU = "云川市（示例）", "云川市民政局（示例）"
EAST, WEST = "东湖区（示例）", "西岭区（示例）"
WORKING = (Role.TRAINER, Role.INSTITUTION, Role.EXAMINER, Role.MENTOR)


@dataclass(frozen=True)
class Login:
    """A demo login. `number` is an invented identity number of a region that does not exist."""

    phone: str
    name: str
    role: Role
    organisation: str | None
    title: str
    number: str = ""
    password: str = PASSWORD


LOGINS = (
    Login("19900000001", "李芳", Role.LEARNER, KANGNING, "学员 learner, 康宁", "219999198501010026"),
    Login("19900000011", "张强", Role.LEARNER, KANGNING, "学员 learner, 康宁", "509999199006150033"),
    Login("19900000003", "王磊", Role.TRAINER, KANGNING, "讲师 trainer, 康宁"),
    Login("19900000009", "刘洋", Role.TRAINER, KANGNING, "讲师 trainer, 康宁"),
    Login("19900000004", "周敏", Role.INSTITUTION, KANGNING, "机构 institution, 康宁"),
    Login("19900000010", "蒋丽", Role.INSTITUTION, KANGNING, "机构 institution, 康宁"),
    Login("19900000021", "何平", Role.EXAMINER, KANGNING, "考评员 examiner, 康宁"),
    Login("19900000022", "韩梅", Role.EXAMINER, KANGNING, "考评员 examiner, 康宁"),
    Login("19900000023", "冯燕", Role.MENTOR, KANGNING, "带教师傅 workplace mentor, 康宁"),
    Login("19900000002", "陈默", Role.LEARNER, ANHE, "学员 learner, 安和", "219999198501010018"),
    Login("19900000007", "赵琴", Role.TRAINER, ANHE, "讲师 trainer, 安和"),
    Login("19900000005", "孙悦", Role.INSTITUTION, ANHE, "机构 institution, 安和"),
    Login("19900000008", "吴检", Role.INSPECTOR, KANGNING, "检查员 inspector, 康宁, 90 天 days"),
    Login("19900000031", "林岚", Role.OFFICER, CITY, "主管部门 city officer, 云川市"),
    Login("19900000032", "高原", Role.OFFICER, EAST, "主管部门 district officer, 东湖区"),
    Login("19900000035", "宋洁", Role.PAYMASTER, CITY, "资金经办 paymaster, 云川市"),
    Login("19900000036", "唐军", Role.PAYMASTER, CITY, "资金经办 paymaster, 云川市"),
    Login("19900000033", "马静", Role.STATISTICS, BUREAU, "部门统计 statistics, 云川市民政局"),
    Login("19900000006", "管理员", Role.PLATFORM, None, "平台 platform administrator"),
)


def of(organisation: str, *roles: Role) -> list[Login]:
    """The logins of an institution that have one of these roles."""
    return [login for login in LOGINS if login.organisation == organisation and login.role in roles]


def find_actor(session: Session, keyring: Keyring, login: Login) -> Actor | None:
    """Whoever has this login in the database, with the roles she has there now; None where nobody does."""
    account = registry.find(session, sealed.phone_index(keyring, login.phone))
    if account is None:
        return None
    roles = frozenset((Role(each.role), each.organisation_id) for each in account.memberships)
    return Actor(account.id, account.person_id, login.name, roles)


def staff(session: Session, keyring: Keyring, login: Login, organisation_id: uuid.UUID | None, now: datetime) -> Actor:
    """Lets somebody work for the institution who did not yet."""
    account_id = accounts.create_staff(
        session,
        keyring,
        phone=login.phone,
        name=login.name,
        role=login.role,
        organisation_id=organisation_id,
        now=now,
    )
    accounts.set_password(session, keyring, account_id=account_id, password=login.password, now=now)
    return Actor(account_id, None, login.name, frozenset({(login.role, organisation_id)}))


def let_in(session: Session, keyring: Keyring, organisation: str, roles: Collection[Role], now: datetime) -> None:
    """Lets those work there who do not yet: an older demo had fewer."""
    home = session.scalar(select(Organisation).where(Organisation.name == organisation))
    for login in of(organisation, *roles):
        if home and find_actor(session, keyring, login) is None:
            staff(session, keyring, login, home.id, now)


def let_in_inspectors(
    session: Session, keyring: Keyring, admin: Actor, organisation_id: uuid.UUID, organisation: str, now: datetime
) -> None:
    """Lets the institution's inspectors look for as long as may be."""
    for login in of(organisation, Role.INSPECTOR):
        inspectors.grant(
            session,
            keyring,
            admin,
            name=login.name,
            phone=login.phone,
            organisation_id=organisation_id,
            last_day=clock.civil_day(now) + inspectors.LONGEST,
            now=now,
        )
        _give_password(session, keyring, login, now)


def enroll(
    session: Session, keyring: Keyring, office: Actor, cohort_id: uuid.UUID, organisation: str, now: datetime
) -> None:
    """Enters all learners of the institution into a class of theirs."""
    for login in of(organisation, Role.LEARNER):
        enrollments.enroll(
            session,
            keyring,
            office,
            cohort_id,
            name=login.name,
            document_type=DocumentType.RESIDENT_ID,
            number=login.number,
            phone=login.phone,
            now=now,
        )
        _give_password(session, keyring, login, now)


def _give_password(session: Session, keyring: Keyring, login: Login, now: datetime) -> None:
    account = registry.find(session, sealed.phone_index(keyring, login.phone))
    if account is not None and account.password_hash is None:
        accounts.set_password(session, keyring, account_id=account.id, password=login.password, now=now)
