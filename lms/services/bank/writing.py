"""Questions come, change, go and come back: an edit is a new revision, nothing is overwritten."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from lms.adapters.objects import Store
from lms.authoring.assets import PICTURES, sniffed
from lms.domain.bank import Entry, clean
from lms.domain.bank_rules import find_faults
from lms.domain.bank_twins import content_hash, essence
from lms.domain.courses import Asset
from lms.domain.errors import Conflict, NotFound, Refused
from lms.models.bank import BankQuestion, BankRevision
from lms.models.base import new_id
from lms.services import assets, audit, scopes
from lms.services.bank import bodies
from lms.services.bank.places import Place
from lms.services.scopes import Actor

ACTIVE, RETIRED = "active", "retired"
CREATE, IMPORT, EDIT = "create", "import", "edit"
_SUFFIXES = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


def add(session: Session, actor: Actor, place: Place, entry: Entry, *, now: datetime) -> uuid.UUID:
    """Puts one question into the bank and tells its id. Refused: the code of its first fault."""
    made = clean(entry)
    require_sound(made, place)
    (question_id,) = add_all(session, actor, place, [made], act=CREATE, batch_id=None, now=now)
    _note(session, actor, "bank.create", question_id, place.organisation_id, now)
    return question_id


def add_all(
    session: Session,
    actor: Actor,
    place: Place,
    entries: Sequence[Entry],
    *,
    act: str,
    batch_id: uuid.UUID | None,
    now: datetime,
) -> list[uuid.UUID]:
    """Puts sound entries into the bank as they are, a thousand as quickly as one."""
    ids = sorted(new_id() for _ in entries)  # in the order of the file, also where a millisecond makes several
    home = {"organisation_id": place.organisation_id, "course_slug": place.course_slug, "batch_id": batch_id}
    stamps = {"created_at": now, "changed_at": now, "state": ACTIVE, "revision": 1}
    rows = [{"id": made, **home, **stamps, **_facts(entry)} for made, entry in zip(ids, entries, strict=True)]
    revisions = [_revision(made, 1, act, entry, actor, now) for made, entry in zip(ids, entries, strict=True)]
    if rows:
        session.execute(insert(BankQuestion), rows)
        session.execute(insert(BankRevision), revisions)
    return ids


def change(
    session: Session,
    actor: Actor,
    place: Place,
    question_id: uuid.UUID,
    entry: Entry,
    begun_with: int,
    *,
    now: datetime,
) -> int:
    """Writes a new revision and tells its number; the same words again are none.

    NotFound; Conflict("bank_changed") when somebody changed it since revision `begun_with`; Refused as `add`.
    """
    question = _hold(session, actor, question_id)
    if question.revision != begun_with:
        raise Conflict("bank_changed")
    made = clean(entry)
    require_sound(made, place)
    held = session.get_one(BankRevision, (question.id, question.revision))
    if bodies.to_json(made) == held.body:
        return question.revision
    question.revision += 1
    question.changed_at = now
    for name, value in _facts(made).items():
        setattr(question, name, value)
    session.execute(insert(BankRevision), [_revision(question.id, question.revision, EDIT, made, actor, now)])
    _note(session, actor, "bank.change", question.id, question.organisation_id, now)
    return question.revision


def retire(session: Session, actor: Actor, question_id: uuid.UUID, *, now: datetime) -> None:
    """Takes a question out of use; what was answered stays. NotFound."""
    _move(session, actor, question_id, RETIRED, now)


def restore(session: Session, actor: Actor, question_id: uuid.UUID, *, now: datetime) -> None:
    """Brings a retired question back into use. NotFound."""
    _move(session, actor, question_id, ACTIVE, now)


def keep_picture(store: Store, data: bytes) -> Asset:
    """Stores a picture, written anew, for a question. Refused: asset_kind, asset_too_big, picture_*."""
    kind = sniffed(data)
    if kind not in PICTURES:
        raise Refused("asset_kind", path="")
    return assets.keep(store, f"assets/picture.{_SUFFIXES[kind]}", data)


def require_sound(entry: Entry, place: Place) -> None:
    """Refused with the code of the first fault and its values."""
    for fault in find_faults(entry, place.objective_ids):
        raise Refused(fault.code, where=fault.place, **fault.values)


def _move(session: Session, actor: Actor, question_id: uuid.UUID, state: str, now: datetime) -> None:
    question = _hold(session, actor, question_id)
    if question.state != state:
        question.state = state
        question.changed_at = now
        act = "bank.retire" if state == RETIRED else "bank.restore"
        _note(session, actor, act, question.id, question.organisation_id, now)


def _hold(session: Session, actor: Actor, question_id: uuid.UUID) -> BankQuestion:
    """The question, held until the end of the transaction."""
    found = session.scalar(scopes.bank_of(actor).where(BankQuestion.id == question_id).with_for_update())
    if found is None:
        raise NotFound
    return found


def _facts(entry: Entry) -> dict[str, object]:
    return {
        "objective": entry.objective,
        "type": entry.item.type.value,
        "difficulty": entry.difficulty,
        "tags": "".join(f"|{tag}" for tag in entry.tags) + "|" if entry.tags else "",
        "words": essence(entry.item),
        "content_hash": content_hash(entry.item),
    }


def _revision(
    question_id: uuid.UUID, number: int, act: str, entry: Entry, actor: Actor, now: datetime
) -> dict[str, object]:
    return {
        "question_id": question_id,
        "number": number,
        "act": act,
        "body": bodies.to_json(entry),
        "content_hash": content_hash(entry.item),
        "changed_by": actor.account_id,
        "changed_at": now,
    }


def _note(
    session: Session, actor: Actor, act: str, question_id: uuid.UUID, organisation_id: uuid.UUID, now: datetime
) -> None:
    audit.record(session, act, question_id, now=now, account_id=actor.account_id, organisation_id=organisation_id)
