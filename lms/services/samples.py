"""Samples: an inspector draws learners or intervals at random, walks through them, and notes what she found."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lms.crypto import Keyring
from lms.domain import sampling
from lms.domain.errors import NotFound
from lms.domain.identity import mask_number
from lms.domain.roles import Role
from lms.domain.sampling import LONGEST_WORDS, Finding, SampleKind
from lms.domain.words import check_words
from lms.models.base import new_id
from lms.models.courses import Lesson
from lms.models.dossiers import Sample, SampleFinding, SampleItem
from lms.models.enrollments import Cohort, Enrollment
from lms.models.organisations import Organisation
from lms.models.people import Person
from lms.models.study import StudyInterval
from lms.services import audit, scopes, sealed
from lms.services.scopes import Actor

ROLE = Role.INSPECTOR
MOST_LISTED = 50


@dataclass(frozen=True)
class Place:
    """Where a sample is drawn: one institution, or one cohort of it."""

    organisation_id: uuid.UUID
    organisation: str
    cohort_id: uuid.UUID | None = None
    cohort: str = ""


@dataclass(frozen=True)
class ItemView:
    """One thing drawn, with the last word on it. The number is masked; both are empty once she left the cohort.

    `day`, `lesson`, `from_ms`, `to_ms`, `verdict` and `credited_ms` tell of an interval and are empty for a learner.
    """

    id: uuid.UUID
    place: int
    enrollment_id: uuid.UUID
    interval_id: uuid.UUID | None
    lesson_id: uuid.UUID | None
    name: str
    number: str
    cohort: str
    day: date | None
    lesson: str
    from_ms: int
    to_ms: int
    verdict: str
    credited_ms: int
    finding: str
    words: str
    found_at: datetime | None


@dataclass(frozen=True)
class SampleView:
    """A draw with what is needed to make it again."""

    id: uuid.UUID
    place: Place
    kind: SampleKind
    seed: str
    wanted: int
    population: int
    population_hash: str
    drawn_at: datetime
    items: tuple[ItemView, ...] = ()

    @property
    def counts(self) -> Counter[str]:
        """How many of each finding; "" for what was not looked at yet."""
        return Counter(item.finding for item in self.items)


def place_of(
    session: Session, actor: Actor, organisation_id: uuid.UUID | None = None, cohort_id: uuid.UUID | None = None
) -> Place:
    """The institution or the cohort, if the inspector may look into it; NotFound otherwise."""
    if cohort_id is not None:
        named = scopes.cohorts_of(actor, ROLE).join(Organisation, Organisation.id == Cohort.organisation_id)
        row = session.execute(named.where(Cohort.id == cohort_id).add_columns(Organisation.name)).one_or_none()
        if row is None:
            raise NotFound
        return Place(row[0].organisation_id, row[1], cohort_id, row[0].name)
    found = session.scalar(scopes.organisations_of(actor, ROLE).where(Organisation.id == organisation_id))
    if found is None:
        raise NotFound
    return Place(found.id, found.name)


def draw(
    session: Session, actor: Actor, place: Place, kind: SampleKind, wanted: int, *, seed: str, now: datetime
) -> uuid.UUID:
    """Draws and keeps the draw; `seed` is made by the edge, so that nobody picks one that suits her.

    Refused: sample_size, sample_nothing.
    """
    known = _Population(session, _population(actor, place, kind))
    size = sampling.check_wanted(wanted, len(known))
    made = Sample(
        id=new_id(),
        account_id=actor.account_id,
        organisation_id=place.organisation_id,
        cohort_id=place.cohort_id,
        kind=kind.value,
        seed=seed,
        wanted=size,
        population=len(known),
        population_hash=known.hash,
        drawn_at=now,
    )
    session.add(made)
    session.flush()
    drawn = sampling.draw(seed, known, size)
    session.add_all(_item(made.id, number, kind, row) for number, row in enumerate(drawn, start=1))
    detail = {name: getattr(made, name) for name in ("kind", "seed", "wanted", "population", "population_hash")}
    _audit(session, "sample.draw", actor, made, now, {**detail, "cohort": str(place.cohort_id or "")})
    return made.id


class _Population(Sequence[tuple[uuid.UUID, uuid.UUID]]):
    """What can be drawn, in order, in 32 bytes each: an institution may have millions of intervals."""

    def __init__(self, session: Session, query: Select[uuid.UUID, uuid.UUID]) -> None:
        self._packed = bytearray()
        for row in session.execute(query.execution_options(yield_per=1000)):
            self._packed += row[0].bytes + row[1].bytes
        self.hash = sampling.population_hash(str(each[0]) for each in self)

    def __len__(self) -> int:
        return len(self._packed) // 32

    def __getitem__(self, at: Any) -> Any:
        if not 0 <= at < len(self):
            raise IndexError(at)
        low = at * 32
        return tuple(uuid.UUID(bytes=bytes(self._packed[low + n : low + n + 16])) for n in (0, 16))


def _item(sample_id: uuid.UUID, number: int, kind: SampleKind, row: Sequence[uuid.UUID]) -> SampleItem:
    interval = row[0] if kind is SampleKind.INTERVALS else None
    return SampleItem(id=new_id(), sample_id=sample_id, place=number, enrollment_id=row[-1], interval_id=interval)


def _population(actor: Actor, place: Place, kind: SampleKind) -> Select[uuid.UUID, uuid.UUID]:
    """What can be drawn, by id: (enrollment, enrollment) or (interval, enrollment)."""
    mine = scopes.learners_of(actor, ROLE).where(Cohort.organisation_id == place.organisation_id)
    if place.cohort_id is not None:
        mine = mine.where(Enrollment.cohort_id == place.cohort_id)
    if kind is SampleKind.LEARNERS:
        return mine.with_only_columns(Enrollment.id, Enrollment.id.label("again")).order_by(Enrollment.id)
    joined = mine.join(StudyInterval, StudyInterval.enrollment_id == Enrollment.id)
    return joined.with_only_columns(StudyInterval.id, Enrollment.id).order_by(StudyInterval.id)


def _audit(
    session: Session, action: str, actor: Actor, sample: Sample, now: datetime, detail: dict[str, object]
) -> None:
    who = {"account_id": actor.account_id, "organisation_id": sample.organisation_id}
    audit.record(session, action, sample.id, now=now, detail=detail, **who)


def _own(actor: Actor) -> Select[Sample]:
    """Her own draws, as long as she may look into the institution: findings are each inspector's own."""
    reached = scopes.organisations_of(actor, ROLE).with_only_columns(Organisation.id)
    return select(Sample).where(Sample.account_id == actor.account_id, Sample.organisation_id.in_(reached))


