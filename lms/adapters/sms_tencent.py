"""Tencent Cloud SMS (SendSms, version 2021-01-11) by the vendor's own client."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from lms.domain.errors import Unavailable

REGION = "ap-guangzhou"  # the service's home region; messages go anywhere in the country
ENDPOINT = "sms.tencentcloudapi.com"
TIMEOUT_SECONDS = 10
SENT = "Ok"


class MissingPackageError(Exception):
    """The vendor's client is not installed."""


class TencentGateway:
    """Sends codes with an approved signature and template, whose parameters are code and minutes; reminders with a
    second template, whose parameters are year, month and day: outside of codes, a parameter has at most six signs
    (https://cloud.tencent.com/document/product/382/13301)."""

    def __init__(self, settings: Mapping[str, str], *, endpoint: str = ENDPOINT, protocol: str = "https") -> None:
        self._settings = settings
        self._client, self._models, self._error = _connect(settings, endpoint, protocol)

    @property
    def reminds(self) -> bool:
        """Whether a template for reminders is set."""
        return bool(self._settings.get("renewal_template"))

    def send_code(self, phone: str, code: str, minutes: int) -> None:
        """Sends the code; raises Unavailable with the vendor's reason, which names neither phone nor code."""
        self._send(phone, self._settings["template"], [code, str(minutes)])

    def send_reminder(self, phone: str, until: date) -> None:
        """Sends the day; raises Unavailable with the vendor's reason."""
        self._send(phone, self._settings["renewal_template"], [str(until.year), str(until.month), str(until.day)])

    def _send(self, phone: str, template: str, parameters: Sequence[str]) -> None:
        try:
            status = self._client.SendSms(self._request(phone, template, parameters)).SendStatusSet[0].Code
        except self._error as error:
            raise Unavailable("sms_unavailable", reason=error.get_code()) from None
        if status != SENT:
            raise Unavailable("sms_unavailable", reason=status)

    def _request(self, phone: str, template: str, parameters: Sequence[str]) -> Any:
        request = self._models.SendSmsRequest()
        request.SmsSdkAppId = self._settings["app_id"]
        request.SignName = self._settings["sign"]
        request.TemplateId = template
        request.TemplateParamSet = list(parameters)
        request.PhoneNumberSet = [f"+86{phone}"]
        return request


def _connect(settings: Mapping[str, str], endpoint: str, protocol: str) -> tuple[Any, Any, Any]:
    """(client, request models, error class)."""
    try:
        from tencentcloud.common.credential import Credential
        from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
        from tencentcloud.common.profile.client_profile import ClientProfile
        from tencentcloud.common.profile.http_profile import HttpProfile
        from tencentcloud.sms.v20210111 import models
        from tencentcloud.sms.v20210111.sms_client import SmsClient
    except ImportError as error:
        raise MissingPackageError(
            "LMS_SMS=tencent needs the package tencentcloud-sdk-python-sms (the extra sms-tencent)"
        ) from error
    profile = ClientProfile(httpProfile=HttpProfile(endpoint=endpoint, protocol=protocol, reqTimeout=TIMEOUT_SECONDS))
    credential = Credential(settings["secret_id"], settings["secret_key"])
    return SmsClient(credential, REGION, profile), models, TencentCloudSDKException
