"""Erasure: personal columns are overwritten, evidence stays whole, and a ledger outside of the database remembers it.

Evidence holds ids, counts and hashes, never a name (study-time.md I17), so the chain and its tree do not change.
What the database refuses to change (words of cases, reasons of corrections) holds no number by rule and stays.
"""

import json
import re
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Table, delete, select, update
from sqlalchemy.orm import Session

from lms.adapters.objects import Store
from lms.crypto import Keyring
from lms.domain.identity import GONE, DocumentType
from lms.domain.levels import OCCUPATIONS
from lms.models.accounts import Account, LoginCode, LoginGuard, LoginSession
from lms.models.attendance import AttendanceLeave
from lms.models.enrollments import Enrollment
from lms.models.filings import RosterChange
from lms.models.pasts import EnrollmentDeparture, PersonNumberPast
from lms.models.people import DocumentCheck, IdentityChange, IdentityDecision, Person, PersonDocument, PersonName
from lms.models.records import RecordHolder
from lms.models.rights import Erasure, MonthlyStatement, PersonalExport, Restriction, RightsRequest
from lms.models.rosters import EnrollmentDetail, RosterRow
from lms.models.shares import Share, ShareRecord
from lms.models.skills import Qualification
from lms.services import archives, audit, humans, jobs, media, practice, sealed
from lms.services.rights import subsidies
from lms.services.rights.gone import Overwrite
from lms.services.rights.keys import export_key

NOTE = "rights.note"
FOLDER = "erasures"
SEALED = r"_sealed$|^pid$|(phone|document|pid)_index$"
IDS = {"person_id": "person", "request_id": "request", "proposed_by": "proposed_by", "approved_by": "approved_by"}


def erase(session: Session, keyring: Keyring, request: RightsRequest, *, now: datetime) -> None:
    """Overwrites what tells who she was, under every person she is on record as, and has the ledger written outside of
    the database after the commit."""
    agreed = {"request_id": request.id, "proposed_by": request.decided_by, "approved_by": request.second_by}
    for person_id in humans.bodies(session, request.person_id):
        overwrite(session, keyring, person_id, now)
        if session.get(Erasure, person_id) is None:
            session.add(Erasure(person_id=person_id, erased_at=now, **agreed))
        jobs.enqueue(session, NOTE, f"erasure:{person_id}", {"person_id": str(person_id)}, now=now)
    session.flush()


def overwrite(session: Session, keyring: Keyring, person_id: uuid.UUID, now: datetime) -> None:
    """Everything that tells who a person was, table by table; to do it twice is harmless."""
    for each in OVERWRITES:
        each(session, keyring, person_id, now)
    session.flush()


def _pasts(session: Session, _keyring: Keyring, person_id: uuid.UUID, _now: datetime) -> None:
    """What reports of past days say of her: also as somebody who was entered once, taken out and forgotten."""
    pids = set(session.scalars(select(PersonDocument.pid).where(PersonDocument.person_id == person_id)))
    pids.add(session.get_one(Person, person_id).pid)
    hers = (EnrollmentDeparture.person_id == person_id) | EnrollmentDeparture.pid.in_(pids)
    forgotten = {person_id}
    for row in session.scalars(select(EnrollmentDeparture).where(hers)):
        forgotten.add(row.person_id)
        row.told = {**row.told, "names": [[row.created_at.isoformat(), GONE]]}
        row.pid, row.document_sealed = f"erased:{row.enrollment_id.hex}", ""
    numbers = update(PersonNumberPast).where(PersonNumberPast.person_id.in_(forgotten))
    session.execute(numbers.values(document_sealed=""))


def classes_of(session: Session, person_id: uuid.UUID) -> set[uuid.UUID]:
    """The classes she is in, or was taken out of, under whichever of her documents."""
    pids = select(PersonDocument.pid).where(PersonDocument.person_id == person_id)
    left = (EnrollmentDeparture.person_id == person_id) | EnrollmentDeparture.pid.in_(pids)
    found = set(session.scalars(select(Enrollment.cohort_id).where(Enrollment.person_id == person_id)))
    return found | set(session.scalars(select(EnrollmentDeparture.cohort_id).where(left)))


def _archives(session: Session, _keyring: Keyring, person_id: uuid.UUID, now: datetime) -> None:
    """Files of her classes, whoever asked for them: made again, they tell nothing of her."""
    archives.take_away(session, classes_of(session, person_id), supervised=True, now=now)


def _person(session: Session, keyring: Keyring, person_id: uuid.UUID, _now: datetime) -> None:
    person = session.get_one(Person, person_id)
    person.name, person.pid = GONE, f"erased:{person_id.hex}"
    person.document_sealed = sealed.seal_document(keyring, person_id, "")


