"""Courses as they are published: frozen versions, their lessons, and the text behind them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from lms.authoring.frozen import content_hash, freeze, thaw
from lms.authoring.markdown import to_plain
from lms.domain.courses import Course as CourseText
from lms.domain.courses import Lesson as LessonText
from lms.domain.courses import LessonKind, reading_budget_ms
from lms.domain.courses import Module as ModuleText
from lms.domain.errors import Conflict, NotFound, Refused
from lms.domain.roles import Role
from lms.models.courses import Course, CourseVersion, Lesson
from lms.models.media import Media
from lms.services import audit, media, scopes
from lms.services.media import MediaProgress
from lms.services.scopes import Actor

MOST_TEXTS_KEPT = 64
_texts: dict[str, CourseText] = {}


@dataclass(frozen=True)
class VersionRow:
    """One published version in a list, the newest first."""

    version_id: uuid.UUID
    slug: str
    number: int
    title: str
    title_en: str
    content_hash: str
    published_at: datetime
    lessons: int


@dataclass(frozen=True)
class OutlineRow:
    """One lesson of a version: its text, its row, and how far its video is."""

    lesson_id: uuid.UUID
    text: LessonText
    duration_ms: int | None
    video: MediaProgress | None


@dataclass(frozen=True)
class OutlineModule:
    """A module of a version with its lessons in order."""

    text: ModuleText
    rows: tuple[OutlineRow, ...]


@dataclass(frozen=True)
class Outline:
    """A whole version, as its trainer looks through it."""

    version: VersionRow
    text: CourseText
    modules: tuple[OutlineModule, ...]

    @property
    def videos_missing(self) -> int:
        """How many videos cannot be played yet."""
        rows = (row for module in self.modules for row in module.rows)
        return sum(row.video is not None and row.video.state != media.READY for row in rows)


def publish(
    session: Session, course: CourseText, *, now: datetime, organisation_id: uuid.UUID | None = None
) -> CourseVersion:
    """Freezes a course as its next version, and asks for the videos it lacks.

    The same content is the same version, however often it is published. A course without an organisation ships
    with the platform. Conflict("course_slug_taken") when the slug is another owner's, Refused("upload_missing").
    """
    frozen = freeze(course)
    digest = content_hash(frozen)
    owner = _course_row(session, course.slug, organisation_id, now)
    versions = select(CourseVersion).where(CourseVersion.course_id == owner.id)
    found = session.scalar(versions.where(CourseVersion.content_hash == digest))
    if found is not None:
        return found
    last = session.scalar(select(func.max(CourseVersion.number)).where(CourseVersion.course_id == owner.id))
    made = CourseVersion(
        course_id=owner.id,
        number=(last or 0) + 1,
        title=course.title,
        title_en=course.title_en,
        content_hash=digest,
        frozen=frozen,
        published_at=now,
        lessons=_lesson_rows(session, course, organisation_id, now),
    )
    session.add(made)
    session.flush()
    audit.record(session, "course.publish", made.id, now=now, detail={"number": made.number, "hash": digest})
    return made


def _course_row(session: Session, slug: str, organisation_id: uuid.UUID | None, now: datetime) -> Course:
    """The course, held until the end of the transaction, so that version numbers count up one by one."""
    found = session.scalar(select(Course).where(Course.slug == slug).with_for_update())
    if found is not None:
        if found.organisation_id != organisation_id:
            raise Conflict("course_slug_taken", slug=slug)
        return found
    made = Course(slug=slug, organisation_id=organisation_id, created_at=now)
    session.add(made)
    session.flush()
    return made


def _lesson_rows(
    session: Session, course: CourseText, organisation_id: uuid.UUID | None, now: datetime
) -> list[Lesson]:
    rows: list[Lesson] = []
    for module in course.modules:
        rows += [_lesson_row(session, module, lesson, organisation_id, now) for lesson in module.lessons]
    for position, row in enumerate(rows, start=1):
        row.position = position
    return rows


def _lesson_row(
    session: Session, module: ModuleText, lesson: LessonText, organisation_id: uuid.UUID | None, now: datetime
) -> Lesson:
    """A lesson with its length as the server measures it: a video's is known when it is made."""
    made = Lesson(
        module_slug=module.slug,
        slug=lesson.slug,
        kind=lesson.kind.value,
        title=lesson.title,
        title_en=lesson.title_en,
        duration_ms=0,
    )
    if lesson.kind is LessonKind.READING:
        made.duration_ms = reading_budget_ms(to_plain(lesson.body))
    if lesson.kind is LessonKind.VIDEO:
        video = _video(session, lesson, organisation_id, now)
        made.media_id, made.duration_ms = video.id, video.duration_ms
    return made


