"""Persons who are one human: from the entries on that say so, none of them used wall time of another."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from lms.verifier.replay import Replay, Row

Maker = Callable[..., Any]


def compare(replay: Replay, finding: Maker) -> Iterator[Any]:
    """Segments that overlap with another person's of the same human, unless both are older than the link."""
    groups: dict[str, list[Row]] = defaultdict(list)
    if not replay.links:
        return
    for row in replay.tables["study_segments"].values():
        if row["person_id"] in replay.links:
            groups[replay.links[row["person_id"]][0]].append(row)
    for rows in groups.values():
        yield from _overlaps(replay, sorted(rows, key=lambda row: row["wall_from_ms"]), finding)


def _overlaps(replay: Replay, rows: list[Row], finding: Maker) -> Iterator[Any]:
    """One person's segments are disjoint, so of each person only the last one before can reach into the next."""
    last: dict[str, Row] = {}
    for row in rows:
        for other in last.values():
            both_old = not (_is_after(replay, row) or _is_after(replay, other))
            if other["person_id"] != row["person_id"] and other["wall_to_ms"] > row["wall_from_ms"] and not both_old:
                yield finding(
                    "study_segments", row["id"], "wall_from_ms", f">= {other['wall_to_ms']}", row["wall_from_ms"]
                )
        last[row["person_id"]] = row


def _is_after(replay: Replay, row: Row) -> bool:
    return bool(row["entry"] > replay.links[row["person_id"]][1])
