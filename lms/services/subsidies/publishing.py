"""Publishing versions: from files of the program's, or from a draft; what is published is never changed."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from lms.authoring.subsidy_files import PolicyFile, check_together
from lms.domain.errors import Refused
from lms.models.base import new_id
from lms.models.subsidies import SubsidyVersion
from lms.services import audit
from lms.services.subsidies import pinning, versions

SHIPPED, EDITED = "shipped", "edited"


@dataclass(frozen=True)
class Loaded:
    """What `load` did: codes that are new, and those that were there; classes that got their first pin."""

    added: tuple[str, ...]
    known: tuple[str, ...]
    pinned: int


def load_shipped(session: Session, *, now: datetime) -> Loaded:
    """Publishes those of them that are not yet there. See `load`."""
    return load(session, versions.shipped_files(), now=now)


def load(session: Session, files: Sequence[PolicyFile], *, now: datetime) -> Loaded:
    """Publishes the policies of files, each once: a text that is there already is left alone.

    Refused: subsidy_faults (n), subsidy_version_edited (policy) for another text under a code that is taken: what is
    published is never changed, a change is a version with a code of its own.
    """
    versions.lock(session)
    standing = {each.code: each.digest for each in versions.all_versions(session)}
    for file in files:
        if file.policy and standing.get(file.policy.code, file.digest) != file.digest:
            raise Refused("subsidy_version_edited", policy=file.policy.code)
    new = [file for file in files if file.policy is None or file.policy.code not in standing]
    faults = [each for file in new for each in file.problems] + list(
        check_together(new, versions.all_policies(session))
    )
    if faults:
        raise Refused("subsidy_faults", n=len(faults))
    added = [add(session, file, SHIPPED, None, now=now).code for file in new]
    known = [file.policy.code for file in files if file.policy and file.policy.code in standing]
    return Loaded(tuple(added), tuple(known), pinning.pin_missing(session, now=now))


def add(
    session: Session, file: PolicyFile, origin: str, account_id: uuid.UUID | None, *, now: datetime
) -> SubsidyVersion:
    """Freezes a sound file as a version, and pins it to classes that have not opened by the day it holds on."""
    if (policy := file.policy) is None:
        raise Refused("subsidy_faults", n=len(file.problems))
    made = SubsidyVersion(
        id=new_id(),
        code=policy.code,
        jurisdiction=policy.jurisdiction,
        title=policy.title,
        effective_from=policy.effective_from,
        effective_to=policy.effective_to,
        text=file.text,
        digest=file.digest,
        origin=origin,
        published_by=account_id,
        published_at=now,
    )
    session.add(made)
    session.flush()
    detail = {"code": policy.code, "digest": file.digest, "origin": origin}
    audit.record(session, "subsidy.publish", made.id, now=now, account_id=account_id, detail=detail)
    pinning.repin(session, made, now=now)
    return made
