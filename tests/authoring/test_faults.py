"""Each fault a text can have is told on its own line."""

from pathlib import Path

import pytest

from lms.authoring.wording import WORDING
from tests.authoring.packages import (
    L1,
    L2,
    MANIFEST,
    QUIZ,
    READING,
    SOUND,
    VIDEO,
    C,
    Q,
    found,
    problems_of,
    write,
)

MARKED = "        correct: true\n        feedback: 对。\n      - text: 等"
UNMARKED = MARKED.replace("        correct: true\n", "")

FAULTS = [
    # path, what is replaced (first occurrence) by what, the line it is told on, the code
    (C, "title: 小课", "title: [小课", 4, "yaml_broken"),
    (C, "title: 小课", 'title: "\\UFFFFFFFF"', 3, "yaml_broken"),
    (C, "title: 小课", "title: &a 小课", 3, "yaml_alias"),
    (C, "title: 小课", "title: " + "[" * 20 + "]" * 20, 3, "yaml_too_large"),
    (C, MANIFEST, "# nothing\n", 1, "yaml_empty"),
    (C, MANIFEST, "- a\n- b\n", 1, "not_fields"),
    (C, "format: 1", "format: 2", 1, "value_unknown"),
    (C, "slug: small", "slug: ''", 2, "text_empty"),
    (C, "slug: small", "slug: Small Course", 2, "slug_shape"),
    (C, "slug: small", "slug: " + "s" * 61, 2, "slug_shape"),
    (C, "title: 小课", "title: 小课\ntitle: 大课", 4, "key_twice"),
    (C, "title: 小课", "title: 小课\ntitel: 大课", 4, "key_unknown"),
    (C, "title: 小课", "title: 小课\n? [a, b]\n: c", 4, "key_unknown"),
    (C, "title: 小课\n", "", 1, "key_missing"),
    (C, "title: 小课", "title: {a: b}", 3, "not_text"),
    (C, "title: 小课", "title: !!binary aGVsbG8=", 3, "not_text"),
    (C, "title: 小课", "title:", 3, "text_empty"),
    (C, "title: 小课", "title: '  '", 3, "text_empty"),
    (C, "title: 小课", "title: " + "课" * 61, 3, "text_too_long"),
    (C, "title: 小课", 'title: "小\\u202e课"', 3, "file_control_character"),
    (C, "title: 小课", 'title: "小\\ud800课"', 3, "file_control_character"),
    (C, "title: 小课", "title: 小\u202e课", 3, "file_control_character"),
    (C, "language: zh-Hans", "language: tlh", 7, "value_unknown"),
    (C, "https://example.org/house", "ftp://example.org/house", 12, "link_not_http"),
    (C, "https://example.org/house", "javascript:alert(1)", 12, "link_not_http"),
    (C, "https://example.org/house", "https://", 12, "link_not_http"),
    (C, "id: paper", "id: house", 13, "already_used"),
    (C, "slug: m2", "slug: m1", 28, "already_used"),
    (C, "id: wash", "id: greet", 33, "already_used"),
    (C, "class_hours_online: 1", "class_hours_online: 1.5", 19, "not_a_whole_number"),
    (C, "class_hours_online: 1", "class_hours_online: -1", 19, "not_a_whole_number"),
    (C, "class_hours_online: 1", "class_hours_online:", 19, "text_empty"),
    (C, "class_hours_online: 1", "class_hours_online: 101", 19, "number_outside"),
    (C, "    lessons:\n      - quizzes/04-quiz-wash.yaml\n", "    lessons: []\n", 36, "list_empty"),
    (C, "    lessons:\n      - quizzes/04-quiz-wash.yaml\n", "    lessons: 4\n", 36, "not_a_list"),
    (C, "    lessons:\n      - quizzes/04-quiz-wash.yaml\n", "    lessons: []\n", 28, "module_without_quiz"),
    (C, "      - quizzes/04", "      - lessons/05-more.md\n      - quizzes/04", 37, "file_missing"),
    (C, "      - quizzes/04", "      - quizzes/04-quiz-wash.yaml\n      - quizzes/04", 38, "entry_twice"),
    (C, "      - quizzes/04", "      - lessons/01-hello.md\n      - quizzes/04", 37, "already_used"),
    (C, "      - quizzes/04", "      - extra/05-more.md\n      - quizzes/04", 37, "path_shape"),
    (C, "      - quizzes/04", "      - lessons/5-more.md\n      - quizzes/04", 37, "path_shape"),
    (C, "      - quizzes/04", "      - ../05-more.md\n      - quizzes/04", 37, "path_leaves_package"),
    (C, "      - quizzes/04", "      - lessons/../../x.md\n      - quizzes/04", 37, "path_leaves_package"),
    (C, "      - quizzes/04", "      - /etc/passwd\n      - quizzes/04", 37, "path_leaves_package"),
    (C, "      - quizzes/04", "      - C:\\x.md\n      - quizzes/04", 37, "path_leaves_package"),
    (C, "      - lessons/02-again.md\n", "", (L2, 1), "file_not_listed"),
    (L1, "---\nkind", "kind", 1, "front_matter_missing"),
    (L1, "pending\n---", "pending\n", 1, "front_matter_open"),
    (L1, "kind: video", "kind: film", 2, "value_unknown"),
    (L1, "minutes: 3", "minutes: 2", 5, "number_outside"),
    (L1, "minutes: 3", "minutes: 9", 5, "number_outside"),
    (L1, "minutes: 3", "minutes: 3 分钟", 5, "not_a_whole_number"),
    (L1, "minutes: 3", "minutes: 5", 5, "minutes_far_from_text"),
    (L1, "[greet]", "[greet, dance]", 6, "reference_unknown"),
    (L1, "[greet]", "[greet, '']", 6, "text_empty"),
    (L1, "[greet]", "[greet, greet]", 6, "entry_twice"),
    (L1, "[conduct, ethics]", "[conduct, cooking]", 7, "value_unknown"),
    (L1, "[conduct, ethics]", "[" + "law, " * 201 + "]", 7, "list_too_long"),
    (L1, "sources: [house]", "sources: [hous]", 8, "reference_unknown"),
    (L1, "expert_review: pending", "expert_review: done", 9, "value_unknown"),
    (L1, VIDEO[VIDEO.index("\n## 走近") :], "\n \n", 11, "body_empty"),
    (L1, "## 走近", "字" * 20_001, 11, "body_too_long"),
    (L1, "## 走近", "先看看。\n\n## 走近", 12, "slide_before_title"),
    (L1, "## 走近", "##", 12, "slide_title_empty"),
    (L1, "- 先看着他\n", "- 一\n- 二\n- 三\n- 四\n", 12, "slide_points_too_many"),
    (L1, "- 先看着他\n", "-\n", 14, "slide_point_empty"),
    (L1, "- 先看着他\n", "- 一\n- " + "字" * 19 + "\n", 15, "slide_point_too_long"),
    (L1, "- 先看着他\n", "- 先看着他\n  - 再看\n", 14, "slide_block"),
    (L1, "- 先看着他\n", "1. 先看着他\n", 14, "slide_block"),
    (L1, "## 叫名字", "> 场景\n\n## 叫名字", 19, "slide_block"),
    (L1, "## 叫名字", "## 空的\n\n- 要点\n\n## 叫名字", 19, "slide_narration_missing"),
    (L1, VIDEO[VIDEO.index("## 走近") :], "没有标题。", 11, "slides_missing"),
    (L2, "## 进门", "# 进门", 11, "heading_level"),
    (L2, "## 进门", "<div>进门</div>", 11, "markdown_html"),
    (L2, "今天早上", "今天\n早<b>上", 16, "markdown_html"),
    (L2, "今天早上", "今天<!-- 藏 -->早上", 15, "markdown_html"),
    (L2, "今天早上", "![图](https://example.org/a.png)", 15, "asset_shape"),
    (L2, "## 进门", "| a | b |\n|---|---|\n| c | d |", 11, "markdown_table"),
    (L2, "## 进门", "    进门", 11, "markdown_code"),
    (L2, "## 进门", "```\n进门\n```", 11, "markdown_code"),
    (L2, "https://example.org/a", "notes.md", 20, "link_not_http"),
    (L2, "[资料](https://example.org/a)", "<mailto:a@example.org>", 20, "link_not_http"),
    (L2, "[资料](https://example.org/a)", "[x](javascript:alert(1))", 20, "markdown_link"),
    (L2, "**李芳**来", "**李芳。**来", 15, "markdown_bold"),
    (Q, "kind: quiz", "kind: test", 1, "value_unknown"),
    (Q, "id: q2", "id: q1", 19, "already_used"),
    (Q, "type: single", "type: essay", 7, "value_unknown"),
    (Q, "objective: greet", "objective: wash", 8, "question_objective"),
    (Q, "correct: true", "correct: maybe", 12, "not_true_or_false"),
    (Q, "        correct: true\n", "", 11, "options_none_correct"),
    (Q, "correct: false", "correct: true", 11, "options_one_correct"),
    (Q, MARKED, UNMARKED, 24, "options_some_correct"),
    (Q, "feedback: 跟不上。", "correct: true\n        feedback: 跟不上。", 24, "options_some_correct"),
    (Q, "      - text: 拍他\n        feedback: 会吓到他。\n", "", 11, "options_count"),
    (Q, "- text: 错", "- text: 不对", 37, "options_true_false"),
    (Q, "- text: 拍他", "- text: 走近", 14, "already_used"),
    (Q, "        feedback: 会吓到他。\n", "", 14, "key_missing"),
    (Q, "feedback: 会吓到他。", "feedback: ''", 15, "text_empty"),
]  # fmt: skip


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return write(tmp_path)


