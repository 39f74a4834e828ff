"""Study sessions, heartbeats, gaps and offline passes: load → decide → record → a signed receipt."""

from lms.services.study.chains import record_batch
from lms.services.study.heartbeats import Asked, record_heartbeats
from lms.services.study.origins import Upload
from lms.services.study.overview import CourseView, LessonView, list_lessons
from lms.services.study.passes import issue_pass
from lms.services.study.sessions import open_session

__all__ = [
    "Asked",
    "CourseView",
    "LessonView",
    "Upload",
    "issue_pass",
    "list_lessons",
    "open_session",
    "record_batch",
    "record_heartbeats",
]
