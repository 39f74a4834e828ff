"""A learner's levels, certificates and credits for other programs: one JSON document, described in docs/skills.md."""

import hashlib
import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from lms.crypto import PAYLOAD, Keyring
from lms.domain.credits import Entry
from lms.domain.levels import GRADES, NAMES, Level, Step
from lms.models.enrollments import Enrollment
from lms.services import audit
from lms.services.scopes import Actor
from lms.services.skills import tables
from lms.services.skills.profile import Profile, get_own_profile, get_profile
from lms.services.skills.reading import QualificationRow

FORMAT = "kangxue-skills/1"
ACTION = "skills.export"
Document = dict[str, Any]


def export_own(session: Session, keyring: Keyring, actor: Actor, *, now: datetime) -> Document:
    """The learner's own document, over all her employers; that she took it is on record."""
    found = get_own_profile(session, keyring, actor, now=now)
    audit.record(session, ACTION, actor.person_id, now=now, account_id=actor.account_id)
    return _document(session, found, now)


def export_of_learner(
    session: Session, keyring: Keyring, actor: Actor, enrollment_id: uuid.UUID, *, now: datetime
) -> Document:
    """What an institution knows of its learner, as the same document; on record."""
    found = get_profile(session, keyring, actor, enrollment_id, now=now)
    place = session.get_one(Enrollment, enrollment_id).cohort.organisation_id
    audit.record(session, ACTION, enrollment_id, now=now, account_id=actor.account_id, organisation_id=place)
    return _document(session, found, now)


def _document(session: Session, profile: Profile, now: datetime) -> Document:
    told = {"format": FORMAT, "made_at": now.isoformat(), "name": profile.name, **parts_of(session, profile)}
    return told | {"sha256": digest(told)}


def parts_of(session: Session, profile: Profile) -> Document:
    """Levels, certificates from elsewhere and credits, as every document for programs tells them."""
    digests = tables.digests(session)
    return {
        "levels": [_level(profile, step) for steps in profile.steps.values() for step in steps],
        "certificates": [_certificate(each) for each in profile.certificates],
        "credits": [_entry(profile, each, digests) for each in profile.entries],
        "sums": [
            {"scheme": each.scheme, "confirmed": _number(each.confirmed), "unconfirmed": _number(each.unconfirmed)}
            for each in profile.sums
        ],
    }


def digest(told: Mapping[str, Any]) -> str:
    """SHA-256 of a document without its own digest: UTF-8, keys sorted, no blanks."""
    return hashlib.sha256(PAYLOAD.encode(told).encode()).hexdigest()


def _level(profile: Profile, step: Step) -> Document:
    grant = step.grant
    holding = profile.current.get(grant.occupation)
    return {
        "occupation": grant.occupation,
        **_named(grant.level),
        "on": _day(grant.on),
        "until": _day(grant.until),
        "move": step.move.value,
        "skipped": [int(level) for level in step.skipped],
        "is_current": holding is not None and holding.source == grant.source,
        "certificate": str(grant.source),
    }


def _named(level: Level) -> Document:
    return {"level": int(level), "level_name": NAMES[level], "grade": GRADES.get(level)}


def _certificate(row: QualificationRow) -> Document:
    told = row.told
    verdict = row.level_verdict
    return {
        "id": str(row.id),
        "kind": told.kind.value,
        "occupation": told.occupation,
        "level": None if told.level is None else int(told.level),
        "issuer": told.issuer,
        "issuer_code": told.issuer_code or None,
        "number_masked": row.number,
        "issued_on": _day(told.issued_on),
        "valid_until": _day(told.valid_until),
        "state": row.state.value,
        "bears_level": verdict.is_yes,
        "reasons": [reason.code for reason in (*verdict.unmet, *verdict.unsure)],
        "words": [
            {"state": word.state.value, "way": word.way.value if word.way else None, "at": word.at.isoformat()}
            for word in row.words
        ],
    }


def _entry(profile: Profile, entry: Entry, digests: Mapping[str, str]) -> Document:
    achieved, table = entry.achievement, entry.table
    return {
        "scheme": table.scheme,
        "table": table.code,
        "table_sha256": digests[table.code],
        "source": table.source,
        "confirmed": table.confirmed,
        "basis": achieved.key.basis.value,
        "name": achieved.key.name,
        "detail": achieved.key.detail or None,
        "title": achieved.title,
        "on": _day(achieved.on),
        "class_hours": _number(achieved.hours),
        "evidence": str(achieved.source),
        "record_code": profile.codes.get(achieved.source),
        "target": entry.row.target,
        "credits": _number(entry.credits),
        "is_repeat": entry.is_repeat,
    }


def _number(hundredths: int) -> str:
    """Two places, as text: no program rounds it on the way."""
    return f"{hundredths // 100}.{hundredths % 100:02}"


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
