"""The completion report: the same row for page and files, only of one's own learners."""

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from lms.domain.errors import NotFound, Refused
from lms.domain.identity import DocumentType
from lms.models.audit import AuditEvent
from lms.models.base import new_id
from lms.models.enrollments import Enrollment
from lms.models.people import Person
from lms.models.quizzes import QuizAttempt
from lms.models.records import Record
from lms.models.study import LessonProgress
from lms.parts import Parts
from lms.services import reports, sealed
from lms.services.reports import EVERYBODY, CompletionRow, Selection
from lms.services.scopes import Actor
from tests.support.cast import LESSON_MS, NOON, Cast
from tests.support.statements import statements

CODE = "ABCDE-FGHJK-MNPQR-STVWX"


def rows(parts: Parts, actor: Actor, chosen: Selection = EVERYBODY, **how: bool) -> list[CompletionRow]:
    with parts.database.transaction(write=False) as session:
        return list(reports.completion_rows(session, parts.keyring, actor, selection=chosen, now=NOON, **how))


def study(parts: Parts, cast: Cast, slug: str, credited_ms: int) -> None:
    with parts.database.transaction() as session:
        session.add(
            LessonProgress(
                enrollment_id=cast.enrollment,
                lesson_id=cast.lessons[slug],
                covered=[[0, credited_ms]],
                credited_ms=credited_ms,
                by_class={"online": credited_ms - 1_000, "gap": 1_000},
                confirmed_ms=credited_ms // 2,
                updated_at=NOON,
            )
        )


def attempt(parts: Parts, cast: Cast, score: int) -> None:
    with parts.database.transaction() as session:
        session.add(
            QuizAttempt(
                enrollment_id=cast.enrollment,
                lesson_id=cast.lessons["quiz-hello"],
                answers={},
                score=score,
                passed=score >= 60,
                submitted_at=NOON,
            )
        )