def _video(session: Session, lesson: LessonText, organisation_id: uuid.UUID | None, now: datetime) -> Media:
    """The video of a lesson: made from its slides, or the file of the owner's library that it names."""
    if lesson.upload is None:
        return media.request_slides(session, lesson.title, lesson.slides, now=now)
    found = media.find_ready(session, organisation_id, lesson.upload) if organisation_id else None
    if found is None:
        raise Refused("upload_missing", title=lesson.title)
    return found


def list_visible(session: Session, actor: Actor, role: Role = Role.TRAINER) -> list[VersionRow]:
    """The versions that staff in this role may look into, by course, the newest first."""
    visible = set(session.scalars(scopes.versions_of(actor, role).with_only_columns(CourseVersion.id)))
    return [row for row in list_versions(session) if row.version_id in visible]


def get_visible(session: Session, actor: Actor, version_id: uuid.UUID, role: Role = Role.TRAINER) -> CourseVersion:
    """One version that staff in this role may look into. NotFound."""
    found = session.scalar(scopes.versions_of(actor, role).where(CourseVersion.id == version_id))
    if found is None:
        raise NotFound
    return found


def list_versions(session: Session, slug: str | None = None) -> list[VersionRow]:
    """The versions of all courses, or of one, by course, the newest first; for no audience's eyes as they are."""
    counted = select(Lesson.course_version_id, func.count().label("lessons")).group_by(Lesson.course_version_id)
    counts = counted.subquery()
    rows = (
        select(CourseVersion, Course.slug, func.coalesce(counts.c.lessons, 0))
        .join(Course)
        .outerjoin(counts, counts.c.course_version_id == CourseVersion.id)
        .order_by(Course.slug, CourseVersion.number.desc())
    )
    if slug is not None:
        rows = rows.where(Course.slug == slug)
    return [_version_row(version, name, lessons) for version, name, lessons in session.execute(rows)]


def _version_row(version: CourseVersion, slug: str, lessons: int) -> VersionRow:
    return VersionRow(
        version_id=version.id,
        slug=slug,
        number=version.number,
        title=version.title,
        title_en=version.title_en,
        content_hash=version.content_hash,
        published_at=version.published_at,
        lessons=lessons,
    )


def latest(session: Session, slug: str) -> CourseVersion:
    """The newest version of a course; NotFound when it was never published."""
    versions = select(CourseVersion).join(Course).where(Course.slug == slug)
    found = session.scalar(versions.order_by(CourseVersion.number.desc()).limit(1))
    if found is None:
        raise NotFound
    return found


def get_version(session: Session, version_id: uuid.UUID) -> CourseVersion:
    """One version; NotFound when there is none of this id."""
    found = session.get(CourseVersion, version_id)
    if found is None:
        raise NotFound
    return found


def text_of(version: CourseVersion) -> CourseText:
    """The course as it was published; thawed once per process, since a content hash never means two texts."""
    text = _texts.get(version.content_hash)
    if text is None:
        if len(_texts) >= MOST_TEXTS_KEPT:
            _texts.clear()
        text = _texts[version.content_hash] = thaw(version.frozen)
    return text


def lesson_text(session: Session, lesson_id: uuid.UUID) -> LessonText:
    """The text of one lesson, as it was published; NotFound when there is none of this id."""
    lesson = session.get(Lesson, lesson_id, options=[joinedload(Lesson.course_version)])
    version = lesson and lesson.course_version  # a class in person has none
    text = lesson and version and text_of(version).find_lesson(lesson.slug)
    if not text:
        raise NotFound
    return text


def outline(session: Session, version_id: uuid.UUID) -> Outline:
    """A version with all its lessons, and how far the video of each is."""
    version = get_version(session, version_id)
    text = text_of(version)
    rows = {row.slug: row for row in version.lessons}
    videos = media.list_progress(session, [row.media_id for row in version.lessons if row.media_id])
    return Outline(
        version=_version_row(version, text.slug, len(rows)),
        text=text,
        modules=tuple(OutlineModule(module, _outline_rows(module, rows, videos)) for module in text.modules),
    )


def _outline_rows(
    module: ModuleText, rows: dict[str, Lesson], videos: dict[uuid.UUID, MediaProgress]
) -> tuple[OutlineRow, ...]:
    made = []
    for lesson in module.lessons:
        row = rows[lesson.slug]
        video = videos.get(row.media_id) if row.media_id else None
        made.append(OutlineRow(row.id, lesson, row.duration_ms, video))
    return tuple(made)


def find_version_with(session: Session, media_id: uuid.UUID) -> uuid.UUID | None:
    """The newest version one of whose lessons plays this video."""
    using: Sequence[uuid.UUID] = session.scalars(
        select(CourseVersion.id)
        .join(Lesson)
        .where(Lesson.media_id == media_id)
        .order_by(CourseVersion.published_at.desc())
        .limit(1)
    ).all()
    return using[0] if using else None
