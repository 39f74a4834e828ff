"""One file of a draft: a form where that loses nothing, its text otherwise; saved by hand or while typing."""

import uuid
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Response, jsonify, make_response, redirect, request, url_for
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField
from wtforms.validators import InputRequired

from lms import clock, db
from lms.authoring.editing import known_of, open_lesson
from lms.authoring.listing import number_and_slug
from lms.authoring.manifest import FILE
from lms.authoring.markdown import to_html
from lms.authoring.outline import Outline, read_outline
from lms.authoring.writing import write_lesson
from lms.domain.courses import Lesson, LessonKind, Topic
from lms.domain.errors import Conflict, NotFound, Refused
from lms.domain.roles import Role
from lms.services import assets, drafts, media
from lms.services.drafts import Write
from lms.web import access
from lms.web.course_assets import send
from lms.web.forms import refusals
from lms.web.headers import CONTENT_SECURITY_POLICY
from lms.web.trainer import lesson_forms
from lms.web.trainer.navigation import page
from lms.web.trainer.problem_words import in_words, plainly
from lms.web.wording import sentence

bp = access.blueprint("trainer_files", __name__, Role.TRAINER, url_prefix="/trainer/drafts/<uuid:draft_id>")
LARGEST_FORM = 3_000_000
LARGEST_ASSET = 6_000_000
ASSET_REFUSALS = dict.fromkeys(("asset_too_big", "asset_kind", "picture_broken", "picture_too_large"), "asset")
FRAMED = {
    "X-Frame-Options": "SAMEORIGIN",
    "Content-Security-Policy": CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'"),
}


@dataclass(frozen=True)
class Desk:
    """A file on the desk: the draft, the file, the outline it belongs to, and the lesson if a form can show it."""

    draft: Any
    file: Any
    outline: Outline | None
    lesson: Lesson | None

    @property
    def path(self) -> str:
        """The file's path in the package."""
        return str(self.file.path)


class AssetForm(FlaskForm):
    """A picture or paper, and the name by which lessons call it."""

    name = StringField(validators=[InputRequired(_("请给图片或资料写个名称。"))])
    asset = FileField(validators=[FileRequired(_("请选择一个文件。"))])


@bp.route("/files/<path:path>", methods=["GET", "POST"])
@access.takes(LARGEST_FORM)
def edit(draft_id: uuid.UUID, path: str) -> Any:
    """The file to be written on. A script that saves asks for JSON and gets the new revision, or the other's words."""
    desk = _desk(draft_id, path)
    if request.method == "POST":
        return _save(desk)
    return _page(desk)


@bp.get("/preview/<path:path>")
def preview(draft_id: uuid.UUID, path: str) -> Response:
    """The lesson as learners will see it, for the frame beside the editor."""
    desk = _desk(draft_id, path)
    lesson = desk.lesson
    shown = page(
        "trainer/studio/preview.html",
        "drafts",
        text=lesson,
        html=to_html(lesson.body, lambda name: url_for(".asset", draft_id=draft_id, path=name)) if lesson else "",
    )
    response = make_response(shown)
    response.headers.update(FRAMED)
    return response


@bp.get("/shown/<path:path>")
def asset(draft_id: uuid.UUID, path: str) -> Response:
    """A picture or paper of the draft."""
    draft = drafts.get_draft(db.current(), access.actor(), draft_id)
    return send(drafts.get_asset(db.current(), draft, path), access.parts().store)


@bp.post("/assets")
@access.takes(LARGEST_ASSET)
def create_asset(draft_id: uuid.UUID) -> Any:
    """Takes a picture or paper into the draft."""
    session, actor, form = db.current(), access.actor(), AssetForm()
    draft = drafts.get_draft(session, actor, draft_id)
    back = request.form.get("back", "")
    if form.validate_on_submit():
        name = f"assets/{lesson_forms.asset_name(form.name.data, form.asset.data.filename)}"
        with refusals(form, ASSET_REFUSALS) as outcome:
            kept = assets.keep(access.parts().store, name, form.asset.data.read(LARGEST_ASSET))
            write = [Write(name, asset=kept)]
            drafts.change(session, draft, write, act="asset", account_id=actor.account_id, now=clock.now())
        if not outcome.failed:
            return redirect(url_for(".edit", draft_id=draft_id, path=back, picture=name), 303)
    told = next((told for sentences in form.errors.values() for told in sentences), "")
    return _page(_desk(draft_id, back), told=str(told)), HTTPStatus.UNPROCESSABLE_ENTITY


