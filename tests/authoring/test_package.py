"""A sound package becomes its course, and any change of its bytes gives problems or a course."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.authoring.package import read_package
from lms.domain.courses import Course, LessonKind, Option, QuestionType, Source, Topic
from tests.authoring.packages import NARRATION, SOUND, found, problems_of, write


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
