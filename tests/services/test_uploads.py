"""Uploads: begun once, cut short as often as the line likes, whole at the end; one content once a library."""

import hashlib
import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from lms import worker
from lms.adapters.multipart import Part
from lms.db import Database
from lms.domain.errors import Conflict, Forbidden, NotFound, Refused
from lms.domain.roles import Role
from lms.domain.uploads import UploadLimits
from lms.models.jobs import Job
from lms.models.uploads import LibraryFile, Upload, UploadPart
from lms.parts import Parts
from lms.services import jobs, media, uploads
from lms.services.scopes import Actor
from lms.services.uploads import Asked, UploadView
from tests.support.cast import NOON, Cast

LIMITS = UploadLimits(max_bytes=1_000, quota_bytes=2_500, part_bytes=10)
CONTENT = b"0123456789abcdefghijABCDE"
KEY = "browser-key-00000001"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@dataclass
class Desk:
    """A trainer at her browser, without the browser."""

    parts: Parts
    actor: Actor
    folder: Path

    def start(self, asked: Asked | None = None, limits: UploadLimits = LIMITS, now: datetime = NOON) -> UploadView:
        asked = asked or Asked("洗手.mp4", len(CONTENT), KEY)
        with self.parts.database.transaction(write=False) as session:
            found = uploads.check(session, self.actor, asked, limits)
        if found:
            return found
        key = uploads.new_key()
        ref = self.parts.store.begin(key, "video/mp4")
        with self.parts.database.transaction() as session:
            return uploads.start(session, self.actor, asked, limits, key=key, ref=ref, now=now)

    def send(self, view: UploadView, number: int, content: bytes | None = None, told: str | None = None) -> UploadView:
        size = view.size_of(number)
        piece = content if content is not None else CONTENT[10 * (number - 1) : 10 * (number - 1) + size]
        place = self.folder / "part"
        place.write_bytes(piece)
        etag = self.parts.store.put_part(view.key, view.ref, number, place)
        with self.parts.database.transaction() as session:
            part = Part(number, len(piece), etag)
            return uploads.record_part(session, self.actor, view.upload_id, part, told or sha256(piece), now=NOON)

    def complete(self, view: UploadView) -> UploadView:
        with self.parts.database.transaction() as session:
            return uploads.complete(session, self.actor, view.upload_id, now=NOON)

    def get(self, view: UploadView) -> UploadView:
        with self.parts.database.transaction(write=False) as session:
            return uploads.get(session, self.actor, view.upload_id)

    def whole(self, asked: Asked | None = None) -> UploadView:
        view = self.start(asked)
        for number in view.missing:
            self.send(view, number)
        self.complete(view)
        work(self.parts, uploads.RECEIVE)
        return self.get(view)


def work(parts: Parts, kind: str) -> None:
    """Does all the jobs of a kind that are due."""
    with parts.database.transaction(write=False) as session:
        due = session.query(Job.id).filter(Job.kind == kind, Job.state == jobs.QUEUED).all()
    for (job_id,) in due:
        worker.run(parts, job_id)


def count(database: Database, table: type) -> int:
    with database.transaction(write=False) as session:
        return session.query(table).count()


@pytest.fixture
def desk(parts: Parts, cast: Cast, tmp_path: Path) -> Desk:
    return Desk(parts, cast.wanglei, tmp_path)


@pytest.fixture
def stranger(desk: Desk, cast: Cast) -> Desk:
    """A trainer of another institution."""
    return replace(desk, actor=replace(cast.sunyue, roles=frozenset({(Role.TRAINER, cast.anhe)})))


def test_asking_twice_is_one_upload(desk: Desk) -> None:
    first = desk.start()
    assert (first.state, first.have, first.missing, first.percent) == (uploads.OPEN, (), (1, 2, 3), 0)
    desk.send(first, 2)
    again = desk.start()
    assert (again.upload_id, again.have, again.missing) == (first.upload_id, (2,), (1, 3))
    assert count(desk.parts.database, Upload) == 1


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (Asked("", 5, KEY), "upload_name"),
        (Asked("a.mp4", 0, KEY), "upload_empty"),
        (Asked("a.mp4", 1_001, KEY), "media_too_large"),
    ],
)
def test_what_may_not_begin_leaves_nothing(desk: Desk, asked: Asked, code: str) -> None:
    with pytest.raises(Refused, match=code):
        desk.start(asked)
    assert count(desk.parts.database, Upload) == 0


