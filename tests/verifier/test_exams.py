"""The auditor replays exams: silent on a clean database, and it finds every edit of their tables."""

import random

import pytest
from sqlalchemy import select

from lms import models
from lms.domain.exams import RulingKind
from lms.domain.policies import MS_PER_MINUTE
from lms.models.exams import ExamGrade
from lms.parts import Parts
from lms.services import exams
from lms.services.scopes import Actor
from tests.support import examiners
from tests.support.cast import Cast
from tests.support.edits import audited, random_edit, unguarded
from tests.support.exams import KINDS, MINUTES, SEED, Sitter, stage
from tests.support.study import WoundClock, now
from tests.verifier.test_verify import findings

EDITS = {
    "exam_sittings": "id enrollment_id person_id number mode examiner_id seed paper paper_hash watermark policy_code "
    "pass_percent opened_ms opened_at due_ms entry",
    "exam_answers": "sitting_id place number client_key answer held_ms received_ms",
    "exam_closings": "sitting_id cause answers_hash closed_ms closed_at entry",
    "exam_grades": "sitting_id number scores score_percent passed ruling_id graded_at entry",
    "exam_rulings": "id question_id revision ruling reason decided_by",
}


@pytest.fixture
def examined(parts: Parts, cast: Cast, monkeypatch: pytest.MonkeyPatch, password_hash: str) -> Parts:
    """An exam handed in and graded anew, then an oral one whose time ran out."""
    wound = WoundClock(monkeypatch)
    with parts.database.transaction() as session:
        hall = stage(session, cast, items=KINDS * 2)
        heping = examiners.stage(session, parts.keyring, cast, password_hash).heping
    sitter = Sitter(parts, cast.lifang, hall.enrollment)
    _, slot = sitter.paper(sitter.sit(right=3))[-1]
    with parts.database.transaction() as session:
        question = hall.questions[[str(each) for each in hall.questions].index(slot.question)]
        exams.rule(session, cast.zhoumin, question, 1, RulingKind.LEAVE_OUT, "题目印错了", now=now())
    wound.forward(24 * 60 * MS_PER_MINUTE)
    oral(parts, heping, sitter, wound)
    return parts


def oral(parts: Parts, heping: Actor, sitter: Sitter, wound: WoundClock) -> None:
    with parts.database.transaction() as session:
        sitting = exams.open_oral(session, heping, sitter.enrollment, seed=SEED, now=now())
    sitter.actor = heping
    sitter.give(sitting, 0, {"picked": ["0"]})
    wound.forward((MINUTES + 5) * MS_PER_MINUTE)
    assert sitter.result(sitting) is not None


def test_replaying_the_evidence_gives_the_tables_of_exams(examined: Parts) -> None:
    assert findings(examined.database) == []
    with examined.database.transaction(write=False) as session:
        assert len(session.scalars(select(ExamGrade)).all()) == 3


def test_an_edit_of_any_column_is_found(examined: Parts) -> None:
    dice, missed = random.Random(5), []
    for table, columns in EDITS.items():
        for column in columns.split():
            edit = random_edit(examined.database, models.metadata.tables[table], column, dice)
            if edit is not None and not edit[1]:
                missed.append(edit[0])
    assert missed == []


def test_a_row_that_was_taken_out_is_missed(examined: Parts) -> None:
    for table in EDITS:
        found = models.metadata.tables[table]
        with examined.database.engine.connect() as connection:
            row = connection.execute(select(found)).mappings().first() or {}
            unguarded(connection)
            connection.execute(found.delete().where(*(key == row[key.name] for key in found.primary_key.columns)))
            assert audited(connection) != [], table