def _identity(session: Session, keyring: Keyring, person_id: uuid.UUID, now: datetime) -> None:
    """Her documents find nobody any more, so that who is entered with one of them is somebody new."""
    for each in session.scalars(select(PersonDocument).where(PersonDocument.person_id == person_id)):
        each.pid, each.number_sealed, each.remarks = f"erased:{each.id.hex}", "", []
        each.valid_from = each.valid_until = None
        each.is_current, each.withdrawn_at = False, each.withdrawn_at or now
        session.execute(update(DocumentCheck).where(DocumentCheck.document_id == each.id).values(reference=""))
    session.execute(update(PersonName).where(PersonName.person_id == person_id).values(name=GONE))
    for change in session.scalars(select(IdentityChange).where(IdentityChange.person_id == person_id)):
        change.before_sealed = sealed.seal_change(keyring, change.id, "before", "")
        change.after_sealed = sealed.seal_change(keyring, change.id, "after", "")
        change.after_pid, change.reason = "", GONE
        session.execute(update(IdentityDecision).where(IdentityDecision.change_id == change.id).values(note=GONE))


def _rosters(session: Session, _keyring: Keyring, person_id: uuid.UUID, _now: datetime) -> None:
    """What rosters told of her, and who was to leave a class; her masked name in a frozen roster stays what it was."""
    hers = select(Enrollment.id).where(Enrollment.person_id == person_id)
    session.execute(delete(EnrollmentDetail).where(EnrollmentDetail.enrollment_id.in_(hers)))
    session.execute(update(RosterRow).where(RosterRow.enrollment_id.in_(hers)).values(cells_sealed=None))
    mine = update(RosterChange).where(RosterChange.enrollment_id.in_(hers))
    session.execute(mine.values(label=GONE, reason=GONE, note=""))


def _additions(session: Session, keyring: Keyring, person_id: uuid.UUID, now: datetime) -> None:
    """Wishes to add her to a filed class, which nobody has decided yet: they name her, so they are turned down."""
    hers = set(session.scalars(select(PersonDocument.pid).where(PersonDocument.person_id == person_id)))
    for each in session.scalars(select(RosterChange).where(RosterChange.person_sealed.is_not(None))).all():
        asked = sealed.open_addition(keyring, each.id, each.person_sealed or "")
        if sealed.pid(keyring, DocumentType(asked["document_type"]), asked["number"]) in hers:
            each.person_sealed, each.label, each.reason = None, GONE, GONE
            each.decision, each.decided_at = "rejected", now


def _account(session: Session, keyring: Keyring, person_id: uuid.UUID, now: datetime) -> None:
    """Her login; of somebody who also works here only the tie to the person goes."""
    account = session.scalar(select(Account).where(Account.person_id == person_id))
    if account is None:
        return
    if account.memberships:
        account.person_id = None
        return
    session.execute(delete(LoginCode).where(LoginCode.phone_index == account.phone_index))
    session.execute(delete(LoginGuard).where(LoginGuard.phone_index == account.phone_index))
    ended = update(LoginSession).where(LoginSession.account_id == account.id).values(device="", device_mark="")
    session.execute(ended)
    session.execute(ended.where(LoginSession.ended_at.is_(None)).values(ended_at=now))
    account.name, account.password_hash, account.disabled_at = GONE, None, account.disabled_at or now
    account.phone_index = f"erased:{account.id.hex}"
    account.phone_sealed = sealed.seal_phone(keyring, account.id, "")


def _qualifications(session: Session, _keyring: Keyring, person_id: uuid.UUID, _now: datetime) -> None:
    for each in session.scalars(select(Qualification).where(Qualification.person_id == person_id)):
        forget_typed(each)


def forget_typed(row: Qualification) -> None:
    """The number of a certificate, who issued it, and what was typed of it; that a level of an occupation of the list
    was verified stays."""
    row.number_sealed, row.number_index, row.issuer = "", f"erased:{row.id.hex}", GONE
    if row.occupation not in OCCUPATIONS:
        row.occupation = GONE


def _words(session: Session, _keyring: Keyring, person_id: uuid.UUID, _now: datetime) -> None:
    hers = select(Enrollment.id).where(Enrollment.person_id == person_id)
    session.execute(update(AttendanceLeave).where(AttendanceLeave.enrollment_id.in_(hers)).values(reason=GONE))
    mine = update(RightsRequest).where(RightsRequest.person_id == person_id)
    session.execute(mine.values(words="", note=""))


