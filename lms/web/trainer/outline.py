"""The outline of a draft: course, modules and lessons come, move and go by plain forms that scripts make quicker."""

import uuid
from dataclasses import replace
from itertools import count
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from lms import clock, db
from lms.authoring.manifest import MOST_CLASS_HOURS, MOST_EXAM_MINUTES, MOST_QUESTIONS
from lms.authoring.outline import Outline
from lms.domain.courses import Course, Exam, ExamPart, LessonKind, Module, Source
from lms.domain.names import first_free
from lms.domain.roles import Role
from lms.services import drafts
from lms.services.drafts import ModuleWords
from lms.web import access
from lms.web.forms import errors_of
from lms.web.trainer.navigation import page

bp = access.blueprint("trainer_outline", __name__, Role.TRAINER, url_prefix="/trainer/drafts/<uuid:draft_id>")
TITLE_EN = InputRequired(_("请填写英文名称。"))
HOURS = _("线上学时请填 0 到 100 的整数。")
EXAM_MINUTES = _("请填 5 到 240 的整数。")
EXAM_PERCENT = _("请填 1 到 100 的整数。")
USUAL_EXAM = Exam(minutes=45, pass_percent=60, parts=())
SPARE_ROWS = 3
KINDS = (
    (LessonKind.VIDEO, _("视频：打字就能做，也可以上传拍好的")),
    (LessonKind.READING, _("阅读：图文，查起来方便")),
    (LessonKind.QUIZ, _("小测验：每个选项都有讲解")),
    (LessonKind.PRACTICE, _("动手练习：步骤清单和分数")),
    (LessonKind.FILE, _("资料：可以下载的 PDF")),
)


class LessonForm(FlaskForm):
    """A new lesson."""

    kind = SelectField(coerce=LessonKind, choices=[SelectChoice(kind.value, words) for kind, words in KINDS])
    title = StringField(validators=[InputRequired(_("请填写小节名称。")), Length(max=60)])
    title_en = StringField(validators=[TITLE_EN, Length(max=200)])


class ModuleForm(FlaskForm):
    """The words of a module; its objectives come beside it as rows."""

    title = StringField(validators=[InputRequired(_("请填写模块名称。")), Length(max=60)])
    title_en = StringField(validators=[TITLE_EN, Length(max=200)])
    class_hours_online = IntegerField(validators=[InputRequired(HOURS), NumberRange(0, MOST_CLASS_HOURS, HOURS)])


class CourseForm(FlaskForm):
    """The words of the course; its sources come beside it as rows."""

    title = StringField(validators=[InputRequired(_("请填写课程名称。")), Length(max=60)])
    title_en = StringField(validators=[TITLE_EN, Length(max=200)])
    summary = TextAreaField(validators=[InputRequired(_("请填写简介。")), Length(max=500)])
    summary_en = TextAreaField(validators=[InputRequired(_("请填写英文简介。")), Length(max=1000)])
    licence = StringField(validators=[InputRequired(_("请填写版权许可。")), Length(max=200)])
    includes = StringField(validators=[Length(max=200)])
    exam_minutes = IntegerField(validators=[Optional(), NumberRange(5, MOST_EXAM_MINUTES, EXAM_MINUTES)])
    exam_percent = IntegerField(validators=[Optional(), NumberRange(1, 100, EXAM_PERCENT)])


class PlaceForm(FlaskForm):
    """Where something moves: a place counted from 0, and for a lesson the module."""

    module = StringField()
    place = IntegerField(validators=[InputRequired()])


