"""Before an exam: the door with its rules, and the paper that is drawn when she opens it."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain import completion as completion_rules
from lms.domain import exam_papers, exams
from lms.domain.courses import TIMED, Exam
from lms.domain.errors import NotFound, Refused
from lms.domain.evidence import EvidenceKind, canonical, leaf_of
from lms.domain.exams import Mode, Try
from lms.domain.policies import ExamRules
from lms.domain.verdicts import Reason
from lms.models.base import new_id
from lms.models.enrollments import Enrollment
from lms.models.exams import ExamClosing, ExamGrade, ExamSitting
from lms.services import completion, scopes, study_clock
from lms.services.evidence import Held, Pen
from lms.services.exams import closing, drawing, rows
from lms.services.scopes import Actor


@dataclass(frozen=True)
class TryRow:
    """One sitting of an enrollment; `score_percent` None until it is graded."""

    sitting_id: uuid.UUID
    number: int
    mode: str
    opened_at: datetime
    due_ms: int
    closed_ms: int | None
    score_percent: int | None
    passed: bool


@dataclass(frozen=True)
class Door:
    """What stands at an exam's door: its rules, the tries made, why it cannot be opened now.

    `reveal_on`: the first day on which she may read the questions of her papers; None where never.
    """

    enrollment_id: uuid.UUID
    title: str
    title_en: str
    exam: Exam
    rules: ExamRules
    tries: tuple[TryRow, ...]
    refusals: tuple[Reason, ...]
    again_at: datetime | None
    open_sitting: TryRow | None
    reveal_on: date | None

    @property
    def questions(self) -> int:
        """How many questions a paper has."""
        return sum(part.questions for part in self.exam.parts)

    @property
    def tries_left(self) -> int:
        """How often she may still try."""
        return max(0, self.rules.attempts - len(self.tries))

    @property
    def passed(self) -> bool:
        """Whether one of the tries was enough."""
        return any(each.passed for each in self.tries)


def find_door(session: Session, actor: Actor, enrollment_id: uuid.UUID, *, now: datetime) -> Door | None:
    """The exam of an own enrollment as it stands now; None where the class has none. NotFound for a stranger's."""
    enrollment = _own(session, actor, enrollment_id)
    terms = rows.terms(session, enrollment)
    if terms is None:
        return None
    course, exam, rules = terms
    made, now_ms = tries(session, enrollment.id), study_clock.peek_ms(session)
    facts = _as_facts(made, now_ms)
    unclosed = (each for each in made if each.mode == Mode.ONLINE and each.closed_ms is None)
    wait = exams.again_ms(rules, facts) - now_ms
    return Door(
        enrollment_id=enrollment.id,
        title=course.title,
        title_en=course.title_en,
        exam=exam,
        rules=rules,
        tries=tuple(made),
        refusals=exams.refusals(
            rules,
            facts,
            _study_missing(session, enrollment, now),
            now_ms,
            busy_elsewhere=_is_busy(session, enrollment, now_ms),
        ),
        again_at=now + timedelta(milliseconds=wait) if wait > 0 else None,
        open_sitting=next((each for each in unclosed if not exams.is_over(each.due_ms, now_ms)), None),
        reveal_on=exams.reveal_on(enrollment.cohort.closes_on) if rules.reveal_after_close else None,
    )


def open_sitting(session: Session, actor: Actor, enrollment_id: uuid.UUID, *, seed: str, now: datetime) -> uuid.UUID:
    """Opens a sitting of an own enrollment, or tells the one that is open: another phone goes on with it.

    `seed`: drawn at the edge. NotFound where there is no exam; Refused with the first of `Door.refusals`, outside of
    the class's days, or with exam_bank_short.
    """
    return open_for(session, _own(session, actor, enrollment_id), Mode.ONLINE, None, seed=seed, now=now)


def _own(session: Session, actor: Actor, enrollment_id: uuid.UUID) -> Enrollment:
    enrollment = session.scalar(scopes.enrollments_of(actor).where(Enrollment.id == enrollment_id))
    if enrollment is None:
        raise NotFound
    return enrollment


