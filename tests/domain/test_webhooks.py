"""Webhooks: addresses in every disguise, events, pauses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.domain import webhooks
from lms.domain.errors import Refused
from lms.domain.webhooks import CHOSEN, PAUSES, check_address, check_events, is_open, pause_after, succeeded


@pytest.mark.parametrize(
    ("text", "host", "port", "path", "authority"),
    [
        ("https://hooks.example.cn", "hooks.example.cn", 443, "/", "hooks.example.cn"),
        ("https://hooks.example.cn:80/a?b=c", "hooks.example.cn", 80, "/a?b=c", "hooks.example.cn:80"),
        ("HTTPS://Hooks.Example.CN:443/A", "hooks.example.cn", 443, "/A", "hooks.example.cn"),
        ("https://培训.example/x", "xn--2js261j.example", 443, "/x", "xn--2js261j.example"),
        ("https://[2001:db8::1]/", "2001:db8::1", 443, "/", "[2001:db8::1]"),
        ("https://2130706433/", "2130706433", 443, "/", "2130706433"),
    ],
)
def test_an_address_is_taken_apart(text: str, host: str, port: int, path: str, authority: str) -> None:
    found = check_address(text, demo=False)
    assert (found.host, found.port, found.path, found.authority) == (host, port, path, authority)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("http://hooks.example.cn/", "webhook_address_scheme"),
        ("ftp://hooks.example.cn/", "webhook_address_scheme"),
        ("file:///etc/passwd", "webhook_address_shape"),
        ("hooks.example.cn", "webhook_address_shape"),
        ("https://", "webhook_address_shape"),
        ("https://:443/", "webhook_address_shape"),
        ("https://hooks.example.cn:8443/", "webhook_address_port"),
        ("https://hooks.example.cn:0/", "webhook_address_port"),
        ("https://hooks.example.cn:99999/", "webhook_address_shape"),
        ("https://user:pass@hooks.example.cn/", "webhook_address_shape"),
        ("https://public.example@127.0.0.1/", "webhook_address_shape"),
        ("https://127.0.0.1\\@public.example/", "webhook_address_shape"),
        ("https://hooks.example.cn/#part", "webhook_address_shape"),
        ("https://hooks.example.cn/a b", "webhook_address_shape"),
        ("https://hooks.example.cn/\r\nX-Evil:1", "webhook_address_shape"),
        ("https://hooks.example.cn/\t", "webhook_address_shape"),
        ("https://hooks.example.cn/路", "webhook_address_shape"),
        ("https://hooks.ex%61mple.cn/", "webhook_address_shape"),
        ("https://[fe80::1%25eth0]/", "webhook_address_shape"),
        ("https://[::1/", "webhook_address_shape"),
        ("https://a..b/", "webhook_address_shape"),
        ("https://" + "a" * 64 + ".cn/", "webhook_address_shape"),
        ("https://hooks.example.cn/" + "a" * 500, "webhook_address_shape"),
    ],
)
def test_an_address_that_cannot_be_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_address(text, demo=False)
    assert refused.value.code == code


def test_a_demo_may_speak_plainly_and_to_any_port() -> None:
    found = check_address("http://127.0.0.1:8099/hook", demo=True)
    assert (found.is_secure, found.port, found.authority) == (False, 8099, "127.0.0.1:8099")


SHUT = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "169.254.0.23", "100.64.0.1", "100.100.100.200", "192.0.0.1", "192.0.2.1", "198.18.0.1",
    "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "168.63.129.16",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "::127.0.0.1", "::8.8.8.8", "fe80::1",
    "fe80::1%eth0", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "2001:0:4136:e378::1",
    "2002:7f00:1::", "2002:808:808::1", "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::8.8.8.8", "100::1",
    "", "localhost", "0177.0.0.1", "2130706433", "1.2.3",
]  # fmt: skip


@pytest.mark.parametrize("address", SHUT)
def test_what_is_not_public_is_shut(address: str) -> None:
    assert not is_open(address, demo=False)


@pytest.mark.parametrize("address", ["8.8.8.8", "119.29.29.29", "2400:3200::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"])
def test_what_is_public_is_open(address: str) -> None:
    assert is_open(address, demo=False)


def test_a_demo_opens_this_machine_and_nothing_else() -> None:
    opened = {address for address in SHUT if is_open(address, demo=True)}
    assert opened == {"127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1", "64:ff9b::127.0.0.1"}


@given(st.ip_addresses(v=4))
def test_ipv4_is_judged_alike_in_every_dress(address: object) -> None:
    plain = is_open(str(address), demo=False)
    assert is_open(f"::ffff:{address}", demo=False) == plain
    assert is_open(f"64:ff9b::{address}", demo=False) == plain


@given(st.text())
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        found = check_address(text, demo=False)
    except Refused:
        return
    assert found.scheme == "https"
    assert found.port in (80, 443)
    assert f"{found.host}{found.path}".isascii()


def test_events_come_in_one_order() -> None:
    assert check_events(["score.changed", "cohort.changed", "test", "x"]) == (CHOSEN[0], CHOSEN[5])
    with pytest.raises(Refused, match="webhook_events_missing"):
        check_events(["test"])


def test_pauses_grow_and_end() -> None:
    assert [pause_after(tries) for tries in range(1, len(PAUSES) + 2)] == [*PAUSES, None]
    assert list(PAUSES) == sorted(PAUSES)
    assert sum(PAUSES, webhooks.timedelta()).days == 1


@pytest.mark.parametrize(
    ("status", "did"), [(200, True), (204, True), (299, True), (301, False), (500, False), (None, False)]
)
def test_only_2xx_is_a_success(status: int | None, did: bool) -> None:
    assert succeeded(status) is did
