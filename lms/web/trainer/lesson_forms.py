"""What the editor's forms say of a lesson, quiz or practice list; what is half written may stay half written."""

import re
from dataclasses import replace
from itertools import count

from werkzeug.datastructures import MultiDict

from lms.authoring.editing import with_paper
from lms.domain.courses import (
    Lesson,
    LessonKind,
    Option,
    Practice,
    Question,
    QuestionType,
    Quiz,
    Step,
    Topic,
)
from lms.domain.names import first_free

Sent = MultiDict[str, str]
TRUE, FALSE = "对", "错"
USUAL_PASS = 80


def lesson_from(sent: Sent, before: Lesson) -> Lesson:
    """The lesson as the form tells it. Its kind and slug stay; a video may become one of slides or of an upload."""
    made = replace(
        before,
        title=_line(sent, "title"),
        title_en=_line(sent, "title_en"),
        objectives=tuple(sent.getlist("objectives")),
        topics=tuple(Topic(each) for each in sent.getlist("topics") if each in set(Topic)),
        sources=tuple(sent.getlist("sources")),
        needs_expert_review=bool(sent.get("expert_review")),
    )
    if before.kind is LessonKind.QUIZ:
        return replace(made, quiz=Quiz(tuple(_questions(sent, made.objectives))))
    if before.kind is LessonKind.PRACTICE:
        return replace(made, practice=_practice(sent))
    made = replace(
        made,
        minutes=_whole(sent, "minutes"),
        body=sent.get("body", "").replace("\r\n", "\n").strip("\n"),
        upload=(sent.get("upload", "").strip() or None) if before.kind is LessonKind.VIDEO else None,
    )
    return with_paper(made, sent.get("file", "").strip())


def asset_name(wanted: str, filename: str | None) -> str:
    """A name the package takes, from what somebody calls the file; the ending is the file's own."""
    ending = (filename or "").rpartition(".")[2].lower()
    words = re.findall(r"[a-z0-9]+", wanted.lower()) or ["picture"]
    return f"{'-'.join(words)[:60]}.{'jpg' if ending == 'jpeg' else ending}"


def _questions(sent: Sent, objectives: tuple[str, ...]) -> list[Question]:
    """The questions in which something stands; each keeps its id, new ones get the first that is free."""
    numbers = range(_whole(sent, "questions"))
    taken = {sent.get(f"q{number}-id", "") for number in numbers}
    made = []
    for number in numbers:
        stem = " ".join(sent.get(f"q{number}-stem", "").split())
        options = tuple(_options(sent, number))
        if (not stem and not options) or sent.get("remove") == f"q{number}":
            continue
        name = sent.get(f"q{number}-id", "") or first_free((f"q{each}" for each in count(1)), taken)
        taken.add(name)
        kind = QuestionType(sent.get(f"q{number}-type", QuestionType.SINGLE))
        objective = sent.get(f"q{number}-objective", "") or next(iter(objectives), "")
        made.append(Question(name, kind, objective, stem, options))
    return made


def _options(sent: Sent, number: int) -> list[Option]:
    right = sent.getlist(f"q{number}-correct")
    made = []
    for place in range(_whole(sent, f"q{number}-options")):
        text = " ".join(sent.get(f"q{number}-text-{place}", "").split())
        feedback = " ".join(sent.get(f"q{number}-feedback-{place}", "").split())
        if text or feedback:
            made.append(Option(text, feedback, str(place) in right))
    return made


def _practice(sent: Sent) -> Practice:
    steps = []
    for number in range(_whole(sent, "steps")):
        text = " ".join(sent.get(f"step-{number}", "").split())
        if text:
            steps.append(Step(text, _whole(sent, f"points-{number}"), bool(sent.get(f"critical-{number}"))))
    things = (" ".join(each.split()) for each in sent.getlist("prepare"))
    prepare = tuple(dict.fromkeys(each for each in things if each))
    return Practice(prepare, tuple(steps), _whole(sent, "pass_points") or USUAL_PASS)


def _line(sent: Sent, name: str) -> str:
    return " ".join(sent.get(name, "").split())


def _whole(sent: Sent, name: str) -> int:
    """A whole number from 0 to 999; 0 for anything else."""
    word = sent.get(name, "").strip()
    return int(word) if re.fullmatch(r"[0-9]{1,3}", word) else 0
