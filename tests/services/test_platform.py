"""The platform's desk: institutions and staff, work and acts; for the platform's staff alone."""

import uuid
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.domain.errors import Conflict, Forbidden, NotFound, Refused
from lms.domain.roles import Role
from lms.models.accounts import Account
from lms.models.audit import AuditEvent
from lms.models.organisations import Organisation
from lms.parts import Parts
from lms.services import jobs, platform
from tests.support.cast import NOON, Cast

NEW_PHONE = "19912345678"


def create(session: Session, parts: Parts, cast: Cast, name: str = "松龄照护院", phone: str = NEW_PHONE) -> uuid.UUID:
    return platform.create_institution(
        session, parts.keyring, cast.admin, name=name, staff_name="钱进", phone=phone, now=NOON
    )


def actions(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.action)))


def test_institutions_are_listed_with_their_numbers(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction(write=False) as session:
        found = platform.list_institutions(session, cast.admin)
        assert {(each.name, each.staff, each.cohorts) for each in found} == {
            ("安和护理院", 2, 1),
            ("康宁养老服务中心", 3, 1),
        }
        assert platform.get_institution(session, cast.admin, cast.anhe).name == "安和护理院"
        with pytest.raises(NotFound):
            platform.get_institution(session, cast.admin, uuid.uuid4())


def test_a_new_institution_comes_with_its_first_staff(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        made = create(session, parts, cast)
        [first] = platform.list_staff(session, parts.keyring, cast.admin, made)
        assert (first.name, first.phone, first.role, first.is_disabled) == (
            "钱进", "199****5678", Role.INSTITUTION, False,
        )  # fmt: skip
        assert actions(session) == ["account.create", "organisation.create", "staff.add"]


@pytest.mark.parametrize(
    ("name", "phone", "kind", "code"),
    [
        (" ", NEW_PHONE, Refused, "organisation_name_length"),
        ("安和护理院", NEW_PHONE, Conflict, "organisation_name_taken"),
        ("松龄照护院", "123", Refused, "mobile_shape"),
    ],
)
def test_a_refused_institution_leaves_nothing_though_the_transaction_commits(
    parts: Parts, cast: Cast, name: str, phone: str, kind: type[Refused], code: str
) -> None:
    with parts.database.transaction() as session, pytest.raises(kind, match=code):
        create(session, parts, cast, name, phone)
    with parts.database.transaction(write=False) as session:
        assert session.scalar(select(func.count()).select_from(Organisation)) == 2
        assert actions(session) == []


def test_staff_are_added_disabled_and_let_in_again(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        platform.add_staff(
            session, parts.keyring, cast.admin, cast.anhe,
            name="钱进", phone=NEW_PHONE, role=Role.TRAINER, now=NOON,
        )  # fmt: skip
        staff = platform.list_staff(session, parts.keyring, cast.admin, cast.anhe)
        assert [each.name for each in staff] == ["孙悦", "赵琴", "钱进"]
        assert [each.role for each in staff] == [Role.INSTITUTION, Role.TRAINER, Role.TRAINER]
        account_id = staff[2].account_id
        platform.disable_staff(session, cast.admin, cast.anhe, account_id, now=NOON)
        assert session.get_one(Account, account_id).disabled_at == NOON
        assert platform.list_staff(session, parts.keyring, cast.admin, cast.anhe)[2].is_disabled
        platform.enable_staff(session, cast.admin, cast.anhe, account_id, now=NOON)
        assert session.get_one(Account, account_id).disabled_at is None


def test_staff_are_found_under_their_own_institution_only(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        for change in (platform.disable_staff, platform.enable_staff):
            for place, account_id in (
                (cast.anhe, cast.zhoumin.account_id),
                (cast.anhe, cast.lifang.account_id),
                (uuid.uuid4(), cast.sunyue.account_id),
            ):
                with pytest.raises(NotFound):
                    change(session, cast.admin, place, account_id, now=NOON)
        with pytest.raises(NotFound):
            platform.add_staff(
                session, parts.keyring, cast.admin, uuid.uuid4(),
                name="钱进", phone=NEW_PHONE, role=Role.TRAINER, now=NOON,
            )  # fmt: skip


def test_failed_work_can_be_asked_for_again(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        job = jobs.enqueue(session, "send_sms", "k", {"secret": "not shown"}, now=NOON)
        [shown] = platform.list_jobs(session, cast.admin)
        assert (shown.kind, shown.state, shown.may_retry) == ("send_sms", "queued", False)
        assert "not shown" not in repr(shown)
        with pytest.raises(NotFound):
            platform.retry_job(session, cast.admin, job.id, now=NOON)
        job.state, job.attempts, job.problem = jobs.FAILED, 3, "Unavailable: sms_unavailable"
        session.flush()
        assert platform.list_jobs(session, cast.admin)[0].may_retry
        platform.retry_job(session, cast.admin, job.id, now=NOON)
        session.expire_all()
        assert platform.list_jobs(session, cast.admin)[0].state == "queued"
        assert actions(session) == ["job.retry"]


def test_acts_are_shown_with_names(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        made = create(session, parts, cast)
        shown = {event.action: event for event in platform.list_events(session, cast.admin)}
        added, created = shown["staff.add"], shown["organisation.create"]
        assert (added.account, added.organisation, added.detail) == (
            "管理员",
            "松龄照护院",
            "role=institution",
        )
        assert (created.subject, created.detail, created.at) == (str(made), "kind=institution", NOON)
        assert shown["account.create"].account == ""
        assert len(platform.list_events(session, cast.admin, limit=2)) == 2


def _uses(parts: Parts, cast: Cast) -> list[Callable[[Session], object]]:
    who, keyring, anyone = cast.zhoumin, parts.keyring, cast.zhoumin.account_id
    words = {"name": "钱进", "phone": NEW_PHONE, "role": Role.TRAINER, "now": NOON}
    return [
        lambda session: platform.list_institutions(session, who),
        lambda session: platform.get_institution(session, who, cast.kangning),
        lambda session: platform.create_institution(
            session, keyring, who, name="x", staff_name="y", phone=NEW_PHONE, now=NOON
        ),
        lambda session: platform.list_staff(session, keyring, who, cast.kangning),
        lambda session: platform.add_staff(session, keyring, who, cast.kangning, **words),
        lambda session: platform.disable_staff(session, who, cast.kangning, anyone, now=NOON),
        lambda session: platform.enable_staff(session, who, cast.kangning, anyone, now=NOON),
        lambda session: platform.list_jobs(session, who),
        lambda session: platform.retry_job(session, who, uuid.uuid4(), now=NOON),
        lambda session: platform.list_events(session, who),
    ]


def test_none_of_it_is_for_an_institutions_staff(parts: Parts, cast: Cast) -> None:
    for use in _uses(parts, cast):
        with pytest.raises(Forbidden), parts.database.transaction() as session:
            use(session)
