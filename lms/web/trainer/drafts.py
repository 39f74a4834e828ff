"""The studio: courses being written, from an empty page, a released version or a zip."""

import uuid
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from lms import clock, db
from lms.authoring.archive import MOST_ARCHIVE_BYTES
from lms.authoring.listing import number_and_slug
from lms.authoring.manifest import FILE
from lms.authoring.outline import Outline, read_outline
from lms.domain.courses import Course, Lesson, Topic
from lms.domain.roles import Role
from lms.services import courses, drafts, organisations
from lms.web import access
from lms.web.downloads import attachment
from lms.web.forms import errors_of
from lms.web.trainer.navigation import page
from lms.web.trainer.problem_words import COURSE_KEYS, in_words, plainly

bp = access.blueprint("trainer_drafts", __name__, Role.TRAINER, url_prefix="/trainer/drafts")
NEEDED = InputRequired(_("请填写这一项。"))
TITLE = InputRequired(_("请填写课程名称。"))
TITLE_EN = InputRequired(_("请填写英文名称。"))
ROOM_FOR_FORM = 100_000


class DraftForm(FlaskForm):
    """A new course: whose it is and what it is called; its English name gives its address."""

    organisation_id = SelectField(coerce=uuid.UUID, validators=[NEEDED])
    title = StringField(validators=[TITLE, Length(max=60)])
    title_en = StringField(validators=[TITLE_EN, Length(max=200)])


class ArchiveForm(FlaskForm):
    """A zip somebody exported, here or elsewhere."""

    organisation_id = SelectField(coerce=uuid.UUID, validators=[NEEDED])
    archive = FileField(validators=[FileRequired(_("请选择一个 zip 文件。"))])


class EditionForm(FlaskForm):
    """The next edition of a released course."""

    organisation_id = SelectField(coerce=uuid.UUID, validators=[NEEDED])


@bp.get("/")
def index() -> str:
    """All drafts of the trainer's organisations."""
    return page("trainer/studio/drafts.html", "drafts", drafts=drafts.list_drafts(db.current(), access.actor()))


@bp.route("/new", methods=["GET", "POST"])
def new() -> Any:
    """A form for an empty course, and the draft it begins."""
    form = _with_organisations(DraftForm())
    if form.validate_on_submit():
        words = {"title": form.title.data.strip(), "title_en": form.title_en.data.strip()}
        made = drafts.begin(db.current(), access.actor(), form.organisation_id.data, **words, now=clock.now())
        return redirect(url_for(".show", draft_id=made.id), 303)
    return page("trainer/studio/new.html", "drafts", form=form, errors=errors_of(form)), 422 if form.errors else 200


@bp.route("/imports/new", methods=["GET", "POST"])
@access.takes(MOST_ARCHIVE_BYTES + ROOM_FOR_FORM)
def new_import() -> Any:
    """A form for a zip, and the draft it becomes; or all that is wrong with the zip."""
    form = _with_organisations(ArchiveForm())
    problems: tuple[Any, ...] = ()
    if form.validate_on_submit():
        store, actor = access.parts().store, access.actor()
        data = form.archive.data.read(MOST_ARCHIVE_BYTES + 1)
        made = drafts.begin_from_archive(db.current(), store, actor, form.organisation_id.data, data, now=clock.now())
        if made.draft is not None:
            flash(gettext("已导入。下面列出还要改的地方。"), "success")
            return redirect(url_for(".show", draft_id=made.draft.id), 303)
        problems = made.problems
    facts = {"form": form, "errors": errors_of(form), "problems": problems, "say": plainly}
    return page("trainer/studio/import.html", "drafts", **facts), 422 if form.errors or problems else 200


@bp.route("/editions/new/<uuid:version_id>", methods=["GET", "POST"])
def new_edition(version_id: uuid.UUID) -> Any:
    """Asks for whom the next edition is written, and begins it."""
    session, actor = db.current(), access.actor()
    courses.get_visible(session, actor, version_id)
    form = _with_organisations(EditionForm())
    if form.validate_on_submit():
        made = drafts.begin_from_version(session, actor, form.organisation_id.data, version_id, now=clock.now())
        return redirect(url_for(".show", draft_id=made.id), 303)
    facts = {"form": form, "errors": errors_of(form), "version_id": version_id}
    return page("trainer/studio/edition.html", "drafts", **facts), 422 if form.errors else 200


@bp.get("/<uuid:draft_id>")
def show(draft_id: uuid.UUID) -> str:
    """One draft: its outline, what is still wrong, how far the review is."""
    session, actor = db.current(), access.actor()
    draft = drafts.get_draft(session, actor, draft_id)
    checked = drafts.check(session, access.parts().store, draft)
    outline, _problems = read_outline(str(drafts.get_file(session, draft, FILE).text))
    review, comments = drafts.get_review(session, draft)
    return page(
        "trainer/studio/draft.html",
        "drafts",
        draft=draft,
        outline=outline,
        lessons=drafts.list_lessons(draft),
        checked=checked,
        linted=drafts.lint_course(session, draft, checked.course) if checked.course else None,
        places={lesson.slug: path for path, lesson in _slugs(outline, checked.course)},
        review=review,
        comments=comments,
        is_mine=review is not None and review.asked_by_id == actor.account_id,
        topics=list(Topic),
        undo=request.args.get("undo", type=int),
        course_keys=COURSE_KEYS,
        in_words=in_words,
    )


@bp.get("/<uuid:draft_id>/package.zip")
def export(draft_id: uuid.UUID) -> Response:
    """The draft as a zip."""
    draft = drafts.get_draft(db.current(), access.actor(), draft_id)
    packed = drafts.export(draft, access.parts().store)
    return attachment(iter([packed]), f"{draft.title}.zip", f"{draft.slug}.zip", "application/zip")


@bp.get("/<uuid:draft_id>/history")
def history(draft_id: uuid.UUID) -> str:
    """Who changed what, the newest first."""
    session = db.current()
    draft = drafts.get_draft(session, access.actor(), draft_id)
    return page("trainer/studio/history.html", "drafts", draft=draft, changes=drafts.history(session, draft))


@bp.post("/<uuid:draft_id>/undos/<int:revision>")
def create_undo(draft_id: uuid.UUID, revision: int) -> Any:
    """Takes one act back."""
    session, actor = db.current(), access.actor()
    draft = drafts.get_draft(session, actor, draft_id)
    drafts.undo(session, draft, revision, account_id=actor.account_id, now=clock.now())
    flash(gettext("已撤销。想恢复，可以在修改记录里再撤销这一次。"), "success")
    return redirect(url_for(".show", draft_id=draft_id), 303)


def _slugs(outline: Outline | None, course: Course | None) -> list[tuple[str, Lesson]]:
    """Each lesson of the draft's own files with its path; those of an included course have none here."""
    if outline is None or course is None:
        return []
    lessons = {number_and_slug(path)[1]: path for path in outline.paths}
    return [(lessons[lesson.slug], lesson) for lesson in course.lessons if lesson.slug in lessons]


def _with_organisations(form: Any) -> Any:
    """The form with the organisations the trainer writes for to choose from."""
    mine = organisations.list_own(db.current(), access.actor(), role=Role.TRAINER)
    form.organisation_id.choices = [SelectChoice(str(each.id), each.name) for each in mine]
    return form
