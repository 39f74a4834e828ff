"""What only a bucket can do or suffer: addresses that need no session, and a service that does not answer."""

import http.client
import sys
import urllib.parse
from dataclasses import replace

import pytest

from lms.adapters.storage import Store, open_store
from lms.domain.errors import Unavailable
from tests.support.swift import Swift, free_port

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="OpenStack Swift runs on Linux only")


def fetch(address: str, **headers: str) -> tuple[int, bytes]:
    """What anybody gets who holds the address: no cookie, no key."""
    place = urllib.parse.urlsplit(address)
    connection = http.client.HTTPConnection(place.netloc, timeout=10)
    try:
        connection.request("GET", f"{place.path}?{place.query}", headers=headers)
        answer = connection.getresponse()
        content = answer.read()
    finally:
        connection.close()
    return answer.status, content if answer.status < 300 else b""


def test_an_address_reads_one_object_without_a_session(s3_store: Store) -> None:
    s3_store.put_bytes("m/a", b"0123456789", "video/mp4")
    s3_store.put_bytes("m/b", b"other", "video/mp4")
    address = s3_store.link("m/a", 60)
    assert address is not None
    assert fetch(address) == (200, b"0123456789")
    assert fetch(address, Range="bytes=2-4") == (206, b"234")
    assert fetch(address.replace("/m/a?", "/m/b?"))[0] == 403
    assert fetch(address.split("?")[0])[0] in (400, 403)
    assert fetch(address.replace("X-Amz-Expires=60", "X-Amz-Expires=6000"))[0] == 403


def test_an_outage_is_told_and_ends_soon(swift: Swift) -> None:
    nobody = open_store(replace(swift.settings("media"), endpoint=f"http://127.0.0.1:{free_port()}"))
    assert not nobody.healthy()
    for attempt in (
        lambda: nobody.put_bytes("m/a", b"?", "text/plain"),
        lambda: nobody.open("m/a"),
        lambda: nobody.stat("m/a"),
        lambda: list(nobody.list("m")),
    ):
        with pytest.raises(Unavailable) as refused:
            attempt()
        assert refused.value.code == "storage_unavailable"


def test_wrong_keys_are_an_outage_not_an_absence(swift: Swift) -> None:
    bucket = swift.new_bucket()
    stranger = open_store(replace(swift.settings(bucket), secret_key="wrong"))
    assert not stranger.healthy()
    with pytest.raises(Unavailable):
        stranger.stat("m/a")


def test_a_bucket_that_does_not_exist(swift: Swift) -> None:
    nowhere = open_store(swift.settings("never-made"))
    assert not nowhere.healthy()
    with pytest.raises(Unavailable):
        nowhere.put_bytes("m/a", b"?", "text/plain")
