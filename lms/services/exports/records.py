"""The audit row that every export leaves, and what an export with whole numbers must say it is for."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from lms.domain.errors import Refused
from lms.domain.identity import holds_number
from lms.services import audit
from lms.services.scopes import Actor

LONGEST_PURPOSE = 200


def record(
    session: Session,
    actor: Actor,
    kind: str,
    asked: Mapping[str, object],
    *,
    file_format: str,
    rows: int,
    organisation_id: uuid.UUID | None,
    unmasked: bool = False,
    purpose: str = "",
    now: datetime,
) -> str:
    """Leaves the audit row of an export about to be sent or ordered; answers with the purpose as it is kept.

    `asked`: what was chosen, by ids, days and words of the report: no name, no number. `rows`: how many, or, where
    only making them tells, at most how many.
    Refused: export_purpose_missing (unmasked only), export_purpose_too_long, export_purpose_personal.
    """
    purpose = check_purpose(purpose, needed=unmasked)
    told = {"format": file_format, "masked": not unmasked, "purpose": purpose, "rows": rows}
    who = {"account_id": actor.account_id, "organisation_id": organisation_id}
    audit.record(session, "report.export", kind, now=now, detail={**asked, **told}, **who)
    return purpose


def check_purpose(text: str, *, needed: bool) -> str:
    """What an export is for, as it is kept. Refused: export_purpose_missing, _too_long, _personal."""
    purpose = " ".join(text.split())
    if needed and not purpose:
        raise Refused("export_purpose_missing")
    if len(purpose) > LONGEST_PURPOSE:
        raise Refused("export_purpose_too_long", longest=LONGEST_PURPOSE)
    if holds_number(purpose):  # no phone or identity number in the audit log
        raise Refused("export_purpose_personal")
    return purpose