def open_for(
    session: Session,
    enrollment: Enrollment,
    mode: Mode,
    examiner_id: uuid.UUID | None,
    *,
    seed: str,
    now: datetime,
) -> uuid.UUID:
    """The same for an enrollment that was found in a scope, in either mode."""
    terms = rows.terms(session, enrollment)
    if terms is None:
        raise NotFound
    completion.require_running(session, enrollment, now=now)
    pen, held = study_clock.hold_one(session, enrollment.person_id, now=now)
    made = tries(session, enrollment.id)
    for each in made:
        if each.closed_ms is None and exams.is_over(each.due_ms, pen.now_ms):
            closing.close_overdue(pen, held, each.sitting_id)
        elif each.closed_ms is None and (each.mode, mode) == (Mode.ONLINE, Mode.ONLINE):
            return each.sitting_id
    session.flush()
    _check(pen, enrollment, terms[2])
    sitting_id = _draw(pen, held, enrollment, terms[1], mode, examiner_id, len(made) + 1, seed)
    pen.write()
    return sitting_id


def _check(pen: Pen, enrollment: Enrollment, rules: ExamRules) -> None:
    session, now_ms = pen.session, pen.now_ms
    facts, busy = _as_facts(tries(session, enrollment.id), now_ms), _is_busy(session, enrollment, now_ms)
    missing = _study_missing(session, enrollment, pen.now)
    for reason in exams.refusals(rules, facts, missing, now_ms, busy_elsewhere=busy):
        raise Refused(reason.code, **reason.values)


def _draw(
    pen: Pen,
    held: Held,
    enrollment: Enrollment,
    exam: Exam,
    mode: Mode,
    examiner_id: uuid.UUID | None,
    number: int,
    seed: str,
) -> uuid.UUID:
    paper = exam_papers.to_json(drawing.draw(pen.session, enrollment, exam, seed))
    sitting_id = new_id()
    facts = {
        "number": number,
        "mode": mode.value,
        "paper_hash": leaf_of(canonical({"paper": paper})),
        "watermark": exam_papers.watermark(str(sitting_id), seed),
        "pass_percent": exam.pass_percent,
        "policy_code": enrollment.cohort.policy_code,
        "due_ms": exams.due_ms(pen.now_ms, exam.minutes),
    }
    told: dict[str, object] = {"sitting": str(sitting_id), "enrollment": str(enrollment.id)}
    told |= {"seed_hash": leaf_of(f"{sitting_id}{seed}"), "examiner": str(examiner_id) if examiner_id else None}
    entry = pen.append(held, EvidenceKind.EXAM, {**told, **facts})
    pen.session.add(
        ExamSitting(
            id=sitting_id,
            enrollment_id=enrollment.id,
            person_id=enrollment.person_id,
            examiner_id=examiner_id,
            seed=seed,
            paper=paper,
            opened_ms=pen.now_ms,
            opened_at=pen.now,
            entry=entry.number,
            **facts,
        )
    )
    return sitting_id


def tries(session: Session, enrollment_id: uuid.UUID) -> list[TryRow]:
    """The sittings of an enrollment, the first first."""
    found = (
        select(ExamSitting, ExamClosing.closed_ms, ExamGrade)
        .outerjoin(ExamClosing, ExamClosing.sitting_id == ExamSitting.id)
        .outerjoin(ExamGrade, ExamGrade.sitting_id == ExamSitting.id)
        .where(ExamSitting.enrollment_id == enrollment_id)
        .order_by(ExamSitting.number, ExamGrade.number)
    )
    told: dict[int, TryRow] = {}
    for row, closed_ms, grade in session.execute(found):
        score, passed = (grade.score_percent, grade.passed) if grade else (None, False)
        facts = (row.id, row.number, row.mode, row.opened_at, row.due_ms, closed_ms, score, passed)
        told[row.number] = TryRow(*facts)
    return list(told.values())


def _as_facts(made: list[TryRow], now_ms: int) -> list[Try]:
    """One whose time is up is closed, whether or not that is written down yet."""
    return [
        Try(
            each.due_ms if each.closed_ms is None and exams.is_over(each.due_ms, now_ms) else each.closed_ms,
            each.passed,
        )
        for each in made
    ]


def _study_missing(session: Session, enrollment: Enrollment, now: datetime) -> int | None:
    """Credited milliseconds still asked for; None while a lesson's video is being made."""
    standing = completion.standing(session, enrollment, now=now)
    timed = [lesson for lesson in standing.lessons if lesson.kind in TIMED]
    if any(lesson.duration_ms is None for lesson in timed):
        return None
    return sum(completion_rules.missing_ms(lesson, standing.policy) for lesson in timed)


def _is_busy(session: Session, enrollment: Enrollment, now_ms: int) -> bool:
    """Whether the same person sits the exam of another class."""
    others = select(ExamSitting.id).where(
        ExamSitting.person_id == enrollment.person_id,
        ExamSitting.enrollment_id != enrollment.id,
        ExamSitting.due_ms + exams.GRACE_MS >= now_ms,
        ~rows.ended(),
    )
    return session.scalar(others.limit(1)) is not None
