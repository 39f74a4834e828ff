"""Practice lists, pictures, papers, filmed videos, exams and shared modules: read whole, or told where they fail."""

from pathlib import Path

import pytest

from lms.authoring.frozen import freeze, thaw
from lms.authoring.markdown import to_html
from lms.authoring.package import read_package
from lms.domain.courses import Exam, ExamPart, LessonKind, Step
from tests.authoring.packages import L1, L2, MANIFEST, READING, SOUND, VIDEO, C, found, write

PRACTICE = """\
kind: practice
title: 问好练习
title_en: Greeting practice
objectives: [greet]
topics: [conduct]
sources: [house]
prepare:
  - 两个人一组
steps:
  - text: 走到面前
    points: 40
    critical: true
  - text: 叫名字
    points: 30
  - text: 等他回答
    points: 30
pass_points: 80
"""
P, F, CAPTIONS = "practices/05-greet.yaml", "lessons/06-card.md", "captions/01-hello.vtt"
FILE_LESSON = """\
---
kind: file
title: 问好卡片
title_en: Greeting card
objectives: [greet]
topics: [conduct]
sources: [house]
file: assets/card.pdf
---
"""
DIGEST = "a" * 64
FILMED = VIDEO.replace("minutes: 3", f"minutes: 20\nupload: {DIGEST}")
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 50
PDF = b"%PDF-1.7\n" + b"0" * 50
LISTED = MANIFEST.replace(
    "      - quizzes/04-quiz-wash.yaml", f"      - quizzes/04-quiz-wash.yaml\n      - {P}\n      - {F}"
).replace("objectives:\n      - id: wash", "objectives:\n      - id: wash")
EXAM = "exam:\n  minutes: 30\n  pass_percent: 60\n  parts:\n    - objective: greet\n      questions: 4\n"
WHOLE: dict[str, str | bytes] = {
    **SOUND,
    C: LISTED + EXAM,
    P: PRACTICE,
    F: FILE_LESSON,
    "assets/card.pdf": PDF,
    "assets/bed.png": PNG,
    L1: FILMED,
    CAPTIONS: "WEBVTT\n\n00:00.000 --> 00:02.000\n您好\n",
    L2: READING.replace("今天早上", "![一张床](assets/bed.png)今天早上"),
}


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    return write(tmp_path / "whole", WHOLE)


def test_all_that_lies_beside_the_lessons_is_read(whole: Path) -> None:
    assert found(whole) == set()
    course, _ = read_package(whole)
    assert course
    practice, paper = course.find_lesson("greet"), course.find_lesson("card")
    film, reading = course.find_lesson("hello"), course.find_lesson("again")
    assert practice
    assert practice.kind is LessonKind.PRACTICE
    assert practice.practice
    assert practice.practice.steps[0] == Step("走到面前", 40, critical=True)
    assert practice.practice.pass_points == 80
    assert paper
    assert [asset.name for asset in paper.assets] == ["assets/card.pdf"]
    assert film
    assert (film.upload, film.minutes, film.slides) == (DIGEST, 20, ())
    assert film.captions.startswith("WEBVTT")
    assert reading
    assert reading.assets[0].size == len(PNG)
    assert course.exam == Exam(30, 60, (ExamPart("greet", 4),))


def test_it_comes_back_whole_from_the_frozen_bytes(whole: Path) -> None:
    course, _ = read_package(whole)
    assert course
    assert thaw(freeze(course)) == course


FAULTS = [
    (P, "points: 40", "points: 41", 10, "steps_points"),
    (P, PRACTICE[PRACTICE.index("  - text: 叫") : PRACTICE.index("pass_points")], "", 10, "steps_count"),
    (P, "kind: practice", "kind: quiz", 1, "value_unknown"),
    (F, "file: assets/card.pdf\n", "", 2, "key_missing"),
    (F, "assets/card.pdf", "assets/../card.pdf", 8, "asset_shape"),
    (F, "assets/card.pdf", "assets/none.pdf", 8, "file_missing"),
    (F, "assets/card.pdf", "https://example.org/a.pdf", 8, "asset_shape"),
    (L1, DIGEST, "x", 6, "upload_shape"),
    (L2, "![一张床]", "![]", 15, "picture_without_words"),
    (L2, "assets/bed.png", "https://example.org/bed.png", 15, "asset_shape"),
    (L2, "minutes: 3\n", "", 2, "key_missing"),
    (CAPTIONS, "WEBVTT", "1", 1, "captions_line"),
    (C, "objective: greet", "objective: dance", 44, "exam_objective"),
    (C, EXAM, "includes: [nowhere]\n", 40, "include_missing"),
]


