"""What a phone is told about its study: the answer, the evidence behind it, the signed receipt."""

import json
import uuid
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from lms.crypto import Signer
from lms.domain import study
from lms.domain.certificates import facts_hash
from lms.domain.policies import Policy
from lms.domain.study import Credit, Heartbeat
from lms.models.courses import Lesson
from lms.models.enrollments import Enrollment
from lms.models.study import LessonProgress, StudyHeartbeat, StudyLease, StudySession

EVIDENCE_CLASS = "online"


@dataclass(frozen=True)
class Draws:
    """Randomness of one answer, drawn at the edge: the next nonce, and when the next beat is due."""

    nonce: str
    beat: float


@dataclass(frozen=True)
class Report:
    """A heartbeat as a phone reported it. `advisory` is kept as evidence and never changes credit."""

    session_id: uuid.UUID
    beat: Heartbeat
    advisory: dict[str, Any]

    @property
    def body_hash(self) -> str:
        """Tells a redelivery from another claim under the same number."""
        return facts_hash({"beat": asdict(self.beat), "advisory": self.advisory})


@dataclass(frozen=True)
class Answer:
    """What the phone is told: JSON text, the same bytes each time it asks again."""

    text: str
    forked: bool = False


@dataclass(frozen=True)
class Heard:
    """Everything one heartbeat is judged by, loaded while the person's lease is held."""

    report: Report
    opened: StudySession
    lease: StudyLease
    enrollment: Enrollment
    lesson: Lesson
    progress: LessonProgress
    policy: Policy
    now_ms: int
    now: datetime

    @property
    def duration_ms(self) -> int:
        """The lesson's length as the server measured it."""
        return self.lesson.duration_ms or 0

    @property
    def required_ms(self) -> int:
        """Credited time this lesson needs."""
        return self.policy.required_ms(self.duration_ms)


def session_answer(
    opened: StudySession, lesson: Lesson, policy: Policy, progress: LessonProgress | None, draws: Draws
) -> str:
    """The answer to opening a study session."""
    duration_ms = lesson.duration_ms or 0
    return _json(
        {
            "session": str(opened.id),
            "epoch": opened.epoch,
            "nonce": opened.nonce,
            "next_beat_ms": study.first_beat_ms(draws.beat),
            "policy": policy.code,
            "position_ms": progress.position_ms if progress else 0,
            "duration_ms": duration_ms,
            "credited_total_ms": progress.credited_ms if progress else 0,
            "required_ms": policy.required_ms(duration_ms),
        }
    )


def heartbeat_answer(signer: Signer, heard: Heard, earned: Credit, draws: Draws) -> str:
    """The answer to an accepted heartbeat, with its evidence signed as a receipt."""
    evidence = _evidence(heard, earned)
    leaf = facts_hash(evidence)
    return _json(
        {
            "session": evidence["session"],
            "seq": evidence["seq"],
            "verdict": evidence["verdict"],
            "credited_total_ms": heard.progress.credited_ms,
            "required_ms": heard.required_ms,
            "duration_ms": heard.duration_ms,
            "position_ms": heard.progress.position_ms,
            "lesson_done": heard.progress.credited_ms >= heard.required_ms,
            "nonce": draws.nonce,
            "next_beat_ms": study.next_beat_ms(draws.beat),
            "leaf": leaf,
            "receipt": signer.sign({**evidence, "leaf": leaf}),
        }
    )


def heartbeat_row(heard: Heard, earned: Credit, text: str) -> StudyHeartbeat:
    """The row that keeps what was reported, the verdict on it, and the answer given."""
    beat = heard.report.beat
    return StudyHeartbeat(
        session_id=heard.opened.id,
        seq=beat.seq,
        enrollment_id=heard.enrollment.id,
        lesson_id=heard.lesson.id,
        body_hash=heard.report.body_hash,
        from_ms=beat.from_ms,
        to_ms=beat.to_ms,
        advisory=heard.report.advisory,
        received_ms=heard.now_ms,
        received_at=heard.now,
        verdict=earned.verdict.value,
        rule=study.RULE,
        credited_ms=earned.gained_ms,
        answer=text,
    )


def _evidence(heard: Heard, earned: Credit) -> dict[str, Any]:
    beat = heard.report.beat
    return {
        "session": str(heard.opened.id),
        "seq": beat.seq,
        "enrollment": str(heard.enrollment.id),
        "lesson": str(heard.lesson.id),
        "claimed_ms": [beat.from_ms, beat.to_ms],
        "segment": asdict(earned.segment) if earned.segment else None,
        "verdict": earned.verdict.value,
        "rule": study.RULE,
        "evidence_class": EVIDENCE_CLASS,
        "credited_total_ms": heard.progress.credited_ms,
        "at": heard.now.isoformat(),
    }


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
