"""How far a file came, and what became of its rows."""

READING, READ, REFUSED = "reading", "read", "refused"
CHECKING, CHECKED = "checking", "checked"
IMPORTING, IMPORTED = "importing", "imported"
UNDOING, UNDONE, DROPPED = "undoing", "undone", "dropped"
BUSY = (READING, CHECKING, IMPORTING, UNDOING)
WAITING = (READ, CHECKED, REFUSED)

UNSEEN = "read"
GOOD, THERE, TWIN, BAD, SKIPPED = "good", "there", "twin", "bad", "skipped"
DONE, FAILED, GONE, KEPT = "done", "failed", "undone", "kept"
TROUBLED = (BAD, FAILED)

ALL, ONLY_GOOD = "all", "good"

READ_JOB, CHECK_JOB, IMPORT_JOB, UNDO_JOB = "read_roster", "check_roster", "import_roster", "undo_roster"
JOB_OF = {READING: READ_JOB, CHECKING: CHECK_JOB, IMPORTING: IMPORT_JOB, UNDOING: UNDO_JOB}