@pytest.mark.parametrize(("path", "old", "new", "where", "code"), FAULTS)
def test_a_fault_is_told_on_its_line(
    sound: Path, path: str, old: str, new: str, where: int | tuple[str, int], code: str
) -> None:
    assert old in SOUND[path]
    write(sound, {path: SOUND[path].replace(old, new, 1)})
    told_path, line = (path, where) if isinstance(where, int) else where
    assert (told_path, line, code) in found(sound)


def test_an_objective_without_question_is_told_where_it_is_declared(sound: Path) -> None:
    write(sound, {"quizzes/04-quiz-wash.yaml": QUIZ})
    assert found(sound) == {("course.yaml", 33, "objective_not_asked")}


TOLD_IN_TEST_COMPANIONS = {
    "asset_not_shown",
    "asset_other_type",
    "captions_line",
    "exam_objective",
    "include_collides",
    "include_missing",
    "markdown_image",
    "picture_without_words",
    "steps_count",
    "steps_points",
    "upload_shape",
}
TOLD_IN_TEST_FILES = {
    "file_not_utf8",
    "file_too_big",
    "file_unreadable",
    "package_too_many_files",
    "path_is_link",
}


def test_every_sentence_is_told_by_some_fault() -> None:
    assert {code for *_, code in FAULTS} | {"objective_not_asked"} | TOLD_IN_TEST_FILES | TOLD_IN_TEST_COMPANIONS == {
        code
        for code in WORDING
        if not code.startswith("archive_")  # told in test_archive.py
    }


def test_all_faults_of_all_files_are_told_at_once(sound: Path) -> None:
    write(
        sound,
        {
            C: MANIFEST.replace("title: 小课", "titel: 小课").replace("zh-Hans", "zh"),
            L1: VIDEO.replace("minutes: 3", "minutes: 30").replace("- 先看着他", "- <b>先</b>"),
            L2: READING.replace("kind: reading", "kind: text"),
            Q: QUIZ.replace("        correct: true\n", ""),
            "notes.txt": "",
        },
    )
    assert [(problem.path, problem.line, problem.code) for problem in problems_of(sound)] == [
        (C, 1, "key_missing"),
        (C, 3, "key_unknown"),
        (C, 7, "value_unknown"),
        (L1, 5, "minutes_far_from_text"),
        (L1, 5, "number_outside"),
        (L1, 14, "markdown_html"),
        (L1, 14, "markdown_html"),
        (L2, 2, "value_unknown"),
        ("notes.txt", 1, "file_not_listed"),
        (Q, 11, "options_none_correct"),
        (Q, 23, "options_none_correct"),
        (Q, 34, "options_none_correct"),
    ]
