"""The library: cancelled, held back after three failures, deleted only when unused, captioned with a history."""

import logging
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lms import worker
from lms.adapters import production
from lms.adapters.production import Made, NotMade
from lms.domain.captions import Cue
from lms.domain.errors import Conflict, NotFound, Refused
from lms.domain.roles import Role
from lms.models.audit import AuditEvent
from lms.models.courses import Lesson
from lms.models.jobs import Job
from lms.models.media import Media
from lms.models.uploads import LibraryFile, MediaCaptions, Upload
from lms.parts import Parts
from lms.services import captions, drafts, jobs, library, media
from lms.services.scopes import Actor
from lms.worker import progress
from tests.support.cast import NOON, Cast
from tests.support.films import add_file, do_jobs, job_id_of, make_film

CUES = (Cue(0, 1_000, "先洗手"), Cue(1_000, 2_000, "再开门 <b>"))


@pytest.fixture
def file(parts: Parts, cast: Cast, tmp_path: Path) -> uuid.UUID:
    """A file whose video waits."""
    path = tmp_path / "not a film at all"
    path.write_bytes(b"?" * 100)
    return add_file(parts, cast.wanglei, path)


@pytest.fixture
def stranger(cast: Cast) -> Actor:
    """A trainer of another institution."""
    return replace(cast.sunyue, roles=frozenset({(Role.TRAINER, cast.anhe)}))


def settle(parts: Parts, media_id: uuid.UUID, outcome: Made | NotMade | None = None) -> None:
    """As the worker does when a video is made."""
    made = outcome or Made(f"media/{media_id}/1", 61_000, 5_000, False, width=640, height=360, has_sound=True)
    with parts.database.transaction() as session:
        session.get_one(Job, job_id_of(parts, media_id)).state = jobs.DONE
        media.settle(session, media_id, made, now=NOON)


def row_of(parts: Parts, actor: Actor, media_id: uuid.UUID) -> media.LibraryRow:
    with parts.database.transaction(write=False) as session:
        return media.get_library_row(session, actor, media_id)


def test_a_file_is_found_by_its_hash_once_its_video_is_made(parts: Parts, cast: Cast, file: uuid.UUID) -> None:
    named = row_of(parts, cast.wanglei, file).content_hash
    settle(parts, file)
    with parts.database.transaction(write=False) as session:
        found = media.find_ready(session, cast.kangning, named)
        assert found is not None
        assert (found.id, found.duration_ms, found.width, found.has_sound) == (file, 61_000, 640, True)
        assert media.find_ready(session, cast.anhe, named) is None
        assert media.find_ready(session, cast.kangning, "0" * 64) is None


