"""Signing in and staying signed in: accounts by phone, passwords, one-time codes, logins on devices."""

from lms.services.accounts.codes import (
    SEND_SMS,
    forget_expired,
    masked_phone,
    request_again,
    request_code,
    send_code,
    sign_in_with_code,
)
from lms.services.accounts.learners import Line, account_for_learner, free_lines, link_all, phones_of
from lms.services.accounts.passwords import (
    change_password,
    needs_current,
    set_password,
    sign_in_with_password,
)
from lms.services.accounts.profile import Profile, profile
from lms.services.accounts.registry import (
    create_staff,
    disable,
    enable,
    unlink_all,
)
from lms.services.accounts.sessions import (
    CODE,
    LEARNER_LIFETIME,
    PASSWORD,
    STAFF_LIFETIME,
    Device,
    Holder,
    find_actor,
    find_holders,
    is_staff,
    list_devices,
    open_session,
    sign_out,
    sign_out_everywhere,
)

__all__ = [
    "CODE",
    "LEARNER_LIFETIME",
    "PASSWORD",
    "SEND_SMS",
    "STAFF_LIFETIME",
    "Device",
    "Holder",
    "Line",
    "Profile",
    "account_for_learner",
    "change_password",
    "create_staff",
    "disable",
    "enable",
    "find_actor",
    "find_holders",
    "forget_expired",
    "free_lines",
    "is_staff",
    "link_all",
    "list_devices",
    "masked_phone",
    "needs_current",
    "open_session",
    "phones_of",
    "profile",
    "request_again",
    "request_code",
    "send_code",
    "set_password",
    "sign_in_with_code",
    "sign_in_with_password",
    "sign_out",
    "sign_out_everywhere",
    "unlink_all",
]
