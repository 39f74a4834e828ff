"""What the desk reads: published versions, drafts with what is wrong in them, and differences."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms import clock
from lms.authoring.problems import Problem
from lms.domain.errors import NotFound
from lms.domain.roles import Role
from lms.domain.subsidies import SubsidyPolicy
from lms.domain.subsidy_policies import comparing
from lms.domain.subsidy_policies.comparing import Change
from lms.domain.subsidy_policies.drafts import DraftAct, DraftState
from lms.domain.subsidy_policies.resolving import in_force
from lms.models.accounts import Account
from lms.models.subsidies import SubsidyDraft, SubsidyDraftAct, SubsidyVersion
from lms.services import humans, scopes
from lms.services.scopes import Actor
from lms.services.subsidies import drafting, pinning, versions


@dataclass(frozen=True)
class VersionRow:
    """A published version. `policy`: as its file says it; `whole`: with its frames where it is silent.

    `holds`: whether it is the one of its place today; `classes`: how many are pinned to it.
    """

    id: uuid.UUID
    policy: SubsidyPolicy
    whole: SubsidyPolicy
    origin: str
    published_by: str
    published_at: datetime
    holds: bool
    classes: int
    text: str


@dataclass(frozen=True)
class ActRow:
    """One act on a draft."""

    act: DraftAct
    who: str
    note: str
    at: datetime


@dataclass(frozen=True)
class DraftRow:
    """A draft. `policy`: None while its text is none; `problems`: what keeps it from being published.

    `may_publish`: whether this reader is another human than its writers.
    """

    id: uuid.UUID
    origin_id: uuid.UUID
    origin_code: str
    state: DraftState
    edition: int
    text: str
    policy: SubsidyPolicy | None
    problems: tuple[Problem, ...]
    acts: tuple[ActRow, ...]
    changed_at: datetime
    may_publish: bool
    version_id: uuid.UUID | None


def list_versions(session: Session, actor: Actor, *, now: datetime) -> list[VersionRow]:
    """All versions, by place, the latest beginning first."""
    scopes.require(actor, Role.PLATFORM)
    rows = versions.all_versions(session)
    policies = [versions.policy_of(each.text, each.code) for each in rows]
    names = _names(session, [each.published_by for each in rows if each.published_by])
    counts, today = pinning.count_by_version(session), clock.civil_day(now)
    shown = [
        VersionRow(
            id=row.id,
            policy=policy,
            whole=versions.whole(policy, policies),
            origin=row.origin,
            published_by=names[row.published_by] if row.published_by else "",
            published_at=row.published_at,
            holds=in_force(policies, policy.jurisdiction, today) == policy,
            classes=counts.get(row.id, 0),
            text=row.text,
        )
        for row, policy in zip(rows, policies, strict=True)
    ]
    shown.sort(key=lambda each: each.policy.effective_from, reverse=True)
    return sorted(shown, key=lambda each: each.policy.jurisdiction)


def get_version(session: Session, actor: Actor, version_id: uuid.UUID, *, now: datetime) -> VersionRow:
    """One of them; NotFound for any other."""
    for each in list_versions(session, actor, now=now):
        if each.id == version_id:
            return each
    raise NotFound


def compare(
    session: Session, actor: Actor, before_id: uuid.UUID, after_id: uuid.UUID, *, now: datetime
) -> tuple[VersionRow, VersionRow, tuple[Change, ...]]:
    """Two versions and what changed from the first to the second; NotFound."""
    before, after = (get_version(session, actor, each, now=now) for each in (before_id, after_id))
    return before, after, comparing.compare(before.policy, after.policy)


def list_drafts(session: Session, actor: Actor) -> list[DraftRow]:
    """Drafts that are neither published nor withdrawn, the latest changed first."""
    scopes.require(actor, Role.PLATFORM)
    standing = SubsidyDraft.state.in_([DraftState.OPEN.value, DraftState.ASKED.value])
    rows = session.scalars(select(SubsidyDraft).where(standing).order_by(SubsidyDraft.changed_at.desc())).all()
    return [_draft(session, actor, each) for each in rows]


def get_draft(session: Session, actor: Actor, draft_id: uuid.UUID) -> DraftRow:
    """One draft, ended ones too; NotFound for any other."""
    scopes.require(actor, Role.PLATFORM)
    draft = session.get(SubsidyDraft, draft_id)
    if draft is None:
        raise NotFound
    return _draft(session, actor, draft)


def _draft(session: Session, actor: Actor, draft: SubsidyDraft) -> DraftRow:
    origin = session.get_one(SubsidyVersion, draft.origin_id)
    file, problems = drafting.read_draft(session, draft.text)
    me = humans.self_of(session, actor.account_id, actor.person_id)
    ended = draft.state in (DraftState.PUBLISHED, DraftState.WITHDRAWN)
    return DraftRow(
        id=draft.id,
        origin_id=origin.id,
        origin_code=origin.code,
        state=DraftState(draft.state),
        edition=draft.edition,
        text=draft.text,
        policy=file.policy,
        problems=() if ended else problems,
        acts=_acts(session, draft.id),
        changed_at=draft.changed_at,
        may_publish=me not in drafting.writers_of(session, draft.id),
        version_id=draft.version_id,
    )


def _acts(session: Session, draft_id: uuid.UUID) -> tuple[ActRow, ...]:
    query = select(SubsidyDraftAct, Account.name).join(Account, Account.id == SubsidyDraftAct.account_id)
    rows = session.execute(query.where(SubsidyDraftAct.draft_id == draft_id).order_by(SubsidyDraftAct.number))
    return tuple(ActRow(DraftAct(act.act), name, act.note, act.at) for act, name in rows)


def _names(session: Session, account_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    return dict(session.execute(select(Account.id, Account.name).where(Account.id.in_(account_ids))).all())