def list_own(session: Session, actor: Actor) -> list[SampleView]:
    """Her draws without what was drawn, the newest first."""
    rows = session.scalars(_own(actor).order_by(Sample.drawn_at.desc(), Sample.id.desc()).limit(MOST_LISTED)).all()
    return [_view(session, row) for row in rows]


def get(session: Session, keyring: Keyring, actor: Actor, sample_id: uuid.UUID) -> SampleView:
    """One draw with all that was drawn and found; NotFound for anybody else's."""
    row = session.scalar(_own(actor).where(Sample.id == sample_id))
    if row is None:
        raise NotFound
    return _view(session, row, tuple(_items(session, keyring, row.id)))


def _view(session: Session, row: Sample, items: tuple[ItemView, ...] = ()) -> SampleView:
    cohort = session.get(Cohort, row.cohort_id) if row.cohort_id else None
    organisation = session.get_one(Organisation, row.organisation_id)
    place = Place(organisation.id, organisation.name, row.cohort_id, cohort.name if cohort else "")
    facts = {name: getattr(row, name) for name in ("seed", "wanted", "population", "population_hash", "drawn_at")}
    return SampleView(row.id, place, SampleKind(row.kind), items=items, **facts)


def _items(session: Session, keyring: Keyring, sample_id: uuid.UUID) -> list[ItemView]:
    rows = (
        select(SampleItem, Person, Cohort.name, StudyInterval, Lesson.title)
        .outerjoin(Enrollment, Enrollment.id == SampleItem.enrollment_id)
        .outerjoin(Person, Person.id == Enrollment.person_id)
        .outerjoin(Cohort, Cohort.id == Enrollment.cohort_id)
        .outerjoin(StudyInterval, StudyInterval.id == SampleItem.interval_id)
        .outerjoin(Lesson, Lesson.id == StudyInterval.lesson_id)
        .where(SampleItem.sample_id == sample_id)
        .order_by(SampleItem.place)
    )
    said = _findings(session, sample_id)
    return [_item_view(keyring, *row, said.get(row[0].id)) for row in session.execute(rows)]


def _findings(session: Session, sample_id: uuid.UUID) -> dict[uuid.UUID, SampleFinding]:
    """The last word on each; the later overwrites the earlier."""
    rows = select(SampleFinding).join(SampleItem, SampleItem.id == SampleFinding.item_id)
    ordered = rows.where(SampleItem.sample_id == sample_id).order_by(SampleFinding.found_at, SampleFinding.id)
    return {each.item_id: each for each in session.scalars(ordered)}


def _item_view(
    keyring: Keyring,
    item: SampleItem,
    person: Person | None,
    cohort: str | None,
    interval: StudyInterval | None,
    lesson: str | None,
    said: SampleFinding | None,
) -> ItemView:
    number = mask_number(sealed.open_document(keyring, person.id, person.document_sealed)) if person else ""
    return ItemView(
        id=item.id,
        place=item.place,
        enrollment_id=item.enrollment_id,
        interval_id=item.interval_id,
        lesson_id=interval.lesson_id if interval else None,
        name=person.name if person else "",
        number=number,
        cohort=cohort or "",
        day=interval.studied_on if interval else None,
        lesson=lesson or "",
        from_ms=interval.from_ms if interval else 0,
        to_ms=interval.to_ms if interval else 0,
        verdict=interval.verdict if interval else "",
        credited_ms=interval.credited_ms if interval else 0,
        finding=said.finding if said else "",
        words=said.words if said else "",
        found_at=said.found_at if said else None,
    )


def note(
    session: Session, actor: Actor, sample_id: uuid.UUID, place: int, finding: Finding, words: str, *, now: datetime
) -> None:
    """What she found in one thing drawn; saying it again adds a row, and the last one counts.

    NotFound for anybody else's; Refused: sample_words (a question or a problem needs words), words_personal.
    """
    sample = session.scalar(_own(actor).where(Sample.id == sample_id))
    mine = select(SampleItem).where(SampleItem.sample_id == sample_id, SampleItem.place == place)
    item = session.scalar(mine) if sample else None
    if sample is None or item is None:
        raise NotFound
    shortest = 0 if finding is Finding.OK else 2
    kept = check_words(words, shortest=shortest, longest=LONGEST_WORDS, code="sample_words")
    made = SampleFinding(id=new_id(), item_id=item.id, finding=finding.value, words=kept, found_at=now)
    session.add(made)
    session.flush()
    _audit(session, "sample.find", actor, sample, now, {"item": item.place, "finding": finding.value})
