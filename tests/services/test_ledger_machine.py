"""Invariants I1-I13 of study-time.md for whatever two phones of one person, another person and the machine do.

One Hypothesis state machine over the real services and tables. `LMS_TEST_LEDGER_EXAMPLES=20000` makes a long run;
`--hypothesis-profile explore` tells other histories than the last one.
"""

import json
import os
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import event, func, select

from lms import clock
from lms.domain.errors import Conflict, NotFound, Refused, TooMany
from lms.domain.offline import LONGEST_GAP_MS
from lms.domain.spans import measure
from lms.models.base import new_id
from lms.models.enrollments import Enrollment
from lms.models.people import Person
from lms.models.presence import PresenceCheck
from lms.models.study import LessonProgress, StudyHeartbeat, StudySegment
from lms.parts import Parts
from lms.services import study_clock
from lms.services.receipts import Report
from lms.services.scopes import Actor
from tests.support.cast import LESSON_MS, NOON, Cast
from tests.support.study import NEVER, SOON, Phone, WoundClock, chain, now

EXAMPLES = int(os.environ.get("LMS_TEST_LEDGER_EXAMPLES", "500"))
SHARES, STEPS = 10, 40
LONGEST_STEP_MS = 3_600_000
waits = st.one_of(st.integers(0, 30_000), st.integers(0, 120_000), st.just(LONGEST_GAP_MS))
positions = st.integers(0, LESSON_MS)
lessons = st.sampled_from(["say-hello", "read-hello"])
which = st.integers(0, 2)


PROGRESS = select(LessonProgress.__table__).join(Enrollment, Enrollment.id == LessonProgress.enrollment_id)
SEGMENTS = select(StudySegment.__table__).order_by(StudySegment.wall_from_ms)


@dataclass
class World:
    """What the machine stands on, made once for all examples: new persons come into it with each."""

    parts: Parts
    cast: Cast
    wound: WoundClock
    wall_ms: int = field(default_factory=clock.wall_ms)
    boots: int = 0

    def person(self) -> tuple[Actor, uuid.UUID]:
        """A new person in 李芳's cohort."""
        person_id, enrollment_id = new_id(), new_id()
        with self.parts.database.transaction() as session:
            named = {"name": "某某", "document_type": "resident_id", "document_sealed": "-"}
            session.add(Person(id=person_id, pid=person_id.hex, created_at=NOON, **named))
            session.flush()
            session.add(
                Enrollment(
                    id=enrollment_id,
                    cohort_id=self.cast.cohort,
                    person_id=person_id,
                    course_version_id=self.cast.version,
                    created_at=NOON,
                )
            )
        return Actor(self.cast.lifang.account_id, person_id, "某某"), enrollment_id


