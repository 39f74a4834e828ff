"""What programs read: a page of records of one kind; what an authority's reads is on record like any look."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lms.domain.errors import NotFound
from lms.domain.exchange import ChangeKind, Scope
from lms.domain.roles import Role
from lms.services import looks
from lms.services.exchange import attendance, feed, records
from lms.services.exchange.feed import Asked, Listing
from lms.services.exchange.records import Entry, Reading, Record
from lms.services.scopes import Actor

Read = Callable[[Reading, Sequence[Entry]], list[Record]]


@dataclass(frozen=True)
class Resource:
    """A kind of record: its name in addresses, the scope it needs, what orders its changes, how it is read."""

    name: str
    scope: Scope
    kind: ChangeKind
    read: Read | None = None


COHORTS = Resource("cohorts", Scope.COHORTS, ChangeKind.COHORT)
RESOURCES = (
    COHORTS,
    Resource("learners", Scope.LEARNERS, ChangeKind.LEARNER, records.learners),
    Resource("enrollments", Scope.ENROLLMENTS, ChangeKind.ENROLLMENT, records.enrollments),
    Resource("completion", Scope.COMPLETION, ChangeKind.COMPLETION, records.completions),
    Resource("study-time", Scope.STUDY, ChangeKind.STUDY, records.study_times),
    Resource("certificates", Scope.CERTIFICATES, ChangeKind.CERTIFICATE, records.certificates),
    Resource("attendance", Scope.ATTENDANCE, ChangeKind.ATTENDANCE, attendance.attendances),
    Resource("scores", Scope.SCORES, ChangeKind.SCORE, records.scores),
)


@dataclass(frozen=True)
class Page:
    """A page as it is answered: `removed` are ids of what is gone; `following` is None at the end."""

    items: tuple[Record, ...]
    removed: tuple[uuid.UUID, ...]
    following: str | None
    changed_since: str


def page(on: Reading, actor: Actor, role: Role, resource: Resource, asked: Asked) -> Page:
    """The page asked for. NotFound for a stranger's cohort; Refused: cursor_unknown."""
    cut = feed.cut(on.session, actor, role, resource.kind, asked)
    items = _read(on, actor, role, resource, cut.ids)
    following = feed.write(on.keyring, resource.kind, cut.following) if cut.following else None
    return Page(tuple(items), cut.gone, following, feed.write(on.keyring, resource.kind, cut.since))


def one(on: Reading, actor: Actor, role: Role, resource: Resource, subject_id: uuid.UUID) -> Record:
    """The record of one cohort or enrollment; NotFound for anybody else's, and where there is none."""
    ids = feed.among(on.session, actor, role, resource.kind, [subject_id])
    for record in _read(on, actor, role, resource, ids):
        return record
    raise NotFound


def _read(on: Reading, actor: Actor, role: Role, resource: Resource, ids: Sequence[uuid.UUID]) -> list[Record]:
    if resource.read is None:
        found = records.cohorts(on, ids)
        seen = {(each["organisation"], each["organisation"], "institution") for each in found}
    else:
        entries = records.entries(on, ids)
        found = resource.read(on, entries)
        seen = {(each.cohort.organisation_id, each.cohort.id, "api") for each in entries}
    if role is not Role.INSTITUTION:
        for organisation_id, subject, place in sorted(seen):
            looks.record(on.session, actor, place, subject, organisation_id=organisation_id, now=on.now)
    return found


def start_of(on: Reading, resource: Resource, cursor: str | None, changed_since: str | None) -> Listing | feed.Since:
    """Where a page begins: at a cursor, at changes, or at the beginning. Refused: cursor_unknown."""
    if cursor is not None:
        return feed.read(on.keyring, resource.kind, cursor, where="cursor")
    if changed_since is not None:
        return feed.read_since(on.keyring, resource.kind, changed_since)
    return Listing()
