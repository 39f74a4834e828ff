"""Text messages: printed on the console in a demo, sent by an SMS service in real life."""

import sys
from collections import deque
from collections.abc import Mapping
from datetime import date
from typing import Protocol, TextIO

from lms.domain.errors import Unavailable
from lms.domain.identity import mask_mobile

__all__ = ["ConsoleGateway", "SmsGateway", "Unavailable", "open_gateway"]

REMEMBERED = 50


class SmsGateway(Protocol):
    """Sends one-time codes, and reminders where the service has words for them."""

    @property
    def reminds(self) -> bool:
        """Whether reminders can be sent."""

    def send_code(self, phone: str, code: str, minutes: int) -> None:
        """Sends `code`, good for `minutes`, to a mainland number of eleven digits; raises Unavailable."""

    def send_reminder(self, phone: str, until: date) -> None:
        """Says that a completion holds until this day, and names no course: phones are shared. Raises Unavailable."""


class ConsoleGateway:
    """Prints codes instead of sending them: for a demo, where reader and learner are one person."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out
        self.sent: deque[tuple[str, str]] = deque(maxlen=REMEMBERED)
        self.reminded: deque[tuple[str, date]] = deque(maxlen=REMEMBERED)

    @property
    def reminds(self) -> bool:
        """Always."""
        return True

    def send_code(self, phone: str, code: str, minutes: int) -> None:
        """Writes one line to standard error and remembers (phone, code)."""
        self.sent.append((phone, code))
        line = f"SMS to {mask_mobile(phone)}: code {code} ({minutes} minutes)\n"
        (self._out or sys.stderr).write(line)

    def send_reminder(self, phone: str, until: date) -> None:
        """Writes one line to standard error and remembers (phone, day)."""
        self.reminded.append((phone, until))
        (self._out or sys.stderr).write(f"SMS to {mask_mobile(phone)}: holds until {until.isoformat()}\n")


def open_gateway(kind: str, settings: Mapping[str, str]) -> SmsGateway:
    """The gateway of `kind`, console or tencent; nothing is contacted before it is used.

    Tencent needs the settings secret_id, secret_key, app_id, sign and template; with renewal_template it reminds.
    """
    if kind == "console":
        return ConsoleGateway()
    from lms.adapters.sms_tencent import TencentGateway

    return TencentGateway(settings)
