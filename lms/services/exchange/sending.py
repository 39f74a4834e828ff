"""One try of a delivery: signed, sent to an address that was checked, and what came of it."""

from datetime import datetime

from lms.adapters import webhook_signature
from lms.adapters.outbound import NotSent, Outbound
from lms.domain.errors import Refused
from lms.domain.webhooks import check_address
from lms.services.exchange.deliveries import Message, Outcome


def post(message: Message, *, demo: bool, now: datetime, outbound: Outbound | None = None) -> Outcome:
    """Sends a message once. Never raises for what the other side does; called without a transaction."""
    signed = webhook_signature.headers(message.secrets, str(message.id), now, message.body)
    try:
        target = check_address(message.address, demo=demo)
        return Outcome(status=(outbound or Outbound(demo=demo)).post(target, signed, message.body))
    except NotSent as error:
        return Outcome(problem=error.code)
    except Refused as refused:
        return Outcome(problem=refused.code)
