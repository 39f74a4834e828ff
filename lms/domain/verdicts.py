"""One shape for every decision: yes; no, because; a person must look."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Reason:
    """Why not, or why not yet: a code worded in `lms/web/wording.py`, and the values it needs."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """`unmet` says no, `unsure` sends the case to a person; with neither the answer is yes."""

    unmet: tuple[Reason, ...] = ()
    unsure: tuple[Reason, ...] = ()

    @property
    def is_yes(self) -> bool:
        """Nothing is missing and nothing is in doubt."""
        return not self.unmet and not self.unsure
