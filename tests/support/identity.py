"""Changes of names and numbers through the services, for tests of what comes of them."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lms.domain.changes import ChangeDecision
from lms.domain.documents import DocumentType
from lms.domain.roles import Role
from lms.models.accounts import Membership
from lms.parts import Parts
from lms.services import identity
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast

REASON = "登记时看错了证件上的字"
NOTE = "看过证件原件，确实如此"
LIFANG, CHENMO, FREE = "219999198501010026", "219999198501010018", "509999199006150033"


@dataclass
class Office:
    """周敏 proposes of 李芳, and others decide."""

    parts: Parts
    cast: Cast
    now: datetime = NOON

    def name(self, name: str, reason: str = REASON, **who: Any) -> uuid.UUID:
        """Proposes another name for 李芳."""
        actor, enrollment = who.get("actor", self.cast.zhoumin), who.get("enrollment", self.cast.enrollment)
        with self.parts.database.transaction() as session:
            return identity.propose_name(session, self.parts.keyring, actor, enrollment, name, reason, now=self.now)

    def number(self, number: str, document: uuid.UUID | None = None, **who: Any) -> uuid.UUID:
        """Proposes the right number of a document of hers, or one more document."""
        actor, enrollment = who.get("actor", self.cast.zhoumin), who.get("enrollment", self.cast.enrollment)
        kind = who.get("kind", DocumentType.RESIDENT_ID)
        with self.parts.database.transaction() as session:
            keyring = self.parts.keyring
            return identity.propose_number(
                session, keyring, actor, enrollment, document, kind, number, REASON, now=self.now
            )

    def decide(self, change: uuid.UUID, *, yes: bool = True, living: uuid.UUID | None = None, **who: Any) -> None:
        """The platform says yes, unless told otherwise."""
        actor, desk = who.get("actor", self.cast.admin), who.get("desk", Role.PLATFORM)
        decision = ChangeDecision.APPROVED if yes else ChangeDecision.REJECTED
        with self.parts.database.transaction() as session:
            identity.decide(session, self.parts.keyring, actor, desk, change, decision, NOTE, living, now=self.now)

    def join(self) -> None:
        """李芳 and 陈默 are found to be one human; 李芳 lives on."""
        self.decide(self.number(CHENMO), living=self.cast.lifang.person_id)

    def colleague(self) -> Actor:
        """王磊 works at 康宁's desk as well."""
        with self.parts.database.transaction() as session:
            place = {"account_id": self.cast.wanglei.account_id, "organisation_id": self.cast.kangning}
            session.add(Membership(**place, role=Role.INSTITUTION.value))
        roles = self.cast.wanglei.roles | {(Role.INSTITUTION, self.cast.kangning)}
        return Actor(self.cast.wanglei.account_id, None, "王磊", roles)
