"""An auditor of its own: checks the evidence log and replays it, with no code of the system it checks.

Nothing here imports the rest of lms: a mistake there must not hide itself here. It reads the database over
the plain drivers and needs one thing from outside, a checkpoint that somebody kept.
"""

from lms.verifier.audit import Finding, Report, verify
from lms.verifier.reading import open_reader

__all__ = ["Finding", "Report", "open_reader", "verify"]
