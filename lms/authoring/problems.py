"""What is wrong with a course package or a policy, as `path:line: sentence` in Chinese or English."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lms.authoring.subsidy_wording import SUBSIDY_WORDING
from lms.authoring.wording import WORDING

MOST_SHOWN = 100
SENTENCES = WORDING | SUBSIDY_WORDING


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem: `path` relative to the package, `line` from 1, `values` fill the sentence of `code`."""

    path: str
    line: int
    code: str
    values: Mapping[str, str | int] = field(default_factory=dict, hash=False)

    def text(self, language: str = "zh_Hans") -> str:
        """The sentence alone, in Chinese, or in English for `en`."""
        chinese, english = SENTENCES[self.code]
        return (english if language == "en" else chinese).format(**self.values)

    def located(self, language: str = "zh_Hans") -> str:
        """The sentence behind its path and line, as editors and compilers print it."""
        return f"{self.path}:{self.line}: {self.text(language)}"

    def __str__(self) -> str:
        return self.located()


@dataclass(frozen=True, slots=True)
class Notes:
    """Where the readers of one file write down its problems, so that all of them are told at once."""

    path: str
    problems: list[Problem]

    def add(self, line: int, code: str, **values: str | int) -> None:
        """Note a problem; values are shortened and made printable, whatever the file held."""
        shown = {name: printable(value) for name, value in values.items()}
        self.problems.append(Problem(self.path, line, code, shown))


def printable(value: str | int) -> str | int:
    """A value fit for one line of a terminal or a page: escaped and at most 100 characters."""
    if isinstance(value, int):
        return value
    short = value if len(value) <= MOST_SHOWN else value[: MOST_SHOWN - 1] + "…"
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in short)
