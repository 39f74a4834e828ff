"""The platform's desk: institutions and their staff, background work, acts on record."""

import uuid
from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from lms import clock, db
from lms.domain.organisations import Kind, posts_at
from lms.domain.roles import Role
from lms.services import platform, signing
from lms.web import access, tree_words, treework
from lms.web.forms import refusals
from lms.web.platform.forms import InstitutionForm, StaffForm
from lms.web.platform.job_words import JOBS
from lms.web.platform.navigation import page

bp = access.blueprint("platform", __name__, Role.PLATFORM, url_prefix="/platform")

STAFF_REFUSALS = {
    "staff_already": "phone",
    "organisation_role_elsewhere": "role",
    "organisation_closed": "role",
}


@bp.get("/")
def index() -> str:
    """All institutions."""
    found = platform.list_institutions(db.current(), access.actor())
    return page("platform/institutions.html", "institutions", institutions=found, words=tree_words)


@bp.route("/institutions/new", methods=["GET", "POST"])
def new_institution() -> Any:
    """A form for a new institution, and the institution it makes."""
    form, session, keyring = InstitutionForm(), db.current(), access.parts().keyring
    above = treework.above_options(Role.PLATFORM)
    form.offer(above)
    if form.validate_on_submit():
        wanted = {**form.wanted, "staff_name": form.staff_name.data or "", "phone": form.phone.data or ""}
        with refusals(form, treework.NEW) as outcome:
            made = platform.create_institution(session, keyring, access.actor(), now=clock.now(), **wanted)
        if not outcome.failed:
            flash(_("机构已建立。请管理员用手机号和短信验证码登录。"), "success")
            return redirect(url_for(".institution", organisation_id=made), 303)
    options = {"kinds": treework.kind_options([*Kind]), "departments": treework.department_options()}
    shown = page("platform/institution_form.html", "institutions", form=form, above=above, **options)
    return shown, 422 if form.errors else 200


@bp.route("/institutions/<uuid:organisation_id>", methods=["GET", "POST"])
def institution(organisation_id: uuid.UUID) -> Any:
    """One institution, its staff, and a form to add to them."""
    form, session, actor = StaffForm(), db.current(), access.actor()
    found = platform.get_institution(session, actor, organisation_id)
    form.offer(posts_at(found.kind))
    if form.validate_on_submit() and _add_staff(form, organisation_id):
        return redirect(url_for(".institution", organisation_id=organisation_id), 303)
    staff = platform.list_staff(session, access.parts().keyring, actor, organisation_id)
    facts = {"institution": found, "staff": staff, "form": form, "words": tree_words}
    shown = page("platform/institution.html", "institutions", **facts)
    return shown, 422 if form.errors else 200


def _add_staff(form: StaffForm, organisation_id: uuid.UUID) -> bool:
    wanted = {"name": form.name.data, "phone": form.phone.data, "role": form.role.data, "now": clock.now()}
    with refusals(form, STAFF_REFUSALS) as outcome:
        platform.add_staff(db.current(), access.parts().keyring, access.actor(), organisation_id, **wanted)
    if not outcome.failed:
        flash(_("已添加。请对方用手机号和短信验证码登录。"), "success")
    return not outcome.failed


@bp.post("/institutions/<uuid:organisation_id>/staff/<uuid:account_id>/suspension")
def suspend(organisation_id: uuid.UUID, account_id: uuid.UUID) -> Any:
    """Closes a staff account."""
    platform.disable_staff(db.current(), access.actor(), organisation_id, account_id, now=clock.now())
    flash(_("账号已停用，所有设备都已退出登录。"), "success")
    return redirect(url_for(".institution", organisation_id=organisation_id), 303)


@bp.post("/institutions/<uuid:organisation_id>/staff/<uuid:account_id>/readmission")
def readmit(organisation_id: uuid.UUID, account_id: uuid.UUID) -> Any:
    """Opens a closed staff account again."""
    platform.enable_staff(db.current(), access.actor(), organisation_id, account_id, now=clock.now())
    flash(_("账号已恢复。"), "success")
    return redirect(url_for(".institution", organisation_id=organisation_id), 303)


@bp.get("/jobs")
def jobs() -> str:
    """Recent background work."""
    found = platform.list_jobs(db.current(), access.actor())
    return page("platform/jobs.html", "jobs", jobs=found, kinds=JOBS, signing=signing.standing(db.current()))


@bp.post("/jobs/<uuid:job_id>/retries")
def retry_job(job_id: uuid.UUID) -> Any:
    """Queues work again that was given up."""
    platform.retry_job(db.current(), access.actor(), job_id, now=clock.now())
    flash(_("任务已重新排队。"), "success")
    return redirect(url_for(".jobs"), 303)


@bp.get("/events")
def events() -> str:
    """Recent acts on record."""
    found = platform.list_events(db.current(), access.actor())
    return page("platform/events.html", "events", events=found)
