"""One-time codes: random, encrypted, sent by the worker, good once; the same for known and unknown phones."""

import re
import threading
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from lms.adapters.sms import ConsoleGateway
from lms.domain.errors import Refused, TooMany, Unavailable
from lms.models.accounts import Account, LoginCode, LoginSession
from lms.models.jobs import Job
from lms.parts import Parts
from lms.services import accounts, jobs
from lms.services.accounts import codes
from tests.support.cast import NOON, PASSWORD, Cast

UNKNOWN = "19912345678"
MINUTE = timedelta(minutes=1)


def request(
    parts: Parts, phone: str = UNKNOWN, now: datetime = NOON, draw: Callable[[], str] = lambda: "123456"
) -> uuid.UUID | TooMany:
    with parts.database.transaction() as session:
        return accounts.request_code(session, parts.keyring, phone=phone, now=now, draw=draw)


def requested(parts: Parts, phone: str = UNKNOWN, now: datetime = NOON, code: str = "123456") -> uuid.UUID:
    outcome = request(parts, phone, now, lambda: code)
    assert isinstance(outcome, uuid.UUID)
    return outcome


def enter(parts: Parts, request_id: uuid.UUID, code: str = "123456", now: datetime = NOON) -> str | Refused:
    with parts.database.transaction() as session:
        return accounts.sign_in_with_code(session, parts.keyring, request_id, code=code, now=now)


def code_of(outcome: object) -> str:
    assert isinstance(outcome, Refused), outcome
    return outcome.code


def perform(parts: Parts, sms: ConsoleGateway, now: datetime = NOON) -> None:
    """What the worker does with all jobs."""
    with parts.database.transaction(write=False) as session:
        for job in session.scalars(select(Job).order_by(Job.id)):
            assert job.kind == accounts.SEND_SMS
            accounts.send_code(session, parts.keyring, sms, job.payload, now=now)


def count(parts: Parts, table: type) -> int:
    with parts.database.transaction(write=False) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_the_right_code_opens_a_login(parts: Parts, cast: Cast) -> None:
    token = enter(parts, requested(parts, cast.phones["lifang"]))
    assert isinstance(token, str)
    with parts.database.transaction(write=False) as session:
        assert accounts.find_actor(session, token, NOON) == cast.lifang
        assert session.scalars(select(LoginSession.method)).one() == accounts.CODE


def test_a_new_phone_gets_an_account_without_person(parts: Parts) -> None:
    token = enter(parts, requested(parts))
    assert isinstance(token, str)
    with parts.database.transaction(write=False) as session:
        found = accounts.find_actor(session, token, NOON)
    assert found is not None
    assert (found.person_id, found.name, found.roles) == (None, "", frozenset())
    again = enter(parts, requested(parts, now=NOON + MINUTE), now=NOON + MINUTE)
    assert isinstance(again, str)
    assert count(parts, Account) == 1


def test_codes_are_six_random_digits() -> None:
    drawn = [codes.draw_code() for _ in range(300)]
    assert all(re.fullmatch(r"[0-9]{6}", code) for code in drawn)
    assert len(set(drawn)) > 290


def test_the_database_never_holds_phone_or_code_in_clear(parts: Parts) -> None:
    requested(parts)
    with parts.database.transaction(write=False) as session:
        held = [
            f"{value}"
            for table in (LoginCode, Job)
            for row in session.scalars(select(table))
            for value in vars(row).values()
        ]
    assert not [value for value in held if "123456" in value or UNKNOWN in value]


def test_the_worker_sends_the_code(parts: Parts) -> None:
    requested(parts)
    sms = ConsoleGateway()
    perform(parts, sms)
    assert list(sms.sent) == [(UNKNOWN, "123456")]


def test_a_code_is_not_sent_when_it_is_too_late_used_or_replaced(parts: Parts) -> None:
    sms = ConsoleGateway()
    first = requested(parts)
    perform(parts, sms, NOON + codes.LIFETIME)
    enter(parts, first)
    perform(parts, sms)
    assert list(sms.sent) == []
    requested(parts, now=NOON + MINUTE, code="222222")
    requested(parts, now=NOON + 2 * MINUTE, code="333333")
    perform(parts, sms, NOON + 2 * MINUTE)
    assert list(sms.sent) == [(UNKNOWN, "333333")]


