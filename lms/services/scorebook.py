"""The score book of a class (结业考核成绩册, domain.md 6.1): one row a learner, the same for page, CSV and XLSX."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lms import clock
from lms.crypto import Keyring
from lms.domain import blended as rules
from lms.domain.blended import Conclusion, TrainingFacts
from lms.domain.exams import Mode
from lms.domain.identity import mask_number
from lms.domain.policies import Blended, policy_named
from lms.domain.practice import SittingKind
from lms.domain.roles import Role
from lms.models.accounts import Account
from lms.models.exams import ExamGrade, ExamSitting
from lms.models.practice import PracticeSheet, PracticeSitting
from lms.services import batches, blended, cohorts, consents, exports, pasts, sealed
from lms.services.cohorts import CohortView
from lms.services.scopes import Actor


@dataclass(frozen=True)
class ScoreRow:
    """One learner. `theory` in percent; `practice`: mean points of the skills, rounded down; None: not known yet.

    `examiners`: who signed the sheets of her skills, in the order of signing; `invigilators`: who asked an oral exam.
    `is_regraded`: a ruling on a question changed a grade of hers.
    Kept nowhere, so the book leaves it empty: an admission number (准考证号), and where a practical or an oral exam was
    held. Both columns stand on forms without being mandatory.
    """

    enrollment_id: uuid.UUID
    place: int
    name: str
    number: str
    theory: int | None
    practice: int | None
    conclusion: Conclusion
    resits: int
    examined_on: date | None
    examiners: tuple[str, ...]
    invigilators: tuple[str, ...]
    is_oral: bool
    is_regraded: bool = False

    @property
    def theory_online(self) -> bool:
        """Whether theory was examined, and never orally: then it was online."""
        return self.theory is not None and not self.is_oral


@dataclass(frozen=True)
class ScoreBook:
    """The book of one cohort; `asks`: whether its policy asks for any examination at all."""

    cohort: CohortView
    rows: tuple[ScoreRow, ...]
    asks: bool


@dataclass
class _Hands:
    """Who had a hand in one learner's examination, and when it was last."""

    examiners: dict[str, None] = field(default_factory=dict)
    invigilators: dict[str, None] = field(default_factory=dict)
    last_at: datetime | None = None
    is_regraded: bool = False


def read(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    cohort_id: uuid.UUID,
    *,
    role: Role = Role.INSTITUTION,
    unmasked: bool = False,
    now: datetime,
    before: datetime | None = None,
) -> ScoreBook:
    """The book of a cohort of the actor's institutions, in order of entry; NotFound for anybody else's.

    `before` a moment: as it all was then; `now` is then the last moment that was before.
    """
    cohort = cohorts.get(session, actor, cohort_id, role=role, before=before)
    found = sorted(batches.roster(session, actor, cohort.id, role, before), key=lambda row: row.enrollment.id)
    enrollments, policy = [row[0] for row in found], policy_named(cohort.policy_code)
    policies = {each.id: policy for each in enrollments}
    facts = blended.facts(session, enrollments, policies, now=now, before=before)
    hands = _hands(session, [each.id for each in enrollments], before)
    asked = policy.blended or Blended(exam=None, practice=None)
    refusing = consents.refusing(session, {each.person_id for each in enrollments}) if unmasked else set()
    rows = []
    for place, (enrollment, name, document, is_gone, _leaves) in enumerate(found, start=1):
        number = sealed.open_document(keyring, enrollment.person_id, document) if document else ""
        whole = unmasked and not is_gone and enrollment.person_id not in refusing
        shown = number if whole else mask_number(number)
        who = (enrollment.id, place, name, shown)
        rows.append(_row(who, facts[enrollment.id], hands[enrollment.id], asked))
    return ScoreBook(cohort, tuple(rows), bool(asked.exam or asked.practice))


