"""Release: one person asks, another reads, comments and decides; what was read is what is released."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.adapters.objects import Store
from lms.authoring.frozen import content_hash, freeze
from lms.domain.courses import Course as CourseText
from lms.domain.errors import Conflict, NotFound, Refused
from lms.domain.reviews import ReviewState, require_second_person
from lms.domain.words import check_words
from lms.models.drafts import Draft, Review, ReviewComment
from lms.services import accounts, audit, courses, humans
from lms.services.drafts.changing import IN_REVIEW, OPEN
from lms.services.drafts.checking import check
from lms.services.drafts.linting import lint_course
from lms.services.drafts.reading import get_draft
from lms.services.scopes import Actor


@dataclass(frozen=True)
class ReviewRow:
    """One reading of a draft: who asked, who decided, and the version it led to."""

    review_id: uuid.UUID
    state: ReviewState
    words: str
    asked_by_id: uuid.UUID
    asked_by: str
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    decision_words: str
    version_id: uuid.UUID | None


@dataclass(frozen=True)
class CommentRow:
    """What somebody said about a file."""

    comment_id: uuid.UUID
    path: str
    words: str
    by: str
    at: datetime
    settled_by: str | None


def ask_review(
    session: Session, store: Store, actor: Actor, draft_id: uuid.UUID, words: str, *, now: datetime
) -> uuid.UUID:
    """Asks that somebody else read the draft; until then nothing in it changes.

    Refused("draft_has_problems" | "draft_not_ready" | words_…), Conflict("draft_in_review").
    """
    draft = _held(session, actor, draft_id)
    if draft.state != OPEN:
        raise Conflict("draft_in_review")
    course = _course(session, store, draft)
    made = Review(
        draft_id=draft.id,
        revision=draft.revision,
        content_hash=content_hash(freeze(course)),
        words=check_words(words),
        asked_by=actor.account_id,
        asked_at=now,
    )
    session.add(made)
    draft.state = IN_REVIEW
    session.flush()
    _note(session, "review.ask", made, draft, actor, now)
    return made.id


def withdraw(session: Session, actor: Actor, draft_id: uuid.UUID, *, now: datetime) -> None:
    """Takes the question back, so that writing can go on. NotFound when nothing was asked."""
    draft = _held(session, actor, draft_id)
    review = _open_review(session, draft)
    _close(draft, review, ReviewState.WITHDRAWN, actor, now)
    _note(session, "review.withdraw", review, draft, actor, now)


def decide(
    session: Session, store: Store, actor: Actor, draft_id: uuid.UUID, *, approve: bool, words: str, now: datetime
) -> Review:
    """A second person releases the draft as the next version, or gives it back with words.

    Forbidden("review_own"), NotFound, Conflict("course_slug_taken"),
    Refused(words_… | "draft_has_problems" | "draft_not_ready").
    """
    draft = _held(session, actor, draft_id)
    review = _open_review(session, draft)
    require_second_person(
        humans.self_of(session, actor.account_id, actor.person_id), humans.self_of(session, review.asked_by)
    )
    review.decision_words = check_words(words)
    _close(draft, review, ReviewState.APPROVED if approve else ReviewState.RETURNED, actor, now)
    if approve:
        course = _course(session, store, draft)
        version = courses.publish(session, course, now=now, organisation_id=draft.organisation_id)
        review.version_id, review.content_hash = version.id, version.content_hash
    _note(session, "review.approve" if approve else "review.return", review, draft, actor, now)
    return review


def comment(session: Session, actor: Actor, draft_id: uuid.UUID, path: str, words: str, *, now: datetime) -> uuid.UUID:
    """Says something about one file of a draft in review. NotFound, Refused(words_…)."""
    draft = get_draft(session, actor, draft_id)
    review = _open_review(session, draft)
    if path not in {file.path for file in draft.files}:
        raise NotFound
    made = ReviewComment(
        review_id=review.id, path=path, words=check_words(words), written_by=actor.account_id, written_at=now
    )
    session.add(made)
    session.flush()
    return made.id


def settle_comment(
    session: Session, actor: Actor, draft_id: uuid.UUID, comment_id: uuid.UUID, *, now: datetime
) -> None:
    """Marks a comment as answered or mended. NotFound."""
    draft = get_draft(session, actor, draft_id)
    mine = select(ReviewComment).join(Review, Review.id == ReviewComment.review_id).where(Review.draft_id == draft.id)
    found = session.scalar(mine.where(ReviewComment.id == comment_id))
    if found is None:
        raise NotFound
    if found.settled_at is None:
        found.settled_by, found.settled_at = actor.account_id, now


def list_reviews(session: Session, draft: Draft) -> list[ReviewRow]:
    """All readings of a draft, the newest first."""
    rows = select(Review).where(Review.draft_id == draft.id).order_by(Review.asked_at.desc(), Review.id.desc())
    found = session.scalars(rows).all()
    names = accounts.list_names(session, [name for each in found for name in (each.asked_by, each.decided_by)])
    return [_row(each, names) for each in found]


def get_review(session: Session, draft: Draft) -> tuple[ReviewRow | None, list[CommentRow]]:
    """The newest reading of a draft, if there was one, and all that was said about its files in any of them."""
    comments = session.scalars(
        select(ReviewComment)
        .join(Review, Review.id == ReviewComment.review_id)
        .where(Review.draft_id == draft.id)
        .order_by(ReviewComment.written_at, ReviewComment.id)
    ).all()
    names = accounts.list_names(session, [name for each in comments for name in (each.written_by, each.settled_by)])
    rows = [
        CommentRow(each.id, each.path, each.words, names[each.written_by], each.written_at, names.get(each.settled_by))
        for each in comments
    ]
    reviews = list_reviews(session, draft)
    return (reviews[0] if reviews else None), rows


def _held(session: Session, actor: Actor, draft_id: uuid.UUID) -> Draft:
    draft = get_draft(session, actor, draft_id)
    session.flush()
    session.refresh(draft, with_for_update=True)
    return draft


def _open_review(session: Session, draft: Draft) -> Review:
    open_ones = select(Review).where(Review.draft_id == draft.id, Review.state == ReviewState.OPEN.value)
    found = session.scalar(open_ones)
    if found is None:
        raise NotFound
    return found


def _course(session: Session, store: Store, draft: Draft) -> CourseText:
    """The draft as a course that nothing keeps from release."""
    checked = check(session, store, draft)
    if checked.course is None:
        raise Refused("draft_has_problems", count=len(checked.problems))
    blocking = lint_course(session, draft, checked.course).blocking
    if blocking:
        raise Refused("draft_not_ready", count=blocking)
    return checked.course


def _close(draft: Draft, review: Review, state: ReviewState, actor: Actor, now: datetime) -> None:
    draft.state, review.state = OPEN, state.value
    review.decided_by, review.decided_at = actor.account_id, now


def _row(review: Review, names: dict[uuid.UUID | None, str]) -> ReviewRow:
    return ReviewRow(
        review_id=review.id,
        state=ReviewState(review.state),
        words=review.words,
        asked_by_id=review.asked_by,
        asked_by=names[review.asked_by],
        asked_at=review.asked_at,
        decided_by=names.get(review.decided_by),
        decided_at=review.decided_at,
        decision_words=review.decision_words,
        version_id=review.version_id,
    )


def _note(session: Session, action: str, review: Review, draft: Draft, actor: Actor, now: datetime) -> None:
    audit.record(
        session,
        action,
        review.id,
        now=now,
        account_id=actor.account_id,
        organisation_id=draft.organisation_id,
        detail={"draft": str(draft.id), "revision": review.revision, "hash": review.content_hash},
    )
