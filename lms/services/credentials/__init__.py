"""Credentials of records: signed once, withdrawn for good, verified by anybody with the published keys.

This feature does not know where records are kept. Whoever takes a record back calls `withdraw`; whoever shows one hands
over its facts.
"""

from lms.services.credentials.documents import (
    compact_keys,
    did_document,
    published_jwks,
    token_keys,
    trusted_methods,
)
from lms.services.credentials.issuing import Frozen, Issued, issue
from lms.services.credentials.keys import Key, distrust, list_keys, rotate
from lms.services.credentials.status import current_list, stored_list, withdraw, withdrawal_of

__all__ = [
    "Frozen",
    "Issued",
    "Key",
    "compact_keys",
    "current_list",
    "did_document",
    "distrust",
    "issue",
    "list_keys",
    "published_jwks",
    "rotate",
    "stored_list",
    "token_keys",
    "trusted_methods",
    "withdraw",
    "withdrawal_of",
]
