"""Pictures of practicals: with consent only, without what cameras add, for few eyes, gone when she says so."""

import io
import subprocess
import uuid
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from lms import worker
from lms.adapters import ffmpeg
from lms.domain import notices
from lms.domain import practice as rules
from lms.domain.errors import Forbidden, NotFound, Refused
from lms.domain.notices import CURRENT, Purpose
from lms.domain.roles import Role
from lms.models.practice import Consent, PracticePicture
from lms.parts import Parts
from lms.services import jobs, practice
from lms.services.practice import pictures
from lms.services.scopes import Actor
from tests.support.cast import NOON, Cast
from tests.support.practicals import GOOD, Practicals, open_class, photo, signing


def video(folder: Path, seconds: int, kind: str = "mp4") -> bytes:
    place = folder / f"{seconds}.{kind}"
    source = f"color=teal:size=64x48:rate=5:duration={seconds}"
    coder = {"mp4": "libx264", "webm": "libvpx", "avi": "mpeg4"}[kind]
    command = [str(ffmpeg.find_ffmpeg()), "-nostdin", "-v", "error", "-f", "lavfi", "-i", source, "-c:v", coder]
    subprocess.run([*command, str(place)], check=True)
    return place.read_bytes()


@pytest.fixture
def place(parts: Parts, cast: Cast, password_hash: str) -> Practicals:
    with parts.database.transaction() as session:
        return open_class(session, parts.keyring, cast, password_hash)


@pytest.fixture
def sitting(parts: Parts, place: Practicals) -> uuid.UUID:
    with parts.database.transaction() as session:
        return practice.open_sitting(session, place.examiners.heping, place.enrollment, place.wash, now=NOON)


class Hand:
    """Acts in transactions of their own."""

    def __init__(self, parts: Parts, place: Practicals, sitting: uuid.UUID) -> None:
        self.parts, self.place, self.sitting = parts, place, sitting

    def consent(self, actor: Actor) -> None:
        with self.parts.database.transaction() as session:
            practice.record_given(session, actor, self.sitting, now=NOON)

    def say(self, actor: Actor, given: bool) -> None:
        with self.parts.database.transaction() as session:
            practice.say_own(
                session, actor, self.place.enrollment, self.place.wash, given=given, now=NOON + timedelta(minutes=1)
            )
            due = jobs.pending(session)
        for job_id in due:
            worker.run(self.parts, job_id)

    def keep(self, actor: Actor, content: bytes | None = None) -> uuid.UUID:
        ready = practice.prepare(content or photo(), ffmpeg.find_ffmpeg())
        with self.parts.database.transaction() as session:
            return practice.keep(session, self.parts.store, actor, self.sitting, ready, now=NOON)

    def look(self, actor: Actor, role: Role, picture: uuid.UUID) -> practice.Shown:
        with self.parts.database.transaction() as session:
            return practice.open_picture(session, actor, role, picture, now=NOON)

    def row(self, picture: uuid.UUID) -> PracticePicture:
        with self.parts.database.transaction(write=False) as session:
            return session.get_one(PracticePicture, picture)


@pytest.fixture
def hand(parts: Parts, place: Practicals, sitting: uuid.UUID) -> Hand:
    return Hand(parts, place, sitting)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_loses_what_the_camera_wrote(kind: str) -> None:
    sent = photo(kind)
    assert b"SecretCamera" in sent
    ready = practice.prepare(sent, Path("unused"))
    assert b"SecretCamera" not in ready.content
    with Image.open(io.BytesIO(ready.content)) as opened:
        assert (opened.format, dict(opened.getexif())) == (kind, {})


def test_short_videos_are_kept_as_they_are_and_others_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = ffmpeg.find_ffmpeg()
    for kind in ("mp4", "webm"):
        sent = video(tmp_path, 2, kind)
        assert practice.prepare(sent, tool) == practice.Ready(sent, kind, f"video/{kind}")
    refused = {
        "picture_video_long": video(tmp_path, 61),
        "picture_kind": video(tmp_path, 2, "avi"),
        "media_truncated": video(tmp_path, 2)[:-500],
    }
    for code, sent in refused.items():
        with pytest.raises(Refused, match=code):
            practice.prepare(sent, tool)
    for sent in (b"%PDF-1.7 and more", b"plain words", b""):
        with pytest.raises(Refused, match="picture_kind"):
            practice.prepare(sent, tool)
    monkeypatch.setattr(rules, "MOST_VIDEO_BYTES", 100)
    monkeypatch.setattr(rules, "MOST_PHOTO_BYTES", 100)
    for sent in (photo(), video(tmp_path, 3)):
        with pytest.raises(Refused, match="picture_too_heavy"):
            practice.prepare(sent, tool)


def test_without_consent_there_is_no_picture_and_the_sheet_is_signed_all_the_same(hand: Hand, parts: Parts) -> None:
    heping = hand.place.examiners.heping
    with pytest.raises(Refused, match="picture_no_consent"):
        hand.keep(heping)
    with parts.database.transaction() as session:
        practice.submit_sheet(session, heping, hand.sitting, signing(GOOD), now=NOON)