def test_cancelling_takes_the_job_from_its_worker(
    parts: Parts, cast: Cast, file: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker notices without being told, and what it had already put into the store is gone."""
    seen: list[str] = []

    def make(*_values: Any, cancelled: Any, **_named: Any) -> Made:
        with parts.database.transaction() as session:
            library.cancel(session, cast.wanglei, file, now=NOON)
        while not cancelled():
            seen.append("asked")
        raise AssertionError("told to go on after the cancellation")

    monkeypatch.setattr(progress, "TELL_SECONDS", 0.0)
    monkeypatch.setattr(production, "make", make)
    worker.run(parts, job_id_of(parts, file))
    row = row_of(parts, cast.wanglei, file)
    assert (row.video.state, row.video.can_be_retried, row.video.is_settled) == (media.CANCELLED, True, True)
    assert len(seen) <= 1
    with parts.database.transaction(write=False) as session:
        assert session.get_one(Job, job_id_of(parts, file)).state == jobs.CANCELLED
        assert session.query(AuditEvent).filter(AuditEvent.action == "media.cancel").count() == 1


def test_a_cancelled_attempt_leaves_nothing_in_the_store(parts: Parts, cast: Cast, tmp_path: Path) -> None:
    media_id = add_file(parts, cast.wanglei, make_film(tmp_path / "film.mp4"))
    published: list[float] = []

    def cancelled() -> bool:
        if published and any(parts.store.list(f"media/{media_id}/")):
            raise Conflict("job_taken_over")
        return False

    payload = {"media_id": str(media_id), "original_key": next(parts.store.list("originals/"))}
    with pytest.raises(Conflict):
        production.make(parts.store, None, payload, 1, on_progress=published.append, cancelled=cancelled)
    assert list(parts.store.list("media/")) == []


def test_what_was_cancelled_can_be_made_after_all(parts: Parts, cast: Cast, tmp_path: Path) -> None:
    media_id = add_file(parts, cast.wanglei, make_film(tmp_path / "film.mp4"))
    with parts.database.transaction() as session:
        library.cancel(session, cast.wanglei, media_id, now=NOON)
        with pytest.raises(NotFound, match="job_not_running"):
            library.cancel(session, cast.wanglei, media_id, now=NOON)
    do_jobs(parts, media.MAKE_MEDIA)
    assert row_of(parts, cast.wanglei, media_id).video.state == media.CANCELLED
    with parts.database.transaction() as session:
        library.retry(session, cast.wanglei, media_id, now=NOON)
    do_jobs(parts, media.MAKE_MEDIA)
    row = row_of(parts, cast.wanglei, media_id)
    assert (row.video.state, row.has_sound, row.width) == (media.READY, True, 128)


def test_after_three_failures_it_is_held_and_the_original_kept(
    parts: Parts, cast: Cast, file: uuid.UUID, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def make(*_values: Any, **_named: Any) -> Made:
        raise OSError("the encoder fell over")

    monkeypatch.setattr(production, "make", make)
    for _ in range(jobs.MAX_ATTEMPTS):
        with parts.database.transaction() as session:
            session.get_one(Job, job_id_of(parts, file)).due_at = NOON - timedelta(days=1)
        with caplog.at_level(logging.CRITICAL):
            worker.run(parts, job_id_of(parts, file))
    row = row_of(parts, cast.wanglei, file)
    assert (row.video.state, row.video.can_be_retried, row.video.can_be_cancelled) == (media.FAILED, True, False)
    worker.sweep(parts)
    with parts.database.transaction(write=False) as session:
        original = session.get_one(Media, file).original_key
        assert session.get_one(Job, job_id_of(parts, file)).state == jobs.FAILED, "nobody tries by itself"
    assert parts.store.stat(original or "") is not None
    with parts.database.transaction() as session:
        library.retry(session, cast.wanglei, file, now=NOON)
    assert row_of(parts, cast.wanglei, file).video.state == media.QUEUED


def test_a_file_that_a_draft_names_stays(parts: Parts, cast: Cast, file: uuid.UUID) -> None:
    name = row_of(parts, cast.wanglei, file).content_hash
    with parts.database.transaction() as session:
        draft = drafts.begin(session, cast.wanglei, cast.kangning, title="洗手", title_en="Washing", now=NOON)
        write = [drafts.Write("lessons/01-a.md", f"upload: {name}")]
        drafts.change(session, draft, write, act="save", account_id=cast.wanglei.account_id, now=NOON)
    with parts.database.transaction() as session, pytest.raises(Conflict, match="media_in_draft"):
        library.remove(session, cast.wanglei, file, now=NOON)


def test_a_file_that_a_lesson_plays_stays(parts: Parts, cast: Cast, file: uuid.UUID) -> None:
    settle(parts, file)
    with parts.database.transaction() as session:
        session.get_one(Lesson, cast.lessons["say-hello"]).media_id = file
    with parts.database.transaction() as session, pytest.raises(Conflict, match="media_in_use"):
        library.remove(session, cast.wanglei, file, now=NOON)
    with parts.database.transaction(write=False) as session:
        (use,) = library.uses(session, cast.wanglei, file)
    assert (use.slug, use.number, use.version_id) == ("say-hello", 1, cast.version)
    assert row_of(parts, cast.wanglei, file).uses == 1


def test_what_no_lesson_plays_leaves_with_everything(parts: Parts, cast: Cast, file: uuid.UUID) -> None:
    settle(parts, file)
    parts.store.put_bytes(f"media/{file}/1/master.m3u8", b"#EXTM3U\n", "text/plain")
    save(parts, cast.wanglei, file, CUES)
    with parts.database.transaction() as session:
        library.remove(session, cast.wanglei, file, now=NOON)
    do_jobs(parts, media.FORGET)
    assert list(parts.store.list("")) == []
    with parts.database.transaction(write=False) as session:
        for table in (Media, LibraryFile, MediaCaptions, Upload):
            assert session.query(table).count() == 0, table


def test_removing_what_is_being_made_stops_it(parts: Parts, cast: Cast, file: uuid.UUID) -> None:
    job_id = job_id_of(parts, file)
    with parts.database.transaction() as session:
        library.remove(session, cast.wanglei, file, now=NOON)
    worker.run(parts, job_id)
    with parts.database.transaction(write=False) as session:
        assert session.get_one(Job, job_id).state == jobs.CANCELLED


def test_a_stranger_finds_nothing(parts: Parts, cast: Cast, file: uuid.UUID, stranger: Actor) -> None:
    settle(parts, file)
    with parts.database.transaction() as session:
        for attempt in (
            lambda: library.uses(session, stranger, file),
            lambda: library.retry(session, stranger, file, now=NOON),
            lambda: library.cancel(session, stranger, file, now=NOON),
            lambda: library.remove(session, stranger, file, now=NOON),
            lambda: captions.current(session, stranger, file),
            lambda: captions.history(session, stranger, file),
            lambda: captions.save(session, parts.store, stranger, file, CUES, based_on=0, now=NOON),
            lambda: media.get_prefix(session, stranger, file),
        ):
            with pytest.raises(NotFound):
                attempt()
        assert media.list_library(session, stranger) == ([], 0)


def save(parts: Parts, actor: Actor, media_id: uuid.UUID, cues: Sequence[Cue], based_on: int = 0) -> int:
    with parts.database.transaction() as session:
        return captions.save(session, parts.store, actor, media_id, cues, based_on=based_on, now=NOON)


def test_captions_are_kept_in_every_state(parts: Parts, cast: Cast, file: uuid.UUID) -> None:
    settle(parts, file)
    assert save(parts, cast.wanglei, file, CUES) == 1
    assert save(parts, cast.wanglei, file, CUES[:1], based_on=1) == 2
    with parts.database.transaction(write=False) as session:
        now = captions.current(session, cast.wanglei, file)
        assert (now.number, now.cues) == (2, CUES[:1])
        assert "再开门 &lt;b&gt;" in captions.text_of(session, file, 1)
        assert [(state.number, state.saved_by) for state in captions.history(session, cast.wanglei, file)] == [
            (2, "王磊"),
            (1, "王磊"),
        ]
        shown = session.get_one(Media, file)
        assert (shown.has_captions, shown.captions_number) == (True, 2)
    for number, count in ((1, 2), (2, 1)):
        with parts.store.open(f"media/{file}/1/captions-{number}.vtt") as body:
            assert body.read().decode().count("-->") == count, "what an older version shows stays"


@pytest.mark.parametrize(
    ("cues", "based_on", "code"),
    [
        (CUES, 1, "captions_changed"),
        ((), 0, "captions_wrong"),
        ((Cue(2_000, 1_000, "反了"),), 0, "captions_wrong"),
        ((CUES[1], CUES[0]), 0, "captions_wrong"),
    ],
)
def test_captions_that_are_not_kept(
    parts: Parts, cast: Cast, file: uuid.UUID, cues: tuple[Cue, ...], based_on: int, code: str
) -> None:
    settle(parts, file)
    with pytest.raises(Refused, match=code):
        save(parts, cast.wanglei, file, cues, based_on)
    with parts.database.transaction(write=False) as session:
        assert captions.current(session, cast.wanglei, file) == captions.CaptionsView(0, ())


def test_captions_wait_for_the_video(parts: Parts, cast: Cast, file: uuid.UUID) -> None:
    with pytest.raises(Refused, match="captions_video_not_ready"):
        save(parts, cast.wanglei, file, CUES)


VTT = "WEBVTT\n\n00:00.000 --> 00:01.000\n先洗手\n"
SRT = "1\n00:00:00,000 --> 00:00:01,000\n先洗手\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.vtt", VTT.encode()),
        ("A.VTT", VTT.encode("utf-8-sig")),
        ("a.srt", SRT.encode()),
        ("a.srt", SRT.encode("utf-8-sig")),
        ("a.srt", SRT.encode("gb18030")),
        ("a.srt", SRT.encode("utf-16")),
    ],
)
def test_files_are_read_in_the_encodings_they_have(name: str, content: bytes) -> None:
    assert captions.read_file(name, content).cues == (Cue(0, 1_000, "先洗手"),)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.vtt", VTT.encode("gb18030"), "captions_encoding"),
        ("a.srt", b"\xff\xfe\x00", "captions_encoding"),
        ("a.srt", b"\x81\x00\xff", "captions_encoding"),
        ("a.ass", b"[Script Info]", "captions_kind"),
        ("", b"", "captions_kind"),
        ("a.vtt", b"x" * (1024 * 1024 + 1), "captions_too_large"),
    ],
)
def test_files_that_are_no_captions(name: str, content: bytes, code: str) -> None:
    with pytest.raises(Refused, match=code):
        captions.read_file(name, content)
