"""Names and documents in a dossier: what was changed of who a learner is on record as, and by whom."""

import uuid
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from lms.adapters.sheets import Cell
from lms.crypto import Keyring
from lms.domain.changes import ChangeKind
from lms.domain.documents import mask_number
from lms.models.people import IdentityChange, IdentityDecision, PersonName
from lms.services import sealed
from lms.services.dossiers.frame import Frame, at
from lms.services.dossiers.words import said

Row = list[Cell]
IDENTITY_HEADS = (
    "变更编号", "序号", "姓名", "改什么", "证件类型", "原来", "改成", "原因", "提出人", "提出时间（北京）",
    "结果",
    "核对说明", "核对人", "核对时间（北京）",
)  # fmt: skip
ELSEWHERE = "（在别的机构改的）"
Told = tuple[datetime, uuid.UUID, Row]


def changes(frame: Frame, keyring: Keyring) -> Iterator[Row]:
    """姓名证件更正, by the moment it was asked for; of what another institution asked for, the name and its day.

    That a learner was found to be the same human as another person is no institution's to know (decision 0071).
    """
    found = [*_own(frame, keyring), *_elsewhere(frame)]
    yield from (row for _moment, _id, row in sorted(found, key=lambda each: each[:2]))


def _own(frame: Frame, keyring: Keyring) -> Iterator[Told]:
    said_so = (IdentityDecision.change_id == IdentityChange.id) & (IdentityDecision.decided_at < frame.as_of)
    rows = (
        select(IdentityChange, IdentityDecision)
        .outerjoin(IdentityDecision, said_so)
        .where(IdentityChange.organisation_id == frame.cohort.organisation_id)
        .where(IdentityChange.person_id.in_(frame.person_ids), IdentityChange.proposed_at < frame.as_of)
    )
    for each, answer in frame.session.execute(rows):
        before, after = (_side(frame, keyring, each, side) for side in ("before", "after"))
        told = (answer.note, frame.staff(answer.decided_by), at(answer.decided_at)) if answer else ("", "", "")
        yield (
            each.proposed_at,
            each.id,
            [
                *(str(each.id), *frame.who_is(each.person_id), said("change", each.kind)),
                *(said("document", each.document_type), before, after, each.reason, frame.staff(each.proposed_by)),
                *(at(each.proposed_at), said("decision", answer.decision if answer else ""), *told),
            ],
        )


def _side(frame: Frame, keyring: Keyring, change: IdentityChange, side: str) -> str:
    kept = change.before_sealed if side == "before" else change.after_sealed
    text = sealed.open_change(keyring, change.id, side, kept) if kept else ""
    return mask_number(text) if frame.masked and change.kind != ChangeKind.NAME else text


def _elsewhere(frame: Frame) -> Iterator[Told]:
    """A new name that another institution brought."""
    rows = (
        select(PersonName)
        .join(IdentityChange, IdentityChange.id == PersonName.change_id)
        .where(IdentityChange.organisation_id != frame.cohort.organisation_id)
        .where(PersonName.person_id.in_(frame.person_ids), PersonName.since < frame.as_of)
    )
    for each in frame.session.scalars(rows):
        moment = at(each.since)
        told: Row = ["", *frame.who_is(each.person_id), said("change", ChangeKind.NAME), "", "", each.name, ELSEWHERE]
        yield each.since, each.id, [*told, "", moment, said("decision", "approved"), "", "", moment]