def test_both_ways_of_consent_say_who_recorded_it(hand: Hand, parts: Parts, cast: Cast) -> None:
    hand.consent(hand.place.examiners.heping)
    told = skill(hand, cast.lifang, Role.LEARNER).consent
    assert (told.given, told.by) == (True, "何平")
    hand.say(cast.lifang, False)
    hand.say(cast.lifang, True)
    told = skill(hand, cast.lifang, Role.LEARNER).consent
    assert (told.given, told.by) == (True, "")
    with parts.database.transaction(write=False) as session:
        rows = session.scalars(select(Consent).where(Consent.purpose == "practice_picture").order_by(Consent.id)).all()
    assert [(row.given, row.version, row.purpose) for row in rows] == [
        (given, CURRENT[Purpose.PICTURES], "practice_picture") for given in (True, False, True)
    ]


def skill(hand: Hand, actor: Actor, role: Role) -> practice.SkillPage:
    with hand.parts.database.transaction(write=False) as session:
        return practice.get_skill(session, actor, role, hand.place.enrollment, hand.place.wash)


def test_a_picture_is_for_the_learner_the_examiners_who_signed_and_the_staff(
    hand: Hand, parts: Parts, cast: Cast
) -> None:
    heping, hanmei, _ = vars(hand.place.examiners).values()
    hand.consent(heping)
    picture = hand.keep(heping)
    may = [(heping, Role.EXAMINER), (cast.lifang, Role.LEARNER), (cast.zhoumin, Role.INSTITUTION)]
    for actor, role in may:
        assert hand.look(actor, role, picture).content_type == "image/jpeg"
        assert len(skill(hand, actor, role).sittings[0].pictures) == 1
    may_not = [
        (hanmei, Role.EXAMINER),
        (cast.chenmo, Role.LEARNER),
        (cast.sunyue, Role.INSTITUTION),
        (cast.wanglei, Role.LEARNER),
        (hand.place.examiners.fengyan, Role.EXAMINER),
    ]
    for actor, role in may_not:
        with pytest.raises(NotFound):
            hand.look(actor, role, picture)
    with parts.database.transaction() as session:
        practice.submit_sheet(session, hanmei, hand.sitting, signing(GOOD), now=NOON)
    assert hand.look(hanmei, Role.EXAMINER, picture).size == hand.row(picture).size_bytes


def test_consent_taken_back_deletes_the_objects_and_keeps_their_hash(hand: Hand, parts: Parts, cast: Cast) -> None:
    hand.consent(hand.place.examiners.heping)
    picture = hand.keep(hand.place.examiners.heping)
    key = hand.row(picture).object_key
    assert parts.store.stat(key) is not None
    hand.say(cast.lifang, False)
    assert parts.store.stat(key) is None
    assert len(hand.row(picture).sha256) == 64
    assert hand.row(picture).removed_at is not None
    for actor, role in ((cast.lifang, Role.LEARNER), (cast.zhoumin, Role.INSTITUTION)):
        with pytest.raises(NotFound):
            hand.look(actor, role, picture)
    assert skill(hand, cast.lifang, Role.LEARNER).sittings[0].pictures[0].is_removed
    with pytest.raises(Refused, match="picture_no_consent"):
        hand.keep(hand.place.examiners.heping)


def test_what_she_took_back_only_she_gives_again(hand: Hand, cast: Cast) -> None:
    """Otherwise an examiner's tap would undo her no, and she would not even know."""
    hand.consent(hand.place.examiners.heping)
    hand.say(cast.lifang, False)
    for examiner in (hand.place.examiners.heping, hand.place.examiners.hanmei):
        with pytest.raises(Refused, match="picture_consent_hers"):
            hand.consent(examiner)
    assert skill(hand, cast.lifang, Role.LEARNER).consent.taken_back
    hand.say(cast.lifang, True)
    hand.keep(hand.place.examiners.heping)


def test_words_that_changed_want_a_new_yes(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    hand.consent(hand.place.examiners.heping)
    monkeypatch.setattr(notices, "CURRENT", {**CURRENT, Purpose.PICTURES: "2030-01"})
    with pytest.raises(Refused, match="picture_no_consent"):
        hand.keep(hand.place.examiners.heping)


def test_who_may_not_examine_may_not_ask_or_take_pictures(hand: Hand, cast: Cast) -> None:
    heping = hand.place.examiners.heping
    hand.consent(heping)
    trainer = replace(heping, roles=heping.roles | {(Role.TRAINER, cast.kangning)})
    for act in (hand.consent, hand.keep):
        with pytest.raises(Forbidden, match="practice_taught"):
            act(trainer)
        for stranger in (cast.sunyue, cast.zhoumin, cast.lifang):
            with pytest.raises(NotFound):
                act(stranger)
    for stranger in (cast.chenmo, heping):
        with pytest.raises(NotFound):
            hand.say(stranger, True)


def test_a_sitting_holds_ten_pictures(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_PICTURES", 1)
    heping = hand.place.examiners.heping
    hand.consent(heping)
    hand.keep(heping)
    with pytest.raises(Refused, match="picture_too_many"):
        hand.keep(heping)


def test_what_may_be_kept_is_asked_before_it_is_decoded(hand: Hand, parts: Parts) -> None:
    heping = hand.place.examiners.heping
    with parts.database.transaction(write=False) as session, pytest.raises(Refused, match="picture_no_consent"):
        practice.check(session, heping, hand.sitting)
    hand.consent(heping)
    with parts.database.transaction(write=False) as session:
        practice.check(session, heping, hand.sitting)
    assert pictures.VIDEO_LIMITS.max_bytes == 20 * 1024 * 1024