@bp.route("/course", methods=["GET", "POST"])
def course(draft_id: uuid.UUID) -> Any:
    """The words and sources of the course."""
    session, actor = db.current(), access.actor()
    draft = drafts.get_draft(session, actor, draft_id)
    outline = drafts.get_outline(session, draft)
    exam = outline.course.exam or USUAL_EXAM
    known = {"exam_minutes": exam.minutes, "exam_percent": exam.pass_percent, "includes": " ".join(outline.includes)}
    form = CourseForm(obj=outline.course, data=known)
    if form.validate_on_submit():
        includes = (form.includes.data or "").replace(",", " ").split()
        drafts.change_course(session, draft, actor, _course(form, outline), includes, now=clock.now())
        return _back(draft_id)
    rows = _rows("source", 3) or [(each.id, each.title, each.url or "") for each in outline.course.sources]
    facts = {"draft": draft, "form": form, "errors": errors_of(form), "rows": _with_spare(rows, 3)}
    drawn = {part.objective: part.questions for part in exam.parts}
    facts |= {"goals": [goal for shelf in outline.shelves for goal in shelf.module.objectives], "drawn": drawn}
    return page("trainer/studio/course.html", "drafts", **facts), 422 if form.errors else 200


@bp.route("/modules/new", methods=["GET", "POST"])
def new_module(draft_id: uuid.UUID) -> Any:
    """A form for a module, and the module at the end of the course."""
    session, actor = db.current(), access.actor()
    draft = drafts.get_draft(session, actor, draft_id)
    form = ModuleForm()
    if form.validate_on_submit():
        drafts.add_module(session, draft, actor, _module(form), now=clock.now())
        return _back(draft_id)
    return _module_page(draft, form, None)


@bp.route("/modules/<slug>", methods=["GET", "POST"])
def module(draft_id: uuid.UUID, slug: str) -> Any:
    """The words and objectives of a module."""
    session, actor = db.current(), access.actor()
    draft = drafts.get_draft(session, actor, draft_id)
    held = drafts.get_outline(session, draft).shelf(slug).module
    form = ModuleForm(obj=held)
    if form.validate_on_submit():
        drafts.change_module(session, draft, actor, slug, _module(form), now=clock.now())
        return _back(draft_id)
    return _module_page(draft, form, held)


@bp.post("/modules/<slug>/places")
def create_module_place(draft_id: uuid.UUID, slug: str) -> Any:
    """Moves a module."""
    form, session, actor = _place(), db.current(), access.actor()
    draft = drafts.get_draft(session, actor, draft_id)
    drafts.move_module(session, draft, actor, slug, form.place.data or 0, now=clock.now())
    return _back(draft_id, f"module-{slug}")


@bp.post("/modules/<slug>/removals")
def create_module_removal(draft_id: uuid.UUID, slug: str) -> Any:
    """Takes an empty module away."""
    session, actor = db.current(), access.actor()
    draft = drafts.get_draft(session, actor, draft_id)
    revision = drafts.remove_module(session, draft, actor, slug, now=clock.now())
    return _undoable(draft_id, revision)


@bp.route("/modules/<slug>/lessons/new", methods=["GET", "POST"])
def new_lesson(draft_id: uuid.UUID, slug: str) -> Any:
    """A form for a lesson, and its page to write on."""
    session, actor = db.current(), access.actor()
    draft = drafts.get_draft(session, actor, draft_id)
    held = drafts.get_outline(session, draft).shelf(slug).module
    form = LessonForm()
    if form.validate_on_submit():
        words = (form.kind.data, form.title.data.strip(), form.title_en.data.strip())
        path = drafts.add_lesson(session, draft, actor, slug, *words, now=clock.now())
        return redirect(url_for("trainer_files.edit", draft_id=draft_id, path=path), 303)
    facts = {"draft": draft, "module": held, "form": form, "errors": errors_of(form), "kinds": KINDS}
    return page("trainer/studio/lesson_new.html", "drafts", **facts), 422 if form.errors else 200


@bp.post("/places/<path:path>")
def create_lesson_place(draft_id: uuid.UUID, path: str) -> Any:
    """Moves a lesson, within its module or into another."""
    form, session, actor = _place(), db.current(), access.actor()
    draft = drafts.get_draft(session, actor, draft_id)
    drafts.move_lesson(session, draft, actor, path, form.module.data or "", form.place.data or 0, now=clock.now())
    return _back(draft_id, f"lesson-{path}")


