"""Who a learner is on record as: documents and their checks, changes that take two people, persons who are one."""

from lms.services.identity.checking import CHECK, ask, begin, put, settle
from lms.services.identity.deciding import decide
from lms.services.identity.pages import (
    ChangeRow,
    ChangeView,
    get_change,
    list_changes,
    list_of_learner,
    list_own,
)
from lms.services.identity.people_views import (
    DocumentView,
    IdentityView,
    PersonCard,
    of_learner,
    own,
    print_document,
    set_validity,
)
from lms.services.identity.proposing import propose_name, propose_number

__all__ = [
    "CHECK",
    "ChangeRow",
    "ChangeView",
    "DocumentView",
    "IdentityView",
    "PersonCard",
    "ask",
    "begin",
    "decide",
    "get_change",
    "list_changes",
    "list_of_learner",
    "list_own",
    "of_learner",
    "own",
    "print_document",
    "propose_name",
    "propose_number",
    "put",
    "set_validity",
    "settle",
]