def test_the_quota_counts_what_is_kept_and_what_is_coming(desk: Desk, stranger: Desk) -> None:
    desk.start(Asked("a.mp4", 1_000, KEY + "a"))
    desk.start(Asked("b.mp4", 1_000, KEY + "b"))
    with pytest.raises(Refused, match="upload_quota"):
        desk.start(Asked("c.mp4", 501, KEY + "c"))
    desk.start(Asked("c.mp4", 500, KEY + "c"))
    stranger.start(Asked("c.mp4", 1_000, KEY + "c"))


def test_it_needs_an_institution_of_ones_own(desk: Desk, cast: Cast) -> None:
    homeless = replace(desk, actor=replace(cast.wanglei, roles=frozenset({(Role.TRAINER, None)})))
    with pytest.raises(Forbidden, match="upload_needs_organisation"):
        homeless.start()
    with pytest.raises(NotFound):
        desk.start(Asked("a.mp4", 5, KEY, organisation_id=cast.anhe))


def test_a_whole_upload_is_in_the_library_and_its_video_is_asked_for(desk: Desk, cast: Cast) -> None:
    view = desk.whole()
    assert (view.state, view.missing) == (uploads.RECEIVED, ())
    with desk.parts.database.transaction(write=False) as session:
        ((row,), _) = media.list_library(session, desk.actor)
        assert media.find_ready(session, cast.kangning, sha256(CONTENT)) is None, "not made yet"
    assert (row.name, row.video.title, row.size_bytes) == ("洗手.mp4", "洗手", len(CONTENT))
    assert (row.content_hash, row.video.media_id, row.video.state) == (sha256(CONTENT), view.media_id, media.QUEUED)
    with desk.parts.store.open(view.key) as body:
        assert body.read() == CONTENT


def test_a_part_must_be_as_long_as_it_should(desk: Desk) -> None:
    view = desk.start()
    for number, content in ((1, b"short"), (3, b"0123456789")):
        with pytest.raises(Refused, match="upload_part_size"):
            desk.send(view, number, content)
    with pytest.raises(Refused, match="upload_part_number"):
        desk.send(view, 4, b"x")
    assert desk.get(view).have == ()


def test_completing_needs_every_part_and_may_be_asked_again(desk: Desk) -> None:
    view = desk.start()
    desk.send(view, 1)
    with pytest.raises(Conflict) as refused:
        desk.complete(view)
    assert (refused.value.code, refused.value.values) == ("upload_incomplete", {"count": 2})
    desk.send(view, 3)
    desk.send(view, 2)
    assert desk.complete(view).state == desk.complete(view).state == uploads.RECEIVING
    with desk.parts.database.transaction(write=False) as session:
        assert session.query(Job).filter(Job.kind == uploads.RECEIVE).count() == 1
    with pytest.raises(Conflict, match="upload_closed"):
        desk.send(view, 1)


def test_a_part_that_is_not_what_was_told_is_refused_and_the_file_may_come_again(desk: Desk) -> None:
    """As when a part went straight to the bucket, where nobody compared it."""
    view = desk.start()
    desk.send(view, 1, told=sha256(b"something else"))
    desk.send(view, 2)
    desk.send(view, 3)
    desk.complete(view)
    work(desk.parts, uploads.RECEIVE)
    refused = desk.get(view)
    assert (refused.state, refused.code, refused.media_id) == (uploads.REFUSED, "upload_changed", None)
    work(desk.parts, media.FORGET)
    assert list(desk.parts.store.list("originals/")) == []
    assert desk.whole().state == uploads.RECEIVED
    assert count(desk.parts.database, LibraryFile) == 1


def test_the_same_content_is_in_the_library_once(desk: Desk) -> None:
    first = desk.whole()
    second = desk.whole(Asked("又一次.mov", len(CONTENT), KEY + "2"))
    assert second.media_id == first.media_id
    work(desk.parts, media.FORGET)
    assert list(desk.parts.store.list("originals/")) == [first.key]
    known = desk.start(Asked("第三次.mp4", len(CONTENT), KEY + "3", sha256(CONTENT)))
    assert (known.state, known.media_id) == (uploads.RECEIVED, first.media_id), "a hash that is known saves the way"
    assert count(desk.parts.database, LibraryFile) == 1


