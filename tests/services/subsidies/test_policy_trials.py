"""A version is run against past classes: who changes, why, and nothing else happens."""

import uuid
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.domain.eligibility.findings import Assessment, Candidate, Finding, Outcome
from lms.domain.errors import Forbidden, NotFound, Refused
from lms.domain.subsidies import Atom, ReasonCode, SubsidyKind, SubsidyPolicy
from lms.models.audit import AuditEvent
from lms.models.enrollments import Enrollment
from lms.models.subsidies import SubsidyPin
from lms.parts import Parts
from lms.services import policy_trials
from tests.support.cast import Cast
from tests.support.filing import Office
from tests.support.policy_desk import PolicyDesk, file_of, policy_desk, text_of

TRAINING = SubsidyKind.TRAINING
WIDER = {"    value: 50\n": "    value: 40\n"}


@pytest.fixture
def office(parts: Parts, cast: Cast) -> Office:
    return Office(parts, cast)


@pytest.fixture
def desk(parts: Parts, cast: Cast, office: Office) -> PolicyDesk:
    """A class that opened a while ago, under LN-2023."""
    made = policy_desk(parts, cast)
    office.approved()
    made.pass_days(20)
    return made


def judge(session: Session, cohort_id: uuid.UUID, kind: SubsidyKind, policy: SubsidyPolicy) -> Sequence[Candidate]:
    """45 % of everybody's hours were online."""
    share = policy.terms.online_share_max
    fine = share.value is not None and share.value >= 45
    code, reason = ("", None) if fine else ("online_share_over", ReasonCode.ONLINE_SHARE_OVER)
    found = Finding("online_share_max", Outcome.MET if fine else Outcome.UNMET, code, reason, share.clause)
    same = Finding("identity", Outcome.MET)
    rows = session.scalars(select(Enrollment).where(Enrollment.cohort_id == cohort_id))
    return [
        Candidate(
            enrollment_id=each.id,
            person_id=each.person_id,
            enrolled_as=each.person_id,
            assessment=Assessment(
                kind,
                Atom(each.person_id, kind, "养老护理员", None),
                policy.code,
                policy.digest,
                (),
                (same, found),
                100_000 if fine else None,
            ),
            class_hour_hundredths=0,
            certificate_number=None,
            certificate_on=None,
        )
        for each in rows
    ]


def run(desk: PolicyDesk, code: str, **more: Any) -> policy_trials.Trial:
    told: policy_trials.Trial = desk.do(policy_trials.of_version, desk.id_of(code), TRAINING, judge=judge, **more)
    return told


def test_who_changes_is_told_with_the_finding_that_changed(desk: PolicyDesk, office: Office) -> None:
    desk.load(file_of("LN-2026", **WIDER))
    told = run(desk, "LN-2026")
    assert (told.code, told.classes, told.unpinned, told.left_off, told.learners) == ("LN-2026", 1, 0, 0, 1)
    assert told.counts == {(Outcome.MET, Outcome.UNMET): 1}
    (turn,) = told.turns
    assert (turn.cohort_id, turn.before, turn.after) == (office.cohort, Outcome.MET, Outcome.UNMET)
    assert (turn.before_fen, turn.after_fen) == (100_000, None)
    assert "王红" not in turn.name
    (change,) = turn.findings
    assert change.before
    assert change.after
    assert (change.criterion, change.before.outcome, change.after.outcome) == (
        "online_share_max", Outcome.MET, Outcome.UNMET,
    )  # fmt: skip


def test_a_trial_changes_no_pin_and_is_on_record(desk: PolicyDesk, office: Office) -> None:
    desk.load(file_of("LN-2026", **WIDER))
    run(desk, "LN-2026")
    assert desk.pinned(office.cohort)[office.cohort].code == "LN-2023"
    with desk.parts.database.transaction(write=False) as session:
        assert len(session.scalars(select(SubsidyPin)).all()) == 1
        (event,) = session.scalars(select(AuditEvent).where(AuditEvent.action == "subsidy.trial"))
    assert event.detail["policy"] == "LN-2026"


def test_its_own_version_changes_nobody(desk: PolicyDesk) -> None:
    told = run(desk, "LN-2023")
    assert (told.counts, told.turns) == ({(Outcome.MET, Outcome.MET): 1}, ())


def test_classes_of_another_place_are_not_looked_at(desk: PolicyDesk) -> None:
    assert run(desk, "CQ-2024").classes == 0
    assert run(desk, "CN-2023").classes == 1


def test_a_class_that_has_not_opened_is_not_past(parts: Parts, cast: Cast, office: Office) -> None:
    fresh = policy_desk(parts, cast)
    office.approved()
    assert run(fresh, "LN-2023").classes == 0


def test_a_draft_is_tried_before_it_is_published(desk: PolicyDesk) -> None:
    draft = desk.draft(text_of("LN-2026", **WIDER))
    told = desk.do(policy_trials.of_draft, draft, TRAINING, judge=judge)
    assert [each.after for each in told.turns] == [Outcome.UNMET]
    with pytest.raises(Refused, match="subsidy_faults"):
        desk.do(policy_trials.of_draft, desk.draft("code: 1"), TRAINING, judge=judge)


def test_strangers_try_nothing(desk: PolicyDesk) -> None:
    with pytest.raises(Forbidden, match="role_needed"):
        run(desk, "LN-2023", by=desk.cast.zhoumin)
    with pytest.raises(NotFound):
        desk.do(policy_trials.of_version, uuid.uuid4(), TRAINING, judge=judge)


def test_a_criterion_that_only_one_policy_asks_is_a_change() -> None:
    met, unsure = Finding("count", Outcome.MET), Finding("count", Outcome.UNSURE, "x")
    assert policy_trials.changed([met], [met]) == ()
    assert [(each.before, each.after) for each in policy_trials.changed([met], [unsure])] == [(met, unsure)]
    assert [(each.before, each.after) for each in policy_trials.changed([], [unsure])] == [(None, unsure)]
    assert policy_trials.changed([], [Finding("count", Outcome.SILENT)]) == ()