@bp.post("/removals/<path:path>")
def create_lesson_removal(draft_id: uuid.UUID, path: str) -> Any:
    """Takes a lesson away; the page offers to bring it back."""
    session, actor = db.current(), access.actor()
    draft = drafts.get_draft(session, actor, draft_id)
    revision = drafts.remove_lesson(session, draft, actor, path, now=clock.now())
    return _undoable(draft_id, revision)


def _place() -> PlaceForm:
    form = PlaceForm()
    form.validate()  # the token was checked; a place that is no number is the first one
    return form


def _module(form: ModuleForm) -> ModuleWords:
    return ModuleWords(
        title=str(form.title.data).strip(),
        title_en=str(form.title_en.data).strip(),
        class_hours_online=int(form.class_hours_online.data or 0),
        objectives=tuple((each, text, text_en) for each, text, text_en in _rows("goal", 3) if text),
    )


def _module_page(draft: Any, form: ModuleForm, held: Module | None) -> Any:
    known: list[tuple[str, ...]] = [(each.id, each.text, each.text_en) for each in held.objectives] if held else []
    rows = _with_spare(_rows("goal", 3) or known, 3)
    facts = {"draft": draft, "form": form, "errors": errors_of(form), "rows": rows, "module": held}
    return page("trainer/studio/module.html", "drafts", **facts), 422 if form.errors else 200


def _course(form: CourseForm, outline: Outline) -> Course:
    taken = {given for given, _, _ in _rows("source", 3)} | {each.id for each in outline.course.sources}
    sources = []
    for given, title, url in _rows("source", 3):
        name = given or first_free((f"s{number}" for number in count(1)), taken)
        taken.add(name)
        if title:
            sources.append(Source(name, title, url or None))
    return replace(
        outline.course,
        title=_line(form.title.data),
        title_en=_line(form.title_en.data),
        summary=_line(form.summary.data),
        summary_en=_line(form.summary_en.data),
        licence=_line(form.licence.data),
        sources=tuple(sources),
        exam=_exam(form, outline),
    )


def _exam(form: CourseForm, outline: Outline) -> Exam | None:
    """The blueprint as the form tells it; what an included course's objectives draw stays as it was."""
    own = [goal.id for shelf in outline.shelves for goal in shelf.module.objectives]
    counts = {goal: request.form.get(f"exam-{goal}", 0, type=int) for goal in own}
    parts = [ExamPart(goal, min(count, MOST_QUESTIONS)) for goal, count in counts.items() if count > 0]
    before = outline.course.exam or USUAL_EXAM
    parts += [part for part in before.parts if part.objective not in own]
    minutes = form.exam_minutes.data or before.minutes
    return Exam(minutes, form.exam_percent.data or before.pass_percent, tuple(parts)) if parts else None


def _line(words: str | None) -> str:
    return " ".join((words or "").split())


def _rows(name: str, width: int) -> list[tuple[str, ...]]:
    """The rows of a form, each a tuple of trimmed texts; rows in which nothing stands are left out."""
    columns = [request.form.getlist(f"{name}-{number}") for number in range(width)]
    rows = [tuple(" ".join(word.split()) for word in row) for row in zip(*columns, strict=False)]
    return [row for row in rows if any(row)]


def _with_spare(rows: list[tuple[str, ...]], width: int) -> list[tuple[str, ...]]:
    return [*rows, *(("",) * width for _ in range(SPARE_ROWS))]


def _undoable(draft_id: uuid.UUID, revision: int) -> Any:
    flash(gettext("已删除。删错了，可以马上撤销。"), "success")
    return redirect(url_for("trainer_drafts.show", draft_id=draft_id, undo=revision), 303)


def _back(draft_id: uuid.UUID, anchor: str | None = None) -> Any:
    return redirect(url_for("trainer_drafts.show", draft_id=draft_id, _anchor=anchor), 303)
