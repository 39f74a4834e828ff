"""Public notices (公示): an officer opens one for a claim that passed both reviews, everybody reads it until its end.

For claims: `is_over` says whether a notice stands in the way of payment no more, `held_lines` which lines it holds.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from lms import clock
from lms.crypto import Keyring
from lms.domain.claims import publicity
from lms.domain.claims.publicity import Objection, Span, State
from lms.domain.claims.states import ClaimState, LineState
from lms.domain.errors import Conflict, NotFound
from lms.domain.evidence import canonical, leaf_of
from lms.domain.identity import mask_name
from lms.domain.levels import Level
from lms.domain.roles import Role
from lms.domain.subsidies import Term
from lms.domain.words import check_words
from lms.models.base import new_id
from lms.models.claims import Claim, ClaimLine, ClaimPlace
from lms.models.enrollments import Cohort
from lms.models.organisations import Organisation
from lms.models.people import Person
from lms.models.publicity import NoticeObjection, PublicNotice, PublicNoticeEnd, PublicNoticeRow
from lms.services import audit, scopes, sealed, subsidies
from lms.services.claims import apart
from lms.services.scopes import Actor

MOST_LISTED = 500


@dataclass(frozen=True)
class Row:
    """One line of a notice as it is shown; sums in fen."""

    place: int
    line_id: uuid.UUID
    name: str
    document: str
    occupation: str
    level: Level | None
    standard_fen: int
    amount_fen: int


@dataclass(frozen=True)
class Notice:
    """A notice as anybody reads it. `rows` are empty in lists. `is_ended`: taken down before its last day."""

    id: uuid.UUID
    claim_id: uuid.UUID
    organisation: str
    cohort: str
    kind: str
    first_on: date
    last_on: date
    days: int
    days_reason: str
    is_certain: bool
    phone: str
    people: int
    total_fen: int
    opened_at: datetime
    is_ended: bool
    rows: tuple[Row, ...] = ()

    def is_shown(self, today: date) -> bool:
        """Whether the public may still see it."""
        return today <= self.last_on and not self.is_ended


def preview(session: Session, actor: Actor, claim_id: uuid.UUID, chosen: int | None, *, now: datetime) -> Span:
    """From when until when a notice would stand that is opened today. Refused: as `publish`."""
    claim = _claim(session, actor, claim_id)
    return publicity.span(clock.civil_day(now), term_of(session, claim.cohort_id), chosen)


def term_of(session: Session, cohort_id: uuid.UUID) -> Term[int]:
    """How many working days the policy of a class asks for, if it is known."""
    policy = subsidies.policies_of(session, [cohort_id]).get(cohort_id)
    return policy.terms.notice_working_days if policy else Term()


def publish(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    claim_id: uuid.UUID,
    *,
    days: int | None,
    reason: str,
    phone: str,
    now: datetime,
) -> uuid.UUID:
    """Opens the notice of a claim. `days`: the officer's choice where the policy does not say, with her `reason`.

    Refused: notice_days*, notice_phone, words_*; Conflict: notice_step for a claim not at this stage, notice_taken for
    one that has a notice; Forbidden: claim_works_there.
    """
    claim = _claim(session, actor, claim_id, lock=True)
    apart.check_places(session, actor, [claim.organisation_id])
    if claim.state != ClaimState.NOTICE.value:
        raise Conflict("notice_step")
    last = _last(session, claim.id)
    if last is not None and session.get(PublicNoticeEnd, last.id) is None:
        raise Conflict("notice_taken")
    span = publicity.span(clock.civil_day(now), term_of(session, claim.cohort_id), days)
    rows = _rows_of(session, keyring, claim)
    made = _frozen(claim, span, rows, last.number + 1 if last else 1)
    made.days_reason = "" if span.of_policy else check_words(reason)
    made.phone, made.opened_by, made.opened_at = publicity.check_phone(phone), actor.account_id, now
    session.add(made)
    session.flush()
    for row in rows:
        row.notice_id = made.id
    session.add_all(rows)
    _note(session, "notice.open", made, actor, now)
    return made.id


def take_down(session: Session, actor: Actor, notice_id: uuid.UUID, words: str, *, now: datetime) -> None:
    """Ends a notice before its time; the claim needs another one. Refused: words_*; Conflict: notice_taken."""
    row = session.scalar(notices_of(actor).where(PublicNotice.id == notice_id).with_for_update())
    if row is None:
        raise NotFound
    apart.check_places(session, actor, [row.organisation_id])
    if session.get(PublicNoticeEnd, row.id) is not None:
        raise Conflict("notice_taken")
    end = PublicNoticeEnd(notice_id=row.id, words=check_words(words), ended_by=actor.account_id, ended_at=now)
    session.add(end)
    _note(session, "notice.end", row, actor, now)


def notices_of(actor: Actor) -> Select[PublicNotice]:
    """The notices an officer has to look after."""
    return select(PublicNotice).where(PublicNotice.organisation_id.in_(scopes.places_of(actor, Role.OFFICER)))


def list_current(session: Session, *, today: date) -> list[Notice]:
    """What the public may read today, without its rows, the newest first."""
    ended = select(PublicNoticeEnd.notice_id)
    shown = select(PublicNotice).where(PublicNotice.last_on >= today, PublicNotice.id.not_in(ended))
    return views(session, session.scalars(shown.order_by(PublicNotice.id.desc()).limit(MOST_LISTED)).all())


def find(session: Session, notice_id: uuid.UUID) -> Notice | None:
    """One notice with its rows, whether or not the public may still see it."""
    row = session.get(PublicNotice, notice_id)
    return views(session, [row], with_rows=True)[0] if row else None


def is_over(session: Session, claim_id: uuid.UUID, today: date) -> bool:
    """Whether the claim's notice is over: there was one, its last day is past, and no objection holds it back."""
    last = _last(session, claim_id)
    if last is None or session.get(PublicNoticeEnd, last.id) is not None:
        return False
    return publicity.is_over(last.last_on, today, _objections(session, claim_id))


