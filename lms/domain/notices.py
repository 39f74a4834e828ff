"""Notices (告知书) and separate consents: what is asked, in which version, and when it is asked again.

PIPL 13-17 (basis, notice), 29 (separate consent for sensitive data), 30 (why it is needed and what it does to her).
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Purpose(StrEnum):
    """What a person is asked: to read the notice; whether her number, pictures of her, and the number of her account
    may be used."""

    NOTICE = "notice"
    IDENTITY = "identity_number"
    PICTURES = "practice_picture"
    ACCOUNT = "financial_account"


CURRENT: Mapping[Purpose, str] = {
    Purpose.NOTICE: "2026-12",
    Purpose.IDENTITY: "2026-11",
    Purpose.PICTURES: "2026-11",
    Purpose.ACCOUNT: "2026-11",
}
"""The version of each text that is in force; new words are a new version, and are asked anew."""

LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class Part:
    """A heading ("" for what stands before the first) with its lines; `listed`: whether they are points of a list."""

    heading: str
    lines: tuple[str, ...]
    listed: bool


@dataclass(frozen=True)
class Notice:
    """One text in one language. `digest`: SHA-256 of the file's bytes, kept with every answer to it."""

    purpose: Purpose
    version: str
    language: str
    title: str
    parts: tuple[Part, ...]
    digest: str


def file_name(purpose: Purpose, language: str) -> str:
    """Where the text in force stands."""
    return f"{purpose.value}-{CURRENT[purpose]}.{language}.txt"


def read(purpose: Purpose, language: str, content: bytes) -> Notice:
    """A text from its file: `# title`, `## heading`, `- point`, and plain lines. ValueError without a title."""
    lines = [line.strip() for line in content.decode().splitlines() if line.strip()]
    if not lines or not lines[0].startswith("# "):
        raise ValueError(f"the text of {purpose} has no title")
    blocks: list[tuple[str, list[str]]] = [("", [])]
    for line in lines[1:]:
        if line.startswith("## "):
            blocks.append((line[3:], []))
        else:
            blocks[-1][1].append(line)
    parts = tuple(_part(heading, said) for heading, said in blocks if said)
    digest = hashlib.sha256(content).hexdigest()
    return Notice(purpose, CURRENT[purpose], language, lines[0][2:], parts, digest)


def _part(heading: str, said: list[str]) -> Part:
    listed = all(line.startswith("- ") for line in said)
    return Part(heading, tuple(line.removeprefix("- ") for line in said), listed)


def next_question(answered: Collection[tuple[str, str]], *, has_practicals: bool) -> Purpose | None:
    """What to ask next; None when everything was answered, yes or no, in the words in force.

    `answered`: (purpose, version) of what she said. Pictures are asked only where a class has practicals, and about an
    account only where she enters one: nobody need read about what does not touch her.
    """
    asked = [Purpose.NOTICE, Purpose.IDENTITY, *([Purpose.PICTURES] if has_practicals else [])]
    return next((each for each in asked if (each.value, CURRENT[each]) not in answered), None)


def holds(given: bool, purpose: Purpose, version: str) -> bool:
    """Whether a word still covers the purpose: given, and in the words in force."""
    return given and version == CURRENT[purpose]
