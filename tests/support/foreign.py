"""All that 康宁 has, by the names that addresses use: what the crawl (tests/test_crawl.py) asks for as a stranger."""

import hashlib
import uuid
from dataclasses import dataclass, replace
from datetime import time
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.adapters.banks.formats import Format
from lms.authoring.archive import pack
from lms.domain.attendance import MarkKind
from lms.domain.bank import ItemType
from lms.domain.courses import Course as CourseText
from lms.domain.flags import FlagKind
from lms.domain.roles import Role
from lms.models.accounts import Membership
from lms.models.attendance import AttendanceLeave
from lms.models.base import new_id
from lms.models.corrections import Correction
from lms.models.courses import Course, CourseVersion
from lms.models.drafts import Review, ReviewComment
from lms.models.exams import ExamSitting
from lms.models.jobs import Job
from lms.models.presence import PresenceCheck
from lms.models.quizzes import QuizAttempt, QuizReview
from lms.models.uploads import Upload
from lms.parts import Parts
from lms.services import attendance, bank, cases, drafts, exams, practice
from lms.services.cases import Suspicion
from lms.services.demo.content import QUESTIONS
from lms.services.scopes import Actor
from tests.authoring.packages import L1, RELEASABLE
from tests.support.cast import LESSON_MS, NOON, Cast, Stage
from tests.support.classes import Bell, School, plan, row
from tests.support.examiners import Examiners
from tests.support.exams import KINDS, SEED, Sitter
from tests.support.exams import stage as stage_exam
from tests.support.films import add_file
from tests.support.foreign_desks import Desks
from tests.support.practicals import GOOD, open_class, photo, signing
from tests.support.study import now
from tests.support.texts import small_course

Ids = dict[str, object]
PAPER_KEY = "corrections/x.png"


@dataclass
class Foreign:
    """The ids, one set for each kind of sitting, and 康宁's people who were not in the cast."""

    sets: list[Ids]
    examiners: Examiners


def furnish(parts: Parts, cast: Cast, noon: Bell, folder: Path, password_hash: str) -> Foreign:
    """Gives 康宁 one of everything."""
    with parts.database.transaction() as session:
        hall = stage_exam(session, cast, items=KINDS * 2)
        place = open_class(session, parts.keyring, cast, password_hash)
    heping = place.examiners.heping
    own = Sitter(parts, cast.lifang, hall.enrollment).sit(right=0)
    written = _write(parts, cast, folder)
    with parts.database.transaction() as session:
        question = session.get_one(ExamSitting, own).paper[0]["question"]
        judged = practice.open_sitting(session, heping, place.enrollment, place.wash, now=NOON)
        practice.record_given(session, heping, judged, now=NOON)
        practice.submit_sheet(session, heping, judged, signing(GOOD), now=NOON)
        ready = practice.Ready(photo(), "jpeg", "image/jpeg")
        picture = practice.keep(session, parts.store, heping, judged, ready, now=NOON)
        studied = _study(session, cast)
    school = School(parts, cast)
    meeting, later = school.add(), school.add(plan(cast, time(17), time(18)))
    with parts.database.transaction() as session:
        attendance.ask_leave(session, cast.lifang, later, "孩子发烧", now=now())
    noon.forward(122)
    paper = school.type_in(meeting, [row(cast)])
    noon.forward(24 * 60)
    with parts.database.transaction() as session:
        oral = exams.open_oral(session, heping, hall.enrollment, seed=SEED, now=now())
        leave = session.scalars(select(AttendanceLeave.id)).one()
        grant = session.scalars(select(Membership.id).where(Membership.role == Role.INSPECTOR.value)).one()
    shared: Ids = {
        **written, **studied, "meeting_id": meeting, "list_id": paper, "leave_id": leave, "picture_id": picture,
        "question_id": question, "revision": 1, "number": 1, "file_format": "csv", "kind": MarkKind.IN.value, "step": 1,
        "seal": "0" * 32, "organisation_id": cast.kangning, "account_id": cast.zhoumin.account_id,
        "grant_id": grant,
    }  # fmt: skip
    everywhere, filed, other = Desks(parts, cast, folder).furnish()
    shared |= {**filed, **everywhere}
    at_home = {"enrollment_id": cast.enrollment, "cohort_id": cast.cohort, "sitting_id": judged}
    hello, quiz = ({"lesson_id": cast.lessons[slug]} for slug in ("say-hello", "quiz-hello"))
    judged_there = {"enrollment_id": place.enrollment, "cohort_id": place.cohort, "lesson_id": place.wash}
    examined = {"enrollment_id": hall.enrollment, "cohort_id": hall.cohort, "lesson_id": place.wash}
    return Foreign(
        [
            {**shared, **at_home, **hello},
            {**shared, **judged_there, "kind": ItemType.SINGLE.value, "sitting_id": oral},
            {**shared, **examined, **other, "sitting_id": own},
            {**shared, **at_home, **quiz, **filed},
            {**shared, **at_home, **quiz, "meeting_id": later, "slug": "m1"},
        ],
        place.examiners,
    )


