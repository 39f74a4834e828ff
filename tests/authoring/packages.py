"""A sound course package as texts, for tests to spoil."""

from collections.abc import Mapping
from pathlib import Path

from lms.authoring.package import read_package
from lms.authoring.problems import Problem

NARRATION = "先走到老人面前再慢慢开口说话。" * 15
PROSE = "见到老人先走到他面前再慢慢开口。" * 44

MANIFEST = """\
format: 1
slug: small
title: 小课
title_en: Small
summary: 一个小课程。
summary_en: A small course.
language: zh-Hans
licence: CC-BY-4.0
sources:
  - id: house
    title: 家里的资料
    url: https://example.org/house
  - id: paper
    title: 只有纸本
modules:
  - slug: m1
    title: 问好
    title_en: Greeting
    class_hours_online: 1
    objectives:
      - id: greet
        text: 能问好
        text_en: Can greet
    lessons:
      - lessons/01-hello.md
      - lessons/02-again.md
      - quizzes/03-quiz-hello.yaml
  - slug: m2
    title: 洗脸
    title_en: Washing
    class_hours_online: 0
    objectives:
      - id: wash
        text: 能洗脸
        text_en: Can wash
    lessons:
      - quizzes/04-quiz-wash.yaml
"""

VIDEO = f"""\
---
kind: video
title: 你好
title_en: Hello
minutes: 3
objectives: [greet]
topics: [conduct, ethics]
sources: [house]
expert_review: pending
---

## 走近

- 先看着他
- 再**慢慢**开口

{NARRATION}

## 叫名字

{NARRATION}

{NARRATION}
"""

READING = f"""\
---
kind: reading
title: 再来
title_en: Again
minutes: 3
objectives:
  - greet
topics: [conduct]
sources: [house, paper]
---
## 进门

{PROSE}

> 今天早上，**李芳**来了。

1. 看着他
2. 开口

见[资料](https://example.org/a)。
"""

QUIZ = """\
kind: quiz
title: 小测验
title_en: Quiz
objectives: [greet]
questions:
  - id: q1
    type: single
    objective: greet
    stem: 先做什么？
    options:
      - text: 走近
        correct: true
        feedback: 对。
      - text: 拍他
        feedback: 会吓到他。
      - text: 120
        correct: false
        feedback: 不用打电话。
  - id: q2
    type: multiple
    objective: greet
    stem: 哪些好？
    options:
      - text: 看着他
        correct: true
        feedback: 对。
      - text: 等一等
        correct: true
        feedback: 对。
      - text: 一直说
        feedback: 跟不上。
  - id: q3
    type: true_false
    objective: greet
    stem: 先问再碰。
    options:
      - text: 对
        correct: true
        feedback: 对。
      - text: 错
        feedback: 他会怕。
"""

WASH_QUIZ = QUIZ.replace("greet", "wash")

L1, L2, Q, C = "lessons/01-hello.md", "lessons/02-again.md", "quizzes/03-quiz-hello.yaml", "course.yaml"

SOUND: Mapping[str, str] = {
    "course.yaml": MANIFEST,
    "lessons/01-hello.md": VIDEO,
    "lessons/02-again.md": READING,
    "quizzes/03-quiz-hello.yaml": QUIZ,
    "quizzes/04-quiz-wash.yaml": WASH_QUIZ,
}

EVERY_TOPIC = "[law, ethics, conduct, safety, health, epidemic, psychology, nutrition]"
RELEASABLE: Mapping[str, str] = {
    **SOUND,
    "course.yaml": MANIFEST.replace("class_hours_online: 1", "class_hours_online: 0"),
    "lessons/02-again.md": READING.replace("  - greet\n", "  - greet\n  - wash\n").replace("[conduct]", EVERY_TOPIC),
}
"""A course that the author lint lets pass."""


def write(folder: Path, files: Mapping[str, str | bytes] = SOUND) -> Path:
    """Lays the files into the folder, which is given back."""
    for path, text in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def problems_of(folder: Path) -> list[Problem]:
    """The problems of a package, all worded in both languages; a course is there only without any."""
    course, problems = read_package(folder)
    assert (course is None) == bool(problems)
    assert all(problem.text("zh_Hans") != problem.text("en") for problem in problems)
    return problems


def found(folder: Path) -> set[tuple[str, int, str]]:
    """Where which problems are."""
    return {(problem.path, problem.line, problem.code) for problem in problems_of(folder)}
