"""A lesson file parted into its YAML front matter and its Markdown body."""

from dataclasses import dataclass

from lms.authoring.problems import Notes

FENCE = "---"


@dataclass(frozen=True, slots=True)
class Parted:
    """The two parts of a lesson file; `body_line` is the line of the file the body begins on."""

    front: str
    body: str
    body_line: int


def part(text: str, notes: Notes) -> Parted | None:
    """The front matter (which always begins on line 2) and the body; None without two `---` lines, noted."""
    lines = text.split("\n")
    if lines[0].rstrip() != FENCE:
        notes.add(1, "front_matter_missing")
        return None
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == FENCE:
            return Parted("\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), number + 2)
    notes.add(1, "front_matter_open")
    return None
