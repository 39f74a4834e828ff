"""Answers that stand together at the end: `1-5 ABCDA 6.AB 7、√`, section by section."""

import re
import unicodedata

_RANGE = re.compile(r"(\d{1,4})\s*[-—–~～至]+\s*(\d{1,4})\s*[:：.、]?\s*((?:[A-L√×对错TF][\s,，、]*)+)(?![A-Za-z])")
_ONE = re.compile(
    r"(\d{1,4})\s*[.．、:：)）]?\s*[(（]?\s*((?:[A-L](?:[,，、]\s*(?=[A-L]))?)+|√|×|✓|✗|正确|错误|对|错|[TF])\s*[)）]?(?![A-Za-z])"
)


class AnswerList:
    """What was gathered: for each section the answer to each number."""

    def __init__(self) -> None:
        self._scopes: list[dict[int, str]] = [{}]

    def begin_scope(self) -> None:
        """A new heading: numbers may begin anew."""
        if self._scopes[-1]:
            self._scopes.append({})

    def take(self, line: str) -> bool:
        """Whether the line held answers, which are kept."""
        text = unicodedata.normalize("NFKC", line).strip()
        taken = False
        for first, last, told in _RANGE.findall(text):
            answers = re.findall("[A-L√×对错TF]", told)
            if int(last) - int(first) + 1 == len(answers):
                for number, answer in enumerate(answers, start=int(first)):
                    self._keep(number, answer)
                taken = True
        for number, answer in _ONE.findall(_RANGE.sub(" ", text)):
            self._keep(int(number), answer)
            taken = True
        return taken

    def _keep(self, number: int, answer: str) -> None:
        if number in self._scopes[-1]:
            self._scopes.append({})
        self._scopes[-1][number] = answer

    def for_questions(self, questions: list[tuple[int, int]]) -> list[str]:
        """For each question, told as (section, number), its answer or "": by section where these are as many."""
        scopes = sorted({scope for scope, _ in questions})
        by_section = len(scopes) == len(self._scopes)
        numbers = [number for _, number in questions if number]
        if not by_section and len(set(numbers)) != len(numbers):
            return [""] * len(questions)
        everything = {number: answer for scope in self._scopes for number, answer in scope.items()}
        return [
            (self._scopes[scopes.index(scope)] if by_section else everything).get(number, "")
            for scope, number in questions
        ]
