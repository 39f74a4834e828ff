"""Videos: one for each source, made by attempts that keep out of each other's way, shown when complete."""

import json
import subprocess
import uuid
import wave
from collections.abc import Sequence
from pathlib import Path

import pytest

from lms import worker
from lms.adapters import production
from lms.adapters.ffmpeg import find_ffmpeg
from lms.adapters.narration import Phrase, Span
from lms.adapters.production import Made, NotMade
from lms.adapters.sandbox import Cancelled
from lms.db import Database
from lms.domain.courses import Slide
from lms.domain.errors import NotFound, Unavailable
from lms.models.audit import AuditEvent
from lms.models.courses import Lesson
from lms.models.jobs import Job
from lms.models.media import Media
from lms.parts import Parts
from lms.services import jobs, media
from tests.support.cast import LESSON_MS, NOON, Cast

SLIDES = (
    Slide("走到面前", ("先看着他", "再慢慢开口"), ("见到老人，先走到他面前。",)),
    Slide("叫他的名字", (), ("说完停一停，等他看您一眼。",)),
)
MADE = Made("media/x/1", duration_ms=61_000, size_bytes=5_000_000, has_captions=True)


def ask(database: Database, title: str = "怎么问好", slides: Sequence[Slide] = SLIDES) -> uuid.UUID:
    with database.transaction() as session:
        return media.request_slides(session, title, slides, now=NOON).id


def progress(database: Database, media_id: uuid.UUID) -> media.MediaProgress:
    with database.transaction(write=False) as session:
        return media.progress(session, media_id)


def job_of(database: Database, media_id: uuid.UUID) -> Job:
    with database.transaction(write=False) as session:
        found = jobs.find(session, f"media:{media_id}")
    assert found is not None
    return found


def put_state(database: Database, media_id: uuid.UUID, **values: object) -> None:
    with database.transaction() as session:
        job = session.get_one(Job, job_of(database, media_id).id)
        for name, value in values.items():
            setattr(job, name, value)


def settle(database: Database, media_id: uuid.UUID, outcome: Made | NotMade) -> None:
    with database.transaction() as session:
        media.settle(session, media_id, outcome, now=NOON)


def test_the_same_slides_are_one_video_and_one_job(database: Database) -> None:
    first = ask(database)
    assert ask(database) == first
    others = {ask(database, title="别的题目"), ask(database, slides=SLIDES[:1])}
    assert len({first, *others}) == 3
    with database.transaction(write=False) as session:
        assert len(jobs.list_recent(session)) == 3
    payload = job_of(database, first).payload
    assert payload["media_id"] == str(first)
    assert payload["lesson"] == "怎么问好"
    assert [slide["title"] for slide in payload["slides"]] == ["走到面前", "叫他的名字"]


def test_an_upload_is_asked_for_by_its_key(database: Database) -> None:
    with database.transaction() as session:
        made = media.request(
            session, title="上传", source_hash="ab" * 32, payload={"original_key": "originals/1"}, now=NOON
        )
        assert len(jobs.pending(session)) == 1
    assert made.original_key == "originals/1"
    assert job_of(database, made.id).payload["original_key"] == "originals/1"


@pytest.mark.parametrize(
    ("job", "state", "percent"),
    [
        ({}, media.QUEUED, 0),
        ({"state": jobs.RUNNING, "progress": 37}, media.WORKING, 37),
        ({"state": jobs.QUEUED, "progress": 80, "problem": "OSError: …"}, media.QUEUED, 0),
        ({"state": jobs.FAILED, "progress": 80}, media.FAILED, 0),
    ],
)
def test_progress_is_that_of_the_job_until_there_is_a_video(
    database: Database, job: dict[str, object], state: str, percent: int
) -> None:
    media_id = ask(database)
    put_state(database, media_id, **job)
    told = progress(database, media_id)
    assert (told.state, told.percent, told.title) == (state, percent, "怎么问好")
    assert told.is_settled == told.can_be_retried == (state == media.FAILED)


@pytest.mark.parametrize(("problem", "code"), [("voice_missing", "voice_missing"), ("OSError: full", None)])
def test_a_failure_names_the_part_that_is_missing(database: Database, problem: str, code: str | None) -> None:
    media_id = ask(database)
    put_state(database, media_id, state=jobs.FAILED, problem=problem)
    assert progress(database, media_id).code == code


def test_no_progress_of_what_does_not_exist(database: Database) -> None:
    with pytest.raises(NotFound):
        progress(database, uuid.uuid4())