def _files(session: Session, _keyring: Keyring, person_id: uuid.UUID, now: datetime) -> None:
    practice.remove_all(session, person_id, now=now)
    mine = select(PersonalExport).where(PersonalExport.person_id == person_id, PersonalExport.removed_at.is_(None))
    rows = session.scalars(mine).all()
    for row in rows:
        row.removed_at = now
    if rows:
        media.forget(session, keys=[export_key(row.id) for row in rows], now=now)


def _statements(session: Session, _keyring: Keyring, person_id: uuid.UUID, _now: datetime) -> None:
    """They can be written again from the evidence, for nobody."""
    session.execute(delete(MonthlyStatement).where(MonthlyStatement.person_id == person_id))


def _records(session: Session, _keyring: Keyring, person_id: uuid.UUID, _now: datetime) -> None:
    """Whose a record was: the record itself has her masked name, and a hash that says nothing without the salt."""
    hers = update(RecordHolder).where(RecordHolder.person_id == person_id)
    session.execute(hers.values(name=GONE, document_sealed="", salt=""))


def _shares(session: Session, _keyring: Keyring, person_id: uuid.UUID, _now: datetime) -> None:
    """Her links are gone; the records behind them stay, and whoever has a code may still verify it."""
    hers = select(Share.id).where(Share.person_id == person_id)
    session.execute(delete(ShareRecord).where(ShareRecord.share_id.in_(hers)))
    session.execute(delete(Share).where(Share.person_id == person_id))


def _lists(session: Session, _keyring: Keyring, person_id: uuid.UUID, now: datetime) -> None:
    """What is left of her stands in no list again."""
    row = session.get(Restriction, person_id)
    if row is None:
        session.add(Restriction(person_id=person_id, since=now))
    else:
        row.lifted_at = None


OVERWRITES: tuple[Overwrite, ...] = (
    *(_archives, _pasts, _additions, subsidies.forget_outside, _person, _identity, _rosters, _account, _qualifications),
    *subsidies.OVERWRITES,
    *(_words, _files, _statements, _records, _shares, _lists),
)
"""In this order: what is found by her documents before they are gone."""
OVERWRITTEN = {
    *("people", "person_documents", "identity_changes", "enrollment_details", "roster_rows", "roster_changes"),
    *("accounts", "login_codes", "login_guards", "record_holders", "qualifications"),
    *subsidies.OVERWRITTEN,
    *("enrollment_departures", "person_number_pasts"),
}
"""The tables with sealed fields or fingerprints that `OVERWRITES` deals with."""
LEFT = {
    "roster_imports": "what stands above the people of a file, gone within a day",
    "filings": "the phone of whoever answers for a class at the institution",
    "webhook_subscriptions": "secrets of programs",
    "credential_keys": "keys of this site, by which it signs credentials",
}
"""Those that hold nothing of a learner's, and why."""


def undeclared(tables: Iterable[Table]) -> set[str]:
    """Tables that hold a sealed field or a fingerprint, and that nobody overwrites."""
    tells = {each.name for each in tables if any(re.search(SEALED, column.name) for column in each.columns)}
    return tells - OVERWRITTEN - set(LEFT)


def told(session: Session, person_id: uuid.UUID) -> bytes:
    """One entry of the deletion ledger, as it lies outside of the database: ids and moments only."""
    row = session.get_one(Erasure, person_id)
    facts = {told: str(getattr(row, name)) for name, told in IDS.items()} | {"erased_at": row.erased_at.isoformat()}
    return json.dumps(facts, sort_keys=True).encode()


def ledger_key(person_id: uuid.UUID) -> str:
    """Where the entry of a person lies in the object store."""
    return f"{FOLDER}/{person_id}.json"


def read_ledger(store: Store) -> list[Mapping[str, str]]:
    """The entries of everybody who is to stay erased."""
    entries = []
    for key in store.list(f"{FOLDER}/"):
        with store.open(key) as body:
            entries.append(json.loads(body.read()))
    return entries


def reapply(session: Session, keyring: Keyring, entries: Iterable[Mapping[str, str]], *, now: datetime) -> int:
    """Erases again whom a restored backup has brought back; answers with how many that were."""
    found = 0
    for entry in entries:
        person_id = uuid.UUID(entry["person"])
        person = session.get(Person, person_id)
        if person is None or person.pid.startswith("erased:"):
            continue
        overwrite(session, keyring, person_id, now)
        if session.get(Erasure, person_id) is None:
            session.add(_entry(entry))
        audit.record(session, "rights.erase_again", person_id, now=now)
        found += 1
    session.flush()
    return found


def _entry(entry: Mapping[str, str]) -> Erasure:
    ids = {name: uuid.UUID(entry[told]) for name, told in IDS.items()}
    return Erasure(**ids, erased_at=datetime.fromisoformat(entry["erased_at"]))
