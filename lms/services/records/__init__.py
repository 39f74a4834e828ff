"""Completion records: frozen when the verdict falls, read by anybody who holds the code, taken back by two people."""

from lms.services.records.chain import Chain, read_all, states
from lms.services.records.deciding import decide, propose
from lms.services.records.issuing import issue
from lms.services.records.lapsing import lapse
from lms.services.records.proving import Proof, prove
from lms.services.records.reading import (
    Holder,
    PublicRecord,
    StateStep,
    find_code,
    find_public,
    get_holder,
    get_public,
    holders,
    list_by_code,
    list_own,
    soundness,
    views,
)
from lms.services.records.shelves import (
    DeskRecord,
    ProposalRow,
    find_of_code,
    find_of_enrollment,
    get_of_desk,
    list_proposals,
    own_words,
)

__all__ = [
    "Chain",
    "DeskRecord",
    "Holder",
    "Proof",
    "ProposalRow",
    "PublicRecord",
    "StateStep",
    "decide",
    "find_code",
    "find_of_code",
    "find_of_enrollment",
    "find_public",
    "get_holder",
    "get_of_desk",
    "get_public",
    "holders",
    "issue",
    "lapse",
    "list_by_code",
    "list_own",
    "list_proposals",
    "own_words",
    "propose",
    "prove",
    "read_all",
    "soundness",
    "states",
    "views",
]
