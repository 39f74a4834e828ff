"""The desk of subsidy policies in a test: versions from the shipped files, drafts, classes that pin them."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from lms.authoring.subsidy_files import PolicyFile, read_text
from lms.domain.roles import Role
from lms.domain.subsidies import SubsidyPolicy
from lms.models.subsidies import SubsidyVersion
from lms.parts import Parts
from lms.services import subsidies
from lms.services.scopes import Actor
from lms.services.subsidies import DraftRow
from tests.support.cast import NOON, Cast, Stage

WORDS = "依据新的文件改的，请核对"


def shipped(code: str) -> PolicyFile:
    """A policy that ships with the program."""
    return next(each for each in subsidies.shipped_files() if each.policy and each.policy.code == code)


def text_of(code: str, begins: str = "2026-06-01", source: str = "LN-2023", **changes: str) -> str:
    """A new version's text: a shipped one with another code and first day, and `changes` from before to after."""
    text = shipped(source).text
    first = next(line for line in text.splitlines() if line.startswith("  from: "))
    text = text.replace(f"code: {source}\n", f"code: {code}\n", 1).replace(first, f"  from: {begins}", 1)
    for before, after in changes.items():
        assert before in text
        text = text.replace(before, after, 1)
    return text


def file_of(code: str, begins: str = "2026-06-01", **more: Any) -> PolicyFile:
    """The same as a file."""
    return read_text(text_of(code, begins, **more), f"{code}.yaml")


@dataclass
class PolicyDesk:
    """Two people of the platform's desk, with the shipped policies published."""

    parts: Parts
    cast: Cast
    second: Actor
    now: datetime = NOON

    def do(self, act: Callable[..., Any], *told: Any, by: Actor | None = None, **more: Any) -> Any:
        """One act of the desk at its moment."""
        with self.parts.database.transaction() as session:
            return act(session, by or self.cast.admin, *told, **more, now=self.now)

    def load(self, *files: PolicyFile) -> Any:
        """Publishes files, or those that ship."""
        with self.parts.database.transaction() as session:
            if files:
                return subsidies.load(session, files, now=self.now)
            return subsidies.load_shipped(session, now=self.now)

    def id_of(self, code: str) -> uuid.UUID:
        """The version of a code."""
        with self.parts.database.transaction(write=False) as session:
            return session.scalars(select(SubsidyVersion.id).where(SubsidyVersion.code == code)).one()

    def draft(self, text: str | None = None, source: str = "LN-2023") -> uuid.UUID:
        """A draft of the first person's."""
        made: uuid.UUID = self.do(subsidies.make, self.id_of(source))
        if text is not None:
            self.do(subsidies.change, made, text, self.read(made).edition)
        return made

    def asked(self, text: str) -> uuid.UUID:
        """A draft that waits for the second person."""
        made = self.draft(text)
        self.do(subsidies.ask, made, WORDS, edition=self.read(made).edition)
        return made

    def publish(self, draft_id: uuid.UUID, by: Actor | None = None, **more: Any) -> uuid.UUID:
        """The second person's yes."""
        told = {"edition": self.read(draft_id).edition} | more
        made: uuid.UUID = self.do(subsidies.publish, draft_id, WORDS, by=by or self.second, **told)
        return made

    def read(self, draft_id: uuid.UUID, by: Actor | None = None) -> DraftRow:
        """A draft as its page shows it."""
        with self.parts.database.transaction(write=False) as session:
            return subsidies.get_draft(session, by or self.cast.admin, draft_id)

    def pinned(self, *cohorts: uuid.UUID) -> dict[uuid.UUID, SubsidyPolicy]:
        """What these classes pin."""
        with self.parts.database.transaction(write=False) as session:
            return subsidies.policies_of(session, cohorts)

    def pass_days(self, days: int) -> None:
        """It is so much later."""
        self.now += timedelta(days=days)


def policy_desk(parts: Parts, cast: Cast) -> PolicyDesk:
    """The desk with everything that ships."""
    with parts.database.transaction() as session:
        on = Stage(session, parts.keyring)
        second = on.account("fengyan", "冯燕", role=Role.PLATFORM, organisation_id=None)
    desk = PolicyDesk(parts, cast, second)
    desk.load()
    return desk