def _write(parts: Parts, cast: Cast, folder: Path) -> Ids:
    """What trainers make: a course of 康宁's own, a draft in review, a batch of questions, a video, an upload."""
    film = folder / "film.mp4"
    film.write_bytes(b"no film, but a file")
    media = add_file(parts, cast.wanglei, film)
    parts.store.put_file(PAPER_KEY, film, "image/png")
    slug = small_course().slug
    known = {"path": L1, "slug": "say-hello", "course_slug": slug, "name": "master.m3u8", "media_id": media}
    draft = begin_draft(parts, cast.wanglei, cast.kangning)
    with parts.database.transaction() as session:
        version, _ = Stage(session).version(_renamed())
        course = session.get_one(CourseVersion, version).course_id
        session.get_one(Course, course).organisation_id = cast.kangning
        shelf = bank.get_place(session, cast.wanglei, cast.kangning, slug)
        told = {"file_name": "题.txt", "data": QUESTIONS.read_bytes(), "kind": Format.TEXT, "now": NOON}
        batch = bank.bring(session, parts.store, cast.wanglei, shelf, **told).batch
        upload = Upload(
            id=new_id(), organisation_id=cast.kangning, account_id=cast.wanglei.account_id, client_key="k",
            name="a.mp4", size_bytes=100, part_bytes=100, state="open", key="uploads/a", ref="", created_at=NOON,
            touched_at=NOON,
        )  # fmt: skip
        session.add(upload)
        session.flush()
        review = _review(session, cast, draft)
        job = session.scalars(select(Job.id).limit(1)).one()
        ids = {
            "version_id": version,
            "course_id": course,
            "draft_id": draft,
            "batch_id": batch.id,
            "upload_id": upload.id,
        }
    return {**known, **ids, "comment_id": review, "job_id": job}


def begin_draft(parts: Parts, actor: Actor, place: uuid.UUID) -> uuid.UUID:
    """A course that somebody of an institution is writing."""
    packed = pack({path: text.encode() for path, text in RELEASABLE.items()})
    with parts.database.transaction() as session:
        draft = drafts.begin_from_archive(session, parts.store, actor, place, packed, now=NOON).draft
        assert draft
        return draft.id


def _renamed() -> CourseText:
    return replace(small_course(), slug="own-course", title="康宁自己的课")


def _review(session: Session, cast: Cast, draft_id: uuid.UUID) -> uuid.UUID:
    """A comment on the draft."""
    asked = {"revision": 1, "content_hash": "0" * 64, "words": "请看", "asked_by": cast.wanglei.account_id}
    review = Review(id=new_id(), draft_id=draft_id, asked_at=NOON, **asked)
    session.add(review)
    session.flush()
    said = ReviewComment(
        review_id=review.id, path=L1, words="短一点", written_by=cast.liuyang.account_id, written_at=NOON
    )
    session.add(said)
    session.flush()
    return said.id


def _study(session: Session, cast: Cast) -> Ids:
    """What is about 李芳: a case, a correction, a check, an attempt, an answer in her notebook."""
    assert cast.lifang.person_id
    where = {"enrollment_id": cast.enrollment, "lesson_id": cast.lessons["say-hello"]}
    hers = {"person_id": cast.lifang.person_id, **where}
    flag = Suspicion(FlagKind.WRONG_ANSWERS, cast.lifang.person_id, cast.kangning, FlagKind.WRONG_ANSWERS, {
        "checks": 5, "enrollment": str(cast.enrollment), "lesson": str(cast.lessons["say-hello"]),
    })  # fmt: skip
    cases.raise_flag(session, flag, now=NOON)
    correction = Correction(
        id=new_id(), organisation_id=cast.kangning, kind="credit", evidence_class="attended", segment_ids=[], from_ms=0,
        to_ms=LESSON_MS, wall_from_ms=0, wall_to_ms=LESSON_MS, reason="当面上过", attachment_key=PAPER_KEY,
        attachment_name="x.png", attachment_hash=hashlib.sha256(b"").hexdigest(), proposed_at=NOON,
        proposed_by=cast.zhoumin.account_id, **hers,
    )  # fmt: skip
    check = PresenceCheck(
        id=new_id(), kind="study", from_entry=0, question={"stem": "?", "options": ["a", "b"]}, right_option=0,
        issued_ms=0, issued_at=NOON, due_ms=1, entry=10_000, **hers,
    )  # fmt: skip
    quiz = {"enrollment_id": cast.enrollment, "lesson_id": cast.lessons["quiz-hello"]}
    attempt = QuizAttempt(id=new_id(), answers={}, score=0, passed=False, submitted_at=NOON, **quiz)
    answered = {"question": "q1", "client_key": "k", "picked": [], "correct": False, "answered_at": NOON}
    review = QuizReview(id=new_id(), **quiz, **answered)
    session.add_all([correction, check, attempt, review])
    session.flush()
    ids = {"correction_id": correction.id, "check_id": check.id, "attempt_id": attempt.id, "review_id": review.id}
    return {**ids, "case_id": cases.list_own(session, cast.lifang)[0].id}