def test_another_institutions_file_is_neither_shared_nor_betrayed(desk: Desk, stranger: Desk) -> None:
    mine = desk.whole()
    asked = Asked("洗手.mp4", len(CONTENT), KEY, sha256(CONTENT))
    assert stranger.start(asked).state == uploads.OPEN, "a hash alone tells nothing"
    theirs = stranger.whole(asked)
    assert theirs.media_id != mine.media_id
    for view, other in ((mine, stranger), (theirs, desk)):
        with pytest.raises(NotFound):
            other.get(view)
        with pytest.raises(NotFound):
            other.send(view, 1)
        with pytest.raises(NotFound):
            other.complete(view)
        with desk.parts.database.transaction() as session, pytest.raises(NotFound):
            uploads.abandon(session, other.actor, view.upload_id, now=NOON)
        with desk.parts.database.transaction(write=False) as session:
            assert [row.video.media_id for row in media.list_library(session, other.actor)[0]] != [view.media_id]
            with pytest.raises(NotFound):
                media.get_library_row(session, other.actor, view.media_id or uuid.uuid4())
            with pytest.raises(NotFound):
                media.check_visible(session, other.actor, view.media_id or uuid.uuid4())


def test_a_colleague_does_not_meddle_with_an_upload_but_sees_the_file(desk: Desk, cast: Cast) -> None:
    colleague = replace(desk, actor=replace(cast.zhoumin, roles=frozenset({(Role.TRAINER, cast.kangning)})))
    view = desk.start()
    with pytest.raises(NotFound):
        colleague.send(view, 1)
    desk.whole()
    with desk.parts.database.transaction(write=False) as session:
        assert media.list_library(session, colleague.actor)[1] == 1


def test_the_same_file_goes_to_each_of_two_institutions(desk: Desk, cast: Cast) -> None:
    both = frozenset({(Role.TRAINER, cast.kangning), (Role.TRAINER, cast.anhe)})
    busy = replace(desk, actor=replace(cast.wanglei, roles=both))
    views = [
        busy.whole(Asked("a.mp4", len(CONTENT), KEY, organisation_id=place)) for place in (cast.kangning, cast.anhe)
    ]
    assert len({view.media_id for view in views}) == 2
    assert count(desk.parts.database, LibraryFile) == 2


def test_a_worker_that_gave_up_is_asked_again(desk: Desk) -> None:
    view = desk.start()
    for number in (1, 2, 3):
        desk.send(view, number)
    desk.complete(view)
    with desk.parts.database.transaction() as session:
        session.query(Job).filter(Job.kind == uploads.RECEIVE).one().state = jobs.FAILED
    assert desk.complete(view).state == uploads.RECEIVING
    work(desk.parts, uploads.RECEIVE)
    assert desk.get(view).state == uploads.RECEIVED


def test_giving_up_forgets_the_parts(desk: Desk) -> None:
    view = desk.start()
    desk.send(view, 1)
    with desk.parts.database.transaction() as session:
        uploads.abandon(session, desk.actor, view.upload_id, now=NOON)
    work(desk.parts, media.FORGET)
    with pytest.raises(NotFound):
        desk.parts.store.parts(view.key, view.ref)
    assert (count(desk.parts.database, Upload), count(desk.parts.database, UploadPart)) == (0, 0)


@pytest.mark.parametrize(("hours", "swept"), [(47, False), (49, True)])
def test_what_nobody_touches_for_two_days_is_swept(desk: Desk, hours: int, swept: bool) -> None:
    view = desk.start()
    desk.send(view, 1)
    with desk.parts.database.transaction() as session:
        uploads.sweep(session, now=NOON + timedelta(hours=hours))
    assert (count(desk.parts.database, Upload) == 0) is swept
    work(desk.parts, media.FORGET)
    if swept:
        with pytest.raises(NotFound):
            desk.parts.store.parts(view.key, view.ref)


def test_what_has_arrived_leaves_the_list_after_a_week_and_the_library_never(desk: Desk) -> None:
    desk.whole()
    with desk.parts.database.transaction() as session:
        assert uploads.list_unfinished(session, desk.actor) == []
        uploads.sweep(session, now=NOON + timedelta(days=60))
    assert (count(desk.parts.database, Upload), count(desk.parts.database, LibraryFile)) == (0, 1)


def test_a_worker_that_dies_while_joining_leaves_one_file(desk: Desk) -> None:
    """Joined, and then killed: the next attempt finds the whole, and records it once."""
    view = desk.start()
    for number in (1, 2, 3):
        desk.send(view, number)
    desk.complete(view)
    desk.parts.store.finish(view.key, view.ref, desk.parts.store.parts(view.key, view.ref))
    work(desk.parts, uploads.RECEIVE)
    assert desk.get(view).state == uploads.RECEIVED
    assert count(desk.parts.database, LibraryFile) == 1
