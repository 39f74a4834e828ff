"""Uploaded videos of a course being written: their state in the library, and the captions that a version keeps."""

import uuid
from dataclasses import replace

from sqlalchemy.orm import Session

from lms.domain.courses import Course, Lesson
from lms.domain.lint import MediaFacts
from lms.services import captions, media


def with_captions(session: Session, organisation_id: uuid.UUID, course: Course) -> Course:
    """The course with the captions that hold in the library now, where its own files have none.

    They become part of the version, so that later changes in the library leave it as it was.
    """
    modules = [
        replace(module, lessons=tuple(_captioned(session, organisation_id, lesson) for lesson in module.lessons))
        for module in course.modules
    ]
    return replace(course, modules=tuple(modules))


def facts(session: Session, organisation_id: uuid.UUID, course: Course) -> dict[str, MediaFacts]:
    """What the lint asks of the uploaded videos, by the SHA-256 of their originals."""
    wanted = {lesson.upload for lesson in course.lessons if lesson.upload}
    found = {name: media.find_ready(session, organisation_id, name) for name in wanted}
    return {
        name: MediaFacts(True, made.duration_ms or 0, made.has_sound is not False)
        for name, made in found.items()
        if made is not None
    }


def _captioned(session: Session, organisation_id: uuid.UUID, lesson: Lesson) -> Lesson:
    made = media.find_ready(session, organisation_id, lesson.upload) if lesson.upload and not lesson.captions else None
    if made is None or made.captions_number is None:
        return lesson
    return replace(lesson, captions=captions.text_of(session, made.id, made.captions_number))