@pytest.mark.parametrize(("path", "old", "new", "line", "code"), FAULTS)
def test_a_fault_is_told_on_its_line(whole: Path, path: str, old: str, new: str, line: int, code: str) -> None:
    text = str(WHOLE[path])
    assert old in text
    write(whole, {path: text.replace(old, new, 1)})
    assert (path, line, code) in found(whole)


@pytest.mark.parametrize(
    ("path", "data", "code"),
    [
        ("assets/bed.png", b"<svg onload=alert(1)>", "asset_other_type"),
        ("assets/bed.png", PDF, "asset_other_type"),
        ("assets/card.pdf", PDF + b"0" * 5_000_000, "file_too_big"),
        ("assets/more.png", PNG, "asset_not_shown"),
        ("captions/02-again.txt", b"", "file_not_listed"),
    ],
)
def test_a_picture_is_what_its_name_says_and_is_used(whole: Path, path: str, data: bytes, code: str) -> None:
    write(whole, {path: data})
    assert (path, 1, code) in found(whole)


def test_slides_show_no_pictures(whole: Path) -> None:
    write(whole, {L1: VIDEO.replace("- 先看着他", "![床](assets/bed.png)")})
    assert (L1, 14, "markdown_image") in found(whole)


def test_another_course_goes_before_its_own_modules(tmp_path: Path) -> None:
    core = MANIFEST.replace("slug: small", "slug: core")
    for old in ("m1", "m2", "house", "paper", "greet", "wash"):
        core = core.replace(f"slug: {old}", f"slug: c-{old}").replace(f"id: {old}", f"id: c-{old}")
    for old in ("hello.md", "again.md", "quiz-hello", "quiz-wash"):
        core = core.replace(old, f"c-{old}")
    shared: dict[str, str] = {C: core}
    for path, text in SOUND.items():
        if path != C:
            renamed = text.replace("[greet]", "[c-greet]").replace("- greet", "- c-greet").replace("[wash]", "[c-wash]")
            renamed = renamed.replace("objective: ", "objective: c-").replace("[house", "[c-house")
            shared[path.replace("-", "-c-", 1)] = renamed.replace("paper]", "c-paper]")
    write(tmp_path / "core", shared)
    small = write(tmp_path / "small", {**SOUND, C: MANIFEST + "includes: [core]\n"})
    assert found(tmp_path / "core") == set()
    assert found(small) == set()
    course, _ = read_package(small)
    assert course
    assert [module.slug for module in course.modules] == ["c-m1", "c-m2", "m1", "m2"]
    assert [source.id for source in course.sources] == ["c-house", "c-paper", "house", "paper"]


def test_a_shared_course_takes_no_name_of_the_course_itself(tmp_path: Path) -> None:
    write(tmp_path / "core", {**SOUND, C: MANIFEST.replace("slug: small", "slug: core")})
    small = write(tmp_path / "small", {**SOUND, C: MANIFEST + "includes: [core]\n"})
    assert found(small) == {(C, 38, "include_collides")}


def test_a_picture_has_the_address_it_is_given_and_no_other() -> None:
    body = "![床](assets/bed.png) ![外](https://example.org/a.png) [链](https://example.org) [内](/admin)"
    html = to_html(body, {"assets/bed.png": "/learn/bed"}.get)
    assert '<img src="/learn/bed" alt="床">' in html
    assert "example.org/a.png" not in html
    assert 'href="https://example.org"' in html
    assert "/admin" not in html
