"""Console and Tencent gateway; the latter against a loopback service that checks the signature itself."""

import hashlib
import hmac
import io
import json
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from lms.adapters.sms import ConsoleGateway, open_gateway
from lms.adapters.sms_tencent import MissingPackageError, TencentGateway
from lms.domain.errors import Unavailable

# The vendor's client still calls it; Python 3.12 and later warn.
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcfromtimestamp:DeprecationWarning")

PHONE = "19900000001"
SETTINGS = {
    "secret_id": "id-of-the-test",
    "secret_key": "key-of-the-test",
    "app_id": "1400006666",
    "sign": "康学",
    "template": "77",
}
SENT = {"SendStatusSet": [{"Code": "Ok", "Message": "send success", "SerialNo": "1"}], "RequestId": "r"}


def test_the_console_prints_the_code_and_masks_the_phone(capsys: pytest.CaptureFixture[str]) -> None:
    gateway = ConsoleGateway()
    gateway.send_code(PHONE, "123456", 10)
    told = capsys.readouterr()
    assert told.err == "SMS to 199****0001: code 123456 (10 minutes)\n"
    assert told.out == ""
    assert list(gateway.sent) == [(PHONE, "123456")]


def test_the_console_remembers_the_last_codes_only() -> None:
    gateway = ConsoleGateway(io.StringIO())
    for number in range(60):
        gateway.send_code(PHONE, f"{number:06d}", 10)
    assert len(gateway.sent) == 50
    assert gateway.sent[-1] == (PHONE, "000059")


def test_the_settings_choose_the_gateway() -> None:
    assert isinstance(open_gateway("console", {}), ConsoleGateway)
    assert isinstance(open_gateway("tencent", SETTINGS), TencentGateway)


def test_a_missing_package_is_told_in_plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tencentcloud.sms.v20210111.sms_client", None)
    with pytest.raises(MissingPackageError, match="tencentcloud-sdk-python-sms"):
        open_gateway("tencent", SETTINGS)


class Service:
    """The other side: keeps what was asked and answers what the test prepared."""

    def __init__(self) -> None:
        self.answer: dict[str, Any] = SENT
        self.status = 200
        self.asked: list[tuple[dict[str, str], bytes]] = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                service.asked.append(({k.lower(): v for k, v in self.headers.items()}, body))
                answer = json.dumps({"Response": service.answer}).encode()
                self.send_response(service.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: Any) -> None:
                """Nothing on the console."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.endpoint = f"127.0.0.1:{self.server.server_port}"


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """A running service, with no proxy in between."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    made = Service()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


@pytest.fixture
def gateway(service: Service) -> TencentGateway:
    """The gateway, turned to the loopback service."""
    return TencentGateway(SETTINGS, endpoint=service.endpoint, protocol="http")


def signature(headers: dict[str, str], body: bytes, secret_key: str) -> str:
    """TC3-HMAC-SHA256 as Tencent's documentation describes it, told anew."""
    seconds = headers["x-tc-timestamp"]
    day = datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%d")
    canonical = "\n".join(
        (
            "POST",
            "/",
            "",
            f"content-type:{headers['content-type']}\nhost:{headers['host']}\n",
            "content-type;host",
            hashlib.sha256(body).hexdigest(),
        )
    )
    scope = f"{day}/sms/tc3_request"
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    key = f"TC3{secret_key}".encode()
    for part in (day, "sms", "tc3_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    told = hmac.new(key, f"TC3-HMAC-SHA256\n{seconds}\n{scope}\n{hashed}".encode(), "sha256").hexdigest()
    return (
        f"TC3-HMAC-SHA256 Credential={SETTINGS['secret_id']}/{scope}, SignedHeaders=content-type;host, Signature={told}"
    )


def test_tencent_gets_a_signed_request_with_phone_code_and_minutes(gateway: TencentGateway, service: Service) -> None:
    gateway.send_code(PHONE, "012345", 10)
    [(headers, body)] = service.asked
    assert headers["authorization"] == signature(headers, body, SETTINGS["secret_key"])
    assert headers["authorization"] != signature(headers, body, "another key")
    assert (headers["x-tc-action"], headers["x-tc-version"]) == ("SendSms", "2021-01-11")
    assert headers["x-tc-region"] == "ap-guangzhou"
    assert json.loads(body) == {
        "PhoneNumberSet": ["+8619900000001"],
        "SmsSdkAppId": "1400006666",
        "SignName": "康学",
        "TemplateId": "77",
        "TemplateParamSet": ["012345", "10"],
    }


def test_a_reminder_says_the_last_day_in_parameters_of_at_most_six_signs(service: Service) -> None:
    there = {"endpoint": service.endpoint, "protocol": "http"}
    gateway = TencentGateway({**SETTINGS, "renewal_template": "88"}, **there)
    gateway.send_reminder(PHONE, date(2028, 11, 3))
    [(_headers, body)] = service.asked
    told = json.loads(body)
    assert (told["TemplateId"], told["TemplateParamSet"]) == ("88", ["2028", "11", "3"])
    assert gateway.reminds
    assert not TencentGateway({**SETTINGS, "renewal_template": ""}, **there).reminds


def test_the_console_prints_a_reminder_and_masks_the_phone(capsys: pytest.CaptureFixture[str]) -> None:
    gateway = ConsoleGateway()
    gateway.send_reminder(PHONE, date(2028, 11, 3))
    assert capsys.readouterr().err == "SMS to 199****0001: holds until 2028-11-03\n"
    assert gateway.reminds


BAD_SIGNATURE = {"Error": {"Code": "AuthFailure.SignatureFailure", "Message": "m"}, "RequestId": "r"}
ENOUGH_TODAY = {"SendStatusSet": [{"Code": "LimitExceeded.PhoneNumberDailyLimit"}]}
NO_MONEY = {"SendStatusSet": [{"Code": "FailedOperation.InsufficientBalanceInSmsPackage"}]}


@pytest.mark.parametrize(
    ("status", "answer", "reason"),
    [
        (200, BAD_SIGNATURE, "AuthFailure.SignatureFailure"),
        (200, ENOUGH_TODAY, "LimitExceeded.PhoneNumberDailyLimit"),
        (200, NO_MONEY, "FailedOperation.InsufficientBalanceInSmsPackage"),
        (500, {}, "ServerNetworkError"),
    ],
)
def test_a_refusing_service_is_unavailable_and_tells_why(
    gateway: TencentGateway, service: Service, status: int, answer: dict[str, Any], reason: str
) -> None:
    service.status, service.answer = status, answer
    with pytest.raises(Unavailable) as refused:
        gateway.send_code(PHONE, "012345", 10)
    assert refused.value.code == "sms_unavailable"
    assert reason in str(refused.value)
    assert PHONE not in str(refused.value)
    assert "012345" not in str(refused.value)


def test_a_service_that_does_not_answer_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    gateway = TencentGateway(SETTINGS, endpoint="127.0.0.1:9", protocol="http")
    with pytest.raises(Unavailable) as refused:
        gateway.send_code(PHONE, "012345", 10)
    assert refused.value.values == {"reason": "ClientNetworkError"}
