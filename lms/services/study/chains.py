"""What was studied without a line: a chain is committed by its head, then its parts are settled in order."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain import offline
from lms.domain.errors import Conflict, NotFound, Refused
from lms.domain.evidence import EvidenceKind
from lms.domain.offline import Part, Window
from lms.domain.spans import Span
from lms.domain.study import Credit, EvidenceClass
from lms.models.offline import StudyBatch, StudyChain, StudyPart
from lms.models.study import StudySegment
from lms.services import audit, presence, study_clock
from lms.services.evidence import Held, Pen
from lms.services.receipts import Answer, Draws, dumps
from lms.services.scopes import Actor
from lms.services.study import sittings
from lms.services.study.ledger import Ledger, Source
from lms.services.study.origins import Origin, Upload, origin_of
from lms.services.study.sittings import Course, Progress


def record_batch(session: Session, actor: Actor, upload: Upload, *, draws: Draws, now: datetime) -> Answer | Refused:
    """Takes in parts of a chain and settles those whose turn it is; a redelivery is answered as before.

    Conflict("chain_forked") is returned, not raised, since the attempt stays on record; everything else that is
    refused (chain_too_long, range_outside_lesson, part_time_backwards, lesson_not_in_pass) leaves nothing.
    """
    if actor.person_id is None:
        raise NotFound
    pen = Pen(session, now_ms=0, now=now)
    held = pen.hold([actor.person_id])[actor.person_id]
    kept = session.get(StudyBatch, (upload.source_id, upload.body_hash))
    pen.now_ms = study_clock.read_ms(session)
    origin = origin_of(session, pen, held, upload)
    if kept is not None:
        return Answer(kept.answer)
    return _Desk(pen, held, upload, origin, draws).take(actor)


class _Desk:
    """One upload on the table."""

    def __init__(self, pen: Pen, held: Held, upload: Upload, origin: Origin, draws: Draws) -> None:
        self.pen, self.held, self.upload, self.origin, self.draws = pen, held, upload, origin, draws
        self.session = pen.session
        self.ledger = Ledger(pen)
        self.kind = EvidenceClass.GAP if upload.is_gap else EvidenceClass.OFFLINE
        self.rule = offline.GAP_RULE if upload.is_gap else offline.OFFLINE_RULE
        self.courses = sittings.load_courses(self.session, origin.enrollment_id, origin.lesson_ids)
        self.progress: dict[uuid.UUID, Progress] = {}

    def take(self, actor: Actor) -> Answer | Refused:
        for part in self.upload.parts:
            offline.check_part(part, self._course(part).duration_ms)
        chain = self.session.get(StudyChain, (self.upload.source_id, self.upload.after_seq))
        try:
            chain = self._known(chain) if chain else self._commit()
            turn = self._link(chain)
        except Conflict as forked:
            self.session.expunge_all()  # a chain that was about to be committed is not
            self._flag(actor)
            return forked
        verdicts = self._settle(chain, turn)
        answer = self._answer(chain, verdicts)
        self.session.add(
            StudyBatch(
                source_id=self.upload.source_id,
                body_hash=self.upload.body_hash,
                answer=answer,
                received_at=self.pen.now,
            )
        )
        self.ledger.write()
        return Answer(answer)

    def _course(self, part: Part) -> Course:
        course = self.courses.get(uuid.UUID(part.lesson))
        if course is None:
            raise Refused("lesson_not_in_pass")
        return course

    def _known(self, chain: StudyChain) -> StudyChain:
        if (chain.head, chain.count) != (self.upload.head, self.upload.count):
            raise Conflict("chain_forked")
        return chain

    def _commit(self) -> StudyChain:
        """Fixes the chain's end and its window, whatever is uploaded afterwards."""
        if self.upload.count > offline.MOST_PARTS:
            raise Refused("chain_too_long", longest=offline.MOST_PARTS)
        window, seed = self._running_window(), offline.seed_hash(self.origin.seed)
        made = StudyChain(
            source_id=self.upload.source_id,
            after_seq=self.upload.after_seq,
            evidence_class=self.kind.value,
            person_id=self.held.person_id,
            enrollment_id=self.origin.enrollment_id,
            seed_hash=seed,
            head=self.upload.head,
            count=self.upload.count,
            anchor_ms=window.anchor_ms,
            window_from_ms=window.from_ms,
            window_to_ms=window.to_ms,
            committed_ms=self.pen.now_ms,
            committed_at=self.pen.now,
            settled=0,
            settled_leaf=seed,
            cursor_ms=window.from_ms,
        )
        self.session.add(made)
        return made

    def _running_window(self) -> Window:
        """The window within the days of the cohort."""
        course = next(iter(self.courses.values()))
        days, window = self.ledger.calendar(course), self.origin.window
        start = max(window.from_ms, days.begin_of(course.opens_on))
        end = min(window.to_ms, days.begin_of(course.closes_on + timedelta(days=1)))
        return Window(window.anchor_ms, start, max(start, end))

    def _link(self, chain: StudyChain) -> tuple[Part, ...]:
        """Those parts whose turn it is; all that came are kept, if none contradicts what is known."""
        mine = select(StudyPart).where(
            StudyPart.source_id == chain.source_id,
            StudyPart.after_seq == chain.after_seq,
        )
        with self.session.no_autoflush:
            stored = {row.number: _part(row) for row in self.session.scalars(mine)}
        fresh = {part.number: part for part in self.upload.parts if part.number not in stored}
        for part in self.upload.parts:
            if part != stored.get(part.number, fresh.get(part.number)) or not 0 < part.number <= chain.count:
                raise Conflict("chain_forked")
        known = [*stored.values(), *fresh.values()]
        turn = offline.linked(chain.settled, chain.settled_leaf, known, count=chain.count, head=chain.head)
        if chain.settled == 0 and chain in self.session.new:
            self._enter(chain)
        self.session.add_all(self._row(chain, part) for part in fresh.values())
        return turn

    def _enter(self, chain: StudyChain) -> None:
        """The commitment as evidence; wall time up to the end of its window is out of an online session's reach."""
        self.held.high_water_ms = max(self.held.high_water_ms, chain.window_to_ms)
        facts = {
            "source": str(chain.source_id),
            "after_seq": chain.after_seq,
            "class": self.kind.value,
            "enrollment": str(chain.enrollment_id),
            "seed_hash": chain.seed_hash,
            "head": chain.head,
            "count": chain.count,
            "anchor_ms": chain.anchor_ms,
            "window_from_ms": chain.window_from_ms,
            "window_to_ms": chain.window_to_ms,
            "high_water_ms": self.held.high_water_ms,
        }
        self.pen.append(self.held, EvidenceKind.CHAIN, facts)

    def _row(self, chain: StudyChain, part: Part) -> StudyPart:
        return StudyPart(
            source_id=chain.source_id,
            after_seq=chain.after_seq,
            number=part.number,
            lesson_id=uuid.UUID(part.lesson),
            from_ms=part.from_ms,
            to_ms=part.to_ms,
            mono_from_ms=part.mono_from_ms,
            mono_to_ms=part.mono_to_ms,
            leaf=part.leaf,
            received_at=self.pen.now,
        )

    def _settle(self, chain: StudyChain, turn: Sequence[Part]) -> list[tuple[Part, Credit]]:
        presence.expire(self.pen, self.held, self.draws)
        used = self._used(chain) if turn else []
        settled = [(part, self._post(chain, part, used)) for part in turn]
        gained = sum(earned.gained_ms for _, earned in settled)
        if settled:
            last = settled[-1][0]
            lesson_id = uuid.UUID(last.lesson)
            presence.ask_when_due(self.pen, self.held, chain.enrollment_id, lesson_id, last.to_ms, gained, self.draws)
        return settled

    def _used(self, chain: StudyChain) -> list[Span]:
        rows = select(StudySegment.wall_from_ms, StudySegment.wall_to_ms).where(
            StudySegment.person_id.in_(self.pen.bodies(self.held.person_id)),
            StudySegment.wall_to_ms > chain.window_from_ms,
            StudySegment.wall_from_ms < chain.window_to_ms,
        )
        return [(start, end) for start, end in self.session.execute(rows)]

    def _post(self, chain: StudyChain, part: Part, used: list[Span]) -> Credit:
        course, progress = self._course(part), self._progress(part)
        window = Window(chain.anchor_ms, chain.window_from_ms, chain.window_to_ms)
        earned = offline.credit(
            part,
            window,
            used,
            progress.covered,
            self.ledger.calendar(course),
            self.ledger.allowance(course, self.kind, window.from_ms),
            is_gap=self.upload.is_gap,
        )
        chain.settled, chain.settled_leaf = part.number, part.leaf
        chain.cursor_ms = max(chain.cursor_ms, earned.high_water_ms)
        used += [(each.wall_from_ms, each.wall_to_ms) for one in earned.intervals for each in one.segments]
        facts = {
            "after_seq": chain.after_seq,
            "number": part.number,
            "part": part.leaf,
            "mono": [part.mono_from_ms, part.mono_to_ms],
            "cursor_ms": chain.cursor_ms,
        }
        source = Source(chain.source_id, part.number, self.kind, self.rule)
        self.ledger.post(self.held, course, progress, source, earned, EvidenceKind.PART, facts, position_ms=part.to_ms)
        return earned

    def _progress(self, part: Part) -> Progress:
        lesson_id = uuid.UUID(part.lesson)
        if lesson_id not in self.progress:
            self.progress[lesson_id] = sittings.load_progress(self.session, self.origin.enrollment_id, lesson_id)
        return self.progress[lesson_id]

    def _answer(self, chain: StudyChain, settled: Sequence[tuple[Part, Credit]]) -> str:
        last = max(self.upload.parts, key=lambda part: part.number)
        course, progress = self._course(last), self._progress(last)
        told: dict[str, Any] = {
            "source": str(chain.source_id),
            "after_seq": chain.after_seq,
            "settled": chain.settled,
            "count": chain.count,
            "parts": [
                {"j": part.number, "verdict": earned.verdict.value, "credited_ms": earned.gained_ms}
                for part, earned in settled
            ],
            "lessons": {str(lesson): each.credited_ms for lesson, each in self.progress.items()},
            **course.standing(progress).told(),
            "challenge": presence.open_challenge(self.pen, self.held),
        }
        return dumps(told)

    def _flag(self, actor: Actor) -> None:
        if not audit.knows(self.session, "chain.forked", self.upload.source_id):
            audit.record(
                self.session,
                "chain.forked",
                self.upload.source_id,
                now=self.pen.now,
                account_id=actor.account_id,
                detail={"after_seq": self.upload.after_seq, "body_hash": self.upload.body_hash},
            )


def _part(row: StudyPart) -> Part:
    return Part(
        number=row.number,
        lesson=str(row.lesson_id),
        from_ms=row.from_ms,
        to_ms=row.to_ms,
        mono_from_ms=row.mono_from_ms,
        mono_to_ms=row.mono_to_ms,
        leaf=row.leaf,
    )