def record_export(
    session: Session,
    actor: Actor,
    book: ScoreBook,
    *,
    file_format: str,
    unmasked: bool = False,
    purpose: str = "",
    now: datetime,
) -> str:
    """Leaves the audit row of a book about to be sent as a file; answers with the purpose as it is kept.

    Refused: export_purpose_missing (unmasked only), export_purpose_too_long, export_purpose_personal.
    """
    return exports.record(
        session,
        actor,
        "scorebook",
        {"cohort": str(book.cohort.id)},
        file_format=file_format,
        rows=len(book.rows),
        organisation_id=book.cohort.organisation_id,
        unmasked=unmasked,
        purpose=purpose,
        now=now,
    )


def _row(who: tuple[uuid.UUID, int, str, str], facts: TrainingFacts, hands: _Hands, asked: Blended) -> ScoreRow:
    enrollment_id, place, name, number = who
    moments = [at for at in (facts.exam.last_closed_at, hands.last_at) if at]
    return ScoreRow(
        enrollment_id=enrollment_id,
        place=place,
        name=name,
        number=number,
        theory=facts.exam.best_percent,
        practice=rules.practice_points(facts, asked),
        conclusion=rules.conclude(facts, asked),
        resits=rules.resits(facts, asked),
        examined_on=clock.civil_day(max(moments)) if moments else None,
        examiners=tuple(hands.examiners),
        invigilators=tuple(hands.invigilators),
        is_oral=bool(hands.invigilators),
        is_regraded=hands.is_regraded,
    )


def _hands(session: Session, ids: Sequence[uuid.UUID], before: datetime | None) -> Mapping[uuid.UUID, _Hands]:
    found: dict[uuid.UUID, _Hands] = defaultdict(_Hands)
    signed = session.execute(_signed(ids, before)).all()
    oral = session.execute(_oral(ids, before)).all()
    names = pasts.staff_names(session, [*(row[1] for row in signed), *(row[1] for row in oral)], before)
    for enrollment_id, examiner, submitted_at in signed:
        found[enrollment_id].examiners[names[examiner]] = None
        found[enrollment_id].last_at = submitted_at
    for enrollment_id, examiner in oral:
        found[enrollment_id].invigilators[names[examiner]] = None
    again = select(ExamSitting.enrollment_id).join(ExamGrade, ExamGrade.sitting_id == ExamSitting.id)
    again = again.where(ExamSitting.enrollment_id.in_(ids), ExamGrade.number > 1)
    if before is not None:
        again = again.where(ExamGrade.graded_at < before)
    for enrollment_id in session.scalars(again):
        found[enrollment_id].is_regraded = True
    return found


def _signed(ids: Sequence[uuid.UUID], before: datetime | None) -> Select[uuid.UUID, uuid.UUID, datetime]:
    """(enrollment, examiner, when) of each sheet of an examination, in the order of signing."""
    sheets = (
        select(PracticeSitting.enrollment_id, PracticeSheet.account_id, PracticeSheet.submitted_at)
        .join(PracticeSheet, PracticeSheet.sitting_id == PracticeSitting.id)
        .where(PracticeSitting.enrollment_id.in_(ids), PracticeSitting.kind == SittingKind.EXAM.value)
        .order_by(PracticeSheet.submitted_at, PracticeSheet.id)
    )
    return sheets if before is None else sheets.where(PracticeSheet.submitted_at < before)


def _oral(ids: Sequence[uuid.UUID], before: datetime | None) -> Select[uuid.UUID, uuid.UUID]:
    """(enrollment, examiner) of each oral sitting, in order."""
    oral = (
        select(ExamSitting.enrollment_id, Account.id)
        .join(Account, Account.id == ExamSitting.examiner_id)
        .where(ExamSitting.enrollment_id.in_(ids), ExamSitting.mode == Mode.ORAL.value)
        .order_by(ExamSitting.id)
    )
    return oral if before is None else oral.where(ExamSitting.opened_at < before)