def test_a_finished_video_gives_its_length_to_the_lessons_that_wait(database: Database, cast: Cast) -> None:
    media_id = ask(database)
    with database.transaction() as session:
        waiting = session.get_one(Lesson, cast.lessons["say-hello"])
        studied = session.get_one(Lesson, cast.lessons["read-hello"])
        waiting.media_id, waiting.duration_ms = media_id, None
        studied.media_id = media_id
    settle(database, media_id, MADE)
    with database.transaction(write=False) as session:
        assert session.get_one(Lesson, waiting.id).duration_ms == 61_000
        assert session.get_one(Lesson, studied.id).duration_ms == LESSON_MS, "credited against: never changed"
        shown = session.get_one(Media, media_id)
        assert (shown.prefix, shown.size_bytes, shown.has_captions) == ("media/x/1", 5_000_000, True)
        assert shown.ready_at == NOON
    told = progress(database, media_id)
    assert (told.state, told.percent, told.duration_ms, told.is_settled) == (media.READY, 100, 61_000, True)


def test_a_refused_video_says_why_and_can_be_asked_for_again(database: Database, cast: Cast) -> None:
    media_id, trainer = ask(database), cast.wanglei.account_id
    settle(database, media_id, NotMade("media_too_long", {"minutes": 120}))
    put_state(database, media_id, state=jobs.DONE, attempts=1)
    told = progress(database, media_id)
    assert (told.state, told.code, told.values) == (media.REFUSED, "media_too_long", {"minutes": 120})
    assert told.can_be_retried
    with database.transaction() as session:
        media.retry(session, media_id, account_id=trainer, now=NOON)
        assert jobs.pending(session) == [job_of(database, media_id).id]
    assert (progress(database, media_id).state, progress(database, media_id).code) == (media.QUEUED, None)
    with database.transaction(write=False) as session:
        event = session.query(AuditEvent).one()
    assert (event.action, event.subject, event.account_id) == ("media.retry", str(media_id), trainer)


def test_only_what_ended_without_a_video_can_be_asked_for_again(database: Database, cast: Cast) -> None:
    trainer, ready, waiting = cast.wanglei.account_id, ask(database), ask(database, title="别的题目")
    settle(database, ready, MADE)
    put_state(database, ready, state=jobs.DONE)
    for media_id, code in (
        (ready, "job_not_failed"),
        (waiting, "job_not_failed"),
        (uuid.uuid4(), "not_found"),
    ):
        with pytest.raises(NotFound, match=code), database.transaction() as session:
            media.retry(session, media_id, account_id=trainer, now=NOON)
    assert progress(database, ready).state == media.READY


class QuietVoice:
    """Says every phrase in 300 ms of silence."""

    def record(self, phrases: Sequence[Phrase], into: Path, cancelled: object = None) -> list[Span]:
        del cancelled
        spans, end_ms = [], 0
        for phrase in phrases:
            spans.append(Span(end_ms, end_ms + 300))
            end_ms += 300 + phrase.pause_ms
        with wave.open(str(into), "wb") as out:
            out.setparams((1, 2, 8000, 0, "NONE", ""))
            out.writeframes(bytes(16 * end_ms))
        return spans


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(production, "EspeakVoice", QuietVoice)


def upload(parts: Parts, folder: Path, seconds: float = 1.0) -> dict[str, str]:
    """A small film in the store, and the payload that asks for it."""
    film = folder / "film.mp4"
    source = f"testsrc=size=128x72:rate=10:duration={seconds}"
    command = [
        str(find_ffmpeg()),
        "-v",
        "error",
        "-f",
        "lavfi",
        "-i",
        source,
        "-pix_fmt",
        "yuv420p",
        str(film),
    ]
    subprocess.run(command, check=True)
    parts.store.put_file("originals/film", film, "video/mp4")
    return {"original_key": "originals/film", "media_id": str(uuid.uuid4())}


def test_an_upload_becomes_a_set_in_the_store(parts: Parts, tmp_path: Path) -> None:
    told: list[float] = []
    payload = upload(parts, tmp_path)
    made = production.make(parts.store, None, payload, 3, on_progress=told.append)
    assert isinstance(made, Made)
    assert made.prefix == f"media/{payload['media_id']}/3"
    assert (made.duration_ms, made.has_captions) == (1000, False)
    names = {key.removeprefix(f"{made.prefix}/") for key in parts.store.list(f"{made.prefix}/")}
    assert {"master.m3u8", "poster.jpg", "audio/index.m3u8", "240p/index.m3u8", "240p/00000.m4s"} <= names
    assert told == sorted(told)
    assert told[-1] == production.ENCODED_SHARE