def test_a_code_that_is_forgotten_is_not_sent(parts: Parts) -> None:
    requested(parts)
    with parts.database.transaction() as session:
        accounts.forget_expired(session, now=NOON + timedelta(days=1, seconds=1))
    sms = ConsoleGateway()
    perform(parts, sms)
    assert list(sms.sent) == []
    assert count(parts, LoginCode) == 0


def test_a_gateway_that_is_down_fails_the_job_and_not_the_request(parts: Parts) -> None:
    class Down(ConsoleGateway):
        def send_code(self, *_: object) -> None:
            raise Unavailable("sms_unavailable", reason="down")

    request_id = requested(parts)
    with pytest.raises(Unavailable):
        perform(parts, Down())
    assert isinstance(enter(parts, request_id), str)


def test_the_job_is_asked_for_in_the_same_transaction(parts: Parts) -> None:
    with parts.database.transaction() as session:
        made = accounts.request_code(session, parts.keyring, phone=UNKNOWN, now=NOON)
        assert len(jobs.pending(session)) == 1
    assert isinstance(made, uuid.UUID)


def test_a_code_works_once(parts: Parts) -> None:
    request_id = requested(parts)
    assert isinstance(enter(parts, request_id), str)
    assert code_of(enter(parts, request_id)) == "code_expired"


@pytest.mark.parametrize(("age_seconds", "works"), [(599, True), (600, False)])
def test_a_code_works_for_ten_minutes(parts: Parts, age_seconds: int, works: bool) -> None:
    outcome = enter(parts, requested(parts), now=NOON + timedelta(seconds=age_seconds))
    assert isinstance(outcome, str) if works else code_of(outcome) == "code_expired"


def test_five_wrong_tries_end_a_code(parts: Parts) -> None:
    request_id = requested(parts)
    answers = [code_of(enter(parts, request_id, "000000")) for _ in range(5)]
    assert answers == ["code_wrong"] * 4 + ["code_expired"]
    assert code_of(enter(parts, request_id)) == "code_expired"


def test_the_fifth_try_may_still_be_right(parts: Parts) -> None:
    request_id = requested(parts)
    for _ in range(4):
        enter(parts, request_id, "000000")
    assert isinstance(enter(parts, request_id), str)


def test_only_the_newest_code_works(parts: Parts) -> None:
    old = requested(parts)
    new = requested(parts, now=NOON + MINUTE, code="654321")
    assert code_of(enter(parts, old, now=NOON + MINUTE)) == "code_expired"
    assert code_of(enter(parts, new, now=NOON + MINUTE)) == "code_wrong"
    assert isinstance(enter(parts, new, "654321", NOON + MINUTE), str)


def test_a_code_belongs_to_its_request_and_phone(parts: Parts, cast: Cast) -> None:
    requested(parts, cast.phones["lifang"], code="111111")
    other = requested(parts, cast.phones["chenmo"], code="222222")
    assert code_of(enter(parts, other, "111111")) == "code_wrong"
    assert code_of(enter(parts, uuid.uuid4(), "111111")) == "code_expired"


def test_known_and_unknown_phones_leave_the_same_traces(parts: Parts, cast: Cast) -> None:
    for phone in (cast.phones["lifang"], UNKNOWN):
        requested(parts, phone)
        assert isinstance(request(parts, phone), TooMany)
    with parts.database.transaction(write=False) as session:
        made = session.scalars(select(LoginCode)).all()
        assert len({len(each.message_sealed or "") for each in made}) == 1
        assert session.scalar(select(func.count()).select_from(Job)) == 2


def test_limits_are_one_a_minute_five_an_hour_ten_a_day(parts: Parts) -> None:
    tried = [*range(0, 600, 30), *range(3600, 4200, 30), *range(7200, 86_400, 1800)]
    sent = [second for second in tried if isinstance(request(parts, now=NOON + timedelta(seconds=second)), uuid.UUID)]
    assert sent == [0, 60, 120, 180, 240, 3600, 3660, 3720, 3780, 3840]
    assert isinstance(request(parts, now=NOON + timedelta(days=1)), uuid.UUID)


