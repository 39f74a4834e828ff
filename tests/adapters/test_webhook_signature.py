"""Signatures of webhooks: the vector of the public specification, and what must not pass."""

from datetime import UTC, datetime, timedelta

import pytest

from lms.adapters.webhook_signature import BadSignature, headers, verify

# The vector of the Standard Webhooks reference libraries.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID, AT, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", datetime.fromtimestamp(1614265330, UTC), b'{"test": 2432232314}'
SIGNED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"


def test_the_signature_is_that_of_the_specification() -> None:
    made = headers([SECRET], ID, AT, BODY)
    assert made == {"webhook-id": ID, "webhook-timestamp": "1614265330", "webhook-signature": SIGNED}
    verify(SECRET, made, BODY, now=AT)


def test_while_a_secret_changes_both_are_good() -> None:
    made = headers([OTHER, SECRET], ID, AT, BODY)
    verify(SECRET, made, BODY, now=AT)
    verify(OTHER, made, BODY, now=AT)


@pytest.mark.parametrize(
    ("changes", "body", "late"),
    [
        ({}, b'{"test": 2432232315}', timedelta()),
        ({"webhook-id": "msg_other"}, BODY, timedelta()),
        ({"webhook-timestamp": "1614265331"}, BODY, timedelta()),
        ({"webhook-timestamp": "now"}, BODY, timedelta()),
        ({"webhook-signature": ""}, BODY, timedelta()),
        ({"webhook-signature": "v2," + SIGNED[3:]}, BODY, timedelta()),
        ({}, BODY, timedelta(minutes=6)),
        ({}, BODY, timedelta(minutes=-6)),
    ],
)
def test_what_is_not_the_message_does_not_pass(changes: dict[str, str], body: bytes, late: timedelta) -> None:
    with pytest.raises(BadSignature):
        verify(SECRET, headers([SECRET], ID, AT, BODY) | changes, body, now=AT + late)


def test_another_secret_does_not_pass() -> None:
    with pytest.raises(BadSignature):
        verify(OTHER, headers([SECRET], ID, AT, BODY), BODY, now=AT)
    with pytest.raises(BadSignature):
        verify("whsec_no base64", headers([SECRET], ID, AT, BODY), BODY, now=AT)
