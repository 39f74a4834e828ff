"""Where a sign-in may lead, and what kind of device it comes from."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.urls import iri_to_uri

from lms.web.accounts import devices
from lms.web.language import install
from lms.web.pages import local_path


@pytest.mark.parametrize(
    "path", ["/", "/learn/", "/learn/courses/1?a=b&c=//d", "/v/ABC#part", "/learn/失智", "/a:b", "/%2F/evil"]
)
def test_a_path_of_this_site_is_local(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "target",
    [None, "", "learn", "//evil", "///evil", "\\\\evil", "/\\evil", "\\/evil", "/a\\b", "https:evil",
     "https://evil", "javascript:alert(1)", "data:text/html,x", " /learn", "\t//evil", "/\t/evil", "/\n/evil",
     "/\r\nSet-Cookie:x", "/\x00/evil", "?next=x", "#x"],
)  # fmt: skip
def test_anything_else_is_not(target: str | None) -> None:
    assert local_path(target) is None


@given(st.text(alphabet="/\\:@?#.\t\r\n evilhttps%5c2f", max_size=20))
def test_what_is_local_stays_on_this_site(target: str) -> None:
    """Read as a browser does: without tabs and line breaks, backslash as slash."""
    if found := local_path(target):
        seen = iri_to_uri(found).translate({9: None, 10: None, 13: None}).replace("\\", "/")
        assert seen.startswith("/")
        assert not seen.startswith("//")


ANDROID = "Mozilla/5.0 (Linux; Android 12; HarmonyOS) AppleWebKit/537.36 Mobile Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15"
WECHAT = " MicroMessenger/8.0.50"


@pytest.mark.parametrize(
    ("user_agent", "kind", "words"),
    [
        (ANDROID, "android", "安卓手机"),
        (ANDROID + WECHAT, "android wechat", "安卓手机（微信）"),
        (IPHONE + WECHAT, "iphone wechat", "苹果手机（微信）"),
        ("Mozilla/5.0 (iPad; CPU OS 16_0 like Mac OS X)", "tablet", "平板"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "computer", "电脑"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 13_0)", "computer", "电脑"),
        ("Mozilla/5.0 (X11; Linux x86_64)", "computer", "电脑"),
        ("Tool/1" + WECHAT, "wechat", "微信"),
        ("Tool/1", "", "其他设备"),
        ("", "", "其他设备"),
    ],
)
def test_devices_have_names_people_know(user_agent: str, kind: str, words: str) -> None:
    app = Flask(__name__)
    app.secret_key = "only for this test"
    install(app)
    assert devices.kind_of(user_agent) == kind
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        assert devices.words(kind) == words
