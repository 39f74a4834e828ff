"""Published versions as they were frozen, and the files that ship with the program."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms import resources
from lms.authoring.subsidy_files import SUFFIX, PolicyFile, read_file, read_text
from lms.domain.errors import Refused
from lms.domain.subsidies import SubsidyPolicy
from lms.domain.subsidy_policies.resolving import chain_of, resolved
from lms.models.subsidies import SubsidyVersion


@lru_cache(maxsize=256)
def policy_of(text: str, code: str) -> SubsidyPolicy:
    """The policy of a published text; it was checked before it was published."""
    policy = read_text(text, f"{code}{SUFFIX}").policy
    if policy is None:
        raise Refused("subsidy_broken", policy=code)
    return policy


def lock(session: Session) -> None:
    """Publishing and approving wait for each other, so that no class misses a version that is on its way."""
    session.scalar(select(SubsidyVersion.id).order_by(SubsidyVersion.id).limit(1).with_for_update())


def all_versions(session: Session) -> Sequence[SubsidyVersion]:
    """Every published version, in the order of publication."""
    return session.scalars(select(SubsidyVersion).order_by(SubsidyVersion.published_at, SubsidyVersion.id)).all()


def all_policies(session: Session) -> list[SubsidyPolicy]:
    """The policies of all of them."""
    return [policy_of(each.text, each.code) for each in all_versions(session)]


def whole(policy: SubsidyPolicy, others: Iterable[SubsidyPolicy]) -> SubsidyPolicy:
    """A policy with the terms of its frames where it is silent, as of its own first day or any later one."""
    known = {each.code: each for each in others}
    latest = max([policy.effective_from, *(each.effective_from for each in known.values())])
    return resolved(chain_of(policy, known, latest))


def whole_now(session: Session, policy: SubsidyPolicy) -> SubsidyPolicy:
    """The same beside everything that is published. Refused: subsidy_frame_unknown, subsidy_frame_circle."""
    return whole(policy, all_policies(session))


def shipped_files() -> list[PolicyFile]:
    """The policies that ship with the program."""
    places = sorted(resources.find("subsidies").glob(f"*{SUFFIX}"))
    return [read_file(place, place.name) for place in places]
