"""Passwords: equal answers, counted failures, cool-down, and what makes a password good enough."""

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from lms.domain.errors import NotSignedIn, Refused, TooMany
from lms.models.accounts import Account, LoginGuard
from lms.parts import Parts
from lms.services import accounts
from lms.services.accounts import guards, passwords
from lms.services.scopes import Actor
from tests.support.cast import NOON, PASSWORD, Cast

UNKNOWN = "19912345678"
COOL_DOWN = timedelta(minutes=15)


def attempt(parts: Parts, phone: str, password: str, now: datetime = NOON) -> str | Refused:
    with parts.database.transaction() as session:
        return accounts.sign_in_with_password(session, parts.keyring, phone=phone, password=password, now=now)


def told(outcome: str | Refused | None) -> tuple[type, str, dict[str, object]]:
    assert isinstance(outcome, Refused)
    return type(outcome), outcome.code, outcome.values


def stored_hash(parts: Parts, actor: Actor) -> str | None:
    with parts.database.transaction(write=False) as session:
        return session.get_one(Account, actor.account_id).password_hash


def test_the_right_password_opens_a_login(parts: Parts, cast: Cast) -> None:
    token = attempt(parts, "+86 199 0000 0001", PASSWORD)
    assert isinstance(token, str)
    with parts.database.transaction(write=False) as session:
        assert accounts.find_actor(session, token, NOON) == cast.lifang