class LedgerMachine(RuleBasedStateMachine):
    """Phones 0 and 1 belong to one person, who may cheat in any way; phone 2 to an honest one."""

    world: World

    @initialize()
    def begin(self) -> None:
        self.parts = self.world.parts
        cheat, honest = self.world.person(), self.world.person()
        lesson = self.world.cast.lessons["say-hello"]
        self.phones = [Phone(self.parts, actor, place, lesson) for actor, place in (cheat, cheat, honest)]
        self.people = [cheat[0].person_id, honest[0].person_id]
        self.places = {actor.person_id: place for actor, place in (cheat, honest)}
        self.sent: list[tuple[Phone, Report, str]] = []
        self.uploaded: list[tuple[Phone, dict[str, Any], list[Any], str]] = []
        self.challenge: dict[str, Any] | None = None
        self.passes: list[dict[str, Any]] = []
        self.answered: set[str] = set()
        self.before = dict.fromkeys(self.people, (0, 0))
        self.began_ms = self.last_ms = self.read()
        self.may_confirm = False

    def read(self) -> int:
        """The study clock, kept as the sweeper keeps it."""
        with self.parts.database.transaction() as session:
            study_clock.store(session, now=now())
            return study_clock.read_ms(session)

    def phone(self, number: int) -> Phone:
        return self.phones[number]

    @rule(number=which, lesson=lessons, soon=st.booleans())
    def open(self, number: int, lesson: str, soon: bool) -> None:
        phone = self.phone(number)
        phone.lesson, phone.check = self.world.cast.lessons[lesson], SOON if soon else NEVER
        self.hear(phone.open())

    @rule(number=which, wait=waits, a=positions, b=positions)
    def beat(self, number: int, wait: int, a: int, b: int) -> None:
        """Any claim at all: too long, backwards in content, again."""
        self.world.wound.forward(wait)
        phone, report = self.phone(number), self.phone(number).report(min(a, b), max(a, b))
        try:
            text = phone.send(report)
        except Refused:
            return
        self.take(phone, report, text)

    def take(self, phone: Phone, report: Report, text: str) -> None:
        told = json.loads(text)
        phone.seq, phone.nonce = told["seq"], told["nonce"]
        self.sent.append((replace(phone), report, text))
        self.hear(told)

    def hear(self, told: dict[str, Any]) -> None:
        if told["challenge"] is not None:
            self.challenge = told["challenge"]

    @rule(place=st.integers(0, 50), wait=waits)
    def redeliver(self, place: int, wait: int) -> None:
        """I4: the same heartbeat again is answered with the same bytes."""
        if self.sent:
            self.world.wound.forward(wait)
            phone, report, text = self.sent[place % len(self.sent)]
            assert phone.send(report) == text

    @rule(place=st.integers(0, 50), number=which, fork=st.booleans())
    def replay_elsewhere(self, place: int, number: int, fork: bool) -> None:
        """I6: nothing replayed into another session or by another person, and no second claim, earns anything."""
        if not self.sent:
            return
        owner, report, _ = self.sent[place % len(self.sent)]
        phone = self.phone(number)
        if fork:
            changed = replace(report, beat=replace(report.beat, to_ms=report.beat.to_ms ^ 1))
            with pytest.raises(Conflict, match="heartbeat_changed"):
                owner.send(changed)
        elif phone.session != report.session_id:
            with pytest.raises(Refused):
                phone.send(replace(report, session_id=phone.session))
        if phone.actor != owner.actor:
            with pytest.raises(NotFound):
                phone.send(report)

    @rule(number=which, nonce=st.booleans(), seq=st.integers(-3, 3))
    def forge(self, number: int, nonce: bool, seq: int) -> None:
        phone = self.phone(number)
        true = phone.report(0, LESSON_MS)
        forged = replace(true.beat, seq=max(1, true.beat.seq + seq), nonce="guessed" if nonce else true.beat.nonce)
        if forged.seq > phone.seq and forged != true.beat:
            with pytest.raises(Refused):
                phone.send(replace(true, beat=forged))

    @rule(
        number=st.integers(0, 1),
        wait=waits,
        plays=st.lists(st.tuples(positions, st.integers(1, 25_000), st.integers(0, 800_000)), min_size=1, max_size=5),
        order=st.randoms(use_true_random=False),
    )
    def gap(self, number: int, wait: int, plays: list[tuple[int, int, int]], order: Any) -> None:
        """I5, I8: a chain with any lies about the phone's clock, cut and shuffled in any way, twice."""
        self.world.wound.forward(wait)
        phone = self.phone(number)
        claims = [(a, min(LESSON_MS, a + length), mono, mono + length) for a, length, mono in plays if a < LESSON_MS]
        if not claims or not phone.nonce:
            return
        kept = phone.gap(*claims)
        pieces = kept * 2
        order.shuffle(pieces)
        try:
            for piece in pieces:
                self.hear(json.loads(phone.upload(kept, [piece])))
        except (Conflict, NotFound):  # another chain hangs on this answer already
            return
        told = phone.upload(kept)
        assert json.loads(told)["settled"] == len(kept)
        assert phone.upload(kept) == told

    @rule(number=st.integers(0, 1), lesson=lessons)
    def take_pass(self, number: int, lesson: str) -> None:
        phone = self.phone(number)
        taken = phone.take_pass(self.world.cast.lessons[lesson])
        self.passes.append({**taken, "lesson": self.world.cast.lessons[lesson]})

    @rule(place=st.integers(0, 9), a=positions, mono=st.integers(0, 10**8), length=st.integers(1, 60_000))
    def upload_pass(self, place: int, a: int, mono: int, length: int) -> None:
        if self.passes and a < LESSON_MS:
            taken = self.passes.pop(place % len(self.passes))
            plays = [(a, min(LESSON_MS, a + length), mono, mono + length), (0, 9_000, mono + 5, mono + 9_005)]
            kept = chain(taken["seed"], taken["lesson"], plays)
            self.hear(json.loads(self.phone(0).upload_pass(taken, kept)))

    @rule(right=st.booleans(), busy=st.booleans(), wait=waits)
    def reply(self, right: bool, busy: bool, wait: int) -> None:
        asked, self.challenge = self.challenge, None
        if asked is None:
            return
        self.world.wound.forward(wait)
        phone = next(phone for phone in self.phones if phone.actor.person_id == self.person_asked(asked))
        picked = phone.right(asked)
        picked = picked if right else (picked + 1) % len(asked["options"])
        try:
            outcome = phone.reply(asked, None if busy else picked)["outcome"]
        except Conflict:
            return
        assert outcome == "late" or outcome == ("busy" if busy else "passed" if right else "wrong")
        self.may_confirm = outcome == "passed"

    def person_asked(self, asked: dict[str, Any]) -> uuid.UUID:
        with self.parts.database.transaction(write=False) as session:
            return session.get_one(PresenceCheck, uuid.UUID(asked["id"])).person_id

    @rule(number=which)
    def recover(self, number: int) -> None:
        try:
            self.challenge = self.phone(number).recover()
        except (Conflict, TooMany):
            return

    @rule(step=st.sampled_from([-3_600_000, 0, 3_600_000]), down=st.integers(31_000, 90_000))
    def restart(self, step: int, down: int) -> None:
        """I9: the machine starts again, its wall clock perhaps an hour off."""
        world = self.world
        world.boots += 1
        world.wall_ms += step
        world.wound.forward(down)
        self.read()

    @rule(number=which, a=positions)
    def crash(self, number: int, a: int) -> None:
        """I11: what breaks half-way leaves nothing, and can be sent again."""
        phone = self.phone(number)
        report = phone.report(a, min(LESSON_MS, a + 5_000))
        broken = replace(self.parts, signer=None)  # type: ignore[arg-type]
        with pytest.raises((AttributeError, Refused)):
            replace(phone, parts=broken).send(report)

    @rule(lost=st.lists(st.sampled_from(["heard", "request", "answer"]), min_size=1, max_size=6))
    def honest(self, lost: list[str]) -> None:
        """I12: an honest learner loses nothing once her gap is uploaded, whatever the line does."""
        phone, lesson = self.phone(2), self.world.cast.lessons["read-hello"]
        phone.lesson = lesson
        told = phone.open()
        self.hear(told)
        was = told["credited_total_ms"]
        at, mono, buffer, pending = 0, 0, [], None
        for fate in lost:
            self.world.wound.forward(18_000)
            start, at = at, at + 18_000
            if pending is not None:
                buffer.append((start, at, mono, mono + 18_000))
                mono += 18_000
                continue
            report = phone.report(start, at)
            text = phone.send(report) if fate != "request" else None
            if text is None or fate == "answer":
                pending, mono = (report, text), 18_000
            else:
                self.take(phone, report, text)
        kept = phone.gap(*buffer) if buffer else []
        after_seq = phone.seq
        if pending is not None:
            report, text = pending
            again = phone.send(report)
            assert text in (None, again)
            self.take(phone, report, again)
        if kept:
            self.hear(json.loads(phone.upload(kept, after_seq=after_seq)))
        assert self.credited(phone, lesson) >= max(was, at)

    def credited(self, phone: Phone, lesson: uuid.UUID) -> int:
        with self.parts.database.transaction(write=False) as session:
            found = session.get(LessonProgress, (phone.enrollment, lesson))
            return found.credited_ms if found else 0

    @invariant()
    def all_of_it_holds(self) -> None:
        if not hasattr(self, "people"):
            return
        with self.parts.database.transaction() as session:
            study_clock.store(session, now=now())
            now_ms = study_clock.read_ms(session)
            assert now_ms >= self.last_ms  # I9
            self.last_ms = now_ms
            progress = session.execute(PROGRESS.where(Enrollment.person_id.in_(self.people))).all()
            segments = session.execute(SEGMENTS.where(StudySegment.person_id.in_(self.people))).all()
            for person in self.people:
                mine = [row for row in progress if row.enrollment_id == self.places[person]]
                seen = [each for each in segments if each.person_id == person]
                credited, confirmed = self.check_person(mine, seen, now_ms - self.began_ms)
                was = self.before[person]
                assert credited >= was[0]  # I10
                assert confirmed <= credited  # I13
                assert confirmed == was[1] or self.may_confirm  # I13: only a passed check confirms
                self.before[person] = (credited, confirmed)
        self.may_confirm = False

    def check_person(self, rows: Sequence[Any], segments: Sequence[Any], elapsed: int) -> tuple[int, int]:
        assert all(one.wall_to_ms <= other.wall_from_ms for one, other in pairwise(segments))  # I3
        assert all(each.to_ms - each.from_ms <= each.wall_to_ms - each.wall_from_ms for each in segments)  # I1
        for row in rows:
            mine = [(s.from_ms, s.to_ms) for s in segments if s.lesson_id == row.lesson_id]
            assert row.credited_ms == measure(mine) == sum(row.by_class.values()) <= LESSON_MS  # I2, I18
        credited = sum(row.credited_ms for row in rows)
        assert credited <= elapsed  # I1: S itself took the steps of the wall clock, so nobody gains more
        return credited, sum(row.confirmed_ms for row in rows)

    def teardown(self) -> None:
        """I11: every answer that was given is in the database."""
        if not hasattr(self, "sent"):
            return
        with self.parts.database.transaction(write=False) as session:
            for phone, report, text in self.sent:
                assert session.get_one(StudyHeartbeat, (phone.session, report.beat.seq)).answer == text
            known = select(func.count()).select_from(StudyHeartbeat)
            mine = known.where(StudyHeartbeat.session_id.in_([phone.session for phone, _, _ in self.sent]))
            assert session.scalar(mine) == len({(p.session, r.beat.seq) for p, r, _ in self.sent})


@pytest.mark.parametrize("share", range(SHARES))  # on a busy machine one test for all would take as long as a hang
def test_i1_to_i13_hold_for_any_history(
    parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch, dialect: str, share: int
) -> None:
    world = World(parts, cast, WoundClock(monkeypatch))
    started = world.wound.ms
    monkeypatch.setattr(clock, "wall_ms", lambda: world.wall_ms + world.wound.ms - started)
    monkeypatch.setattr(clock, "boot_id", lambda: f"boot-{world.boots}")
    if dialect == "sqlite":  # nothing here asks what a power cut leaves, and a sync a step takes most of the time
        event.listen(parts.database.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
        parts.database.engine.dispose()
    machine = type("Machine", (LedgerMachine,), {"world": world})
    if settings().derandomize:
        machine = seed(share)(machine)  # or each share would tell the same histories
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES // SHARES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            phases=[Phase.generate] if EXAMPLES < 500 else [Phase.generate, Phase.shrink],
        ),
    )