def _desk(draft_id: uuid.UUID, path: str) -> Desk:
    session = db.current()
    draft = drafts.get_draft(session, access.actor(), draft_id)
    file = drafts.get_file(session, draft, path)
    if file.text is None:
        raise NotFound
    outline, _problems = read_outline(str(drafts.get_file(session, draft, FILE).text))
    _number, slug = number_and_slug(path)
    lesson = open_lesson(path, slug, file.text, known_of(outline)) if outline and slug else None
    return Desk(draft, file, outline, lesson)


def _text_of(desk: Desk) -> str:
    """What the form sends as the text of the file: itself, or what its fields make."""
    if "text" in request.form or desk.lesson is None:
        return str(request.form.get("text", desk.file.text))
    return write_lesson(lesson_forms.lesson_from(request.form, desk.lesson))


def _save(desk: Desk) -> Any:
    session, actor = db.current(), access.actor()
    text, begun = _text_of(desk), request.form.get("revision", 0, type=int)
    write = [Write(desk.path, text)]
    try:
        drafts.change(
            session,
            desk.draft,
            write,
            act="save",
            account_id=actor.account_id,
            now=clock.now(),
            begun_with={desk.path: begun},
        )
    except Conflict as refused:
        return _conflict(desk, text, refused)
    if _wants_json():
        return _saved(desk)
    return redirect(url_for(".edit", draft_id=desk.draft.id, path=desk.path, saved=1), 303)


def _saved(desk: Desk) -> Response:
    found = _desk(desk.draft.id, desk.path)
    checked = drafts.check(db.current(), access.parts().store, found.draft)
    say = plainly if "text" in request.form else in_words
    problems = [{"line": each.line, "text": say(each)} for each in checked.about(desk.path)]
    return jsonify(revision=found.file.revision, problems=problems)


def _conflict(desk: Desk, mine: str, refused: Refused) -> Any:
    """Both texts side by side; nothing of either is lost."""
    told = sentence(refused.code, refused.values)
    if _wants_json():
        return jsonify(code=refused.code, message=told), HTTPStatus.CONFLICT
    facts = {"desk": desk, "mine": mine, "told": told, "is_changed": refused.code == "draft_changed"}
    return page("trainer/studio/conflict.html", "drafts", **facts), HTTPStatus.CONFLICT


def _page(desk: Desk, told: str = "") -> str:
    session = db.current()
    checked = drafts.check(session, access.parts().store, desk.draft)
    as_text = desk.lesson is None or request.args.get("as") == "text"
    review, comments = drafts.get_review(session, desk.draft)
    outline = desk.outline
    return page(
        "trainer/studio/text.html" if as_text else f"trainer/studio/edit_{_form_of(desk.lesson)}.html",
        "drafts",
        desk=desk,
        text=desk.lesson,
        outline=outline,
        objectives=[goal for shelf in outline.shelves for goal in shelf.module.objectives] if outline else [],
        known_topics=list(Topic),
        assets=[file for file in desk.draft.files if file.sha256],
        films=media.list_library(session, access.actor())[0] if desk.lesson and desk.lesson.kind == "video" else [],
        problems=checked.about(desk.path),
        as_text=as_text,
        say=plainly if as_text else in_words,
        comments=[each for each in comments if each.path == desk.path],
        review=review,
        told=told,
    )


def _form_of(lesson: Lesson | None) -> str:
    if lesson is None or lesson.kind not in (LessonKind.QUIZ, LessonKind.PRACTICE):
        return "lesson"
    return lesson.kind.value


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"