def held_lines(session: Session, claim_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """The lines of a claim against which an objection waits, or was upheld so that they must be struck."""
    return publicity.held_lines(_objections(session, claim_id))


def views(session: Session, rows: Sequence[PublicNotice], *, with_rows: bool = False) -> list[Notice]:
    """Notices as pages show them; the caller reached them through a scope, or they are public."""
    ids = [row.id for row in rows]
    sums = select(PublicNoticeRow.notice_id, func.count(), func.sum(PublicNoticeRow.amount_fen))
    sums = sums.where(PublicNoticeRow.notice_id.in_(ids)).group_by(PublicNoticeRow.notice_id)
    counted = {notice_id: (people, int(total)) for notice_id, people, total in session.execute(sums)}
    ended = set(session.scalars(select(PublicNoticeEnd.notice_id).where(PublicNoticeEnd.notice_id.in_(ids))))
    names = select(PublicNotice.id, Organisation.name, Cohort.name).where(PublicNotice.id.in_(ids))
    names = names.join(Organisation, Organisation.id == PublicNotice.organisation_id)
    named = {
        row[0]: (row[1], row[2]) for row in session.execute(names.join(Cohort, Cohort.id == PublicNotice.cohort_id))
    }
    return [
        Notice(
            id=row.id,
            claim_id=row.claim_id,
            organisation=named[row.id][0],
            cohort=named[row.id][1],
            kind=row.kind,
            first_on=row.first_on,
            last_on=row.last_on,
            days=row.days,
            days_reason=row.days_reason,
            is_certain=row.is_certain,
            phone=row.phone,
            people=counted.get(row.id, (0, 0))[0],
            total_fen=counted.get(row.id, (0, 0))[1],
            opened_at=row.opened_at,
            is_ended=row.id in ended,
            rows=_rows(session, row.id) if with_rows else (),
        )
        for row in rows
    ]


def _rows(session: Session, notice_id: uuid.UUID) -> tuple[Row, ...]:
    """Whose records are kept and no longer used is shown without her number and whole name, from that moment on."""
    archived = set(session.scalars(scopes.archive_only()))
    mine = select(PublicNoticeRow).where(PublicNoticeRow.notice_id == notice_id).order_by(PublicNoticeRow.place)
    return tuple(
        Row(
            place=row.place,
            line_id=row.line_id,
            name=mask_name(row.name) if row.person_id in archived else row.name,
            document="" if row.person_id in archived else row.document,
            occupation=row.occupation,
            level=None if row.level is None else Level(row.level),
            standard_fen=row.standard_fen,
            amount_fen=row.amount_fen,
        )
        for row in session.scalars(mine)
    )


def _claim(session: Session, actor: Actor, claim_id: uuid.UUID, *, lock: bool = False) -> Claim:
    scopes.require(actor, Role.OFFICER)
    mine = select(Claim).where(Claim.organisation_id.in_(scopes.places_of(actor, Role.OFFICER)), Claim.id == claim_id)
    found = session.scalar(mine.with_for_update() if lock else mine)
    if found is None:
        raise NotFound
    return found


def _last(session: Session, claim_id: uuid.UUID) -> PublicNotice | None:
    mine = select(PublicNotice).where(PublicNotice.claim_id == claim_id)
    return session.scalar(mine.order_by(PublicNotice.number.desc()).limit(1))


def _rows_of(session: Session, keyring: Keyring, claim: Claim) -> list[PublicNoticeRow]:
    """What a notice of this claim shows, in the order of its lines."""
    query = select(ClaimLine, Person).join(Person, Person.id == ClaimLine.person_id)
    query = query.join(ClaimPlace, ClaimPlace.line_id == ClaimLine.id).where(ClaimLine.claim_id == claim.id)
    query = query.where(ClaimPlace.state == LineState.APPROVED.value).order_by(ClaimLine.number)
    return [
        PublicNoticeRow(
            place=place,
            line_id=line.id,
            person_id=person.id,
            name=publicity.shown_name(person.name),
            document=publicity.shown_number(sealed.open_document(keyring, person.id, person.document_sealed)),
            occupation=line.occupation,
            level=line.level,
            standard_fen=line.standard_fen,
            amount_fen=line.amount_fen,
        )
        for place, (line, person) in enumerate(session.execute(query), start=1)
    ]


def _frozen(claim: Claim, span: Span, rows: Sequence[PublicNoticeRow], number: int) -> PublicNotice:
    """The notice of a claim, but for what its officer says."""
    return PublicNotice(
        id=new_id(),
        claim_id=claim.id,
        number=number,
        organisation_id=claim.organisation_id,
        cohort_id=claim.cohort_id,
        kind=claim.kind,
        first_on=span.first_on,
        last_on=span.last_on,
        days=span.days,
        is_certain=span.is_certain,
        digest=leaf_of(canonical({"rows": [_told(row) for row in rows]})),
    )


def _told(row: PublicNoticeRow) -> list[object]:
    words = [row.place, row.name, row.document, row.occupation, row.level]
    return [*words, row.standard_fen, row.amount_fen, str(row.line_id)]


def _objections(session: Session, claim_id: uuid.UUID) -> list[Objection]:
    """All objections against any notice of a claim, as the rules look at them."""
    left = (LineState.APPROVED.value, LineState.OWED.value, LineState.PAID.value)
    lines = select(ClaimPlace.line_id).where(ClaimPlace.claim_id == claim_id, ClaimPlace.state.in_(left))
    unstruck = set(session.scalars(lines))
    query = select(NoticeObjection.state, NoticeObjection.line_id)
    query = query.join(PublicNotice, PublicNotice.id == NoticeObjection.notice_id)
    rows = session.execute(query.where(PublicNotice.claim_id == claim_id)).all()
    return [Objection(State(state), line, line not in unstruck if line else not unstruck) for state, line in rows]


def _note(session: Session, action: str, row: PublicNotice, actor: Actor, now: datetime) -> None:
    detail, place = {"claim": str(row.claim_id), "number": row.number, "days": row.days}, row.organisation_id
    audit.record(session, action, row.id, now=now, account_id=actor.account_id, organisation_id=place, detail=detail)
