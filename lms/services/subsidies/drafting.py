"""Drafts of new versions: anybody of the desk writes, one asks, another human reads and publishes."""

import uuid
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.authoring.problems import Problem
from lms.authoring.subsidy_files import SUFFIX, PolicyFile, check_together, digest_of, read_text
from lms.domain.errors import NotFound, Refused
from lms.domain.roles import Role
from lms.domain.subsidy_policies import drafts
from lms.domain.subsidy_policies.drafts import DraftAct, DraftState
from lms.domain.words import check_words
from lms.models.base import new_id
from lms.models.subsidies import SubsidyDraft, SubsidyDraftAct, SubsidyVersion
from lms.services import audit, humans, scopes
from lms.services.scopes import Actor
from lms.services.subsidies import pinning, publishing, versions


def make(session: Session, actor: Actor, version_id: uuid.UUID, *, now: datetime) -> uuid.UUID:
    """A draft that begins with the text of a version. NotFound; Forbidden: role_needed."""
    scopes.require(actor, Role.PLATFORM)
    origin = session.get(SubsidyVersion, version_id)
    if origin is None:
        raise NotFound
    made = SubsidyDraft(
        id=new_id(),
        origin_id=origin.id,
        text=origin.text,
        state=DraftState.OPEN.value,
        edition=1,
        created_at=now,
        changed_at=now,
    )
    session.add(made)
    session.flush()
    _note(session, actor, made, DraftAct.MAKE, "", now)
    return made.id


def change(session: Session, actor: Actor, draft_id: uuid.UUID, text: str, edition: int, *, now: datetime) -> None:
    """Keeps a text, sound or not: what is wrong with it is told beside it, and keeps it from being asked for.

    Refused: subsidy_text_long; Conflict: subsidy_draft_step, subsidy_draft_changed.
    """
    draft = held(session, actor, draft_id)
    after = drafts.step(draft.state, DraftAct.CHANGE)
    drafts.check_edition(edition, draft.edition)
    plain = drafts.check_text(text)
    if plain == draft.text:
        return
    draft.text, draft.state, draft.changed_at = plain, after.value, now
    draft.edition += 1
    _note(session, actor, draft, DraftAct.CHANGE, "", now)


def ask(session: Session, actor: Actor, draft_id: uuid.UUID, note: str, *, edition: int, now: datetime) -> None:
    """Asks another human to read and publish it; until then nothing in it changes.

    Refused: subsidy_faults (n), words_*; Conflict: subsidy_draft_step, subsidy_draft_changed.
    """
    draft = held(session, actor, draft_id)
    after = drafts.step(draft.state, DraftAct.ASK)
    drafts.check_edition(edition, draft.edition)
    _sound(session, draft)
    words = check_words(note)
    draft.state = after.value
    _note(session, actor, draft, DraftAct.ASK, words, now)


def send_back(session: Session, actor: Actor, draft_id: uuid.UUID, note: str, *, now: datetime) -> None:
    """Gives it back to be changed, in words. Refused: words_*; Conflict: subsidy_draft_step."""
    _end(session, actor, draft_id, DraftAct.RETURN, check_words(note), now)


def withdraw(session: Session, actor: Actor, draft_id: uuid.UUID, *, now: datetime) -> None:
    """Ends a draft for good; its text and its acts stay on record. Conflict: subsidy_draft_step."""
    _end(session, actor, draft_id, DraftAct.WITHDRAW, "", now)


def publish(
    session: Session, actor: Actor, draft_id: uuid.UUID, note: str, *, edition: int, now: datetime
) -> uuid.UUID:
    """A human who wrote none of it publishes what she has read; nobody can change it from then on.

    Forbidden: subsidy_second_person; Refused: subsidy_faults (n), words_*; Conflict: subsidy_draft_step,
    subsidy_draft_changed.
    """
    draft = held(session, actor, draft_id)
    after = drafts.step(draft.state, DraftAct.PUBLISH)
    drafts.check_edition(edition, draft.edition)
    drafts.check_second(writers_of(session, draft.id), humans.self_of(session, actor.account_id, actor.person_id))
    words = check_words(note)
    versions.lock(session)
    version = publishing.add(session, _sound(session, draft), publishing.EDITED, actor.account_id, now=now)
    pinning.pin_missing(session, now=now)
    draft.state, draft.version_id = after.value, version.id
    _note(session, actor, draft, DraftAct.PUBLISH, words, now)
    return version.id


def held(session: Session, actor: Actor, draft_id: uuid.UUID) -> SubsidyDraft:
    """A draft, locked to act on it. NotFound; Forbidden: role_needed."""
    scopes.require(actor, Role.PLATFORM)
    query = select(SubsidyDraft).where(SubsidyDraft.id == draft_id).with_for_update()
    draft = session.scalar(query.execution_options(populate_existing=True))
    if draft is None:
        raise NotFound
    return draft


def writers_of(session: Session, draft_id: uuid.UUID) -> set[uuid.UUID]:
    """The humans who wrote a part of it or asked for it, by whichever of their accounts."""
    writing = SubsidyDraftAct.act.in_([each.value for each in drafts.WRITING])
    query = select(SubsidyDraftAct.account_id).where(SubsidyDraftAct.draft_id == draft_id, writing)
    return set(humans.selves(session, set(session.scalars(query))).values())


def read_draft(session: Session, text: str) -> tuple[PolicyFile, tuple[Problem, ...]]:
    """A text as it would be published: the policy, and everything that is wrong with it, by line."""
    file = read_text(text, f"draft{SUFFIX}")
    beside = check_together([file], versions.all_policies(session))
    return file, tuple(sorted((*file.problems, *beside), key=lambda each: each.line))


def _sound(session: Session, draft: SubsidyDraft) -> PolicyFile:
    file, problems = read_draft(session, draft.text)
    if problems:
        raise Refused("subsidy_faults", n=len(problems))
    return file


def _end(session: Session, actor: Actor, draft_id: uuid.UUID, act: DraftAct, note: str, now: datetime) -> None:
    draft = held(session, actor, draft_id)
    draft.state = drafts.step(draft.state, act).value
    _note(session, actor, draft, act, note, now)


def _note(session: Session, actor: Actor, draft: SubsidyDraft, act: DraftAct, note: str, now: datetime) -> None:
    last = select(func.coalesce(func.max(SubsidyDraftAct.number), 0)).where(SubsidyDraftAct.draft_id == draft.id)
    session.add(
        SubsidyDraftAct(
            draft_id=draft.id,
            number=session.scalars(last).one() + 1,
            act=act.value,
            note=note,
            digest=digest_of(draft.text),
            account_id=actor.account_id,
            at=now,
        )
    )
    session.flush()
    detail = {"edition": draft.edition}
    audit.record(session, f"subsidy.{act.value}", draft.id, now=now, account_id=actor.account_id, detail=detail)
