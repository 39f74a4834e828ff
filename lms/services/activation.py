"""A learner takes her account into her own hands: on her own phone she reads what is registered, and says so."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain.errors import NotFound, Refused
from lms.domain.flags import FlagKind
from lms.domain.identity import mask_number
from lms.domain.notices import Purpose, next_question
from lms.domain.policies import policy_named
from lms.domain.rights import Known
from lms.domain.words import check_words
from lms.models.base import new_id
from lms.models.cases import Flag
from lms.models.enrollments import Cohort, Enrollment
from lms.models.people import Person
from lms.models.rights import Activation, Restriction
from lms.services import audit, cases, consents, scopes, sealed
from lms.services.cases import Suspicion
from lms.services.scopes import Actor

CONFIRM = "confirm"
WRONG = ("name", "number", "person")


@dataclass(frozen=True)
class Registered:
    """What is registered about her: the name, the number masked, and whether she has confirmed it."""

    name: str
    number: str
    known: Known


def registered(session: Session, keyring: Keyring, actor: Actor) -> Registered:
    """What she is asked to read. NotFound for an account that is nobody's yet."""
    person = session.get_one(Person, own_person(actor))
    number = sealed.open_document(keyring, person.id, person.document_sealed)
    return Registered(person.name, mask_number(number), list_known(session, [person.id])[person.id])


def own_person(actor: Actor) -> uuid.UUID:
    """The person behind the account; NotFound where it is nobody's yet."""
    if actor.person_id is None:
        raise NotFound
    return actor.person_id


def list_known(session: Session, person_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Known]:
    """By person: whether she has confirmed; the last word holds."""
    found = dict.fromkeys(person_ids, Known.NOT_YET)
    rows = select(Activation.person_id, Activation.outcome).where(Activation.person_id.in_(person_ids))
    for row in session.execute(rows.order_by(Activation.at, Activation.id)):
        found[row.person_id] = Known(row.outcome)
    return found


def list_of_cohort(session: Session, actor: Actor, cohort_id: uuid.UUID) -> dict[uuid.UUID, Known]:
    """By enrollment of a class of the actor's institutions."""
    mine = scopes.learners_of(actor).where(Enrollment.cohort_id == cohort_id)
    rows = session.execute(mine.with_only_columns(Enrollment.id, Enrollment.person_id)).all()
    people = {row.id: row.person_id for row in rows}
    known = list_known(session, set(people.values()))
    return {enrollment_id: known[person_id] for enrollment_id, person_id in people.items()}


def next_step(session: Session, actor: Actor) -> Purpose | str | None:
    """What she is asked next on her own phone: a text, then whether name and number are hers (CONFIRM), or nothing."""
    if actor.person_id is None:
        return None
    answered = consents.answered(session, actor.person_id)
    asked = next_question(answered, has_practicals=_has_practicals(session, actor))
    if asked is not None:
        return asked
    return CONFIRM if list_known(session, [actor.person_id])[actor.person_id] is Known.NOT_YET else None


def _has_practicals(session: Session, actor: Actor) -> bool:
    mine = scopes.enrollments_of(actor).join(Cohort, Cohort.id == Enrollment.cohort_id)
    codes = session.scalars(mine.with_only_columns(Cohort.policy_code).distinct())
    return any(rules.practice for code in codes if (rules := policy_named(code).blended))


def confirm(session: Session, actor: Actor, *, now: datetime) -> None:
    """She says that name and number are hers."""
    _record(session, actor, Known.CONFIRMED, now=now)


def dispute(session: Session, actor: Actor, what: str, words: str, *, now: datetime) -> None:
    """She says that the name or the number is wrong, or that it is not her: a case for each of her institutions.

    `words` may be empty. Refused: activation_what, words_length, words_personal.
    """
    if what not in WRONG:
        raise Refused("activation_what")
    words = check_words(words) if words.strip() else ""
    said = _record(session, actor, Known.DISPUTED, now=now)
    places = scopes.enrollments_of(actor).join(Cohort, Cohort.id == Enrollment.cohort_id)
    for place in session.scalars(places.with_only_columns(Cohort.organisation_id).distinct()).all():
        raise_own(session, actor, FlagKind.NOT_ME, place, f"not_me:{said.id}:{place}", {"what": what}, words, now=now)


def raise_own(
    session: Session,
    actor: Actor,
    kind: FlagKind,
    organisation_id: uuid.UUID,
    key: str,
    detail: dict[str, object],
    words: str,
    *,
    now: datetime,
) -> uuid.UUID:
    """Opens a case about what she herself says is wrong, with her words where there are any; the case's id."""
    cases.raise_flag(session, Suspicion(kind, own_person(actor), organisation_id, key, detail), now=now)
    case_id = session.scalars(select(Flag.case_id).where(Flag.key == key)).one()
    if words:
        cases.add_words(session, actor, case_id, words, now=now)
    return case_id


def check_may_study(session: Session, person_id: uuid.UUID, policy_code: str) -> None:
    """Refused: person_restricted, her records are archive only; activation_needed, the policy waits for her."""
    closed = session.get(Restriction, person_id)
    if closed is not None and closed.lifted_at is None:
        raise Refused("person_restricted")
    if (
        policy_named(policy_code).activation_first
        and list_known(session, [person_id])[person_id] is not Known.CONFIRMED
    ):
        raise Refused("activation_needed")


def _record(session: Session, actor: Actor, outcome: Known, *, now: datetime) -> Activation:
    made = Activation(
        id=new_id(), person_id=own_person(actor), account_id=actor.account_id, outcome=outcome.value, at=now
    )
    session.add(made)
    audit.record(session, f"activation.{outcome.value}", made.person_id, now=now, account_id=actor.account_id)
    session.flush()
    return made