def certify(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction() as session:
        late = NOON + timedelta(hours=13)  # 01:00 of the next day in China
        session.add(Record(enrollment_id=cast.enrollment, code=CODE, facts={}, facts_hash="", issued_at=late))


def crowd(parts: Parts, cast: Cast, number: int) -> None:
    """So many more learners in 康宁's cohort, none of whom has an account."""
    with parts.database.transaction() as session:
        for _ in range(number):
            person = new_id()
            document = sealed.seal_document(parts.keyring, person, "810000198808080013")
            kind = DocumentType.RESIDENCE_PERMIT.value
            session.add(
                Person(
                    id=person,
                    pid=person.hex * 2,
                    name="学员",
                    document_type=kind,
                    document_sealed=document,
                    created_at=NOON,
                )
            )
            session.flush()
            session.add(
                Enrollment(
                    id=new_id(),
                    cohort_id=cast.cohort,
                    person_id=person,
                    course_version_id=cast.version,
                    created_at=NOON,
                )
            )


def test_a_learner_who_has_not_begun(parts: Parts, cast: Cast) -> None:
    (row,) = rows(parts, cast.zhoumin)
    assert (row.name, row.number, row.phone) == ("李芳", "219999********0026", "199****0001")
    assert (row.cohort, row.version_number) == ("2026年冬季一班", 1)
    assert (row.confirmed_ms, row.by_class) == (0, {})
    assert (row.credited_ms, row.class_hour_hundredths, row.quiz_score) == (0, 0, None)
    assert row.missing_ms == 2 * LESSON_MS * 95 // 100
    assert [reason.code for reason in row.verdict.unmet] == [
        "lesson_time_missing",
        "lesson_time_missing",
        "quiz_not_tried",
    ]
    assert (row.record_code, row.issued_on) == (None, None)


def test_a_learner_who_is_done(parts: Parts, cast: Cast) -> None:
    study(parts, cast, "say-hello", LESSON_MS)
    study(parts, cast, "read-hello", 115_000)
    attempt(parts, cast, 40)
    attempt(parts, cast, 80)
    certify(parts, cast)
    (row,) = rows(parts, cast.zhoumin)
    assert row.verdict.is_yes
    assert (row.credited_ms, row.missing_ms, row.quiz_score) == (LESSON_MS + 115_000, 0, 80)
    assert (row.confirmed_ms, row.by_class) == (117_500, {"online": 233_000, "gap": 2_000})
    assert row.class_hour_hundredths == 8  # 3 min 55 s of 45 min, rounded down
    assert (row.record_code, row.issued_on) == (CODE, date(2026, 11, 24))


def test_whole_numbers_only_when_asked_for(parts: Parts, cast: Cast) -> None:
    (masked,), (whole,) = rows(parts, cast.zhoumin), rows(parts, cast.zhoumin, unmasked=True)
    assert (whole.number, whole.phone) == ("219999198501010026", "19900000001")
    assert replace(whole, number=masked.number, phone=masked.phone) == masked


def test_a_learner_without_an_account_has_no_phone(parts: Parts, cast: Cast) -> None:
    crowd(parts, cast, 1)
    assert [row.phone for row in rows(parts, cast.zhoumin)] == ["199****0001", ""]
    assert [row.phone for row in rows(parts, cast.zhoumin, unmasked=True)] == ["19900000001", ""]


def test_each_institution_sees_its_own(parts: Parts, cast: Cast) -> None:
    assert [row.name for row in rows(parts, cast.zhoumin)] == ["李芳"]
    assert [row.name for row in rows(parts, cast.sunyue)] == ["陈默"]
    assert rows(parts, cast.wanglei) == rows(parts, cast.lifang) == rows(parts, cast.admin) == []


def test_the_report_is_narrowed_to_a_cohort_or_a_course(parts: Parts, cast: Cast) -> None:
    (row,) = rows(parts, cast.zhoumin, Selection(cohort_id=cast.cohort))
    assert row.enrollment_id == cast.enrollment
    assert rows(parts, cast.zhoumin, Selection(course_id=uuid.uuid4())) == []
    with pytest.raises(NotFound):
        rows(parts, cast.sunyue, Selection(cohort_id=cast.cohort))


def test_batches_miss_nobody_and_repeat_nobody(parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd(parts, cast, 6)
    whole = rows(parts, cast.zhoumin)
    for size in (1, 2, 3, 7, 8):
        monkeypatch.setattr(reports, "BATCH", size)
        assert rows(parts, cast.zhoumin) == whole
    ids = [row.enrollment_id for row in whole]
    assert len(set(ids)) == len(ids) == 7
    assert ids == sorted(ids)


def test_a_batch_costs_the_same_number_of_queries_however_many_learners(parts: Parts, cast: Cast) -> None:
    with statements(parts.database.engine) as first:
        rows(parts, cast.zhoumin)
    crowd(parts, cast, 20)
    with statements(parts.database.engine) as asked:
        assert len(rows(parts, cast.zhoumin)) == 21
    assert len(asked) == len(first)


def test_pages_hold_the_same_rows_as_the_files(parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd(parts, cast, 4)
    monkeypatch.setattr(reports, "PAGE", 2)
    with parts.database.transaction(write=False) as session:
        pages = [
            reports.completion_page(session, parts.keyring, cast.zhoumin, page=number, now=NOON)
            for number in (1, 2, 3, 99, -1)
        ]
    assert [row for page in pages[:3] for row in page.rows] == rows(parts, cast.zhoumin)
    assert [(page.page, page.pages, page.total) for page in pages] == [
        (1, 3, 5),
        (2, 3, 5),
        (3, 3, 5),
        (3, 3, 5),
        (1, 3, 5),
    ]


def test_an_empty_report_has_one_empty_page(parts: Parts, cast: Cast) -> None:
    with parts.database.transaction(write=False) as session:
        page = reports.completion_page(session, parts.keyring, cast.wanglei, now=NOON)
    assert (page.rows, page.total, page.page, page.pages) == ((), 0, 1, 1)


def export(parts: Parts, actor: Actor, selection: Selection = EVERYBODY, **told: object) -> AuditEvent:
    asked = {"file_format": "csv", "unmasked": False, **told}
    with parts.database.transaction() as session:
        reports.record_export(session, actor, selection=selection, now=NOON, **asked)
    with parts.database.transaction(write=False) as session:
        return session.scalars(select(AuditEvent).where(AuditEvent.action == "report.export")).one()


def test_an_export_leaves_an_audit_row(parts: Parts, cast: Cast) -> None:
    crowd(parts, cast, 2)
    chosen = Selection(cohort_id=cast.cohort)
    act = export(parts, cast.zhoumin, chosen, unmasked=True, purpose=" 向人社局  申报 ", file_format="xlsx")
    assert (act.account_id, act.organisation_id, act.at) == (cast.zhoumin.account_id, cast.kangning, NOON)
    assert act.detail == {
        "cohort": str(cast.cohort),
        "course": None,
        "format": "xlsx",
        "masked": False,
        "purpose": "向人社局 申报",
        "rows": 3,
    }


def test_a_masked_export_needs_no_purpose_and_is_audited_too(parts: Parts, cast: Cast) -> None:
    act = export(parts, cast.zhoumin)
    assert (act.detail["masked"], act.detail["purpose"], act.detail["rows"]) == (True, "", 1)
    assert act.organisation_id == cast.kangning


@pytest.mark.parametrize(
    ("purpose", "code"),
    [
        ("", "export_purpose_missing"),
        ("  ", "export_purpose_missing"),
        ("申" * 201, "export_purpose_too_long"),
        ("给 19900000001 看", "export_purpose_personal"),
        ("给 ２１９９９９１９８５０１０１００２６ 看", "export_purpose_personal"),
    ],
)
def test_whole_numbers_need_a_purpose_without_numbers(parts: Parts, cast: Cast, purpose: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        export(parts, cast.zhoumin, unmasked=True, purpose=purpose)


def test_a_strangers_cohort_is_not_exported(parts: Parts, cast: Cast) -> None:
    with pytest.raises(NotFound):
        export(parts, cast.sunyue, Selection(cohort_id=cast.cohort))