def test_an_attempt_forgets_older_ones_and_never_touches_later_ones(parts: Parts, tmp_path: Path) -> None:
    payload = upload(parts, tmp_path)
    whole = f"media/{payload['media_id']}"
    for attempt in (1, 2, 4, 10):
        parts.store.put_bytes(f"{whole}/{attempt}/240p/00000.m4s", b"piece", "video/iso.segment")
    production.make(parts.store, None, payload, 3)
    attempts = {key.removeprefix(f"{whole}/").partition("/")[0] for key in parts.store.list(f"{whole}/")}
    assert attempts == {"3", "4", "10"}


def test_an_attempt_tidies_up_after_a_killed_one(parts: Parts, tmp_path: Path, monkeypatch) -> None:
    payload = upload(parts, tmp_path)
    place = tmp_path / "work"
    monkeypatch.setattr(production.tempfile, "tempdir", str(place))
    names = {attempt: f"kangxue-{payload['media_id']}-{attempt}-x1y2" for attempt in (1, 2, 4)}
    for name in (*names.values(), "kangxue-another-1-x1y2"):
        (place / name / "set").mkdir(parents=True)
    production.make(parts.store, None, payload, 3)
    assert {path.name for path in place.iterdir()} == {names[4], "kangxue-another-1-x1y2"}


def test_what_is_no_video_is_refused_for_good(parts: Parts) -> None:
    parts.store.put_bytes("originals/text", b"no film at all", "video/mp4")
    payload = {"original_key": "originals/text", "media_id": str(uuid.uuid4())}
    assert production.make(parts.store, None, payload, 1) == NotMade("media_not_a_video", {})
    assert list(parts.store.list(f"media/{payload['media_id']}/")) == []
    gone = {**payload, "original_key": "originals/none"}
    assert production.make(parts.store, None, gone, 1) == NotMade("media_not_found", {})


def test_a_missing_part_is_worth_another_try(parts: Parts, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="ffmpeg_missing"):
        production.make(parts.store, str(tmp_path / "none"), upload(parts, tmp_path), 1)


def test_making_stops_when_told(parts: Parts, tmp_path: Path) -> None:
    payload = upload(parts, tmp_path)
    with pytest.raises(Cancelled):
        production.make(parts.store, None, payload, 1, cancelled=lambda: True)
    assert list(parts.store.list(f"media/{payload['media_id']}/")) == []


def test_slides_become_a_video_by_the_worker(parts: Parts, quiet: None) -> None:
    media_id = ask(parts.database)
    worker.run(parts, job_of(parts.database, media_id).id)
    told = progress(parts.database, media_id)
    assert (told.state, told.duration_ms) == (media.READY, 6_000)
    with parts.database.transaction(write=False) as session:
        shown = session.get_one(Media, media_id)
    assert shown.prefix == f"media/{media_id}/1"
    assert shown.has_captions
    with parts.store.open(f"{shown.prefix}/captions.vtt") as body:
        captions = body.read().decode()
    assert captions.startswith("WEBVTT")
    assert "先走到他面前" in captions
    assert job_of(parts.database, media_id).state == jobs.DONE


def test_the_worker_notes_a_refusal_and_the_job_is_over(parts: Parts) -> None:
    parts.store.put_bytes("originals/text", b"#EXTM3U\nfile:///etc/passwd", "video/mp4")
    with parts.database.transaction() as session:
        payload = {"original_key": "originals/text"}
        made = media.request(session, title="上传", source_hash="cd" * 32, payload=payload, now=NOON)
    job = job_of(parts.database, made.id)
    worker.run(parts, job.id)
    assert job_of(parts.database, made.id).state == jobs.DONE
    told = progress(parts.database, made.id)
    assert (told.state, told.code) == (media.REFUSED, "media_playlist")


def test_a_payload_survives_the_database(database: Database) -> None:
    """JSON columns of both databases give back what was put in, signs of all kinds included."""
    odd = Slide("“引号” & <标签> \\ \u2028 👵🏻", ("1％", "℃"), ("第一段。\n第二行。",))
    payload = job_of(database, ask(database, slides=[odd])).payload
    assert payload["slides"] == json.loads(
        json.dumps([{"title": odd.title, "points": odd.points, "narration": odd.narration}])
    )
