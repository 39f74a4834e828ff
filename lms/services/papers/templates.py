"""What an institution chose of its certificates: versions that follow each other, each change on record."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.adapters import lettering
from lms.domain.errors import NotFound, Refused
from lms.domain.papers import Template, check_template, template_of
from lms.models.base import new_id
from lms.models.organisations import Organisation
from lms.models.papers import PaperTemplate
from lms.services import audit, scopes
from lms.services.scopes import Actor

SAVE = "paper.template"


@dataclass(frozen=True)
class TemplateView:
    """An institution with the template in use; `number` 0 as long as it has chosen none."""

    organisation_id: uuid.UUID
    organisation: str
    template: Template
    number: int


def list_own(session: Session, actor: Actor) -> list[TemplateView]:
    """The institutions the actor works for, by name, each with its template."""
    rows = session.scalars(scopes.organisations_of(actor).order_by(Organisation.name)).all()
    return [_view(session, row) for row in rows]


def get(session: Session, actor: Actor, organisation_id: uuid.UUID) -> TemplateView:
    """The template of one of the actor's institutions; NotFound for another's."""
    row = session.scalar(scopes.organisations_of(actor).where(Organisation.id == organisation_id))
    if row is None:
        raise NotFound
    return _view(session, row)


def _view(session: Session, row: Organisation) -> TemplateView:
    last = newest(session, row.id)
    template = template_of(last.facts) if last else Template()
    return TemplateView(row.id, row.name, template, last.number if last else 0)


def newest(session: Session, organisation_id: uuid.UUID) -> PaperTemplate | None:
    """The row in use; None where nothing was chosen."""
    rows = select(PaperTemplate).where(PaperTemplate.organisation_id == organisation_id)
    return session.scalar(rows.order_by(PaperTemplate.number.desc()).limit(1))


def check(template: Template) -> Template:
    """The template as it would be kept.

    Refused: those of `domain.papers.check_template`, paper_sign_missing (the signs that no font of ours has).
    """
    checked = check_template(template)
    lacking = lettering.missing("".join((checked.title, checked.words, checked.signer, checked.note)))
    if lacking:
        raise Refused("paper_sign_missing", signs=lacking)
    return checked


def save(session: Session, actor: Actor, organisation_id: uuid.UUID, template: Template, *, now: datetime) -> int:
    """Uses this template from now on, and answers with its number; papers that have theirs keep it.

    NotFound for a stranger's institution; Refused as `check`. Saving what is in use changes nothing.
    """
    checked, view = check(template), get(session, actor, organisation_id)
    if view.number and view.template == checked:
        return view.number
    held = select(Organisation.id).where(Organisation.id == organisation_id).with_for_update()
    session.execute(held)  # two who save at once get two numbers
    mine = select(func.max(PaperTemplate.number)).where(PaperTemplate.organisation_id == organisation_id)
    number = (session.scalar(mine) or 0) + 1
    made = PaperTemplate(id=new_id(), organisation_id=organisation_id, number=number, facts=checked.facts())
    made.made_by, made.made_at = actor.account_id, now
    session.add(made)
    who = {"account_id": actor.account_id, "organisation_id": organisation_id}
    audit.record(session, SAVE, made.id, now=now, detail={"number": number}, **who)
    return number
