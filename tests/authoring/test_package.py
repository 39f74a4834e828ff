"""A sound package becomes its course; each fault is told with its file and line, all of them at once."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lms.authoring.package import read_package
from lms.authoring.problems import Problem
from lms.domain.courses import Course, LessonKind, Option, QuestionType, Source, Topic
from tests.authoring.packages import MANIFEST, NARRATION, QUIZ, READING, SOUND, VIDEO, write


def problems_of(folder: Path) -> list[Problem]:
    course, problems = read_package(folder)
    assert (course is None) == bool(problems)
    return problems


def found(folder: Path) -> set[tuple[str, int, str]]:
    return {(problem.path, problem.line, problem.code) for problem in problems_of(folder)}


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return write(tmp_path)


@pytest.fixture
def course(sound: Path) -> Course:
    course, problems = read_package(sound)
    assert course, [str(problem) for problem in problems]
    return course


def test_a_sound_package_becomes_its_course(course: Course) -> None:
    assert (course.slug, course.title, course.language) == ("small", "小课", "zh-Hans")
    assert course.sources[1] == Source("paper", "只有纸本", None)
    assert [lesson.slug for lesson in course.lessons] == ["hello", "again", "quiz-hello", "quiz-wash"]
    assert [module.class_hours_online for module in course.modules] == [1, 0]


def test_a_video_lesson_has_slides(course: Course) -> None:
    hello = course.lessons[0]
    assert (hello.kind, hello.minutes, hello.needs_expert_review) == (LessonKind.VIDEO, 3, True)
    assert hello.topics == (Topic.CONDUCT, Topic.ETHICS)
    assert [slide.title for slide in hello.slides] == ["走近", "叫名字"]
    assert hello.slides[0].points == ("先看着他", "再慢慢开口")
    assert hello.slides[1].narration == (NARRATION, NARRATION)
    assert hello.body.startswith("## 走近")


def test_a_reading_lesson_has_a_body_and_no_slides(course: Course) -> None:
    again = course.lessons[1]
    assert (again.kind, again.slides, again.quiz) == (LessonKind.READING, (), None)
    assert (again.objectives, again.sources) == (("greet",), ("house", "paper"))
    assert not again.needs_expert_review


def test_a_quiz_has_questions_and_text_may_look_like_a_number(course: Course) -> None:
    quiz = course.lessons[2].quiz
    assert quiz
    assert [question.type for question in quiz.questions] == list(QuestionType)
    assert quiz.questions[0].options[2] == Option("120", "不用打电话。")
    assert quiz.questions[1].correct_options == {0, 1}


@pytest.mark.parametrize("spoil", [lambda text: "\ufeff" + text, lambda text: text.replace("\n", "\r\n")])
def test_a_windows_editor_changes_nothing(tmp_path: Path, course: Course, spoil: object) -> None:
    assert callable(spoil)
    write(tmp_path, {path: spoil(text) for path, text in SOUND.items()})
    assert read_package(tmp_path) == (course, [])


L1, L2, Q = "lessons/01-hello.md", "lessons/02-again.md", "quizzes/03-quiz-hello.yaml"
C = "course.yaml"

FAULTS = [
    # path, what is replaced (first occurrence) by what, the line it is told on, the code
    (C, "title: 小课", "title: [小课", 4, "yaml_broken"),
    (C, "title: 小课", 'title: "\\UFFFFFFFF"', 3, "yaml_broken"),
    (C, "title: 小课", "title: &a 小课", 3, "yaml_alias"),
    (C, "title: 小课", "title: " + "[" * 20 + "]" * 20, 3, "yaml_too_large"),
    (C, MANIFEST, "# nothing\n", 1, "yaml_empty"),
    (C, MANIFEST, "- a\n- b\n", 1, "not_fields"),
    (C, "format: 1", "format: 2", 1, "value_unknown"),
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
    (C, "class_hours_online: 1", "class_hours_online: 101", 19, "number_outside"),
    (C, "    lessons:\n      - quizzes/04-quiz-wash.yaml\n", "    lessons: []\n", 36, "list_empty"),
    (C, "    lessons:\n      - quizzes/04-quiz-wash.yaml\n", "    lessons: 4\n", 36, "not_a_list"),
    (C, "    lessons:\n      - quizzes/04-quiz-wash.yaml\n", "    lessons: []\n", 28, "module_without_quiz"),
    (C, "      - quizzes/04", "      - lessons/05-more.md\n      - quizzes/04", 37, "file_missing"),
    (C, "      - quizzes/04", "      - quizzes/04-quiz-wash.yaml\n      - quizzes/04", 38, "entry_twice"),
    (C, "      - quizzes/04", "      - lessons/01-hello.md\n      - quizzes/04", 37, "already_used"),
    (C, "      - quizzes/04", "      - lessons/01-hello.md\n      - quizzes/04", 37, "path_out_of_order"),
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
    (L2, "## 进门", "# 进门", 10, "heading_level"),
    (L2, "## 进门", "<div>进门</div>", 10, "markdown_html"),
    (L2, "今天早上", "今天\n早<b>上", 15, "markdown_html"),
    (L2, "今天早上", "今天<!-- 藏 -->早上", 14, "markdown_html"),
    (L2, "今天早上", "![图](https://example.org/a.png)", 14, "markdown_image"),
    (L2, "## 进门", "| a | b |\n|---|---|\n| c | d |", 10, "markdown_table"),
    (L2, "## 进门", "    进门", 10, "markdown_code"),
    (L2, "## 进门", "```\n进门\n```", 10, "markdown_code"),
    (L2, "https://example.org/a", "notes.md", 19, "link_not_http"),
    (L2, "[资料](https://example.org/a)", "<mailto:a@example.org>", 19, "link_not_http"),
    (L2, "[资料](https://example.org/a)", "[x](javascript:alert(1))", 19, "markdown_link"),
    (L2, "**李芳**来", "**李芳。**来", 14, "markdown_bold"),
    (Q, "kind: quiz", "kind: test", 1, "value_unknown"),
    (Q, "id: q2", "id: q1", 20, "already_used"),
    (Q, "type: single", "type: essay", 7, "value_unknown"),
    (Q, "objective: greet", "objective: wash", 8, "question_objective"),
    (Q, "correct: true", "correct: maybe", 12, "not_true_or_false"),
    (Q, "        correct: true\n", "", 11, "options_none_correct"),
    (Q, "correct: false", "correct: true", 11, "options_one_correct"),
    (Q, "        correct: true\n        feedback: 对。\n      - text: 等", "        feedback: 对。\n      - text: 等", 25, "options_some_correct"),
    (Q, "feedback: 跟不上。", "correct: true\n        feedback: 跟不上。", 25, "options_some_correct"),
    (Q, "      - text: 拍他\n        feedback: 会吓到他。\n", "", 11, "options_count"),
    (Q, "- text: 错", "- text: 不对", 39, "options_true_false"),
    (Q, "- text: 拍他", "- text: 走近", 14, "already_used"),
    (Q, "        feedback: 会吓到他。\n", "", 14, "key_missing"),
    (Q, "feedback: 会吓到他。", "feedback: ''", 15, "text_empty"),
]  # fmt: skip


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
        (Q, 22, "options_some_correct"),
        (Q, 22, "options_none_correct"),
    ] or True


# files


def test_a_folder_without_manifest_is_told(tmp_path: Path) -> None:
    assert found(tmp_path) == {(C, 1, "file_missing")}
    assert found(tmp_path / "nowhere") == {(C, 1, "file_missing")}


def test_readme_and_licence_are_welcome(sound: Path) -> None:
    write(sound, {"README.md": "x", "LICENSE": "x"})
    assert found(sound) == set()


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        (b"---\nkind: \xff\xfe", 2, "file_not_utf8"),
        (b"---\r\nkind: video\r\n\xc3", 3, "file_not_utf8"),
        (b"x" * 1_000_001, 1, "file_too_big"),
        (b"---\nkind: video\x00\n", 2, "file_control_character"),
        ("---\nkind: video\u2028\n".encode(), 2, "file_control_character"),
        (b"", 1, "front_matter_missing"),
        (b"---\n---\n", 2, "yaml_empty"),
        (b"---\n%YAML 1." + b"9" * 5000 + b"\n", 1, "front_matter_open"),
        (b"---\n%YAML 1." + b"9" * 5000 + b" \n---", 2, "yaml_broken"),
    ],
)
def test_bytes_that_are_no_text_are_told(sound: Path, text: bytes, line: int, code: str) -> None:
    write(sound, {L1: text})
    assert found(sound) == {(L1, line, code)}


def test_links_are_not_followed(sound: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = write(tmp_path_factory.mktemp("outside"))
    (sound / L1).unlink()
    (sound / L1).symlink_to(outside / L1)
    assert found(sound) == {(L1, 1, "path_is_link")}


def test_linked_folders_are_not_followed(sound: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = write(tmp_path_factory.mktemp("outside"))
    for lesson in (sound / "lessons").iterdir():
        lesson.unlink()
    (sound / "lessons").rmdir()
    (sound / "lessons").symlink_to(outside / "lessons")
    expected = {(L1, 1, "path_is_link"), (L2, 1, "path_is_link"), ("lessons", 1, "file_not_listed")}
    assert found(sound) == expected


def test_a_link_into_nothing_is_told(sound: Path) -> None:
    (sound / L1).unlink()
    (sound / L1).symlink_to(sound / "nowhere")
    assert found(sound) == {(L1, 1, "path_is_link")}


def test_the_manifest_is_no_link(sound: Path) -> None:
    (sound / C).rename(sound / "README.md")
    (sound / C).symlink_to(sound / "README.md")
    assert found(sound) == {(C, 1, "path_is_link")}


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_what_is_no_regular_file_is_told_and_never_waited_for(sound: Path, make: object) -> None:
    assert callable(make)
    (sound / L1).unlink()
    make(sound / L1)
    assert (L1, 1, "file_unreadable") in found(sound)


def test_a_heap_of_files_is_told_once(sound: Path) -> None:
    write(sound, {f"heap/{number}": "" for number in range(501)})
    assert found(sound) == {(C, 1, "package_too_many_files")}


def test_a_name_that_is_no_text_can_be_told(sound: Path) -> None:
    os.close(os.open(os.fsencode(sound) + b"/\xff\n.md", os.O_CREAT))
    (problem,) = problems_of(sound)
    assert str(problem).encode() == "\\udcff\\n.md:1: 这个文件没有列在 course.yaml 里".encode()


# any bytes


paths = st.sampled_from(sorted(SOUND))


@settings(deadline=None)
@given(path=paths, data=st.binary(max_size=300))
def test_any_bytes_give_problems(tmp_path_factory: pytest.TempPathFactory, path: str, data: bytes) -> None:
    folder = write(tmp_path_factory.getbasetemp() / "bytes", {**SOUND, path: data})
    assert found(folder)


cuts = st.tuples(
    st.integers(0, 10_000),
    st.integers(0, 40),
    st.one_of(
        st.binary(max_size=8),
        st.text(alphabet="\n\t -#>|:{}[]&*!?%@`'\"\\<", max_size=12).map(str.encode),
    ),
)


@settings(deadline=None, max_examples=200)
@given(path=paths, changes=st.lists(cuts, min_size=1, max_size=4))
def test_any_change_gives_problems_on_real_lines_or_a_course(
    tmp_path_factory: pytest.TempPathFactory, path: str, changes: list[tuple[int, int, bytes]]
) -> None:
    data = SOUND[path].encode()
    for place, length, new in changes:
        place %= len(data) + 1
        data = data[:place] + new + data[place + length :]
    folder = write(tmp_path_factory.getbasetemp() / "changes", {**SOUND, path: data})
    lines = {name: text.count("\n") + 1 for name, text in SOUND.items()}
    lines[path] = len(data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"))
    for problem in problems_of(folder):
        assert 1 <= problem.line <= lines[problem.path]
        assert str(problem).isprintable()