def test_every_kind_of_wrong_is_answered_alike(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        session.get_one(Account, cast.chenmo.account_id).password_hash = None
        accounts.disable(session, cast.wanglei.account_id, now=NOON)
    answers = [
        told(attempt(parts, cast.phones["lifang"], "wrong-password")),
        told(attempt(parts, UNKNOWN, PASSWORD)),
        told(attempt(parts, cast.phones["chenmo"], PASSWORD)),
        told(attempt(parts, cast.phones["wanglei"], PASSWORD)),
    ]
    assert answers == [(NotSignedIn, "sign_in_wrong", {})] * 4


def test_every_kind_of_wrong_costs_one_verification(parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Equal time, told by what takes it: one Argon2 run with the same parameters, whatever is wrong."""
    verified: list[str] = []

    class Counting:
        def __getattr__(self, name: str) -> object:
            return getattr(real, name)

        def verify(self, password_hash: str, password: str) -> bool:
            verified.append(password_hash)
            return real.verify(password_hash, password)

    with parts.database.transaction() as session:
        accounts.set_password(
            session, parts.keyring, account_id=cast.lifang.account_id, password="a long one", now=NOON
        )
    real = passwords.HASHER
    monkeypatch.setattr(passwords, "HASHER", Counting())
    for phone in (cast.phones["lifang"], UNKNOWN):
        attempt(parts, phone, "wrong-password")
    known, unknown = verified
    assert known.split("$")[:4] == unknown.split("$")[:4] == ["", "argon2id", "v=19", "m=19456,t=2,p=1"]
    assert len(known) == len(unknown)


def test_an_old_hash_is_made_anew_at_sign_in(parts: Parts, cast: Cast) -> None:
    old = stored_hash(parts, cast.lifang)
    assert old is not None
    assert "m=8,t=1" in old
    attempt(parts, cast.phones["lifang"], PASSWORD)
    new = stored_hash(parts, cast.lifang)
    assert new is not None
    assert new.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert isinstance(attempt(parts, cast.phones["lifang"], PASSWORD), str)
    assert stored_hash(parts, cast.lifang) == new


@pytest.mark.parametrize("phone", ["19900000001", UNKNOWN])
def test_five_failures_start_a_cool_down_known_or_not(parts: Parts, cast: Cast, phone: str) -> None:
    answers = [told(attempt(parts, phone, f"wrong-{n}"))[1] for n in range(6)]
    assert answers == ["sign_in_wrong"] * 5 + ["sign_in_cooling"]
    late = attempt(parts, phone, PASSWORD, NOON + COOL_DOWN - timedelta(seconds=61))
    assert isinstance(late, TooMany)
    assert (late.retry_after_seconds, late.values["minutes"]) == (61, 2)


def test_after_the_cool_down_the_right_password_works(parts: Parts, cast: Cast) -> None:
    phone = cast.phones["lifang"]
    for _ in range(5):
        attempt(parts, phone, "wrong-password")
    assert isinstance(attempt(parts, phone, PASSWORD), TooMany)
    assert isinstance(attempt(parts, phone, PASSWORD, NOON + COOL_DOWN), str)


def test_nobody_can_stretch_a_cool_down(parts: Parts, cast: Cast) -> None:
    """The victim of a thousand tries waits no longer than a quarter of an hour."""
    phone = cast.phones["lifang"]
    for second in range(30):
        attempt(parts, phone, "wrong-password", NOON + timedelta(seconds=second))
    assert isinstance(attempt(parts, phone, PASSWORD, NOON + timedelta(seconds=4) + COOL_DOWN), str)


def test_success_and_time_forget_failures(parts: Parts, cast: Cast) -> None:
    phone = cast.phones["lifang"]
    for _ in range(4):
        attempt(parts, phone, "wrong-password")
    attempt(parts, phone, PASSWORD)
    for _ in range(4):
        assert told(attempt(parts, phone, "wrong-password"))[1] == "sign_in_wrong"
    later = NOON + COOL_DOWN
    assert told(attempt(parts, phone, "wrong-password", later))[1] == "sign_in_wrong"
    assert isinstance(attempt(parts, phone, PASSWORD, later), str)


def test_parallel_failures_are_all_counted(parts: Parts, cast: Cast) -> None:
    """As many guesses at once as one likes: five are looked at, the rest meet the cool-down."""
    answers: list[str] = []
    start = threading.Barrier(10)

    def guess() -> None:
        start.wait(timeout=60)
        answers.append(told(attempt(parts, UNKNOWN, "wrong-password"))[1])

    threads = [threading.Thread(target=guess) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(answers) == ["sign_in_cooling"] * 5 + ["sign_in_wrong"] * 5


def test_guards_are_forgotten_after_a_day_but_not_while_they_rest(parts: Parts, cast: Cast) -> None:
    for _ in range(5):
        attempt(parts, UNKNOWN, "wrong-password")
    for now, kept in ((NOON + COOL_DOWN, 1), (NOON + timedelta(days=1, seconds=1), 0)):
        with parts.database.transaction() as session:
            accounts.forget_expired(session, now=now)
            assert len(session.scalars(select(LoginGuard)).all()) == kept


def test_a_guard_made_twice_at_once_is_one(parts: Parts) -> None:
    with parts.database.transaction() as session:
        guards.hold(session, "f" * 64, now=NOON)
        assert guards._make(session, "f" * 64, NOON).phone_index == "f" * 64
        assert len(session.scalars(select(LoginGuard)).all()) == 1


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password_too_short"),
        ("1234567", "password_too_short"),
        ("x" * 129, "password_too_long"),
        ("12345678", "password_too_common"),
        ("88888888", "password_too_common"),
        ("Password1", "password_too_common"),
        ("woaini1314", "password_too_common"),
        ("19900000001", "password_too_common"),
    ],
)
def test_a_weak_password_is_refused(parts: Parts, cast: Cast, password: str, code: str) -> None:
    before = stored_hash(parts, cast.lifang)
    with pytest.raises(Refused) as refused, parts.database.transaction() as session:
        accounts.set_password(session, parts.keyring, account_id=cast.lifang.account_id, password=password, now=NOON)
    assert refused.value.code == code
    assert stored_hash(parts, cast.lifang) == before


@pytest.mark.parametrize("password", ["8letters", "x" * 128, "一句记得住的话呀", " spaces count ", "19900000002"])
def test_any_other_password_will_do(parts: Parts, cast: Cast, password: str) -> None:
    with parts.database.transaction() as session:
        accounts.set_password(session, parts.keyring, account_id=cast.lifang.account_id, password=password, now=NOON)
    assert isinstance(attempt(parts, cast.phones["lifang"], password), str)


def test_the_list_of_common_passwords_is_worth_its_name() -> None:
    assert len(passwords.COMMON) >= 200
    assert all(len(each) >= passwords.SHORTEST and each == each.lower() for each in passwords.COMMON)


class Owner:
    """李芳 at her phone, wanting a new password."""

    def __init__(self, parts: Parts, cast: Cast, method: str = accounts.PASSWORD) -> None:
        self.parts, self.account_id = parts, cast.lifang.account_id
        self.here, self.elsewhere = (self._enter(method) for _ in range(2))

    def _enter(self, method: str) -> str:
        with self.parts.database.transaction() as session:
            return accounts.open_session(session, self.account_id, method=method, now=NOON)

    def change(self, current: str, new: str, now: datetime = NOON) -> Refused | None:
        with self.parts.database.transaction() as session:
            return accounts.change_password(
                session,
                self.parts.keyring,
                account_id=self.account_id,
                token=self.here,
                current=current,
                new=new,
                now=now,
            )

    def live(self) -> list[bool]:
        with self.parts.database.transaction(write=False) as session:
            tokens = (self.here, self.elsewhere)
            return [accounts.find_actor(session, token, NOON) is not None for token in tokens]


def test_a_new_password_ends_the_other_logins(parts: Parts, cast: Cast) -> None:
    owner = Owner(parts, cast)
    assert owner.change(PASSWORD, "a new good one") is None
    assert owner.live() == [True, False]
    assert isinstance(attempt(parts, cast.phones["lifang"], "a new good one"), str)
    assert told(attempt(parts, cast.phones["lifang"], PASSWORD))[1] == "sign_in_wrong"


def test_the_present_password_is_asked_and_guesses_are_counted(parts: Parts, cast: Cast) -> None:
    owner = Owner(parts, cast)
    answers = [told(owner.change("a guess", "a new good one"))[1] for _ in range(6)]
    assert answers == ["current_password_wrong"] * 5 + ["sign_in_cooling"]
    assert owner.live() == [True, True]
    assert isinstance(attempt(parts, cast.phones["lifang"], PASSWORD), TooMany)


def test_a_weak_new_password_is_told_before_the_present_one_is_looked_at(parts: Parts, cast: Cast) -> None:
    owner = Owner(parts, cast)
    assert told(owner.change("a guess", "12345678"))[1] == "password_too_common"
    assert told(owner.change(PASSWORD, "short"))[1] == "password_too_short"


def test_just_after_a_code_the_present_password_is_not_needed(parts: Parts, cast: Cast) -> None:
    """Whoever forgot it proves herself by phone."""
    owner = Owner(parts, cast, accounts.CODE)
    assert told(owner.change("", "a new good one", NOON + timedelta(minutes=15)))[1] == "current_password_wrong"
    assert owner.change("", "a new good one", NOON + timedelta(minutes=14)) is None


def test_a_first_password_needs_no_present_one(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        session.get_one(Account, cast.lifang.account_id).password_hash = None
    assert Owner(parts, cast).change("", "a new good one") is None
