"""Which work a job about a roster is."""

import uuid

from lms.adapters.objects import Store
from lms.crypto import Keyring
from lms.services.rosters.checking import check_steps
from lms.services.rosters.importing import import_steps
from lms.services.rosters.reading import read_steps
from lms.services.rosters.states import CHECK_JOB, IMPORT_JOB, READ_JOB, UNDO_JOB
from lms.services.rosters.steps import Steps
from lms.services.rosters.undoing import undo_steps

JOBS = (READ_JOB, CHECK_JOB, IMPORT_JOB, UNDO_JOB)


def steps(kind: str, store: Store, keyring: Keyring, import_id: uuid.UUID) -> Steps:
    """The work of a job about a file, in steps that each want a transaction of their own."""
    if kind == READ_JOB:
        return read_steps(store, keyring, import_id)
    if kind == CHECK_JOB:
        return check_steps(keyring, import_id)
    return import_steps(keyring, import_id) if kind == IMPORT_JOB else undo_steps(import_id)