@pytest.mark.parametrize(
    ("already", "now", "retry_after_seconds"),
    [
        ([0], 10, 50),
        ([0], 59, 1),
        ([0, 60, 120, 180, 240], 300, 3300),
        ([0, 60, 120, 180, 240], 3599, 1),
        ([0, 60, 120, 180, 240, 3600, 3660, 3720, 3780, 3840], 10_000, 76_400),
    ],
)
def test_a_limit_tells_when_to_come_back(parts: Parts, already: list[int], now: int, retry_after_seconds: int) -> None:
    for second in already:
        requested(parts, now=NOON + timedelta(seconds=second))
    outcome = request(parts, now=NOON + timedelta(seconds=now))
    assert isinstance(outcome, TooMany)
    assert (outcome.code, outcome.retry_after_seconds) == ("code_too_often", retry_after_seconds)
    assert isinstance(request(parts, now=NOON + timedelta(seconds=now + retry_after_seconds)), uuid.UUID)


def test_a_refused_request_leaves_the_earlier_code_alone(parts: Parts) -> None:
    request_id = requested(parts)
    assert isinstance(request(parts, now=NOON + timedelta(seconds=5)), TooMany)
    assert isinstance(enter(parts, request_id), str)


def test_asking_again_goes_to_the_same_phone(parts: Parts) -> None:
    first = requested(parts)
    with parts.database.transaction() as session:
        second = accounts.request_again(session, parts.keyring, first, now=NOON + MINUTE, draw=lambda: "654321")
    assert isinstance(second, uuid.UUID)
    with parts.database.transaction(write=False) as session:
        assert accounts.masked_phone(session, parts.keyring, second) == "199****5678"
    assert isinstance(enter(parts, second, "654321", NOON + MINUTE), str)


def test_nothing_is_told_about_requests_that_are_over(parts: Parts) -> None:
    request_id = requested(parts)
    enter(parts, request_id)
    with parts.database.transaction() as session:
        assert accounts.masked_phone(session, parts.keyring, request_id) is None
        for each in (request_id, uuid.uuid4()):
            again = accounts.request_again(session, parts.keyring, each, now=NOON)
            assert code_of(again) == "code_expired"


def test_a_disabled_account_is_told_so_only_after_the_phone_is_proved(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        accounts.disable(session, cast.lifang.account_id, now=NOON)
    request_id = requested(parts, cast.phones["lifang"])
    assert code_of(enter(parts, request_id, "000000")) == "code_wrong"
    assert code_of(enter(parts, request_id)) == "account_disabled"
    assert code_of(enter(parts, request_id)) == "code_expired"


def test_who_is_locked_out_of_the_password_comes_in_by_code(parts: Parts, cast: Cast) -> None:
    phone = cast.phones["lifang"]

    def by_password(password: str) -> str | Refused:
        with parts.database.transaction() as session:
            return accounts.sign_in_with_password(session, parts.keyring, phone=phone, password=password, now=NOON)

    for _ in range(5):
        by_password("wrong-password")
    assert isinstance(by_password(PASSWORD), TooMany)
    assert isinstance(enter(parts, requested(parts, phone)), str)
    assert isinstance(by_password(PASSWORD), str)


def test_fifty_at_once_with_the_right_code_are_one_login(parts: Parts) -> None:
    request_id = requested(parts)
    outcomes: list[str | Refused] = []
    start = threading.Barrier(50)

    def come() -> None:
        start.wait(timeout=60)
        outcomes.append(enter(parts, request_id))

    threads = [threading.Thread(target=come) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len([each for each in outcomes if isinstance(each, str)]) == 1
    assert [code_of(each) for each in outcomes if not isinstance(each, str)] == ["code_expired"] * 49
    assert (count(parts, LoginSession), count(parts, Account)) == (1, 1)


def test_fifty_wrong_guesses_at_once_are_five_tries(parts: Parts) -> None:
    request_id = requested(parts)
    outcomes: list[str] = []
    start = threading.Barrier(50)

    def guess() -> None:
        start.wait(timeout=60)
        outcomes.append(code_of(enter(parts, request_id, "000000")))

    threads = [threading.Thread(target=guess) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert outcomes.count("code_wrong") == 4
    with parts.database.transaction(write=False) as session:
        assert session.scalars(select(LoginCode.tries)).one() == codes.MAX_TRIES


def test_requests_at_once_send_one_message(parts: Parts) -> None:
    outcomes: list[uuid.UUID | TooMany] = []
    start = threading.Barrier(12)

    def ask() -> None:
        start.wait(timeout=60)
        outcomes.append(request(parts))

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len([each for each in outcomes if isinstance(each, uuid.UUID)]) == 1
    assert count(parts, Job) == 1
