"""The pages of the organisation tree that the platform's staff and a city's officer share."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from lms import clock, db
from lms.domain.organisations import BODIES, Department, Kind, kinds_below
from lms.domain.roles import Role
from lms.services import organisations, tree
from lms.services.tree import Node
from lms.web import access, tree_words
from lms.web.access import GatedBlueprint
from lms.web.forms import refusals

Page = Callable[..., str]
CHOOSE_KIND, CHOOSE_ABOVE = _("请选择类别。"), _("请选择上级。")
SPACE = "　"
NAMES = {"organisation_name_length": "name", "organisation_name_taken": "name", "organisation_kind_fixed": "kind"}
PLACES = {"organisation_place_wrong": "parent_id", "organisation_above_closed": "parent_id"}
PLACES |= {"organisation_same_place": "parent_id"}
REASONS = {"organisation_reason_missing": "reason", "organisation_reason_long": "reason"}
CLOSINGS = {"organisation_closed": "sure", "organisation_open": "sure", "organisation_above_closed": "sure"}
CLOSINGS |= {"organisation_has_open_below": "sure", "organisation_has_cohorts": "sure"}
NEW = {**NAMES, **PLACES, "organisation_department": "department"}


class NodeForm(FlaskForm):
    """A new node: what it is, and under whom."""

    name = StringField(validators=[InputRequired(_("请填写名称"))])
    kind = SelectField(coerce=Kind, choices=[SelectChoice(each.value) for each in Kind], default=Kind.INSTITUTION,
                       invalid_value_message=CHOOSE_KIND, invalid_choice_message=CHOOSE_KIND)  # fmt: skip
    department = SelectField(
        choices=["", *(each.value for each in Department)], default="", invalid_choice_message=CHOOSE_KIND
    )
    parent_id = SelectField(default="", choices=[], invalid_choice_message=CHOOSE_ABOVE)

    def offer(self, above: Sequence[tuple[str, str]]) -> None:
        """What it can be put under."""
        self.parent_id.choices = [SelectChoice(*each) for each in above]

    @property
    def wanted(self) -> dict[str, Any]:
        """As `organisations.create` takes it."""
        department = Department(self.department.data) if self.department.data else None
        return {"name": self.name.data, "kind": self.kind.data, "department": department, "parent_id": self.above}

    @property
    def above(self) -> uuid.UUID | None:
        """The parent chosen; None for nobody."""
        return uuid.UUID(self.parent_id.data) if self.parent_id.data else None


class NameForm(FlaskForm):
    """Another name or kind."""

    name = StringField(validators=[InputRequired(_("请填写名称"))])
    kind = SelectField(coerce=Kind, choices=[SelectChoice(each.value) for each in Kind],
                       invalid_value_message=CHOOSE_KIND, invalid_choice_message=CHOOSE_KIND)  # fmt: skip


class PlaceForm(FlaskForm):
    """Another parent, and why."""

    parent_id = SelectField(default="", choices=[], invalid_choice_message=CHOOSE_ABOVE)
    reason = StringField()


class ReasonForm(FlaskForm):
    """Closed, or open again, and why; nothing happens without the box ticked."""

    reason = StringField()
    sure = BooleanField(validators=[InputRequired(_("请先核对，再在这里打勾。"))])


def kind_options(kinds: Sequence[Kind]) -> list[tuple[str, Any]]:
    """(value, words) for a form."""
    return [(each.value, tree_words.KINDS[each]) for each in kinds]


def department_options() -> list[tuple[str, Any]]:
    """(value, words) for a form; the first is for whatever is no department."""
    return [("", gettext("不是部门")), *((each.value, words) for each, words in tree_words.DEPARTMENTS.items())]


def above_options(desk: Role, but: uuid.UUID | None = None) -> list[tuple[str, str]]:
    """(id, name) of what something can be put under, as deep in the line as in the tree; a node not under itself."""
    nodes = tree.list_above(db.current(), access.actor(), desk)
    nobody = [("", gettext("没有上级"))] if desk is Role.PLATFORM else []
    open_ = [each for each in nodes if each.kind is not Kind.DEPARTMENT and each.id != but]
    return [*nobody, *((str(each.id), SPACE * each.depth + each.name) for each in open_)]


def add_tree(bp: GatedBlueprint, desk: Role, page: Page) -> None:
    """The tree, one node with its history, and the forms that change it, for one desk."""

    @bp.get("/")
    def index() -> str:
        nodes = tree.list_nodes(db.current(), access.actor(), desk)
        return page("tree/index.html", "tree", nodes=nodes, words=tree_words, desk=desk)

    @bp.get("/<uuid:organisation_id>")
    def show(organisation_id: uuid.UUID) -> str:
        node = _node(desk, organisation_id)
        changes = tree.list_changes(db.current(), access.actor(), desk, organisation_id)
        return page("tree/node.html", "tree", node=node, changes=changes, words=tree_words, desk=desk)

    @bp.route("/<uuid:organisation_id>/name", methods=["GET", "POST"])
    def name(organisation_id: uuid.UUID) -> Any:
        return _name(desk, page, organisation_id)

    @bp.route("/<uuid:organisation_id>/place", methods=["GET", "POST"])
    def place(organisation_id: uuid.UUID) -> Any:
        return _place(desk, page, organisation_id)

    @bp.route("/<uuid:organisation_id>/closing", methods=["GET", "POST"])
    def closing(organisation_id: uuid.UUID) -> Any:
        return _closing(desk, page, organisation_id, tree.close)

    @bp.route("/<uuid:organisation_id>/opening", methods=["GET", "POST"])
    def opening(organisation_id: uuid.UUID) -> Any:
        return _closing(desk, page, organisation_id, tree.reopen)


def add_new(bp: GatedBlueprint, desk: Role, page: Page) -> None:
    """The form for a new node, for a desk that makes no staff accounts with it."""

    @bp.route("/new", methods=["GET", "POST"])
    def new() -> Any:
        form, above = NodeForm(), above_options(desk)
        form.offer(above)
        if form.validate_on_submit():
            with refusals(form, NEW) as outcome:
                actor, now = access.actor(), clock.now()
                made = organisations.create(db.current(), actor, desk=desk, now=now, **form.wanted)
            if not outcome.failed:
                flash(gettext("已新增。"), "success")
                return redirect(url_for(".show", organisation_id=made.id), 303)
        kinds = kind_options(kinds_below([*Kind]) if desk is Role.PLATFORM else kinds_below([Kind.CITY, *BODIES]))
        facts = {"form": form, "above": above, "kinds": kinds, "departments": department_options()}
        return page("tree/new.html", "tree", **facts), 422 if form.errors else 200


def _node(desk: Role, organisation_id: uuid.UUID) -> Node:
    return tree.get(db.current(), access.actor(), desk, organisation_id)


def _done(words: str, organisation_id: uuid.UUID) -> Any:
    flash(words, "success")
    return redirect(url_for(".show", organisation_id=organisation_id), 303)


def _name(desk: Role, page: Page, organisation_id: uuid.UUID) -> Any:
    node = _node(desk, organisation_id)
    form = NameForm(data={"name": node.name, "kind": node.kind})
    if form.validate_on_submit():
        with refusals(form, NAMES) as outcome:
            wanted = {"name": form.name.data, "kind": form.kind.data, "now": clock.now()}
            tree.rename(db.current(), access.actor(), desk, organisation_id, **wanted)
        if not outcome.failed:
            return _done(gettext("已保存。"), organisation_id)
    kinds = kind_options(BODIES if node.kind in BODIES else [node.kind])
    return page("tree/name.html", "tree", node=node, form=form, kinds=kinds), 422 if form.errors else 200


def _place(desk: Role, page: Page, organisation_id: uuid.UUID) -> Any:
    node, form = _node(desk, organisation_id), PlaceForm()
    above = above_options(desk, organisation_id)
    form.parent_id.choices = [SelectChoice(*each) for each in above]
    if form.validate_on_submit():
        with refusals(form, {**PLACES, **REASONS}) as outcome:
            parent = uuid.UUID(form.parent_id.data) if form.parent_id.data else None
            wanted: dict[str, Any] = {"parent_id": parent, "reason": form.reason.data or "", "now": clock.now()}
            tree.move(db.current(), access.actor(), desk, organisation_id, **wanted)
        if not outcome.failed:
            return _done(gettext("已换上级。下面的分支和班期跟着一起过去了。"), organisation_id)
    return page("tree/place.html", "tree", node=node, form=form, above=above), 422 if form.errors else 200


def _closing(desk: Role, page: Page, organisation_id: uuid.UUID, act: Callable[..., None]) -> Any:
    node, form, closes = _node(desk, organisation_id), ReasonForm(), act is tree.close
    if form.validate_on_submit():
        with refusals(form, {**REASONS, **CLOSINGS}) as outcome:
            act(db.current(), access.actor(), desk, organisation_id, reason=form.reason.data or "", now=clock.now())
        if not outcome.failed:
            return _done(gettext("已停办。") if closes else gettext("已恢复。"), organisation_id)
    return page("tree/closing.html", "tree", node=node, form=form, closes=closes), 422 if form.errors else 200
